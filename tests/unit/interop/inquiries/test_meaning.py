"""What answers mean: coverage, cost sharing, rejections and claim status, in plain words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.check import check_file
from superbill.interop.x12.inquiries import (
    Refused,
    ask_eligibility,
    ask_status,
    each,
    read,
    rejected,
    status,
    write_270,
    write_276,
    write_277,
)
from superbill.model import (
    ClaimStatusAnswer,
    EligibilityAnswer,
    InquiryParty,
    Rejection,
    StatusCode,
    StatusInformation,
)
from tests.unit.interop.reader.files import isa
from tests.unit.interop.stays import MEDICARE, PARENT, PARTNER, PLAN, stay

CREATED = datetime(2026, 3, 3, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
DAY = date(2026, 3, 2)


def in_envelope(kind: str, group: str, version: str, *segments: str) -> bytes:
    body = [f"ST*{kind}*0001*{version}", *segments]
    lines = [
        f"GS*{group}*SENDER*RECEIVER*20260303*1020*1*X*{version}",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return (isa() + "~".join(lines) + "~").encode()


ANSWER = in_envelope(
    "271",
    "HB",
    "005010X279A1",
    "BHT*0022*11*Q1*20260303*1020",
    "HL*1**20*1",
    "NM1*PR*2*PAYER*****PI*P1",
    "HL*2*1*21*1",
    "NM1*1P*2*CLINIC*****XX*1234567893",
    "HL*3*2*22*0",
    "TRN*2*T1*9SENDER001",
    "NM1*IL*1*SAMPLE*ELEANOR****MI*M1",
    "DTP*346*D8*20260101",
    "DTP*356*RD8*20260101-20261231",
    "EB*1**30**GOLD",
    "EB*C*IND*30***23*1500",
    "EB*C*IND*30***29*400",
    "EB*A**98*****.2****Y",
    "EB*B**98****25*****Y",
    "EB*B**98****60*****N",
    "EB*G*IND****29*3000",
    "EB*F**33***23***VS*20",
    "HSD*VS*20***23*1",
    "MSG*CALL FIRST",
    "EB*R**30",
    "LS*2120",
    "NM1*PRP*2*OTHER PAYER*****PI*O1",
    "LE*2120",
)


def test_an_answer_tells_coverage_and_cost_sharing() -> None:
    (answer,) = read(ANSWER)
    assert isinstance(answer, EligibilityAnswer)
    assert answer.active is True
    whole, left = answer.of("C")
    assert (whole.amount, whole.remaining) == (Decimal(1500), False)
    assert (left.amount, left.remaining) == (Decimal(400), True)
    (share,) = answer.of("A", service="98")
    assert share.percent == Decimal("0.2")
    (copay,) = answer.of("B", service="98", in_network=True)
    assert copay.amount == 25
    assert len(answer.of("B", service="98")) == 2
    assert answer.of("B", service="33") == []
    assert [b.amount for b in answer.of("G", service="98")] == [3000]
    (limit,) = answer.of("F")
    assert (limit.patterns[0].quantity, limit.messages) == (Decimal(20), ("CALL FIRST",))
    assert [party.name for party in answer.other_payers] == ["OTHER PAYER"]
    assert [(d.code, d.start, d.end) for d in answer.plan_dates] == [
        ("346", date(2026, 1, 1), None),
        ("356", date(2026, 1, 1), date(2026, 12, 31)),
    ]
    assert answer.traces[0].number == "T1"


def test_no_coverage_and_no_answer_are_not_the_same() -> None:
    (inactive,) = read(ANSWER.replace(b"EB*1**30**GOLD", b"EB*6**30"))
    assert isinstance(inactive, EligibilityAnswer)
    assert inactive.active is False
    silent = replace(inactive, benefits=inactive.of("C"))
    assert silent.active is None


def test_rejections_are_told_where_they_belong() -> None:
    content = in_envelope(
        "271",
        "HB",
        "005010X279A1",
        "BHT*0022*11*Q1*20260303*1020",
        "HL*1**20*1",
        "NM1*PR*2*PAYER*****PI*P1",
        "HL*2*1*21*1",
        "NM1*1P*2*CLINIC*****XX*1234567893",
        "HL*3*2*22*1",
        "NM1*IL*1*SAMPLE*ELEANOR****MI*M1",
        "AAA*N**72*C",
        "HL*4*3*23*0",
        "NM1*03*1*SAMPLE*SAM",
        "AAA*N**67*R",
    )
    (answer,) = read(content)
    assert isinstance(answer, EligibilityAnswer)
    assert [(r.at, r.reason) for r in answer.all_rejections] == [
        ("subscriber", "72"),
        ("dependent", "67"),
    ]
    assert answer.active is None
    assert rejected(answer.rejections[1]) == "The patient is not found: you may ask again."
    assert "has no words here" in rejected(Rejection(reason="ZZ"))


def test_a_question_about_a_member_and_about_a_child_are_accepted() -> None:
    record = stay()
    child = replace(PLAN, relationship="19", subscriber=PARENT)
    questions = [
        ask_eligibility(
            payer,
            record.facility,
            record.patient,
            on=DAY,
            services=("30", "48"),
            trace="Q-1",
            originator="9SENDER001",
        )
        for payer in (MEDICARE, child)
    ]
    content = write_270(
        questions, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED
    )
    report = check_file(content, level=4)
    assert report.accepted, report.findings
    assert list(read(content)) == questions
    assert questions[1].dependent is not None
    assert questions[1].subscriber.last_name == PARENT.last_name


def test_a_question_about_a_claim_is_accepted() -> None:
    record = stay()
    asked = ask_status(
        MEDICARE,
        record.facility,
        record.patient,
        claim=record.id,
        charge=record.total_charges,
        first_day=record.admission_date,
        last_day=record.discharge_date,
        receiver=InquiryParty(entity="41", name="SENDER", id_qualifier="46", id="EGH001"),
    )
    content = write_276(
        [asked], partner=PARTNER, control=SequentialControlNumbers(), created=CREATED
    )
    report = check_file(content, level=4)
    assert report.accepted, report.findings
    assert list(read(content)) == [asked]


def test_a_wrong_identifier_is_refused_before_it_is_asked_with() -> None:
    record = stay()
    with pytest.raises(Invalid, match="member_id"):
        ask_eligibility(
            replace(MEDICARE, member_id="1EG4"), record.facility, record.patient, on=DAY
        )
    with pytest.raises(Invalid, match=r"facility\.npi"):
        ask_eligibility(
            MEDICARE, replace(record.facility, npi="1234567890"), record.patient, on=DAY
        )


def test_statuses_are_told_in_words() -> None:
    assert status(StatusCode(category="F1", status="65")) == "Decided: paid (paid)."
    assert status(StatusCode(category="ZZ", status="9999")) == "Category ZZ (status 9999)."


def test_what_a_status_is_of_must_be_given() -> None:
    payer = InquiryParty(entity="PR", name="PAYER", id_qualifier="PI", id="P1")
    told = StatusInformation(codes=(StatusCode(category="A1", status="19"),))
    answer = ClaimStatusAnswer(payer=payer, trace="1", statuses=(told,))
    with pytest.raises(Invalid, match="subscriber: is missing"):
        write_277([answer], partner=PARTNER, control=SequentialControlNumbers(), created=CREATED)
    with pytest.raises(Invalid, match="Write them apart"):
        write_277(
            [answer, replace(answer, kind="277CA")],
            partner=PARTNER,
            control=SequentialControlNumbers(),
            created=CREATED,
        )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (in_envelope("271", "HB", "004010X092A1", "BHT*0022*11"), "004010X092A1"),
        (in_envelope("271", "HB", "005010X279A1", "BHT*0022*11"), "no levels"),
        (ANSWER.replace(b"SE*", b"XX*"), "no SE"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content: bytes, said: str) -> None:
    (refused,) = each(content)
    assert isinstance(refused, Refused)
    assert said in str(refused.problems[0])
    assert refused.problems[0].path.startswith("byte ")
    with pytest.raises(Invalid):
        list(read(content))
