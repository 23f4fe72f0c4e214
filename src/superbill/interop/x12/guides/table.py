"""Reading the tables of this folder: the dictionary of X12 and one table a guide.

``elements.txt`` and ``segments.txt`` are the standard's own facts, ``lists.txt`` codes that come
more than once, and each other file is one guide. How they are written is told in ``docs/x12.md``;
a line that does not read so is reported with its file and number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn

from superbill.errors import BadRow
from superbill.interop.x12.guides.spec import (
    UNLIMITED,
    Element,
    Loop,
    Note,
    Segment,
    Table,
    Usage,
)

FOLDER = Path(__file__).parent
_ANY_TIMES = 999

_HEAD = re.compile(r"(set|group|version|also)(?: +(.*))?")
_LINE = re.compile(
    r"(?P<indent> *)(?P<any>& )?(?:(?P<what>loop|same) )?(?P<id>\w+) (?P<usage>[RSN])"
    r" (?P<repeat>>1|[1-9][0-9]*)(?: : (?P<rest>.*))?"
)
_TOKEN = re.compile(
    r"(?P<usage>[RSN])(?:\^(?P<repeat>[0-9]+))?"
    r"(?:=(?P<codes>[$\w,]+)|~(?P<pattern>\S+)|\((?P<parts>.*)\))?(?:\*(?P<times>[0-9]+))?"
)
_NOTE = re.compile(r"([PRELC])((?:[0-9]{2}){2,})")


class Dictionary(NamedTuple):
    """The X12 standard: elements by number, composites and segments as lists of numbers."""

    elements: Mapping[str, tuple[str, int, int]]
    segments: Mapping[str, tuple[tuple[str, ...], tuple[Note, ...]]]
    lists: Mapping[str, tuple[str, ...]]


class _Line(NamedTuple):
    file: str
    number: int
    text: str

    def bad(self, expected: str) -> NoReturn:
        raise BadRow(self.file, self.number, self.text, expected)


@cache
def dictionary() -> Dictionary:
    """The dictionary, read once."""
    elements = {}
    for line in _lines("elements.txt"):
        parts = line.text.split()
        if len(parts) != 3:
            line.bad("number, type and lengths")
        least, _, most = parts[2].partition("-")
        elements[parts[0]] = (parts[1], int(least), int(most or least))
    segments = {}
    for line in _lines("segments.txt"):
        body, _, notes = line.text.partition("|")
        name, *numbers = _times(body.split())
        for number in numbers:
            if number not in elements and number not in segments:
                line.bad(f"elements of elements.txt, and {number} is none")
        segments[name] = (tuple(numbers), tuple(_note(line, note) for note in notes.split()))
    lists: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in _lines("lists.txt"):
        if not line.text.startswith(" "):
            name = line.text
            lists[name] = ()
        else:
            lists[name] += tuple(line.text.split())
    return Dictionary(elements, segments, lists)


def read_table(name: str) -> Table:
    """The guide of the file ``name``, without its ending."""
    return _Reader(name).table()


def plain_segment(name: str) -> Segment | None:
    """A segment as the dictionary alone has it, everything situational; ``None`` if unknown."""
    held = dictionary().segments.get(name)
    if held is None or (name[0] == "C" and name[1:].isdigit()):
        return None
    numbers, notes = held
    elements = tuple(_element(n, _Token("S", _ANY_TIMES), dictionary(), None) for n in numbers)
    return Segment(name, "S", UNLIMITED, 0, elements, notes)


class _Token(NamedTuple):
    """How a guide uses one element, as written."""

    usage: Usage
    repeat: int = 1
    codes: str = ""
    pattern: str = ""
    parts: str | None = None


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.known = dictionary()
        self.head: dict[str, str] = {}
        self.body: list[_Line] = []
        for line in _lines(f"{name}.txt"):
            head = _HEAD.fullmatch(line.text)
            if head and not self.body:
                self.head[head[1]] = (head[2] or "").strip()
            else:
                self.body.append(line)
        self.at = 0
        self.loops: dict[str, Loop] = {}

    def table(self) -> Table:
        children = self._children(0)
        if self.at < len(self.body):
            self.body[self.at].bad("a line of the outermost loop")
        also = tuple(self.head.get("also", "").split())
        root = Loop("ST", "transaction", "R", UNLIMITED, 0, children)
        head = self.head
        return Table(self.name, head["set"], head["group"], head["version"], also, root)

    def _children(self, depth: int) -> tuple[Segment | Loop, ...]:
        found: list[Segment | Loop] = []
        place = 0
        while self.at < len(self.body):
            line = self.body[self.at]
            m = _LINE.fullmatch(line.text)
            if m is None:
                line.bad("identifier, usage, repeat, colon, elements")
            level = len(m["indent"]) // 2
            if level < depth:
                break
            if level > depth:
                line.bad(f"{depth} levels of indentation")
            self.at += 1
            place += not m["any"]
            found.append(self._child(line, m, place, depth))
        return tuple(found)

    def _child(self, line: _Line, m: re.Match[str], place: int, depth: int) -> Segment | Loop:
        usage = _usage(m["usage"])
        repeat = UNLIMITED if m["repeat"] == ">1" else int(m["repeat"])
        if m["what"] is None:
            return self._segment(line, m, usage, repeat, place)
        words = m["rest"] or ""
        if m["what"] == "same":
            like = self.loops.get(m["id"])
            if like is None:
                line.bad("a loop that stands above")
            return like._replace(usage=usage, repeat=repeat, place=place)
        children = self._children(depth + 1)
        if not children or isinstance(children[0], Loop):
            line.bad("a loop whose first line is a segment")
        loop = Loop(m["id"], words, usage, repeat, place, children)
        self.loops[loop.id] = loop
        return loop

    def _segment(
        self, line: _Line, m: re.Match[str], usage: Usage, repeat: int, place: int
    ) -> Segment:
        if m["id"] not in self.known.segments:
            line.bad("a segment of segments.txt")
        numbers, notes = self.known.segments[m["id"]]
        tokens = list(_tokens(line, m["rest"] or ""))
        if len(tokens) > len(numbers):
            line.bad(f"{len(numbers)} elements at most")
        tokens += [_Token("N")] * (len(numbers) - len(tokens))
        elements = tuple(
            _element(number, token, self.known, line, self.head["version"])
            for number, token in zip(numbers, tokens, strict=True)
        )
        return Segment(m["id"], usage, repeat, place, elements, notes)


def _element(
    number: str, token: _Token, known: Dictionary, line: _Line | None, version: str = ""
) -> Element:
    codes: tuple[str, ...] = ()
    if token.codes.startswith("$"):
        if token.codes[1:] not in known.lists:
            assert line is not None
            line.bad("a list of lists.txt")
        codes = known.lists[token.codes[1:]]
    elif token.codes:
        codes = tuple(token.codes.split(","))
    if number in known.elements:
        kind, least, most = known.elements[number]
        return Element(token.usage, number, kind, least, most, codes, token.pattern, token.repeat)
    numbers, notes = known.segments[number]
    if token.parts is None:
        parts = [_Token("S" if token.usage == "S" and line is None else "N")] * len(numbers)
    else:
        assert line is not None
        parts = list(_tokens(line, token.parts))
        parts += [_Token("N")] * (len(numbers) - len(parts))
        if len(parts) > len(numbers):
            line.bad(f"{len(numbers)} components at most")
    return Element(
        token.usage,
        number,
        "",
        0,
        0,
        repeat=token.repeat,
        parts=tuple(_element(n, t, known, line) for n, t in zip(numbers, parts, strict=True)),
        notes=notes,
    )


def _tokens(line: _Line, text: str) -> Iterator[_Token]:
    for word in _words(text):
        m = _TOKEN.fullmatch(word)
        if m is None:
            line.bad(f"a usage with codes or components, and {word} is none")
        token = _Token(
            _usage(m["usage"]),
            int(m["repeat"] or 1),
            m["codes"] or "",
            m["pattern"] or "",
            m["parts"],
        )
        for _ in range(int(m["times"] or 1)):
            yield token


def _words(text: str) -> Iterator[str]:
    """Split at blanks that are not inside parentheses."""
    depth, word = 0, ""
    for c in text + " ":
        depth += (c == "(") - (c == ")")
        if c != " " or depth:
            word += c
        elif word:
            yield word
            word = ""


def _times(words: list[str]) -> Iterator[str]:
    for word in words:
        name, _, times = word.partition("*")
        for _ in range(int(times or 1)):
            yield name


def _usage(letter: str) -> Usage:
    return "R" if letter == "R" else "S" if letter == "S" else "N"


def _note(line: _Line, text: str) -> Note:
    m = _NOTE.fullmatch(text)
    if m is None:
        line.bad("relational notes such as P0304")
    return Note(m[1], tuple(int(m[2][i : i + 2]) for i in range(0, len(m[2]), 2)))


def _lines(name: str) -> Iterator[_Line]:
    """The lines of a file that say something."""
    text = (FOLDER / name).read_text("ascii")
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield _Line(f"guides/{name}", number, line.rstrip())
