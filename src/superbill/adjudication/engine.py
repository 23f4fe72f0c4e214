"""What adjudication reads, opened once and used for many stays: reference store, programs, tables.

Nothing is opened before it is first needed. One engine belongs to one process; worker processes
open their own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from superbill.adjudication import prices
from superbill.edits import conventions, integrity, lines, mce
from superbill.edits.integrity.lookup import StoreCodes
from superbill.errors import NotCovered
from superbill.grouping import msdrg
from superbill.model import (
    EditReport,
    Encounter,
    Grouping,
    Hospital,
    LinePrice,
    Medicaid,
    NotChecked,
    Payment,
    Trace,
    Visit,
)
from superbill.pricing import ipps, medicaid
from superbill.pricing.ipps import load
from superbill.store.open import Store

CONVENTIONS_LEFT_OUT = NotChecked(
    rule="conventions",
    reason="Notes of the tabular list and guidelines are left out of bulk work. Ask for them:"
    " superbill adjudicate --conventions, or superbill check.",
)
"""What the report of a stay says where they were."""

_LEFT_OUT = (CONVENTIONS_LEFT_OUT,)


class Engine:
    """Edits, grouper, pricer and the reference store behind them, for :func:`adjudicate`.

    ``store`` is the path of a reference store, by default the one in the data folder. With
    ``conventions`` the notes of the tabular list and the guidelines are checked of every stay; else
    of those whose details are asked for, and bulk work says that it left them out. Close the
    engine, or use it as a context manager.
    """

    def __init__(self, store: Path | None = None, *, conventions: bool = False) -> None:
        self._path = store
        self._always_conventions = conventions

    @cached_property
    def store(self) -> Store:
        """The reference store. Raises :class:`~superbill.errors.NotCovered` where there is none."""
        return Store.open(self._path)

    @cached_property
    def digest(self) -> str:
        """The digest of the lock of the reference releases, which every decision carries."""
        return self.store.digest

    @cached_property
    def _codes(self) -> StoreCodes:
        return StoreCodes(self.store)

    @cached_property
    def _conventions(self) -> conventions.Conventions:
        return conventions.Conventions(self.store)

    @cached_property
    def _lines(self) -> lines.StoreLookup:
        return lines.StoreLookup(self.store)

    @cached_property
    def _systems(self) -> prices.Systems:
        return prices.Systems(self.store)

    @cached_property
    def _editor(self) -> mce.Editor:
        return mce.Editor()

    @cached_property
    def _grouper(self) -> msdrg.Engine:
        return msdrg.Engine()

    def edits(self, encounter: Encounter, *, detail: bool = True) -> EditReport:
        """Basic integrity, the Medicare Code Editor and the coding conventions, in one report.

        Without ``detail`` the report does not name the rules that ran, which are the same for all
        stays but for those it says were not checked.
        """
        on = encounter.discharge_date
        first = integrity.check(encounter, on=on, codes=self._codes)
        second = mce.edit(encounter, on=on, editor=self._editor, detail=detail)
        if not detail and not self._always_conventions:
            return EditReport(
                findings=first.findings + second.findings,
                not_checked=first.not_checked + second.not_checked + _LEFT_OUT,
            )
        third = conventions.check(encounter, on=on, conventions=self._conventions, detail=detail)
        return EditReport(
            ran=first.ran + second.ran + third.ran if detail else (),
            findings=first.findings + second.findings + third.findings,
            not_checked=first.not_checked + second.not_checked + third.not_checked,
        )

    def line_edits(self, visit: Visit, *, filed_on: date | None = None) -> EditReport:
        """Every edit of services by line; ``filed_on`` is the day the claim is filed."""
        return lines.check(visit, lookup=self._lines, filed_on=filed_on)

    def line_prices(self, visit: Visit, *, explain: bool) -> tuple[LinePrice, ...]:
        """What Medicare's payment systems make of each line of a visit."""
        return prices.prices(visit, self._systems, explain=explain)

    def state_prices(self, visit: Visit, state: Medicaid) -> tuple[LinePrice, ...]:
        """What a state's Medicaid makes of each line; *open*, with why, where nothing says."""
        return medicaid.prices(self.store, visit, state.state)

    def group(self, encounter: Encounter, *, detail: bool, what_if: bool) -> Grouping:
        """The MS-DRG; with ``what_if`` also without each code, where weight and payment wait."""
        on = encounter.discharge_date
        found = msdrg.group(encounter, on=on, engine=self._grouper, detail=detail)
        if not what_if:
            return found
        return replace(found, what_if=msdrg.what_if(encounter, found, on=on, engine=self._grouper))

    def price(
        self, encounter: Encounter, grouping: Grouping, trace: Trace, *, detail: bool = True
    ) -> Payment:
        """Medicare's inpatient payment of the stay in the group ``grouping``.

        Without ``detail`` the pricer's further output fields are left out.

        Raises :class:`~superbill.errors.NotCovered` where law, figures or the hospital's record
        of the day are not held.
        """
        on = encounter.discharge_date
        tables = load.tables(self.store, on=on)
        hospital = encounter.hospital or self._hospital(encounter.facility.ccn, on)
        bill = ipps.bill_from(encounter, grouping)
        return ipps.price(bill, hospital, on=on, tables=tables, trace=trace, fields=detail)

    def weight(self, drg: str, *, on: date) -> Decimal:
        """The relative weight of ``drg`` in the fiscal year of the discharge date ``on``."""
        row = load.tables(self.store, on=on).weights.get(drg)
        if row is None:
            raise NotCovered(
                f"The weight of DRG {drg}", on=on, remedy="Table 5 of that year does not list it."
            )
        return row.weight

    def _hospital(self, ccn: str, on: date) -> Hospital:
        found = None
        if self.store.covers(load.PROVIDER, on=on):
            found = load.hospital(self.store, ccn, on=on)
        if found is None:
            raise NotCovered(
                f"The payment profile of hospital {ccn}",
                on=on,
                remedy="Give it in the stay's hospital, or load CMS's provider-specific file: "
                "superbill data build --from DIR",
            )
        return found

    def close(self) -> None:
        """Close what was opened; the engine opens it again where it is used after that."""
        for name in ("_editor", "_grouper", "store"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()
        self.__dict__.pop("_codes", None)
        self.__dict__.pop("_conventions", None)
        self.__dict__.pop("_lines", None)
        self.__dict__.pop("_systems", None)
        self.__dict__.pop("digest", None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
