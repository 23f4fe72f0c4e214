"""The table of drugs and chemicals and the table of neoplasms of ICD-10-CM, as XML.

Published by CDC/NCHS with the indexes (``icd10cm-drug-April-1-2026-XML.xml``);
``icd10cm_drug_neoplasm.xsd`` lays them out. The release of the day of service counts. Each row
is a term with six codes: for a substance by intent (accidental, self-harm, assault, undetermined)
with adverse effect and underdosing, for a site by behaviour (malignant primary and secondary, in
situ, benign, uncertain, unspecified). A dash in place of a code says that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10cm_index import index_period, index_title, read_terms

DRUG_COLUMNS = (
    "poisoning_accidental",
    "poisoning_self_harm",
    "poisoning_assault",
    "poisoning_undetermined",
    "adverse_effect",
    "underdosing",
)
"""The columns of the table of drugs and chemicals, in print order."""

NEOPLASM_COLUMNS = (
    "malignant_primary",
    "malignant_secondary",
    "in_situ",
    "benign",
    "uncertain_behavior",
    "unspecified_behavior",
)
"""The columns of the table of neoplasms, in print order."""

_FIRST_HEAD = re.compile(rb'<head col="1">\s*(\w+)')


def _is_table(document: Document, first_head: bytes) -> bool:
    if index_title(document) is None:
        return False
    head = _FIRST_HEAD.search(document.head)
    return head is not None and head[1] == first_head


def _recognise_drugs(document: Document) -> Period | None:
    if not _is_table(document, b"Substance"):
        return None
    return index_period(document, "table of drugs and chemicals")


def _recognise_neoplasms(document: Document) -> Period | None:
    if not _is_table(document, b"Neoplasm"):
        return None
    return index_period(document, "table of neoplasms")


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, level, title, see, see_also``, the six codes, ``line``."""
    for position, (line, level, entry) in enumerate(read_terms(document, columns=6), start=1):
        cells = entry.cells or ("",) * 6
        yield position, level, entry.title, entry.see, entry.see_also, *cells, line


DRUGS = Layout(
    "ICD-10-CM table of drugs and chemicals, XML", _recognise_drugs, _parse, (6_500, 10_000)
)
NEOPLASMS = Layout(
    "ICD-10-CM table of neoplasms, XML", _recognise_neoplasms, _parse, (1_700, 3_000)
)
