"""Which law prices which fiscal year: one line a year, naming the dated functions.

Same law with new figures needs no function, only rows in ``rates.toml``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.dates import fiscal_span
from superbill.errors import NotCovered
from superbill.model.hospital import Hospital
from superbill.pricing.ipps import capital, edits, hospital_specific, special_factors, wage_index
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.codes import Refused
from superbill.pricing.ipps.outlier import Outlier
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.special_factors import WeightFactors
from superbill.sources.ipps_wage_index import Size


class Law(NamedTuple):
    """The parts of the formula that changed between fiscal years.

    ``fixed_width``: the year was priced by the older program, whose output fields lose digits
    beyond their width. ``outlier_first``: the outlier is found before the readmissions and
    value-based purchasing adjustments, and so also where these refuse the claim.
    """

    floors: tuple[wage_index.Floor, ...]
    cap: wage_index.Cap
    kind: Callable[[Hospital, date, Figures], Refused | None]
    hospital_specific: Callable[[Hospital, date, Figures], bool]
    capital_dsh_urban: Callable[[Hospital, Size], bool]
    weight_factors: Callable[[Bill, date, Figures], WeightFactors]
    covid_add_on: Callable[[Bill, date, Figures, Outlier], Decimal]
    outlier_first: bool = True
    reconciliation: bool = True
    puerto_rico_rates: bool = False
    fixed_width: bool = True


_2019 = Law(
    floors=(wage_index.floor_2019,),
    cap=wage_index.cap_none,
    kind=edits.kind_2019,
    hospital_specific=hospital_specific.always,
    capital_dsh_urban=capital.dsh_urban_2019,
    weight_factors=special_factors.none,
    covid_add_on=special_factors.no_covid_add_on,
    outlier_first=False,
)
_2020 = _2019._replace(
    floors=(wage_index.floor_2020,),
    cap=wage_index.cap_2020,
    weight_factors=special_factors.covid_2020,
)
_2021 = _2020._replace(
    floors=(wage_index.floor_2021,),
    cap=wage_index.cap_2021,
    weight_factors=special_factors.covid_2021,
    covid_add_on=special_factors.covid_add_on_2021,
    outlier_first=True,
)
_2024 = _2021._replace(
    floors=(wage_index.floor_2021, wage_index.imputed_floor_2022),
    cap=wage_index.cap_2023,
    kind=edits.kind_2024,
    hospital_specific=hospital_specific.while_in_force,
    capital_dsh_urban=capital.dsh_urban_2024,
    weight_factors=special_factors.no_cost_2024,
    covid_add_on=special_factors.no_covid_add_on,
    reconciliation=False,
    puerto_rico_rates=True,
    fixed_width=False,
)

VERSIONS: dict[int, Law] = {
    2019: _2019,
    2020: _2020,
    2021: _2021,
    2024: _2024,
    2025: _2024,
    2026: _2024,
}
"""The law of each fiscal year."""

LOGIC_ONLY = frozenset({2019, 2020})
"""Years whose law is held to compare programs, but whose published amounts are not at hand."""


_EMERGENCY = (
    "Of the add-ons that the COVID-19 emergency brought in that year, not every figure is cited."
)
_MISSING = {
    2022: _EMERGENCY,
    2023: _EMERGENCY,
    2027: "Of that year, the fixed-loss threshold of the final rule is not at hand.",
}
"""What a year that cannot be priced lacks."""


def law(year: int) -> Law:
    """The law of a fiscal year; raises :class:`~superbill.errors.NotCovered` for another."""
    found = VERSIONS.get(year)
    if found is None:
        raise not_covered(year, fiscal_span(year).start)
    return found


def not_covered(year: int, on: date) -> NotCovered:
    """The error that names the years that can be priced."""
    held = ", ".join(f"FY {held}" for held in VERSIONS if held not in LOGIC_ONLY)
    return NotCovered(
        f"Inpatient payment (IPPS) for fiscal year {year}",
        on=on,
        remedy=f"The fiscal years that can be priced are {held}. "
        + _MISSING.get(year, "Of another, not every figure can be cited."),
    )
