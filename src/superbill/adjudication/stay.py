"""One stay adjudicated, step by step.

The discharge date selects everything that a date selects: the edits' and the grouper's version, the
payment system's law and figures. A step whose data is not held for the day says so in
``not_covered`` and takes nothing else with it: a stay without a rate still has its edits and its
group, and its split says what is undetermined.
"""

from __future__ import annotations

from decimal import Decimal

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


def adjudicate(
    encounter: Encounter,
    *,
    engine: Steps,
    explain: bool = False,
    what_if: bool = False,
    detail: bool = True,
) -> Decision:
    """Edits, group, payment and split of a stay.

    With ``explain`` the payment and each payer's answer carry their steps
    (:attr:`~superbill.model.Decision.trace`). With ``what_if`` the grouping says what the stay
    would be without each of its codes, with weight and payment where Medicare's price was asked.
    Without ``detail`` the grouping leaves out what each code did, which bulk work saves.

    Raises :class:`~superbill.errors.Invalid` with every problem where charges, days or payers
    cannot be what they say, or a finding makes the claim unfit for any answer
    (:data:`superbill.edits.integrity.FATAL`), and :class:`~superbill.errors.NotCovered` where
    there is no reference store at all.
    """
    edits = engine.edits(encounter)
    _refuse(encounter, edits)

    not_covered: list[str] = []
    grouping: Grouping | None = None
    payment: Payment | None = None
    weight: Decimal | None = None
    try:
        grouping = engine.group(encounter, detail=detail, what_if=what_if)
    except NotCovered as missing:
        not_covered.append(f"The group: {missing}")
    if grouping is not None:
        try:
            payment, grouping = _priced(encounter, grouping, engine, explain=explain)
        except NotCovered as missing:
            not_covered.append(f"The payment: {missing}")
        try:
            weight = _weight(encounter, grouping, engine)
        except NotCovered as missing:
            not_covered.append(f"The weight: {missing}")

    split = benefits.split(
        encounter,
        payment,
        drg=None if grouping is None else grouping.drg,
        drg_weight=weight,
        explain=explain,
    )
    return Decision(
        encounter_id=encounter.id,
        edits=edits,
        grouping=grouping,
        payment=payment,
        payers=split.payers,
        charges=split.charges,
        paid=split.paid,
        written_off=split.written_off,
        patient=split.patient,
        shares=split.shares,
        undetermined=split.undetermined,
        not_covered=(*not_covered, *split.not_covered),
        lock=engine.digest,
    )


def _refuse(encounter: Encounter, edits: EditReport) -> None:
    """Every problem at once; where two checks see one at the same place, one of them."""
    problems = list(integrity.fatal(edits))
    said = {problem.path for problem in problems}
    problems += [problem for problem in benefits.check(encounter) if problem.path not in said]
    if problems:
        raise Invalid(problems)


def _priced(
    encounter: Encounter, grouping: Grouping, engine: Steps, *, explain: bool
) -> tuple[Payment | None, Grouping]:
    """Medicare's payment where a payer's answer turns on it, and the grouping with its what-ifs."""
    days = _days_to_price(encounter)
    if days is None:
        return None, grouping
    recorder = Recorder() if explain else None
    payment = engine.price(days, grouping, recorder or SILENT)
    if grouping.what_if:
        cases = without_each.priced(days, grouping, payment, engine)
        grouping = replace(grouping, what_if=cases)
    return payment, grouping


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


def _weight(encounter: Encounter, grouping: Grouping, engine: Steps) -> Decimal | None:
    """The DRG's weight, where a contract multiplies its base rate by it."""
    for payer in encounter.payers:
        if isinstance(payer, Plan) and isinstance(payer.terms, DrgBaseRate):
            return engine.weight(grouping.drg, on=encounter.discharge_date)
    return None
