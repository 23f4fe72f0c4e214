"""Remittances of decisions: what they say, and that independent checkers take them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.check import check_file
from superbill.interop.x12.remits import (
    Batch835,
    Settled,
    balanced,
    batch,
    payer_decision,
    remittances_of,
    reversal,
    write_835,
)
from superbill.model import (
    Adjustment,
    Biller,
    EditReport,
    LineDecision,
    MedicarePartB,
    Medigap,
    PayerDecision,
    Remittance,
    Visit,
    VisitDecision,
    VisitLine,
)
from tests.unit.interop.reader.test_pyx12 import theirs
from tests.unit.interop.stays import (
    MEDICARE,
    MEDIGAP,
    PARENT,
    PARTNER,
    PATIENT,
    PLAN,
    decided,
    grouping,
    medicare_answer,
    plan_answer,
    stay,
)

CREATED = datetime(2026, 3, 20, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
PAID = date(2026, 3, 20)


def written(*found: Remittance) -> bytes:
    return write_835(found, partner=PARTNER, control=SequentialControlNumbers(7), created=CREATED)


def settled_stay() -> Settled:
    record = stay(payers=(MEDICARE, MEDIGAP))
    return Settled(record, decided(record, medicare_answer(record), grouped=grouping()))


def settled_visit(**fields: object) -> Settled:
    record = Visit(
        id="V-1",
        patient=PATIENT,
        biller=Biller(name="Example Practice", npi="1234567893", tax_id="12-3456789"),
        service_date=date(2026, 3, 2),
        diagnoses=("I10",),
        lines=(
            VisitLine(code="G0439", charge=Decimal("180.00")),
            VisitLine(
                code="J1100",
                charge=Decimal("20.00"),
                units=Decimal(4),
                modifiers=("JZ",),
                service_end=date(2026, 3, 4),
            ),
        ),
        payers=(
            MedicarePartB(name="Medicare Part B", payer_id="15202", member_id="1EG4-TE5-MK73"),
            Medigap(name="Supplement", plan="G", member_id="S1"),
        ),
        medical_record_number="MRN1",
    )
    record = replace(record, **fields)

    def why(group: str, reason: str, amount: str) -> Adjustment:
        return Adjustment(group=group, reason=reason, amount=Decimal(amount), meaning="")  # type: ignore[arg-type]

    lines = (
        LineDecision(
            line=1,
            code="G0439",
            billed=Decimal("180.00"),
            allowed=Decimal("140.00"),
            paid=Decimal("137.20"),
            adjustments=(why("CO", "45", "40.00"), why("CO", "253", "2.80")),
        ),
        LineDecision(
            line=2,
            code="J1100",
            billed=Decimal("20.00"),
            allowed=Decimal("10.00"),
            paid=Decimal("0.00"),
            adjustments=(why("CO", "45", "10.00"), why("PR", "1", "10.00")),
        ),
    )
    answer = PayerDecision(
        payer="Medicare Part B",
        kind="medicare_part_b",
        position=1,
        billed=Decimal("200.00"),
        allowed=Decimal("150.00"),
        paid=Decimal("137.20"),
        adjustments=(why("CO", "45", "50.00"), why("CO", "253", "2.80"), why("PR", "1", "10.00")),
        lines=lines,
    )
    supplement = PayerDecision(
        payer="Supplement",
        kind="medigap",
        position=2,
        billed=Decimal("200.00"),
        allowed=Decimal("0.00"),
        paid=Decimal("0.00"),
        adjustments=(why("OA", "23", "190.00"), why("PR", "1", "10.00")),
    )
    decision = VisitDecision(
        visit_id="V-1",
        edits=EditReport(),
        prices=(),
        payers=(answer, supplement),
        charges=Decimal("200.00"),
        paid=Decimal("137.20"),
        written_off=Decimal("52.80"),
        patient=Decimal("10.00"),
        shares=(),
    )
    return Settled(record, decision)


def test_each_payer_has_a_remittance_of_its_own() -> None:
    first, second = remittances_of([settled_visit()], paid_on=PAID)
    assert (first.payer.name, second.payer.name) == ("Medicare Part B", "Supplement")
    assert (first.amount, first.method, first.handling) == (Decimal("137.20"), "CHK", "I")
    assert (second.amount, second.method, second.handling) == (Decimal("0.00"), "NON", "H")
    assert first.payee.id == second.payee.id == "1234567893"
    assert [r.value for r in first.payee.references] == ["123456789"]


def test_claims_to_one_payer_of_one_provider_are_paid_together() -> None:
    again = settled_visit(payers=settled_visit().record.payers)
    first, second = remittances_of([settled_visit(), again], paid_on=PAID)
    assert len(first.claims) == len(second.claims) == 2
    assert first.amount == Decimal("274.40")
    elsewhere = settled_visit(biller=Biller(name="Other", npi="1245319599"))
    assert len(remittances_of([settled_visit(), elsewhere], paid_on=PAID)) == 4


def test_a_payment_of_very_many_claims_is_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_CLAIMS", 2)
    made = remittances_of([settled_visit()] * 5, paid_on=PAID)
    assert [len(one.claims) for one in made] == [2, 2, 1, 2, 2, 1]
    assert all(one.balance == 0 for one in made)


def test_the_lines_of_a_visit_say_why_and_the_claim_what_is_left() -> None:
    claim = remittances_of([settled_visit()], paid_on=PAID)[0].claims[0]
    assert claim.adjustments == ()
    assert claim.balance == 0
    assert [line.balance for line in claim.lines] == [0, 0]
    assert [line.control_number for line in claim.lines] == ["1", "2"]
    assert [line.allowed for line in claim.lines] == [Decimal("140.00"), Decimal("10.00")]
    assert claim.patient == claim.patient_responsibility == Decimal("10.00")
    assert [d.code for d in claim.lines[1].dates] == ["150", "151"]
    supplement = remittances_of([settled_visit()], paid_on=PAID)[1].claims[0]
    assert [(a.group, a.reason) for a in supplement.adjustments] == [("OA", "23"), ("PR", "1")]


def test_a_stay_is_answered_as_a_whole_with_its_drg() -> None:
    item = settled_stay()
    claim = remittances_of([item], paid_on=PAID)[0].claims[0]
    assert (claim.id, claim.filing, claim.status) == (item.record.id, "MA", "1")
    assert claim.drg == item.decision.grouping.drg  # type: ignore[union-attr]
    assert not claim.lines
    assert claim.inpatient is not None
    assert claim.day("232") == date(2026, 2, 23)
    assert claim.day("233") == date(2026, 3, 1)


def through_an_insured_parent() -> Settled:
    payer = replace(PLAN, relationship="19", subscriber=PARENT)
    record = stay(payers=(payer,))
    return Settled(record, decided(record, plan_answer(record), grouped=grouping()))


@pytest.mark.parametrize(
    "item", [settled_stay, settled_visit, through_an_insured_parent], ids=lambda f: f.__name__
)
def test_checkers_accept_payment_reversal_and_correction(item) -> None:  # type: ignore[no-untyped-def]
    made = remittances_of([item()], paid_on=PAID)
    back = [balanced(replace(r, claims=tuple(map(reversal, r.claims)))) for r in made]
    both = [balanced(replace(r, claims=(reversal(r.claims[0]), *r.claims))) for r in made]
    content = written(*made, *back, *both)
    report = check_file(content, level=3)
    assert report.accepted, report.findings
    assert theirs(content).verdict == "accepted"


def test_what_takes_money_back_is_forwarded() -> None:
    made = remittances_of([settled_visit()], paid_on=PAID)[0]
    back = balanced(replace(made, claims=(reversal(made.claims[0]),)))
    (forward,) = back.provider_adjustments
    assert (forward.reason, forward.amount) == ("FB", Decimal("-137.20"))
    assert forward.fiscal_period_end == date(2026, 12, 31)
    assert (back.amount, back.method, back.balance) == (Decimal(0), "NON", Decimal(0))
    assert back.claims[0].patient_responsibility is None
    assert back.claims[0].lines[1].adjustments[1].amount == Decimal("-10.00")


def test_a_payer_without_an_address_is_in_care_of_the_payee() -> None:
    payer = remittances_of([settled_stay()], paid_on=PAID)[0].payer
    assert payer.address is not None
    assert payer.address.street.startswith("ADDRESS NOT GIVEN")
    nowhere = remittances_of([settled_visit()], paid_on=PAID)[0].payer.address
    assert nowhere is not None
    assert nowhere.state == ""


def test_what_cannot_be_sent_is_refused_with_its_place() -> None:
    gathered = Batch835(paid_on=PAID)
    bad = settled_visit(patient=replace(PATIENT, last_name="A*B"))
    with pytest.raises(Invalid, match=r"names\[0\].name: has '\*' in place 2"):
        gathered.add(bad)
    assert len(gathered) == 0
    unknown = settled_visit(biller=Biller(name="Example", npi=""))
    with pytest.raises(Invalid, match=r"items\[1\].biller.npi"):
        remittances_of([settled_visit(), unknown], paid_on=PAID)
    with pytest.raises(Invalid, match="is of 'V-1', and the record is 'V-2'"):
        remittances_of([settled_visit(id="V-2")], paid_on=PAID)
    with pytest.raises(Invalid, match="not a payer of the record"):
        remittances_of([settled_visit(payers=())], paid_on=PAID)
    record = settled_visit().record
    assert isinstance(record, Visit)
    shorter = settled_visit(lines=record.lines[:1])
    with pytest.raises(Invalid, match="answer line 2, and the visit has 1"):
        remittances_of([shorter], paid_on=PAID)


def test_nothing_is_written_of_nothing() -> None:
    with pytest.raises(Invalid, match="remittances: has none"):
        written()


def test_a_payers_answer_comes_back_line_by_line() -> None:
    item = settled_visit()
    medicare = remittances_of([item], paid_on=PAID)[0]
    answer = payer_decision(medicare, medicare.claims[0])
    given = item.decision.payers[0]
    assert (answer.payer, answer.kind, answer.position) == ("Medicare Part B", "medicare_part_b", 1)
    assert (answer.billed, answer.allowed, answer.paid) == (
        given.billed,
        given.allowed,
        given.paid,
    )
    for one, other in zip(answer.lines, given.lines, strict=True):
        assert (one.line, one.code, one.paid, one.allowed) == (
            other.line,
            other.code,
            other.paid,
            other.allowed,
        )
        assert [(a.group, a.reason, a.amount) for a in one.adjustments] == [
            (a.group, a.reason, a.amount) for a in other.adjustments
        ]
    assert all(each.meaning for each in answer.adjustments)


def test_what_decides_nothing_gives_no_answer() -> None:
    medicare = remittances_of([settled_visit()], paid_on=PAID)[0]
    claim = medicare.claims[0]
    with pytest.raises(Invalid, match="takes an earlier payment back"):
        payer_decision(medicare, reversal(claim))
    with pytest.raises(Invalid, match="does not add up"):
        payer_decision(medicare, replace(claim, paid=Decimal(1)))
    old = replace(claim.lines[0].adjustments[0], group="CR")
    line = replace(claim.lines[0], adjustments=(old, *claim.lines[0].adjustments[1:]))
    with pytest.raises(Invalid, match="not in use"):
        payer_decision(medicare, replace(claim, lines=(line, claim.lines[1])))
