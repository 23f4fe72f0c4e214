"""One stay adjudicated, step by step.

The discharge date selects everything that a date selects: the edits' and the grouper's version, the
payment system's law and figures. A step whose data is not held for the day says so in
``not_covered`` and takes nothing else with it: a stay without a rate still has its edits and its
group, and its split says what is undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from superbill import benefits
from superbill.adjudication import what_if as without_each
from superbill.adjudication.steps import Steps
from superbill.edits import integrity
from superbill.errors import Invalid, NotCovered
from superbill.model import (
    SILENT,
    Decision,
    DrgBaseRate,
    EditReport,
    Encounter,
    Grouping,
    MedicarePartA,
    Medigap,
    Payment,
    PercentOfMedicare,
    Plan,
    Recorder,
)


class Ask(NamedTuple):
    """What is wanted of a decision.

    With ``explain`` the payment and each payer's answer carry their steps
    (:attr:`~superbill.model.Decision.trace`). With ``what_if`` the grouping says what the stay
    would be without each of its codes: group, weight, and payment where Medicare's price was
    asked. Without ``detail`` the edits leave out the names of the rules that ran, the grouping what
    each code did, and the payment the system's further output fields, which bulk work saves.
    """

    explain: bool = False
    what_if: bool = False
    detail: bool = True


class _Case:
    """A stay under way, and what the steps so far have said of it."""

    __slots__ = ("edits", "encounter", "grouping", "not_covered", "payment", "weight")

    def __init__(self, encounter: Encounter) -> None:
        self.encounter = encounter
        self.edits = EditReport()
        self.grouping: Grouping | None = None
        self.payment: Payment | None = None
        self.weight: Decimal | None = None
        self.not_covered: list[str] = []


def adjudicate(
    encounter: Encounter,
    *,
    engine: Steps,
    explain: bool = False,
    what_if: bool = False,
    detail: bool = True,
) -> Decision:
    """Edits, group, payment and split of a stay; :class:`Ask` says what the options bring.

    Raises :class:`~superbill.errors.Invalid` with every problem where charges, days or payers
    cannot be what they say, or a finding makes the claim unfit for any answer
    (:data:`superbill.edits.integrity.FATAL`), and :class:`~superbill.errors.NotCovered` where
    there is no reference store at all.
    """
    ask = Ask(explain, what_if, detail)
    case = _Case(encounter)
    _edit(case, engine, ask)
    _group(case, engine, ask)
    _price(case, engine, ask)
    return _split(case, engine, ask)


def adjudicate_each(
    encounters: Iterable[Encounter], *, engine: Steps, ask: Ask
) -> list[Decision | Invalid]:
    """Some hundred stays at once, in order: each decision, or why there is none.

    The answers are those of :func:`adjudicate`. Each step is done for all stays before the next,
    which keeps one program and its tables at a time in the processor's cache.
    """
    answers: list[Decision | Invalid | _Case] = []
    for encounter in encounters:
        case = _Case(encounter)
        try:
            _edit(case, engine, ask)
        except Invalid as invalid:
            answers.append(invalid)
        else:
            answers.append(case)
    cases = [case for case in answers if isinstance(case, _Case)]
    for case in cases:
        _group(case, engine, ask)
    for case in cases:
        _price(case, engine, ask)
    return [_split(case, engine, ask) if isinstance(case, _Case) else case for case in answers]


def _edit(case: _Case, engine: Steps, ask: Ask) -> None:
    """The edits. Every problem at once; where two checks see one at the same place, one of them."""
    case.edits = engine.edits(case.encounter, detail=ask.detail)
    fatal = integrity.fatal(case.edits)
    problems = benefits.check(case.encounter)
    if fatal or problems:
        said = {problem.path for problem in fatal}
        raise Invalid([*fatal, *(each for each in problems if each.path not in said)])


def _group(case: _Case, engine: Steps, ask: Ask) -> None:
    try:
        case.grouping = engine.group(case.encounter, detail=ask.detail, what_if=ask.what_if)
    except NotCovered as missing:
        case.not_covered.append(f"The group: {missing}")


def _price(case: _Case, engine: Steps, ask: Ask) -> None:
    """Medicare's payment and the DRG's weight, each where a payer's answer turns on it."""
    encounter, grouping = case.encounter, case.grouping
    if grouping is None:
        return
    priced: Encounter | None = None
    try:
        priced = _days_to_price(encounter)
        if priced is not None:
            recorder = Recorder() if ask.explain else SILENT
            case.payment = engine.price(priced, grouping, recorder, detail=ask.detail)
    except NotCovered as missing:
        case.not_covered.append(f"The payment: {missing}")
    if _by_weight(encounter):
        try:
            case.weight = engine.weight(grouping.drg, on=encounter.discharge_date)
        except NotCovered as missing:
            case.not_covered.append(f"The weight: {missing}")
    if grouping.what_if:
        payable = case.payment is not None and case.payment.payable
        cases = without_each.worth(encounter, grouping, priced if payable else None, engine)
        case.grouping = replace(grouping, what_if=cases)


def _split(case: _Case, engine: Steps, ask: Ask) -> Decision:
    grouping = case.grouping
    split = benefits.split(
        case.encounter,
        case.payment,
        drg=None if grouping is None else grouping.drg,
        drg_weight=case.weight,
        explain=ask.explain,
    )
    return Decision(
        encounter_id=case.encounter.id,
        edits=case.edits,
        grouping=grouping,
        payment=case.payment,
        payers=split.payers,
        charges=split.charges,
        paid=split.paid,
        written_off=split.written_off,
        patient=split.patient,
        shares=split.shares,
        undetermined=split.undetermined,
        not_covered=(*case.not_covered, *split.not_covered),
        lock=engine.digest,
    )


def _days_to_price(encounter: Encounter) -> Encounter | None:
    """The stay with the days that Medicare's system is to price, or ``None`` for no price.

    The pricer takes covered and reserve days as they are billed; the benefit period says how many
    there are. Where none is left, Medicare pays nothing, and the price of the whole stay is asked
    only for a payer after it that follows Medicare's rate.
    """
    follows = False
    for payer in encounter.payers:
        if isinstance(payer, MedicarePartA):
            counted = benefits.days(encounter, payer.benefit_period)
            if not counted.covered:
                continue
            if encounter.covered_days is None and (counted.noncovered or counted.lifetime_reserve):
                return replace(
                    encounter,
                    covered_days=counted.covered,
                    lifetime_reserve_days=counted.lifetime_reserve,
                )
            return encounter
        if isinstance(payer, Medigap) or (
            isinstance(payer, Plan) and isinstance(payer.terms, PercentOfMedicare)
        ):
            follows = True
    if not follows:
        return None
    return replace(encounter, covered_days=None, lifetime_reserve_days=0)


def _by_weight(encounter: Encounter) -> bool:
    """Whether a contract multiplies its base rate by the DRG's weight."""
    return any(
        isinstance(payer, Plan) and isinstance(payer.terms, DrgBaseRate)
        for payer in encounter.payers
    )
