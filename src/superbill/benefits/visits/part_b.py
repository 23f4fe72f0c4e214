"""Medicare Part B for services by line: deductible, coinsurance, sequestration.

The law is section 1833 of the Social Security Act (42 U.S.C. 1395l) and 42 CFR 410.152 and 410.160:
Medicare pays 80 percent (or what the service's own rule says) of what is left of the allowed amount
once the calendar year's deductible is met. The lesser of charge and fee schedule is allowed
(42 U.S.C. 1395w-4(a)(1) for physicians). Each line takes the deductible of its own year, in the
order of the claim; sequestration is taken from Medicare's share of each line.

Without assignment Medicare's share goes to the patient, who owes the physician the charge, at most
the limiting charge (42 U.S.C. 1395w-4(g)). The split counts it as paid all the same.

**As second payer** (42 CFR 411.33(a)): the lowest of the charge (or what must be accepted) less the
first payment; what Medicare would pay alone; and the higher of Medicare's and the first payer's
allowed amount less the first payment.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from superbill.benefits import dated
from superbill.benefits.part_a import sequestered
from superbill.benefits.reasons import (
    COINSURANCE,
    DEDUCTIBLE,
    SEQUESTRATION,
    Reason,
)
from superbill.benefits.visits import preventive
from superbill.benefits.visits.lines import BALANCE, BUNDLED, WRITTEN_OFF, Line, answer
from superbill.errors import NotCovered
from superbill.model import LineDecision, LinePrice, MedicarePartB, Trace
from superbill.money import ZERO, half_up

LAW = "42 U.S.C. 1395l; 42 CFR 410.152, 410.160"
SECONDARY = "42 CFR 411.33(a)"


class Deductible:
    """What of each year's Part B deductible is still to be met, as the lines use it up."""

    def __init__(self, met: Decimal) -> None:
        self._met = met
        self._left: dict[str, Decimal] = {}

    def take(self, line: Line, allowed: Decimal, trace: Trace) -> Decimal:
        """The part of ``allowed`` that goes to the deductible.

        Raises :class:`~superbill.errors.NotCovered` for a year without a published amount.
        """
        year = dated.row("part_b.toml", "year", "The Medicare Part B deductible", line.day)
        whole = year.figures["deductible"]
        left = self._left.setdefault(year.source, max(whole - self._met, ZERO))
        owed = min(left, allowed)
        self._left[year.source] = left - owed
        return trace(
            "Deductible",
            owed,
            formula="what is left of the year's deductible, at most the allowed amount",
            cite="42 CFR 410.160",
            deductible=(whole, year.source),
            left=left,
            allowed=allowed,
        )


def price_of(line: Line) -> LinePrice:
    """Medicare's price of the line.

    Raises :class:`~superbill.errors.NotCovered` where no payment system gave one.
    """
    price = line.price
    if price is None or price.status == "open":
        raise NotCovered(
            f"What Medicare allows for {line.code} (line {line.number})",
            on=line.day,
            remedy=price.meaning if price is not None and price.meaning else "Price the line.",
        )
    return price


def decide(
    lines: list[Line], medicare: MedicarePartB, *, assigned: bool, trace: Trace
) -> Iterator[LineDecision]:
    """Medicare as the first payer, line by line."""
    deductible = Deductible(medicare.deductible_met)
    for line in lines:
        price = price_of(line)
        if price.status != "priced":
            yield _nothing(line, price)
            continue
        with trace.part(f"Line {line.number}, {line.code}", cite=LAW):
            yield _first(line, price, deductible, assigned=assigned, trace=trace)


def _first(
    line: Line, price: LinePrice, deductible: Deductible, *, assigned: bool, trace: Trace
) -> LineDecision:
    allowed = trace(
        "Allowed",
        min(price.allowed, line.charge),
        formula="the lesser of fee schedule and charge",
        fee_schedule=price.allowed,
        charge=line.charge,
    )
    own, coinsurance = _shares(line, price, allowed, deductible, trace)
    share = allowed - own - coinsurance
    less = _of_an_assistant(share, price, trace)
    share -= less
    cut = sequestered(share, line.day, trace)
    trace(
        "Medicare pays",
        share - cut,
        formula="allowed − deductible − coinsurance − reduction − sequestration",
        allowed=allowed,
        deductible=own,
        coinsurance=coinsurance,
        reduction=less,
        sequestration=cut,
    )
    above, balance = line.charge - allowed, ZERO
    if not assigned:
        if price.limiting_charge is not None:
            balance = max(min(line.charge, price.limiting_charge) - allowed, ZERO)
        else:
            balance = above
    return answer(
        line,
        allowed=allowed,
        paid=share - cut,
        parts=(
            (DEDUCTIBLE, own),
            (COINSURANCE, coinsurance),
            (BALANCE, balance),
            (WRITTEN_OFF, above - balance + less),
            (SEQUESTRATION, cut),
        ),
    )


def _of_an_assistant(share: Decimal, price: LinePrice, trace: Trace) -> Decimal:
    """What Medicare's share loses where a therapy assistant gave the service (CO, CQ)."""
    if price.medicare_share is None:
        return ZERO
    return trace(
        "Reduction for a therapy assistant",
        share - half_up(share * price.medicare_share),
        formula="Medicare's share × (1 − 0.85)",
        rounding="half up to the cent",
        cite="42 U.S.C. 1395m(v); 42 CFR 410.59(a)(4), 410.60(a)(4)",
        medicare_share=share,
        paid_at=price.medicare_share,
    )


def _shares(
    line: Line, price: LinePrice, allowed: Decimal, deductible: Deductible, trace: Trace
) -> tuple[Decimal, Decimal]:
    """Deductible and coinsurance of a line."""
    free = preventive.terms(line.code, line.modifiers, on=line.day)
    share, cite, source = price.coinsurance, "42 CFR 410.152", price.system
    if free is not None:
        share, cite, source = free.coinsurance, "42 CFR 410.152(l), 410.160(b)", free.source
    own = ZERO
    if price.deductible and free is None:
        own = deductible.take(line, allowed, trace)
    if free is None and price.copayment is not None:
        return own, trace(
            "Copayment",
            min(price.copayment, allowed - own),
            formula="the published copayment, at most what is left after the deductible",
            copayment=(price.copayment, price.release),
        )
    coinsurance = trace(
        "Coinsurance",
        half_up((allowed - own) * share),
        formula="(allowed − deductible) × coinsurance",
        rounding="half up to the cent",
        cite=cite,
        allowed=allowed,
        deductible=own,
        coinsurance=(share, source),
    )
    return own, coinsurance


def _nothing(line: Line, price: LinePrice) -> LineDecision:
    """A line that Medicare pays nothing for: bundled, or denied."""
    reason: Reason = BUNDLED
    if price.status == "denied":
        group = "PR" if price.patient_liable else "CO"
        reason = (group, price.reason, price.meaning)
    return answer(line, allowed=ZERO, paid=ZERO, parts=((reason, line.open),))


def second(lines: list[Line], medicare: MedicarePartB, trace: Trace) -> Iterator[LineDecision]:
    """Medicare after one or more payers, line by line."""
    deductible = Deductible(medicare.deductible_met)
    for line in lines:
        price = price_of(line)
        if price.status != "priced":
            yield _nothing(line, price)
            continue
        with trace.part(f"Line {line.number}, {line.code}, Medicare second", cite=SECONDARY):
            yield _second(line, price, deductible, trace)


def _second(line: Line, price: LinePrice, deductible: Deductible, trace: Trace) -> LineDecision:
    gross = min(price.allowed, line.charge)
    own, coinsurance = _shares(line, price, gross, deductible, trace)
    accepted = line.paid + line.open
    before = trace(
        "Secondary payment",
        max(
            min(
                accepted - line.paid,
                gross - own - coinsurance,
                max(gross, line.allowed or ZERO) - line.paid,
            ),
            ZERO,
        ),
        formula="lowest of: charge or amount to accept − first payment; what Medicare would pay "
        "alone; the higher allowed amount − first payment",
        cite=SECONDARY,
        amount_to_accept=accepted,
        first_payment=line.paid,
        medicare_alone=gross - own - coinsurance,
        medicare_allowed=gross,
        first_allowed=line.allowed or ZERO,
    )
    # The first payment counts towards the deductible, then towards the coinsurance
    # (42 CFR 411.30(b), 411.35).
    credit = max(line.paid, ZERO)
    left_own = min(max(own - credit, ZERO), line.open - before)
    credit = max(credit - own, ZERO)
    left_share = min(max(coinsurance - credit, ZERO), line.open - before - left_own)
    cut = sequestered(before, line.day, trace)
    trace(
        "Medicare pays",
        before - cut,
        formula="secondary payment − sequestration",
        secondary_payment=before,
        sequestration=cut,
    )
    return answer(
        line,
        allowed=gross,
        paid=before - cut,
        parts=(
            (DEDUCTIBLE, left_own),
            (COINSURANCE, left_share),
            (WRITTEN_OFF, line.open - before - left_own - left_share),
            (SEQUESTRATION, cut),
        ),
    )
