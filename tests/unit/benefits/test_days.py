"""Benefit days: what a stay takes from the 60, the 30 and the 60 in reserve (42 CFR 409.61)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from superbill.benefits import days
from superbill.model import BenefitDays, BenefitPeriod
from tests.unit.benefits.stays import stay

# A stay of ten days.
TEN = {"admission_date": date(2026, 3, 1), "discharge_date": date(2026, 3, 11)}


@pytest.mark.parametrize(
    ("used", "fields", "expected"),
    [
        # A first stay: all days are full days.
        ({}, {}, {"full": 10}),
        # 52 full days used: 8 left, then coinsurance.
        ({"full_days_used": 52}, {}, {"full": 8, "coinsurance": 2}),
        # Full days gone.
        ({"full_days_used": 60}, {}, {"coinsurance": 10}),
        # Three regular days left carry a stay under the prospective payment system.
        (
            {"full_days_used": 60, "coinsurance_days_used": 27},
            {},
            {"coinsurance": 3, "noncovered": 7},
        ),
        # The same where the hospital bills reserve days too, as for a cost outlier.
        (
            {"full_days_used": 60, "coinsurance_days_used": 27},
            {"lifetime_reserve_days": 7},
            {"coinsurance": 3, "lifetime_reserve": 7},
        ),
        # No regular day left: reserve days, as many as there are.
        (
            {"full_days_used": 60, "coinsurance_days_used": 30},
            {},
            {"lifetime_reserve": 10},
        ),
        (
            {"full_days_used": 60, "coinsurance_days_used": 30, "lifetime_reserve_days_left": 4},
            {},
            {"lifetime_reserve": 4, "noncovered": 6},
        ),
        # 42 CFR 409.65(a): the patient keeps them.
        (
            {"full_days_used": 60, "coinsurance_days_used": 30, "use_lifetime_reserve": False},
            {},
            {"noncovered": 10},
        ),
        # The encounter says how many days are covered.
        ({}, {"covered_days": 6}, {"full": 6, "noncovered": 4}),
        ({}, {"covered_days": 0}, {"noncovered": 10}),
        (
            {"full_days_used": 58},
            {"covered_days": 10, "lifetime_reserve_days": 3},
            {"full": 2, "coinsurance": 5, "lifetime_reserve": 3},
        ),
    ],
)
def test_days_are_taken_in_order(
    used: dict[str, Any], fields: dict[str, Any], expected: dict[str, int]
) -> None:
    counted = days(stay(**TEN, **fields), BenefitPeriod(**used))
    assert counted == BenefitDays(**expected)
    assert counted.covered + counted.noncovered == 10


def test_admission_and_discharge_on_one_day_count_one_day() -> None:
    # Medicare Benefit Policy Manual, chapter 3, 20.1.
    same_day = stay(admission_date=date(2026, 3, 1), discharge_date=date(2026, 3, 1))
    assert days(same_day, BenefitPeriod()) == BenefitDays(full=1)


@pytest.mark.parametrize(("charge", "kept"), [("8680.00", True), ("8680.10", False)])
def test_reserve_days_are_kept_where_the_average_daily_charge_is_no_more_than_they_cost(
    charge: str, kept: bool
) -> None:
    # 42 CFR 409.65(b); a reserve day costs 868 dollars in 2026, ten days 8,680.
    period = BenefitPeriod(full_days_used=60, coinsurance_days_used=30)
    counted = days(stay(**TEN, lines=[{"revenue_code": "0120", "charge": charge}]), period)
    assert (counted.lifetime_reserve == 0) is kept
