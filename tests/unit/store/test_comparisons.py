from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from superbill.errors import BuildFailed, Invalid
from superbill.store.build import BuildReport, build
from superbill.store.comparisons import COMPARISONS, known_differences
from tests.unit.store import small

LISTED = """
[[difference]]
left = "fruit.prices"
left_release = "from 2026-01-01"
right = "fruit.seasons"
right_release = "from 2026-01-01"
on = {on}
reason = "The market sells it from store."
{what}
"""


def make(tmp_path: Path, differences: str = "", on: str = "2026-01-01") -> BuildReport:
    listed = None
    if differences:
        listed = tmp_path / "differences.toml"
        listed.write_text(LISTED.format(on=on, what=differences))
    return build(
        [tmp_path / "in"],
        tmp_path / "reference.sqlite",
        catalog=small.CATALOG,
        comparisons=small.COMPARISONS,
        differences=listed,
    )


def fill(tmp_path: Path, *seasons: tuple[str, str, str]) -> None:
    small.prices(tmp_path / "in")
    small.seasons(tmp_path / "in", list(seasons))


ALL_YEAR = ("2026-01-01", "2027-01-01")


def test_agreement_is_reported(tmp_path: Path) -> None:
    fill(tmp_path, (*ALL_YEAR, "apple"), (*ALL_YEAR, "pear"))
    (outcome,) = make(tmp_path).comparisons
    assert outcome.outcome == "agree"
    assert str(outcome) == (
        "fruit.prices from 2026-01-01 and fruit.seasons from 2026-01-01 on 2026-01-01: "
        "agree on 2 rows"
    )


def test_an_unexpected_difference_fails_and_says_how_to_list_it(tmp_path: Path) -> None:
    fill(tmp_path, (*ALL_YEAR, "apple"), (*ALL_YEAR, "plum"))
    with pytest.raises(BuildFailed) as failed:
        make(tmp_path)
    assert "1 only in fruit.prices (pear); 1 only in fruit.seasons (plum)" in str(failed.value)
    assert "--differences FILE" in str(failed.value)


def test_a_listed_difference_passes_with_its_reason(tmp_path: Path) -> None:
    fill(tmp_path, (*ALL_YEAR, "apple"))
    (outcome,) = make(tmp_path, 'only_left = ["pear"]').comparisons
    assert (outcome.outcome, outcome.only_left) == ("known", ("pear",))
    assert str(outcome).endswith("The market sells it from store.")


def test_a_listed_difference_that_is_gone_fails(tmp_path: Path) -> None:
    fill(tmp_path, (*ALL_YEAR, "apple"), (*ALL_YEAR, "pear"))
    with pytest.raises(BuildFailed, match="Listed, but no longer so: pear") as failed:
        make(tmp_path, 'only_left = ["pear"]')
    assert "Nothing was built" in str(failed.value)


def test_a_listed_difference_with_one_more_fails(tmp_path: Path) -> None:
    fill(tmp_path, (*ALL_YEAR, "plum"))
    with pytest.raises(BuildFailed, match=r"2 only in fruit\.prices \(apple, pear\)"):
        make(tmp_path, 'only_left = ["pear"]\nonly_right = ["plum"]')


def test_an_update_on_a_later_day_is_told(tmp_path: Path) -> None:
    fill(tmp_path, ("2026-01-01", "2026-04-01", "apple"), (*ALL_YEAR, "pear"))
    first, later = make(tmp_path).comparisons
    assert (first.on, first.outcome) == (date(2026, 1, 1), "agree")
    assert (later.on, later.outcome, later.only_left) == (date(2026, 4, 1), "update", ("apple",))


def test_an_update_that_is_listed_must_be_exactly_so(tmp_path: Path) -> None:
    fill(tmp_path, ("2026-01-01", "2026-04-01", "apple"), (*ALL_YEAR, "pear"))
    listed = make(tmp_path, 'only_left = ["apple"]', on="2026-04-01").comparisons[1]
    assert listed.outcome == "known"
    with pytest.raises(BuildFailed, match="Listed, but no longer so: plum"):
        make(tmp_path, 'only_left = ["apple", "plum"]', on="2026-04-01")


def test_a_list_that_does_not_read_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    for text in ("[[difference", '[[difference]]\nleft = "a"\n'):
        bad.write_text(text)
        with pytest.raises(Invalid, match="is no list of known differences"):
            known_differences(bad)


def test_the_projects_own_list_names_datasets_that_are_compared() -> None:
    pairs = {(c.left.dataset, c.right.dataset) for c in COMPARISONS}
    for difference in known_differences():
        assert (difference.left, difference.right) in pairs
        assert difference.reason.endswith(".")
        assert difference.only_left or difference.only_right or difference.differ
