"""The index of ICD-10-PCS: from the words of an operation to the beginning of a code.

The index is of the tables' own year, as they are. A term leads to first characters of codes, to
another term, or to the official label that a word stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.codes.titles import distance
from superbill.encoder.index.names import TIERS, called, loose, stems
from superbill.encoder.pcs.builder import Builder
from superbill.encoder.pcs.definitions import Definitions, Key
from superbill.errors import Invalid
from superbill.store.open import Store

INDEX = "icd10pcs.index"
_LONGEST = 500
_MOST_WORDS = 12


class UnknownTerm(Invalid):
    """The index has no such term."""


class PcsTerm(NamedTuple):
    """A term: its place, the place above (0 for a main term), and where it leads.

    ``prefix`` are the first characters of codes, of its own or of what it refers to by ``see``;
    ``use`` is the official label that the word stands for.
    """

    position: int
    parent: int
    level: int
    title: str
    see: str
    use: str
    prefix: str


class Lead(NamedTuple):
    """Where a search ended: the path of titles, the first characters, and how many codes.

    ``use`` holds the official label that the word stands for, with the axes that it may be a
    value of (``keys``); there is then no prefix.
    """

    path: tuple[str, ...]
    prefix: str
    codes: int
    use: str = ""
    keys: tuple[Key, ...] = ()


class PcsIndex:
    """The index held for a day, else the nearest.

    Raises :class:`~superbill.errors.NotCovered` where none is held.
    """

    def __init__(self, store: Store, *, on: date) -> None:
        held = store.coverage(INDEX)
        if not held:
            raise store.not_covered(INDEX, on=on)
        self._store = store
        self._table = store.info(INDEX).table
        self._release = min(held, key=lambda item: distance(item[0], on))[1].id
        self._builder = Builder(store, on=on)
        self._definitions = Definitions(store, on=on)

    def main_terms(self, text: str) -> list[PcsTerm]:
        """The main terms that may be called ``text``, the closest names first."""
        words = loose(text).split()
        if not words:
            return []
        word = max(words, key=len)[:4]
        terms = self._select("parent = 0 AND title LIKE ?", f"%{word.replace('%', '')}%")
        ranked = [(called(term.title, text), term) for term in terms]
        return [term for tier, term in sorted(ranked, key=lambda p: p[0]) if tier < TIERS]

    def children(self, term: PcsTerm) -> list[PcsTerm]:
        """The terms below ``term``, in order of print."""
        return list(self._select("parent = ?", term.position))

    def leads(self, text: str) -> list[Lead]:
        """Where a term leads: ``bypass, artery, coronary``; every way on from there.

        Without commas, the words may stand in any order: "coronary artery bypass". Raises
        :class:`~superbill.errors.Invalid` where the index has no such term.
        """
        if not loose(text):
            raise Invalid.at("index", "there are no words in it.", "Write a term: bypass, artery")
        if len(text) > _LONGEST:
            raise Invalid.at(
                "index",
                f"it has {len(text):,} characters; a term has at most {_LONGEST}.",
                "Write one term at a time.",
            )
        parts = [part.strip() for part in text.split(",") if part.strip()]
        for size in range(len(parts), 0, -1):
            for main in self.main_terms(", ".join(parts[:size])):
                term, path = main, [main.title]
                for part in parts[size:]:
                    below = [(called(child.title, part), child) for child in self.children(term)]
                    tier, child = min(below, key=lambda pair: pair[0], default=(TIERS, term))
                    if tier == TIERS:
                        break
                    term = child
                    path.append(child.title)
                else:
                    return list(dict.fromkeys(self._from(term, tuple(path), 0)))
        found = [lead for term, path in self._by_words(text) for lead in self._from(term, path, 0)]
        if found:
            return list(dict.fromkeys(found))
        said = f"the ICD-10-PCS index has no term {text[:60]!r}."
        raise UnknownTerm.at("index", said, "Try its root operation: excision, appendix.")

    def _by_words(self, text: str) -> list[tuple[PcsTerm, tuple[str, ...]]]:
        """The highest terms whose path says every word; of those the ones with fewest besides."""
        words = text.replace(",", " ").split()
        found: list[tuple[int, int, PcsTerm, tuple[str, ...]]] = []
        if not 1 < len(words) <= _MOST_WORDS:
            return []
        wanted = frozenset(stems(text))
        mains = {term.position: term for word in words for term in self.main_terms(word)}
        for main in mains.values():
            said = frozenset(stems(main.title))
            if wanted & said:
                self._cover(main, (main.title,), wanted - said, len(said - wanted), found)
        best = min(((level, extra) for level, extra, _, _ in found), default=None)
        return [(term, path) for level, extra, term, path in found if (level, extra) == best]

    def _cover(
        self,
        term: PcsTerm,
        path: tuple[str, ...],
        wanted: frozenset[str],
        extra: int,
        found: list[tuple[int, int, PcsTerm, tuple[str, ...]]],
    ) -> None:
        if not wanted:
            found.append((len(path), extra, term, path))
            return
        for child in self.children(term):
            own = frozenset(stems(child.title))
            besides = extra + len(own - wanted)
            self._cover(child, (*path, child.title), wanted - own, besides, found)

    def _from(self, term: PcsTerm, path: tuple[str, ...], depth: int) -> Iterator[Lead]:
        if term.prefix:
            yield self._lead(path, term)
        elif term.use:
            label = term.use
            yield Lead(path, "", 0, label, tuple(self._keys(path[-1], label)))
        elif term.see and depth < 5:
            yield from self._seen(term, path, depth)
        for child in self.children(term):
            below = (*path, child.title) if child.title else path
            yield from self._from(child, below, depth)

    def _lead(self, path: tuple[str, ...], term: PcsTerm) -> Lead:
        shown = (*path, f"see {term.see}") if term.see else path
        return Lead(shown, term.prefix, len(self._builder.codes(term.prefix)))

    def _seen(self, term: PcsTerm, path: tuple[str, ...], depth: int) -> Iterator[Lead]:
        parts = [part.strip() for part in re.split(r",", term.see) if part.strip()]
        for main in self.main_terms(parts[0])[:1]:
            seen, titles = main, (*path, f"see {main.title}")
            for part in parts[1:]:
                below = [(called(child.title, part), child) for child in self.children(seen)]
                tier, child = min(below, key=lambda pair: pair[0], default=(TIERS, seen))
                if tier == TIERS:
                    break
                seen, titles = child, (*titles, child.title)
            if seen.position != term.position:
                yield from self._from(seen, titles, depth + 1)

    def _keys(self, word: str, label: str) -> list[Key]:
        return [key for key in self._definitions.key(word) if key.label == label]

    def _select(self, where: str, *values: object) -> Iterator[PcsTerm]:
        rows = self._store.query(
            "SELECT position, parent, level, title, see, use_label, prefix "  # noqa: S608
            f"FROM {self._table} WHERE {where} AND release = ? ORDER BY position",
            *(*values, self._release),
        )
        for position, parent, level, *texts in rows:
            yield PcsTerm(
                int(str(position)), int(str(parent)), int(str(level)), *(str(t) for t in texts)
            )
