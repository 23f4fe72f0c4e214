"""Medicaid, first or last: the state's amount, lesser-of after other payers, the patient's copay.

A state is not obliged to pay Medicare's deductible and coinsurance beyond what would bring the
total up to its own amount for the stay (section 1902(n)(2) of the Social Security Act,
42 U.S.C. 1396a(n)); ``lesser_of`` says whether it stops there. Either way the hospital takes the
result as full payment, and a qualified Medicare beneficiary owes nothing but a nominal copay
(section 1902(n)(3)(B); 42 CFR 447.15). What a state itself pays for a stay is an input: each
state has its own schedule, and none is held here. States pay no more than customary charges for
inpatient care (42 CFR 447.271).
"""

from __future__ import annotations

from decimal import Decimal

from superbill.benefits.bill import Bill, Settled, opening
from superbill.benefits.reasons import CONTRACTUAL, COPAY, adjustment
from superbill.errors import NotCovered
from superbill.model import Medicaid, PayerDecision, Trace
from superbill.money import ZERO


def decide(bill: Bill, settled: Settled, medicaid: Medicaid, trace: Trace) -> PayerDecision:
    """Medicaid's answer. Raises ``NotCovered`` where the state's amount is needed and not given."""
    first = not settled.decisions
    adjustments = opening(bill, settled)
    with trace.part(f"Medicaid ({medicaid.state})", cite="42 U.S.C. 1396a(n); 42 CFR 447.15"):
        share = settled.open
        if first or medicaid.lesser_of:
            allowed = trace(
                "State's amount",
                min(_allowed(bill, medicaid), bill.covered),
                formula="what the state allows for the stay, at most the charges",
                cite="42 CFR 447.271",
                allowed=_allowed(bill, medicaid),
                covered_charges=bill.covered,
            )
            share = trace(
                "Medicaid's share",
                min(settled.open, max(allowed - settled.paid, ZERO)),
                formula="lesser of what is open and the state's amount less earlier payments",
                open=settled.open,
                paid_before=settled.paid,
            )
        else:
            allowed = settled.paid + share
        # The patient's copay comes out of what the state pays (42 CFR 447.56(c)), and is not asked
        # of a patient for whom the state pays nothing.
        copay = min(medicaid.copay, share)
        paid = trace(
            "Medicaid pays",
            share - copay,
            formula="Medicaid's share − copay",
            copay=copay,
        )
    if copay:
        adjustments.append(adjustment(COPAY, copay))
    written_off = settled.open - share
    if written_off:
        adjustments.append(adjustment(CONTRACTUAL, written_off))
    return PayerDecision(
        payer=medicaid.name,
        kind="medicaid",
        position=settled.position,
        billed=bill.charges,
        allowed=allowed,
        paid=paid,
        adjustments=tuple(adjustments),
    )


def _allowed(bill: Bill, medicaid: Medicaid) -> Decimal:
    if medicaid.allowed is None:
        raise NotCovered(
            f"What Medicaid of {medicaid.state} allows for the stay",
            on=bill.discharged,
            remedy="State schedules are not held: give the state's amount in payers[].allowed, or "
            "set lesser_of to false where the state pays all of Medicare's cost sharing.",
        )
    return medicaid.allowed
