"""A visit between its payers and the patient: each in the order that the visit gives, by line.

As for a stay, nothing is invented where a payer's answer cannot be had: the split stops there and
says why. Until then, for each line and payer, billed = paid + adjustments, and for each line
charge = paid + written off + patient + undetermined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from superbill.benefits.split import NO_PAYERS, Split
from superbill.benefits.visits import medigap, part_b, plan
from superbill.benefits.visits.lines import Line, gather
from superbill.errors import NotCovered
from superbill.model import (
    SILENT,
    LineDecision,
    LinePrice,
    Medicaid,
    MedicarePartB,
    Medigap,
    PayerDecision,
    PercentOfMedicare,
    Plan,
    Recorder,
    Share,
    Trace,
    Visit,
    VisitPayer,
)
from superbill.money import ZERO

StatePrices = Callable[[Medicaid], Sequence[LinePrice]]
"""What a state's schedule makes each line worth; *open*, with why, where it does not say."""


def needs_medicare_price(visit: Visit) -> bool:
    """Whether any payer's answer turns on what Medicare allows."""
    return any(
        isinstance(payer, MedicarePartB)
        or (isinstance(payer, Plan) and isinstance(payer.terms, PercentOfMedicare))
        for payer in visit.payers
    )


def split(
    visit: Visit,
    prices: Sequence[LinePrice],
    *,
    state_prices: StatePrices,
    explain: bool,
) -> Split:
    """Ask each payer in turn. ``prices`` are Medicare's, by line; empty where it was not asked."""
    lines = [
        Line(
            number=place,
            code=line.code,
            modifiers=line.modifiers,
            day=visit.day(line),
            charge=line.charge,
            open=line.charge,
            price=prices[place - 1] if prices else None,
        )
        for place, line in enumerate(visit.lines, 1)
    ]
    decisions: list[PayerDecision] = []
    if not visit.payers:
        return _end(visit, lines, decisions, visit.total_charges, (NO_PAYERS,))
    for payer in visit.payers:
        recorder = Recorder() if explain else None
        try:
            answers = list(_ask(visit, lines, decisions, payer, state_prices, recorder or SILENT))
        except NotCovered as missing:
            open_ = sum([line.open for line in lines], ZERO)
            return _end(visit, lines, decisions, open_, (f"The share of {payer.name}: {missing}",))
        decision = gather(payer.name, _kind(payer), len(decisions) + 1, answers)
        if recorder is not None:
            decision = replace(decision, trace=recorder.steps)
        decisions.append(decision)
        supplement = isinstance(payer, Medigap | Medicaid)
        lines = [
            replace(
                line,
                open=each.patient,
                paid=line.paid + each.paid,
                allowed=line.allowed if supplement else each.allowed,
            )
            for line, each in zip(lines, answers, strict=True)
        ]
    return _end(visit, lines, decisions, ZERO, ())


def _ask(
    visit: Visit,
    lines: list[Line],
    before: list[PayerDecision],
    payer: VisitPayer,
    state_prices: StatePrices,
    trace: Trace,
) -> Iterator[LineDecision]:
    match payer:
        case MedicarePartB() if before:
            return part_b.second(lines, payer, trace)
        case MedicarePartB():
            assigned = visit.accepts_assignment or visit.biller.participating
            return part_b.decide(lines, payer, assigned=assigned, trace=trace)
        case Medigap():
            medicare = next(each for each in before if each.kind == "medicare_part_b")
            return medigap.decide(lines, payer, medicare, trace)
        case Medicaid():
            after = any(each.kind == "medicare_part_b" for each in before)
            prices = state_prices(payer)
            return plan.medicaid(lines, payer, prices, trace, after_medicare=after)
        case Plan():
            return (plan.later if before else plan.first)(lines, payer, trace)
        case _:
            return plan.alone(lines, payer, trace)


def _kind(payer: VisitPayer) -> str:
    return str(payer.__struct_config__.tag)


def _end(
    visit: Visit,
    lines: list[Line],
    decisions: list[PayerDecision],
    undetermined: Decimal,
    not_covered: tuple[str, ...],
) -> Split:
    written_off = ZERO
    for decision in decisions:
        written_off += sum([a.amount for a in decision.adjustments if a.group == "CO"], ZERO)
    patient = sum([line.open for line in lines], ZERO) - undetermined
    shares = [
        Share(party=each.payer, amount=each.paid, meaning="pays")
        for each in decisions
        if each.kind != "self_pay"
    ]
    shares.append(Share(party="patient", amount=patient, meaning="owes"))
    shares.append(Share(party="biller", amount=written_off, meaning="writes off"))
    if undetermined:
        shares.append(Share(party="undetermined", amount=undetermined, meaning="no rule at hand"))
    return Split(
        payers=tuple(decisions),
        charges=visit.total_charges,
        paid=sum([each.paid for each in decisions], ZERO),
        written_off=written_off,
        patient=patient,
        undetermined=undetermined,
        shares=tuple(shares),
        not_covered=not_covered,
    )
