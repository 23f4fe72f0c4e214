"""The addenda of ICD-10-CM: what changes in indexes and tables on a day, as published in PDF.

CDC/NCHS publishes with each release of 1 October, and each update of 1 April (once 1 January),
a PDF for each of the index to diseases, the index to external causes, the table of drugs and the
table of neoplasms. A line says what becomes of an entry (``No Change``, ``Add``, ``Delete``,
``Revise from`` and ``Revise to``) and stands under its superior terms by the number of its
dashes. Rows of the tables say it before the title and in each cell.

The heading dates them: "2024 Addenda" and "2024 Addenda October Update" hold from 1 October 2023,
"2024 Addenda April Update" from 1 April 2024.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10cm_addenda_tables import table_lines
from superbill.sources.icd10cm_index import squeeze
from superbill.sources.pdf_text import Line, first_page, is_pdf, lines
from superbill.sources.release_names import fiscal_year_period, update_period

Action = Literal["no change", "add", "delete", "revise"]

HEADINGS = {
    "diseases": re.compile(r"ICD-10-CM\s+INDEX\s+to\s+DISEASES", re.IGNORECASE),
    "external causes": re.compile(r"ICD-10-CM\s+EXTERNAL\s+CAUSE", re.IGNORECASE),
    "drugs": re.compile(r"ICD-10-CM\s+TABLE\s+of\s+DRUGS", re.IGNORECASE),
    "neoplasms": re.compile(r"ICD-10-CM\s+TABLE\s+of\s+NEOPLASMS", re.IGNORECASE),
    "tabular": re.compile(r"ICD-10-CM\s+TABULAR\s+LIST", re.IGNORECASE),
}
"""How the first page of the addenda of each book is headed."""

_DATED = re.compile(
    r"(?:(January|April|October)\s+)?\b(20\d\d)\s+Addenda\b(?:\s+(April|October)\s+Update)?",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Z#]|\d")
_LINE = re.compile(r"(No Change|Revise from|Revise to|Add|Delete):?(?:\s+(.*))?")
_DASHES = re.compile(r"((?:-\s+)*)(.*)")
_WRAPPED_WORD = re.compile(r"[A-Za-z0-9]-$")


class Edit(NamedTuple):
    """What the addenda say of one entry.

    ``before`` and ``after`` are the entry as printed, without its dashes; ``before`` is empty for
    an addition, ``after`` for a deletion, and both are the same for ``no change``. Tables' rows
    have their cells after bars (see :func:`superbill.sources.icd10cm_printed.print_entry`).
    """

    page: int
    line: int
    action: Action
    level: int
    before: str
    after: str


def addenda_period(document: Document, book: str) -> Period | None:
    """The release that the document changes into, where it is the addenda of ``book``."""
    if not is_pdf(document):
        return None
    text = first_page(document)
    if not HEADINGS[book].search(text[:200]):
        return None
    found = _DATED.search(text)
    if found is None:
        return None
    year = int(found[2])
    month = (found[1] or found[3] or "October").lower()
    if month == "october":
        return fiscal_year_period(year)
    return update_period(date(year, {"january": 1, "april": 4}[month], 1))


def read_edits(document: Document, *, table: bool) -> Iterator[Edit]:
    """Each line of the addenda in order, a pair of "from" and "to" as one.

    Raises :class:`~superbill.errors.BadRow`, whose line is the page, for a line that is none.
    """
    pages = lines(document)
    found = table_lines(pages, document.where) if table else _index_lines(pages, document.where)
    pending: Edit | None = None
    for page, number, action, level, text in found:
        if pending and action != "revise to":
            yield pending
            pending = None
        if action == "revise from":
            pending = Edit(page, number, "revise", level, text, "")
        elif action == "revise to":
            before = pending.before if pending and pending.level == level else ""
            if pending and not before:
                yield pending
            yield Edit(page, number, "revise", level, before, text)
            pending = None
        elif action == "add":
            yield Edit(page, number, "add", level, "", text)
        elif action == "delete":
            yield Edit(page, number, "delete", level, text, "")
        else:
            yield Edit(page, number, "no change", level, text, text)
    if pending:
        yield pending


@functools.lru_cache(maxsize=128)
def edits_of(document: Document, table: bool) -> tuple[Edit, ...]:
    """:func:`read_edits`, kept: a build needs the lines once as rows and once to apply them."""
    return tuple(read_edits(document, table=table))


def _index_lines(pages: Iterator[Line], where: str) -> Iterator[tuple[int, int, str, int, str]]:
    """Page, line, action, level and text of each entry, its wrapped lines joined."""
    current: tuple[int, int, str, str] | None = None
    for page, number, raw in pages:
        text = squeeze(raw)
        match = _LINE.fullmatch(text)
        if match:
            if current:
                yield from _entry(*current)
            current = (page, number, match[1].lower(), match[2] or "")
        elif current is None:
            if page == 1 and number <= 8:  # the heading, and "no changes" where there are none
                continue
            raise BadRow(where, page, text, "No Change, Add, Delete or Revise at the start")
        else:
            start, line, action, before = current
            joint = "" if _WRAPPED_WORD.search(before) else " "
            current = (start, line, action, f"{before}{joint}{text}")
    if current:
        yield from _entry(*current)


def _entry(
    page: int, line: int, action: str, text: str
) -> Iterator[tuple[int, int, str, int, str]]:
    match = _DASHES.fullmatch(text)
    dashes, rest = (match[1], match[2]) if match else ("", text)
    level = dashes.count("-")
    if rest and not (level == 0 and _LETTER.fullmatch(rest)):
        yield page, line, action, level, rest


class _Book(NamedTuple):
    """One of the four books that have addenda."""

    name: str
    table: bool

    def recognise(self, document: Document) -> Period | None:
        return addenda_period(document, self.name)

    def parse(self, document: Document, _: Period) -> Iterator[Row]:
        """Yield ``position, page, line, action, level, before, after``."""
        for position, edit in enumerate(edits_of(document, self.table), start=1):
            yield position, *edit


def _layout(book: str, title: str, *, table: bool, most: int) -> Layout:
    reader = _Book(book, table)
    return Layout(f"ICD-10-CM addenda, {title}, PDF", reader.recognise, reader.parse, (0, most))


DISEASES = _layout("diseases", "index to diseases and injuries", table=False, most=20_000)
EXTERNAL_CAUSES = _layout("external causes", "index to external causes", table=False, most=5_000)
DRUGS = _layout("drugs", "table of drugs and chemicals", table=True, most=5_000)
NEOPLASMS = _layout("neoplasms", "table of neoplasms", table=True, most=3_000)
