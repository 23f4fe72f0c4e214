"""A patient without coverage, who pays the charges less the hospital's discount.

The discount is the hospital's own: its published cash price, its financial assistance policy or
the estimate that it gave (45 CFR 180.50, 26 CFR 1.501(r)-5, 45 CFR 149.610). None is held here.
"""

from __future__ import annotations

from superbill.benefits.bill import Bill, Settled
from superbill.benefits.reasons import DISCOUNT, NOT_COVERED_PATIENT, adjustment
from superbill.model import PayerDecision, SelfPay, Trace
from superbill.money import ZERO, half_up


def decide(bill: Bill, settled: Settled, patient: SelfPay, trace: Trace) -> PayerDecision:
    """The patient as the only payer: what is not discounted is the patient's."""
    with trace.part("Self-pay"):
        discount = trace(
            "Discount",
            half_up(bill.charges * patient.discount),
            formula="charges × discount",
            rounding="half up to the cent",
            charges=bill.charges,
            discount=patient.discount,
        )
        owed = trace("Patient owes", bill.charges - discount, formula="charges − discount")
    adjustments = [
        adjustment(reason, amount)
        for reason, amount in ((DISCOUNT, discount), (NOT_COVERED_PATIENT, owed))
        if amount
    ]
    return PayerDecision(
        payer=patient.name,
        kind="self_pay",
        position=settled.position,
        billed=bill.charges,
        allowed=owed,
        paid=ZERO,
        adjustments=tuple(adjustments),
    )
