"""A bill read from a grouped stay, and the review code of its discharge."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from superbill.model import (
    Diagnosis,
    DrgOutcome,
    Encounter,
    Facility,
    Grouping,
    Line,
    Person,
    Procedure,
)
from superbill.pricing.ipps import bill_from
from superbill.pricing.ipps.bill import review_code

CASES = tomllib.loads(
    Path(__file__)
    .parents[2]
    .joinpath("cases", "ipps_review_codes.toml")
    .read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['status']} {case['source']}")
def test_review_code(case: dict[str, Any]) -> None:
    on = case.get("on", date(2026, 3, 1))
    conditions = tuple(case.get("conditions", ()))
    found = {status: review_code(status, conditions, on=on) for status in case["status"]}
    assert found == dict.fromkeys(case["status"], case["review_code"])


def _stay(**fields: Any) -> Encounter:
    given: dict[str, Any] = {
        "id": "1",
        "patient": Person(last_name="A", first_name="B", birth_date=date(1950, 1, 1), sex="F"),
        "facility": Facility(name="Hospital", ccn="360870", npi="1234567893"),
        "admission_date": date(2026, 2, 23),
        "discharge_date": date(2026, 3, 1),
        "discharge_status": "06",
        "diagnoses": (Diagnosis(code="I5023", poa="Y"),),
        "lines": (
            Line(revenue_code="0120", charge=Decimal("1000.00"), noncovered=Decimal("100.00")),
            Line(revenue_code="0636", charge=Decimal("50.00"), ndc="65293000901"),
        ),
    } | fields
    return Encounter(**given)


def _grouping(initial: str, final: str) -> Grouping:
    def outcome(drg: str) -> DrgOutcome:
        return DrgOutcome(
            drg=drg,
            title="",
            mdc="05",
            mdc_title="",
            base_drg=drg,
            return_code="OK",
            med_surg="MEDICAL",
            severity="MCC",
        )

    return Grouping(
        version="43.1",
        initial=outcome(initial),
        final=outcome(final),
        hac_status="NOT_APPLICABLE",
    )


def test_the_final_group_is_billed_with_covered_charges_and_the_whole_stay() -> None:
    claim = bill_from(_stay(), _grouping("291", "293"))
    assert (claim.drg, claim.review_code) == ("293", "09")
    assert (claim.length_of_stay, claim.covered_days, claim.lifetime_reserve_days) == (6, 6, 0)
    assert str(claim.charges) == "950.00"
    assert claim.ndcs == ("65293000901",)
    assert claim.diagnoses == ("I5023",)


def test_days_that_the_stay_names_stand() -> None:
    claim = bill_from(_stay(covered_days=4, lifetime_reserve_days=2), _grouping("291", "291"))
    assert (claim.covered_days, claim.lifetime_reserve_days) == (4, 2)


def test_the_pricer_sees_25_codes_of_a_kind() -> None:
    many = tuple(Diagnosis(code=f"A{number:03d}") for number in range(40))
    done = tuple(Procedure(code=f"0{number:06d}") for number in range(40))
    claim = bill_from(_stay(diagnoses=many, procedures=done), _grouping("291", "291"))
    assert (len(claim.diagnoses), len(claim.procedures)) == (25, 25)
    assert claim.diagnoses[0] == "A000"
