"""Levels in the making: those of the same key that follow one another are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A level on the way to what is written: its code, what tells it apart, its segments."""

    code: str
    key: object
    segments: list[str]


class Node:
    """One level."""

    __slots__ = ("below", "code", "key", "segments")

    def __init__(self, step: Step) -> None:
        self.code = step.code
        self.key = step.key
        self.segments = list(step.segments)
        self.below: list[Node] = []


class Tree:
    """All levels of a transaction."""

    def __init__(self) -> None:
        self.roots: list[Node] = []

    def at(self, path: Sequence[Step]) -> Node:
        """The last level of a path.

        Levels are shared with what was written right before, but for a last level that has others
        below it: what is added to it would come before them.
        """
        beside = self.roots
        node: Node | None = None
        for place, step in enumerate(path):
            held = beside[-1] if beside else None
            last = place == len(path) - 1
            same = held is not None and (held.code, held.key) == (step.code, step.key)
            if held is None or not same or (last and held.below):
                held = Node(step)
                beside.append(held)
            node, beside = held, held.below
        assert node is not None
        return node

    def segments(self, mark: str) -> list[str]:
        """Everything, each level numbered and hung on the one above."""
        made: list[str] = []
        numbers = iter(range(1, 10**9))

        def lay(nodes: list[Node], above: str) -> None:
            for node in nodes:
                number = str(next(numbers))
                made.append(mark.join(("HL", number, above, node.code, str(int(bool(node.below))))))
                made.extend(node.segments)
                lay(node.below, number)

        lay(self.roots, "")
        return made
