"""The indexes and tables of ICD-10-CM by day, their addenda, and the conversion table.

CDC/NCHS publishes the index to diseases and injuries, the index to external causes, the table of
drugs and chemicals and the table of neoplasms. What a year's release changes is published as
addenda; from a whole index and the addenda after it follows the index of every later day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from superbill.sources import (
    icd10cm_addenda,
    icd10cm_conversion,
    icd10cm_drug_neoplasm,
    icd10cm_index,
    icd10cm_index_history,
    icd10cm_tabular_addenda,
)
from superbill.sources.composite import Part, as_one
from superbill.sources.document import Layout, Period
from superbill.sources.icd10cm_index_history import (
    BOOKS,
    addenda_dataset,
    is_table,
    published_dataset,
    segments,
)
from superbill.store.catalog import (
    US_GOVERNMENT_WORK,
    Anchor,
    Column,
    Dataset,
    Derivation,
    Table,
)
from superbill.store.datasets import icd10cm_by_day
from superbill.store.datasets.icd10cm import CDC_PAGE

_BRING = (
    "Bring the index as XML and the addenda (PDF) of the years after it, as CDC/NCHS publishes "
    "them, and build again: superbill data build --from DIR"
)
_TITLES = {
    "diseases": "ICD-10-CM index to diseases and injuries",
    "external causes": "ICD-10-CM index to external causes",
    "drugs": "ICD-10-CM table of drugs and chemicals",
    "neoplasms": "ICD-10-CM table of neoplasms",
}
_XML = {
    "diseases": icd10cm_index.DISEASES,
    "external causes": icd10cm_index.EXTERNAL_CAUSES,
    "drugs": icd10cm_drug_neoplasm.DRUGS,
    "neoplasms": icd10cm_drug_neoplasm.NEOPLASMS,
}
_PDF = {
    "diseases": icd10cm_addenda.DISEASES,
    "external causes": icd10cm_addenda.EXTERNAL_CAUSES,
    "drugs": icd10cm_addenda.DRUGS,
    "neoplasms": icd10cm_addenda.NEOPLASMS,
}
_COLUMNS = {
    "drugs": icd10cm_drug_neoplasm.DRUG_COLUMNS,
    "neoplasms": icd10cm_drug_neoplasm.NEOPLASM_COLUMNS,
}
_REFERENCES = (
    Column("see", meaning="another place to look instead"),
    Column("see_also", meaning="another place to look as well"),
)
_CODES = (
    Column("code", meaning="undotted; a dash at its end: further characters are needed"),
    Column("manifestation", meaning="the code in brackets that goes with it"),
)


def _saying(book: str) -> tuple[Column, ...]:
    """The columns of what an entry says after its title."""
    if is_table(book):
        cells = (Column(name, meaning="undotted; empty: none") for name in _COLUMNS[book])
        return (*_REFERENCES, *cells)
    return (*_CODES, *_REFERENCES)


def _dataset(name: str, title: str, table: Table, layout: Layout) -> Dataset:
    return Dataset(
        id=name,
        title=title,
        publisher="CDC/NCHS",
        address=CDC_PAGE,
        licence=US_GOVERNMENT_WORK,
        table=table,
        layouts=(layout,),
        remedy=_BRING,
    )


def _published(book: str) -> Dataset:
    return _dataset(
        published_dataset(book),
        f"{_TITLES[book]}, as published whole",
        Table(
            published_dataset(book).replace(".", "_"),
            (
                Column("position", "integer", "order of print, from 1"),
                Column("level", "integer", "0 for a main term"),
                Column("title", meaning="as printed, modifiers in their places"),
                *_saying(book),
                Column("line", "integer", "line of the file"),
            ),
            key=("position",),
        ),
        _XML[book],
    )


def _addenda(book: str) -> Dataset:
    return _dataset(
        addenda_dataset(book),
        f"{_TITLES[book]}, addenda",
        Table(
            addenda_dataset(book).replace(".", "_"),
            (
                Column("position", "integer", "order of print, from 1"),
                Column("page", "integer"),
                Column("line", "integer", "line of the page's text"),
                Column("action", meaning="no change, add, delete or revise"),
                Column("level", "integer", "number of dashes"),
                Column("before", meaning="the entry as printed; empty where it is added"),
                Column("after", meaning="the entry as printed; empty where it is deleted"),
            ),
            key=("position",),
        ),
        _PDF[book],
    )


def _periods(book: str) -> Callable[[Sequence[Part]], Sequence[tuple[tuple[Part, ...], Period]]]:
    return lambda parts: segments(parts, book)


_INDEX_ANCHORS = (
    Anchor(
        date(2017, 9, 30),
        {"essential_key": "aarskog's syndrome"},
        {"code": "Q871"},
        "icd10cm_index_2017.xml, first entry",
    ),
    Anchor(
        date(2026, 3, 1),
        {"essential_key": "pandas", "parent": 0},
        {"code": "D8989", "source": "FY2018"},
        "icd10cm_index addenda_2018.pdf",
    ),
)
_EXTERNAL_ANCHORS = (
    Anchor(
        date(2026, 3, 1),
        {"essential_key": "pickleball"},
        {"code": "Y9373", "source": "FY2026"},
        "icd10cm-eindex-addenda-2026.pdf",
    ),
)


def _entries(book: str) -> Dataset:
    name = f"icd10cm.{BOOKS[book]}"
    return _dataset(
        name,
        f"{_TITLES[book]}, by day",
        Table(
            name.replace(".", "_"),
            (
                Column("node", "integer", "the place in the order of print, from 1"),
                Column("parent", "integer", "the place above; 0 above main terms"),
                Column("level", "integer", "0 for a main term"),
                Column("title", meaning="as printed, modifiers in their places"),
                Column("title_key", meaning="the title for comparing"),
                Column("essential_key", meaning="the title without modifiers for comparing"),
                *_saying(book),
                Column("source", meaning="the release that brought the entry into this form"),
            ),
            key=("node",),
            indexes=(
                ("parent", "release", "node"),
                ("essential_key", "release"),
                *(() if is_table(book) else (("code", "release"),)),
            ),
        ),
        icd10cm_index_history.ENTRIES[book],
    )._replace(
        dated_rows=True,
        derivation=Derivation((published_dataset(book), addenda_dataset(book)), _periods(book)),
        anchors={"diseases": _INDEX_ANCHORS, "external causes": _EXTERNAL_ANCHORS}.get(book, ()),
    )


PLACEMENTS = _dataset(
    "icd10cm.index_placements",
    "ICD-10-CM addenda: what became of each line",
    Table(
        "icd10cm_index_placements",
        (
            Column("position", "integer"),
            Column("book", meaning="diseases, external causes, drugs or neoplasms"),
            Column("source", meaning="the release whose addenda the line is from"),
            Column("effective", "date", "from when it holds"),
            Column("page", "integer", "0: not of addenda but of an index published whole"),
            Column("line", "integer"),
            Column("action", meaning="no change, add, delete or revise"),
            Column("level", "integer"),
            Column("text", meaning="as printed, with an arrow between old and new"),
            Column("outcome", meaning="placed, placed nearby, already so, not placed, differs"),
            Column("reason"),
        ),
        key=("position",),
        indexes=(("outcome", "book"),),
    ),
    icd10cm_index_history.PLACEMENTS,
)._replace(
    derivation=Derivation(
        tuple(name(book) for book in BOOKS for name in (published_dataset, addenda_dataset)),
        as_one,
    ),
)

CONVERSION = _dataset(
    "icd10cm.conversion",
    "ICD-10-CM conversion table",
    Table(
        "icd10cm_conversion",
        (
            Column("code", meaning="the newer code, undotted"),
            Column("previous", meaning="what was assigned before; empty: nothing"),
            Column("previous_last", meaning="the last code of a range, else the same"),
            Column("below", "flag", "all codes below are meant"),
            Column("text", meaning="the previous assignment as printed"),
        ),
        key=("code", "previous"),
        indexes=(("previous", "release"),),
    ),
    icd10cm_conversion.LAYOUT,
)._replace(
    dated_rows=True,
    anchors=(
        Anchor(
            date(2026, 3, 1),
            {"code": "A0471"},
            {"previous": "A047", "text": "A04.7"},
            "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx, first row",
        ),
    ),
    remedy="Bring the conversion table (XLSX) that CDC/NCHS publishes with the release, and build "
    "again: superbill data build --from DIR",
)

TABULAR_ADDENDA = _dataset(
    "icd10cm.tabular_addenda",
    "ICD-10-CM tabular list: titles and notes, addenda",
    Table(
        "icd10cm_tabular_addenda",
        (
            Column("position", "integer", "order of print, from 1"),
            Column("page", "integer"),
            Column("line", "integer", "line of the page's text"),
            Column("action", meaning="add, delete or revise"),
            Column("node", meaning="the code, section or chapter, undotted"),
            Column("kind", meaning="title, block, inclusionTerm, or the kind of note"),
            Column("before", meaning="the line as printed; empty where it is added"),
            Column("after", meaning="the line as printed; empty where it is deleted"),
        ),
        key=("position",),
        indexes=(("node", "release"),),
    ),
    icd10cm_tabular_addenda.PDF,
)._replace(
    anchors=(
        Anchor(
            date(2025, 12, 1),
            {"position": 1},
            {"node": "B18", "action": "add", "kind": "useAdditionalCode"},
            "icd10cm-tabular-addenda-2026.pdf, chapter 1",
        ),
    ),
    remedy="Bring the addenda (PDF) that CDC/NCHS publishes with the release, and build again: "
    "superbill data build --from DIR",
)

DATASETS: tuple[Dataset, ...] = (
    *(_published(book) for book in BOOKS),
    *(_addenda(book) for book in BOOKS),
    *(_entries(book) for book in BOOKS),
    PLACEMENTS,
    CONVERSION,
    TABULAR_ADDENDA,
    *icd10cm_by_day.DATASETS,
)
