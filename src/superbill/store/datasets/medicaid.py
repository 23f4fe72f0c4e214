"""States' Medicaid schedules; the day of service selects one.

A state whose own layout is read has a dataset of its own, and its files follow one another as all
releases do. All others share ``medicaid.other``, one row for state, code and modifiers. There, as
everywhere, *one* release answers on a day, the one that started last: the schedules of several
states for the same days belong in one file (``MEDICAID_OH_TX_2026.csv``), not in one for each.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import medicaid_ak, medicaid_az, medicaid_co, medicaid_other
from superbill.sources.document import Layout
from superbill.store.catalog import Anchor, Column, Dataset, Table

_LICENCE = (
    "Published by the state; rows of CPT codes are the American Medical Association's, and are "
    "only for users whom it licensed"
)
_BUILD = "and build again: superbill data build --from DIR"
_COLUMNS = (
    Column("code"),
    Column("modifier", meaning="modifiers divided by blanks, else empty"),
    Column("rate", "decimal", "dollars for one unit; nothing where the state sets none", null=True),
    Column("words", meaning="why there is no rate, else empty"),
    Column("note", meaning="what else the file says of the code"),
)


def _state(
    letters: str,
    title: str,
    publisher: str,
    address: str,
    layout: Layout,
    file: str,
    *anchors: Anchor,
    dated: bool,
) -> Dataset:
    return Dataset(
        id=f"medicaid.{letters}",
        title=title,
        publisher=publisher,
        address=address,
        licence=_LICENCE,
        table=Table(f"medicaid_{letters}", _COLUMNS, key=("code", "modifier")),
        layouts=(layout,),
        dated_rows=dated,
        remedy=f"Bring {file} as the state publishes it, saved as CSV, {_BUILD}",
        anchors=anchors,
    )


ALASKA = _state(
    "ak",
    "Alaska's Medicaid schedule for professionals",
    "Alaska Department of Health",
    "https://manuals.medicaidalaska.com/medicaidalaska/providers/FeeSchedule.asp",
    medicaid_ak.LAYOUT,
    "the physician schedule (AK_physician_SFYyyyy.csv)",
    Anchor(
        date(2026, 5, 4),
        {"code": "A4216", "modifier": ""},
        {"rate": "0.97", "words": ""},
        "Physician schedule SFY2026, row A4216",
    ),
    Anchor(
        date(2026, 5, 4),
        {"code": "A4226", "modifier": ""},
        {"rate": None, "words": "by report"},
        "Physician schedule SFY2026, row A4226",
    ),
    dated=False,
)

ARIZONA = _state(
    "az",
    "Arizona's Medicaid schedule for drugs that a physician administers",
    "Arizona Health Care Cost Containment System",
    "https://www.azahcccs.gov/PlansProviders/RatesAndBilling/FFS/",
    medicaid_az.LAYOUT,
    "the schedule of physician-administered drugs (AZ_PAD_yyyy-mm-dd.csv)",
    Anchor(
        date(2026, 1, 1),
        {"code": "A4802", "modifier": ""},
        {"rate": "13.32", "note": "WAC"},
        "Physician-administered drugs, 1 January 2026, row A4802",
    ),
    dated=True,
)

COLORADO = _state(
    "co",
    "Colorado's Medicaid schedule for drugs that a physician administers",
    "Colorado Department of Health Care Policy and Financing",
    "https://hcpf.colorado.gov/provider-rates-fee-schedule",
    medicaid_co.LAYOUT,
    "the schedule of physician-administered drugs (CO_PAD_CYyyyy.csv)",
    Anchor(
        date(2026, 1, 1),
        {"code": "J0129", "modifier": ""},
        {"rate": "43.29"},
        "Physician-administered drugs 2026, row J0129, first quarter",
    ),
    Anchor(
        date(2026, 4, 1),
        {"code": "J0129", "modifier": ""},
        {"rate": "43.24"},
        "Physician-administered drugs 2026, row J0129, second quarter",
    ),
    dated=True,
)

OTHER = Dataset(
    id="medicaid.other",
    title="Medicaid schedules of other states (one file for all of them)",
    publisher="The states",
    address="https://www.medicaid.gov/state-overviews/",
    licence=_LICENCE,
    table=Table("medicaid_other", (Column("state"), *_COLUMNS), key=("state", "code", "modifier")),
    layouts=(medicaid_other.LAYOUT,),
    dated_rows=True,
    remedy="Make a file MEDICAID_XX_….csv (docs/data-and-licences.md) of the state's schedule, "
    + _BUILD,
)

DATASETS: tuple[Dataset, ...] = (ALASKA, ARIZONA, COLORADO, OTHER)
