"""Several payers: their order, the balance of what earlier ones did, and when it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.interop.x12 import InstitutionalClaim, SequentialControlNumbers, write_837i
from superbill.model import Decision, Encounter, SelfPay, ValueCode
from tests.unit.interop.readback import File, Segment, pyx12_errors
from tests.unit.interop.stays import (
    ADMITTED,
    CREATED,
    DISCHARGED,
    MEDICAID,
    MEDICARE,
    MEDIGAP,
    PARENT,
    PARTNER,
    PLAN,
    adjusted,
    decided,
    medicare_answer,
    plan_answer,
    stay,
)

PAID = {1: DISCHARGED, 2: DISCHARGED}


def read(
    e: Encounter,
    decision: Decision | None = None,
    position: int = 1,
    check_dates: Mapping[int, date] = PAID,
) -> File:
    content = write_837i(
        [InstitutionalClaim(e, decision, position, check_dates)],
        partner=PARTNER,
        control=SequentialControlNumbers(),
        created=CREATED,
    )
    assert pyx12_errors(content) == []
    return File(content)


def refused(*given: Any, **named: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read(*given, **named)
    return caught.value


def loop(file: File, place: str) -> dict[str, list[tuple[str, ...]]]:
    """The segments of the other payer at ``place`` (P, S, T), by identifier."""
    (sbr,) = (s for s in file.all("SBR", place) if s is not file.all("SBR")[0])
    found: dict[str, list[tuple[str, ...]]] = {}
    for s in file.after(sbr, "SBR", "LX"):
        if s is sbr or s.id != "SBR":
            found.setdefault(s.id, []).append(s.elements)
    return found


def amount(file: File, sbr: Segment, kind: str) -> Decimal:
    (found,) = (s for s in file.after(sbr, "SBR", "LX") if s.id == "AMT" and s[1] == kind)
    return Decimal(found[2])


def test_the_first_payer_is_shown_the_others_and_no_amounts() -> None:
    e = stay(payers=(MEDICARE, MEDIGAP))
    file = read(e, decided(e, medicare_answer(e)))
    assert [s[1] for s in file.all("SBR")] == ["P", "S"]
    other = loop(file, "S")
    assert other["SBR"] == [("S", "18", "", "", "", "", "", "", "CI")]
    assert other["OI"] == [("", "", "Y", "", "", "Y")]
    assert other["NM1"][1] == ("PR", "2", "Example Supplement", "", "", "", "", "PI", "EX001")
    assert not {"CAS", "AMT", "MIA", "DTP"} & set(other)


def test_the_second_payer_is_shown_what_the_first_did() -> None:
    e = stay(payers=(MEDICARE, MEDIGAP))
    answer = medicare_answer(e)
    file = read(e, decided(e, answer), 2)
    assert [s[1] for s in file.all("SBR")] == ["S", "P"]
    assert file.all("NM1", "PR")[0][9] == "EX001"
    first = loop(file, "P")
    assert first["CAS"] == [
        ("PR", "1", "1736"),
        ("CO", "45", "1000.1", "", "253", "63.17"),
    ]
    assert first["AMT"] == [
        ("D", str(answer.paid)),
        ("EAF", "1736"),  # what is left to the patient after Medicare
    ]
    assert first["MIA"] == [("6",)]
    assert first["DTP"] == [("573", "D8", "20260301")]


def test_paid_and_adjusted_by_each_earlier_payer_is_the_charge() -> None:
    e = stay(payers=(PLAN, MEDICARE, MEDICAID))
    whole = medicare_answer(e, position=2)
    # Once shown the whole bill and setting aside what came before (as payers do on a remittance),
    # once shown only what was left of it.
    shown_all = msgspec.structs.replace(
        whole,
        paid=whole.paid - Decimal(5000),
        adjustments=(*whole.adjustments, adjusted("OA", "23", "5000.00")),
    )
    shown_rest = msgspec.structs.replace(
        whole, billed=whole.billed - Decimal(5000), paid=whole.paid - Decimal(5000)
    )
    for second in (shown_all, shown_rest):
        file = read(e, decided(e, plan_answer(e), second), 3)
        clm = Decimal(file.one("CLM")[2])
        earlier = file.all("SBR")[1:]
        assert [s[1] for s in earlier] == ["P", "S"]
        for sbr in earlier:
            assert amount(file, sbr, "D") + file.adjusted(sbr) == clm == e.total_charges
        assert ("OA", "23", "5000") in loop(file, "S")["CAS"]


def test_a_negative_payment_balances_too() -> None:
    # Medicare takes money back where the patient's share is more than the stay is worth.
    e = stay(payers=(MEDICARE, MEDIGAP))
    total = e.total_charges
    answer = msgspec.structs.replace(
        medicare_answer(e),
        paid=Decimal("-236.00"),
        adjustments=(
            adjusted("PR", "1", "1736.00"),
            adjusted("CO", "45", str(total - Decimal("1500.00"))),
        ),
    )
    file = read(e, decided(e, answer), 2)
    sbr = file.all("SBR")[1]
    assert amount(file, sbr, "D") == Decimal(-236)
    assert amount(file, sbr, "D") + file.adjusted(sbr) == total


def test_many_reasons_are_parted_six_to_a_segment_and_equal_ones_added_up() -> None:
    e = stay(payers=(PLAN, MEDICAID))
    reasons = [adjusted("CO", str(i), "10.00") for i in range(100, 107)]
    again = [adjusted("CO", "100", "5.00"), adjusted("PR", "3", "0.00")]
    left = e.total_charges - Decimal(75)
    answer = msgspec.structs.replace(plan_answer(e), paid=left, adjustments=(*reasons, *again))
    first = loop(read(e, decided(e, answer), 2), "P")
    assert [len(s) for s in first["CAS"]] == [18, 3]
    assert first["CAS"][0][:3] == ("CO", "100", "15")
    assert first["CAS"][1] == ("CO", "106", "10")


def test_more_reasons_than_a_claim_holds() -> None:
    e = stay(payers=(PLAN, MEDICAID))
    reasons = tuple(adjusted("CO", str(i), "1.00") for i in range(100, 131))
    answer = msgspec.structs.replace(
        plan_answer(e), paid=e.total_charges - len(reasons), adjustments=reasons
    )
    assert "need 6 segments" in str(refused(e, decided(e, answer), 2))


def test_an_answer_that_does_not_balance_is_refused() -> None:
    e = stay(payers=(MEDICARE, MEDIGAP))
    answer = medicare_answer(e)
    wrong = msgspec.structs.replace(answer, paid=answer.paid + Decimal("0.01"))
    problem = refused(e, decided(e, wrong), 2).problems[0]
    assert problem.path == "decision.payers[0]"
    assert "Every cent" in problem.remedy


def test_a_later_payer_needs_decision_and_date() -> None:
    e = stay(payers=(MEDICARE, MEDIGAP))
    assert [p.path for p in refused(e, None, 2, {}).problems] == [
        "decision.payers[0]",
        "check_dates[1]",
    ]
    assert [p.path for p in refused(e, decided(e, medicare_answer(e)), 2, {}).problems] == [
        "check_dates[1]"
    ]


def test_the_decision_says_who_pays_first() -> None:
    e = stay(payers=(MEDICARE, PLAN))
    decision = decided(e, plan_answer(e), medicare_answer(e, position=2))
    file = read(e, decision)
    assert file.all("NM1", "PR")[0][3] == "Example Plan"
    assert file.all("SBR")[0][9] == "CI"
    # Without one, the order of the record holds.
    assert read(e).all("NM1", "PR")[0][3] == "Medicare Part A"


def test_paying_oneself_is_no_payer_of_a_claim() -> None:
    e = stay(payers=(MEDICARE, SelfPay(name="Patient")))
    assert len(read(e).all("SBR")) == 1


@pytest.mark.parametrize(
    ("entitled_by", "code"), [("age", "12"), ("disability", "43"), ("esrd", "13")]
)
def test_medicare_second_is_told_what_the_employers_plan_paid(entitled_by: str, code: str) -> None:
    # Value codes of the National Uniform Billing Committee, as ResDAC's code list has them.
    medicare = msgspec.structs.replace(MEDICARE, entitled_by=entitled_by)
    e = stay(payers=(PLAN, medicare))
    decision = decided(e, plan_answer(e), medicare_answer(e, position=2))
    values = {c[1]: c[4] for c in read(e, decision, 2).codes("BE")}
    assert values == {code: "5000", "44": "5250", "80": "6"}
    # The plan itself is told nothing of the kind.
    assert {c[1] for c in read(e, decision, 1).codes("BE")} == {"80"}
    # What the record says already is left as it is.
    said = msgspec.structs.replace(
        e, value_codes=(ValueCode(code=code, amount=Decimal("4999.99")),)
    )
    values = {c[1]: c[4] for c in read(said, decision, 2).codes("BE")}
    assert values[code] == "4999.99"


def test_authorizations_and_claim_numbers_stand_with_their_payer() -> None:
    first = msgspec.structs.replace(
        PLAN, prior_authorization="AUTH1", claim_control_number="CLAIM1"
    )
    second = msgspec.structs.replace(MEDICAID, prior_authorization="AUTH2")
    e = stay(payers=(first, second))
    file = read(e, decided(e, plan_answer(e)), 2)
    assert [s[2] for s in file.all("REF", "G1")] == ["AUTH2", "AUTH1"]
    assert loop(file, "P")["REF"] == [("G1", "AUTH1"), ("F8", "CLAIM1")]


def test_another_payers_subscriber() -> None:
    spouse = msgspec.structs.replace(MEDICAID, relationship="01", subscriber=PARENT)
    file = read(stay(payers=(PLAN, spouse)))
    other = loop(file, "S")
    assert other["SBR"][0][1] == "01"
    assert other["NM1"][0][3] == "Robert"
    assert other["N3"] == [("12 Sample Street", "Unit 4")]


def test_the_decision_of_another_stay_is_refused() -> None:
    e, other = stay(payers=(MEDICARE,)), stay(id="EX-002")
    assert refused(e, decided(other)).problems[0].path == "decision.encounter_id"
    stranger = decided(e, plan_answer(e))
    assert refused(e, stranger).problems[0].path == "decision.payers"


def test_eleven_payers_fit_and_twelve_do_not() -> None:
    many = tuple(
        msgspec.structs.replace(PLAN, name=f"Plan {i}", member_id=f"M{i:03d}") for i in range(12)
    )
    file = read(stay(payers=many[:11]))
    assert "".join(s[1] for s in file.all("SBR")) == "PSTABCDEFGH"
    assert refused(stay(payers=many)).problems[0].path == "payers"


def test_dates_of_earlier_payers_are_their_own() -> None:
    e = stay(payers=(PLAN, MEDICARE, MEDICAID))
    decision = decided(e, plan_answer(e), medicare_answer(e, position=2))
    file = read(e, decision, 3, {1: ADMITTED, 2: DISCHARGED})
    assert loop(file, "P")["DTP"] == [("573", "D8", "20260223")]
    assert loop(file, "S")["DTP"] == [("573", "D8", "20260301")]
