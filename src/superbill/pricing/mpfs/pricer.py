"""Lines priced from an opened reference store: finds the day's tables and the locality."""

from __future__ import annotations

from collections.abc import Sequence

from superbill.errors import Invalid, SuperbillError
from superbill.model.trace import SILENT, Trace
from superbill.pricing.mpfs import load
from superbill.pricing.mpfs.claim import Outcome, Prepared, price_together
from superbill.pricing.mpfs.line import Line
from superbill.pricing.mpfs.price import price
from superbill.pricing.mpfs.result import Priced
from superbill.pricing.mpfs.tables import Locality, Tables
from superbill.store.open import Store


class Pricer:
    """The physician fee schedule of an opened store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def price(self, line: Line, *, trace: Trace = SILENT) -> Priced:
        """What the fee schedule makes of one line.

        Raises :class:`~superbill.errors.Invalid` and :class:`~superbill.errors.NotCovered` as
        :func:`superbill.pricing.mpfs.price.price` does.
        """
        tables = load.tables(self._store, on=line.date)
        return price(line, tables=tables, locality=self.place(line, tables), trace=trace)

    def price_claim(self, lines: Sequence[Line], *, explain: bool = False) -> list[Outcome]:
        """What the lines of one claim are worth together; an error in place of one that is not."""
        prepared: list[Prepared] = []
        bad: dict[int, SuperbillError] = {}
        for place, line in enumerate(lines):
            try:
                tables = self.tables(line)
                prepared.append((line, tables, self.place(line, tables)))
            except SuperbillError as error:
                bad[place] = error
        answers = iter(price_together(prepared, explain=explain))
        return [bad[place] if place in bad else next(answers) for place in range(len(lines))]

    def tables(self, line: Line) -> Tables:
        """The tables of the line's day."""
        return load.tables(self._store, on=line.date)

    def place(self, line: Line, tables: Tables) -> Locality:
        """The payment locality of the line.

        Raises :class:`~superbill.errors.Invalid` for a ZIP code or locality that the day's files do
        not hold.
        """
        key = (
            load.locality(self._store, line.zip, on=line.date)
            if line.zip
            else (line.carrier, line.locality)
        )
        found = tables.localities.get(key)
        if found is None:
            carrier, locality = key
            others = sorted(each for held, each in tables.localities if held == carrier)
            if others:
                remedy = f"Its localities are {', '.join(others)}."
            else:
                near = sorted({held for held, _ in tables.localities})
                remedy = f"The carriers are {', '.join(near)}."
            raise Invalid.at(
                "locality" if others else "carrier",
                f"carrier {carrier} has no locality {locality} on {line.date}.",
                remedy,
            )
        return found
