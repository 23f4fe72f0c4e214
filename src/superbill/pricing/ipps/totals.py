"""The amounts of a claim added up, with what is found from their sums.

Low volume and the hospital-acquired condition reduction are shares of sums (42 CFR 412.101,
412.172). The savings from the health record reduction and the standardized value are for
information. Rounded where CMS's pricer rounds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from superbill.money import half_up, truncate
from superbill.pricing.ipps.factors import Factors
from superbill.pricing.ipps.outlier import Outlier
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.transfers import Stay

NOTHING = Decimal("0.00")
ONE = Decimal(1)


class Operating(NamedTuple):
    """Operating amounts in dollars and cents."""

    federal: Decimal
    hospital_specific: Decimal
    disproportionate_share: Decimal
    teaching: Decimal
    outlier: Decimal


class Capital(NamedTuple):
    """Capital amounts in dollars and cents; ``full`` is the federal amount before its share."""

    federal: Decimal
    disproportionate_share: Decimal
    teaching: Decimal
    outlier: Decimal
    full: Decimal
    full_outlier: Decimal

    @property
    def total(self) -> Decimal:
        """What is paid for capital."""
        return self.federal + self.disproportionate_share + self.teaching + self.outlier


def operating(federal: Decimal, specific: Decimal, outlier: Decimal, factors: Factors) -> Operating:
    """Operating amounts from the exact parts."""
    cents = half_up(federal, 2)
    return Operating(
        cents,
        half_up(specific, 2),
        half_up(cents * factors.dsh_quarter, 2),
        half_up(cents * factors.ime, 2),
        half_up(outlier, 2),
    )


def capital(federal: Decimal, outlier: Decimal, pay_code: str, factors: Factors) -> Capital:
    """Capital amounts from the exact parts: none for a new hospital, which is paid its costs."""
    full = half_up(federal, 2)
    if factors.new_hospital:
        return Capital(NOTHING, NOTHING, NOTHING, NOTHING, full, NOTHING)
    cents = half_up(outlier, 2)
    paid = full if factors.full_capital else NOTHING
    return Capital(
        paid,
        half_up(paid * factors.capital_dsh, 2),
        half_up(paid * factors.capital_ime, 2),
        cents,
        full,
        cents if pay_code == "C" else NOTHING,
    )


def health_record_savings(
    amounts: Operating,
    adjustments: Decimal,
    low_volume: Decimal | None,
    quality: bool,
    figures: Figures,
) -> Decimal:
    """What the health record reduction saved, in dollars (information only).

    ``adjustments`` are the readmissions and value-based purchasing amounts.
    """
    parts = (
        amounts.hospital_specific
        + amounts.federal
        + amounts.disproportionate_share
        + amounts.teaching
    )
    subject = parts + adjustments
    if low_volume is not None:
        subject += truncate(parts * low_volume, 2)
    full, reduced = (
        (figures.update_quality_ehr, figures.update_quality_no_ehr)
        if quality
        else (figures.update_no_quality_ehr, figures.update_neither)
    )
    ratio = half_up(full / reduced, 9)
    return half_up(subject * ratio, 2) - subject


def standardized_value(
    charges: Decimal,
    technology: Decimal,
    stay: Stay,
    found: Outlier,
    factors: Factors,
    figures: Figures,
) -> Decimal:
    """The payment as if local costs were the nation's, in dollars (information only)."""
    shares = factors.shares
    base, capital_base = figures.standardized_operating_base, figures.capital_federal_rate
    costs = capital_costs = NOTHING
    if factors.local_costs > 0:
        costs = half_up(charges * shares.operating_ratio / factors.local_costs, 2)
    if factors.local_capital > 0:
        capital_costs = half_up(charges * shares.capital_ratio / factors.local_capital, 2)
    threshold = half_up(found.fixed_loss * shares.operating + base * stay.weight + technology, 9)
    capital_threshold = half_up(found.fixed_loss * shares.capital + capital_base * stay.weight, 2)
    outlier = NOTHING
    if costs + capital_costs > threshold + capital_threshold:
        if costs > threshold:
            outlier += half_up(found.marginal_cost * (costs - threshold), 9)
        if capital_costs > capital_threshold:
            outlier += half_up(found.marginal_cost * (capital_costs - capital_threshold), 9)
    return half_up((base + capital_base) * stay.weight + outlier + technology, 2)
