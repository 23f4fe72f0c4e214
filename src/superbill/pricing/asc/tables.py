"""The addenda and the wage index of a day, as the pricer asks for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.errors import Invalid
from superbill.store.open import Store

PROCEDURES = "asc.procedures"
ANCILLARY = "asc.ancillary"
EXCLUDED = "asc.excluded"
OFFSETS = "asc.device_offsets"
WAGES = "asc.wage_index"


class Listed(NamedTuple):
    """A code of addendum AA (``surgical``) or BB. Amounts are dollars for one unit."""

    surgical: bool
    indicator: str
    rate: Decimal | None
    multiple: bool
    copayment: Decimal | None
    release: str


class Tables:
    """What one store says on one day."""

    def __init__(self, store: Store, on: date) -> None:
        self._store = store
        self.on = on

    def listed(self, code: str) -> Listed | None:
        """The code in addendum AA or BB.

        Raises :class:`~superbill.errors.NotCovered` where the addenda of the day are not held.
        """
        row = self._store.find(PROCEDURES, on=self.on, code=code)
        if row is not None:
            return Listed(
                True,
                row.text("indicator"),
                row.maybe_decimal("rate"),
                row.flag("multiple"),
                None,
                f"{PROCEDURES} {row.release.label}",
            )
        row = self._store.find(ANCILLARY, on=self.on, code=code)
        if row is None:
            return None
        return Listed(
            False,
            row.text("indicator"),
            row.maybe_decimal("rate"),
            False,
            row.maybe_decimal("copayment"),
            f"{ANCILLARY} {row.release.label}",
        )

    def excluded(self, code: str) -> bool:
        """Whether addendum EE excludes the code from payment; no where it is not held."""
        return (
            self._store.covers(EXCLUDED, on=self.on)
            and self._store.find(EXCLUDED, on=self.on, code=code) is not None
        )

    def offset(self, code: str) -> Decimal:
        """The device's part of a procedure's rate, in dollars; zero where there is none.

        Raises :class:`~superbill.errors.NotCovered` where addendum FF of the day is not held.
        """
        row = self._store.find(OFFSETS, on=self.on, code=code)
        return (row.maybe_decimal("offset") if row is not None else None) or Decimal(0)

    def wage_index(self, cbsa: str) -> tuple[Decimal, str]:
        """The wage index of a CBSA, and its source.

        Raises :class:`~superbill.errors.Invalid` for a CBSA that the day's file does not have, and
        :class:`~superbill.errors.NotCovered` where no file is held.
        """
        row = self._store.find(WAGES, on=self.on, cbsa=cbsa)
        if row is None:
            raise Invalid.at(
                "biller.cbsa",
                f'"{cbsa[:10]}" is no CBSA of the wage index of {self.on.year}.'
                if cbsa
                else "nothing says in which CBSA the centre is.",
                "Give the five digits of the core-based statistical area, or the two digits of the "
                "state for its rural area.",
            )
        return row.decimal("wage_index"), f"{WAGES} {row.release.label}"


def tables(store: Store, *, on: date) -> Tables:
    """The tables of a day."""
    return Tables(store, on)
