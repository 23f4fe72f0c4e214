"""What charges, days and payers cannot be: each problem with its path and a way out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from superbill import benefits
from superbill.model import BenefitPeriod, MedicarePartA, Plan, PlanBenefits
from tests.unit.benefits.stays import payers, stay

MEDICARE: dict[str, Any] = {"kind": "medicare_part_a", "name": "Medicare"}
MEDIGAP: dict[str, Any] = {"kind": "medigap", "name": "Medigap", "plan": "G"}
MEDICAID: dict[str, Any] = {"kind": "medicaid", "name": "Medicaid", "state": "OH"}
SELF: dict[str, Any] = {"kind": "self_pay", "name": "Patient"}
CASE = {"method": "case_rate", "rate": "9000.00"}
PLAN: dict[str, Any] = {"kind": "plan", "name": "Plan", "terms": CASE}


def found(*documents: dict[str, Any], **fields: Any) -> dict[str, str]:
    problems = benefits.check(stay(payers=payers(*documents), **fields))
    assert all(problem.remedy for problem in problems)
    return {problem.path: problem.message for problem in problems}


def line(charge: str, noncovered: str = "0.00") -> list[dict[str, str]]:
    return [
        {"revenue_code": "0120", "charge": "1.00"},
        {"revenue_code": "0250", "charge": charge, "noncovered": noncovered},
    ]


@pytest.mark.parametrize(
    ("lines", "path", "says"),
    [
        (line("-5.00"), "lines[1].charge", "negative"),
        (line("1.005"), "lines[1].charge", "parts of a cent"),
        (line("NaN"), "lines[1].charge", "not an amount"),
        (line("Infinity"), "lines[1].charge", "not an amount"),
        (line("1e12"), "lines[1].charge", "1E+12 dollars"),
        (line("5.00", "5.01"), "lines[1].noncovered", "more than the line's charge"),
        (line("5.00", "-1.00"), "lines[1].noncovered", "negative"),
        (line("5.00", "NaN"), "lines[1].noncovered", "not an amount"),
    ],
)
def test_charges(lines: list[dict[str, str]], path: str, says: str) -> None:
    problems = found(MEDICARE, lines=lines)
    assert list(problems) == [path]
    assert says in problems[path]


@pytest.mark.parametrize("charge", ["0", "5", "5.0", "5.00", "5.000"])
def test_charges_need_not_be_written_to_the_cent(charge: str) -> None:
    assert found(MEDICARE, lines=line(charge)) == {}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"covered_days": 6}, "covered_days"),
        ({"covered_days": 4, "lifetime_reserve_days": 5}, "lifetime_reserve_days"),
        ({"lifetime_reserve_days": 6}, "lifetime_reserve_days"),
        ({"discharge_date": date(2026, 2, 22)}, "discharge_date"),
    ],
)
def test_days_that_exceed_the_stay(fields: dict[str, Any], path: str) -> None:
    # The stay has five days.
    assert list(found(PLAN, **fields)) == [path]


@pytest.mark.parametrize(
    ("period", "fields", "path"),
    [
        ({"full_days_used": 61}, {}, "payers[0].benefit_period.full_days_used"),
        (
            {"full_days_used": 60, "coinsurance_days_used": 31},
            {},
            "payers[0].benefit_period.coinsurance_days_used",
        ),
        (
            {"full_days_used": 59, "coinsurance_days_used": 1},
            {},
            "payers[0].benefit_period.coinsurance_days_used",
        ),
        (
            {"lifetime_reserve_days_left": 61},
            {},
            "payers[0].benefit_period.lifetime_reserve_days_left",
        ),
        ({"deductible_paid": "-1.00"}, {}, "payers[0].benefit_period.deductible_paid"),
        ({"began": date(2026, 2, 24)}, {}, "payers[0].benefit_period.began"),
        (
            {"full_days_used": 60, "coinsurance_days_used": 27},
            {"covered_days": 5},
            "covered_days",
        ),
        (
            {"lifetime_reserve_days_left": 1},
            {"lifetime_reserve_days": 2},
            "lifetime_reserve_days",
        ),
        (
            {"use_lifetime_reserve": False},
            {"lifetime_reserve_days": 2},
            "lifetime_reserve_days",
        ),
    ],
)
def test_benefit_periods(period: dict[str, Any], fields: dict[str, Any], path: str) -> None:
    assert list(found(MEDICARE | {"benefit_period": period}, **fields)) == [path]


@pytest.mark.parametrize(
    ("documents", "path"),
    [
        ((MEDIGAP, MEDICARE), "payers[0]"),
        ((PLAN, MEDIGAP), "payers[1]"),
        ((MEDICARE, MEDICARE), "payers[1]"),
        ((MEDICARE, MEDICAID, MEDIGAP), "payers[1]"),
        ((MEDICARE, SELF), "payers[1]"),
        (({"kind": "plan", "name": "Plan"},), "payers[0].terms"),
    ],
)
def test_orders_of_payers(documents: tuple[dict[str, Any], ...], path: str) -> None:
    assert list(found(*documents)) == [path]


def test_two_states_of_medicaid_are_one_too_many() -> None:
    assert set(found(MEDICAID, MEDICAID)) == {"payers[0]", "payers[1]"}


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"benefits": {"coinsurance": "20"}}, "benefits.coinsurance"),
        ({"benefits": {"coinsurance": "NaN"}}, "benefits.coinsurance"),
        ({"benefits": {"deductible": "-1.00"}}, "benefits.deductible"),
        ({"benefits": {"out_of_pocket_maximum": "-1.00"}}, "benefits.out_of_pocket_maximum"),
        (
            {"benefits": {"accumulators": {"deductible_met": "0.001"}}},
            "benefits.accumulators.deductible_met",
        ),
        ({"terms": {"method": "percent_of_charges", "percent": "65"}}, "terms.percent"),
        ({"terms": {"method": "percent_of_medicare", "percent": "150"}}, "terms.percent"),
        ({"terms": {"method": "drg_base_rate", "base_rate": "-1.00"}}, "terms.base_rate"),
        ({"terms": {"method": "case_rate"}}, "terms"),
        ({"terms": {"method": "case_rate", "rate": "-1.00"}}, "terms.rate"),
        ({"terms": {"method": "case_rate", "by_drg": {"29": "1.00"}}}, "terms.by_drg.29"),
        ({"terms": {"method": "per_diem", "tiers": []}}, "terms.tiers"),
        (
            {"terms": {"method": "per_diem", "tiers": [{"first_day": 2, "rate": "1.00"}]}},
            "terms.tiers",
        ),
        (
            {"terms": {"method": "per_diem", "tiers": [{"first_day": 1, "rate": "-1.00"}]}},
            "terms.tiers[0].rate",
        ),
        (
            {"terms": CASE | {"stop_loss": {"threshold": "-1.00", "percent_of_charges": "0.5"}}},
            "terms.stop_loss.threshold",
        ),
        (
            {"terms": CASE | {"stop_loss": {"threshold": "1.00", "percent_of_charges": "50"}}},
            "terms.stop_loss.percent_of_charges",
        ),
    ],
)
def test_plans(changed: dict[str, Any], path: str) -> None:
    assert list(found(PLAN | changed)) == [f"payers[0].{path}"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (MEDIGAP | {"out_of_pocket_met": "-1.00"}, "payers[1].out_of_pocket_met"),
        (MEDIGAP | {"extra_days_left": 366}, "payers[1].extra_days_left"),
        (MEDICAID | {"allowed": "-1.00"}, "payers[1].allowed"),
        (MEDICAID | {"copay": "-1.00"}, "payers[1].copay"),
    ],
)
def test_later_payers(document: dict[str, Any], path: str) -> None:
    assert list(found(MEDICARE, document)) == [path]


def test_counts_below_zero_that_only_code_can_write() -> None:
    # A document with them does not even read.
    medicare = MedicarePartA(name="Medicare", benefit_period=BenefitPeriod(full_days_used=-1))
    plan = Plan(name="Plan", benefits=PlanBenefits(copay_day_limit=-1))
    encounter = replace(stay(), payers=(medicare, plan))
    assert [problem.path for problem in benefits.check(encounter)] == [
        "payers[0].benefit_period.full_days_used",
        "payers[1].benefits.copay_day_limit",
    ]


def test_a_discount_is_a_share() -> None:
    assert list(found(SELF | {"discount": "35"})) == ["payers[0].discount"]


@pytest.mark.parametrize(
    "documents",
    [
        (MEDICARE,),
        (MEDICARE, MEDIGAP),
        (MEDICARE, MEDICAID),
        (MEDICARE, MEDIGAP, MEDICAID),
        (MEDICARE, {"kind": "plan", "name": "Plan"}),
        (PLAN, MEDICARE, MEDIGAP),
        (PLAN, PLAN, MEDICAID),
        (SELF,),
        (),
    ],
)
def test_orders_that_can_be(documents: tuple[dict[str, Any], ...]) -> None:
    assert found(*documents) == {}


def test_every_problem_is_said_at_once() -> None:
    bad = MEDICARE | {"benefit_period": {"full_days_used": 99}}
    assert len(found(bad, MEDICARE, lines=line("-1.00"), covered_days=9)) == 4
