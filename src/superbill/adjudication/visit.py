"""One visit adjudicated: edits, the price of each line, and who pays it.

The day of each line selects everything that a date selects. A line that no payment system at hand
can price stops the split of the payers that follow Medicare, and says why; nothing else goes with
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from superbill.benefits import visits
from superbill.errors import Invalid
from superbill.model import EditReport, LinePrice, Medicaid, Visit, VisitDecision


class VisitSteps(Protocol):
    """What adjudication of a visit asks of others; the engine answers it."""

    @property
    def digest(self) -> str:
        """The digest of the lock of the reference releases."""
        ...

    def line_edits(self, visit: Visit, *, filed_on: date | None = None) -> EditReport:
        """Every edit of services by line."""
        ...

    def line_prices(self, visit: Visit, *, explain: bool) -> tuple[LinePrice, ...]:
        """What Medicare's systems make of each line."""
        ...

    def state_prices(self, visit: Visit, state: Medicaid) -> Sequence[LinePrice]:
        """What a state's Medicaid makes of each line."""
        ...


def adjudicate_visit(
    visit: Visit, *, engine: VisitSteps, explain: bool = False, filed_on: date | None = None
) -> VisitDecision:
    """Edits, prices and split of a visit; with ``explain`` every figure carries its steps.

    Raises :class:`~superbill.errors.Invalid` with every problem where payers or lines cannot be
    what they say.
    """
    if problems := visits.check(visit):
        raise Invalid(problems)
    edits = engine.line_edits(visit, filed_on=filed_on)
    prices: tuple[LinePrice, ...] = ()
    if visits.needs_medicare_price(visit):
        prices = engine.line_prices(visit, explain=explain)
    split = visits.split(
        visit,
        prices,
        state_prices=lambda state: engine.state_prices(visit, state),
        explain=explain,
    )
    return VisitDecision(
        visit_id=visit.id,
        edits=edits,
        prices=prices,
        payers=split.payers,
        charges=split.charges,
        paid=split.paid,
        written_off=split.written_off,
        patient=split.patient,
        shares=split.shares,
        undetermined=split.undetermined,
        not_covered=split.not_covered,
        lock=engine.digest,
    )
