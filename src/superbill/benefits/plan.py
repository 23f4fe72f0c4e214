"""A commercial or employer plan: what it allows, what its member pays, what it pays.

The plan's own document is the authority for deductible, coinsurance, copays and out-of-pocket
maximum; they and what was already met this plan year come with the encounter. The order is the
usual one of such documents: copay first, then the deductible, then coinsurance on the rest, the
sum held to what is left of the out-of-pocket maximum.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from superbill.benefits import contract
from superbill.benefits.bill import Bill, Settled, opening
from superbill.benefits.reasons import (
    ABOVE_CHARGES,
    COINSURANCE,
    CONTRACTUAL,
    COPAY,
    DEDUCTIBLE,
    Reason,
    adjustment,
)
from superbill.errors import NotCovered
from superbill.model import Adjustment, PayerDecision, Plan, PlanBenefits, Trace
from superbill.money import ZERO, half_up


class MemberShare(NamedTuple):
    """What a plan makes its member pay of an allowed amount, in dollars."""

    copay: Decimal
    deductible: Decimal
    coinsurance: Decimal

    @property
    def total(self) -> Decimal:
        """Copay, deductible and coinsurance together."""
        return self.copay + self.deductible + self.coinsurance

    def held_to(self, limit: Decimal) -> MemberShare:
        """The same, in the same order, but together no more than ``limit`` dollars."""
        copay = min(self.copay, limit)
        deductible = min(self.deductible, limit - copay)
        return MemberShare(copay, deductible, min(self.coinsurance, limit - copay - deductible))

    def adjustments(self) -> list[Adjustment]:
        """Each part that is not zero under its reason code."""
        parts: tuple[tuple[Reason, Decimal], ...] = (
            (COPAY, self.copay),
            (DEDUCTIBLE, self.deductible),
            (COINSURANCE, self.coinsurance),
        )
        return [adjustment(reason, amount) for reason, amount in parts if amount]


def member_share(allowed: Decimal, benefits: PlanBenefits, days: int, trace: Trace) -> MemberShare:
    """What the member pays of ``allowed`` dollars for a stay of ``days`` days."""
    copay_days = days if benefits.copay_day_limit is None else min(days, benefits.copay_day_limit)
    copay = trace(
        "Copay",
        half_up(min(benefits.copay_per_admission + benefits.copay_per_day * copay_days, allowed)),
        formula="copay per admission + days × copay per day, at most the allowed amount",
        per_admission=benefits.copay_per_admission,
        per_day=benefits.copay_per_day,
        days=copay_days,
    )
    met = benefits.accumulators
    deductible = trace(
        "Deductible",
        half_up(min(max(benefits.deductible - met.deductible_met, ZERO), allowed - copay)),
        formula="deductible of the plan year less what was met, at most what is left",
        deductible=benefits.deductible,
        already_met=met.deductible_met,
    )
    coinsurance = trace(
        "Coinsurance",
        half_up((allowed - copay - deductible) * benefits.coinsurance),
        formula="(allowed − copay − deductible) × coinsurance",
        rounding="half up to the cent",
        allowed=allowed,
        copay=copay,
        deductible=deductible,
        coinsurance=benefits.coinsurance,
    )
    share = MemberShare(copay, deductible, coinsurance)
    if benefits.out_of_pocket_maximum is None:
        return share
    left = half_up(max(benefits.out_of_pocket_maximum - met.out_of_pocket_met, ZERO))
    if share.total <= left:
        return share
    trace(
        "Out-of-pocket maximum",
        left,
        formula="the member pays no more than what is left of the maximum",
        maximum=benefits.out_of_pocket_maximum,
        already_met=met.out_of_pocket_met,
        without_maximum=share.total,
    )
    return share.held_to(left)


def decide(bill: Bill, settled: Settled, plan: Plan, trace: Trace) -> PayerDecision:
    """A plan as the first payer: its contract says what is allowed, its benefits who pays it.

    Raises :class:`~superbill.errors.NotCovered` where the contract cannot be applied.
    """
    if plan.terms is None:
        raise NotCovered(
            f"What {plan.name} allows for the stay",
            on=bill.discharged,
            remedy="Give the hospital's contract in payers[].terms.",
        )
    adjustments = opening(bill, settled)
    with trace.part(plan.name, cite="the plan's contract with the hospital and its benefits"):
        allowed = contract.allowed(bill, plan.terms, trace)
        share = member_share(allowed, plan.benefits, bill.days, trace)
        paid = trace(
            "Plan pays",
            allowed - share.total,
            formula="allowed − what the member pays",
            allowed=allowed,
            member=share.total,
        )
    adjustments += share.adjustments()
    above = bill.covered - allowed
    if above:
        adjustments.append(adjustment(CONTRACTUAL if above > 0 else ABOVE_CHARGES, above))
    return PayerDecision(
        payer=plan.name,
        kind="plan",
        position=settled.position,
        billed=bill.charges,
        allowed=allowed,
        paid=paid,
        adjustments=tuple(adjustments),
    )
