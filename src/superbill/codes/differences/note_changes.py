"""Notes of the tabular list that changed: by two whole lists, or by the addenda between them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from superbill.codes.differences.answer import Change
from superbill.codes.differences.side import Side, rows_of
from superbill.codes.notation import dotted
from superbill.store.release import Release

_NOTES = "icd10cm.notes"
_ADDENDA = "icd10cm.tabular_addenda"
Line = tuple[str, str, str]


class NoteChanges(NamedTuple):
    """The lines that changed; or why they could not be compared. ``besides`` are remarks."""

    changes: list[Change]
    why_not: str = ""
    besides: tuple[str, ...] = ()


def note_changes(one: Side, other: Side) -> NoteChanges:
    """The lines of notes that the later day adds, deletes and revises, by where they stand.

    Two whole lists are compared where both are held; else the addenda after the first day, up to
    the second, are read, if none of a fiscal year is missing. A line that one addenda adds and a
    later one deletes is listed twice.
    """
    store = one.store
    if all(_NOTES in _known(side) and store.covers(_NOTES, on=side.day) for side in (one, other)):
        return NoteChanges(_whole(_lines(one), _lines(other)))
    held = store.releases(_ADDENDA) if _ADDENDA in _known(one) else ()
    read = sorted(
        (each for each in held if one.day < each.valid_from <= other.day),
        key=lambda each: each.valid_from,
    )
    starts = {each.valid_from for each in read}
    years = range(one.day.year, other.day.year + 1)
    wanted = [day for year in years if one.day < (day := date(year, 10, 1)) <= other.day]
    missing = [day.isoformat() for day in wanted if day not in starts]
    if missing or not (read or wanted):
        return NoteChanges([], _why_not(one, other, missing))
    found = [change for release in read for change in _of_addenda(other, release)]
    updates = "; an update in between that is not held is not seen" if held else ""
    return NoteChanges(found, "", (f"notes: by the addenda{updates}.",))


def _known(side: Side) -> frozenset[str]:
    return frozenset(info.id for info in side.store.datasets())


def _why_not(one: Side, other: Side, missing: list[str]) -> str:
    days = [s.day.isoformat() for s in (one, other) if not s.store.covers(_NOTES, on=s.day)]
    said = f"the tabular list of {' and '.join(days)} is not held"
    if missing:
        said += f", nor the addenda of {', '.join(missing)}"
    return f"{said}; bring its XML, or the addenda (PDF): superbill data build --from DIR"


def _of_addenda(side: Side, release: Release) -> list[Change]:
    """The lines of one release's addenda, without the titles of codes and blocks."""
    side.sources.append(f"{_ADDENDA} {release.label}")
    rows = side.store.query(
        "SELECT node, kind, before, after FROM "  # noqa: S608 - own names
        f"{side.store.info(_ADDENDA).table} WHERE release = ? AND kind NOT IN ('title', 'block') "
        "ORDER BY position",
        release.id,
    )
    return [
        Change(
            kind="notes",
            code=str(node),
            dotted=dotted(str(node)),
            of=str(kind),
            before=str(before),
            after=str(after),
        )
        for node, kind, before, after in rows
    ]


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
