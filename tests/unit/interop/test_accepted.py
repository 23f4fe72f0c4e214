"""pyx12 4.0.0, an independent checker, accepts what is written: its map of 005010X223A2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from superbill.interop.x12 import InstitutionalClaim, SequentialControlNumbers, write_837i
from superbill.model import Diagnosis, Encounter, Line, OccurrenceCode, OccurrenceSpan, ValueCode
from tests.unit.interop import stays
from tests.unit.interop.readback import File, pyx12_errors
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
    decided,
    diagnoses,
    grouping,
    lines,
    medicare_answer,
    plan_answer,
    procedures,
    stay,
)

DEPENDENT = msgspec.structs.replace(PLAN, relationship="19", subscriber=PARENT)
SPOUSE = msgspec.structs.replace(
    PLAN, name="Spouse Plan", payer_id="EX009", relationship="01", subscriber=PARENT
)


def written(*claims: InstitutionalClaim, **text: Any) -> bytes:
    return write_837i(
        claims,
        partner=stays.partner(**text) if text else PARTNER,
        control=SequentialControlNumbers(907),
        created=CREATED,
    )


def medicare_then_medigap(position: int) -> InstitutionalClaim:
    e = stay(payers=(MEDICARE, MEDIGAP))
    decision = decided(e, medicare_answer(e), grouped=grouping())
    return InstitutionalClaim(e, decision, position, {1: DISCHARGED})


def plan_then_medicare(position: int) -> InstitutionalClaim:
    # The decision puts the employer's plan first, whatever the order in the record.
    e = stay(payers=(MEDICARE, PLAN))
    decision = decided(e, plan_answer(e), medicare_answer(e, position=2), grouped=grouping())
    return InstitutionalClaim(e, decision, position, {1: DISCHARGED})


def three_payers() -> InstitutionalClaim:
    e = stay(payers=(PLAN, MEDICARE, MEDICAID))
    second = medicare_answer(e, position=2)
    decision = decided(e, plan_answer(e), second)
    return InstitutionalClaim(e, decision, 3, {1: ADMITTED, 2: DISCHARGED})


EVERYTHING = stay(
    diagnoses=(*diagnoses(20), Diagnosis(code="W19.XXXA", poa="Y"), Diagnosis(code="Y92.009")),
    operating=stays.ATTENDING,
    condition_codes=tuple(f"{i:02d}" for i in range(1, 25)),
    occurrence_codes=tuple(OccurrenceCode(code=f"{i}", date=ADMITTED) for i in range(10, 34)),
    occurrence_spans=(OccurrenceSpan(code="74", start=ADMITTED, end=DISCHARGED),) * 13,
    value_codes=(ValueCode(code="01", amount=Decimal("1875.50")),),
    lines=(
        *lines(3),
        Line(
            revenue_code="0636",
            charge=Decimal("88.10"),
            hcpcs="J0696",
            ndc="00000-0000-00",
            ndc_quantity=Decimal("2.5"),
            ndc_unit="ML",
        ),
        Line(revenue_code="0024", charge=Decimal(0), hcpcs="A0101"),
    ),
    payers=(
        msgspec.structs.replace(
            PLAN,
            prior_authorization="AUTH-1",
            claim_filing="BL",
            address=PARENT.address,
        ),
        msgspec.structs.replace(MEDICAID, prior_authorization="AUTH-2", address=PARENT.address),
    ),
)

CASES: dict[str, InstitutionalClaim] = {
    "one Medicare payer": InstitutionalClaim(stay()),
    "primary, another payer known": medicare_then_medigap(1),
    "secondary after Medicare": medicare_then_medigap(2),
    "primary employer plan, Medicare known": plan_then_medicare(1),
    "Medicare secondary": plan_then_medicare(2),
    "tertiary": three_payers(),
    "dependent patient": InstitutionalClaim(stay(payers=(DEPENDENT,))),
    "dependent with another plan's subscriber": InstitutionalClaim(
        stay(payers=(DEPENDENT, SPOUSE))
    ),
    "own plan, then the spouse's": InstitutionalClaim(stay(payers=(PLAN, SPOUSE))),
    "no procedure": InstitutionalClaim(stay(procedures=())),
    "25 procedures": InstitutionalClaim(stay(procedures=procedures(25))),
    "450 lines": InstitutionalClaim(stay(lines=lines(450))),
    "999 lines": InstitutionalClaim(stay(lines=lines(999))),
    "with DRG": InstitutionalClaim(stay(), decided(stay(), grouped=grouping("291"))),
    "everything that fits": InstitutionalClaim(EVERYTHING),
    "replacement": InstitutionalClaim(
        stay(
            type_of_bill="0117",
            payers=(msgspec.structs.replace(MEDICARE, claim_control_number="ICN123"),),
        )
    ),
    "still a patient": InstitutionalClaim(
        stay(type_of_bill="0112", discharge_status="30", discharge_hour="")
    ),
    "hour of admission unknown": InstitutionalClaim(stay(admission_hour="99")),
    "born and gone the same day": InstitutionalClaim(
        stay(
            admission_date=DISCHARGED,
            patient=msgspec.structs.replace(stays.PATIENT, birth_date=DISCHARGED, sex="U"),
            procedures=(),
            lines=lines(1),
        )
    ),
} | {
    f"{n} diagnoses": InstitutionalClaim(stay(diagnoses=diagnoses(n)))
    for n in (1, 2, 12, 13, 14, 24, 25)
}


@pytest.mark.parametrize("claim", CASES.values(), ids=CASES.keys())
def test_accepted(claim: InstitutionalClaim) -> None:
    content = written(claim)
    assert pyx12_errors(content) == []
    file = File(content)
    file.check_envelope()
    file.check_hierarchy()
    charges = sum(Decimal(s[3]) for s in file.all("SV2"))
    assert Decimal(file.one("CLM")[2]) == charges == claim.encounter.total_charges


def test_accepted_together_in_one_file() -> None:
    content = written(*CASES.values())
    assert pyx12_errors(content) == []
    file = File(content)
    file.check_envelope()
    file.check_hierarchy()
    assert len(file.all("CLM")) == len(CASES)
    # All bill from one hospital, which is written once.
    assert len(file.all("NM1", "85")) == 1


def test_accepted_in_the_basic_character_set_with_other_delimiters() -> None:
    plain = msgspec.structs.replace(
        PARTNER,
        submitter=msgspec.structs.replace(PARTNER.submitter, email=""),
        text=msgspec.structs.replace(
            PARTNER.text, character_set="basic", delimiters="|;=\x1d", line_breaks=True
        ),
    )
    content = write_837i(
        [medicare_then_medigap(2)],
        partner=plain,
        control=SequentialControlNumbers(),
        created=CREATED,
    )
    assert pyx12_errors(content, charset="B") == []
    assert File(content).one("NM1", "85")[3] == "EXAMPLE GENERAL HOSPITAL"


def test_several_hospitals_and_their_levels() -> None:
    other: Encounter = stay(facility=msgspec.structs.replace(stays.FACILITY, name="Other Hospital"))
    content = written(
        InstitutionalClaim(stay()),
        InstitutionalClaim(stay(payers=(DEPENDENT,))),
        InstitutionalClaim(other),
        InstitutionalClaim(stay()),
    )
    assert pyx12_errors(content) == []
    file = File(content)
    file.check_hierarchy()
    assert [s[3] for s in file.all("NM1", "85")] == [
        "Example General Hospital",
        "Other Hospital",
        "Example General Hospital",
    ]
    assert [(s[1], s[2], s[3], s[4]) for s in file.all("HL")] == [
        ("1", "", "20", "1"),
        ("2", "1", "22", "0"),
        ("3", "1", "22", "1"),
        ("4", "3", "23", "0"),
        ("5", "", "20", "1"),
        ("6", "5", "22", "0"),
        ("7", "", "20", "1"),
        ("8", "7", "22", "0"),
    ]


@pytest.mark.parametrize(
    ("seen", "put"),
    [
        (b"SE*", b"SE*9"),
        (b"*RD8*20260223-20260301", b"*RD8*20260223-20260231"),
        (b"CL1*1*1*06", b"CL1*1*1"),
        (b"NM1*71*1", b"NM1*71*2"),
        (b"OI***Y", b"OI***Q"),
    ],
)
def test_the_checker_would_have_seen_a_fault(seen: bytes, put: bytes) -> None:
    content = written(medicare_then_medigap(2))
    assert seen in content
    assert pyx12_errors(content.replace(seen, put, 1)) != []
