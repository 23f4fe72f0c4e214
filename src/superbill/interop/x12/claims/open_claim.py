"""A claim that is being read, and where it began."""

from __future__ import annotations

from typing import Any, NamedTuple

from superbill.interop.x12.passages import Passage
from superbill.model import Extra, Provider


class Held(NamedTuple):
    """Where text begins that was held over to the next passage: a segment of its own passage."""

    passage: Passage
    segment: int

    def byte(self) -> int:
        """The byte, which is worked out when it is asked for."""
        return self.passage.place(self.segment)


class Place(NamedTuple):
    """Where a loop begins: worked out when it is asked for.

    ``levels`` are all levels of a passage, of which ``level`` is that of the loop, and ``chunks``
    the loops of that one. ``before`` of their segments were ``held`` over from an earlier passage.
    """

    passage: Passage
    levels: list[str]
    level: int
    chunks: list[str]
    chunk: int
    before: int
    held: Held | None
    after: str

    def byte(self) -> int:
        """The byte."""
        before = (*self.levels[: self.level], *self.chunks[: self.chunk])
        segment = sum(text.count(self.after) + 1 for text in before) - self.before
        if segment < 0 and self.held is not None:
            return self.held.byte()
        return self.passage.place(max(segment, 0))


class OpenClaim:
    """The claim that is being read."""

    __slots__ = ("extra", "fields", "lines", "others", "place", "providers", "wrong")

    def __init__(self, place: Place | Held) -> None:
        self.fields: dict[str, Any] = {}
        self.place = place
        self.extra: tuple[Extra, ...] = ()
        self.providers: list[Provider] = []
        self.others: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.wrong = ""


def bad_line(lines: list[dict[str, Any]]) -> str:
    """Which line has not what a line must have: its segment is not there, or is not sound."""
    bad = next(i for i, line in enumerate(lines, 1) if not {"number", "charge"} <= line.keys())
    return f"Its line {bad} has no number, or no charge that is an amount."
