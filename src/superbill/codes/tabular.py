"""The place of a diagnosis code in the tabular list, and the notes that bear on it.

A note at a chapter, section, category or subcategory holds for every code below it, with one
exception: an inclusion term names the code at which it stands. The tabular list of the day
counts, as published or as the addenda carried it to the day; where neither is held, the nearest
one published, and the answer says so. A code that the list does not know (one retired since) is
put below the longest of its beginnings that the list has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date

from superbill.codes.answer import From, Note, Place, System
from superbill.codes.editions import NOTES, STANDING, TABULAR, Edition, carried
from superbill.codes.notation import dotted
from superbill.codes.titles import distance, origin
from superbill.codes.titles import title as any_title
from superbill.codes.validity import is_valid, valid_below
from superbill.store.open import Store
from superbill.store.release import Release

_SYSTEM: System = "ICD-10-CM"
_LENGTH = 7
_OWN_ONLY = "inclusionTerm"


class Tabular(ABC):
    """The tabular list, opened for a day."""

    source: From

    @classmethod
    def on(cls, store: Store, day: date, code: str) -> Tabular | None:
        """The list of the day, else the nearest one held that knows ``code``, else ``None``.

        Where none knows it, the nearest one shows where it would stand.
        """
        held = sorted(store.coverage(TABULAR), key=lambda item: distance(item[0], day))
        lists = [
            Published(store, release, origin(release, exact=day in span)) for span, release in held
        ]
        if lists and lists[0].source.exact:
            return lists[0]
        made = carried(store, day)
        if made is not None:
            return Carried(store, made, day)
        if not lists:
            return None
        return next((found for found in lists if found.place(code)), lists[0])

    def place(self, code: str) -> Place | None:
        """The place that bears ``code``."""
        row = self._row(code)
        return None if row is None else row[0]

    def path(self, code: str) -> tuple[Place, ...]:
        """The places above and at ``code``, chapter first; empty where none is known."""
        start = code
        found = self._row(start)
        while found is None and len(start) > 3:
            start = start[:-1]
            found = self._row(start)
        places: list[Place] = []
        while found is not None:
            places.append(found[0])
            found = self._row(found[1]) if found[1] else None
        return tuple(reversed(places))

    def notes(self, path: tuple[Place, ...], code: str) -> tuple[Note, ...]:
        """Every note that bears on ``code``, nearest place first."""
        stem = path[-2].code if path and path[-1].kind == "extended" and len(path) > 1 else ""
        found: list[Note] = []
        for place in reversed(path):
            own = place.code in {code, stem}
            found += (
                Note(
                    kind=str(kind),
                    text=str(text),
                    at=place.dotted,
                    at_title=place.title,
                    inherited=not own,
                    character=str(character),
                )
                for kind, character, text in self._notes_at(place.code)
                if own or kind != _OWN_ONLY
            )
        return tuple(found)

    @abstractmethod
    def children(self, code: str) -> tuple[Place, ...]:
        """The places directly below ``code``, in the order of the list."""

    @abstractmethod
    def billable_below(self, code: str, limit: int) -> tuple[tuple[str, ...], int]:
        """Valid codes below a heading, the first ``limit``, and how many there are."""

    @abstractmethod
    def _notes_at(self, code: str) -> list[tuple[object, ...]]:
        """Kind, character and text of each note that stands at ``code``."""

    @abstractmethod
    def _row(self, code: str) -> tuple[Place, str] | None:
        """The place that bears ``code``, and the place above it."""


class Published(Tabular):
    """One release of the list."""

    def __init__(self, store: Store, release: Release, source: From) -> None:
        self._store = store
        self._release = release
        self.source = source

    def children(self, code: str) -> tuple[Place, ...]:
        rows = self._store.query(
            "SELECT code, kind, title, billable FROM icd10cm_tabular "
            "WHERE parent = ? AND release = ? ORDER BY position",
            code,
            self._release.id,
        )
        return tuple(_place(*row) for row in rows)

    def billable_below(self, code: str, limit: int) -> tuple[tuple[str, ...], int]:
        query = (
            "FROM icd10cm_tabular WHERE code > ? AND code < ? AND release = ? AND billable = 1 "
            "AND kind NOT IN ('chapter', 'section')"
        )
        # Codes sort as text: all that begin with the heading lie before heading + '['.
        bounds = (code, code + "[", self._release.id)
        rows = self._store.query(f"SELECT code {query} ORDER BY code LIMIT {limit}", *bounds)
        (count,) = self._store.query(f"SELECT count(*) {query}", *bounds)[0]
        return tuple(str(row[0]) for row in rows), int(str(count))

    def _notes_at(self, code: str) -> list[tuple[object, ...]]:
        """Kind, character and text of each note of the same file that stands at ``code``."""
        for release in self._store.releases(NOTES):
            if release.content_sha256 == self._release.content_sha256:
                return self._store.query(
                    "SELECT kind, character, text FROM icd10cm_notes "
                    "WHERE node = ? AND release = ? ORDER BY position",
                    code,
                    release.id,
                )
        return []

    def _row(self, code: str) -> tuple[Place, str] | None:
        rows = self._store.query(
            "SELECT code, kind, title, billable, parent FROM icd10cm_tabular "
            "WHERE code = ? AND release = ?",
            code,
            self._release.id,
        )
        if not rows:
            return None
        *cells, parent = rows[0]
        return _place(*cells), str(parent)


class Carried(Tabular):
    """The list as the addenda carried it to a day.

    It has headings and codes up to the sixth character. Which of them may be reported, and which
    codes the seventh character makes of them, is what is valid on the day.
    """

    def __init__(self, store: Store, held: Edition, day: date) -> None:
        self._store = store
        self._places = held.places
        self._held_notes = held.notes
        self._day = day
        self.source = held.source

    def children(self, code: str) -> tuple[Place, ...]:
        rows = self._standing("parent", code)
        if rows:
            return tuple(self._made(*row[:3]) for row in rows)
        below = valid_below(self._store, _SYSTEM, code, on=self._day)
        return tuple(self._extended(each) for each in below)

    def billable_below(self, code: str, limit: int) -> tuple[tuple[str, ...], int]:
        found = valid_below(self._store, _SYSTEM, code, on=self._day)
        return found[:limit], len(found)

    def _notes_at(self, code: str) -> list[tuple[object, ...]]:
        held = self._held_notes
        if held is None:
            return []
        return self._store.query(
            f"SELECT kind, character, text FROM {held.table} "  # noqa: S608 - own names
            f"WHERE node = ? AND {STANDING} ORDER BY position",
            code,
            *held.values,
        )

    def _row(self, code: str) -> tuple[Place, str] | None:
        rows = self._standing("code", code)
        if rows:
            return self._made(*rows[0][:3]), str(rows[0][3])
        if len(code) < _LENGTH or not self._valid(code):
            return None
        for length in range(_LENGTH - 1, 2, -1):
            if self._standing("code", code[:length]):
                return self._extended(code), code[:length]
        return None

    def _standing(self, column: str, code: str) -> list[tuple[object, ...]]:
        return self._store.query(
            f"SELECT code, kind, title, parent FROM {self._places.table} "  # noqa: S608 - own names
            f"WHERE {column} = ? AND {STANDING} ORDER BY position",
            code,
            *self._places.values,
        )

    def _made(self, code: object, kind: object, title: object) -> Place:
        below_section = kind not in {"chapter", "section"}
        return _place(code, kind, title, below_section and self._valid(str(code)))

    def _extended(self, code: str) -> Place:
        title = any_title(self._store, _SYSTEM, code, on=self._day)
        return _place(code, "extended", "" if title is None else title.text, True)

    def _valid(self, code: str) -> bool:
        return is_valid(self._store, _SYSTEM, code, on=self._day)


def _place(code: object, kind: object, title: object, billable: object) -> Place:
    return Place(
        code=str(code),
        dotted=f"chapter {code}" if kind == "chapter" else dotted(str(code)),
        kind=str(kind),
        title=str(title),
        billable=bool(billable),
    )
