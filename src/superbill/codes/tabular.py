"""The place of a diagnosis code in the tabular list, and the notes that bear on it.

A note at a chapter, section, category or subcategory holds for every code below it, with one
exception: an inclusion term names the code at which it stands. The tabular list of the day
counts; where none is held for it, the nearest one, and the answer says so. A code that the list
does not know (one retired since) is put below the longest of its beginnings that the list has.
"""

from __future__ import annotations

from datetime import date

from superbill.codes.answer import From, Note, Place
from superbill.codes.notation import dotted
from superbill.codes.titles import distance, origin
from superbill.store.open import Store
from superbill.store.release import Release

_TABULAR = "icd10cm.tabular"
_NOTES = "icd10cm.notes"
_OWN_ONLY = "inclusionTerm"


class Tabular:
    """One release of the tabular list, opened for a day."""

    def __init__(self, store: Store, release: Release, source: From) -> None:
        self._store = store
        self._release = release
        self.source = source

    @classmethod
    def on(cls, store: Store, day: date, code: str) -> Tabular | None:
        """The list of the day, else the nearest one held that knows ``code``, else ``None``.

        Where none knows it, the nearest one shows where it would stand.
        """
        held = sorted(store.coverage(_TABULAR), key=lambda item: distance(item[0], day))
        lists = [cls(store, release, origin(release, exact=day in span)) for span, release in held]
        if not lists or lists[0].source.exact:
            return lists[0] if lists else None
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

    def children(self, code: str) -> tuple[Place, ...]:
        """The places directly below ``code``, in the order of the list."""
        rows = self._store.query(
            "SELECT code, kind, title, billable FROM icd10cm_tabular "
            "WHERE parent = ? AND release = ? ORDER BY position",
            code,
            self._release.id,
        )
        return tuple(_place(*row) for row in rows)

    def billable_below(self, code: str, limit: int) -> tuple[tuple[str, ...], int]:
        """Valid codes below a heading, the first ``limit``, and how many there are."""
        query = (
            "FROM icd10cm_tabular WHERE code > ? AND code < ? AND release = ? AND billable = 1 "
            "AND kind NOT IN ('chapter', 'section')"
        )
        # Codes sort as text: all that begin with the heading lie before heading + '['.
        bounds = (code, code + "[", self._release.id)
        rows = self._store.query(f"SELECT code {query} ORDER BY code LIMIT {limit}", *bounds)
        (count,) = self._store.query(f"SELECT count(*) {query}", *bounds)[0]
        return tuple(str(row[0]) for row in rows), int(str(count))

    def notes(self, path: tuple[Place, ...], code: str) -> tuple[Note, ...]:
        """Every note that bears on ``code``, nearest place first."""
        release = self._note_release()
        if release is None:
            return ()
        stem = path[-2].code if path and path[-1].kind == "extended" and len(path) > 1 else ""
        found: list[Note] = []
        for place in reversed(path):
            own = place.code in {code, stem}
            rows = self._store.query(
                "SELECT kind, character, text FROM icd10cm_notes "
                "WHERE node = ? AND release = ? ORDER BY position",
                place.code,
                release,
            )
            found += (
                Note(
                    kind=str(kind),
                    text=str(text),
                    at=place.dotted,
                    at_title=place.title,
                    inherited=not own,
                    character=str(character),
                )
                for kind, character, text in rows
                if own or kind != _OWN_ONLY
            )
        return tuple(found)

    def _note_release(self) -> int | None:
        """The notes of the same file."""
        for release in self._store.releases(_NOTES):
            if release.content_sha256 == self._release.content_sha256:
                return release.id
        return None

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


def _place(code: object, kind: object, title: object, billable: object) -> Place:
    return Place(
        code=str(code),
        dotted=f"chapter {code}" if kind == "chapter" else dotted(str(code)),
        kind=str(kind),
        title=str(title),
        billable=bool(billable),
    )
