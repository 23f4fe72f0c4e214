"""Ambulatory surgical centres: addenda AA, BB, EE and FF, and the wage index.

CMS publishes the addenda each quarter, the wage index each year; the day of service selects them.
Files that hold codes of the American Medical Association load for users whom it licensed.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import asc
from superbill.sources.document import Layout
from superbill.store.catalog import US_GOVERNMENT_WORK, Anchor, Column, Dataset, Table

_LICENCE = (
    "Work of the United States Government for HCPCS Level II codes; rows of CPT codes are the "
    "American Medical Association's, and are only for users whom it licensed"
)


def _dataset(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    layout: Layout,
    bring: str,
    anchors: tuple[Anchor, ...] = (),
    licence: str = _LICENCE,
) -> Dataset:
    return Dataset(
        id=f"asc.{name}",
        title=title,
        publisher="Centers for Medicare & Medicaid Services",
        address="https://www.cms.gov/medicare/payment/prospective-payment-systems/"
        "ambulatory-surgical-center-asc/asc-payment-rates-addenda",
        licence=licence,
        table=Table(f"asc_{name}", columns, key=(columns[0].name,)),
        layouts=(layout,),
        remedy=f"Bring {bring} as CMS publishes it (saved as CSV), and build again: "
        "superbill data build --from DIR",
        anchors=anchors,
    )


_INDICATOR = Column("indicator", meaning="payment indicator: A2, G2, J8, K2, N1, …")
_WEIGHT = Column("weight", "decimal", "relative payment weight", null=True)
_RATE = Column("rate", "decimal", "national rate in dollars", null=True)

PROCEDURES = _dataset(
    "procedures",
    "The list of surgical procedures covered in surgical centres (addendum AA)",
    (
        Column("code"),
        Column("multiple", "flag", "subject to multiple procedure discounting"),
        _INDICATOR,
        _WEIGHT,
        _RATE,
    ),
    asc.PROCEDURES,
    "the quarter's addendum AA",
    anchors=(
        Anchor(
            date(2026, 4, 1),
            {"code": "C7502"},
            {"multiple": 1, "indicator": "G2", "weight": "22.1647", "rate": "1248.36"},
            "April 2026, addendum AA, row C7502",
        ),
    ),
)
ANCILLARY = _dataset(
    "ancillary",
    "The list of ancillary services covered in surgical centres (addendum BB)",
    (
        Column("code"),
        _INDICATOR,
        _WEIGHT,
        _RATE,
        Column("copayment", "decimal", "per unit, adjusted for inflation rebates", null=True),
    ),
    asc.ANCILLARY,
    "the quarter's addendum BB",
    anchors=(
        Anchor(
            date(2026, 4, 1),
            {"code": "J0121"},
            {"indicator": "K2", "rate": "4.13", "copayment": "0.81"},
            "April 2026, addendum BB, row J0121",
        ),
    ),
)
EXCLUDED = _dataset(
    "excluded",
    "The list of procedures excluded from payment in surgical centres (addendum EE)",
    (Column("code"),),
    asc.EXCLUDED,
    "the quarter's addendum EE",
)
OFFSETS = _dataset(
    "device_offsets",
    "The list of device offsets in surgical centres (addendum FF)",
    (
        Column("code"),
        Column("apc", meaning="ambulatory payment classification"),
        Column("opps_rate", "decimal", "hospital outpatient rate in dollars", null=True),
        Column("offset", "decimal", "the device's part of it in dollars", null=True),
    ),
    asc.OFFSETS,
    "the quarter's addendum FF",
)
WAGES = _dataset(
    "wage_index",
    "The wage index of surgical centres by CBSA",
    (
        Column("cbsa", meaning="five digits; two for the rural area of a state"),
        Column("name"),
        Column("wage_index", "decimal"),
    ),
    asc.WAGES,
    "the year's wage index by CBSA",
    licence=US_GOVERNMENT_WORK,
)

DATASETS: tuple[Dataset, ...] = (PROCEDURES, ANCILLARY, EXCLUDED, OFFSETS, WAGES)
