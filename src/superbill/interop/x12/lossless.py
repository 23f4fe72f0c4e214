"""A file kept whole: read, changed here and there, and written with every other byte as it was.

What is between segments (terminators, line breaks, blanks, a byte-order mark, text that could not
be read) travels along, so that a file that was not changed is written byte for byte. For files of
a size that fits the memory; to split larger ones see :mod:`superbill.interop.x12.split`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from superbill.errors import Invalid
from superbill.interop.x12.blocks import Block, blocks
from superbill.interop.x12.envelope import save
from superbill.interop.x12.interchange import Interchange, Trouble
from superbill.interop.x12.segments import Delimiters
from superbill.interop.x12.sources import Source


class Part:
    """One segment of a document, or (``marks`` is ``None``) what stands between interchanges.

    ``before`` are the blanks in front of it and ``after`` its terminator. Change ``text`` with
    :meth:`set`, which refuses what the delimiters cannot carry.
    """

    __slots__ = ("after", "before", "isa", "text")

    def __init__(self, text: str, before: str, after: str, isa: Interchange | None) -> None:
        self.text = text
        self.before = before
        self.after = after
        self.isa = isa

    @property
    def elements(self) -> list[str]:
        """The elements, the identifier first; empty between interchanges."""
        return [] if self.isa is None else self.text.split(self.isa.delimiters.element)

    def set(self, place: int, value: str) -> None:
        """Put ``value`` at a place (from 1), composites and repetitions as they are sent.

        Raises :class:`~superbill.errors.Invalid` for a value with an element delimiter, a
        terminator or a character that is no single byte.
        """
        assert self.isa is not None
        marks: Delimiters = self.isa.delimiters
        bad = next((c for c in value if c in (marks.element, marks.segment) or ord(c) > 255), "")
        if bad:
            raise Invalid.at(
                f"{self.text[:3]}{place:02}", f"{bad!a} cannot be sent here.", "Take it out."
            )
        elements = self.elements
        elements += [""] * (place + 1 - len(elements))
        elements[place] = value
        while elements[-1] == "":
            elements.pop()
        self.text = marks.element.join(elements)

    def __str__(self) -> str:
        return self.before + self.text + self.after


class Document:
    """Everything of a file, in order."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    @classmethod
    def read(cls, source: Source) -> Document:
        """Read ``source`` whole; what cannot be read as X12 is kept as it is."""
        parts: list[Part] = []
        for block in blocks(source):
            if isinstance(block, Block):
                parts.extend(_parts(block))
            elif not isinstance(block, Trouble):
                parts.append(Part(block.raw, "", "", None))
        return cls(parts)

    def segments(self) -> Iterator[Part]:
        """The segments, without what stands between interchanges."""
        return (part for part in self.parts if part.isa is not None)

    def bytes(self) -> bytes:
        """The document as it is sent."""
        return "".join(map(str, self.parts)).encode("latin-1")

    def write(self, path: Path) -> None:
        """Write the document, whole or not at all."""
        save(path, self.bytes())


def _parts(block: Block) -> Iterator[Part]:
    for before, text, after in block.spelled():
        yield Part(text, before, after, block.interchange)
