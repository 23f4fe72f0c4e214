"""The amounts by year: what the statute ties together, and the edges of what is held."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from superbill.benefits import dated, part_a
from superbill.errors import NotCovered

FILES = [("part_a.toml", "year"), ("medigap.toml", "limit"), ("sequestration.toml", "rate")]


@pytest.mark.parametrize(("file", "table"), FILES)
def test_rows_follow_one_another_and_name_their_source(file: str, table: str) -> None:
    held = dated.rows(file, table)
    for earlier, later in pairwise(held):
        assert earlier.span.end == later.span.start
    for row in held:
        assert row.span.start < row.span.end
        assert row.source
        assert set(row.figures) == set(held[0].figures)


def test_daily_amounts_are_the_fractions_of_the_deductible_that_the_statute_names() -> None:
    # 42 U.S.C. 1395e(a)(1): one fourth and one half. 1395e(b)(1): a multiple of 4 dollars.
    for row in dated.rows("part_a.toml", "year"):
        figures = row.figures
        assert figures["coinsurance"] * 4 == figures["deductible"]
        assert figures["lifetime_reserve"] * 2 == figures["deductible"]
        assert figures["deductible"] % 4 == 0


def test_plan_l_has_half_the_limit_of_plan_k() -> None:
    # 42 U.S.C. 1395ss(w)(2): 4,000 and 2,000 dollars in 2006, both adjusted by one factor.
    for row in dated.rows("medigap.toml", "limit"):
        assert row.figures["L"] * 2 == row.figures["K"]
        assert row.figures["K"] % 20 == 0


@pytest.mark.parametrize(
    ("day", "share"),
    [
        # Pub. L. 112-25; Pub. L. 116-136, 3709; Pub. L. 117-71, 2: the first and last days of each.
        (date(2013, 4, 1), "0.02"),
        (date(2020, 4, 30), "0.02"),
        (date(2020, 5, 1), "0.00"),
        (date(2022, 3, 31), "0.00"),
        (date(2022, 4, 1), "0.01"),
        (date(2022, 6, 30), "0.01"),
        (date(2022, 7, 1), "0.02"),
    ],
)
def test_sequestration_by_day_of_discharge(day: date, share: str) -> None:
    row = dated.row("sequestration.toml", "rate", "Medicare sequestration", day)
    assert row.figures["value"] == Decimal(share)


@pytest.mark.parametrize(("file", "table"), FILES)
def test_a_day_outside_what_is_held_says_so(file: str, table: str) -> None:
    held = dated.rows(file, table)
    for day in (held[0].span.start - timedelta(days=1), held[-1].span.end):
        with pytest.raises(NotCovered) as raised:
            dated.row(file, table, "The figure", day)
        assert raised.value.on == day
        assert str(held[0].span.start) in str(raised.value)


def test_amounts_of_a_year_are_read_on_its_first_and_last_day() -> None:
    # 89 FR 89998 and 90 FR 52075.
    assert part_a.amounts(date(2025, 12, 31)).figures["deductible"] == Decimal(1676)
    assert part_a.amounts(date(2026, 1, 1)).figures["deductible"] == Decimal(1736)
