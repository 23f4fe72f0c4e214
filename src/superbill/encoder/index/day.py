"""The index of a day, read from the reference store as it is asked for.

Nothing is loaded when it is opened. The index is dated as everything is: a day that the store
does not cover raises :class:`~superbill.errors.NotCovered`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from superbill.encoder.index.entry import BOOKS, IndexEntry
from superbill.encoder.index.names import TIERS, called, loose
from superbill.sources.icd10cm_printed import essential_title, title_key
from superbill.store.open import Store
from superbill.store.release import Release

_DATASETS = {
    "diseases": "icd10cm.index",
    "external causes": "icd10cm.external_causes",
    "drugs": "icd10cm.drugs",
    "neoplasms": "icd10cm.neoplasms",
}
# How many characters at the start of a word two endings of it have in common.
_START = 4
_SEARCHES = 4
_WORD = re.compile(r"[^\W_]+")
PLACEMENTS = "icd10cm.index_placements"
_INDEX_COLUMNS = "code, manifestation, see, see_also"
_HEAD = "node, parent, level, title"
_TAIL = "source, valid_from, valid_to"


class Placement(NamedTuple):
    """What became of one line of the addenda, or of an entry of a newly published index.

    ``outcome`` is ``placed``, ``placed nearby`` (it does not read exactly as the entry did),
    ``already so``, ``not placed``, or ``differs`` (a published index says otherwise than the one
    carried forward).
    """

    book: str
    source: str
    effective: date
    page: int
    line: int
    action: str
    text: str
    outcome: str
    reason: str


class Index:
    """The ICD-10-CM index and tables of every day that ``store`` covers."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def on(self, day: date) -> DayIndex:
        """The index as it stands on ``day``.

        Raises :class:`~superbill.errors.NotCovered` where the index of the day is not held.
        """
        return DayIndex(self.store, on=day)

    def placements(self, *, outcome: str = "", book: str = "") -> list[Placement]:
        """What became of the lines of all addenda, of one ``outcome`` and ``book`` if named."""
        names = ", ".join(Placement._fields)
        rows = self.store.query(
            f"SELECT {names} FROM {self.store.info(PLACEMENTS).table} "  # noqa: S608 - own names
            "WHERE (? = '' OR outcome = ?) AND (? = '' OR book = ?) ORDER BY position",
            *(outcome, outcome, book, book),
        )
        return [_placement(row) for row in rows]

    def past(
        self, titles: Sequence[str], *, before: date, book: str = "diseases"
    ) -> list[IndexEntry]:
        """Entries with these titles, main term first, that ended before ``before``; last first.

        Titles are compared without their modifiers.
        """
        info = self.store.info(_DATASETS[book])
        found: list[IndexEntry] = []
        parents: set[int] | None = None
        for place, title in enumerate(titles):
            rows = self.store.query(
                f"SELECT {_columns(book, info.columns)}, release FROM {info.table} "  # noqa: S608
                "WHERE essential_key = ? AND level = ? AND valid_from < ?",
                *(title_key(essential_title(title)), place, before.isoformat()),
            )
            found = [_entry(book, row[:-1]) for row in rows if parents is None or row[1] in parents]
            parents = {entry.node for entry in found}
        ended = [entry for entry in found if entry.valid_to <= before]
        return sorted(ended, key=lambda entry: entry.valid_to, reverse=True)


class DayIndex:
    """The index and tables of ICD-10-CM as they stand on ``day``."""

    def __init__(self, store: Store, *, on: date) -> None:
        self.store = store
        self.day = on
        self._releases: dict[str, Release] = {}
        self._mains: dict[str, dict[str, list[IndexEntry]]] = {}
        self._words: dict[str, dict[str, list[IndexEntry]]] = {}
        self._searched = 0
        self.release("diseases")

    def release(self, book: str) -> Release:
        """The release that answers for a book; ``NotCovered`` where none does."""
        if book not in self._releases:
            self._releases[book] = self.store.release(_DATASETS[book], on=self.day)
        return self._releases[book]

    def holds(self, book: str) -> bool:
        """Whether a book is held for the day."""
        return self.store.covers(_DATASETS[book], on=self.day)

    def main_terms(self, text: str, *, book: str = "diseases") -> list[IndexEntry]:
        """The main terms that may be called ``text``, the closest names first.

        "abdominal" finds "Abdomen, abdominal", and "complications" finds "Complication(s)".
        """
        if text not in self._mains.setdefault(book, {}):
            word = max(loose(text).split() or title_key(text).split() or [""], key=len)
            if not word:
                return []
            candidates = self._with_word(book, word[:_START])
            ranked = [(called(entry.plain_title, text), entry) for entry in candidates]
            found = sorted((pair for pair in ranked if pair[0] < TIERS), key=lambda pair: pair[0])
            self._mains[book][text] = [entry for _, entry in found]
        return self._mains[book][text]

    def _with_word(self, book: str, start: str) -> list[IndexEntry]:
        """The main terms that have a word with this start, modifiers included.

        Names share the start of their longest word with the title, whatever its ending. The first
        few are searched for; after that all main terms are held by their words.
        """
        held = self._words.get(book)
        if held is None:
            self._searched += 1
            if self._searched <= _SEARCHES:
                where = "parent = 0 AND title_key LIKE ? ESCAPE '!'"
                return list(self._select(book, where, f"%{_literal(start)}%"))
            held = self._words[book] = {}
            for entry in self._select(book, "parent = 0"):
                for each in {word[:_START] for word in _WORD.findall(title_key(entry.title))}:
                    held.setdefault(each, []).append(entry)
        if len(start) == _START:
            return held.get(start, [])
        found = (
            entry for key, entries in held.items() if key.startswith(start) for entry in entries
        )
        return list(dict.fromkeys(found))

    def children(self, entry: IndexEntry) -> list[IndexEntry]:
        """The terms below ``entry``, in order of print."""
        return list(self._select(entry.book, "parent = ?", entry.node))

    def below(self, entry: IndexEntry) -> list[IndexEntry]:
        """Every entry below ``entry``, in order of print."""
        table = self.store.info(_DATASETS[entry.book]).table
        ends = self.store.query(
            f"SELECT node FROM {table} WHERE node > ? AND level <= ? AND release = ? "  # noqa: S608
            "ORDER BY node LIMIT 1",
            *(entry.node, entry.level, self.release(entry.book).id),
        )
        end = ends[0][0] if ends else 1 << 40
        return list(self._select(entry.book, "node > ? AND node < ?", entry.node, end))

    def at(self, node: int, *, book: str = "diseases") -> IndexEntry | None:
        """The entry at the place ``node``, where one stands on the day."""
        return next(self._select(book, "node = ?", node), None)

    def path(self, entry: IndexEntry) -> tuple[IndexEntry, ...]:
        """The entries from the main term down to ``entry``, itself included."""
        above = [entry]
        while above[-1].parent:
            parent = self.at(above[-1].parent, book=entry.book)
            if parent is None:
                raise LookupError(f"{entry.title}: no entry stands above it on {self.day}")
            above.append(parent)
        return tuple(reversed(above))

    def for_code(self, code: str, *, book: str = "diseases") -> list[IndexEntry]:
        """The entries that lead to ``code`` (dotted or not): to itself, or to a stem of it."""
        plain = code.replace(".", "").upper()
        stems = [plain, *(f"{plain[:size]}-" for size in range(3, len(plain)))]
        places = ", ".join("?" * len(stems))
        return list(self._select(book, f"code IN ({places})", *stems))

    def entries(self, *, book: str = "diseases") -> Iterator[tuple[tuple[str, ...], IndexEntry]]:
        """Every entry of the day in order of print, with the titles of its path as printed."""
        paths: dict[int, tuple[str, ...]] = {0: ()}
        for entry in self._select(book, "1 = 1"):
            path = (*paths[entry.parent], entry.title)
            paths[entry.node] = path
            yield path, entry

    def _select(self, book: str, where: str, *values: object) -> Iterator[IndexEntry]:
        info = self.store.info(_DATASETS[book])
        day = self.day.isoformat()
        rows = self.store.query(
            f"SELECT {_columns(book, info.columns)} FROM {info.table} "  # noqa: S608 - own names
            f"WHERE {where} AND release = ? AND valid_from <= ? AND valid_to > ? ORDER BY node",
            *(*values, self.release(book).id, day, day),
        )
        return (_entry(book, row) for row in rows)


def _columns(book: str, columns: object) -> str:
    if book in {"drugs", "neoplasms"}:
        cells = ", ".join(_cells(columns))
        return f"{_HEAD}, '', '', see, see_also, {cells}, {_TAIL}"
    return f"{_HEAD}, {_INDEX_COLUMNS}, {_TAIL}"


def _literal(text: str) -> str:
    """The text for a LIKE, its wildcards taken as they are."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _cells(columns: object) -> list[str]:
    names = list(columns) if isinstance(columns, dict) else []
    return names[names.index("see_also") + 1 : names.index("source")]


_DAYS: dict[str, date] = {}


def _day(text: object) -> date:
    key = str(text)
    if key not in _DAYS:
        _DAYS[key] = date.fromisoformat(key)
    return _DAYS[key]


def _entry(book: str, row: Sequence[object]) -> IndexEntry:
    node, parent, level, title, code, manifestation, see, see_also, *cells = row[:-3]
    return IndexEntry(
        book,
        int(str(node)),
        int(str(parent)),
        int(str(level)),
        str(title),
        str(code),
        str(manifestation),
        str(see),
        str(see_also),
        tuple(str(cell) for cell in cells),
        str(row[-3]),
        _day(row[-2]),
        _day(row[-1]),
    )


def _placement(row: Sequence[object]) -> Placement:
    book, source, effective, page, line, *texts = row
    return Placement(
        str(book), str(source), _day(effective), int(str(page)), int(str(line)), *map(str, texts)
    )


__all__ = ["BOOKS", "DayIndex", "Index", "Placement"]
