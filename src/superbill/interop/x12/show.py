"""A file as people read it: a tree of loops and segments, with plain words for their elements.

Lines come as the file is read, and nothing is held but what stands above the claim that is being
looked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from superbill.interop.x12.guides import LoopNode
from superbill.interop.x12.guides import guide as guide_named
from superbill.interop.x12.reader import Segment, Transaction, transactions
from superbill.interop.x12.sources import Source
from superbill.interop.x12.tree import Placed, guide_of, walk

_CLAIMS = {"CLM": "2300", "CLP": "2100"}
"""Segments that begin a claim, and its loop."""


@cache
def words() -> Mapping[str, str]:
    """What elements are, in plain words."""
    path = Path(__file__).parent / "guides" / "words.toml"
    with path.open("rb") as file:
        return dict(tomllib.load(file))


def tree(source: Source, *, claim: str = "") -> Iterator[str]:
    """The lines of the tree; with ``claim``, only claims of that number and what they stand below.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, where text cannot be read.
    """
    isa = None
    for transaction in transactions(source):
        head = []
        if transaction.isa is not isa:
            isa = transaction.isa
            head.append(
                f"interchange {isa.control}: {isa.sender} to {isa.receiver}, "
                f"{'test' if isa.elements[15] == 'T' else 'production'}, byte {isa.offset}"
            )
        head.append(_title(transaction))
        lines = _claims(transaction, claim) if claim else _all(transaction)
        for line in lines:
            yield from head
            head = []
            yield line
        if not claim:
            yield from head


def _title(transaction: Transaction) -> str:
    along = guide_of(transaction)
    name = along.name if along else transaction.set_id
    return (
        f"transaction {transaction.control}: {name}, {transaction.version or 'no version'}, "
        f"byte {transaction.st.offset}"
    )


def _all(transaction: Transaction) -> Iterator[str]:
    before: tuple[str, ...] = ("ST",)
    for placed in walk(transaction):
        yield from _lines(transaction, placed, before)
        before = placed.path


def _claims(transaction: Transaction, wanted: str) -> Iterator[str]:
    """The claims of a number, with the loops around them that are not other claims."""
    above: list[tuple[tuple[str, ...], list[str]]] = []
    before: tuple[str, ...] = ("ST",)
    inside = ""
    shown = False
    for placed in walk(transaction):
        name, path = placed.segment.id, placed.path
        lines = list(_lines(transaction, placed, before))
        before = path
        if name in _CLAIMS and _CLAIMS[name] in path:
            inside = _CLAIMS[name]
            shown = placed.segment.element(1) == wanted
            if shown:
                for _, kept in above:
                    yield from kept
                above = [(known, []) for known, _ in above]
        if inside and inside in path:
            if shown:
                yield from lines
            continue
        inside, shown = "", False
        if placed.node is not None and placed.node.is_head:
            # An earlier loop of this kind, and all in it, stood above other claims.
            above = [(known, kept) for known, kept in above if known[: len(path)] != path]
        above.append((path, lines))


def _lines(transaction: Transaction, placed: Placed, before: tuple[str, ...]) -> Iterator[str]:
    """A segment, after the names of the loops that it opens."""
    node, path = placed.node, placed.path
    depth = len(path) - 1
    if node is not None and node.is_head and depth:
        loop: LoopNode = node.loop
        yield f"{'  ' * depth}{loop.id} {loop.spec.words or ''}".rstrip()
    mark = transaction.isa.delimiters
    yield f"{'  ' * (depth + 1)}{_segment(placed.segment, mark.component)}" + (
        ""
        if node is not None or placed.segment.id == "ST" or not _has_guide(transaction)
        else "  ?"
    )


def _has_guide(transaction: Transaction) -> bool:
    return guide_of(transaction) is not None


def _segment(segment: Segment, component: str) -> str:
    known = words()
    said = []
    for place, value in enumerate(segment.elements[1:], 1):
        if not value:
            continue
        name = f"{segment.id}{place:02}"
        shown = _printable(" ".join(part for part in value.split(component) if part) or value)
        said.append(f"{known.get(name, name)} {shown}")
    return f"{segment.id:4}{', '.join(said)}".rstrip()


def _printable(value: str) -> str:
    """A value without what would disturb a terminal."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in value)


def loops(name: str) -> Iterator[str]:
    """The loops of a guide, as an outline."""

    def below(loop: LoopNode, depth: int) -> Iterator[str]:
        for child in loop.children:
            if isinstance(child, LoopNode):
                yield f"{'  ' * depth}{child.id} {child.spec.words}"
                yield from below(child, depth + 1)

    yield from below(guide_named(name).root, 0)
