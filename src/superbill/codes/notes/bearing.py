"""The notes that bear on a code, gathered into instructions that can be followed.

A note at a chapter, a section, a category or a subcategory holds for every code below it. Lines
under one heading ("underlying disease, such as:") are one instruction, which any of them
satisfies; a line that stands alone is one of its own. Read once for each place and kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from superbill.codes.editions import STANDING
from superbill.codes.notation import dotted
from superbill.codes.notes.grammar import Mention, named
from superbill.codes.notes.reading import (
    EXCLUDES,
    INSTRUCTIONS,
    PLAIN,
    UNDERSTOOD,
    Manner,
    Reading,
    read,
)
from superbill.codes.notes.tree import NO_TARGET, Node, Target, Tree
from superbill.store.open import Store

KIND_NAMES = {
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "codeFirst": "Code first",
    "useAdditionalCode": "Use additional code",
    "codeAlso": "Code also",
    "notes": "Note",
    "includes": "Includes",
    "inclusionTerm": "Inclusion term",
    "sevenChrNote": "7th character",
    "sevenChrDef": "7th character",
}
"""The kinds of notes as they are printed."""

_SHOWN = 5
_CLASSIFIABLE = "Conditions classifiable to "


class Line(NamedTuple):
    """One line of a note: its text, the codes it names, and those that it speaks to (or all)."""

    text: str
    target: Target
    applies: Target | None = None


class Instruction(NamedTuple):
    """What a note tells the coder to do, and where it stands.

    ``target`` is every code that its lines name; ``manner`` is as its heading, or its first line,
    says; ``open`` that a line names its condition in words; ``applies`` the codes at the place
    that it speaks to (all, where ``None``). ``place`` is where it stands as people read it ("Code
    first at N18"), ``said`` its heading and its lines, the first of them where there are many.
    """

    kind: str
    node: Node
    lines: tuple[Line, ...]
    target: Target
    manner: Manner = PLAIN
    open: bool = False
    heading: str = ""
    applies: Target | None = None
    place: str = ""
    said: str = ""

    def line(self, code: str) -> Line | None:
        """The first line that names ``code``."""
        return next((line for line in self.lines if line.target.holds(code)), None)


class Unread(NamedTuple):
    """A line that a person has to read: what it says, and why the machine does not act on it.

    ``conditional`` says that it asks for nothing by itself ("if applicable", "any associated").
    """

    kind: str
    node: Node
    text: str
    why: str
    conditional: bool

    @property
    def place(self) -> str:
        """Where it stands, as people read it."""
        return f"{KIND_NAMES[self.kind]} at {place(self.node)}"


class PlaceNotes(NamedTuple):
    """All that stands at one place."""

    excludes1: tuple[Instruction, ...] = ()
    excludes2: tuple[Instruction, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    unread: tuple[Unread, ...] = ()
    classifiable: Target = NO_TARGET


_NOTHING = PlaceNotes()


def place(node: Node) -> str:
    """A place as people write it.

    >>> place(Node("N183", "subcategory", "N18", 1, "Stage 3"))
    'N18.3'
    """
    if node.kind == "chapter":
        return f"chapter {node.code}"
    if node.kind == "section":
        first, _, last = node.code.partition("-")
        return f"block {first if first == last else node.code}"
    return dotted(node.code)


class Notes:
    """The notes of one release of the tabular list, read as they are asked for."""

    def __init__(self, store: Store, tree: Tree) -> None:
        if tree.notes is None:
            raise ValueError("the notes of this list are not held")
        self._store = store
        self._held = tree.notes
        self.tree = tree
        self._categories = frozenset(tree.categories)
        self._places: dict[str, PlaceNotes] = {}
        self._loaded: set[str] = set()
        self._sevenths: dict[str, dict[str, str]] = {}

    def bearing(self, code: str) -> tuple[tuple[Node, PlaceNotes], ...]:
        """The places that hold ``code`` and their notes, the chapter first; empty ones left out."""
        found = ((node, self.at(node)) for node in self.tree.path(code))
        return tuple((node, notes) for node, notes in found if notes is not _NOTHING)

    def at(self, node: Node) -> PlaceNotes:
        """What stands at a place."""
        if node.kind in {"chapter", "section"}:
            if node.code not in self._places:
                self._load("node = ?", node.code)
                self._places.setdefault(node.code, _NOTHING)
        elif (category := node.code[:3]) not in self._loaded:
            self._loaded.add(category)
            self._load("node >= ? AND node < ? AND length(node) < 8", category, category + "-")
            # A section's range begins with a category too, and is told apart by its hyphen.
            self._load("node >= ? AND node < ?", category + ".", category + "[")
        return self._places.get(node.code, _NOTHING)

    def sevenths(self, code: str) -> dict[str, str]:
        """The seventh characters that the place of ``code`` takes, with what each means.

        Empty where it takes none. The nearest place above that lists any decides.
        """
        for node in reversed(self.tree.path(code)):
            if node.kind not in {"category", "subcategory"}:
                break
            if node.code not in self._sevenths:
                rows = self._store.query(
                    f"SELECT character, text FROM {self._held.table} "  # noqa: S608 - own names
                    f"WHERE node = ? AND {STANDING} AND kind = 'sevenChrDef' ORDER BY position",
                    node.code,
                    *self._held.values,
                )
                self._sevenths[node.code] = {str(one): str(text) for one, text in rows if one}
            if self._sevenths[node.code]:
                return self._sevenths[node.code]
        return {}

    def targets(self, mentions: tuple[Mention, ...]) -> Target:
        """The codes that mentions name, on the list of the day."""
        found = NO_TARGET
        for mention in mentions:
            found |= self.tree.target(mention)
        return found

    def select(self, text: str) -> Target:
        """The codes that ``text`` names in the notation of the notes."""
        return self.targets(named(text).mentions)

    def lines(self) -> Iterator[tuple[Node | None, str, str, Reading]]:
        """Every line of the release in its order: place, kind, text and reading.

        The place is ``None`` in the introduction.
        """
        rows = self._store.query(
            f"SELECT node, kind, text FROM {self._held.table} "  # noqa: S608 - own names
            f"WHERE {STANDING} ORDER BY node, position",
            *self._held.values,
        )
        for node, kind, text in rows:
            at = self.tree.node(str(node)) if node else None
            yield at, str(kind), str(text), read(str(node), str(kind), str(text), self._categories)

    def _load(self, condition: str, *values: str) -> None:
        rows = self._store.query(
            f"SELECT node, kind, text FROM {self._held.table} "  # noqa: S608 - own conditions
            f"WHERE {condition} AND {STANDING} AND kind NOT IN ('sevenChrDef', 'includes') "
            f"AND (kind <> 'inclusionTerm' OR text LIKE '{_CLASSIFIABLE}%') "
            "ORDER BY node, position",
            *values,
            *self._held.values,
        )
        by_node: dict[str, list[tuple[str, str]]] = {}
        for code, kind, text in rows:
            by_node.setdefault(str(code), []).append((str(kind), str(text)))
        for code, lines in by_node.items():
            node = self.tree.node(code)
            if node is not None:
                self._places[code] = self._gather(node, lines)

    def _gather(self, node: Node, lines: list[tuple[str, str]]) -> PlaceNotes:
        excludes: dict[str, list[Instruction]] = {kind: [] for kind in EXCLUDES}
        open_groups: dict[str, list[_Group]] = {kind: [] for kind in INSTRUCTIONS}
        unread: list[Unread] = []
        classifiable = NO_TARGET
        for kind, text in lines:
            reading = read(node.code, kind, text, self._categories)
            if reading.status not in UNDERSTOOD:
                manner = reading.manner
                conditional = manner.conditional or (kind in INSTRUCTIONS and manner.optional)
                unread.append(Unread(kind, node, text, reading.why, conditional))
            if kind in INSTRUCTIONS:
                self._add(open_groups[kind], kind, text, reading)
            elif kind in EXCLUDES and reading.status in {"codes", "by hand"}:
                excludes[kind].append(self._excludes(node, kind, text, reading))
            elif kind == "inclusionTerm":
                classifiable |= self.targets(reading.mentions)
        instructions = tuple(
            group.instruction(kind, node)
            for kind, groups in open_groups.items()
            for group in groups
        )
        return PlaceNotes(
            tuple(excludes["excludes1"]),
            tuple(excludes["excludes2"]),
            tuple(one for one in instructions if one.lines),
            tuple(unread),
            classifiable,
        )

    def _excludes(self, node: Node, kind: str, text: str, reading: Reading) -> Instruction:
        target = self.targets(reading.mentions)
        line = Line(text, target)
        at = f"{KIND_NAMES[kind]} at {place(node)}"
        return Instruction(kind, node, (line,), target, place=at, said=text)

    def _add(self, groups: list[_Group], kind: str, text: str, reading: Reading) -> None:
        applies = self.targets(reading.applies) if reading.applies else None
        if reading.status == "heading":
            groups.append(_Group(text, reading, applies))
            return
        alone = not groups or not groups[-1].heading
        if (
            not groups
            or (reading.manner.starts and kind != "codeFirst")
            or (alone and kind != "codeFirst")
        ):
            groups.append(_Group("", reading, None))
        group = groups[-1]
        if reading.status in {"codes", "by hand", "order"}:
            group.lines.append(Line(text, self.targets(reading.mentions), applies))
        group.open |= reading.status in {"order", "words", "unread"}


class _Group:
    """Lines of an instruction while they are gathered."""

    def __init__(self, heading: str, reading: Reading, applies: Target | None) -> None:
        self.heading = heading
        self.applies = applies
        self.manner = reading.manner
        self.open = False
        self.lines: list[Line] = []

    def instruction(self, kind: str, node: Node) -> Instruction:
        target = NO_TARGET
        for line in self.lines:
            target |= line.target
        return Instruction(
            kind,
            node,
            tuple(self.lines),
            target,
            self.manner,
            self.open,
            self.heading,
            self.applies,
            f"{KIND_NAMES[kind]} at {place(node)}",
            self._said(),
        )

    def _said(self) -> str:
        lines = "; ".join(line.text for line in self.lines[:_SHOWN])
        more = "; …" if len(self.lines) > _SHOWN else ""
        return f"{self.heading} {lines}{more}".strip(" ,")
