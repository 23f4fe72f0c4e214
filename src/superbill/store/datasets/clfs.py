"""The clinical laboratory fee schedule, each quarter by CMS; the day of service selects it."""

from __future__ import annotations

from datetime import date

from superbill.sources import clfs
from superbill.store.catalog import Anchor, Column, Dataset, Table

RATES = Dataset(
    id="clfs.rates",
    title="The clinical laboratory fee schedule",
    publisher="Centers for Medicare & Medicaid Services",
    address="https://www.cms.gov/medicare/payment/fee-schedules/clinical-laboratory-fee-schedule-clfs",
    licence="Work of the United States Government for HCPCS Level II codes; rows of CPT codes are "
    "the American Medical Association's, and are only for users whom it licensed",
    table=Table(
        "clfs_rates",
        (
            Column("code"),
            Column("modifier", meaning="QW for a waived test, else empty"),
            Column("indicator", meaning="N national, L the contractor's"),
            Column("rate", "decimal", "dollars; zero where the contractor prices it"),
        ),
        key=("code", "modifier"),
    ),
    layouts=(clfs.LAYOUT,),
    dated_rows=True,
    remedy="Bring the quarter's file (CLFS_CYyyyyQq.csv) that CMS publishes, and build again: "
    "superbill data build --from DIR",
    anchors=(
        Anchor(
            date(2026, 4, 1),
            {"code": "G0103", "modifier": ""},
            {"rate": "19.31", "indicator": "N"},
            "CLFS_CY2026Q2.csv, row G0103",
        ),
    ),
)

DATASETS: tuple[Dataset, ...] = (RATES,)
