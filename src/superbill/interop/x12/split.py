"""A file taken apart: each transaction as an interchange of its own.

Every byte between ST and SE stays as it was sent, delimiters and line breaks included, and so do
the ISA and GS before it; only the counts of GE and IEA are made anew. A file is moved into its
place when it is whole; a transaction that broke off leaves none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.x12.blocks import Block, Gap, blocks
from superbill.interop.x12.interchange import Interchange, Trouble
from superbill.interop.x12.sources import Source

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


class Part(NamedTuple):
    """A transaction that was written to a file of its own."""

    path: Path
    set_id: str
    control: str
    segments: int


class Broken(NamedTuple):
    """A transaction, or text, that could not be split off; ``problem`` tells where and why."""

    problem: Problem


def split(source: Source, into: Path, *, stem: str) -> Iterator[Part | Broken]:
    """Write each transaction of ``source`` to a file below ``into``, which is made if needed.

    Names are made of ``stem`` and of the control numbers of interchange, group and transaction.
    Raises :class:`~superbill.errors.Invalid` where the source cannot be read or the folder not
    written to.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid.at(
            str(into), f"cannot be made ({error}).", "Name a folder that you may write to."
        ) from error
    splitter = _Splitter(into, stem)
    try:
        for block in blocks(source):
            if isinstance(block, Trouble):
                yield from splitter.broken(block.offset)
                yield Broken(Problem(f"byte {block.offset}", block.message, block.mend))
            elif isinstance(block, Gap):
                continue
            else:
                yield from splitter.block(block)
        yield from splitter.broken(splitter.offset)
    finally:
        splitter.close()


class _Splitter:
    def __init__(self, into: Path, stem: str) -> None:
        self.into = into
        self.stem = stem
        self.isa: Interchange | None = None
        self.isa_text = self.gs_text = ""
        self.gs: list[str] = []
        self.file: IO[bytes] | None = None
        self.beside = Path()
        self.st: list[str] = []
        self.start = self.count = self.offset = 0
        self.used: set[str] = set()

    def block(self, block: Block) -> Iterator[Part | Broken]:
        marks = block.interchange.delimiters
        if block.interchange is not self.isa:
            yield from self.broken(block.offset)
            self.isa, self.gs = block.interchange, []
        offset = block.offset
        for before, text, after in block.spelled():
            elements = text.split(marks.element)
            name = elements[0]
            raw = before + text + after
            if name in _HEADS:
                yield from self.broken(offset)
            if name == "ISA":
                self.isa_text = text + after
            elif name == "GS":
                self.gs, self.gs_text = elements, raw
            elif name == "ST":
                self._open(elements, offset)
                self._write(self.isa_text + self.gs_text)
            if self.file is not None:
                self._write(raw)
                self.count += 1
                if name == "SE":
                    line_break = after.removeprefix(marks.segment) or before
                    yield self._done(line_break, leads=after == marks.segment)
            offset += len(raw)
        self.offset = offset

    def _open(self, st: list[str], offset: int) -> None:
        self.st, self.start, self.count = st, offset, 0
        self.beside = self.into / f".{self.stem}.part"
        self.file = self.beside.open("wb")

    def _write(self, text: str) -> None:
        assert self.file is not None
        self.file.write(text.encode("latin-1"))

    def _done(self, line_break: str, *, leads: bool) -> Part:
        """Close the file; ``leads``: line breaks stand before segments, not after them."""
        assert self.isa is not None
        assert self.file is not None
        marks = self.isa.delimiters
        group = self.gs[6] if len(self.gs) > 6 else ""
        for trailer in (["GE", "1", group], ["IEA", "1", self.isa.control]):
            text = marks.element.join(trailer) + marks.segment
            self._write(line_break + text if leads else text + line_break)
        self.file.close()
        self.file = None
        control = self.st[2] if len(self.st) > 2 else ""
        path = self.into / f"{self._name(control)}.x12"
        self.beside.replace(path)
        return Part(path, self.st[1] if len(self.st) > 1 else "", control, self.count)

    def _name(self, control: str) -> str:
        assert self.isa is not None
        parts = (self.stem, self.isa.control, self.gs[6] if len(self.gs) > 6 else "", control)
        name = "-".join(_UNSAFE.sub("_", part.strip())[:40] for part in parts if part)
        unique, again = name, 1
        while unique in self.used:
            again += 1
            unique = f"{name}-{again}"
        self.used.add(unique)
        return unique

    def broken(self, offset: int) -> Iterator[Broken]:
        """Give up a transaction that has not come to its SE."""
        if self.file is None:
            return
        self.close()
        yield Broken(
            Problem(
                f"byte {self.start}",
                f"The transaction that begins here has no SE before byte {offset}; it was not "
                "written.",
                "Fetch the file anew, or close the transaction.",
            )
        )

    def close(self) -> None:
        """Leave nothing half-written."""
        if self.file is not None:
            self.file.close()
            self.file = None
            self.beside.unlink(missing_ok=True)


_HEADS = frozenset({"ISA", "GS", "ST", "GE", "IEA"})
