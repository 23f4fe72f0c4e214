"""What each payer is shown: the bill, and what the payers before it did with it.

Nothing here depends on a date; the rules that read a bill do.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.benefits.reasons import (
    NOT_COVERED_HOSPITAL,
    NOT_COVERED_PATIENT,
    PRIOR_PAYER,
    adjustment,
)
from superbill.model import Adjustment, Encounter, PayerDecision, Payment, Value
from superbill.money import ZERO

# National Uniform Billing Committee occurrence span code 77: a period that is not covered and for
# which the hospital, not the patient, bears the cost.
PROVIDER_LIABILITY_PERIOD = "77"


class Bill(Value, frozen=True, kw_only=True):
    """A stay as the payers see it. Amounts are dollars, ``days`` at least one.

    ``covered`` is the total charge less the charges that the lines mark as not covered.
    ``payment`` is what Medicare's inpatient system yields, where it was asked. ``drg_weight`` is
    the weight of ``drg``, where it is known.
    """

    charges: Decimal
    covered: Decimal
    noncovered: Decimal
    hospital_bears_noncovered: bool
    admitted: date
    discharged: date
    days: int
    drg: str | None
    drg_weight: Decimal | None
    payment: Payment | None


class Settled(Value, frozen=True, kw_only=True):
    """Where the bill stands once some payers have answered. Amounts are dollars.

    ``open`` is what of the covered charges is still the patient's to pay; ``paid`` what the
    payers so far have paid; ``allowed`` what the last of them found the stay to be worth.
    """

    decisions: tuple[PayerDecision, ...]
    open: Decimal
    paid: Decimal
    allowed: Decimal

    @property
    def position(self) -> int:
        """The place of the next payer: 1 for the first."""
        return len(self.decisions) + 1


def present(
    encounter: Encounter, payment: Payment | None, drg: str | None, drg_weight: Decimal | None
) -> Bill:
    """The bill of ``encounter``."""
    charges, covered = encounter.total_charges, encounter.covered_charges
    return Bill(
        charges=charges,
        covered=covered,
        noncovered=charges - covered,
        hospital_bears_noncovered=PROVIDER_LIABILITY_PERIOD
        in [span.code for span in encounter.occurrence_spans],
        admitted=encounter.admission_date,
        discharged=encounter.discharge_date,
        # Admission and discharge on one day count as one day (Medicare Benefit Policy Manual,
        # chapter 3, 20.1).
        days=encounter.length_of_stay or 1,
        drg=drg,
        drg_weight=drg_weight,
        payment=payment,
    )


def unanswered(bill: Bill) -> Settled:
    """The bill before any payer has seen it: all covered charges are open."""
    return Settled(decisions=(), open=bill.covered, paid=ZERO, allowed=ZERO)


def opening(bill: Bill, settled: Settled) -> list[Adjustment]:
    """The adjustments that any payer's answer begins with.

    A first payer sets aside what is not covered. A later one is billed the whole charge too, as
    on paper, and sets aside what was settled before it.
    """
    adjustments: list[Adjustment] = []
    if settled.decisions:
        before = bill.charges - settled.open
        if not bill.hospital_bears_noncovered:
            before -= bill.noncovered
        if before:
            adjustments.append(adjustment(PRIOR_PAYER, before))
    elif bill.noncovered and bill.hospital_bears_noncovered:
        adjustments.append(adjustment(NOT_COVERED_HOSPITAL, bill.noncovered))
    if bill.noncovered and not bill.hospital_bears_noncovered:
        adjustments.append(adjustment(NOT_COVERED_PATIENT, bill.noncovered))
    return adjustments
