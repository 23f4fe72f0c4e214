"""The alphabetic index and the index to external causes of ICD-10-CM, as XML.

Published by CDC/NCHS for each fiscal year and its update of 1 April
(``icd10cm-index-April-1-2026-XML.xml``, ``icd10cm_eindex_2017.xml``); ``icd10cm_index.xsd`` lays
it out. The release of the day of service counts. The tables of drugs and of neoplasms have the
same root element and the same terms, with cells in place of codes; they are read by the same
reader (see :mod:`superbill.sources.icd10cm_drug_neoplasm`).

A title holds its non-essential modifiers (``nemod``) where they stand in print: they may be
present or absent in the record without changing the code. "See category" and "see subcategory",
which have elements of their own, become plain text of ``see``, as they read in print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of

CODE = re.compile(r"(?:[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?|[A-Z]{2}[0-9]\.[0-9A-Z]{1,4})-?")
"""A code as the index prints it: a dash at its end says that further characters are needed.

A second letter, as in QA0.011, is new of October 2025.
"""

TITLES = {
    "diseases": "ICD-10-CM INDEX TO DISEASES AND INJURIES",
    "external causes": "ICD-10-CM EXTERNAL CAUSE OF INJURIES INDEX",
}
_VERSION = re.compile(rb"<ICD10CM\.index[^>]*>\s*<version>(\d{4})</version>")
_TITLE = re.compile(rb"</version>\s*<title>([^<]*)</title>")
_TEXT_ELEMENTS = frozenset(
    {"title", "nemod", "code", "manif", "see", "seeAlso", "seecat", "subcat", "cell"}
)
# A reference whose code stands in the element for codes: "see categories T17 and" T18, "see"
# Y35 "with 7th character S".
_BROKEN_OFF = re.compile(r"(?:categor(?:y|ies)|\band|\bat|,)$", re.IGNORECASE)
_BROKEN_OFF_BEFORE = re.compile(r"with ", re.IGNORECASE)
_REFERENCE_IN_TITLE = re.compile(r"\s*-\s*see$", re.IGNORECASE)
# Modifiers that print without a space before them: cigar(s), Alder(-Reilly), achromat(ism).
_ATTACHED = re.compile(r"\((?:-|s\)|es\)|ies\)|t\)|ism\))")


class Entry(NamedTuple):
    """What one line of the index, or one row of a table, says.

    ``title`` is as printed, modifiers in their places. ``code`` and ``manifestation`` are
    undotted; a dash at the end says that further characters are needed. ``cells`` are the six
    codes of a table's row (empty where the table prints a dash), or nothing where the row has no
    codes at all.
    """

    title: str
    code: str = ""
    manifestation: str = ""
    see: str = ""
    see_also: str = ""
    cells: tuple[str, ...] = ()


class IndexTerm(NamedTuple):
    """An entry in its place: ``level`` is 0 for a main term, ``line`` is the line of the file."""

    line: int
    level: int
    entry: Entry


def undot(code: str) -> str:
    """A printed code as it is stored.

    >>> undot("S52.50-"), undot("X58"), undot("J43.-")
    ('S5250-', 'X58', 'J43-')
    """
    return code.replace(".", "")


def squeeze(text: str) -> str:
    """``text`` with single spaces, and none at its ends."""
    return " ".join(text.split())


class _Open:
    """A term whose end has not been read yet."""

    __slots__ = ("cells", "level", "line", "sent", "texts")

    def __init__(self, line: int, level: int) -> None:
        self.line = line
        self.level = level
        self.sent = False
        self.texts: dict[str, str] = {}
        self.cells: dict[int, str] = {}


class _Reader:
    """Turns the file's elements into terms as they pass, in the order of the file."""

    def __init__(self, document: Document, columns: int) -> None:
        self._where = document.where
        self._columns = columns
        self._terms: list[IndexTerm] = []
        self._open: list[_Open] = []
        self._path: list[str] = []
        self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, document: Document) -> Iterator[IndexTerm]:
        with document.open() as stream:
            while True:
                block = stream.read(1 << 16)
                try:
                    self._parser.Parse(block, not block)
                except expat.ExpatError as fault:
                    raise BadRow(
                        self._where, fault.lineno, expat.ErrorString(fault.code), "well-formed XML"
                    ) from None
                yield from self._terms
                self._terms.clear()
                if not block:
                    return

    def _bad(self, saw: str, expected: str, line: int = 0) -> BadRow:
        return BadRow(self._where, line or self._parser.CurrentLineNumber, saw, expected)

    def _doctype(self, *_: object) -> None:
        raise self._bad("<!DOCTYPE", "XML without entities of its own")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "ICD10CM.index":
            raise self._bad(f"<{name}>", "<ICD10CM.index>")
        if name == "diff" or attributes.get("isAddenda") == "true":
            raise self._bad(f"<{name}>", "a whole index, not a list of changes")
        if name in {"mainTerm", "term"}:
            self._begin(name, attributes)
        elif name == "cell":
            column = attributes.get("col", "")
            if not (column.isdigit() and 2 <= int(column) <= self._columns + 1):
                raise self._bad(f'<cell col="{column}">', f"a column 2 to {self._columns + 1}")
            self._column = int(column)
            self._open[-1].cells[self._column] = ""
        self._path.append(name)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        level = 0 if name == "mainTerm" else int(attributes.get("level", "0") or "0")
        if level != len(self._open):
            raise self._bad(f'<{name} level="{level}">', f"level {len(self._open)} here")
        if self._open:
            self._send(self._open[-1])
        self._open.append(_Open(self._parser.CurrentLineNumber, level))

    def _characters(self, text: str) -> None:
        name = self._path[-1] if self._path else ""
        if not self._open or name not in _TEXT_ELEMENTS:
            return
        term = self._open[-1]
        if name == "cell":
            term.cells[self._column] += text
        elif name in {"title", "nemod"}:
            if name == "nemod" and "nemod" not in term.texts:
                term.texts["nemod"] = text
                before = term.texts.get("title", "").rstrip()
                space = "" if not before or _ATTACHED.match(text.lstrip()) else " "
                term.texts["title"] = before + space + text
            else:
                term.texts["title"] = term.texts.get("title", "") + text
        else:
            term.texts[name] = term.texts.get(name, "") + text

    def _end(self, name: str) -> None:
        self._path.pop()
        if name in {"mainTerm", "term"}:
            self._send(self._open.pop())

    def _code(self, text: str, line: int) -> str:
        code = text.strip()
        if code and not CODE.fullmatch(code):
            raise self._bad(code, "an ICD-10-CM code", line)
        return undot(code)

    def _send(self, term: _Open) -> None:
        if term.sent:
            return
        term.sent = True
        texts = {name: squeeze(text) for name, text in term.texts.items()}
        title, code, note = texts.get("title", ""), texts.get("code", ""), texts.get("manif", "")
        see, see_also = texts.get("see", ""), texts.get("seeAlso", "")
        if self._columns and note:
            # The table of neoplasms prints one explanation as if it were a manifestation.
            title, note = f"{title} [{note}]", ""
        if not title:
            raise self._bad("a term without a title", "a title", term.line)
        if code and _REFERENCE_IN_TITLE.search(title):
            title, see, code = _REFERENCE_IN_TITLE.sub("", title), code, ""
        if see.lower().startswith("also "):
            see, see_also = "", see[5:]
        if see or see_also:
            title = title.removesuffix("-").rstrip()  # the dash that prints before a reference
        if code and _BROKEN_OFF.search(see):
            see, code = f"{see} {code}", ""
        elif code and _BROKEN_OFF_BEFORE.match(see):
            see, code = f"{code} {see}", ""
        elif code and see.lower() == "also":
            see, see_also, code = "", code, ""
        elif "seecat" in texts:
            see = f"category {texts['seecat']}"
        elif "subcat" in texts:
            see = f"subcategory {texts['subcat']}"
        entry = Entry(
            title,
            self._code(code, term.line),
            self._code(note, term.line),
            see,
            see_also,
            self._cells(term.cells, term.line),
        )
        self._terms.append(IndexTerm(term.line, term.level, entry))

    def _cells(self, cells: dict[int, str], line: int) -> tuple[str, ...]:
        if not cells:
            return ()
        texts = (cells.get(column, "") for column in range(2, self._columns + 2))
        return tuple(self._code(text, line) if text.strip(" \n-") else "" for text in texts)


def read_terms(document: Document, *, columns: int = 0) -> Iterator[IndexTerm]:
    """Each term in the order of the file; ``columns`` is the number of code columns of a table.

    Raises :class:`~superbill.errors.BadRow` with the line of the file.
    """
    yield from _Reader(document, columns).read(document)


def index_title(document: Document) -> str | None:
    """The document's own title, upper case, where it is an index XML (empty for a table)."""
    if not _VERSION.search(document.head):
        return None
    title = _TITLE.search(document.head)
    return squeeze(title[1].decode("utf-8", "replace")).upper() if title else ""


def index_period(document: Document, kind: str) -> Period:
    """The release that an index XML is; :class:`Undated` where its name does not say."""
    version = _VERSION.search(document.head)
    year = version[1].decode() if version else ""
    period = period_of(document.name)
    if period is None:
        raise Undated(
            document.where,
            f"the ICD-10-CM {kind} of {year}",
            "its name does not say whether it is October's or an update",
        )
    return period


def _recognise_diseases(document: Document) -> Period | None:
    if index_title(document) != TITLES["diseases"]:
        return None
    return index_period(document, "index to diseases and injuries")


def _recognise_external(document: Document) -> Period | None:
    if index_title(document) != TITLES["external causes"]:
        return None
    return index_period(document, "index to external causes")


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, level, title, code, manifestation, see, see_also, line``."""
    for position, (line, level, entry) in enumerate(read_terms(document), start=1):
        yield position, level, *entry[:5], line


DISEASES = Layout(
    "ICD-10-CM index to diseases and injuries, XML", _recognise_diseases, _parse, (60_000, 110_000)
)
EXTERNAL_CAUSES = Layout(
    "ICD-10-CM index to external causes, XML", _recognise_external, _parse, (6_000, 12_000)
)
