"""Factors on the group's weight for COVID-19 and for products got without cost, by year of law.

The 20 percent for COVID-19 is section 3710 of the CARES Act; the factor for a group whose main
product was got in a clinical trial or expanded access is set in the final rules from FY 2021.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.errors import NotCovered
from superbill.money import half_up
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.outlier import Outlier
from superbill.pricing.ipps.rates import Figures

ONE = Decimal(1)
NOTHING = Decimal("0.00")

COVID = "U071"
CORONAVIRUS = "B9729"
COVID_FROM = date(2020, 4, 1)
CORONAVIRUS_FROM = date(2020, 1, 27)
NO_POSITIVE_TEST = "ZA"
"""Condition code: the record holds no positive test."""

CAR_T = "018"
CLINICAL_TRIAL = "Z006"
EXPANDED_ACCESS = frozenset({"ZB"})
EXPANDED_ACCESS_REPORTED = frozenset({"90"})
PAID_FOR_PRODUCT = "ZC"

NCTAP_FIRST = frozenset({"XW033E5", "XW043E5", "XW13325", "XW14325"})
"""Remdesivir and convalescent plasma."""
NCTAP_SECOND = frozenset({"XW0DXF5", "3E0G7GC", "3E0H7GC"})
"""Baricitinib, as coded to the end of 2020."""
NCTAP_THIRD = frozenset({"XW0DXM6", "XW0G7M6", "XW0H7M6"})
"""Baricitinib, as coded from 2021."""
NCTAP_FROM = date(2020, 11, 2)
NCTAP_SECOND_FROM = date(2020, 11, 19)
NCTAP_THIRD_FROM = date(2021, 1, 1)


class WeightFactors(NamedTuple):
    """What the weight is multiplied by; the capital amount only by ``no_cost_product``."""

    covid: Decimal = ONE
    no_cost_product: Decimal = ONE


PLAIN = WeightFactors()


def none(bill: Bill, on: date, figures: Figures) -> WeightFactors:
    """No such factor: FY 2019."""
    return PLAIN


def covid_2020(bill: Bill, on: date, figures: Figures) -> WeightFactors:
    """COVID-19 from 27 January 2020, first by the code for any coronavirus."""
    if on >= COVID_FROM:
        return _covid(figures) if _has_covid(bill) else PLAIN
    if on >= CORONAVIRUS_FROM and CORONAVIRUS in bill.diagnoses:
        return _covid(figures)
    return PLAIN


def covid_2021(bill: Bill, on: date, figures: Figures) -> WeightFactors:
    """COVID-19, and a CAR T-cell product got without cost."""
    found = covid_2020(bill, on, figures) if bill.diagnoses else PLAIN
    if bill.drg == CAR_T and _without_cost(bill, EXPANDED_ACCESS):
        assert figures.no_cost_product_factor is not None
        return found._replace(no_cost_product=figures.no_cost_product_factor)
    return found


def no_cost_2024(bill: Bill, on: date, figures: Figures) -> WeightFactors:
    """A CAR T-cell product got without cost; no factor for COVID-19 any more.

    A hospital reports expanded access as condition code 90, from which the claim system sets
    the pricer's own code.
    """
    if bill.drg != CAR_T or not _without_cost(bill, EXPANDED_ACCESS | EXPANDED_ACCESS_REPORTED):
        return PLAIN
    if figures.no_cost_product_factor is None:
        raise NotCovered(
            "The factor for a CAR T-cell product got without cost (MS-DRG 018)",
            on=on,
            remedy="It is set in the fiscal year's final rule, and no cited figure is held.",
        )
    return WeightFactors(no_cost_product=figures.no_cost_product_factor)


def _without_cost(bill: Bill, expanded_access: frozenset[str]) -> bool:
    trial = CLINICAL_TRIAL in bill.diagnoses[1:] and PAID_FOR_PRODUCT not in bill.condition_codes
    return trial or not expanded_access.isdisjoint(bill.condition_codes)


def no_covid_add_on(bill: Bill, on: date, figures: Figures, found: Outlier) -> Decimal:
    """No add-on for treatments of COVID-19."""
    return NOTHING


def covid_add_on_2021(bill: Bill, on: date, figures: Figures, found: Outlier) -> Decimal:
    """The new COVID-19 treatments add-on payment (NCTAP), in dollars: 85 FR 71142.

    65 percent of the costs above the payment, at most 65 percent of the fixed loss.
    """
    share = figures.covid_technology_share
    if share is None or on < NCTAP_FROM or not bill.procedures or not _has_covid(bill):
        return NOTHING
    codes = NCTAP_FIRST
    if on >= NCTAP_THIRD_FROM:
        codes |= NCTAP_THIRD
    elif on >= NCTAP_SECOND_FROM:
        codes |= NCTAP_SECOND
    if codes.isdisjoint(bill.procedures):
        return NOTHING
    payment = found.operating_threshold - found.operating_loss
    if found.operating_costs <= payment:
        return NOTHING
    return min(
        half_up(found.operating_loss * share, 2),
        half_up((found.operating_costs - payment) * share, 2),
    )


def _covid(figures: Figures) -> WeightFactors:
    assert figures.covid_factor is not None
    return WeightFactors(covid=figures.covid_factor)


def _has_covid(bill: Bill) -> bool:
    return COVID in bill.diagnoses and (NO_POSITIVE_TEST not in bill.condition_codes)
