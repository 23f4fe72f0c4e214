"""The cost outlier: what is paid above the DRG amount for a stay of extraordinary cost.

42 CFR 412.80 to 412.84. Costs are covered charges times the hospital's cost-to-charge ratios.
Above the payment plus a fixed loss, 80 percent of the cost is paid (90 percent for burns),
operating and capital apart. Rounded where CMS's pricer rounds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from superbill.model.trace import Trace
from superbill.money import half_up
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.factors import Factors, Shares
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.transfers import Stay

ZERO = Decimal(0)
NOTHING = Decimal("0.000000000")
ONE = Decimal(1)
CITE = "42 CFR 412.84"
BURNS = frozenset({"927", "928", "929", "933", "934", "935"})
NO_OUTLIER = frozenset({"06", "07", "11"})


class Outlier(NamedTuple):
    """The outlier of one stay, in dollars to nine decimals (the fixed loss to cents).

    ``operating`` and ``capital`` are paid. ``operating_threshold`` and ``capital_threshold``
    are what costs are held against: the payments and the hospital's part of the fixed loss
    (``operating_loss``).
    """

    operating: Decimal
    capital: Decimal
    operating_costs: Decimal
    capital_costs: Decimal
    operating_threshold: Decimal
    capital_threshold: Decimal
    operating_loss: Decimal
    fixed_loss: Decimal
    marginal_cost: Decimal

    @property
    def paid(self) -> bool:
        """Whether anything is paid."""
        return self.operating + self.capital > 0


def fixed_loss(bill: Bill, found: Stay, figures: Figures) -> Decimal:
    """The fixed loss, a transfer's reduced with its payment, in cents.

    Only where an outlier may be paid at all is it reduced (review codes 03 and 09).
    """
    whole = half_up(figures.fixed_loss_threshold, 2)
    if found.short and bill.review_code in ("03", "09") and found.kind:
        part = found.discharge if found.kind == "special" else found.transfer
        return half_up(whole * part, 2)
    return whole


def find(
    bill: Bill,
    charges: Decimal,
    federal: Decimal,
    capital_federal: Decimal,
    technology: Decimal,
    factors: Factors,
    shares: Shares,
    loss: Decimal,
    figures: Figures,
) -> Outlier:
    """The outlier at the cost-to-charge ratios of ``shares``."""
    operating_loss = half_up(loss * factors.local_costs * shares.operating, 9)
    threshold = half_up(
        federal * (ONE + factors.operating_addition)
        + operating_loss
        + factors.uncompensated
        + technology,
        9,
    )
    if factors.new_hospital:
        capital_threshold = NOTHING
    else:
        capital_loss = half_up(loss * factors.local_capital * shares.capital, 9)
        capital_threshold = half_up(
            capital_federal * (ONE + factors.capital_addition) + capital_loss, 9
        )
    costs, capital_costs = operating_costs(charges, shares), _capital_costs(charges, shares)
    share = figures.marginal_cost_burn if bill.drg in BURNS else figures.marginal_cost
    operating = capital = NOTHING
    if costs + capital_costs >= threshold + capital_threshold and (
        bill.review_code not in NO_OUTLIER
    ):
        if costs > threshold:
            operating = half_up(share * (costs - threshold), 9)
        if capital_costs > capital_threshold and not factors.new_hospital:
            capital = half_up(share * (capital_costs - capital_threshold), 9)
    return Outlier(
        operating,
        capital,
        costs,
        capital_costs,
        threshold,
        capital_threshold,
        operating_loss,
        loss,
        share,
    )


def reached(found: Outlier, charges: Decimal, shares: Shares) -> bool:
    """Whether the costs of other ``charges`` come to the thresholds of ``found``."""
    costs = operating_costs(charges, shares) + _capital_costs(charges, shares)
    return costs >= found.operating_threshold + found.capital_threshold


def operating_costs(charges: Decimal, shares: Shares) -> Decimal:
    """Operating costs of the stay, nine decimals."""
    return half_up(charges * shares.operating_ratio, 9)


def _capital_costs(charges: Decimal, shares: Shares) -> Decimal:
    return half_up(charges * shares.capital_ratio, 9)


def charge_threshold(found: Outlier, shares: Shares) -> Decimal:
    """The charges at which the outlier begins, nine decimals."""
    ratios = shares.operating_ratio + shares.capital_ratio
    if not ratios:
        return NOTHING
    return half_up((found.capital_threshold + found.operating_threshold) / ratios, 9)


def explain_operating(
    trace: Trace,
    found: Outlier,
    charges: Decimal,
    federal: Decimal,
    technology: Decimal,
    factors: Factors,
    figures: Figures,
) -> None:
    """Trace the operating outlier."""
    shares, share = factors.shares, _marginal(found, figures)
    labor = "labor_share_high" if factors.wage_index.value > 1 else "labor_share_low"
    trace(
        "operating part of the fixed loss",
        found.operating_loss,
        formula="fixed loss × (labor share × wage index + non-labor share × cost-of-living "
        "factor) × operating part of the cost-to-charge ratios",
        rounding="half up, 9 decimals",
        cite=CITE,
        fixed_loss=(found.fixed_loss, figures.sources["fixed_loss_threshold"]),
        labor_share=(getattr(figures, labor), figures.sources[labor]),
        wage_index=factors.wage_index.value,
        cola=factors.cola,
        operating_part=shares.operating,
    )
    trace(
        "operating threshold",
        found.operating_threshold,
        formula="federal amount × (1 + teaching + disproportionate share) + part of the fixed "
        "loss + uncompensated care + new technology",
        rounding="half up, 9 decimals",
        cite=CITE,
        federal_amount=federal,
        additions=factors.operating_addition,
        uncompensated_care=(factors.uncompensated, "hospital record"),
        new_technology=technology,
    )
    trace(
        "operating costs of the stay",
        found.operating_costs,
        formula="covered charges × operating cost-to-charge ratio",
        rounding="half up, 9 decimals",
        cite=CITE,
        charges=(charges, "claim"),
        ratio=(shares.operating_ratio, "hospital record"),
    )
    trace(
        "operating outlier",
        f"{found.operating:f}",
        formula="share × (costs - threshold), where operating and capital costs together reach "
        "the thresholds",
        rounding="half up, 9 decimals",
        cite=CITE,
        share=share,
    )


def explain_capital(
    trace: Trace,
    found: Outlier,
    charges: Decimal,
    capital_federal: Decimal,
    factors: Factors,
    figures: Figures,
) -> None:
    """Trace the capital outlier."""
    shares = factors.shares
    trace(
        "capital threshold",
        f"{found.capital_threshold:f}",
        formula="capital federal amount × (1 + teaching + disproportionate share) + fixed loss × "
        "geographic factor × cost-of-living factor × capital part of the cost-to-charge ratios",
        rounding="half up, 9 decimals",
        cite=CITE,
        capital_federal_amount=capital_federal,
        additions=factors.capital_addition,
        fixed_loss=(found.fixed_loss, figures.sources["fixed_loss_threshold"]),
        local_capital=factors.local_capital,
        capital_part=shares.capital,
    )
    trace(
        "capital costs of the stay",
        found.capital_costs,
        formula="covered charges × capital cost-to-charge ratio",
        rounding="half up, 9 decimals",
        cite=CITE,
        charges=(charges, "claim"),
        ratio=(shares.capital_ratio, "hospital record"),
    )
    trace(
        "capital outlier",
        f"{found.capital:f}",
        formula="share × (costs - threshold), on the same condition",
        rounding="half up, 9 decimals",
        cite=CITE,
        share=_marginal(found, figures),
    )


def _marginal(found: Outlier, figures: Figures) -> tuple[Decimal, str]:
    burn = found.marginal_cost == figures.marginal_cost_burn
    return found.marginal_cost, figures.sources["marginal_cost_burn" if burn else "marginal_cost"]
