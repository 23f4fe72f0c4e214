"""Notes of the tabular list that changed, where both lists are held whole, or by the addenda."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from superbill.codes.differences.answer import Change
from superbill.codes.differences.side import Side, rows_of
from superbill.codes.notation import dotted

_NOTES = "icd10cm.notes"
Line = tuple[str, str, str]


class NoteChanges(NamedTuple):
    """The lines that changed; or why they could not be compared. ``besides`` are remarks."""

    changes: list[Change]
    why_not: str = ""
    besides: tuple[str, ...] = ()


def note_changes(one: Side, other: Side) -> NoteChanges:
    """The lines of notes that the later day adds and deletes, by the place they stand at."""
    store = one.store
    if store.coverage(_NOTES) and all(store.covers(_NOTES, on=side.day) for side in (one, other)):
        return NoteChanges(_whole(_lines(one), _lines(other)))
    missing = [s.day.isoformat() for s in (one, other) if not store.covers(_NOTES, on=s.day)]
    return NoteChanges(
        [], f"the tabular list of {' and '.join(missing)} is not held; bring its XML."
    )


def _lines(side: Side) -> dict[Line, None]:
    rows = rows_of(side, _NOTES, ("node", "kind", "character", "text"))
    return {
        (str(node), str(kind), f"{character}: {text}" if character else str(text)): None
        for node, kind, character, text in rows
    }


def _whole(before: dict[Line, None], after: dict[Line, None]) -> list[Change]:
    deleted = [_line(*line, gone=True) for line in before if line not in after]
    added = [_line(*line, gone=False) for line in after if line not in before]
    return sorted([*deleted, *added], key=lambda change: (change.code, change.of, change.after))


def _line(node: str, kind: str, text: str, *, gone: bool) -> Change:
    return Change(
        kind="notes",
        code=node,
        dotted=dotted(node),
        of=kind,
        before=text if gone else "",
        after="" if gone else text,
    )


__all__: Sequence[str] = ["NoteChanges", "note_changes"]
