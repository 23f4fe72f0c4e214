"""Elements of a large XML file, one after the other, with the line on which each begins.

The file is read as it streams: only the element that is being handed out is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from superbill.errors import BadRow
from superbill.sources.document import Document


class Element:
    """An element: its name, line, attributes, own text (all of it joined) and children."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, line: int, attributes: dict[str, str]) -> None:
        self.name = name
        self.line = line
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""

    def all(self, name: str) -> list[Element]:
        """The children of this name."""
        return [child for child in self.children if child.name == name]

    def words(self, name: str) -> str:
        """The text of the first child of this name, with single spaces; empty without one."""
        return next((squeeze(c.text) for c in self.children if c.name == name), "")


def squeeze(text: str) -> str:
    """``text`` with single spaces, and none at its ends."""
    return " ".join(text.split())


class _Stream:
    def __init__(self, document: Document, root: str, wanted: frozenset[str]) -> None:
        self._document = document
        self._root = root
        self._wanted = wanted
        self._depth = 0
        self._open: list[Element] = []
        self.ready: list[Element] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, block: bytes) -> None:
        try:
            self._parser.Parse(block, not block)
        except expat.ExpatError as fault:
            where, reason = self._document.where, expat.ErrorString(fault.code)
            raise BadRow(where, fault.lineno, reason, "well-formed XML") from None

    def _bad(self, saw: str, expected: str) -> BadRow:
        return BadRow(self._document.where, self._parser.CurrentLineNumber, saw, expected)

    def _doctype(self, *_: object) -> None:
        raise self._bad("<!DOCTYPE", "XML without entities of its own")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._depth and name != self._root:
            raise self._bad(f"<{name}>", f"<{self._root}>")
        self._depth += 1
        if self._open or name in self._wanted:
            element = Element(name, self._parser.CurrentLineNumber, attributes)
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.ready.append(element)

    def _characters(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text


def elements(document: Document, root: str, *names: str) -> Iterator[Element]:
    """Each outermost element called one of ``names`` of a file whose root is ``root``.

    Raises :class:`~superbill.errors.BadRow` with the line where the file is no such XML.
    """
    stream = _Stream(document, root, frozenset(names))
    with document.open() as source:
        while True:
            block = source.read(1 << 16)
            stream.feed(block)
            yield from stream.ready
            stream.ready.clear()
            if not block:
                return
