"""Whatever the visit and whoever pays: no cent of any line appears, none is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.benefits import visits
from superbill.model import (
    Biller,
    LinePrice,
    Medicaid,
    MedicarePartB,
    Medigap,
    PercentOfCharges,
    PercentOfMedicare,
    Person,
    Plan,
    SelfPay,
    Visit,
    VisitLine,
)
from superbill.money import ZERO
from tests.properties.test_conservation import dollars, plan_benefits, shares

terms = st.one_of(
    st.builds(PercentOfCharges, percent=shares, lesser_of_charges=st.booleans()),
    st.builds(PercentOfMedicare, percent=shares, lesser_of_charges=st.booleans()),
)
plans = st.builds(
    Plan,
    name=st.just("Plan"),
    terms=terms,
    benefits=plan_benefits,
    coordination=st.sampled_from(["standard", "carve_out"]),
)
medicares = st.builds(MedicarePartB, name=st.just("Medicare"), deductible_met=dollars(300))
medigaps = st.builds(
    Medigap,
    name=st.just("Supplement"),
    plan=st.sampled_from("ABCDFGKLMN"),
    out_of_pocket_met=dollars(9000),
)
medicaids = st.builds(
    Medicaid,
    name=st.just("Medicaid"),
    state=st.just("AK"),
    copay=dollars(20),
    lesser_of=st.booleans(),
)
selves = st.builds(SelfPay, name=st.just("Patient"), discount=shares)
orders = st.one_of(
    st.tuples(),
    st.tuples(medicares),
    st.tuples(medicares, medigaps),
    st.tuples(medicares, medigaps, medicaids),
    st.tuples(medicares, medicaids),
    st.tuples(medicares, plans),
    st.tuples(plans, medicares),
    st.tuples(plans, medicares, medicaids),
    st.tuples(plans, plans),
    st.tuples(plans),
    st.tuples(medicaids),
    st.tuples(selves),
)


@st.composite
def priced(draw: st.DrawFn) -> tuple[VisitLine, LinePrice, LinePrice]:
    line = VisitLine(code="G0000", charge=draw(dollars(5000)))
    price = LinePrice(
        line=1,
        code="G0000",
        status=draw(st.sampled_from(["priced"] * 6 + ["bundled", "denied", "open"])),
        allowed=draw(dollars(5000)),
        reason="50",
        patient_liable=draw(st.booleans()),
        deductible=draw(st.booleans()),
        coinsurance=draw(st.sampled_from([Decimal("0.20"), ZERO, Decimal("0.15")])),
        limiting_charge=draw(st.one_of(st.none(), dollars(5000))),
    )
    state = LinePrice(
        line=1,
        code="G0000",
        status=draw(st.sampled_from(["priced", "open"])),
        allowed=draw(dollars(5000)),
    )
    return line, price, state


@given(st.lists(priced(), min_size=1, max_size=5), orders, st.booleans())
@settings(max_examples=400, deadline=None)
def test_every_line_adds_up(lines: list, payers: tuple, assigned: bool) -> None:  # type: ignore[type-arg]
    visit = Visit(
        id="V1",
        patient=Person(last_name="EXAMPLE", first_name="PAT", birth_date=date(1950, 1, 1), sex="F"),
        biller=Biller(name="EXAMPLE PRACTICE", npi="1234567893", participating=assigned),
        service_date=date(2026, 5, 4),
        diagnoses=("Z0000",),
        lines=tuple(line for line, _, _ in lines),
        accepts_assignment=assigned,
        payers=payers,
    )
    answer = visits.split(
        visit,
        [price for _, price, _ in lines],
        state_prices=lambda _: [state for _, _, state in lines],
        explain=False,
    )
    assert answer.charges == sum([line.charge for line, _, _ in lines], ZERO)
    assert answer.charges == answer.paid + answer.written_off + answer.patient + answer.undetermined
    assert bool(answer.undetermined) <= bool(answer.not_covered)
    assert sum([share.amount for share in answer.shares], ZERO) == answer.charges
    for payer in answer.payers:
        assert payer.billed == payer.paid + sum([a.amount for a in payer.adjustments], ZERO)
        for line in payer.lines:
            assert line.billed == line.paid + sum([a.amount for a in line.adjustments], ZERO)
            assert line.patient >= 0
            assert line.paid >= 0
    for place in range(len(lines)):
        taken = left = ZERO
        for payer in answer.payers:
            line = payer.lines[place]
            taken += line.paid + sum([a.amount for a in line.adjustments if a.group == "CO"], ZERO)
            left = line.patient
        if answer.payers:
            assert taken + left == lines[place][0].charge
