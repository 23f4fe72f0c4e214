"""A guide as a machine: from the segment that was read last, where can the next one stand?

Made from a table when its guide is first used. A :class:`Node` is a segment in its place; a
:class:`Step` leads to one, closing loops and opening one. What may follow a node is worked out
when it is first asked for, and kept.

The order of search is that of the standard: the rest of the loop, then the loops inside it, then
the same for each loop around it, from the place where the inner one stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from superbill.interop.x12.guides.spec import Loop, Segment, Table
from superbill.interop.x12.guides.table import read_table

GUIDES = ("837P", "837I", "837D", "835", "270", "271", "276", "277", "277CA", "999")
"""The guides of this folder, by the names of their files."""


class LoopNode:
    """A loop in its place.

    ``bit`` is its own in the mask of the loop around it, ``path`` the identifiers of the loops
    around it and of itself, the outermost first, ``levels`` how many of them begin with an HL.
    """

    __slots__ = ("bit", "children", "head", "id", "levels", "parent", "path", "required", "spec")

    def __init__(self, spec: Loop, parent: LoopNode | None, bit: int) -> None:
        self.spec = spec
        self.id = spec.id
        self.parent = parent
        self.bit = bit
        self.path: tuple[str, ...] = (*(() if parent is None else parent.path), spec.id)
        above = 0 if parent is None else parent.levels
        self.levels: int = above + (spec.children[0].id == "HL")
        self.children: list[Node | LoopNode] = []
        self.required = 0
        self.head: Node


class Node:
    """A segment in its place.

    ``form`` numbers what its text must look like: nodes that must look alike share it. ``next``
    keeps what may follow, by identifier.
    """

    __slots__ = ("bit", "form", "id", "index", "loop", "next", "repeat", "spec")

    def __init__(self, spec: Segment, loop: LoopNode, bit: int, index: int, form: int) -> None:
        self.spec = spec
        self.id = spec.id
        self.loop = loop
        self.bit = bit
        self.index = index
        self.form = form
        self.repeat = spec.repeat
        self.next: dict[str, Follow] = {}

    @property
    def is_head(self) -> bool:
        """Whether the segment opens its loop."""
        return self.loop.head is self


class Step(NamedTuple):
    """The way to a segment: close ``closes`` loops, open ``opens`` if there is one.

    In the loop that stays open, ``due`` are the bits of what is required before this place,
    ``bit`` is that of the segment or of the loop it opens, and ``most`` how often that may come.
    """

    node: Node
    closes: int
    opens: LoopNode | None
    due: int
    bit: int
    most: int


class Follow:
    """Where segments of one identifier may stand next.

    ``steps`` are all the ways ahead, the nearest first, and ``misplaced`` those that would have
    been right earlier. ``at`` is where the code is that tells them apart: an element, or, below
    zero, the first component of an element; 0 where nothing does. ``by_code`` has the ways for each
    code, and ``sole`` the way for a code that has just one (any code, written ``""``, where ``at``
    is 0).
    """

    __slots__ = ("at", "by_code", "misplaced", "sole", "steps")

    def __init__(self, steps: tuple[Step, ...], misplaced: tuple[Step, ...]) -> None:
        self.steps = steps
        self.misplaced = misplaced
        keys = {step.node.spec.key for step in (*steps, *misplaced)}
        key = keys.pop() if len(keys) == 1 else None
        self.at = 0 if key is None else -key[0] if key[1] else key[0]
        self.by_code: dict[str, tuple[Step, ...]] = {}
        if self.at:
            for step in steps:
                for code in step.node.spec.key_codes:
                    self.by_code[code] = (*self.by_code.get(code, ()), step)
        elif steps:
            self.by_code[""] = steps
        self.sole = {code: found[0] for code, found in self.by_code.items() if len(found) == 1}


class Guide:
    """One implementation guide, ready for use."""

    __slots__ = ("_orphans", "forms", "ids", "name", "nodes", "root", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.name = table.name
        self.nodes: list[Node] = []
        self.forms: list[Segment] = []
        self._orphans: dict[str, list[Node]] = {}
        forms: dict[tuple[object, ...], int] = {}
        self.root = self._loop(table.root, None, 1, forms)
        self.ids = frozenset(node.id for node in self.nodes)

    @property
    def start(self) -> Node:
        """The ST."""
        return self.root.head

    def _loop(
        self, spec: Loop, parent: LoopNode | None, bit: int, forms: dict[tuple[object, ...], int]
    ) -> LoopNode:
        loop = LoopNode(spec, parent, bit)
        own = 1
        for child in spec.children:
            if isinstance(child, Loop):
                inner = self._loop(child, loop, own, forms)
                loop.children.append(inner)
            else:
                key = (child.id, child.elements, child.notes)
                form = forms.setdefault(key, len(forms))
                if form == len(self.forms):
                    self.forms.append(child)
                node = Node(child, loop, own, len(self.nodes), form)
                self.nodes.append(node)
                loop.children.append(node)
                if len(loop.children) == 1:
                    loop.head = node
            if child.usage == "R":
                loop.required |= own
            own <<= 1
        return loop

    def follow(self, node: Node, name: str) -> Follow | None:
        """Where a segment called ``name`` may stand after ``node``; ``None`` if nowhere."""
        found = node.next.get(name)
        if found is None and name in self.ids:
            found = _follow(node, name)
            node.next[name] = found
        return found

    def homes(self, name: str) -> list[Node]:
        """The places of a segment that comes only in one kind of loop, and is not its first."""
        if name not in self._orphans:
            nodes = [node for node in self.nodes if node.id == name]
            only = len({node.loop.id for node in nodes}) == 1
            self._orphans[name] = [n for n in nodes if not n.is_head] if only else []
        return self._orphans[name]


def _follow(node: Node, name: str) -> Follow:
    return Follow(tuple(_ahead(node, name)), tuple(_behind(node, name)))


def _ahead(node: Node, name: str) -> Iterator[Step]:
    loop: LoopNode | None = node.loop
    place, closes = node.spec.place, 0
    while loop is not None:
        for child in loop.children:
            if child.spec.place >= place and (step := _step(child, name, closes, loop)):
                yield step
        place, loop = loop.spec.place, loop.parent
        closes += 1


def _behind(node: Node, name: str) -> Iterator[Step]:
    loop: LoopNode | None = node.loop
    place, closes = node.spec.place, 0
    while loop is not None:
        for child in loop.children:
            if child.spec.place < place and (step := _step(child, name, closes, loop)):
                yield step
        place, loop = loop.spec.place, loop.parent
        closes += 1


def _step(child: Node | LoopNode, name: str, closes: int, loop: LoopNode) -> Step | None:
    """A step to ``child`` in ``loop``, or into it, if a segment called ``name`` leads there."""
    if isinstance(child, LoopNode):
        if child.head.id != name:
            return None
        due = _due(loop, child.spec.place)
        return Step(child.head, closes, child, due, child.bit, child.spec.repeat)
    if child.id != name or child.is_head:
        return None
    due = _due(loop, child.spec.place)
    return Step(child, closes, None, due, child.bit, child.repeat)


def _due(loop: LoopNode, place: int) -> int:
    due = 0
    for child in loop.children:
        if child.spec.usage == "R" and child.spec.place < place:
            due |= child.bit
    return due


@cache
def guide(name: str) -> Guide:
    """The guide of one of :data:`GUIDES`, or the ``envelope``."""
    return Guide(read_table(name))


@cache
def versions() -> dict[tuple[str, str], tuple[str, bool]]:
    """Guides by set and version: the name, and whether the version is the guide's own.

    Only heads of tables are read.
    """
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for name, set_id, version, also in HEADS:
        found[set_id, version] = (name, True)
        for other in also:
            found[set_id, other] = (name, False)
    return found


class _Head(NamedTuple):
    name: str
    set_id: str
    version: str
    also: tuple[str, ...]


HEADS = (
    _Head("837P", "837", "005010X222A1", ("005010X222", "005010X222A2")),
    _Head("837I", "837", "005010X223A2", ("005010X223", "005010X223A1", "005010X223A3")),
    _Head("837D", "837", "005010X224A2", ("005010X224", "005010X224A1", "005010X224A3")),
    _Head("835", "835", "005010X221A1", ("005010X221",)),
    _Head("270", "270", "005010X279A1", ("005010X279",)),
    _Head("271", "271", "005010X279A1", ("005010X279",)),
    _Head("276", "276", "005010X212", ("005010X212E1",)),
    _Head("277", "277", "005010X212", ("005010X212E1",)),
    _Head("277CA", "277", "005010X214", ()),
    _Head("999", "999", "005010X231A1", ("005010X231",)),
)
"""What each table says of itself, so that a version is known before any table is read."""
