"""The official guidelines for coding and reporting ICD-10-CM, by section.

CMS and CDC/NCHS publish them as a PDF each fiscal year, with an update on 1 April. Their text is
read from the file that the user has, into the user's own store.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import icd10cm_guidelines
from superbill.store.catalog import US_GOVERNMENT_WORK, Anchor, Column, Dataset, Table
from superbill.store.datasets.icd10cm import CDC_PAGE

_SOURCE = "ICD-10-CM-October-2025-Guidelines.pdf"

GUIDELINES = Dataset(
    id="icd10cm.guidelines",
    title="ICD-10-CM official guidelines for coding and reporting",
    publisher="CMS and CDC/NCHS",
    address=CDC_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10cm_guidelines",
        (
            Column("position", "integer", "order of print, from 1"),
            Column("number", meaning="as it is cited: I.C.9.a.1"),
            Column("parent", meaning="the section above; empty above Section I"),
            Column("level", "integer", "0 for a whole Section"),
            Column("title"),
            Column("page", "integer", "page of the document, from 1"),
            Column("last_page", "integer"),
            Column("text", meaning="its own text, line by line, without the sections below"),
        ),
        key=("number",),
    ),
    layouts=(icd10cm_guidelines.LAYOUT,),
    remedy="Bring the guidelines of the fiscal year (PDF) as CDC/NCHS publishes them, and build "
    "again: superbill data build --from DIR",
    anchors=(
        Anchor(
            date(2026, 3, 1),
            {"number": "I.C.4.a"},
            {"title": "Diabetes mellitus", "page": 39},
            f"{_SOURCE}, page 39",
        ),
        Anchor(date(2026, 3, 1), {"number": "IV.H"}, {"page": 114}, f"{_SOURCE}, page 114"),
    ),
)

DATASETS: tuple[Dataset, ...] = (GUIDELINES,)
