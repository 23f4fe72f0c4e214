"""The stays of tests/cases/benefits.toml, worked by hand."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from superbill import benefits
from superbill.model import BenefitDays
from tests.unit.benefits.stays import by_code, payers, payment, stay

CASES = tomllib.loads(
    Path(__file__).parents[2].joinpath("cases", "benefits.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_split_as_worked_by_hand(case: dict[str, Any]) -> None:
    line = {"revenue_code": "0120", "charge": case["charges"]}
    line["noncovered"] = case.get("noncovered", "0.00")
    span = {"code": "77", "start": case["admitted"], "end": case["discharged"]}
    encounter = stay(
        admission_date=case["admitted"],
        discharge_date=case["discharged"],
        lines=[line],
        occurrence_spans=[span] if case.get("span_77") else [],
        payers=payers(*case["payers"]),
    )
    assert benefits.check(encounter) == []
    weight = case.get("drg_weight")

    result = benefits.split(
        encounter,
        payment(case["payment"]) if "payment" in case else None,
        drg=case.get("drg", "292"),
        drg_weight=None if weight is None else Decimal(weight),
        explain=True,
    )

    assert result.not_covered == ()
    assert [str(p.paid) for p in result.payers] == case["paid"]
    for payer, expected in zip(result.payers, case["adjustments"], strict=True):
        assert by_code(payer.adjustments) == {k: Decimal(v) for k, v in expected.items()}
    assert (str(result.patient), str(result.written_off)) == (case["patient"], case["written_off"])
    assert result.undetermined == 0
    if "days" in case:
        assert result.payers[0].days == BenefitDays(**case["days"])


def test_every_case_says_where_its_figures_come_from() -> None:
    assert all(case["source"].strip() for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)
