"""The text of a file by transactions, in large pieces: the way in for readers of typed values.

A :class:`Passage` is some consecutive segments of one transaction, which a reader splits as its
own loops want. Where a segment stands in the file is worked out only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from superbill.interop.x12.blocks import Block, Gap, blocks
from superbill.interop.x12.interchange import Interchange, Trouble
from superbill.interop.x12.sources import Source


class Head(NamedTuple):
    """A transaction begins: its envelopes, and the byte of its ST."""

    isa: Interchange
    gs: list[str]
    st: list[str]
    offset: int

    @property
    def set_id(self) -> str:
        """ST01, such as ``837``."""
        return self.st[1] if len(self.st) > 1 else ""

    @property
    def version(self) -> str:
        """The guide that the sender names: ST03, or GS08 where that is empty."""
        named = self.st[3] if len(self.st) > 3 else ""
        return (named or (self.gs[8] if len(self.gs) > 8 else "")).strip()


class Passage(NamedTuple):
    """Segments ``first`` to ``last`` (without it) of a block, all of one transaction."""

    block: Block
    first: int
    last: int

    @property
    def after(self) -> str:
        """What parts the segments of :meth:`text`."""
        return self.block.after or self.block.interchange.delimiters.segment

    def text(self, after: str) -> str:
        """The segments, with ``after`` between one and the next."""
        block = self.block
        if block.after == after and self.first == 0 and self.last == len(block.texts):
            return block.raw[: -len(after)]
        return after.join(block.texts[self.first : self.last])

    def place(self, index: int) -> int:
        """The byte at which a segment of the passage begins."""
        return self.block.place(self.first + index)


class End(NamedTuple):
    """A transaction ends: with its SE, or ``whole`` is false and it broke off before a byte."""

    whole: bool
    offset: int


_ENVELOPE = frozenset({"ST", "SE", "GS", "GE", "ISA", "IEA"})


def passages(source: Source) -> Iterator[Head | Passage | End | Trouble]:
    """Every transaction of ``source``: its head, its passages without ST and SE, and its end.

    Text that cannot be read comes as a :class:`~.interchange.Trouble`, after the end of the
    transaction that it breaks. Raises as :func:`~.blocks.blocks` does.
    """
    isa: Interchange | None = None
    gs: list[str] = []
    open_ = False
    offset = 0
    for block in blocks(source):
        if isinstance(block, Gap):
            continue
        if isinstance(block, Trouble):
            if open_:
                yield End(whole=False, offset=block.offset)
                open_ = False
            yield block
            continue
        offset = block.offset + len(block.raw)
        if block.interchange is not isa:
            isa, gs = block.interchange, []
            if open_:
                yield End(whole=False, offset=block.offset)
                open_ = False
        mark, raw = isa.delimiters.element, block.raw
        texts = block.texts
        # Most blocks lie within one transaction: nothing in them ends it or begins another.
        if open_ and not ("SE" + mark in raw or "ST" + mark in raw):
            yield Passage(block, 0, len(texts))
            continue
        start = 0
        for index, text in enumerate(texts):
            if text[2:3] != mark and text[:2] not in {"IS", "IE"}:
                continue
            name = text.partition(mark)[0]
            if name not in _ENVELOPE:
                continue
            if open_:
                if index > start:
                    yield Passage(block, start, index)
                yield End(whole=name == "SE", offset=block.place(index))
                open_ = False
            if name == "ST":
                yield Head(isa, gs, text.split(mark), block.place(index))
                open_, start = True, index + 1
            elif name == "GS":
                gs = text.split(mark)
            elif name in {"GE", "IEA"}:
                gs = []
        if open_ and start < len(texts):
            yield Passage(block, start, len(texts))
    if open_:
        yield End(whole=False, offset=offset)
