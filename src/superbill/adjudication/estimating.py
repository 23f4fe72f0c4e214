"""What care is expected to cost before it is given: an order, decided as the visit it will be.

Nothing is worth zero for want of a price: a line that no rule at hand prices is left out of the
sums, which then are not complete, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from superbill.adjudication import statements
from superbill.adjudication.due import due
from superbill.adjudication.visit import VisitSteps, adjudicate_visit
from superbill.model import (
    Biller,
    EditReport,
    Estimate,
    EstimateDiagnosis,
    EstimateLine,
    LineDecision,
    Medicaid,
    MedicarePartB,
    Order,
    OrderLine,
    PayerEstimate,
    Plan,
    ProviderEstimate,
    SelfPay,
    VisitDecision,
    VisitPayer,
)
from superbill.money import ZERO, dollars

Describe = Callable[[str], str]
"""From a diagnosis code to its text, empty where none is known."""


def estimate(order: Order, *, engine: VisitSteps, describe: Describe) -> Estimate:
    """The estimate of an order: of good faith where the patient pays alone, else of each share.

    Raises :class:`~superbill.errors.Invalid` where payers or lines cannot be what they say.
    """
    alone = isinstance(order.payers[0], SelfPay)
    parts = (_alone if alone else _insured)(order, engine)
    providers = tuple(
        _provider(part.order.biller, part.lines, convening=not place)
        for place, part in enumerate(parts)
    )
    edits = _together([part.decision.edits for part in parts])
    every = [line for each in providers for line in each.lines]
    complete = all(line.patient is not None for line in every)
    return Estimate(
        order_id=order.id,
        kind="good_faith" if alone else "insured",
        estimated_on=order.estimated_on,
        service_date=order.service_date,
        scheduled=order.scheduled,
        person=order.patient,
        primary_service=order.primary_service,
        diagnoses=tuple(EstimateDiagnosis(code=c, text=describe(c)) for c in order.diagnoses),
        providers=providers,
        charges=sum([line.charge for line in every], ZERO),
        allowed=_sum(each.allowed for each in providers),
        paid=_sum(each.paid for each in providers),
        patient=_sum(line.patient for line in every),
        complete=complete,
        # Procedures of a surgical centre are ranked, so that one may halve another.
        at_least=all(part.order.form != "surgery_center" for part in parts),
        separately=order.separately,
        separately_says=statements.separately(order) if order.separately else None,
        assumptions=tuple(_assumptions(order, [part.decision for part in parts])),
        not_checked=tuple(_not_checked(order, edits, complete=complete)),
        statements=statements.good_faith() if alone else statements.insured(),
        due=due(order) if alone else (),
        edits=edits,
        payers=() if alone else tuple(payer.name for payer in order.payers),
        not_covered=tuple(dict.fromkeys(why for part in parts for why in part.missing)),
        lock=parts[0].decision.lock,
    )


class _Part(NamedTuple):
    """What one provider's services come to; ``missing`` is why some lines have no price."""

    order: Order
    decision: VisitDecision
    lines: list[EstimateLine]
    missing: tuple[str, ...] = ()


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; ``None`` where nothing is."""
    known = [each for each in amounts if each is not None]
    return sum(known, ZERO) if known else None


def _provider(
    biller: Biller, lines: Sequence[EstimateLine], *, convening: bool
) -> ProviderEstimate:
    return ProviderEstimate(
        biller=biller,
        lines=tuple(lines),
        charges=sum([line.charge for line in lines], ZERO),
        allowed=_sum(line.allowed for line in lines),
        paid=_sum(
            sum([each.paid for each in line.payers], ZERO) if line.payers else None
            for line in lines
        ),
        patient=_sum(line.patient for line in lines),
        convening=convening,
    )


def _line(order: Order, number: int, line: OrderLine, not_priced: str = "") -> EstimateLine:
    """A line with nothing but its charge."""
    of = line.diagnoses or tuple(range(1, len(order.diagnoses) + 1))
    return EstimateLine(
        line=number,
        code=line.code,
        modifiers=line.modifiers,
        description=line.description,
        units=line.units,
        service_date=order.day(line),
        diagnoses=tuple(order.diagnoses[place - 1] for place in of),
        charge=line.charge,
        not_priced=not_priced,
    )


def _alone(order: Order, engine: VisitSteps) -> list[_Part]:
    """Every provider's charges less its discount."""
    found = []
    for part in order.parts():
        decision = adjudicate_visit(part, engine=engine)
        answers = zip(part.lines, decision.payers[0].lines, strict=True)
        lines = [
            replace(
                _line(part, number, line),
                expected=answer.allowed,
                patient=answer.patient,
                other=answer.patient,
            )
            for number, (line, answer) in enumerate(answers, 1)
        ]
        found.append(_Part(part, decision, lines))
    return found


def _together(reports: Sequence[EditReport]) -> EditReport:
    """The reports of several providers as one, with the places of findings in the order."""
    findings = list(reports[0].findings)
    for place, report in enumerate(reports[1:]):
        findings += [
            replace(each, where=f"co_providers[{place}].{each.where}") for each in report.findings
        ]
    return EditReport(
        ran=tuple(dict.fromkeys(rule for each in reports for rule in each.ran)),
        findings=tuple(findings),
        not_checked=tuple(dict.fromkeys(rule for each in reports for rule in each.not_checked)),
    )


def _insured(order: Order, engine: VisitSteps) -> list[_Part]:
    """Each provider's claim after those before it, with what they used up of yearly limits."""
    found: list[_Part] = []
    payers = order.payers
    for part in order.parts():
        made = _shares(replace(part, payers=payers), engine)
        found.append(made)
        payers = tuple(_after(payer, made.decision) for payer in payers)
    return found


def _after(payer: VisitPayer, decision: VisitDecision) -> VisitPayer:
    """A payer with what of its yearly limits is met after a claim."""
    answer = next((each for each in decision.payers if each.payer == payer.name), None)
    if answer is None:
        return payer
    owed = {"1": ZERO, "2": ZERO, "3": ZERO}
    for each in answer.adjustments:
        if each.group == "PR" and each.reason in owed:
            owed[each.reason] += each.amount
    match payer:
        case MedicarePartB():
            return replace(payer, deductible_met=payer.deductible_met + owed["1"])
        case Plan():
            met = payer.benefits.accumulators
            met = replace(
                met,
                deductible_met=met.deductible_met + owed["1"],
                out_of_pocket_met=met.out_of_pocket_met + sum(owed.values(), ZERO),
            )
            return replace(payer, benefits=replace(payer.benefits, accumulators=met))
    return payer


def _shares(order: Order, engine: VisitSteps) -> _Part:
    """Each payer's share of each line, and why some lines have none."""
    decision = adjudicate_visit(order, engine=engine)
    edits, missing = decision.edits, decision.not_covered
    kept = dict(enumerate(order.lines, 1))
    unpriced: dict[int, str] = {}
    for find in (_open_by_medicare, _open_by_state):
        if not decision.not_covered:
            break
        numbers = list(kept)
        found = find(order, decision, engine, numbers)
        unpriced |= found
        kept = {number: line for number, line in kept.items() if number not in found}
        if found and kept:
            decision = adjudicate_visit(replace(order, lines=tuple(kept.values())), engine=engine)
    if decision.not_covered:
        unpriced |= dict.fromkeys(kept, " ".join(decision.not_covered))
        kept = {}
    places = {number: place for place, number in enumerate(kept)}
    lines = [
        _shared(order, number, line, decision, places[number])
        if number in kept
        else _line(order, number, line, unpriced[number])
        for number, line in enumerate(order.lines, 1)
    ]
    # The edits are those of all lines, also of those that have no price.
    return _Part(order, replace(decision, edits=edits), lines, missing)


def _open_by_medicare(
    order: Order, decision: VisitDecision, engine: VisitSteps, numbers: Sequence[int]
) -> dict[int, str]:
    return {numbers[p.line - 1]: p.meaning for p in decision.prices if p.status == "open"}


def _open_by_state(
    order: Order, decision: VisitDecision, engine: VisitSteps, numbers: Sequence[int]
) -> dict[int, str]:
    part = replace(order, lines=tuple(order.lines[number - 1] for number in numbers))
    return {
        numbers[price.line - 1]: price.meaning
        for payer in order.payers
        if isinstance(payer, Medicaid)
        for price in engine.state_prices(part, payer)
        if price.status == "open"
    }


def _shared(
    order: Order, number: int, line: OrderLine, decision: VisitDecision, place: int
) -> EstimateLine:
    answers: list[tuple[str, LineDecision]] = [
        (payer.payer, payer.lines[place]) for payer in decision.payers
    ]
    last = answers[-1][1]
    parts = {"1": ZERO, "2": ZERO, "3": ZERO}
    other = ZERO
    for each in last.adjustments:
        if each.group == "PR" and each.reason in parts:
            parts[each.reason] += each.amount
        elif each.group == "PR":
            other += each.amount
    return replace(
        _line(order, number, line),
        allowed=answers[0][1].allowed,
        payers=tuple(
            PayerEstimate(payer=name, allowed=each.allowed, paid=each.paid)
            for name, each in answers
        ),
        patient=last.patient,
        deductible=parts["1"],
        coinsurance=parts["2"],
        copay=parts["3"],
        other=other,
    )


def _assumptions(order: Order, decisions: Sequence[VisitDecision]) -> Iterable[str]:
    yield "The care is what the order lists: these codes, this many units, on the day given."
    if not order.scheduled:
        yield f"No day is set: charges and rates are those of {order.service_date}."
    for payer in order.payers:
        match payer:
            case SelfPay():
                yield (
                    f"{order.biller.name} takes {_percent(payer.discount)} off its charges."
                    if payer.discount
                    else f"{order.biller.name} gives no discount."
                )
                for each in order.co_providers:
                    off = payer.discount if each.discount is None else each.discount
                    if off:
                        yield f"{each.biller.name} takes {_percent(off)} off its charges."
            case MedicarePartB():
                yield (
                    f"{dollars(payer.deductible_met)} of the year's Part B deductible are met "
                    "before this care."
                )
            case Plan():
                met = payer.benefits.accumulators
                yield (
                    f"{payer.name}: {dollars(met.deductible_met)} of the deductible of "
                    f"{dollars(payer.benefits.deductible)} are met before this care, and "
                    f"{dollars(met.out_of_pocket_met)} paid out of pocket this year."
                )
            case _:
                pass
    if order.co_providers and not isinstance(order.payers[0], SelfPay):
        yield "The claims are decided in the order of the providers here; a copay is due to each."
    systems = dict.fromkeys(
        f"{each.system} {each.release}".strip()
        for decision in decisions
        for each in decision.prices
        if each.status == "priced"
    )
    if systems:
        yield f"Medicare's prices: {'; '.join(systems)}."


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} percent"


def _not_checked(order: Order, edits: EditReport, *, complete: bool) -> Iterable[str]:
    if isinstance(order.payers[0], SelfPay):
        if not order.co_providers:
            yield "Whether anybody else will bill for this care: the order names nobody."
    else:
        yield (
            "Whether the coverage is in force on that day, whether the provider is in the plan's "
            "network, and whether the care needs an authorization first."
        )
        if not order.co_providers:
            yield "What others who take part in the care will bill."
    if not complete:
        yield "Lines that are not priced: the sums are without them."
    # Nothing is filed yet, and so nothing late.
    rules = dict.fromkeys(e.rule for e in edits.not_checked if e.rule != "lines.timely")
    if rules:
        yield f"Rules about codes that could not be run: {', '.join(rules)}."
