"""The dated index as rows: for each book, every entry with the days on which it stood.

The books are the index to diseases and injuries, the index to external causes, the table of
drugs and chemicals, and the table of neoplasms. Each is carried forward from the first that was
published whole, as long as no year is missing; after a missing year it begins anew with the next
that was published whole.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from superbill.sources.composite import Composite, Part
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10cm_addenda import edits_of
from superbill.sources.icd10cm_index import IndexTerm, read_terms
from superbill.sources.icd10cm_index_roll import Addenda, History, Published, roll
from superbill.sources.icd10cm_printed import essential_key, title_key

BOOKS = {
    "diseases": "index",
    "external causes": "external_causes",
    "drugs": "drugs",
    "neoplasms": "neoplasms",
}
"""Each book, and how its datasets are called: ``icd10cm.`` and this, with ``_published`` and
``_addenda`` for what was published."""

COLUMNS = 6
"""How many columns of codes the two tables have."""


class Segment(NamedTuple):
    """Releases of one book that follow each other without a gap, in the order of their days."""

    parts: tuple[Part, ...]
    period: Period


def is_table(book: str) -> bool:
    """Whether the book is a table of codes rather than an index."""
    return book in {"drugs", "neoplasms"}


def published_dataset(book: str) -> str:
    """The dataset of the book as published whole."""
    return f"icd10cm.{BOOKS[book]}_published"


def addenda_dataset(book: str) -> str:
    """The dataset of the book's addenda."""
    return f"icd10cm.{BOOKS[book]}_addenda"


def segments(parts: Sequence[Part], book: str) -> list[Segment]:
    """The stretches of time through which ``parts`` carry the book without a gap.

    A stretch begins with an index that was published whole. Addenda that no index held reaches
    are in none of them.
    """
    return stretches(parts, published_dataset(book))


def stretches(parts: Sequence[Part], published: str) -> list[Segment]:
    """:func:`segments`, where ``published`` is the dataset of what was published whole."""
    found: list[Segment] = []
    current: list[Part] = []
    end = None
    for part in sorted(parts, key=lambda p: (p.period.valid_from, p.dataset == published)):
        if current and end is not None and part.period.valid_from > end:
            found.append(_segment(current))
            current, end = [], None
        if not current and part.dataset != published:
            continue
        current.append(part)
        end = max(end or part.period.valid_to, part.period.valid_to)
    if current:
        found.append(_segment(current))
    return found


def _segment(parts: list[Part]) -> Segment:
    first, last = parts[0].period, parts[-1].period
    label = first.label if len(parts) == 1 else f"{first.label} to {last.label}"
    end = max(part.period.valid_to for part in parts)
    return Segment(tuple(parts), Period(label, first.valid_from, end, last.published))


@functools.lru_cache(maxsize=8)
def history(parts: tuple[Part, ...], book: str) -> History:
    """The book as it was on every day of a segment with these parts.

    Raises :class:`~superbill.errors.BadRow` where one of the documents does not read.
    """
    published = published_dataset(book)
    steps: list[Published | Addenda] = [
        Published(part.period.label, part.period.valid_from, _terms(part.document, book))
        if part.dataset == published
        else Addenda(
            part.period.label, part.period.valid_from, edits_of(part.document, is_table(book))
        )
        for part in parts
    ]
    first = steps[0]
    if not isinstance(first, Published):
        raise TypeError(f"{first.release} of {book} is no whole index")
    return roll(first, steps[1:])


@functools.lru_cache(maxsize=16)
def _terms(document: Document, book: str) -> tuple[IndexTerm, ...]:
    return tuple(read_terms(document, columns=COLUMNS if is_table(book) else 0))


def _entry_rows(book: str, document: Document, period: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, node, parent, level, title, title_key, essential_key, code,
    manifestation, see, see_also, source``, for a table with its six codes before ``source``.
    """
    parts = document.parts if isinstance(document, Composite) else ()
    for segment in segments(parts, book):
        if segment.period.valid_from != period.valid_from:
            continue
        for node, parent, level, start, end, entry, release in history(
            segment.parts, book
        ).entries():
            title = entry.title
            head = (start, end, node, parent, level, title, title_key(title), essential_key(title))
            if is_table(book):
                cells = entry.cells or ("",) * COLUMNS
                yield *head, entry.see, entry.see_also, *cells, release
            else:
                yield *head, *entry[1:5], release


def _placement_rows(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, book, release, effective, page, line, action, level, text, outcome,
    reason``.
    """
    position = 0
    parts = document.parts if isinstance(document, Composite) else ()
    for book in BOOKS:
        mine = [p for p in parts if p.dataset in {published_dataset(book), addenda_dataset(book)}]
        carried = segments(mine, book)
        for segment in carried:
            for placement in history(segment.parts, book).placements:
                position += 1
                yield position, book, *placement
        used = {part for segment in carried for part in segment.parts}
        for part in mine:
            if part in used:
                continue
            for edit in edits_of(part.document, is_table(book)):
                position += 1
                text = " → ".join(dict.fromkeys(t for t in (edit.before, edit.after) if t))
                place = (edit.page, edit.line, edit.action, edit.level, text)
                reason = "no index is held that these addenda carry on"
                release = (part.period.label, part.period.valid_from)
                yield position, book, *release, *place, "not placed", reason


def _never(_: Document) -> Period | None:
    return None


def _layout(book: str, rows: tuple[int, int]) -> Layout:
    parse: Callable[[Document, Period], Iterator[Row]] = functools.partial(_entry_rows, book)
    return Layout(f"ICD-10-CM {book}, carried from day to day", _never, parse, rows)


ENTRIES = {
    "diseases": _layout("diseases", (60_000, 150_000)),
    "external causes": _layout("external causes", (6_000, 20_000)),
    "drugs": _layout("drugs", (6_500, 20_000)),
    "neoplasms": _layout("neoplasms", (1_700, 5_000)),
}
"""For each book, the layout of its dated entries."""

PLACEMENTS = Layout("ICD-10-CM addenda, where each line went", _never, _placement_rows, (0, 60_000))
"""What became of every line of all addenda."""
