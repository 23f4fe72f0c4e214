"""The definitions of ICD-10-PCS: what operations, body parts, approaches and devices mean.

Published by CMS for each fiscal year (``icd10pcs_definitions_2021.xml``);
``icd10pcs_definitions.xsd`` lays them out. The release of the day of discharge counts. For each
section and axis they give the official definition of a value, an explanation, and the words that
count as it. The body part key and the device key of the printed book are these last, sorted by
word. The device aggregation table says which general device takes the place of a specific one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10pcs_tables import pcs_period
from superbill.sources.xml_elements import Element, elements, squeeze


class Definition(NamedTuple):
    """What a value of an axis means.

    ``section`` is the first character of the codes, ``position`` that of the axis, ``label`` the
    official name of the value. ``kind`` is ``definition``, ``explanation`` or ``includes``; of the
    last there may be many.
    """

    section: str
    position: int
    label: str
    kind: str
    text: str


class Aggregation(NamedTuple):
    """A specific device, and the general one that stands for it in other operations.

    ``operations`` and ``body_systems`` say where the specific one is to be used; ``value`` is the
    sixth character of the general one.
    """

    device: str
    operations: str
    body_systems: str
    value: str
    general: str


def read_definitions(document: Document) -> Iterator[Definition]:
    """Every definition, explanation and included word, in the order of the file.

    Raises :class:`~superbill.errors.BadRow` with the line of the file.
    """
    for section in elements(document, "ICD10PCS.definitions", "section"):
        code = section.attributes.get("code", "")
        if len(code) != 1:
            raise BadRow(document.where, section.line, code, "a section's character")
        for axis in section.all("axis"):
            position = axis.attributes.get("pos", "")
            if not position.isdigit():
                raise BadRow(document.where, axis.line, position, "the position of an axis")
            for term in axis.all("terms"):
                yield from _term(term, code, int(position), document.where)


def _term(term: Element, section: str, position: int, where: str) -> Iterator[Definition]:
    labels = [squeeze(title.text) for title in term.all("title")]
    if not labels or not all(labels):
        raise BadRow(where, term.line, "<terms>", "a title")
    for label in labels:
        for kind in ("definition", "explanation", "includes"):
            for each in term.all(kind):
                text = squeeze(each.text)
                if text:
                    yield Definition(section, position, label, kind, text)


def read_aggregations(document: Document) -> Iterator[Aggregation]:
    """The device aggregation table, in the order of the file."""
    for table in elements(document, "ICD10PCS.definitions", "deviceAggregation"):
        for row in table.all("aggregate"):
            parents = row.all("parent")
            if len(parents) != 1 or len(parents[0].attributes.get("value", "")) != 1:
                raise BadRow(document.where, row.line, row.words("device"), "one general device")
            yield Aggregation(
                row.words("device"),
                row.words("operation"),
                "; ".join(squeeze(system.text) for system in row.all("bodySys")),
                parents[0].attributes["value"],
                squeeze(parents[0].text),
            )


def _recognise(document: Document) -> Period | None:
    return pcs_period(document, "definitions", "the ICD-10-PCS definitions")


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, section, axis, label, kind, text``."""
    for position, row in enumerate(read_definitions(document), start=1):
        yield position, row.section, row.position, row.label, row.kind, row.text


def _parse_aggregations(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, device, operations, body_systems, value, general``."""
    for position, row in enumerate(read_aggregations(document), start=1):
        yield position, *row


LAYOUT = Layout("ICD-10-PCS definitions, XML", _recognise, _parse, (1_500, 20_000))
AGGREGATION = Layout(
    "ICD-10-PCS device aggregation table, XML", _recognise, _parse_aggregations, (20, 200)
)
