"""What adjudication asks of the layers below it, so that it can be tested without them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

from superbill.model import EditReport, Encounter, Grouping, Payment, Trace


class Steps(Protocol):
    """What adjudication asks of others; :class:`~superbill.adjudication.Engine` answers it.

    Each may raise :class:`~superbill.errors.NotCovered`, but for ``edits``, which says in its
    report what could not be checked.
    """

    @property
    def digest(self) -> str:
        """The digest of the lock of the reference releases."""
        ...

    def edits(self, encounter: Encounter, *, detail: bool = True) -> EditReport:
        """Every edit that the stay goes through; the findings do not turn on ``detail``."""
        ...

    def group(self, encounter: Encounter, *, detail: bool, what_if: bool) -> Grouping:
        """The stay's group; ``detail`` and ``what_if`` as in :func:`adjudicate`."""
        ...

    def price(
        self, encounter: Encounter, grouping: Grouping, trace: Trace, *, detail: bool = True
    ) -> Payment:
        """What Medicare's inpatient system makes the stay worth in this group.

        Without ``detail``, without the system's further output fields.
        """
        ...

    def weight(self, drg: str, *, on: date) -> Decimal:
        """The weight of ``drg`` for a discharge on the day."""
        ...
