"""Notes of the tabular list that changed: by two whole lists, or by the addenda between them.

The lists are those published, else those that the addenda carried to the two days; where neither
is held, the lines of the addenda are read as they are.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from superbill.codes.differences.answer import Change
from superbill.codes.differences.side import Side, rows_of
from superbill.codes.notation import dotted
from superbill.store.release import Release

_NOTES = "icd10cm.notes"
_BY_DAY = "icd10cm.notes_by_day"
_PLACEMENTS = "icd10cm.notes_placements"
_ADDENDA = "icd10cm.tabular_addenda"
_NO_WORD = re.compile(r"[^a-z0-9]")
Line = tuple[str, str, str]


class NoteChanges(NamedTuple):
    """The lines that changed; or why they could not be compared. ``besides`` are remarks."""

    changes: list[Change]
    why_not: str = ""
    besides: tuple[str, ...] = ()


def note_changes(one: Side, other: Side) -> NoteChanges:
    """The lines of notes that the later day adds, deletes and revises, by where they stand.

    Two whole lists are compared where both are held: as published, or as the addenda carried one
    list to both days. Else the addenda after the first day, up to the second, are read, if none of
    a fiscal year is missing; a line that one addenda adds and a later one deletes is listed twice.
    """
    store = one.store
    if all(_NOTES in _known(side) and store.covers(_NOTES, on=side.day) for side in (one, other)):
        return NoteChanges(_whole(_lines(one), _lines(other)))
    if _BY_DAY in _known(one) and _carried_to(one) == _carried_to(other) is not None:
        return NoteChanges(_by_day(one, other), "", _not_placed(one, other))
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


def _carried_to(side: Side) -> int | None:
    """The release of the carried list that speaks for a day."""
    store = side.store
    return store.release(_BY_DAY, on=side.day).id if store.covers(_BY_DAY, on=side.day) else None


def _by_day(one: Side, other: Side) -> list[Change]:
    """A line keeps its place when it is revised: where its words differ, that is one change."""
    before, after = _placed_lines(one), _placed_lines(other)
    gone: dict[tuple[str, ...], Change] = {}
    come: list[Change] = []
    for place, old in before.items():
        new = after.get(place)
        if new is None or old[0] != new[0]:
            gone[place[0], *_words(old)] = _line(place[0], *old, gone=True)
        elif _words(old) != _words(new):
            found = _line(place[0], *new, gone=False)
            come.append(replace(found, before=old[1]))
    for place, new in after.items():
        former = before.get(place)
        # A line that only went to another place at its code did not change.
        if (former is None or former[0] != new[0]) and not gone.pop((place[0], *_words(new)), None):
            come.append(_line(place[0], *new, gone=False))
    return sorted(
        [*gone.values(), *come], key=lambda change: (change.code, change.of, change.after)
    )


def _placed_lines(side: Side) -> dict[tuple[str, int], tuple[str, str]]:
    """Kind and text of each line by its code and place."""
    rows = rows_of(side, _BY_DAY, ("node", "position", "kind", "character", "text"))
    return {
        (str(node), int(str(position))): (
            str(kind),
            f"{character}: {text}" if character else str(text),
        )
        for node, position, kind, character, text in rows
    }


def _words(line: tuple[str, str]) -> tuple[str, str]:
    return line[0], _NO_WORD.sub("", line[1].lower())


def _not_placed(one: Side, other: Side) -> tuple[str, ...]:
    """How many lines of the addenda between two days could not be placed in the list."""
    if _PLACEMENTS not in _known(one):
        return ()
    ((count,),) = one.store.query(
        f"SELECT count(*) FROM {one.store.info(_PLACEMENTS).table} "  # noqa: S608 - own names
        "WHERE outcome = 'not placed' AND action != 'no change' AND effective > ? "
        "AND effective <= ?",
        one.day.isoformat(),
        other.day.isoformat(),
    )
    lines = "one line" if count == 1 else f"{count} lines"
    said = f"notes: {lines} of the addenda could not be placed; they are in {_PLACEMENTS}."
    return (said,) if count else ()


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
