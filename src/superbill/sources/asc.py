"""Ambulatory surgical centres: what Medicare pays them, by procedure and by item beside it.

CMS publishes four addenda each quarter as spreadsheets: AA (covered surgical procedures), BB
(covered ancillary services), EE (procedures excluded from payment) and FF (device offsets, APC and
hospital outpatient rate of the procedures), and each year a wage index by CBSA. The quarter stands
in the headings ("April 2026 Payment Rate"); the day of service selects it. Each addendum is the
whole list and serves until the next one, at most to the end of its year. The addenda hold codes of
the American Medical Association.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.mpfs_csv import head, number, rows

_CODE = re.compile(r"[0-9A-Z]{5}")
_QUARTER = re.compile(r"(January|April|July|October)\s+(20\d\d)")
_MONTHS = {"January": 1, "April": 4, "July": 7, "October": 10}
_MONEY = re.compile(r"\$?([\d,]+(?:\.\d+)?)")
_CBSA = re.compile(r"\d{2}|\d{5}")

AA = {
    "code": "HCPCS Code",
    "multiple": "Subject to Multiple Procedure Discounting",
    "indicator": "Payment Indicator",
    "weight": "Payment Weight",
    "rate": "Payment Rate",
}
BB = {
    "code": "HCPCS Code",
    "expires": "Drug and Device Pass-Through Expiration",
    "indicator": "Payment Indicator",
    "weight": "Payment Weight",
    "rate": "Payment Rate",
    "copayment": "IRA-22 Adjusted Copayment",
}
FF = {
    "code": "HCPCS Code",
    "indicator": "Payment Indicator",
    "apc": "APC",
    "opps_rate": "OPPS Payment Rate",
    "offset": "Device Offset Amount",
}


class _Heading(NamedTuple):
    """A heading line: where it stands, its cells, and where each wanted column is."""

    line: int
    cells: list[str]
    places: dict[str, int]


def _heading(document: Document, wanted: Mapping[str, str]) -> _Heading | None:
    for line, cells in head(document):
        if cells and cells[0] == wanted["code"]:
            plain = [_QUARTER.sub("", cell).strip() for cell in cells]
            places = {
                name: place
                for name, words in wanted.items()
                if (place := _place(plain, words)) is not None
            }
            return _Heading(line, cells, places)
    return None


def _place(cells: list[str], words: str) -> int | None:
    """The column whose heading is ``words``, or else begins with them."""
    if words in cells:
        return cells.index(words)
    return next((place for place, cell in enumerate(cells) if cell.startswith(words)), None)


def _period(document: Document, cells: list[str]) -> Period | None:
    for cell in cells:
        if found := _QUARTER.search(cell):
            year, month = int(found[2]), _MONTHS[found[1]]
            return Period(f"{found[1]} {year}", date(year, month, 1), date(year + 1, 1, 1))
    name = re.search(r"(20\d\d)[-_](\d\d)[-_]", document.name)
    if name is None:
        return None
    year, month = int(name[1]), int(name[2])
    label = f"{date(year, month, 1):%B %Y}"
    return Period(label, date(year, month, 1), date(year + 1, 1, 1))


def _recognise(wanted: Mapping[str, str], mark: str, document: Document) -> Period | None:
    found = _heading(document, wanted)
    if found is None or mark not in found.places:
        return None
    for name, words in wanted.items():
        if name not in found.places:
            raise BadRow(document.where, found.line, ",".join(found.cells), f"a column {words!r}")
    period = _period(document, found.cells)
    if period is None:
        raise Undated(document.where, "an ASC addendum", 'headings such as "April 2026"')
    return period


def _lines(document: Document, wanted: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of the table under its headings, notes below it left out."""
    found = _heading(document, wanted)
    if found is None:
        return
    least = max(found.places.values())
    for line, cells in rows(document):
        if line <= found.line or not cells or not cells[0]:
            continue
        if not _CODE.fullmatch(cells[0]):
            if " " in cells[0] or cells[0].startswith("*"):
                continue  # notes
            raise BadRow(document.where, line, cells[0], "a HCPCS code")
        if len(cells) <= least:
            raise BadRow(document.where, line, ",".join(cells), f"{least + 1} cells")
        yield line, {name: cells[place] for name, place in found.places.items()}


def _money(document: Document, line: int, text: str) -> Decimal | None:
    """Dollars as ``$1,248.36``; ``None`` for an empty cell."""
    if not text:
        return None
    found = _MONEY.fullmatch(text)
    if found is None:
        raise BadRow(document.where, line, text, "an amount such as $1,248.36, or nothing")
    return Decimal(found[1].replace(",", ""))


def _weight(document: Document, line: int, text: str) -> Decimal | None:
    return number(text, document.where, line, "the payment weight") if text else None


def _procedures(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``asc.procedures``."""
    for line, row in _lines(document, AA):
        if row["multiple"] not in {"Y", "N"}:
            raise BadRow(document.where, line, row["multiple"], "Y or N for multiple procedures")
        yield (
            row["code"],
            row["multiple"] == "Y",
            row["indicator"].upper(),
            _weight(document, line, row["weight"]),
            _money(document, line, row["rate"]),
        )


def _ancillary(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``asc.ancillary``."""
    for line, row in _lines(document, BB):
        yield (
            row["code"],
            row["indicator"].upper(),
            _weight(document, line, row["weight"]),
            _money(document, line, row["rate"]),
            _money(document, line, row["copayment"]),
        )


def _offsets(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``asc.device_offsets``."""
    for line, row in _lines(document, FF):
        if row["apc"]:
            yield (
                row["code"],
                row["apc"],
                _money(document, line, row["opps_rate"]),
                _money(document, line, row["offset"]),
            )


def _recognise_excluded(document: Document) -> Period | None:
    found = _heading(document, {"code": "HCPCS Code"})
    if found is None or any("Payment" in cell for cell in found.cells):
        return None
    if not any(cell.startswith("Short Descriptor") for cell in found.cells) or "EE" not in (
        document.name.upper()
    ):
        return None
    period = _period(document, found.cells)
    if period is None:
        raise Undated(document.where, "an ASC addendum EE", "a name such as 2026-04_EE.csv")
    return period


def _excluded(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``asc.excluded``."""
    for _line, row in _lines(document, {"code": "HCPCS Code"}):
        yield (row["code"],)


def _recognise_wages(document: Document) -> Period | None:
    for _line, cells in head(document)[:1]:
        if len(cells) != 3 or cells[0] != "CBSA":
            continue
        if found := re.fullmatch(r"WI(\d\d)", cells[2]):
            year = 2000 + int(found[1])
            return Period(f"CY{year}", date(year, 1, 1), date(year + 1, 1, 1))
    return None


def _wages(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``asc.wage_index``."""
    for line, cells in rows(document):
        if line == 1 or not any(cells):
            continue
        if len(cells) != 3 or not _CBSA.fullmatch(cells[0]):
            raise BadRow(document.where, line, ",".join(cells), "a CBSA, its name, a wage index")
        yield cells[0], cells[1], number(cells[2], document.where, line, "the wage index")


def _layout(
    name: str,
    recognise: Callable[[Document], Period | None],
    parse: Callable[[Document, Period], Iterator[Row]],
    most: int,
) -> Layout:
    return Layout(f"ASC {name}, CSV", recognise, parse, rows=(1, most))


PROCEDURES = _layout("addendum AA", partial(_recognise, AA, "multiple"), _procedures, 10_000)
ANCILLARY = _layout("addendum BB", partial(_recognise, BB, "expires"), _ancillary, 10_000)
EXCLUDED = _layout("addendum EE", _recognise_excluded, _excluded, 10_000)
OFFSETS = _layout("addendum FF", partial(_recognise, FF, "offset"), _offsets, 10_000)
WAGES = _layout("wage index by CBSA", _recognise_wages, _wages, 1_000)
