"""HCPCS Level II, the codes of supplies, drugs and services outside the physicians' own list.

CMS maintains and publishes the codes each quarter; the date of service selects a file. The
D codes belong to the American Dental Association and are not in this file.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import hcpcs
from superbill.store.catalog import US_GOVERNMENT_WORK, Anchor, Column, Dataset, Table

CODES = Dataset(
    id="hcpcs.codes",
    title="HCPCS Level II codes and modifiers",
    publisher="Centers for Medicare & Medicaid Services",
    address="https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/"
    "quarterly-update",
    licence=US_GOVERNMENT_WORK,
    table=Table(
        "hcpcs_codes",
        (
            Column("code", meaning="five characters; a modifier has two"),
            Column("kind", meaning="code or modifier"),
            Column("long_description"),
            Column("short_description", meaning="at most 28 characters"),
            Column("pricing", meaning="pricing indicator: how the payment is found"),
            Column("multiple_pricing", meaning="A: priced by one method; others: by several"),
            Column(
                "coverage",
                meaning="C contractor's judgment, D special instructions, I not payable by "
                "Medicare, M not covered, S not covered by statute",
            ),
            Column("betos", meaning="Berenson-Eggers type of service"),
            Column("type_of_service", meaning="up to five, one character each"),
            Column("processing_note", meaning="number of the note that goes with it"),
            Column("added", "date", "when the code was added"),
            Column("action_effective", "date", "from when the last change holds"),
            Column("terminated", "date", "the last day of use", null=True),
            Column("action", meaning="the last change: A added, D discontinued, N none, …"),
        ),
        key=("code", "kind"),
    ),
    layouts=(hcpcs.LAYOUT,),
    dated_rows=True,
    remedy="Bring the quarterly file (HCPCyyyy_QQQ_ANWEB, zipped or not) that CMS publishes, and "
    "build again: superbill data build --from DIR",
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"code": "E0439", "kind": "code"},
            {
                "long_description": "Stationary liquid oxygen system, rental; includes container, "
                "contents, regulator, flowmeter, humidifier, nebulizer, cannula or mask, & tubing",
                "coverage": "D",
                "added": "1993-01-01",
            },
            "HCPC2026_JAN_ANWEB_01122026.txt, records E0439001003 and E0439002004",
        ),
        Anchor(
            date(2026, 1, 1),
            {"code": "A1", "kind": "modifier"},
            {"long_description": "Dressing for one wound", "action_effective": "2002-07-01"},
            "HCPC2026_JAN_ANWEB_01122026.txt, first record",
        ),
    ),
)

DATASETS: tuple[Dataset, ...] = (CODES,)
