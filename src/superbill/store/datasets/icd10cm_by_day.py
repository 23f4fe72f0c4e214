"""The tabular list of ICD-10-CM by day: titles and notes, with what brought each into its form.

CDC/NCHS publishes the list as XML, and with each release the addenda that say what changes. From
a whole list and the addenda after it follows the list of every later day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from superbill.sources import icd10cm_notes_history
from superbill.sources.composite import Part, as_one
from superbill.sources.document import Layout, Period
from superbill.store.catalog import (
    US_GOVERNMENT_WORK,
    Anchor,
    Column,
    Dataset,
    Derivation,
    Table,
)
from superbill.store.datasets.icd10cm import CDC_PAGE

_BRING_LIST = (
    "Bring a tabular list as XML and the addenda (PDF) of the years after it, as CDC/NCHS "
    "publishes them, and build again: superbill data build --from DIR"
)
_CARRIED = Derivation(
    (icd10cm_notes_history.PUBLISHED, icd10cm_notes_history.ADDENDA),
    icd10cm_notes_history.carried,
)
_BROUGHT = Column("source", meaning="the release that brought it into this form")


def _dataset(name: str, title: str, table: Table, layout: Layout) -> Dataset:
    return Dataset(
        id=name,
        title=title,
        publisher="CDC/NCHS",
        address=CDC_PAGE,
        licence=US_GOVERNMENT_WORK,
        table=table,
        layouts=(layout,),
        remedy=_BRING_LIST,
        dated_rows=layout is not icd10cm_notes_history.PLACEMENTS,
        derivation=_CARRIED,
    )


def _all_addenda(parts: Sequence[Part]) -> Sequence[tuple[tuple[Part, ...], Period]]:
    """All parts as one release, where there are addenda among them."""
    if not any(part.dataset == icd10cm_notes_history.ADDENDA for part in parts):
        return ()
    return as_one(parts)


TABULAR_BY_DAY = _dataset(
    "icd10cm.tabular_by_day",
    "ICD-10-CM tabular list by day: chapters, sections and codes",
    Table(
        "icd10cm_tabular_by_day",
        (
            Column("code", meaning="undotted; a chapter's number; a section's range"),
            Column("kind", meaning="chapter, section, category or subcategory"),
            Column("parent", meaning="the place above; empty for a chapter"),
            Column("position", "integer", "order in the list, among all that ever stood"),
            Column("title"),
            _BROUGHT,
        ),
        key=("code",),
    ),
    icd10cm_notes_history.PLACES,
)._replace(
    anchors=(
        Anchor(
            date(2025, 3, 31),
            {"code": "I1A"},
            {"parent": "I10-I1A", "title": "Other hypertension", "source": "FY2024"},
            "icd10cm-tabular-addenda-2024.pdf, chapter 9",
        ),
    ),
)

NOTES_BY_DAY = _dataset(
    "icd10cm.notes_by_day",
    "ICD-10-CM tabular list by day: notes",
    Table(
        "icd10cm_notes_by_day",
        (
            Column("node", meaning="the place that bears the note; empty: the introduction"),
            Column("kind", meaning="the name of its element: excludes1, codeFirst, …"),
            Column("position", "integer", "order at its place, among all that ever stood"),
            Column("character", meaning="the seventh character that it defines, or empty"),
            Column("text"),
            _BROUGHT,
        ),
        key=("node", "position"),
    ),
    icd10cm_notes_history.NOTES,
)._replace(
    anchors=(
        Anchor(
            date(2025, 3, 31),
            {"node": "J44", "text": "bronchiectasis (J47.-)"},
            {"kind": "excludes2", "source": "FY2024"},
            "icd10cm-tabular-addenda-2024.pdf, chapter 10: until then an Excludes1 note",
        ),
        Anchor(
            date(2023, 9, 30),
            {"node": "J44", "text": "bronchiectasis (J47.-)"},
            {"kind": "excludes1", "source": "FY2017"},
            "icd10cm_tabular_2017.xml",
        ),
    ),
)

NOTES_PLACEMENTS = _dataset(
    "icd10cm.notes_placements",
    "ICD-10-CM tabular addenda: what became of each line",
    Table(
        "icd10cm_notes_placements",
        (
            Column("position", "integer"),
            Column("source", meaning="the release whose addenda the line is from"),
            Column("effective", "date", "from when it holds"),
            Column("page", "integer", "0: not of addenda but of a list published whole"),
            Column("line", "integer"),
            Column("action", meaning="no change, add, delete or revise"),
            Column("node", meaning="the code, section or chapter, undotted"),
            Column("kind", meaning="title, block, inclusionTerm, or the kind of note"),
            Column("text", meaning="as printed, with an arrow between old and new"),
            Column("outcome", meaning="placed, placed nearby, already so, not placed, differs"),
            Column("reason"),
        ),
        key=("position",),
        indexes=(("outcome",),),
    ),
    icd10cm_notes_history.PLACEMENTS,
)._replace(
    derivation=Derivation(_CARRIED.sources, _all_addenda),
)

DATASETS: tuple[Dataset, ...] = (TABULAR_BY_DAY, NOTES_BY_DAY, NOTES_PLACEMENTS)
