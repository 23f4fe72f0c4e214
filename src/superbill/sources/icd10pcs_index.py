"""The index of ICD-10-PCS: from the words of an operation to tables and codes.

Published by CMS for each fiscal year (``icd10pcs_index_2021.xml``); ``icd10pcs_index.xsd`` lays it
out. The release of the day of discharge counts. A term leads to a code, to the first characters
of codes, to a table, to another term (``see``), or to the official label that its word stands for
(``use``: a body part, a device or an approach).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10pcs_tables import pcs_period
from superbill.sources.xml_elements import Element, elements, squeeze

_PREFIX = re.compile(r"[0-9A-HJ-NP-Z]{1,7}")


class PcsTerm(NamedTuple):
    """A term of the index.

    ``level`` is 0 for a main term; a term may have no title of its own where its superior term
    leads to several places. ``prefix`` are the first characters of the codes that it leads to
    (all seven for a single code), whether of itself or of the term that it refers to by ``see``.
    """

    line: int
    level: int
    title: str
    see: str
    use: str
    prefix: str


def read_index(document: Document) -> Iterator[PcsTerm]:
    """Each term in the order of the file.

    Raises :class:`~superbill.errors.BadRow` with the line of the file.
    """
    for main in elements(document, "ICD10PCS.index", "mainTerm"):
        yield from _term(main, 0, document.where)


def _term(term: Element, level: int, where: str) -> Iterator[PcsTerm]:
    title, see, use = term.words("title"), "", term.words("use")
    prefixes = [term.words(name) for name in ("code", "codes", "tab")]
    for reference in term.all("see"):
        see = squeeze(reference.text)
        prefixes += [reference.words("codes"), reference.words("tab")]
    found = [prefix for prefix in prefixes if prefix]
    if level and int(term.attributes.get("level", "0") or "0") != level:
        raise BadRow(where, term.line, term.attributes.get("level", ""), f"level {level} here")
    if len(found) > 1 or any(not _PREFIX.fullmatch(prefix) for prefix in found):
        raise BadRow(where, term.line, ", ".join(found), "the first characters of codes, once")
    below = term.all("term")
    if not (title or see or use or found):
        if term.all("see") and not below:
            return  # FY2021 has one reference without words
        raise BadRow(where, term.line, f"<{term.name}>", "a title or a reference")
    yield PcsTerm(term.line, level, title, see, use, found[0] if found else "")
    for each in below:
        yield from _term(each, level + 1, where)


def _recognise(document: Document) -> Period | None:
    return pcs_period(document, "index", "the ICD-10-PCS index")


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, parent, level, title, see, use_label, prefix``."""
    above: list[int] = []
    for position, term in enumerate(read_index(document), start=1):
        del above[term.level :]
        parent = above[-1] if above else 0
        above.append(position)
        yield position, parent, term.level, term.title, term.see, term.use, term.prefix


LAYOUT = Layout("ICD-10-PCS index, XML", _recognise, _parse, (15_000, 50_000))
