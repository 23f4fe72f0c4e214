"""Risk scores: coefficients of CMS's announcements, hierarchies, what carries, known defects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from superbill.errors import Invalid, NotCovered
from superbill.grouping.hcc import MODELS, score
from superbill.model import Member, RiskScore


def member(*diagnoses: str, **more: Any) -> Member:
    fields: dict[str, Any] = {"id": "M1", "sex": "F", "age": 70, "diagnoses": diagnoses}
    return Member(**(fields | more))


def scored(who: Member, model: str = "v28", year: int = 2026) -> RiskScore:
    return score(who, model=model, payment_year=year)


def test_the_categories_of_version_28_with_what_carries_each() -> None:
    found = scored(member("E1122", "E119", "N184", "I5023", "F0390", "I10"))
    assert {each.category: (each.weight, each.diagnoses) for each in found.categories} == {
        # CY 2024 announcement, table VI-1, community, non-dual aged.
        "37": (Decimal("0.166"), ("E1122",)),
        "38": (Decimal(0), ("E119",)),
        "127": (Decimal("0.341"), ("F0390",)),
        "224": (Decimal("0.36"), ("I5023",)),
        "327": (Decimal("0.514"), ("N184",)),
    }
    assert [each.category for each in found.categories if each.dropped] == ["38"]
    assert {each.name: each.weight for each in found.factors} == {
        "F70_74": Decimal("0.395"),
        "DIABETES_HF_V28": Decimal("0.112"),
        "HF_KIDNEY_V28": Decimal("0.176"),
    }
    assert found.score == Decimal("2.064")
    assert found.unmapped == ("I10",)


@pytest.mark.parametrize("model", sorted(MODELS))
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_score_is_the_sum_of_its_parts(model: str, year: int) -> None:
    more: dict[str, Any] = {}
    if model == "esrd":
        more = {"original_reason": "2", "current_reason": "2", "age": 60}
    found = scored(member("E1122", "I5023", "C50911", **more), model, year)
    weights = [each.weight for each in found.factors]
    weights += [each.weight for each in found.categories]
    total = sum(weights, Decimal(0))
    assert found.score == total > 0


def test_the_score_is_exact() -> None:
    """The package adds binary fractions: 0.871 comes out as 0.8710000000000001."""
    assert (
        str(scored(member("E1122", "I5023", age=50, sex="M", original_reason="1")).score) == "0.871"
    )


def test_a_model_that_is_not_for_the_member_is_not_covered() -> None:
    """The package answers zero."""
    with pytest.raises(NotCovered, match="no coefficient"):
        scored(member("E1122"), "esrd")


def test_demographics_count() -> None:
    scores = [
        scored(member("E1122", **more)).score
        for more in ({}, {"dual_status": "02"}, {"institutional": True}, {"new_enrollee": True})
    ]
    assert len(set(scores)) == 4
    assert scored(member("E1122", new_enrollee=True)).categories[0].weight == 0


def test_age_counts_on_the_first_of_february() -> None:
    born = {"age": None, "birth_date": date(1956, 2, 1)}
    assert scored(member(**born)).factors[0].name == "F70_74"
    born = {"age": None, "birth_date": date(1956, 2, 2)}
    assert scored(member(**born)).factors[0].name == "F65_69"


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"age": 200}, "age"),
        ({"age": None}, "age"),
        ({"sex": "U"}, "sex"),
        ({"dual_status": "7"}, "dual_status"),
    ],
)
def test_what_cannot_be_is_named(more: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        scored(member("E1122", **more))
    assert [problem.path for problem in refusal.value.problems] == [path]


def test_years_that_are_not_held() -> None:
    with pytest.raises(NotCovered, match="2025, 2026"):
        scored(member("E1122"), year=2027)
