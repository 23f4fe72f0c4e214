"""Visits read from JSON: tidied, and refused with every place that is wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from superbill.errors import Invalid
from superbill.model import read


def document(**more: Any) -> dict[str, Any]:
    return {
        "id": "VISIT-1",
        "patient": {
            "last_name": "EXAMPLE",
            "first_name": "PAT",
            "birth_date": "1950-01-01",
            "sex": "F",
        },
        "biller": {"name": "EXAMPLE PRACTICE", "npi": "1234567893"},
        "service_date": "2026-05-04",
        "diagnoses": ["z00.00"],
        "lines": [{"code": " g0439", "charge": "210.00", "modifiers": ["ga"]}],
    } | more


def problems(changed: dict[str, Any]) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        read.visit(json.dumps(changed))
    assert all(problem.message and problem.remedy for problem in refusal.value.problems)
    return [problem.path for problem in refusal.value.problems]


def test_codes_come_out_in_stored_form() -> None:
    visit = read.visit(json.dumps(document(zip="10001-0001")))
    assert visit.diagnoses == ("Z0000",)
    assert (visit.lines[0].code, visit.lines[0].modifiers) == ("G0439", ("GA",))
    assert visit.service_zip == "100010001"
    assert visit.total_charges == Decimal("210.00")


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"id": " "}, ["id"]),
        ({"diagnoses": []}, ["diagnoses"]),
        ({"diagnoses": ["Z00.00", "?"]}, ["diagnoses[1]"]),
        ({"lines": []}, ["lines"]),
        ({"place_of_service": "1"}, ["place_of_service"]),
        ({"zip": "1000"}, ["zip"]),
        ({"service_date": "1949-12-31"}, ["patient.birth_date"]),
        ({"lines": [{"code": "G043", "charge": "1.00"}]}, ["lines[0].code"]),
        (
            {"lines": [{"code": "G0439", "charge": "1.00", "modifiers": ["2"]}]},
            ["lines[0].modifiers[0]"],
        ),
        ({"lines": [{"code": "G0439", "charge": "-1.00"}]}, ["lines[0].charge"]),
        ({"lines": [{"code": "G0439", "charge": "1.005"}]}, ["lines[0].charge"]),
        ({"lines": [{"code": "G0439", "charge": "1.00", "units": "0"}]}, ["lines[0].units"]),
        ({"lines": [{"code": "G0439", "charge": "1.00", "units": 1e9}]}, ["lines[0].units"]),
        (
            {"lines": [{"code": "G0439", "charge": "1.00", "diagnoses": [2]}]},
            ["lines[0].diagnoses"],
        ),
        (
            {"lines": [{"code": "G0439", "charge": "1.00", "service_end": "2026-05-03"}]},
            ["lines[0].service_end"],
        ),
        ({"payers": [{"kind": "medicare_part_a", "name": "M"}]}, ["payers[0].kind"]),
        ({"lines": [{"cod": "G0439", "charge": "1.00"}]}, ["lines[0].cod", "lines[0].code"]),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], paths: list[str]) -> None:
    assert problems(document(**change)) == paths


def test_a_stay_is_no_visit() -> None:
    assert read.is_visit(json.dumps(document()).encode())
    assert not read.is_visit(b'{"admission_date": "2026-02-23", "biller": {}}')
    assert not read.is_visit(b"[1")
