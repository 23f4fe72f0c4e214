"""Operating payment: the federal amount, teaching, and disproportionate share.

42 CFR 412.64 (federal amount), 412.105 (indirect medical education), 412.106 (disproportionate
share). Rounded where CMS's pricer rounds.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from superbill.money import half_up
from superbill.sources.ipps_wage_index import Size

ONE = Decimal(1)
NONE = Decimal("0.0000")

DSH_FROM = Decimal(".1499")
DSH_LOW_BASE = Decimal(".15")
DSH_LOW_SLOPE = Decimal(".65")
DSH_LOW_START = Decimal(".025")
DSH_HIGH_FROM = Decimal(".2019")
DSH_HIGH_BASE = Decimal(".202")
DSH_HIGH_SLOPE = Decimal(".825")
DSH_HIGH_START = Decimal(".0588")

SMALL_URBAN_BEDS = 100
SMALL_RURAL_BEDS = 500
SOLE_COMMUNITY = frozenset({"16", "17", "21", "22"})
UNCAPPED = frozenset({"07", "14", "15", "17", "22"})
"""Rural referral centres and Medicare-dependent hospitals."""


def dsh_percent(
    patient_percent: Decimal, beds: int, size: Size, provider_type: str, cap: Decimal
) -> Decimal:
    """The disproportionate share percentage (a plain number, four decimals) before its quarter.

    ``patient_percent`` is the SSI ratio plus the Medicaid ratio. 42 CFR 412.106(d)(2): the
    formula, limited for small hospitals and rural sole community hospitals, not limited for
    rural referral centres and Medicare-dependent hospitals.
    """
    exact = _dsh_formula(half_up(patient_percent, 4))
    small = SMALL_RURAL_BEDS if size == "R" else SMALL_URBAN_BEDS
    capped = beds < small or (size == "R" and provider_type in SOLE_COMMUNITY)
    if capped and provider_type not in UNCAPPED:
        return min(exact, half_up(cap, 4))
    return exact


def _dsh_formula(percent: Decimal) -> Decimal:
    if percent > DSH_HIGH_FROM:
        return half_up((percent - DSH_HIGH_BASE) * DSH_HIGH_SLOPE + DSH_HIGH_START, 4)
    if percent > DSH_FROM:
        return half_up((percent - DSH_LOW_BASE) * DSH_LOW_SLOPE + DSH_LOW_START, 4)
    return NONE


@lru_cache(maxsize=4096)
def ime_factor(residents_to_beds: Decimal, multiplier: Decimal, exponent: Decimal) -> Decimal:
    """The indirect medical education factor, nine decimals: 42 CFR 412.105(d)."""
    return half_up(multiplier * ((ONE + residents_to_beds) ** exponent - ONE), 9)
