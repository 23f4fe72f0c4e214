"""What the physician fee schedule's published CSV files have in common.

CMS publishes the files of one quarter together (``RVUyyA.zip`` and so on): spreadsheets saved as
CSV, with titles above the header line, notes below the rows, and blanks inside cells.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from superbill.errors import BadRow
from superbill.sources.document import Document, Period, Undated

LAYOUT_LINES = 20
"""How far down the header line may stand."""

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?|-?\.\d{1,9}")
_QUARTERS = {"jan": ("A", 1), "apr": ("B", 4), "jul": ("C", 7), "oct": ("D", 10)}
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)(?!\d)")

type Cells = list[str]
type Numbered = tuple[int, Cells]


def rows(document: Document) -> Iterator[Numbered]:
    """Each row's cells, without blanks around them, with the line that it ends on."""
    with document.open() as stream:
        data = stream.read()
    yield from _cells(_text(data))


def head(document: Document) -> list[Numbered]:
    """The first rows, for recognisers. A document that is no CSV text has none."""
    data = document.head
    if b"\0" in data:
        return []
    whole = _text(data).splitlines(keepends=True)[:LAYOUT_LINES]
    try:
        return list(_cells("".join(whole)))
    except csv.Error:
        return []


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets save CSV in the code page of Windows where a name has an accent.
        return data.decode("cp1252", "replace")


def _cells(text: str) -> Iterator[Numbered]:
    reader = csv.reader(StringIO(text, newline=""))
    for cells in reader:
        yield reader.line_num, [cell.strip() for cell in cells]


def columns(found: Sequence[str], wanted: Sequence[str], where: str, line: int) -> None:
    """Refuse a header that lacks a column of the layout, or has one more.

    Raises :class:`~superbill.errors.BadRow` naming the first column that differs.
    """
    for place, name in enumerate(wanted):
        seen = found[place] if place < len(found) else ""
        if seen != name:
            raise BadRow(
                where,
                line,
                f"column {place + 1} is {seen!r}" if seen else f"{len(found)} columns",
                f"column {place + 1} to be {name!r}: a column of the published layout is missing",
            )
    if any(found[len(wanted) :]):
        extra = next(cell for cell in found[len(wanted) :] if cell)
        raise BadRow(where, line, extra, f"the {len(wanted)} columns of the published layout")


def number(text: str, where: str, line: int, what: str) -> Decimal:
    """A plain decimal number."""
    if not _NUMBER.fullmatch(text):
        raise BadRow(where, line, text, f"a number for {what}")
    return Decimal(text)


def year_of(document: Document, kind: str, *texts: str) -> int:
    """The calendar year that the titles state, or else the name of the file or its archive.

    Raises :class:`~superbill.sources.document.Undated` where neither does.
    """
    for text in (*texts, document.name, document.where):
        found = _YEAR.search(text)
        if found:
            return int(found[1])
    for text in (document.name, document.where):
        short = _SHORT_YEAR.search(text)
        if short:
            return 2000 + int(short[1])
    raise Undated(document.where, kind, "a name with the calendar year, such as X2026.csv")


def calendar_year(year: int, label: str) -> Period:
    """A release for a calendar year."""
    return Period(label, date(year, 1, 1), date(year + 1, 1, 1))


def quarter(document: Document, kind: str) -> Period:
    """A release of a quarter, as the file's name states it, to the end of its calendar year.

    CMS calls the releases of a year A to D (January, April, July, October); each is the whole
    schedule, and serves until the next one.
    """
    month = re.search(r"(jan|apr|jul|oct)", document.name, re.IGNORECASE)
    if month is None:
        raise Undated(document.where, kind, "a name with the quarter, such as PPRRVU2026_Jan.csv")
    year = year_of(document, kind)
    letter, first = _QUARTERS[month[1].lower()]
    label = f"RVU{year % 100:02}{letter}"
    return Period(label, date(year, first, 1), date(year + 1, 1, 1))
