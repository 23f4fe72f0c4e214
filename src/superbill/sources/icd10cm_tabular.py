"""The tabular list of ICD-10-CM as XML: chapters, sections, codes, and every note.

Published by CDC/NCHS for each fiscal year and its update of 1 April
(``icd10cm-tabular-April-1-2026.xml``); ``icd10cm_tabular.xsd`` lays it out. The release of the
discharge day counts.

A code that takes a seventh character stands in the file without it: its category or
subcategory lists the characters (``sevenChrDef``), and shorter codes are filled with X. Such
codes are spelled out here, their titles made as the order file makes them: the title of the
stem, a comma, and the meaning of the character. Category S06 says in a note which of its codes
take only some of the characters; that note is obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of

NOTE_KINDS = (
    "includes",
    "inclusionTerm",
    "excludes1",
    "excludes2",
    "codeFirst",
    "useAdditionalCode",
    "codeAlso",
    "notes",
    "sevenChrNote",
    "sevenChrDef",
    "visualImpairment",
)
"""The kinds of notes, by the names of their elements."""

_VERSION = re.compile(rb"<ICD10CM\.tabular>\s*<version>(\d{4})</version>")
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")
_SECTION = re.compile(r"([A-Z][0-9A-Z]{2})(?:-([A-Z][0-9A-Z]{2}))?")
_NOT_APPLIED = re.compile(
    r"7th characters? (?P<seventh>.+?) do(?:es)? not apply "
    r"to codes in category (?P<category>\w{3}) with 6th character (?P<sixth>.+)"
)


class Node(NamedTuple):
    """A place in the tabular list.

    ``kind`` is ``chapter``, ``section``, ``category`` (three characters), ``subcategory`` or
    ``extended`` (a code spelled out with its seventh character). ``position`` is the order in
    the list, ``parent`` the code of the place above (empty for a chapter).
    """

    code: str
    kind: str
    parent: str
    position: int
    billable: bool
    title: str
    placeholder: bool


class Note(NamedTuple):
    """One note at a place; ``character`` is the seventh character that it defines."""

    node: str
    kind: str
    position: int
    character: str
    text: str


def _recognise(document: Document) -> Period | None:
    version = _VERSION.search(document.head)
    if version is None:
        return None
    period = period_of(document.name)
    if period is None:
        raise Undated(
            document.where,
            f"the ICD-10-CM tabular list of {version[1].decode()}",
            "its name does not say whether it is October's or an update",
        )
    return period


def _text(element: ET.Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


class _Reader:
    """Walks the file chapter by chapter, so that it is never whole in memory."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._position = 0

    def read(self) -> Iterator[Node | Note]:
        if b"<!DOCTYPE" in self._document.head or b"<!ENTITY" in self._document.head:
            raise BadRow(self._document.where, 1, "<!DOCTYPE", "XML without entities of its own")
        with self._document.open() as stream:
            try:
                # Entities of its own, the one danger of XML to this reader, are refused above.
                for _, element in ET.iterparse(stream, events=("end",)):  # noqa: S314
                    if element.tag == "chapter":
                        yield from self._chapter(element)
                        element.clear()
                    elif element.tag == "introduction":
                        yield from _introduction(element)
                        element.clear()
            except ET.ParseError as fault:
                line = fault.position[0]
                raise BadRow(self._document.where, line, str(fault), "well-formed XML") from None

    def _node(
        self,
        element: ET.Element,
        code: str,
        kind: str,
        parent: str,
        *,
        billable: bool = False,
        suffix: str = "",
    ) -> Node:
        self._position += 1
        title = _text(element.find("desc"))
        if not title:
            raise BadRow(self._document.where, self._position, code, "a title for the code")
        placeholder = element.get("placeholder") == "true"
        return Node(code, kind, parent, self._position, billable, title + suffix, placeholder)

    def _chapter(self, chapter: ET.Element) -> Iterator[Node | Note]:
        code = _text(chapter.find("name"))
        yield self._node(chapter, code, "chapter", "")
        yield from _notes(chapter, code)
        above: list[tuple[str, str, str]] = []
        for section in chapter.findall("section"):
            found = _SECTION.fullmatch(section.get("id", ""))
            if found is None:
                raise BadRow(
                    self._document.where, self._position, section.get("id", ""), "a section's range"
                )
            first, last = found[1], found[2] or found[1]
            # A section may span others (V00-X58 above V00-V99 above V00-V09), listed before them.
            while above and not above[-1][1] <= first <= last <= above[-1][2]:
                above.pop()
            # T07 is a section as well as a category: the section is told apart by its range.
            name = f"{first}-{last}"
            yield self._node(section, name, "section", above[-1][0] if above else code)
            yield from _notes(section, name)
            above.append((name, first, last))
            for diagnosis in section.findall("diag"):
                yield from self._diagnosis(diagnosis, name, (), None)

    def _diagnosis(
        self,
        element: ET.Element,
        parent: str,
        extensions: tuple[tuple[str, str], ...],
        exception: re.Match[str] | None,
    ) -> Iterator[Node | Note]:
        dotted = _text(element.find("name"))
        if not _CODE.fullmatch(dotted):
            raise BadRow(self._document.where, self._position, dotted, "an ICD-10-CM code")
        code = dotted.replace(".", "")
        own = element.find("sevenChrDef")
        if own is not None:
            extensions = tuple(
                (x.get("char", ""), _text(x)) for x in own.findall("extension") if x.get("char")
            )
        for note in element.findall("notes/note"):
            exception = _NOT_APPLIED.search(_text(note)) or exception
        below = element.findall("diag")
        kind = "category" if len(code) == 3 else "subcategory"
        yield self._node(element, code, kind, parent, billable=not below and not extensions)
        yield from _notes(element, code)
        for diagnosis in below:
            yield from self._diagnosis(diagnosis, code, extensions, exception)
        if below:
            return
        for character, meaning in extensions:
            if exception and _excepted(exception, code, character):
                continue
            yield self._node(
                element,
                code.ljust(6, "X") + character,
                "extended",
                code,
                billable=True,
                suffix=f", {meaning}",
            )


def _excepted(exception: re.Match[str], code: str, character: str) -> bool:
    """Whether a note such as that at S06 keeps ``character`` from ``code``."""
    return (
        code.startswith(exception["category"])
        and len(code) == 6
        and code[5] in re.findall(r"\b(\w) - ", exception["sixth"])
        and character in re.findall(r"\b[A-Z0-9]\b", exception["seventh"])
    )


def _notes(element: ET.Element, node: str) -> Iterator[Note]:
    position = 0
    for child in element:
        if child.tag not in NOTE_KINDS:
            continue
        if child.tag == "visualImpairment":
            lines = [("", line) for line in _visual_impairment(child)]
        else:
            lines = [(line.get("char", ""), _text(line)) for line in child]
        for character, line in lines:
            position += 1
            yield Note(node, child.tag, position, character, line)


def _visual_impairment(element: ET.Element) -> Iterator[str]:
    """The table of visual acuity at H54, one line for each category."""
    for category in element.findall("visCategory"):
        ranges = [
            " – ".join(filter(None, (_text(part) for part in band)))
            for band in category.findall("visRange")
        ]
        label = _text(category.find("value")) or _text(category.find("heading"))
        yield f"{label}: " + "; ".join(ranges)


def _introduction(element: ET.Element) -> Iterator[Note]:
    position = 0
    for part in element.findall("introSection"):
        for note in part.findall("instruction/note"):
            position += 1
            title = _text(part.find("title")).rstrip(":")
            yield Note("", "instruction", position, "", f"{title}: {_text(note)}")


def read_list(document: Document) -> Iterator[Node | Note]:
    """Every place of the list and, after each, the notes that stand at it.

    Raises :class:`~superbill.errors.BadRow` for XML that is not well-formed or no such list.
    """
    return _Reader(document).read()


def _parse_nodes(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``code, kind, parent, position, billable, title, placeholder``."""
    return (row for row in read_list(document) if isinstance(row, Node))


def _parse_notes(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``node, kind, position, character, text``."""
    return (row for row in read_list(document) if isinstance(row, Note))


NODES = Layout("ICD-10-CM tabular list, XML", _recognise, _parse_nodes, rows=(90_000, 125_000))
NOTES = Layout(
    "ICD-10-CM tabular list, XML: notes", _recognise, _parse_notes, rows=(18_000, 50_000)
)
