"""The bill between the payers and the patient: each payer in the order that the encounter gives.

Nothing is invented where a payer's answer cannot be had: the split stops there, what is open is
left *undetermined*, and the reason is said. Until then two identities hold to the cent: for each
payer billed = paid + adjustments, and for the stay charges = paid + written off + patient +
undetermined.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from superbill.benefits import coordination, medicaid, medigap, part_a, plan, self_pay
from superbill.benefits.bill import Bill, Settled, present, unanswered
from superbill.errors import NotCovered
from superbill.model import (
    SILENT,
    Encounter,
    Medicaid,
    MedicarePartA,
    Medigap,
    Payer,
    PayerDecision,
    Payment,
    PercentOfMedicare,
    Plan,
    Recorder,
    Share,
    Trace,
    Value,
)
from superbill.money import ZERO

NO_PAYERS = (
    "The split between payers: none are given. Name them in payers, first the one who pays first; "
    'a patient who pays alone is {"kind": "self_pay", "name": "…"}.'
)


class Split(Value, frozen=True, kw_only=True):
    """Who pays what, in dollars. ``charges`` is the sum of the other four."""

    payers: tuple[PayerDecision, ...]
    charges: Decimal
    paid: Decimal
    written_off: Decimal
    patient: Decimal
    undetermined: Decimal
    shares: tuple[Share, ...]
    not_covered: tuple[str, ...]


def needs_medicare_price(encounter: Encounter) -> bool:
    """Whether any payer's answer turns on what Medicare's inpatient system yields."""
    return any(
        isinstance(payer, MedicarePartA)
        or (isinstance(payer, Plan) and isinstance(payer.terms, PercentOfMedicare))
        for payer in encounter.payers
    )


def split(
    encounter: Encounter,
    payment: Payment | None,
    *,
    drg: str | None,
    drg_weight: Decimal | None,
    explain: bool,
) -> Split:
    """Ask each payer in turn.

    ``payment`` is what Medicare's inpatient system yields for the stay, ``None`` where it was not
    asked or could not say. With ``explain`` every payer's answer carries its steps.
    """
    bill = present(encounter, payment, drg, drg_weight)
    settled = unanswered(bill)
    if not encounter.payers:
        return _end(bill, settled, bill.charges, (NO_PAYERS,))
    for payer in encounter.payers:
        recorder = Recorder() if explain else None
        try:
            decision = _ask(encounter, bill, settled, payer, recorder or SILENT)
        except NotCovered as missing:
            open_ = settled.open if settled.decisions else bill.charges
            return _end(bill, settled, open_, (f"The share of {payer.name}: {missing}",))
        if recorder is not None:
            decision = replace(decision, trace=recorder.steps)
        settled = _settle(bill, settled, decision)
    return _end(bill, settled, ZERO, ())


def _ask(
    encounter: Encounter, bill: Bill, settled: Settled, payer: Payer, trace: Trace
) -> PayerDecision:
    first = not settled.decisions
    match payer:
        case MedicarePartA():
            counted = part_a.days(encounter, payer.benefit_period)
            payment = _payable(bill) if counted.covered else None
            medicare = part_a.decide if first else coordination.medicare_second
            return medicare(bill, settled, payer, payment, counted, trace)
        case Medigap():
            return medigap.decide(bill, settled, payer, trace)
        case Medicaid():
            return medicaid.decide(bill, settled, payer, trace)
        case Plan():
            answer = plan.decide if first else coordination.plan_second
            return answer(bill, settled, payer, trace)
        case _:
            return self_pay.decide(bill, settled, payer, trace)


def _payable(bill: Bill) -> Payment:
    payment = bill.payment
    if payment is None:
        raise NotCovered(
            "Medicare's payment for the stay",
            on=bill.discharged,
            remedy="See why the inpatient payment could not be computed.",
        )
    if not payment.payable:
        raise NotCovered(
            f"A stay that the {payment.system} pricer answers with code {payment.return_code}",
            on=bill.discharged,
            remedy=payment.meaning,
        )
    return payment


def _settle(bill: Bill, settled: Settled, decision: PayerDecision) -> Settled:
    open_ = decision.patient
    if not bill.hospital_bears_noncovered and decision.kind != "self_pay":
        open_ -= bill.noncovered
    return Settled(
        decisions=(*settled.decisions, decision),
        open=open_,
        paid=settled.paid + decision.paid,
        # What a supplement or Medicaid adds says nothing of what the stay is worth.
        allowed=settled.allowed if decision.kind in {"medigap", "medicaid"} else decision.allowed,
    )


def _end(
    bill: Bill, settled: Settled, undetermined: Decimal, not_covered: tuple[str, ...]
) -> Split:
    written_off = patient = ZERO
    for decision in settled.decisions:
        for each in decision.adjustments:
            if each.group == "CO":
                written_off += each.amount
    if settled.decisions:
        patient = settled.decisions[-1].patient - undetermined
    shares = [
        Share(party=decision.payer, amount=decision.paid, meaning="pays")
        for decision in settled.decisions
        if decision.kind != "self_pay"
    ]
    shares.append(Share(party="patient", amount=patient, meaning="owes"))
    shares.append(Share(party="hospital", amount=written_off, meaning="writes off"))
    if undetermined:
        shares.append(Share(party="undetermined", amount=undetermined, meaning="no rule at hand"))
    return Split(
        payers=settled.decisions,
        charges=bill.charges,
        paid=settled.paid,
        written_off=written_off,
        patient=patient,
        undetermined=undetermined,
        shares=tuple(shares),
        not_covered=not_covered,
    )
