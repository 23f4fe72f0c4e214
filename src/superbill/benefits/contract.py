"""What a hospital's contract with a plan makes a stay worth.

A contract between the two is the only authority; its terms come with the encounter. Each method is
a function of the bill: base rate × DRG weight, days × daily rates, a rate for the case, a share of
charges, a share of what Medicare would pay. A stop-loss clause then replaces or adds to it once
charges pass a threshold, and a lesser-of clause caps the result at the covered charges.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.benefits.bill import Bill
from superbill.errors import NotCovered
from superbill.model import (
    CaseRate,
    ContractTerms,
    DrgBaseRate,
    PercentOfCharges,
    PercentOfMedicare,
    PerDiem,
    StopLoss,
    Trace,
)
from superbill.money import ZERO, half_up

CENT = "half up to the cent"


def allowed(bill: Bill, terms: ContractTerms, trace: Trace) -> Decimal:
    """What the contract allows for the stay, in dollars.

    Raises :class:`~superbill.errors.NotCovered` where the terms need a DRG, a weight or Medicare's
    payment that could not be had, or name no rate for the DRG.
    """
    amount = _base(bill, terms, trace)
    if terms.stop_loss is not None and bill.covered > terms.stop_loss.threshold:
        amount = _stop_loss(bill, amount, terms.stop_loss, trace)
    if terms.lesser_of_charges and bill.covered < amount:
        amount = trace(
            "Lesser of charges",
            bill.covered,
            formula="the contract allows no more than the covered charges",
            contract=amount,
            covered_charges=bill.covered,
        )
    return amount


def _base(bill: Bill, terms: ContractTerms, trace: Trace) -> Decimal:
    match terms:
        case DrgBaseRate():
            if bill.drg_weight is None:
                raise NotCovered(
                    "The DRG weight that the contract's base rate is multiplied by",
                    on=bill.discharged,
                    remedy="Group the stay and load the year's weights, or use other terms.",
                )
            return trace(
                "Base rate × DRG weight",
                half_up(terms.base_rate * bill.drg_weight),
                formula="base rate × weight",
                rounding=CENT,
                drg=bill.drg or "",
                base_rate=terms.base_rate,
                weight=bill.drg_weight,
            )
        case PerDiem():
            return _per_diem(bill, terms, trace)
        case CaseRate():
            rate = terms.by_drg.get(bill.drg or "", terms.rate)
            if rate is None:
                raise NotCovered(
                    f"A case rate for DRG {bill.drg or '(not grouped)'}",
                    on=bill.discharged,
                    remedy="Add it to the contract's by_drg, or give a rate for every other case.",
                )
            return trace("Case rate", half_up(rate), formula="rate of the case", drg=bill.drg or "")
        case PercentOfCharges():
            return trace(
                "Share of charges",
                half_up(bill.covered * terms.percent),
                formula="covered charges × share",
                rounding=CENT,
                covered_charges=bill.covered,
                share=terms.percent,
            )
        case PercentOfMedicare():
            if bill.payment is None or not bill.payment.payable:
                raise NotCovered(
                    "Medicare's payment, of which the contract pays a share",
                    on=bill.discharged,
                    remedy="See why the inpatient payment could not be computed.",
                )
            return trace(
                "Share of Medicare",
                half_up(bill.payment.total * terms.percent),
                formula="Medicare's inpatient payment × share",
                rounding=CENT,
                medicare=bill.payment.total,
                share=terms.percent,
            )


def _per_diem(bill: Bill, terms: PerDiem, trace: Trace) -> Decimal:
    """Each day at the rate of the last tier that starts on or before it."""
    tiers = sorted(terms.tiers, key=lambda tier: tier.first_day)
    total = ZERO
    for place, tier in enumerate(tiers):
        following = tiers[place + 1].first_day if place + 1 < len(tiers) else bill.days + 1
        count = min(following, bill.days + 1) - tier.first_day
        if count <= 0:
            break
        total += trace(
            f"Days from day {tier.first_day}",
            half_up(tier.rate * count),
            formula="days × daily rate",
            days=count,
            daily_rate=tier.rate,
        )
    return total


def _stop_loss(bill: Bill, amount: Decimal, clause: StopLoss, trace: Trace) -> Decimal:
    if clause.applies_to == "all_charges":
        return trace(
            "Stop-loss",
            half_up(bill.covered * clause.percent_of_charges),
            formula="covered charges × share, in place of the contract's rate",
            rounding=CENT,
            covered_charges=bill.covered,
            share=clause.percent_of_charges,
            threshold=clause.threshold,
        )
    return trace(
        "Stop-loss",
        amount + half_up((bill.covered - clause.threshold) * clause.percent_of_charges),
        formula="contract's rate + (covered charges − threshold) × share",
        rounding=CENT,
        contract=amount,
        covered_charges=bill.covered,
        threshold=clause.threshold,
        share=clause.percent_of_charges,
    )
