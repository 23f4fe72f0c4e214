"""What a claim may not lack or hold, and how it is refused."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.interop.x12 import InstitutionalClaim, SequentialControlNumbers, write_837i
from superbill.model import Accumulators, Encounter, Procedure, SelfPay
from tests.unit.interop import stays
from tests.unit.interop.stays import CREATED, PARTNER, PLAN, stay
from tests.unit.interop.written import read, refused

CASES = Path(__file__).parents[2] / "cases"
MISSING = tomllib.loads((CASES / "claim_gaps.toml").read_text())["case"]


def changed(document: Any, changes: dict[str, Any]) -> Any:
    """The document with ``a.b[0].c`` paths set to new values."""
    for path, value in changes.items():
        at = document
        *way, last = path.replace("[", ".").replace("]", "").split(".")
        for step in way:
            at = at[int(step)] if step.isdigit() else at[step]
        if last.isdigit():
            at[int(last)] = value
        elif value == "absent":
            del at[last]
        else:
            at[last] = value
    return document


@pytest.mark.parametrize("case", MISSING, ids=[c["name"] for c in MISSING])
def test_every_gap_is_named(case: dict[str, Any]) -> None:
    document = changed(msgspec.to_builtins(stay()), case["change"])
    e = msgspec.convert(document, Encounter)
    with pytest.raises(Invalid) as caught:
        read(e)
    problem = caught.value.problems[0]
    assert [p.path for p in caught.value.problems] == case["paths"]
    assert case["says"] in str(problem)
    assert problem.remedy


def test_all_gaps_at_once() -> None:
    bare = stay(
        facility=msgspec.structs.replace(stays.FACILITY, npi="", address=None),
        attending=None,
        admitting_diagnosis=None,
        lines=(),
    )
    assert refused(bare) == [
        "facility.npi",
        "facility.address",
        "admitting_diagnosis",
        "attending",
        "lines",
    ]


def test_data_never_contains_a_delimiter() -> None:
    for mark in "*:^~":
        named = msgspec.structs.replace(stays.PATIENT, last_name=f"Sam{mark}ple")
        assert refused(stay(patient=named)) == ["patient.last_name"]
    named = msgspec.structs.replace(stays.PATIENT, last_name="Sam*ple")
    file = read(stay(patient=named), text={"delimiters": "|:^~"})
    assert file.one("NM1", "IL")[3] == "Sam*ple"


def test_no_message_tells_the_patients_data() -> None:
    named = msgspec.structs.replace(stays.PATIENT, last_name="Zzyzx~")
    with pytest.raises(Invalid) as caught:
        read(stay(patient=named))
    assert "Zzyzx" not in str(caught.value)
    assert "'~' in place 6" in str(caught.value)


def test_accents_are_refused_or_folded_as_the_partner_says() -> None:
    named = msgspec.structs.replace(stays.PATIENT, last_name="Muñoz")
    assert refused(stay(patient=named)) == ["patient.last_name"]
    folded = read(stay(patient=named), text={"accents": "fold"})
    assert folded.one("NM1", "IL")[3] == "Munoz"
    # What has no plain letter inside stays refused.
    cyrillic = msgspec.structs.replace(stays.PATIENT, last_name="Жук")
    assert refused(stay(patient=cyrillic), text={"accents": "fold"}) == ["patient.last_name"]


def test_a_long_field_is_refused_not_cut() -> None:
    named = msgspec.structs.replace(stays.PATIENT, last_name="x" * 200_000)
    with pytest.raises(Invalid) as caught:
        read(stay(patient=named))
    assert "200,000 characters" in str(caught.value)
    assert len(str(caught.value)) < 200


def test_nobody_to_bill() -> None:
    assert refused(stay(payers=())) == ["payers"]
    assert refused(stay(payers=(SelfPay(name="Patient"),))) == ["payers"]
    assert refused(stay(), position=2) == ["position"]
    assert refused(stay(), position=0) == ["position"]


def test_problems_of_several_claims_say_which() -> None:
    used = SequentialControlNumbers()
    with pytest.raises(Invalid) as caught:
        write_837i(
            [InstitutionalClaim(stay()), InstitutionalClaim(stay(attending=None))],
            partner=PARTNER,
            control=used,
            created=CREATED,
        )
    assert [p.path for p in caught.value.problems] == ["claims[1].attending"]
    assert used.next(PARTNER.sender) == 1


def test_benefits_of_a_plan_do_not_matter_to_its_claim() -> None:
    met = Accumulators(deductible_met=Decimal(5))
    with_benefits = msgspec.structs.replace(
        PLAN, benefits=msgspec.structs.replace(PLAN.benefits, accumulators=met)
    )
    one, other = (read(stay(payers=(p,))).segments for p in (PLAN, with_benefits))
    assert [s.elements for s in one] == [s.elements for s in other]


def test_a_procedure_of_no_day() -> None:
    assert refused(stay(procedures=(Procedure(code="5A09357"),))) == ["procedures[0].date"]
