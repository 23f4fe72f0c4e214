"""The dated tabular list as rows: titles and lines of notes with the days on which they stood.

The list is carried forward by its addenda from the first that was published whole, as long as no
year is missing; after a missing year it begins anew with the next that was published whole.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from superbill.sources.composite import Composite, Part
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10cm_index_history import Segment, stretches
from superbill.sources.icd10cm_notes_roll import Addenda, History, Published, roll
from superbill.sources.icd10cm_tabular import read_list
from superbill.sources.icd10cm_tabular_addenda import tabular_lines

PUBLISHED = "icd10cm.tabular"
ADDENDA = "icd10cm.tabular_addenda"


def carried(parts: Sequence[Part]) -> list[Segment]:
    """The stretches of time through which addenda carry a published list without a gap.

    A published list that no addenda follow needs no carrying, and is none.
    """
    return [
        segment
        for segment in stretches(parts, PUBLISHED)
        if any(part.dataset == ADDENDA for part in segment.parts)
    ]


@functools.lru_cache(maxsize=2)
def history(parts: tuple[Part, ...]) -> History:
    """The list as it was on every day of a segment with these parts.

    Raises :class:`~superbill.errors.BadRow` where one of the documents does not read.
    """
    steps: list[Published | Addenda] = [
        Published(part.period.label, part.period.valid_from, tuple(read_list(part.document)))
        if part.dataset == PUBLISHED
        else Addenda(part.period.label, part.period.valid_from, tabular_lines(part.document))
        for part in parts
    ]
    first = steps[0]
    if not isinstance(first, Published):
        raise TypeError(f"{first.release} is no whole tabular list")
    return roll(first, steps[1:])


def _histories(document: Document, period: Period) -> Iterator[History]:
    parts = document.parts if isinstance(document, Composite) else ()
    for segment in carried(parts):
        if segment.period.valid_from == period.valid_from:
            yield history(segment.parts)


def _place_rows(document: Document, period: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, code, kind, parent, position, title, source``."""
    for found in _histories(document, period):
        yield from found.tree.dated_places()


def _note_rows(document: Document, period: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, node, kind, position, character, text, source``."""
    for found in _histories(document, period):
        yield from found.tree.dated_notes()


def _placement_rows(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, release, effective, page, line, action, node, kind, text, outcome,
    reason``.
    """
    parts = document.parts if isinstance(document, Composite) else ()
    position = 0
    segments = carried(parts)
    for segment in segments:
        for placement in history(segment.parts).placements:
            position += 1
            yield position, *placement
    used = {part for segment in segments for part in segment.parts}
    for part in parts:
        if part in used or part.dataset != ADDENDA:
            continue
        for edit in tabular_lines(part.document):
            if edit.action == "no change":
                continue
            position += 1
            text = " → ".join(dict.fromkeys(t for t in (edit.before, edit.after) if t))
            place = (edit.page, edit.line, edit.action, edit.node, edit.kind, text)
            reason = "no tabular list is held that these addenda carry on"
            release = (part.period.label, part.period.valid_from)
            yield position, *release, *place, "not placed", reason


def _never(_: Document) -> Period | None:
    return None


PLACES = Layout(
    "ICD-10-CM tabular list, carried from day to day", _never, _place_rows, (40_000, 90_000)
)
NOTES = Layout(
    "ICD-10-CM tabular list: notes, carried from day to day", _never, _note_rows, (18_000, 60_000)
)
"""Titles and notes with their days."""

PLACEMENTS = Layout(
    "ICD-10-CM tabular addenda, where each line went", _never, _placement_rows, (0, 60_000)
)
"""What became of every line of all addenda."""
