"""Whatever the stay and whoever pays: no cent appears, none is lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from superbill import benefits
from superbill.model import (
    Accumulators,
    BenefitPeriod,
    CaseRate,
    ContractTerms,
    DrgBaseRate,
    Encounter,
    Line,
    Medicaid,
    MedicarePartA,
    Medigap,
    OccurrenceSpan,
    Payer,
    Payment,
    PercentOfCharges,
    PercentOfMedicare,
    PerDiem,
    PerDiemTier,
    Plan,
    PlanBenefits,
    SelfPay,
    StopLoss,
)
from superbill.money import half_up
from tests.unit.benefits.stays import payment, stay

DRG = "291"


def dollars(most: int = 200_000) -> st.SearchStrategy[Decimal]:
    """Whole cents, with zero and small amounts well represented."""
    return st.one_of(st.just(0), st.integers(0, 3000), st.integers(0, most * 100)).map(
        lambda cents: Decimal(cents).scaleb(-2)
    )


shares = st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-3))
names = st.sampled_from(["One", "Two", "Three"])


@st.composite
def periods(draw: st.DrawFn) -> BenefitPeriod:
    full = draw(st.sampled_from([0, 1, 55, 59, 60]))
    coinsurance = draw(st.sampled_from([0, 3, 29, 30])) if full == 60 else 0
    return BenefitPeriod(
        full_days_used=full,
        coinsurance_days_used=coinsurance,
        lifetime_reserve_days_left=draw(st.sampled_from([0, 1, 30, 60])),
        use_lifetime_reserve=draw(st.booleans()),
        deductible_paid=draw(st.one_of(st.none(), dollars(1300))),
    )


stop_losses = st.one_of(
    st.none(),
    st.builds(
        StopLoss,
        threshold=dollars(),
        percent_of_charges=shares,
        applies_to=st.sampled_from(["all_charges", "excess_charges"]),
    ),
)
clauses: dict[str, st.SearchStrategy[Any]] = {
    "stop_loss": stop_losses,
    "lesser_of_charges": st.booleans(),
}
tiers = st.lists(st.integers(2, 40), unique=True, max_size=3).flatmap(
    lambda days: st.tuples(
        *(st.builds(PerDiemTier, first_day=st.just(day), rate=dollars(5000)) for day in [1, *days])
    )
)
terms: st.SearchStrategy[ContractTerms] = st.one_of(
    st.builds(DrgBaseRate, base_rate=dollars(30_000), **clauses),
    st.builds(PerDiem, tiers=tiers, **clauses),
    st.builds(
        CaseRate,
        rate=st.one_of(st.none(), dollars()),
        by_drg=st.dictionaries(st.sampled_from([DRG, "470"]), dollars(), min_size=1),
        **clauses,
    ),
    st.builds(PercentOfCharges, percent=shares, **clauses),
    st.builds(PercentOfMedicare, percent=shares.map(lambda share: share * 3), **clauses),
)
plan_benefits = st.builds(
    PlanBenefits,
    deductible=dollars(8000),
    coinsurance=shares,
    copay_per_admission=dollars(1000),
    copay_per_day=dollars(400),
    copay_day_limit=st.one_of(st.none(), st.integers(0, 6)),
    out_of_pocket_maximum=st.one_of(st.none(), dollars(9000)),
    accumulators=st.builds(
        Accumulators, deductible_met=dollars(9000), out_of_pocket_met=dollars(9000)
    ),
)

medicare = st.builds(MedicarePartA, name=names, benefit_period=periods())
medigap = st.builds(
    Medigap,
    name=names,
    plan=st.sampled_from("ABCDFGKLMN"),
    out_of_pocket_met=dollars(9000),
    extra_days_left=st.sampled_from([0, 1, 365]),
)
medicaid = st.builds(
    Medicaid,
    name=names,
    state=st.just("OH"),
    allowed=st.one_of(st.none(), dollars()),
    lesser_of=st.booleans(),
    copay=dollars(50),
)
contracted = st.builds(Plan, name=names, terms=terms, benefits=plan_benefits)
second_plan = st.builds(
    Plan,
    name=names,
    terms=st.one_of(st.none(), terms),
    benefits=plan_benefits,
    coordination=st.sampled_from(["standard", "carve_out"]),
)
orders: st.SearchStrategy[tuple[Payer, ...]] = st.one_of(
    st.tuples(medicare),
    st.tuples(medicare, medigap),
    st.tuples(medicare, medicaid),
    st.tuples(medicare, second_plan),
    st.tuples(medicare, medigap, medicaid),
    st.tuples(medicare, second_plan, medigap, medicaid),
    st.tuples(contracted),
    st.tuples(contracted, medicare),
    st.tuples(contracted, medicare, medigap),
    st.tuples(contracted, medicare, second_plan),
    st.tuples(contracted, second_plan, second_plan),
    st.tuples(contracted, medicaid),
    st.tuples(medicaid),
    st.tuples(st.builds(SelfPay, name=names, discount=shares)),
    st.just(()),
)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    charge = draw(dollars())
    part = draw(st.sampled_from([0, 0, 0, 1, 50, 100]))
    return Line(
        revenue_code="0250", charge=charge, noncovered=half_up(charge * Decimal(part).scaleb(-2))
    )


@st.composite
def stays(draw: st.DrawFn) -> Encounter:
    admitted = draw(st.dates(date(2019, 1, 1), date(2026, 12, 31)))
    length = draw(st.sampled_from([0, 1, 2, 5, 10, 61, 95, 160]))
    discharged = min(admitted + timedelta(days=length), date(2026, 12, 31))
    spans = [OccurrenceSpan(code="77", start=admitted, end=discharged)]
    return stay(
        admission_date=admitted,
        discharge_date=discharged,
        lines=tuple(draw(st.lists(lines(), min_size=1, max_size=6))),
        occurrence_spans=tuple(draw(st.sampled_from([[], spans]))),
        payers=draw(orders),
    )


payments = st.one_of(
    st.none(), dollars().map(payment), dollars().map(lambda total: payment(total, "62"))
)
weights = st.one_of(st.none(), st.integers(1, 250_000).map(lambda n: Decimal(n).scaleb(-4)))


def ask(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None, *, explain: bool = False
) -> benefits.Split:
    return benefits.split(encounter, paid, drg=DRG, drg_weight=weight, explain=explain)


many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(stays(), payments, weights)
def test_every_payers_answer_adds_up_to_the_bill(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    for answer in ask(encounter, paid, weight).payers:
        assert answer.billed == encounter.total_charges
        assert answer.billed == answer.paid + sum(a.amount for a in answer.adjustments)
        assert all(a.amount == half_up(a.amount) != 0 for a in answer.adjustments)


@many
@given(stays(), payments, weights)
def test_charges_are_paid_written_off_owed_or_undetermined(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    result = ask(encounter, paid, weight)
    parts = (result.paid, result.written_off, result.patient, result.undetermined)
    assert sum(parts) == result.charges == encounter.total_charges
    assert sum(share.amount for share in result.shares) == result.charges
    assert all(part == half_up(part) for part in parts)
    assert result.patient >= 0
    # Something is undetermined only for a reason that is said.
    assert bool(result.not_covered) >= bool(result.undetermined)
    assert len(result.payers) == len(encounter.payers) or result.not_covered


@many
@given(stays(), payments, weights)
def test_nobody_is_paid_less_than_nothing_but_by_medicare_first(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    for answer in ask(encounter, paid, weight).payers:
        if answer.kind == "medicare_part_a" and answer.position == 1:
            # Then deductible and coinsurance are more than the stay is worth.
            assert answer.paid >= min(Decimal(0), answer.allowed - answer.patient)
        else:
            assert answer.paid >= 0


@many
@given(stays(), payments, weights, st.randoms())
def test_the_order_of_the_lines_does_not_matter(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None, random: Any
) -> None:
    shuffled = list(encounter.lines)
    random.shuffle(shuffled)
    other = stay(
        admission_date=encounter.admission_date,
        discharge_date=encounter.discharge_date,
        lines=tuple(shuffled),
        occurrence_spans=encounter.occurrence_spans,
        payers=encounter.payers,
    )
    assert ask(encounter, paid, weight) == ask(other, paid, weight)


@many
@given(stays(), payments, weights)
def test_the_patient_owes_no_more_than_each_rule_leaves(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    noncovered = encounter.total_charges - encounter.covered_charges
    for payer, answer in zip(encounter.payers, ask(encounter, paid, weight).payers, strict=False):
        owed = answer.patient - (
            Decimal(0) if encounter.occurrence_spans or answer.kind == "self_pay" else noncovered
        )
        if isinstance(payer, Plan) and payer.benefits.out_of_pocket_maximum is not None:
            met = payer.benefits.accumulators.out_of_pocket_met
            assert owed <= max(payer.benefits.out_of_pocket_maximum - met, Decimal(0))
        if isinstance(payer, Medicaid):
            assert owed <= payer.copay
        assert 0 <= owed <= max(encounter.covered_charges, answer.allowed)


@many
@given(stays(), payments, weights)
def test_a_later_payer_never_leaves_the_patient_worse_off(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    answers = ask(encounter, paid, weight).payers
    for earlier, later in pairwise(answers):
        assert later.patient <= earlier.patient


@many
@given(stays(), payments, weights)
def test_tracing_changes_no_amount(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    plain, told = (ask(encounter, paid, weight, explain=explain) for explain in (False, True))
    assert plain.shares == told.shares
    assert plain.not_covered == told.not_covered
    for one, other in zip(plain.payers, told.payers, strict=True):
        assert one.adjustments == other.adjustments
        assert not one.trace
        assert other.trace
