"""Which tabular list of ICD-10-CM serves a day.

The published list of the day is read where it is held, else the one that the addenda carried to
it, else the nearest published one.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from superbill.codes.answer import From
from superbill.codes.titles import distance, origin
from superbill.store.open import Store

TABULAR = "icd10cm.tabular"
NOTES = "icd10cm.notes"
BY_DAY = "icd10cm.tabular_by_day"
NOTES_BY_DAY = "icd10cm.notes_by_day"
ADDENDA = "icd10cm.tabular_addenda"


class Held(NamedTuple):
    """The rows of a table that say how the list, or its notes, stood on ``day``."""

    table: str
    release: int
    day: str

    @property
    def values(self) -> tuple[object, ...]:
        """What the question marks of :data:`STANDING` stand for."""
        return self.release, self.day, self.day


STANDING = "release = ? AND valid_from <= ? AND valid_to > ?"
"""The condition that a row be one of :class:`Held`."""


class Edition(NamedTuple):
    """The list as it stood on a day: its places, its notes (``None``: not held), and its source.

    The same of two days is the same list.
    """

    places: Held
    notes: Held | None
    source: From


def edition(store: Store, day: date) -> Edition | None:
    """The list that serves a day; ``None`` where none is held.

    That is the published list of the day, else the one that the addenda carried to it, else the
    nearest published one.
    """
    held = sorted(store.coverage(TABULAR), key=lambda item: distance(item[0], day))
    exact = bool(held) and day in held[0][0]
    made = None if exact else carried(store, day)
    if made is not None:
        return made
    if not held:
        return None
    release = held[0][1]
    # Of one file, places and notes are two releases.
    notes = next(
        (
            Held("icd10cm_notes", each.id, each.valid_from.isoformat())
            for each in store.releases(NOTES)
            if each.content_sha256 == release.content_sha256
        ),
        None,
    )
    places = Held("icd10cm_tabular", release.id, release.valid_from.isoformat())
    return Edition(places, notes, origin(release, exact=exact))


def carried(store: Store, day: date) -> Edition | None:
    """The list of the day as the addenda made it: it stands since the last change before."""
    if not (store.covers(BY_DAY, on=day) and store.covers(NOTES_BY_DAY, on=day)):
        return None
    places, notes = (store.release(name, on=day) for name in (BY_DAY, NOTES_BY_DAY))
    changes = [
        release
        for name in (TABULAR, ADDENDA)
        for release in store.releases(name)
        if places.valid_from <= release.valid_from <= day
    ]
    first, last = (pick(changes, key=lambda each: each.valid_from) for pick in (min, max))
    since = last.valid_from.isoformat()
    label = f"{last.label}, by the addenda since {first.label}"
    source = replace(origin(notes, exact=True), label=label)
    return Edition(
        Held("icd10cm_tabular_by_day", places.id, since),
        Held("icd10cm_notes_by_day", notes.id, since),
        source,
    )
