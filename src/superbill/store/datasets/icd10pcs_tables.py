"""ICD-10-PCS tables, index and definitions: what a code is built from.

CMS publishes them as XML each 1 October; the discharge date selects a release.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import icd10pcs_definitions, icd10pcs_index, icd10pcs_tables
from superbill.store.catalog import US_GOVERNMENT_WORK, Anchor, Column, Dataset, Table
from superbill.store.datasets.icd10cm import CMS_PAGE

_PUBLISHER = "Centers for Medicare & Medicaid Services"
_BRING = (
    "Bring the XML files that CMS publishes with the codes (tables, index, definitions) and build "
    "again: superbill data build --from DIR"
)
_FY2021 = date(2021, 9, 30)

TABLES = Dataset(
    id="icd10pcs.tables",
    title="ICD-10-PCS tables",
    publisher=_PUBLISHER,
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10pcs_tables",
        (
            Column("pcs_table", meaning="the first three characters"),
            Column("table_row", "integer", "row of the table from 1; 0 for characters 1 to 3"),
            Column("axis", "integer", "1 to 7"),
            Column("value", meaning="the character"),
            Column("axis_title", meaning="what the axis is called in this section"),
            Column("label", meaning="what the value means"),
            Column("definition", meaning="the official definition, of root operations"),
        ),
        key=("pcs_table", "table_row", "axis", "value"),
    ),
    layouts=(icd10pcs_tables.LAYOUT,),
    remedy=_BRING,
    anchors=(
        Anchor(
            _FY2021,
            {"pcs_table": "001", "table_row": 1, "axis": 4, "value": "6"},
            {"axis_title": "Body Part", "label": "Cerebral Ventricle"},
            "icd10pcs_tables_2021.xml, first row of the first table",
        ),
    ),
)

INDEX = Dataset(
    id="icd10pcs.index",
    title="ICD-10-PCS index",
    publisher=_PUBLISHER,
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10pcs_index",
        (
            Column("position", "integer", "order of print, from 1"),
            Column("parent", "integer", "position of the term above; 0 for a main term"),
            Column("level", "integer", "0 for a main term"),
            Column("title", meaning="empty where only its references follow"),
            Column("see", meaning="another term"),
            Column("use_label", meaning="the official label that the word stands for"),
            Column("prefix", meaning="the first characters of the codes it leads to"),
        ),
        key=("position",),
        indexes=(("parent", "release", "position"),),
    ),
    layouts=(icd10pcs_index.LAYOUT,),
    remedy=_BRING,
    anchors=(
        Anchor(
            _FY2021,
            {"title": "Abdominohysterectomy"},
            {"see": "Resection, Uterus", "prefix": "0UT9"},
            "icd10pcs_index_2021.xml, letter A",
        ),
    ),
)

DEFINITIONS = Dataset(
    id="icd10pcs.definitions",
    title="ICD-10-PCS definitions, body part key and device key",
    publisher=_PUBLISHER,
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10pcs_definitions",
        (
            Column("position", "integer", "order of print, from 1"),
            Column("section", meaning="the first character of the codes"),
            Column("axis", "integer"),
            Column("label", meaning="the value's official name"),
            Column("kind", meaning="definition, explanation or includes"),
            Column("text"),
        ),
        key=("position",),
        indexes=(("section", "axis", "label", "release"),),
    ),
    layouts=(icd10pcs_definitions.LAYOUT,),
    remedy=_BRING,
    anchors=(
        Anchor(
            _FY2021,
            {"section": "0", "axis": 3, "label": "Bypass", "kind": "definition"},
            {"text": "Altering the route of passage of the contents of a tubular body part"},
            "icd10pcs_definitions_2021.xml",
        ),
    ),
)

DEVICE_AGGREGATION = Dataset(
    id="icd10pcs.device_aggregation",
    title="ICD-10-PCS device aggregation table",
    publisher=_PUBLISHER,
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10pcs_device_aggregation",
        (
            Column("position", "integer", "order of print, from 1"),
            Column("device", meaning="the specific device"),
            Column("operations", meaning="in which operations it is specified"),
            Column("body_systems", meaning="in which body systems"),
            Column("value", meaning="the sixth character of the general device"),
            Column("general", meaning="the general device"),
        ),
        key=("position",),
    ),
    layouts=(icd10pcs_definitions.AGGREGATION,),
    remedy=_BRING,
    anchors=(
        Anchor(
            _FY2021,
            {"device": "Cardiac Lead, Defibrillator"},
            {"value": "M", "general": "Cardiac Lead", "operations": "Insertion"},
            "icd10pcs_definitions_2021.xml",
        ),
    ),
)

DATASETS: tuple[Dataset, ...] = (TABLES, INDEX, DEFINITIONS, DEVICE_AGGREGATION)
