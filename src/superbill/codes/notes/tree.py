"""The tabular list of a day as a tree, read a category at a time, with ranges as it orders them.

The list, not the alphabet, says what lies between two codes: D3A stands before D37 and after
D36, so that D37-D48 does not hold it. Codes spelled out with a seventh character are not kept;
they belong to the code without it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Self

from superbill.codes.editions import STANDING, Edition, edition
from superbill.codes.notes.grammar import Clause, Mention
from superbill.store.open import Store


class Node(NamedTuple):
    """A place: chapter, section, category or subcategory, with the order in the list."""

    code: str
    kind: str
    parent: str
    position: int
    title: str


class Test(NamedTuple):
    """Codes that begin with one of ``prefixes`` and pass ``clause``."""

    prefixes: frozenset[str]
    clause: Clause

    def holds(self, code: str) -> bool:
        """Whether the plain ``code`` is one of them."""
        return _begins(code, self.prefixes) and _passes(code, self.clause)


class Target(NamedTuple):
    """A set of codes: all that begin with one of ``prefixes``, and those that pass a test."""

    prefixes: frozenset[str] = frozenset()
    tests: tuple[Test, ...] = ()

    def holds(self, code: str) -> bool:
        """Whether the plain ``code`` is one of them."""
        return _begins(code, self.prefixes) or (
            bool(self.tests) and any(test.holds(code) for test in self.tests)
        )

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.tests)

    def __or__(self, other: Target) -> Target:
        if not self.tests or not other.tests:
            return Target(self.prefixes | other.prefixes, self.tests or other.tests)
        by_clause = {test.clause: test.prefixes for test in self.tests}
        for test in other.tests:
            known = by_clause.get(test.clause, frozenset())
            by_clause[test.clause] = known | test.prefixes
        tests = tuple(Test(prefixes, clause) for clause, prefixes in by_clause.items())
        return Target(self.prefixes | other.prefixes, tests)

    @property
    def categories(self) -> frozenset[str]:
        """The categories (three characters) that hold any of its codes."""
        found = {prefix[:3] for prefix in self.prefixes}
        for test in self.tests:
            found |= {prefix[:3] for prefix in test.prefixes}
        return frozenset(found)


NO_TARGET = Target()


def _begins(code: str, prefixes: frozenset[str]) -> bool:
    # Spelled out, since it is asked of every pair of codes that may matter to each other.
    return (
        code[:3] in prefixes
        or code[:4] in prefixes
        or code[:5] in prefixes
        or code[:6] in prefixes
        or code in prefixes
    )


def _passes(code: str, clause: Clause) -> bool:
    match clause.how:
        case "place":
            return code.startswith(clause.values, clause.place - 1)
        case "intent":
            # The intent of a poisoning is the last character before the seventh that is no X.
            stem = code[:6].rstrip("X")
            return len(stem) >= 5 and stem[-1] in clause.values
        case "ends":
            return code[3:].endswith(clause.values)
        case "goes on":
            return code[3:].startswith(clause.values)


class Tree:
    """The list as it stood on a day. ``source`` says which, and whether it speaks for the day."""

    def __init__(self, store: Store, held: Edition) -> None:
        self._store = store
        self._places = held.places
        self.source = held.source
        self.notes = held.notes
        self._above: dict[str, Node] = {}
        self._order: list[str] = []
        self._categories: dict[str, dict[str, Node]] = {}
        rows = store.query(
            f"SELECT code, kind, parent, position, title FROM {held.places.table} "  # noqa: S608
            f"WHERE {STANDING} AND kind IN ('chapter', 'section', 'category') ORDER BY position",
            *held.places.values,
        )
        for row in rows:
            node = _node(row)
            self._above[node.code] = node
            if node.kind == "category":
                self._order.append(node.code)
        self._place = {code: place for place, code in enumerate(self._order)}

    @classmethod
    def on(cls, store: Store, day: date) -> Self | None:
        """The list of the day, else the nearest one held; ``None`` where none is held."""
        held = edition(store, day)
        return None if held is None else cls(store, held)

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category, in the order of the list."""
        return tuple(self._order)

    def bit(self, category: str) -> int:
        """The category as one bit of a whole number; 0 where the list has none such."""
        place = self._place.get(category)
        return 0 if place is None else 1 << place

    def mask(self, target: Target) -> int:
        """The categories that hold any of its codes, as bits."""
        found = 0
        for category in target.categories:
            found |= self.bit(category)
        return found

    def below(self, category: str) -> dict[str, Node]:
        """The category and what lies below it, in the order of the list."""
        found = self._categories.get(category)
        if found is None:
            found = self._categories[category] = {}
            if category in self._place:
                rows = self._store.query(
                    "SELECT code, kind, parent, position, title "  # noqa: S608 - own names
                    f"FROM {self._places.table} WHERE code >= ? AND code < ? AND {STANDING} "
                    "AND kind IN ('category', 'subcategory') ORDER BY position",
                    category,
                    category + "[",
                    *self._places.values,
                )
                for row in rows:
                    node = _node(row)
                    found[node.code] = node
        return found

    def node(self, code: str) -> Node | None:
        """The place that bears ``code``: a chapter's number, a section's range, a code."""
        found = self._above.get(code)
        if found is None and len(code) > 3:
            found = self.below(code[:3]).get(code)
        return found

    def nearest(self, code: str) -> Node | None:
        """The place of a code, or of the longest beginning of it that the list has.

        That is also the code without its seventh character and the X that fills it up.
        """
        below = self.below(code[:3])
        for length in range(len(code), 2, -1):
            if code[:length] in below:
                return below[code[:length]]
        return None

    def path(self, code: str) -> tuple[Node, ...]:
        """The places from the chapter down to that of the code; empty where there is none."""
        node = self.nearest(code)
        found: list[Node] = []
        while node is not None:
            found.append(node)
            node = self.node(node.parent) if node.parent else None
        return tuple(reversed(found))

    def children(self, code: str) -> tuple[Node, ...]:
        """The places directly below a category or subcategory."""
        return tuple(node for node in self.below(code[:3]).values() if node.parent == code)

    def target(self, mention: Mention) -> Target:
        """The codes that a mention names. What the list does not know is taken as it is written."""
        prefixes = self._between(mention.first, mention.last)
        clause = mention.clause
        if clause is None:
            return Target(prefixes)
        if clause.how == "goes on" and all(len(prefix) == 3 for prefix in prefixes):
            return Target(frozenset(a + b for a in prefixes for b in clause.values))
        return Target(tests=(Test(prefixes, clause),))

    def missing(self, mention: Mention) -> tuple[str, ...]:
        """The ends of a mention that are no place of the list (nor a code with its seventh)."""
        ends = dict.fromkeys((mention.first, mention.last))
        return tuple(end for end in ends if not self._known(end))

    def _known(self, code: str) -> bool:
        if self.node(code) is not None:
            return True
        near = self.nearest(code)
        # A placeholder may be written: T36.0X stands in the list, S06.0X- does too.
        return near is not None and not code[len(near.code) :].strip("X")

    def _between(self, first: str, last: str) -> frozenset[str]:
        if first == last:
            return frozenset((first,))
        if first[:3] == last[:3]:
            return frozenset(self._within(first[:3], first, last))
        found = self._categories_between(first[:3], last[:3])
        if len(first) > 3:
            found = (found - {first[:3]}) | self._within(first[:3], first, "")
        if len(last) > 3:
            found = (found - {last[:3]}) | self._within(last[:3], "", last)
        return frozenset(found)

    def _categories_between(self, first: str, last: str) -> set[str]:
        """The categories from ``first`` to ``last`` as the list orders them.

        The alphabet orders them where the list has no such end (U00-U49 begins with U07), or where
        the end has a letter: J4A stands before J45 in the list, and J40-J4A holds J45 all the same.
        """
        start, end = self._place.get(first), self._place.get(last)
        found = set() if start is None or end is None else set(self._order[start : end + 1])
        if start is None or end is None or last[2].isalpha():
            found |= {code for code in self._order if first <= code <= last}
        return found

    def _within(self, category: str, first: str, last: str) -> set[str]:
        """The uppermost places of one category from ``first`` (or the start) to ``last``."""
        found: set[str] = set()
        for code, node in self.below(category).items():
            if code == category:
                continue
            begun = not first or code[: len(first)] >= first
            over = last and code[: len(last)] > last
            # A place above the last code named goes on beyond it.
            above = bool(last) and last.startswith(code) and code != last
            if begun and not over and not above and node.parent not in found:
                found.add(code)
        return found


def _node(row: tuple[object, ...]) -> Node:
    code, kind, parent, position, title = row
    return Node(str(code), str(kind), str(parent), int(str(position)), str(title))
