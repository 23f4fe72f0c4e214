"""What a guide says, as values: elements, segments and loops. Made from the tables beside it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Usage = Literal["R", "S", "N"]
"""Required, situational, not used."""

UNLIMITED = 0


class Note(NamedTuple):
    """A relational note, such as P0304: its letter, and the places (from 1) that it relates."""

    kind: str
    places: tuple[int, ...]

    def __str__(self) -> str:
        return self.kind + "".join(f"{place:02}" for place in self.places)


class Element(NamedTuple):
    """One element as a guide uses it.

    ``number`` is its data element or composite in the dictionary. ``kind`` is AN, ID, R, N0 to N2,
    DT or TM, and empty for a composite, which has ``parts``. ``codes`` is empty where any value
    will do. ``pattern`` is a regular expression that the whole value must fit, if it is not empty.
    """

    usage: Usage
    number: str
    kind: str
    least: int
    most: int
    codes: tuple[str, ...] = ()
    pattern: str = ""
    repeat: int = 1
    parts: tuple[Element, ...] = ()
    notes: tuple[Note, ...] = ()


class Segment(NamedTuple):
    """One segment as a guide uses it in one place.

    ``repeat`` is how often it may come there, :data:`UNLIMITED` for any number. ``place`` is its
    order in the loop: what has the same place may come in any order. ``elements`` are all that
    the dictionary has, in order.
    """

    id: str
    usage: Usage
    repeat: int
    place: int
    elements: tuple[Element, ...]
    notes: tuple[Note, ...]

    @property
    def key(self) -> tuple[int, int] | None:
        """Where the code is that tells segments of one name apart: (element, component or 0)."""
        if self.id == "HL":
            return (3, 0)
        if not self.elements:
            return None
        first = self.elements[0]
        if first.codes and first.usage == "R":
            return (1, 0)
        if first.parts and first.parts[0].codes and first.usage == "R":
            return (1, 1)
        return None

    @property
    def key_codes(self) -> tuple[str, ...]:
        """The codes allowed at :attr:`key`; empty without one."""
        key = self.key
        if key is None:
            return ()
        element = self.elements[key[0] - 1]
        return (element.parts[key[1] - 1] if key[1] else element).codes


class Loop(NamedTuple):
    """A loop: what it is in plain words, and its segments and loops in order."""

    id: str
    words: str
    usage: Usage
    repeat: int
    place: int
    children: tuple[Segment | Loop, ...]


class Table(NamedTuple):
    """One guide as it is written down: which transaction it is of, and its outermost loop."""

    name: str
    set_id: str
    group: str
    version: str
    also: tuple[str, ...]
    root: Loop
