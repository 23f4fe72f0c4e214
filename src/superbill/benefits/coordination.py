"""Second payers: an employer plan after another payer, and Medicare after an employer plan.

**Medicare second** (42 CFR 411.32, 411.33(e)): where an employer plan must pay first, Medicare adds
the lowest of four differences between its own payment, the charges or what the hospital must
accept, the first payment, and Medicare's deductible and coinsurance. What the first payer paid
counts towards that deductible and coinsurance (42 CFR 411.30(b)), so the patient owes only
what is left of them. Sequestration then takes its share of what Medicare pays.

**A plan second**: with *standard* coordination it pays its own benefit up to what the patient would
otherwise owe; with *carve-out* its own benefit less what earlier payers paid. Its own benefit is
reckoned on its contract where ``terms`` are given, else on what the payer before it allowed. Where
there is a contract, the patient owes no more than the plan's own copay, deductible and coinsurance.

Which payer is first is the encounter's to say: it turns on the employer's size and the patient's
employment (42 CFR 411.100 to 411.206), which a stay does not show.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.benefits import contract, part_a, plan
from superbill.benefits.bill import Bill, Settled, opening
from superbill.benefits.reasons import (
    COINSURANCE,
    CONTRACTUAL,
    DEDUCTIBLE,
    EXHAUSTED,
    SEQUESTRATION,
    adjustment,
)
from superbill.errors import NotCovered
from superbill.model import BenefitDays, MedicarePartA, PayerDecision, Payment, Plan, Trace
from superbill.money import ZERO

SECONDARY = "42 CFR 411.33(e)"


def medicare_second(
    bill: Bill,
    settled: Settled,
    medicare: MedicarePartA,
    payment: Payment | None,
    counted: BenefitDays,
    trace: Trace,
) -> PayerDecision:
    """Medicare after one or more payers; ``payment`` is ``None`` where no day is covered."""
    adjustments = opening(bill, settled)
    gross = ZERO if payment is None else payment.total
    with trace.part("Medicare Part A as second payer", cite=SECONDARY):
        if payment is None:
            paid = trace("Medicare pays", ZERO, formula="no covered day", days_covered=0)
            if settled.open:
                adjustments.append(adjustment(EXHAUSTED, settled.open))
        else:
            shared = part_a.cost_sharing(bill, medicare.benefit_period, counted, trace)
            before = _lowest(bill, settled, gross, shared.total, trace)
            # The first payment satisfies the deductible before the coinsurance.
            credit = max(settled.paid, ZERO)
            deductible = max(shared.deductible - credit, ZERO)
            credit = max(credit - shared.deductible, ZERO)
            deductible = min(deductible, settled.open - before)
            coinsurance = min(
                max(shared.coinsurance - credit, ZERO), settled.open - before - deductible
            )
            trace(
                "Patient owes",
                deductible + coinsurance,
                formula="deductible and coinsurance less the earlier payment",
                cite="42 CFR 411.30(b), 411.35",
                deductible=shared.deductible,
                coinsurance=shared.coinsurance,
                paid_before=settled.paid,
            )
            cut = part_a.sequestered(before, bill.discharged, trace)
            paid = trace(
                "Medicare pays",
                before - cut,
                formula="secondary payment − sequestration",
                secondary_payment=before,
                sequestration=cut,
            )
            for reason, amount in (
                (DEDUCTIBLE, deductible),
                (COINSURANCE, coinsurance),
                (CONTRACTUAL, settled.open - before - deductible - coinsurance),
                (SEQUESTRATION, cut),
            ):
                if amount:
                    adjustments.append(adjustment(reason, amount))
    return PayerDecision(
        payer=medicare.name,
        kind="medicare_part_a",
        position=settled.position,
        billed=bill.charges,
        allowed=gross,
        paid=paid,
        adjustments=tuple(adjustments),
        covered_days=counted.covered,
        days=counted,
    )


def _lowest(bill: Bill, settled: Settled, gross: Decimal, shared: Decimal, trace: Trace) -> Decimal:
    """The lowest of the four amounts of 42 CFR 411.33(e), and never below zero."""
    accepted = min(bill.covered, settled.paid + settled.open)
    return trace(
        "Secondary payment",
        max(
            min(
                gross - shared,
                gross - settled.paid,
                accepted - settled.paid,
                accepted - shared,
            ),
            ZERO,
        ),
        formula="lowest of: gross − cost sharing; gross − first payment; charges or amount to "
        "accept − first payment; charges or amount to accept − cost sharing",
        cite=SECONDARY,
        gross=gross,
        cost_sharing=shared,
        first_payment=settled.paid,
        amount_to_accept=accepted,
    )


def plan_second(bill: Bill, settled: Settled, second: Plan, trace: Trace) -> PayerDecision:
    """A plan after one or more payers.

    Raises :class:`~superbill.errors.NotCovered` where earlier payers allowed nothing and no
    contract says what the plan allows.
    """
    adjustments = opening(bill, settled)
    with trace.part(second.name, cite="the plan's benefits and its coordination clause"):
        if second.terms is not None:
            allowed = contract.allowed(bill, second.terms, trace)
        elif settled.allowed or not settled.open:
            # What the patient owes Medicare can exceed what Medicare's system makes the stay worth.
            allowed = trace(
                "Allowed",
                max(settled.allowed, max(settled.paid, ZERO) + settled.open),
                formula="what the payer before allowed, or what was paid and is open if more",
                allowed_before=settled.allowed,
                paid_before=settled.paid,
                open=settled.open,
            )
        else:
            raise NotCovered(
                f"What {second.name} allows for a stay that the payer before it does not cover",
                on=bill.discharged,
                remedy="Give the hospital's contract in payers[].terms.",
            )
        share = plan.member_share(allowed, second.benefits, bill.days, trace)
        benefit = allowed - share.total
        if second.coordination == "carve_out":
            benefit = trace(
                "Benefit less earlier payments",
                max(benefit - max(settled.paid, ZERO), ZERO),
                formula="carve-out: own benefit − what earlier payers paid",
                benefit=benefit,
                paid_before=settled.paid,
            )
        paid = trace(
            "Plan pays",
            min(benefit, settled.open),
            formula="own benefit, at most what is open",
            benefit=benefit,
            open=settled.open,
        )
        left = settled.open - paid
        owed = left if second.terms is None else min(left, share.total)
    kept = share.held_to(owed)
    adjustments += kept.adjustments()
    # With no contract, what the plan's own cost sharing does not explain was left by the payer
    # before it, and stays the patient's.
    if owed > kept.total:
        adjustments.append(adjustment(DEDUCTIBLE, owed - kept.total))
    if left > owed:
        adjustments.append(adjustment(CONTRACTUAL, left - owed))
    return PayerDecision(
        payer=second.name,
        kind="plan",
        position=settled.position,
        billed=bill.charges,
        allowed=allowed,
        paid=paid,
        adjustments=tuple(adjustments),
    )
