"""By when a good-faith estimate is due: 45 CFR 149.610(b)(1)(vi)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from superbill.adjudication.due import after, due, is_business_day
from superbill.model import Order, read

EXAMPLES = Path(__file__).parents[3] / "examples"


def order(**more: Any) -> Order:
    told = read.order((EXAMPLES / "self_pay_estimate.json").read_bytes())
    return replace(told, **({"scheduled_on": None, "requested_on": None} | more))


@pytest.mark.parametrize(
    ("scheduled_on", "service", "expected"),
    [
        # Monday for Thursday of the same week: 1 business day (the example of the rule's preamble).
        (date(2022, 1, 3), date(2022, 1, 6), date(2022, 1, 4)),
        # Monday for Wednesday: two business days, no limit.
        (date(2022, 1, 3), date(2022, 1, 5), None),
        # Two weeks and ten business days: 3 business days.
        (date(2022, 1, 3), date(2022, 1, 18), date(2022, 1, 6)),  # the 17th is a holiday
        (date(2022, 1, 3), date(2022, 1, 17), date(2022, 1, 4)),  # so this is nine days ahead
        # Friday for Wednesday: the next business day is Monday.
        (date(2026, 3, 6), date(2026, 3, 11), date(2026, 3, 9)),
        # The day before Thanksgiving: 27, 30 November, 1 December.
        (date(2026, 11, 25), date(2026, 12, 22), date(2026, 12, 1)),
        # Independence Day 2026 is a Saturday, observed on the 3rd.
        (date(2026, 7, 1), date(2026, 7, 7), date(2026, 7, 2)),
        (date(2026, 7, 2), date(2026, 7, 8), date(2026, 7, 6)),
    ],
)
def test_scheduled(scheduled_on: date, service: date, expected: date | None) -> None:
    found = due(order(scheduled_on=scheduled_on, service_date=service))
    assert [each.on for each in found] == ([] if expected is None else [expected])


def test_asked_for() -> None:
    (found,) = due(order(requested_on=date(2026, 11, 20)))
    assert (found.on, found.business_days) == (date(2026, 11, 25), 3)


def test_both_the_earliest_first() -> None:
    found = due(order(scheduled_on=date(2026, 11, 20), requested_on=date(2026, 11, 19)))
    assert [each.on for each in found] == [date(2026, 11, 24), date(2026, 11, 25)]


def test_what_is_not_scheduled_is_due_only_when_asked_for() -> None:
    assert due(order(scheduled=False)) == ()


def test_a_new_year_that_is_observed_in_the_old_one() -> None:
    assert not is_business_day(date(2027, 12, 31))  # 1 January 2028 is a Saturday
    assert after(date(2027, 12, 30), 1) == date(2028, 1, 3)
