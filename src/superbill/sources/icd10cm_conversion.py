"""The conversion table of ICD-10-CM: for each newer code, what was assigned before it.

Published by CDC/NCHS with each release (``ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx``); it lists all
codes that came since 1 October 2016. A code is in force from the day in its column "Effective": a
year alone means 1 October of that year. The previous assignment may be one code, several, a
range, or none, and is kept as printed beside the codes read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.dates import FOREVER, fiscal_span
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of
from superbill.sources.workbook import day_of, is_workbook, rows

_FIRST_DAY = date(2015, 10, 1)
_STEM = r"[A-Z][0-9A-Z]{2}(?:\.?[0-9A-Z]{1,4})?"
_CODE = re.compile(_STEM)
# A range; a code with or without a dash that says "and all below it".
_PREVIOUS = re.compile(rf"({_STEM})(?:\s*-\s*({_STEM})|\.?(-))?")
_WORDS = re.compile(r"\b(?:and|a|code|codes|from|in|categor(?:y|ies)|none)\b|[,;&]", re.IGNORECASE)


class Conversion(NamedTuple):
    """One previous assignment of a newer code.

    ``previous`` to ``previous_last`` is a range of codes (one code where they are the same), both
    empty where nothing was assigned before. ``below`` says that all codes below ``previous`` are
    meant. ``text`` is the assignment as printed. Codes are undotted.
    """

    code: str
    effective: date
    previous: str
    previous_last: str
    below: bool
    text: str


def _recognise(document: Document) -> Period | None:
    if not re.search(r"conversion[-_ ]*table", document.name, re.IGNORECASE):
        return None
    if not is_workbook(document):
        return None
    period = period_of(document.name)
    if period is None:
        raise Undated(
            document.where, "an ICD-10-CM conversion table", "its name states no fiscal year"
        )
    # It holds the history up to its release, and the later published of two knows more.
    year = fiscal_span(period.valid_from.year + (period.valid_from.month >= 10))
    return Period(period.label, _FIRST_DAY, year.end, period.published or period.valid_from)


def read_conversions(document: Document) -> Iterator[Conversion]:
    """Each previous assignment, in the order of the table.

    Raises :class:`~superbill.errors.BadRow` with the number of the row.
    """
    started = False
    for number, cells in rows(document):
        code, effective, text = (cells.get(column, "") for column in "ABC")
        if not started:
            started = code.lower().startswith("current code")
            continue
        compact = code.replace(".", "")
        if not _CODE.fullmatch(code):
            raise BadRow(document.where, number, code, "an ICD-10-CM code")
        if not effective.isdigit() or not text:
            raise BadRow(document.where, number, f"{effective} {text}", "a year and a code")
        day = day_of(effective) if len(effective) == 5 else date(int(effective), 10, 1)
        yield from _previous(compact, day, text, document.where, number)
    if not started:
        raise BadRow(document.where, 0, "", "a heading of current and previous codes")


def _previous(code: str, day: date, text: str, where: str, number: int) -> Iterator[Conversion]:
    rest = text
    found = False
    for match in _PREVIOUS.finditer(text):
        first, last, below = match.groups()
        if not re.search(r"\d", first):
            continue
        rest = rest.replace(match[0], " ", 1)
        found = True
        first = first.replace(".", "")
        last = (last or first).replace(".", "")
        whole = bool(below) or (first != last and len(first) == 3)
        yield Conversion(code, day, first, last, whole, text)
    if _WORDS.sub(" ", rest).strip():
        raise BadRow(where, number, text, "codes, a range of codes, or None")
    if not found:
        yield Conversion(code, day, "", "", below=False, text=text)


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, code, previous, previous_last, below, text``."""
    seen = set()  # some rows stand in the table twice
    for row in read_conversions(document):
        if row in seen:
            continue
        seen.add(row)
        yield (
            row.effective,
            FOREVER,
            row.code,
            row.previous,
            row.previous_last,
            int(row.below),
            row.text,
        )


LAYOUT = Layout("ICD-10-CM conversion table", _recognise, _parse, (5_000, 20_000))
