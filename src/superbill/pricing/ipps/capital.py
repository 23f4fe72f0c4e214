"""Capital payment: the geographic factor, teaching, and disproportionate share.

42 CFR 412.308 to 412.322. The factors are powers, which cost time, so each is kept for the
figures that it was found from. Rounded where CMS's pricer rounds.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from superbill.model.hospital import Hospital
from superbill.money import half_up
from superbill.sources.ipps_wage_index import Size

ONE = Decimal(1)
NONE = Decimal("0.0000")
DSH_BEDS = 100
RURAL_LENGTH = 2


@lru_cache(maxsize=4096)
def geographic_factor(wage_index: Decimal, exponent: Decimal) -> Decimal:
    """The geographic adjustment factor, four decimals: 42 CFR 412.316(a)."""
    return half_up(wage_index**exponent, 4)


@lru_cache(maxsize=4096)
def dsh_factor(patient_percent: Decimal, base: Decimal, coefficient: Decimal) -> Decimal:
    """The disproportionate share factor, four decimals: 42 CFR 412.320(b)."""
    return half_up(base ** (coefficient * patient_percent) - ONE, 4)


@lru_cache(maxsize=4096)
def ime_factor(residents_to_census: Decimal, base: Decimal, coefficient: Decimal) -> Decimal:
    """The indirect medical education factor, nine decimals: 42 CFR 412.322(b)."""
    return half_up(base ** (coefficient * residents_to_census) - ONE, 9)


def cola(operating_cola: Decimal, share: Decimal) -> Decimal:
    """The cost-of-living factor, three decimals: 42 CFR 412.316(c)."""
    return half_up(share * (operating_cola - ONE) + ONE, 3)


# --- Law that changed: each is named in versions.py ----------------------------------------------


def dsh_urban_2019(hospital: Hospital, size: Size) -> bool:
    """Whether the hospital counts as urban for capital disproportionate share: by its size."""
    return size != "R"


def dsh_urban_2024(hospital: Hospital, size: Size) -> bool:
    """From FY 2024 also a hospital reclassified as rural that lies in an urban area."""
    return size != "R" or len(hospital.cbsa_geographic.strip()) > RURAL_LENGTH
