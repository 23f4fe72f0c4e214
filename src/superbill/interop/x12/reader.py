"""Reading X12: bytes in, segments out, with the place of each, in flat memory.

Text is read in blocks and split by the delimiters of its own ISA. A file may hold several
interchanges, each with its own. Byte-order marks, line breaks and blanks between segments are
passed over; nothing is decoded but byte for character (Latin-1), so that places are bytes and
every byte survives. What cannot be read is said with its place, and the next good interchange is
read all the same.

Three ways in, from the fastest to the handiest: :func:`blocks`, :func:`segments`,
:func:`transactions`. Which loop a segment is in depends on the guide: see
:mod:`superbill.interop.x12.tree`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import msgspec

from superbill.errors import Invalid, Problem
from superbill.interop.x12.interchange import LENGTH, Interchange, Trouble, head
from superbill.interop.x12.sources import Source, pieces

SEGMENT_LIMIT = 65_536
"""Characters of the longest segment. The longest that a guide allows has some 1,000."""

BLANKS = " \t\r\n"
_FILLER = " \t\r\n\0\x1a"  # what pads the end of files: blanks, nulls, the old end-of-file mark
_BOM = "\xef\xbb\xbf"


class Block(NamedTuple):
    """Some consecutive segments of one interchange.

    ``texts`` are the segments without their terminators and the blanks before them; ``raw`` is
    everything as it was sent, terminators included, beginning at byte ``offset``. ``number`` is
    that of the first segment in the file, from 1. ``pieces`` are the segments with the blanks
    before them: the same list as ``texts`` where there are none. ``ended`` is false where the
    file broke off inside the last segment.
    """

    interchange: Interchange
    texts: list[str]
    pieces: list[str]
    offset: int
    number: int
    raw: str
    ended: bool = True

    def place(self, index: int) -> int:
        """The byte at which the segment at ``index`` begins."""
        before = sum(map(len, self.pieces[:index])) + index
        piece = self.pieces[index]
        return self.offset + before + len(piece) - len(piece.lstrip(BLANKS))


class Gap(NamedTuple):
    """What stands between interchanges: a byte-order mark, blanks, or text that was refused."""

    raw: str
    offset: int


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


def blocks(source: Source) -> Iterator[Block | Gap | Trouble]:
    """Everything in ``source``, in order; the ``raw`` of what is yielded adds up to the input.

    A :class:`Trouble` says what the next :class:`Gap` could not be read for. Raises
    :class:`~superbill.errors.Invalid` and ``OSError`` as :func:`~.sources.pieces` does.
    """
    buffer = _Buffer(source)
    yield from buffer.mark()
    while True:
        yield from buffer.filler()
        if not buffer.text:
            return
        found = head(buffer.text, buffer.offset, buffer.number)
        if isinstance(found, Interchange):
            stopped = yield from buffer.body(found)
            if stopped:
                yield stopped
                yield from buffer.skip()
        else:
            yield _nothing_like_it(buffer) if buffer.text[:3] != "ISA" else found
            yield from buffer.skip()


def segments(source: Source) -> Iterator[Segment]:
    """Every segment of ``source``, envelopes included.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, where text cannot be read.
    """
    for block in blocks(source):
        if isinstance(block, Block):
            yield from inside(block)
        elif isinstance(block, Trouble):
            raise refusal([block])


def inside(block: Block) -> Iterator[Segment]:
    """The segments of a block."""
    at, texts, raws, offset, number, _, _ = block
    mark = at.delimiters.element
    if texts is raws:
        for text in texts:
            yield Segment(text.split(mark), offset, number)
            offset += len(text) + 1
            number += 1
    else:
        for text, raw in zip(texts, raws, strict=True):
            blank = len(raw) - len(raw.lstrip(BLANKS))
            yield Segment(text.split(mark), offset + blank, number)
            offset += len(raw) + 1
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


class _Buffer:
    """The text that was read and not yet yielded, and where it begins."""

    __slots__ = ("_pieces", "number", "offset", "text")

    def __init__(self, source: Source) -> None:
        self._pieces = pieces(source)
        self.text = ""
        self.offset = 0
        self.number = 1

    def more(self) -> bool:
        """Read on; false at the end of the file."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self.text += piece.decode("latin-1")
        return True

    def fill(self, length: int) -> None:
        """Read until there are ``length`` characters or the file ends."""
        while len(self.text) < length and self.more():
            pass

    def drop(self, length: int) -> str:
        """Take ``length`` characters off the front."""
        taken = self.text[:length]
        self.text = self.text[length:]
        self.offset += len(taken)
        return taken

    def mark(self) -> Iterator[Gap]:
        """A byte-order mark, if the file begins with one."""
        self.fill(LENGTH)
        if self.text.startswith(_BOM):
            yield Gap(self.drop(3), 0)

    def filler(self) -> Iterator[Gap]:
        """Blanks before an ISA or at the end; afterwards an ISA would be whole in ``text``."""
        while True:
            self.fill(LENGTH)
            blank = len(self.text) - len(self.text.lstrip(_FILLER))
            if not blank:
                return
            at = self.offset
            yield Gap(self.drop(blank), at)

    def body(self, at: Interchange) -> Generator[Block, None, Trouble | None]:
        """The blocks of one interchange, to the end of its IEA or the start of another ISA.

        Returns the trouble that stopped it, if one did.
        """
        end = at.delimiters.segment
        tail, other = f"IEA{at.delimiters.element}", f"ISA{at.delimiters.element}"
        first = True
        while True:
            last = self.text.rfind(end)
            if last < 0:
                if len(self.text) > SEGMENT_LIMIT:
                    return self._endless(at)
                if self.more():
                    continue
                if self.text.strip(_FILLER):
                    yield self._block(at, len(self.text), ended=False)
                return None
            stop, closed = last + 1, False
            if (place := _start(self.text, tail, end, 0)) >= 0 and place < stop:
                stop, closed = self.text.index(end, place) + 1, True
            if (
                place := _start(self.text, other, end, LENGTH if first else 0)
            ) >= 0 and place < stop:
                stop, closed = place, True
            first = False
            if stop:
                yield self._block(at, stop)
            if closed:
                return None
            if len(self.text) > SEGMENT_LIMIT:
                return self._endless(at)
            if not self.more() and not self.text.strip(_FILLER):
                return None

    def _endless(self, at: Interchange) -> Trouble:
        return Trouble(
            "envelope.segment_length",
            f"No segment ends (with {at.delimiters.segment!a}) within {SEGMENT_LIMIT:,} "
            "characters from here.",
            "Check the terminator that the ISA names in its last character.",
            self.offset,
            self.number,
        )

    def _block(self, at: Interchange, length: int, *, ended: bool = True) -> Block:
        offset, number = self.offset, self.number
        raw = self.drop(length)
        end = at.delimiters.segment
        raws = raw.split(end)
        if ended:
            # What follows the last terminator, blanks at most, belongs to what comes next.
            del raws[-1]
        texts = raws
        if "\n" in raw or "\r" in raw or f"{end} " in raw or raw[0] in BLANKS:
            texts = [piece.lstrip(BLANKS) for piece in raws]
        self.number += len(texts)
        return Block(at, texts, raws, offset, number, raw, ended)

    def skip(self) -> Iterator[Gap]:
        """Pass over what cannot be read, to the next ISA that can."""
        start = 1
        while True:
            place = self.text.find("ISA", start)
            if place < 0:
                at, keep = self.offset, max(len(self.text) - 2, 0)
                if keep:
                    yield Gap(self.drop(keep), at)
                if not self.more():
                    if self.text:
                        at = self.offset
                        yield Gap(self.drop(len(self.text)), at)
                    return
                start = 0
                continue
            if place:
                at = self.offset
                yield Gap(self.drop(place), at)
            self.fill(LENGTH)
            if isinstance(head(self.text, self.offset, self.number), Interchange):
                return
            start = 1


def _start(text: str, name: str, end: str, at: int) -> int:
    """Where a segment that begins with ``name`` stands; -1 if there is none from ``at`` on."""
    place = text.find(name, at)
    while place >= 0:
        before = text[max(place - 64, 0) : place].rstrip(BLANKS.replace(end, ""))
        if place == 0 or before.endswith(end) or (not before and place < 64):
            return place
        place = text.find(name, place + 1)
    return -1


def _nothing_like_it(buffer: _Buffer) -> Trouble:
    seen = buffer.text[:20]
    printable = seen if seen.isascii() and seen.isprintable() else "something else"
    first = buffer.number == 1
    where = "The file" if first else "What follows the end of an interchange"
    return Trouble(
        "envelope.isa" if first else "envelope.outside",
        f"{where} does not begin with ISA but with {printable!a}."
        if first
        else f"{where} is not another ISA but {printable!a}.",
        "Give an X12 file, from its ISA to its IEA.",
        buffer.offset,
        buffer.number,
    )
