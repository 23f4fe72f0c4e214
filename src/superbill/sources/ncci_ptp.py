"""National Correct Coding Initiative, procedure-to-procedure edits: pairs of codes for one day.

CMS publishes the pairs each quarter, for practitioners (``ccipra-vVVQrR-fN``) and for outpatient
hospitals (``ccioph-…``), each in parts by the first code, as tab-separated text and as a workbook
of the same columns: column one code, column two code, a mark for edits older than 1996, effective
date, deletion date (``*``: none), modifier indicator (0 not allowed, 1 allowed, 9 not applicable),
rationale. Lines above the first pair hold titles and notices; they are passed over.

The number in the name is the quarter: version 32.1 is the second one of 2026 (1994 + 32). The day
of service selects the file. A pair holds from its effective date to its deletion date, the last
such day; one that was deleted on the day it would have begun never held (CMS, "How to Use the
Medicare National Correct Coding Initiative (NCCI) Tools", MLN901346).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache, partial

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources import workbook
from superbill.sources.document import Document, Layout, Period, Row

KINDS = {"practitioner": "ccipra", "hospital": "ccioph"}
PARTS = (1, 2, 3, 4)

_NAME = re.compile(r"(ccipra|ccioph)-v(\d{2})([0-3])r\d+-f(\d)\.(?:txt|xlsx)$", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]{5}")
_VERSION_YEAR = 1994  # version 2 was the first, of 1996; version 32 is that of 2026
_LETTERS = "ABCDEFG"
_EXPECTED = (
    "two codes, a mark, an effective date (YYYYMMDD), a deletion date or *, a modifier indicator "
    "(0, 1, 9) and a rationale, tab-separated"
)


def layout(kind: str, part: int) -> Layout:
    """The layout of one part: ``kind`` of :data:`KINDS`, ``part`` of :data:`PARTS`."""
    return Layout(
        f"NCCI procedure-to-procedure edits, {kind}, part {part}",
        partial(_recognise, KINDS[kind], part),
        _parse,
        rows=(1, 3_000_000),
    )


def quarter(year: int, number: int) -> Period:
    """The period of a quarter, ``number`` from 1."""
    start = date(year, 3 * number - 2, 1)
    end = date(year + number // 4, 3 * number % 12 + 1, 1)
    return Period(f"{year} Q{number}", start, end)


def _recognise(prefix: str, part: int, document: Document) -> Period | None:
    name = _NAME.search(document.name)
    if name is None or name[1].lower() != prefix or int(name[4]) != part:
        return None
    if not workbook.is_workbook(document) and b"\t" not in document.head:
        return None
    return quarter(_VERSION_YEAR + int(name[2]), int(name[3]) + 1)


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the days of each pair, then the columns of ``ncci.ptp_…``."""
    begun = False
    for number, cells in _cells(document):
        if not begun and not (_CODE.fullmatch(cells[0]) and _CODE.fullmatch(cells[1])):
            continue
        begun = True
        first, second, _mark, effective, deleted, indicator, rationale = cells
        open_ended = deleted in {"*", ""}
        start, last = _day(effective), _day(deleted)
        if (
            indicator not in {"0", "1", "9"}
            or not (_CODE.fullmatch(first) and _CODE.fullmatch(second))
            or start is None
            or (last is None and not open_ended)
        ):
            raise BadRow(document.where, number, "\t".join(cells), _EXPECTED)
        if last is not None and last <= start:
            continue
        yield (
            start,
            FOREVER if last is None else last + timedelta(days=1),
            first,
            second,
            indicator,
            rationale,
        )
    if not begun:
        raise BadRow(document.where, 1, "no pair of codes", _EXPECTED)


def _cells(document: Document) -> Iterator[tuple[int, list[str]]]:
    """Seven cells a row, blanks stripped."""
    if workbook.is_workbook(document):
        for number, row in workbook.rows(document):
            yield number, [row.get(letter, "").strip() for letter in _LETTERS]
        return
    for number, line in document.lines("latin-1"):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) >= 7:
            yield number, cells[:7]
        elif len(cells) > 1 and _CODE.fullmatch(cells[0]):
            raise BadRow(document.where, number, line, _EXPECTED)


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    if len(text) != 8 or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
