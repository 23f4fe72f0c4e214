"""Medically unlikely edits: the most units of a code that one patient is likely to need.

CMS publishes three tables each quarter, for practitioners, outpatient hospitals and suppliers of
equipment (``MCR_MUE_PractitionerServices_Eff_MM-DD-YYYY`` and so on), as comma-separated text and
as a workbook of the same columns: code, most units, adjudication indicator (1 line; 2 day of
service, by policy; 3 day of service, by clinical judgment), rationale. Lines above the headings
hold notices; they are passed over. Some values are kept confidential and are not in the files.

The day of service selects the table, by the quarter that its name gives.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from superbill.errors import BadRow
from superbill.sources import workbook
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ncci_ptp import quarter

KINDS = {
    "practitioner": "PractitionerServices",
    "hospital": "OutpatientHospitalServices",
    "supplier": "DMESupplierServices",
}

_NAME = re.compile(r"MCR_MUE_(\w+?)_Eff_(\d{2})-(\d{2})-(\d{4})[^/]*\.(?:csv|xlsx)$", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]{5}")
_INDICATOR = re.compile(r"[123]\b")
_EXPECTED = "a code, a number of units, an adjudication indicator (1, 2, 3) and a rationale"


def layout(kind: str) -> Layout:
    """The layout of one of the three tables; ``kind`` of :data:`KINDS`."""
    return Layout(
        f"Medically unlikely edits, {kind}",
        partial(_recognise, KINDS[kind]),
        _parse,
        rows=(1, 40_000),
    )


def _recognise(kind: str, document: Document) -> Period | None:
    name = _NAME.search(document.name)
    if name is None or name[1].lower() != kind.lower():
        return None
    try:
        start = date(int(name[4]), int(name[2]), int(name[3]))
    except ValueError:
        return None
    whole = quarter(start.year, (start.month + 2) // 3)
    return Period(whole.label, start, whole.valid_to)


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``ncci.mue_…``."""
    begun = False
    for number, cells in _cells(document):
        code, units, indicator, rationale = (*cells, "", "", "", "")[:4]
        if not _CODE.fullmatch(code):
            if begun and any(cells):
                raise BadRow(document.where, number, ", ".join(cells), _EXPECTED)
            continue
        begun = True
        if not units.isdigit() or not _INDICATOR.match(indicator):
            raise BadRow(document.where, number, ", ".join(cells), _EXPECTED)
        yield code, int(units), indicator[0], rationale
    if not begun:
        raise BadRow(document.where, 1, "no code", _EXPECTED)


def _cells(document: Document) -> Iterator[tuple[int, list[str]]]:
    if workbook.is_workbook(document):
        for number, row in workbook.rows(document):
            yield number, [row.get(letter, "").strip() for letter in "ABCD"]
        return
    with document.open() as stream:
        text = io.TextIOWrapper(stream, encoding="latin-1", newline="")
        reader = csv.reader(text)
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
