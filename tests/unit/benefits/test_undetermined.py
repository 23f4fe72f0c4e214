"""Where an answer cannot be had: the split stops, says why, and invents nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from superbill import benefits
from superbill.model import Payment
from tests.unit.benefits.stays import payers, payment, stay

MEDICARE = {"kind": "medicare_part_a", "name": "Medicare"}
USED_UP = MEDICARE | {
    "benefit_period": {
        "full_days_used": 60,
        "coinsurance_days_used": 30,
        "lifetime_reserve_days_left": 0,
    }
}
MEDIGAP = {"kind": "medigap", "name": "Medigap", "plan": "K"}
PLAN = {"kind": "plan", "name": "Plan"}
CHARGES = Decimal("20000.00")


def ask(*documents: dict[str, Any], paid: Payment | None = None, **fields: Any) -> benefits.Split:
    encounter = stay(payers=payers(*documents), **fields)
    return benefits.split(encounter, paid, drg="291", drg_weight=None, explain=False)


@pytest.mark.parametrize(
    ("documents", "paid", "says"),
    [
        ((), None, "none are given"),
        ((MEDICARE,), None, "Medicare's payment for the stay"),
        ((MEDICARE, MEDIGAP), payment("9000.00", "62"), "code 62"),
        (
            (PLAN | {"terms": {"method": "drg_base_rate", "base_rate": "8000.00"}},),
            None,
            "The DRG weight",
        ),
        (
            (PLAN | {"terms": {"method": "percent_of_medicare", "percent": "1.5"}},),
            None,
            "Medicare's payment",
        ),
        (
            (PLAN | {"terms": {"method": "case_rate", "by_drg": {"470": "9000.00"}}},),
            None,
            "DRG 291",
        ),
        (({"kind": "medicaid", "name": "Medicaid", "state": "OH"},), None, "payers[].allowed"),
        ((PLAN,), None, "payers[].terms"),
    ],
)
def test_without_the_first_answer_all_charges_are_undetermined(
    documents: tuple[dict[str, Any], ...], paid: Payment | None, says: str
) -> None:
    result = ask(*documents, paid=paid)
    assert result.undetermined == CHARGES
    assert result.patient == result.paid == result.written_off == 0
    assert result.payers == ()
    assert len(result.not_covered) == 1
    assert says in result.not_covered[0]
    assert [(s.party, s.amount) for s in result.shares if s.amount] == [("undetermined", CHARGES)]


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ((MEDICARE, {"kind": "medicaid", "name": "Medicaid", "state": "OH"}), "Medicaid of OH"),
        (
            (MEDICARE, PLAN | {"terms": {"method": "drg_base_rate", "base_rate": "8000.00"}}),
            "The DRG weight",
        ),
    ],
)
def test_without_a_later_answer_what_is_open_is_undetermined(
    documents: tuple[dict[str, Any], ...], says: str
) -> None:
    lines = [{"revenue_code": "0120", "charge": "20000.00", "noncovered": "30.00"}]
    result = ask(*documents, paid=payment("9000.00"), lines=lines)
    assert [p.kind for p in result.payers] == ["medicare_part_a"]
    # The deductible of 2026 waits for the second payer; what is not covered is the patient's.
    assert (result.undetermined, result.patient) == (Decimal("1736.00"), Decimal("30.00"))
    assert says in result.not_covered[0]


def test_a_year_that_is_not_held() -> None:
    result = ask(
        MEDICARE,
        paid=payment("9000.00"),
        admission_date=date(2027, 1, 3),
        discharge_date=date(2027, 1, 6),
    )
    assert result.undetermined == CHARGES
    assert "deductible and coinsurance is not covered on 2027-01-03" in result.not_covered[0]


def test_coinsurance_days_that_run_into_a_year_that_is_not_held() -> None:
    used = MEDICARE | {"benefit_period": {"full_days_used": 60}}
    result = ask(
        used,
        paid=payment("9000.00"),
        admission_date=date(2026, 12, 30),
        discharge_date=date(2027, 1, 3),
    )
    assert "2027-01-01" in result.not_covered[0]


def test_medigaps_own_days_follow_a_payment_that_could_not_be_computed() -> None:
    result = ask(USED_UP, MEDIGAP)
    assert result.undetermined == CHARGES
    assert "Medigap's payment" in result.not_covered[0]


def test_medigaps_own_days_run_out_within_the_stay() -> None:
    result = ask(USED_UP, MEDIGAP | {"extra_days_left": 3}, paid=payment("9000.00"))
    assert result.undetermined == CHARGES
    assert "3 Medigap days left" in result.not_covered[0]


def test_a_second_plan_without_a_contract_where_medicare_covers_nothing() -> None:
    result = ask(USED_UP, PLAN)
    assert result.undetermined == CHARGES
    assert "payers[].terms" in result.not_covered[0]


@pytest.mark.parametrize(
    ("document", "needed"),
    [
        (MEDICARE, True),
        (PLAN | {"terms": {"method": "percent_of_medicare", "percent": "1.5"}}, True),
        (PLAN | {"terms": {"method": "percent_of_charges", "percent": "0.5"}}, False),
        ({"kind": "self_pay", "name": "Patient"}, False),
    ],
)
def test_medicares_price_is_asked_only_where_an_answer_turns_on_it(
    document: dict[str, Any], needed: bool
) -> None:
    assert benefits.needs_medicare_price(stay(payers=payers(document))) is needed


def test_steps_lead_from_the_payment_to_what_medicare_pays() -> None:
    encounter = stay(payers=payers(MEDICARE))
    result = benefits.split(encounter, payment("9000.00"), drg="291", drg_weight=None, explain=True)
    (part,) = result.payers[0].trace
    assert part.name == "Medicare Part A"
    assert [step.name for step in part.steps] == [
        "Inpatient payment",
        "Deductible",
        "Sequestration",
        "Medicare pays",
    ]
    assert part.value == str(result.payers[0].paid) == "7118.72"
    deductible = part.steps[1]
    assert deductible.citation == "42 U.S.C. 1395e(a)(1)"
    assert (deductible.inputs[0].value, deductible.inputs[0].source[:11]) == ("1736", "90 FR 52075")
