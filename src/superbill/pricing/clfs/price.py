"""A laboratory test by the fee schedule of its day: rate × units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.errors import NotCovered
from superbill.model import SILENT, LinePrice, Recorder, Trace
from superbill.money import ZERO, half_up
from superbill.store.open import Store

DATASET = "clfs.rates"
SYSTEM = "CLFS"
WAIVED = "QW"
LAW = "42 U.S.C. 1395m-1; 42 CFR 414.507"


def price(
    store: Store,
    code: str,
    modifiers: tuple[str, ...],
    units: Decimal,
    *,
    on: date,
    line: int,
    trace: Trace = SILENT,
) -> LinePrice | None:
    """What the schedule makes of ``units`` of a test; ``None`` for a code that it does not list.

    ``line`` is the line's place, from 1. Raises :class:`~superbill.errors.NotCovered` for a day
    without a schedule, and for a test that the contractor prices.
    """
    modifier = WAIVED if WAIVED in modifiers else ""
    row = store.find(DATASET, on=on, code=code, modifier=modifier)
    if row is None:
        return None
    rate, release = row.decimal("rate"), f"{DATASET} {row.release.label}"
    if row.text("indicator") == "L" or rate == ZERO:
        raise NotCovered(
            f"{code}: it is priced by the Medicare contractor; its amount",
            on=on,
            remedy="Ask the contractor of the locality; there is no national amount.",
        )
    allowed = trace(
        "laboratory schedule",
        half_up(rate * units),
        formula="rate × units",
        rounding="half up, cents",
        cite=LAW,
        rate=(rate, release),
        units=units,
    )
    return LinePrice(
        line=line,
        code=code,
        system=SYSTEM,
        release=release,
        allowed=allowed,
        meaning="laboratory test: paid in full, without deductible and coinsurance",
        deductible=False,
        coinsurance=ZERO,
        trace=trace.steps if isinstance(trace, Recorder) else (),
    )
