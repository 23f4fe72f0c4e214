"""A small catalog in the shape of the real one, and files in its layouts.

Two datasets: ``fruit.prices`` (a snapshot a release) and ``fruit.seasons`` (rows with days of
their own), so that every path of the build is run in a fraction of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from superbill.dates import Span
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.store.catalog import Anchor, Column, Dataset, Table
from superbill.store.comparisons import Comparison, Side

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)")


def _period(document: Document, heading: bytes, kind: str) -> Period | None:
    if not document.head.startswith(heading):
        return None
    found = _NAME.search(document.name)
    if found is None:
        raise Undated(document.where, kind, "its name has no days")
    start, end = map(date.fromisoformat, found.groups())
    return Period(f"from {start}", start, end)


def _prices(document: Document) -> Period | None:
    return _period(document, b"fruit,price", "a price list")


def _seasons(document: Document) -> Period | None:
    return _period(document, b"from,to,fruit", "a list of seasons")


def _parse_prices(document: Document, _: Period) -> Iterator[Row]:
    for number, line in document.lines(cut_short=False):
        if number == 1:
            continue
        cells = line.split(",")
        try:
            yield cells[0], Decimal(cells[1])
        except (IndexError, InvalidOperation):
            raise BadRow(document.where, number, line, "fruit,price") from None


def _parse_seasons(document: Document, _: Period) -> Iterator[Row]:
    for number, line in document.lines(cut_short=False):
        if number > 1:
            start, end, fruit = line.split(",")
            yield date.fromisoformat(start), date.fromisoformat(end), fruit


PRICES = Dataset(
    id="fruit.prices",
    title="Prices of fruit",
    publisher="The market",
    address="https://market.example/prices",
    licence="Free",
    table=Table("fruit_prices", (Column("fruit"), Column("price", "decimal")), key=("fruit",)),
    layouts=(Layout("price list", _prices, _parse_prices, rows=(1, 1_000_000)),),
    remedy="Bring a price list: superbill data build --from DIR",
    anchors=(
        Anchor(None, {"fruit": "apple"}, {"price": "1.50"}, "the market's board"),
        Anchor(date(2026, 1, 1), {"fruit": "dodo"}, None, "extinct"),
    ),
)

SEASONS = Dataset(
    id="fruit.seasons",
    title="Seasons of fruit",
    publisher="The market",
    address="https://market.example/seasons",
    licence="Free",
    table=Table("fruit_seasons", (Column("fruit"),), key=("fruit",)),
    layouts=(Layout("list of seasons", _seasons, _parse_seasons, rows=(1, 100)),),
    remedy="Bring a list of seasons: superbill data build --from DIR",
    dated_rows=True,
)

CATALOG = (PRICES, SEASONS)
COMPARISONS = (Comparison(Side("fruit.prices"), Side("fruit.seasons")),)
YEAR = Span(date(2026, 1, 1), date(2027, 1, 1))


def prices(
    folder: Path,
    rows: dict[str, str] | None = None,
    *,
    days: str = "2026-01-01_2027-01-01",
    name: str = "prices",
) -> Path:
    """Write a price list; apples cost 1.50, as the anchor knows."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}_{days}.csv"
    held = {"apple": "1.50", "pear": "2.00"} if rows is None else rows
    path.write_text("fruit,price\n" + "".join(f"{k},{v}\n" for k, v in held.items()))
    return path


def seasons(
    folder: Path, rows: list[tuple[str, str, str]], *, days: str = "2026-01-01_2027-01-01"
) -> Path:
    """Write a list of seasons."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seasons_{days}.csv"
    path.write_text("from,to,fruit\n" + "".join(",".join(row) + "\n" for row in rows))
    return path
