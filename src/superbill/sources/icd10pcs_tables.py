"""The tables of ICD-10-PCS: which characters go together to a procedure code.

Published by CMS for each fiscal year (``icd10pcs_tables_2021.xml``); ``icd10pcs_tables.xsd`` lays
them out. The release of the day of discharge counts. A table is named by the first three
characters; each of its rows lists values for the other four, and any choice of one value from
each of the four columns is a valid code. The third character bears the official definition of
the root operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of
from superbill.sources.xml_elements import Element, elements, squeeze

VALUE = re.compile(r"[0-9A-HJ-NP-Z]")
"""A character of a code: digits, and letters without I and O."""

_HEAD = re.compile(rb"<ICD10PCS\.(\w+)[^>]*>\s*<version>(\d{4})</version>")


class AxisValue(NamedTuple):
    """One value of one axis.

    ``position`` is 1 to 7. The first three stand once for each ``table`` (named by its three
    characters), as row 0; the others once for each ``row`` of the table, from 1. ``title`` is
    what the axis is called in this section, ``label`` what the value means.
    """

    table: str
    row: int
    position: int
    title: str
    value: str
    label: str
    definition: str


def pcs_period(document: Document, kind: str, what: str) -> Period | None:
    """The release that an ICD-10-PCS XML file of ``kind`` is; ``None`` where it is no such file.

    Raises :class:`~superbill.sources.document.Undated` where its name does not say the release.
    """
    head = _HEAD.search(document.head)
    if head is None or head[1].decode() != kind:
        return None
    period = period_of(document.name)
    if period is None:
        raise Undated(document.where, f"{what} of {head[2].decode()}", "its name states no year")
    return period


def read_tables(document: Document) -> Iterator[AxisValue]:
    """Every value of every table, in the order of the file.

    Raises :class:`~superbill.errors.BadRow` with the line of the file.
    """
    for table in elements(document, "ICD10PCS.tabular", "pcsTable"):
        yield from _table(table, document.where)


def _table(table: Element, where: str) -> Iterator[AxisValue]:
    head = [list(_axis(axis, "", 0, where)) for axis in table.all("axis")]
    if [(len(values), values[0].position if values else 0) for values in head] != [
        (1, 1),
        (1, 2),
        (1, 3),
    ]:
        raise BadRow(where, table.line, "pcsTable", "axes 1, 2 and 3 with one value each")
    name = "".join(values[0].value for values in head)
    for values in head:
        yield values[0]._replace(table=name)
    rows = table.all("pcsRow")
    if not rows:
        raise BadRow(where, table.line, name, "a table with rows")
    for number, row in enumerate(rows, start=1):
        axes = [list(_axis(axis, name, number, where)) for axis in row.all("axis")]
        if [values[0].position for values in axes] != [4, 5, 6, 7]:
            raise BadRow(where, row.line, name, "axes 4, 5, 6 and 7")
        stated = row.attributes.get("codes", "")
        if stated != str(prod(len(values) for values in axes)):
            raise BadRow(where, row.line, f"{name}: codes={stated}", "as many codes as it states")
        for values in axes:
            yield from values


def _axis(axis: Element, table: str, row: int, where: str) -> Iterator[AxisValue]:
    position, title = axis.attributes.get("pos", ""), axis.words("title")
    labels = axis.all("label")
    if not position.isdigit() or not title:
        raise BadRow(where, axis.line, f"axis pos={position} {title}", "an axis with pos and title")
    if axis.attributes.get("values") != str(len(labels)) or not labels:
        raise BadRow(where, axis.line, f"{title}: {len(labels)} values", "as many as it states")
    for label in labels:
        value = label.attributes.get("code", "")
        if not VALUE.fullmatch(value) or not squeeze(label.text):
            raise BadRow(where, label.line, f"{value} {label.text}", "a value and its meaning")
        yield AxisValue(
            table, row, int(position), title, value, squeeze(label.text), axis.words("definition")
        )


def _recognise(document: Document) -> Period | None:
    return pcs_period(document, "tabular", "the ICD-10-PCS tables")


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``pcs_table, table_row, position, value, title, label, definition``."""
    for value in read_tables(document):
        yield (
            value.table,
            value.row,
            value.position,
            value.value,
            value.title,
            value.label,
            value.definition,
        )


LAYOUT = Layout("ICD-10-PCS tables, XML", _recognise, _parse, (30_000, 90_000))
