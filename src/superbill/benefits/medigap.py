"""Medigap: the standardized plans that supplement Medicare, for an inpatient stay.

What each letter pays is fixed by section 1882 of the Social Security Act through the model
regulation of the National Association of Insurance Commissioners (model 651, sections 8.1, 9.1 and
9.2; recognized in 82 FR 41684, September 1, 2017). Every letter pays the coinsurance of days 61 to
150 in full and, once Medicare's days are used up, 365 more days at Medicare's own rate, which the
hospital must take as full payment. They differ in the Part A deductible. Plans K and L pay all
of it too once the patient has reached the year's limit (``medigap.toml``, by day of admission;
the Part B deductible, which must be met as well, is taken to be).

Not modelled: the high-deductible forms of F and G, policies issued before June 2010, and the plans
of Massachusetts, Minnesota and Wisconsin, which have their own standards.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.benefits import dated
from superbill.benefits.bill import Bill, Settled, opening
from superbill.benefits.reasons import (
    ABOVE_CHARGES,
    COINSURANCE,
    CONTRACTUAL,
    DEDUCTIBLE,
    EXHAUSTED,
    adjustment,
)
from superbill.errors import NotCovered
from superbill.model import SILENT, Medigap, PayerDecision, Trace
from superbill.money import ZERO, half_up

DEDUCTIBLE_SHARE = {
    "A": Decimal(0),
    "B": Decimal(1),
    "C": Decimal(1),
    "D": Decimal(1),
    "F": Decimal(1),
    "G": Decimal(1),
    "K": Decimal("0.50"),
    "L": Decimal("0.75"),
    "M": Decimal("0.50"),
    "N": Decimal(1),
}
LIMITED = frozenset("KL")

STANDARD = "NAIC model regulation 651, sections 8.1 and 9.1 (82 FR 41684)"


def decide(bill: Bill, settled: Settled, plan: Medigap, trace: Trace) -> PayerDecision:
    """A Medigap plan after Medicare.

    Raises :class:`~superbill.errors.NotCovered` where the patient's days run out on a stay whose
    payment Medicare's system does not give, or a year's limit is not held.
    """
    medicare = next(d for d in settled.decisions if d.kind == "medicare_part_a")
    adjustments = opening(bill, settled)
    with trace.part(f"Medigap plan {plan.plan}", cite=STANDARD):
        if medicare.days is not None and not medicare.days.covered and settled.open:
            paid = _extra_days(bill, settled, plan, trace)
            kept = ZERO
            if not paid:
                kept = settled.open
                adjustments.append(adjustment(EXHAUSTED, kept))
        else:
            left = {a.reason: a.amount for a in medicare.adjustments if a.group == "PR"}
            deductible = min(left.get("1", ZERO), settled.open)
            coinsurance = min(left.get("2", ZERO), settled.open - deductible)
            kept = _own_deductible(bill, plan, deductible, trace)
            paid = deductible + coinsurance - kept
            if trace is not SILENT:
                trace(
                    "Medigap pays",
                    paid,
                    formula="Medicare's deductible and coinsurance − what the plan leaves",
                    deductible=deductible,
                    coinsurance=coinsurance,
                    left_to_patient=kept,
                )
            if kept:
                adjustments.append(adjustment(DEDUCTIBLE, kept))
            beyond = settled.open - deductible - coinsurance
            if beyond:
                adjustments.append(adjustment(COINSURANCE, beyond))
                kept += beyond
    above = settled.open - paid - kept
    if above:
        adjustments.append(adjustment(CONTRACTUAL if above > 0 else ABOVE_CHARGES, above))
    return PayerDecision(
        payer=plan.name,
        kind="medigap",
        position=settled.position,
        billed=bill.charges,
        allowed=paid + kept,
        paid=paid,
        adjustments=tuple(adjustments),
    )


def _own_deductible(bill: Bill, plan: Medigap, deductible: Decimal, trace: Trace) -> Decimal:
    """What of Medicare's deductible the plan leaves to the patient."""
    share = DEDUCTIBLE_SHARE[plan.plan]
    if share == 1 or not deductible:
        return ZERO
    kept = trace(
        "Deductible left to the patient",
        half_up(deductible * (1 - share)),
        formula="deductible × (1 − the plan's share)",
        cite=STANDARD,
        deductible=deductible,
        plan_share=share,
    )
    if plan.plan not in LIMITED:
        return kept
    limit = dated.row("medigap.toml", "limit", "Medigap K and L out-of-pocket limit", bill.admitted)
    return trace(
        "Out-of-pocket limit",
        min(kept, max(limit.figures[plan.plan] - plan.out_of_pocket_met, ZERO)),
        formula="at most the year's limit less what was met",
        cite="section 1882(w)(2) of the Social Security Act",
        limit=(limit.figures[plan.plan], limit.source),
        met=plan.out_of_pocket_met,
    )


def _extra_days(bill: Bill, settled: Settled, plan: Medigap, trace: Trace) -> Decimal:
    """The plan's own 365 days, at Medicare's rate: all of the stay, or none where none is left."""
    if plan.extra_days_left >= bill.days:
        if bill.payment is None or not bill.payment.payable:
            raise NotCovered(
                "Medigap's payment for days beyond Medicare's",
                on=bill.discharged,
                remedy="It follows Medicare's inpatient payment, which could not be computed.",
            )
        return trace(
            "Medigap pays",
            max(bill.payment.total - settled.paid, ZERO),
            formula="Medicare's inpatient payment for the stay, taken as full payment",
            cite=STANDARD,
            extra_days_left=plan.extra_days_left,
            days=bill.days,
        )
    if plan.extra_days_left:
        raise NotCovered(
            f"A stay of {bill.days} days with {plan.extra_days_left} Medigap days left",
            on=bill.discharged,
            remedy="No rule says how a payment per stay is divided there: ask the plan.",
        )
    return trace("Medigap pays", ZERO, formula="no day left", extra_days_left=0)
