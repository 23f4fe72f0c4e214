"""Add-on codes: services that are reported only beside a primary one.

CMS publishes the list as ``AOC_VyyyyQq-MCR``. The workbook is read: type of edit (1 listed
primaries only; 2 the contractor defines them; 3 some are listed and the contractor may add), add-on
code and its deletion date, primary code (``CCCCC``: the contractor's) and its deletion date, the
days on which the pair began and ended, notes. Days are written YYYYDDD, the last three digits being
the day of the year. The text file of the same name is fixed-width and not read: its file structure
document was not at hand.

The day of service selects the release; a pair holds from its effective to its deletion date, the
last such day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources import workbook
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ncci_ptp import quarter

CONTRACTOR = "CCCCC"
"""Stands for the primaries that a contractor defines."""

_NAME = re.compile(r"AOC_V(\d{4})Q([1-4])\w*-MCR[^/]*\.xlsx$", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]{5}")
_DAY = re.compile(r"\d{7}")
_EXPECTED = (
    "a type (1, 2, 3), an add-on code, a primary code, and days as YYYYDDD or nothing in the "
    "columns AOC_DelDT, Primary_Code_DelDT, AOC_Edit_EffDT and AOC_Edit_DelDT"
)


def _recognise(document: Document) -> Period | None:
    name = _NAME.search(document.name)
    if name is None or not workbook.is_workbook(document):
        return None
    return quarter(int(name[1]), int(name[2]))


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the days of each pair, then the columns of ``ncci.add_on``."""
    begun = False
    for number, row in workbook.rows(document):
        cells = [row.get(letter, "").strip() for letter in "ABCDEFGH"]
        kind, code, gone, primary, primary_gone, began, ended, notes = cells
        if not begun and kind not in {"1", "2", "3"}:
            continue
        begun = True
        if kind not in {"1", "2", "3"} or not _CODE.fullmatch(code) or not _CODE.fullmatch(primary):
            raise BadRow(document.where, number, ", ".join(cells), _EXPECTED)
        start = _day(document, number, began)
        if start is None:
            raise BadRow(document.where, number, ", ".join(cells), _EXPECTED)
        lasts = [
            last
            for text in (gone, primary_gone, ended)
            if (last := _day(document, number, text)) is not None
        ]
        end = min(lasts) + timedelta(days=1) if lasts else FOREVER
        if start < end:
            yield start, end, code, primary, kind, notes
    if not begun:
        raise BadRow(document.where, 1, "no add-on code", _EXPECTED)


def _day(document: Document, number: int, text: str) -> date | None:
    """A day written YYYYDDD; ``None`` where the cell is empty."""
    if not text:
        return None
    whole = text.removesuffix(".0")
    if not _DAY.fullmatch(whole) or not 1 <= int(whole[4:]) <= 366:
        raise BadRow(document.where, number, text, _EXPECTED)
    return date(int(whole[:4]), 1, 1) + timedelta(days=int(whole[4:]) - 1)


LAYOUT = Layout("NCCI add-on codes", _recognise, _parse, rows=(1, 60_000))
