"""X12 text in blocks: read a piece at a time, split by the delimiters of its own ISA.

A block is some consecutive segments of one interchange. What stands between interchanges, and
what cannot be read, is handed on as it is, so that the blocks of a file add up to the file. After
text that cannot be read, reading goes on at the next good ISA.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

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
    that of the first segment in the file, from 1. ``after`` is what follows each segment, where
    that is the same for all of them, such as ``~`` and a line break; where it is not, ``pieces``
    are the segments with the blanks before them. ``ended`` is false where the file broke off
    inside the last segment.
    """

    interchange: Interchange
    texts: list[str]
    offset: int
    number: int
    raw: str
    after: str = ""
    pieces: list[str] | None = None
    ended: bool = True

    def place(self, index: int) -> int:
        """The byte at which the segment at ``index`` begins."""
        if self.pieces is None:
            before = sum(map(len, self.texts[:index]))
            return self.offset + before + index * len(self.after)
        before = sum(map(len, self.pieces[:index])) + index
        return self.offset + before + len(self.pieces[index]) - len(self.texts[index])

    def spelled(self) -> Iterator[tuple[str, str, str]]:
        """Each segment with the blanks before it and what follows it; together they are ``raw``."""
        if self.pieces is None:
            yield from (("", text, self.after) for text in self.texts)
            return
        end = self.interchange.delimiters.segment
        last = len(self.texts) - 1
        for index, (text, piece) in enumerate(zip(self.texts, self.pieces, strict=False)):
            after = end if self.ended or index < last else ""
            if index == last and len(self.pieces) > len(self.texts):
                after += self.pieces[-1]
            yield piece[: len(piece) - len(text)], text, after


class Gap(NamedTuple):
    """What stands between interchanges: a byte-order mark, blanks, or text that was refused."""

    raw: str
    offset: int


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
            if self.text.endswith(end):
                self.more()  # for the line break, if there is one
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
            # The line break after the last segment goes with it.
            while stop < len(self.text) and self.text[stop] in "\r\n":
                stop += 1
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
        if ended:
            for after in _after(raw, end):
                texts = raw.split(after)
                count = len(texts) - 1
                if not texts[-1] and _only(raw, end, after, count):
                    del texts[-1]
                    self.number += count
                    return Block(at, texts, offset, number, raw, after)
        found = raw.split(end)
        # What follows the last terminator is blank, and no segment.
        texts = [_bare(piece) for piece in (found[:-1] if ended else found)]
        if ended and not found[-1]:
            del found[-1]
        self.number += len(texts)
        return Block(at, texts, offset, number, raw, "", found, ended)

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


def _after(raw: str, end: str) -> tuple[str, ...]:
    """What may follow each segment alike: the terminator, with or without a line break."""
    if "\n" not in raw and "\r" not in raw:
        return (end,)
    if end in "\r\n":
        return (end, end + "\n") if end == "\r" else (end,)
    return (end + "\n", end + "\r\n")


def _only(raw: str, end: str, after: str, count: int) -> bool:
    """Whether every terminator and line break of ``raw`` belongs to one of ``count`` ``after``."""
    return (
        all(raw.count(mark) == (count if mark in after else 0) for mark in {end, "\n", "\r"})
        and raw[0] not in BLANKS
    )


def _bare(piece: str) -> str:
    """A segment without the blanks and line breaks before it.

    A blank right in front of the identifier stays: it is no padding, and the segment is wrong.
    """
    if piece[:1] not in BLANKS or not piece:
        return piece
    bare = piece.lstrip(BLANKS)
    blanks = piece[: len(piece) - len(bare)]
    if not bare:
        return ""
    return piece[max(blanks.rfind("\n"), blanks.rfind("\r")) + 1 :]


def _start(text: str, name: str, end: str, at: int) -> int:
    """Where a segment that begins with ``name`` stands; -1 if there is none from ``at`` on."""
    place = text.find(name, at)
    while place >= 0:
        before = text[max(place - 64, 0) : place].rstrip(BLANKS.replace(end, ""))
        if not place or before.endswith(end) or (not before and place < 64):
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
