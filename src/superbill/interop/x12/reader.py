"""Reading X12: bytes in, segments out, with the place of each, in flat memory.

Text is read in blocks and split by the delimiters of its own ISA. A file may hold several
interchanges, each with its own. Byte-order marks, line breaks and blanks between segments are
passed over; nothing is decoded but byte for character (Latin-1), so that places are bytes and
every byte survives. What cannot be read is said with its place, and the next good interchange is
read all the same.

Four ways in, from the fastest to the handiest: :func:`blocks`, :class:`Reader`, :func:`segments`,
:func:`transactions`. Which loop a segment is in depends on the guide: see
:mod:`superbill.interop.x12.tree`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from superbill.errors import Invalid, Problem
from superbill.interop.x12.blocks import Block, Gap, blocks
from superbill.interop.x12.interchange import Interchange, Trouble
from superbill.interop.x12.sources import Source

__all__ = [
    "Block",
    "Gap",
    "Reader",
    "Segment",
    "Transaction",
    "Trouble",
    "blocks",
    "inside",
    "refusal",
    "segments",
    "transactions",
]


class Reader:
    """The segments of ``source`` as lists of elements, the identifier first; the fastest way.

    While one is in hand, ``interchange`` is what it belongs to, and ``offset`` (the byte where it
    begins), ``number`` (its place in the file, from 1) and ``text`` are worked out when they are
    asked for, as a csv reader tells its line. Raises :class:`~superbill.errors.Invalid`, naming
    the byte, where text cannot be read.

    >>> isa = "ISA*00*          *00*          *ZZ*A              *ZZ*B              "
    >>> isa += "*260301*1200*^*00501*000000001*0*T*:~"
    >>> reader = Reader(f"{isa}IEA*0*000000001~".encode())
    >>> [(elements[0], reader.offset, reader.number) for elements in reader]
    [('ISA', 0, 1), ('IEA', 106, 2)]
    """

    __slots__ = ("_block", "_index", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._block: Block | None = None
        self._index = 0

    def __iter__(self) -> Iterator[list[str]]:
        for block in blocks(self._source):
            if isinstance(block, Block):
                self._block = block
                mark = block.interchange.delimiters.element
                for self._index, text in enumerate(block.texts):
                    yield text.split(mark)
            elif isinstance(block, Trouble):
                raise refusal([block])

    @property
    def block(self) -> Block:
        """The block that is being read."""
        if self._block is None:
            raise ValueError("Nothing has been read yet.")
        return self._block

    @property
    def interchange(self) -> Interchange:
        """The interchange that is being read."""
        return self.block.interchange

    @property
    def text(self) -> str:
        """The segment in hand, as it was sent."""
        return self.block.texts[self._index]

    @property
    def offset(self) -> int:
        """The byte at which the segment in hand begins."""
        return self.block.place(self._index)

    @property
    def number(self) -> int:
        """Which segment of the file is in hand, from 1."""
        return self.block.number + self._index


class Segment(msgspec.Struct, frozen=True, gc=False):
    """One segment. ``elements[0]`` is its identifier, so that CLM02 is ``elements[2]``.

    ``offset`` is the byte where it begins, ``number`` its place in the file, from 1.
    """

    elements: list[str]
    offset: int
    number: int

    @property
    def id(self) -> str:
        """The identifier, such as ``CLM``."""
        return self.elements[0]

    def element(self, position: int) -> str:
        """The element at a position from 1; empty where it was not sent."""
        return self.elements[position] if position < len(self.elements) else ""


def segments(source: Source) -> Iterator[Segment]:
    """Every segment of ``source``, envelopes included.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, where text cannot be read.
    """
    for block in blocks(source):
        if isinstance(block, Block):
            if block.pieces is not None:
                yield from inside(block)
                continue
            # As in :func:`inside`; one generator less is a fifth faster.
            mark, gap = block.interchange.delimiters.element, len(block.after)
            offset, number = block.offset, block.number
            for text in block.texts:
                yield Segment(text.split(mark), offset, number)
                offset += len(text) + gap
                number += 1
        elif isinstance(block, Trouble):
            raise refusal([block])


def inside(block: Block) -> Iterator[Segment]:
    """The segments of a block."""
    at, texts, offset, number, _, after, pieces_, _ = block
    mark = at.delimiters.element
    if pieces_ is None:
        gap = len(after)
        for text in texts:
            yield Segment(text.split(mark), offset, number)
            offset += len(text) + gap
            number += 1
    else:
        for text, piece in zip(texts, pieces_, strict=False):
            size = len(piece)
            yield Segment(text.split(mark), offset + size - len(text), number)
            offset += size + 1
            number += 1


class Transaction:
    """One transaction set: its envelopes, and its segments, which are read as they are asked for.

    ``gs`` and ``st`` hold the elements of the heads of the group and of the set, ``isa`` the
    interchange. Iterating once yields ST to SE; what was not asked for is passed over. ``whole``
    tells, once it has been read, whether it ended with its SE.
    """

    __slots__ = ("_rest", "gs", "isa", "st", "whole")

    def __init__(self, isa: Interchange, gs: list[str], st: Segment, rest: _Rest) -> None:
        self.isa = isa
        self.gs = gs
        self.st = st
        self.whole = False
        self._rest = rest

    @property
    def set_id(self) -> str:
        """ST01, such as ``837``."""
        return self.st.element(1)

    @property
    def control(self) -> str:
        """ST02."""
        return self.st.element(2)

    @property
    def version(self) -> str:
        """The guide that the sender names: ST03, or GS08 where that is empty."""
        return (self.st.element(3) or (self.gs[8] if len(self.gs) > 8 else "")).strip()

    def __iter__(self) -> Iterator[Segment]:
        rest = self._rest
        if rest.held is not self.st:
            return
        rest.held = None
        yield self.st
        for segment in rest.segments:
            name = segment.elements[0]
            if name in _ENVELOPE:
                if name == "SE":
                    self.whole = True
                    yield segment
                else:
                    rest.held = segment
                return
            yield segment


_ENVELOPE = frozenset({"SE", "ST", "GE", "GS", "IEA", "ISA"})


class _Rest:
    """Segments still to be read; ``held`` was read already, and comes before them."""

    __slots__ = ("held", "isa", "segments")

    def __init__(self, source: Source) -> None:
        self.held: Segment | None = None
        self.isa: Interchange | None = None
        self.segments = self._read(source)

    def _read(self, source: Source) -> Iterator[Segment]:
        for block in blocks(source):
            if isinstance(block, Block):
                self.isa = block.interchange
                yield from inside(block)
            elif isinstance(block, Trouble):
                raise refusal([block])

    def next(self) -> Segment | None:
        """The one that is held, or the one after."""
        held, self.held = self.held, None
        return held or next(self.segments, None)


def transactions(source: Source) -> Iterator[Transaction]:
    """Every transaction set of ``source``, one after another.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, where text cannot be read.
    """
    rest = _Rest(source)
    gs: list[str] = []
    while (segment := rest.next()) is not None:
        name = segment.elements[0]
        if name == "ST":
            assert rest.isa is not None
            rest.held = segment
            found = Transaction(rest.isa, gs, segment, rest)
            yield found
            for _ in found:
                pass
        elif name == "GS":
            gs = segment.elements
        elif name in {"GE", "IEA", "ISA"}:
            gs = []


def refusal(troubles: list[Trouble]) -> Invalid:
    """The troubles as an error that names each one's byte."""
    return Invalid([Problem(f"byte {t.offset}", t.message, t.mend) for t in troubles])
