"""What each payer of a visit is shown, line by line, and how its answers are gathered.

Nothing here depends on a date; the rules that read a line do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from superbill.benefits.reasons import PRIOR_PAYER, Reason, adjustment
from superbill.model import Adjustment, LineDecision, LinePrice, PayerDecision, Value
from superbill.money import ZERO

WRITTEN_OFF = ("CO", "45", "above what this payer allows: may be collected from nobody")
BALANCE = ("PR", "45", "above what Medicare allows, owed by the patient: no assignment")
BUNDLED = ("CO", "97", "paid with another service: worth nothing of its own")
DISCOUNT = ("CO", "131", "the discount to a patient without coverage")


class Line(Value, frozen=True, kw_only=True):
    """A line as a payer sees it. Amounts are dollars.

    ``open`` is what of the charge is still the patient's to pay, ``paid`` what payers before have
    paid, ``allowed`` what the last of them found it to be worth. ``price`` is Medicare's, if asked.
    """

    number: int
    code: str
    modifiers: tuple[str, ...] = ()
    day: date
    charge: Decimal
    open: Decimal
    paid: Decimal = ZERO
    allowed: Decimal | None = None
    price: LinePrice | None = None

    @property
    def opening(self) -> list[Adjustment]:
        """What an answer begins with: a later payer sets aside what was settled before it."""
        before = self.charge - self.open
        return [adjustment(PRIOR_PAYER, before)] if before else []


def answer(
    line: Line, *, allowed: Decimal, paid: Decimal, parts: Iterable[tuple[Reason, Decimal]]
) -> LineDecision:
    """One payer's answer to a line: what was settled before, then each part that is not zero."""
    adjustments = line.opening
    adjustments += [adjustment(reason, amount) for reason, amount in parts if amount]
    return LineDecision(
        line=line.number,
        code=line.code,
        billed=line.charge,
        allowed=allowed,
        paid=paid,
        adjustments=tuple(adjustments),
    )


def gather(payer: str, kind: str, position: int, answers: Iterable[LineDecision]) -> PayerDecision:
    """The answers to all lines as one payer's decision; like adjustments are added up."""
    lines = tuple(answers)
    sums: dict[tuple[str, str], Adjustment] = {}
    for line in lines:
        for each in line.adjustments:
            held = sums.get((each.group, each.reason))
            amount = each.amount if held is None else held.amount + each.amount
            sums[each.group, each.reason] = Adjustment(
                group=each.group, reason=each.reason, amount=amount, meaning=each.meaning
            )
    return PayerDecision(
        payer=payer,
        kind=kind,
        position=position,
        billed=sum([line.billed for line in lines], ZERO),
        allowed=sum([line.allowed for line in lines], ZERO),
        paid=sum([line.paid for line in lines], ZERO),
        adjustments=tuple(each for each in sums.values() if each.amount),
        lines=lines,
    )
