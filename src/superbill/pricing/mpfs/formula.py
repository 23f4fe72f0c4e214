"""The formula of the physician fee schedule: 42 CFR 414.20 to 414.26."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from superbill.model.trace import SILENT, Trace
from superbill.money import half_up
from superbill.pricing.mpfs.tables import Locality, Tables, Values

FORMULA = "42 CFR 414.20(a), 414.22, 414.26"
CENTS = "half up, cents"
ONE = Decimal(1)


def amount(
    values: Values,
    locality: Locality,
    tables: Tables,
    *,
    apm: bool,
    facility: bool,
    trace: Trace = SILENT,
    practice_share: Decimal = ONE,
) -> Decimal:
    """The published amount of one unit, in dollars and cents.

    ``practice_share`` is what a multiple-procedure rule leaves of the practice expense.
    """
    practice = values.facility_practice if facility else values.nonfacility_practice
    factor = tables.apm_factor if apm else tables.factor
    if trace is SILENT:
        return half_up(
            (
                values.work * locality.work
                + practice * practice_share * locality.practice
                + values.malpractice * locality.malpractice
            )
            * factor
        )
    source, index = tables.sources.get("values", ""), tables.sources.get("gpci", "")
    with trace.part("Fee schedule amount", FORMULA):
        parts: list[Decimal] = []
        for name, value, geographic in (
            ("work", values.work, locality.work),
            (
                f"{'facility' if facility else 'non-facility'} practice expense",
                practice,
                locality.practice,
            ),
            ("malpractice", values.malpractice, locality.malpractice),
        ):
            more: dict[str, Any] = {}
            share = practice_share if name.endswith("expense") else ONE
            if share != ONE:
                more["share"] = share
            parts.append(
                trace(
                    f"{name} × index",
                    value * share * geographic,
                    formula="relative value × geographic practice cost index",
                    rounding="none",
                    cite="42 CFR 414.22, 414.26",
                    relative_value=(value, source),
                    index=(geographic, index),
                    **more,
                )
            )
        total = trace("adjusted relative value", sum(parts, Decimal(0)), formula="their sum")
        return trace(
            "amount of one unit",
            half_up(total * factor),
            formula="adjusted relative value × conversion factor",
            rounding=CENTS,
            cite="42 CFR 414.20(a)",
            conversion_factor=(factor, tables.sources.get("apm_factor" if apm else "factor", "")),
        )
