"""What a sole community or Medicare-dependent hospital gets above the federal amount.

Such a hospital is paid its own historic rate, carried forward, where that is more: 42 CFR 412.92
(sole community) and 412.108 (Medicare-dependent: three quarters of the difference).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.model.hospital import Hospital
from superbill.model.trace import Trace
from superbill.money import half_up
from superbill.pricing.ipps.rates import Figures

NOTHING = Decimal("0.000000000")

SOLE_COMMUNITY = frozenset({"16", "17", "21", "22"})
MEDICARE_DEPENDENT = frozenset({"14", "15"})
PAID = SOLE_COMMUNITY | MEDICARE_DEPENDENT
"""Provider types; 21 and 22 are essential access community hospitals, paid as sole community."""


class Addition(NamedTuple):
    """The hospital-specific amount, the federal amount it is held against, and what is added."""

    rate: Decimal
    federal: Decimal
    amount: Decimal


NONE = Addition(NOTHING, NOTHING, NOTHING)


def share(provider_type: str, figures: Figures) -> Decimal | None:
    """The part of the excess that is paid to a Medicare-dependent hospital; others get all."""
    return figures.medicare_dependent_share if provider_type in MEDICARE_DEPENDENT else None


def update_factor(figures: Figures, update: Decimal, two_midnight: Decimal) -> Decimal:
    """What carries a rate of FY 2018 to the year of discharge, five decimals.

    ``update`` is the hospital's own update of the year, by its quality data and health records.
    """
    return half_up(figures.updates_before * update * figures.budget_neutrality * two_midnight, 5)


def addition(
    rate: Decimal, federal: Decimal, uncompensated: Decimal, share: Decimal | None
) -> Addition:
    """The excess of ``rate`` over federal and uncompensated care payment, nine decimals.

    ``share`` of it is paid to a Medicare-dependent hospital; ``None`` means all.
    """
    excess = rate - (federal + uncompensated)
    if excess <= 0:
        return Addition(rate, federal, NOTHING)
    return Addition(rate, federal, half_up(excess if share is None else excess * share, 9))


def explain(trace: Trace, found: Addition, uncompensated: Decimal, part: Decimal | None) -> None:
    """Trace the comparison; ``part`` is a Medicare-dependent hospital's share of the excess."""
    trace(
        "payment at the hospital-specific rate",
        found.rate,
        formula="hospital-specific rate of the year × DRG weight × factors",
        rounding="half up, 9 decimals",
        cite="42 CFR 412.92, 412.108",
    )
    trace(
        "payment at the federal rate",
        found.federal,
        formula="federal rate × transfer-adjusted weight × (1 + teaching + disproportionate "
        "share) + operating outlier",
        rounding="half up, 9 decimals",
        cite="42 CFR 412.92, 412.108",
    )
    trace(
        "addition",
        f"{found.amount:f}",
        formula="share × (hospital-specific - (federal + uncompensated care)), not below 0",
        rounding="half up, 9 decimals",
        cite="42 CFR 412.92, 412.108",
        uncompensated_care=(uncompensated, "hospital record"),
        share=Decimal(1) if part is None else part,
    )


# --- Law that changed: each is named in versions.py ----------------------------------------------


def always(hospital: Hospital, on: date, figures: Figures) -> bool:
    """Whether a hospital of these types has such a rate on the day: to FY 2021, always."""
    return True


def while_in_force(hospital: Hospital, on: date, figures: Figures) -> bool:
    """From FY 2022 a Medicare-dependent hospital has one as long as the programme lasts."""
    return hospital.provider_type in SOLE_COMMUNITY or on < figures.medicare_dependent_ends
