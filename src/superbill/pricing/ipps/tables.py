"""The tables that a fiscal year's inpatient payment is read from, in memory.

Published by CMS with each year's final rule: Table 5 (groups), Tables 1A to 1E (amounts),
Tables 2 to 4 (wage index, out-migration), the list of new technologies. The discharge date
selects the fiscal year.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from superbill.dates import Span
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.versions import Law
from superbill.sources.ipps_drg_weights import DrgWeight
from superbill.sources.ipps_new_technology import IsletIsolation, Technology
from superbill.sources.ipps_rates import StandardizedAmount
from superbill.sources.ipps_wage_index import (
    AreaWageIndex,
    OutMigration,
    PriorYearIndex,
    RuralFloor,
)

if TYPE_CHECKING:
    from superbill.store.open import Store


class Tables:
    """One fiscal year's tables, ready for look-up.

    ``technologies`` is ``None`` where no list of new technologies is held for the year (which is
    not the same as an empty list), and ``areas`` is empty where no wage index is held.
    ``listed`` are the codes of procedures and drugs on that list. ``days`` are the days of
    discharge that may be priced: the fiscal year, unless given.
    ``sources`` names what each kind of row was read from, for explanations.
    """

    __slots__ = (
        "_changes",
        "amounts",
        "areas",
        "cache",
        "days",
        "figures",
        "islet",
        "law",
        "listed",
        "out_migration",
        "paid",
        "prior_year",
        "release",
        "rural_floors",
        "sources",
        "technologies",
        "two_midnight",
        "weights",
    )

    def __init__(
        self,
        *,
        law: Law,
        figures: Figures,
        weights: Iterable[DrgWeight],
        amounts: Iterable[StandardizedAmount],
        areas: Iterable[AreaWageIndex] = (),
        out_migration: Iterable[OutMigration] = (),
        rural_floors: Iterable[RuralFloor] = (),
        prior_year: Iterable[PriorYearIndex] = (),
        technologies: Iterable[Technology | IsletIsolation] | None = None,
        two_midnight: Iterable[tuple[str, Decimal]] = (),
        days: Span | None = None,
        release: str = "",
        sources: dict[str, str] | None = None,
    ) -> None:
        self.law = law
        self.figures = figures
        self.days = self.figures.span if days is None else days
        self.release = release
        self.sources = sources or {}
        self.weights = {row.drg: row for row in weights}
        self.amounts = {
            (row.quality, row.ehr_user, row.high_wage): row
            for row in amounts
            if row.span.overlaps(self.figures.span)
        }
        self.areas: dict[str, list[AreaWageIndex]] = _by_first_field(areas)
        self.out_migration: dict[str, list[OutMigration]] = _by_first_field(out_migration)
        self.rural_floors: dict[str, list[RuralFloor]] = _by_first_field(rural_floors)
        self.prior_year = {row.ccn: row.wage_index for row in prior_year}
        self.technologies: tuple[Technology, ...] | None = None
        self.islet: IsletIsolation | None = None
        if technologies is not None:
            listed = tuple(technologies)
            self.technologies = tuple(row for row in listed if isinstance(row, Technology))
            self.islet = next((row for row in listed if isinstance(row, IsletIsolation)), None)
        self.listed = _codes(self.technologies or (), self.islet)
        self.two_midnight = dict(two_midnight)
        self.cache: dict[Any, Any] = {}
        self.paid: dict[Any, Any] = {}
        self._changes = sorted(
            {
                day
                for held in (self.areas, self.out_migration, self.rural_floors)
                for rows in held.values()
                for row in rows
                for day in row.span
            }
        )

    @staticmethod
    def load(store: Store, *, on: date) -> Tables:
        """The tables of the discharge date's fiscal year, read once for each opened store.

        Raises :class:`~superbill.errors.NotCovered` for a year that is not held.
        """
        from superbill.pricing.ipps.load import tables  # noqa: PLC0415 - needs the database

        return tables(store, on=on)

    def period(self, day: date) -> int:
        """A number that is the same for two days between which no row comes or goes."""
        return bisect_right(self._changes, day)


def amounts_source(*, high: bool) -> str:
    """What the amounts for a wage index above 1 (``high``), or for another, are in ``sources``."""
    return "amounts, Table 1A" if high else "amounts, Table 1B"


def _codes(technologies: Iterable[Technology], islet: IsletIsolation | None) -> frozenset[str]:
    codes = frozenset[str]() if islet is None else islet.codes
    for technology in technologies:
        codes |= technology.ndcs.union(*technology.code_groups)
    return codes


def _by_first_field[R: tuple[Any, ...]](rows: Iterable[R]) -> dict[str, list[R]]:
    """Rows by their first field, each key's rows in order of their first day."""
    held: dict[str, list[R]] = {}
    for row in rows:
        held.setdefault(row[0], []).append(row)
    for dated in held.values():
        dated.sort(key=_first_day)
    return held


def _first_day(row: Any) -> date:
    first: date = row.span.start
    return first
