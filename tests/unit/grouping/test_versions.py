"""Version by discharge date: the first and last day of each version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from superbill.errors import NotCovered
from superbill.grouping.msdrg import VERSIONS, label, version_days, version_on

# CMS, MS-DRG Definitions Manual, title pages: October and April releases.
STARTS = {
    "40.0": date(2022, 10, 1),
    "40.1": date(2023, 4, 1),
    "41.0": date(2023, 10, 1),
    "41.1": date(2024, 4, 1),
    "42.0": date(2024, 10, 1),
    "42.1": date(2025, 4, 1),
    "43.0": date(2025, 10, 1),
    "43.1": date(2026, 4, 1),
    "44.0": date(2026, 10, 1),
}


def test_every_version_is_known() -> None:
    assert [label(version) for version in VERSIONS] == list(STARTS)


@pytest.mark.parametrize("name", STARTS)
def test_a_version_starts_on_its_day_and_ends_before_the_next(name: str) -> None:
    version = int(name.replace(".", ""))
    days = version_days(version)
    assert days.start == STARTS[name]
    assert version_on(days.start) == version
    assert version_on(days.last) == version
    following = days.last + timedelta(days=1)
    if name == "44.0":
        assert following == date(2027, 4, 1)
        with pytest.raises(NotCovered):
            version_on(following)
    else:
        assert version_on(following) != version


@pytest.mark.parametrize("day", [date(2022, 9, 30), date(2027, 4, 1), date(1999, 1, 1)])
def test_a_day_outside_is_not_covered_and_says_what_is_held(day: date) -> None:
    with pytest.raises(NotCovered, match=r"40\.0 to 44\.0.*2022-10-01 to 2027-03-31") as raised:
        version_on(day)
    assert raised.value.on == day
