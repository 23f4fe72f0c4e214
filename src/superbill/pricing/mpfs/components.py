"""The technical component of diagnostic tests: its cap, and what old equipment takes of it."""

from __future__ import annotations

from decimal import Decimal

from superbill.errors import Invalid
from superbill.model.trace import Trace
from superbill.money import half_up
from superbill.pricing.mpfs.formula import CENTS, amount
from superbill.pricing.mpfs.line import Line
from superbill.pricing.mpfs.modifiers import EQUIPMENT, Modifiers
from superbill.pricing.mpfs.tables import Locality, Tables, Values


def capped(
    fee: Decimal,
    line: Line,
    values: Values,
    tables: Tables,
    locality: Locality,
    *,
    facility: bool,
    trace: Trace,
) -> Decimal:
    """At most what the hospital outpatient system pays for the technical component.

    The published cap of the locality where it was brought (``OPPSCAP``), else the amount calculated
    from the values that the relative value file gives for it.
    """
    cap = tables.caps.get((line.code, values.modifier, locality.carrier, locality.locality))
    if cap is not None:
        most, source = (cap.facility if facility else cap.nonfacility), "OPPSCAP"
    else:
        opps = values._replace(
            nonfacility_practice=values.nonfacility_opps,
            facility_practice=values.facility_opps,
            malpractice=values.malpractice_opps,
        )
        most = amount(opps, locality, tables, apm=line.apm, facility=facility)
        source = "values used for the OPPS payment amount, " + tables.sources.get("values", "")
    return trace(
        "at most the OPPS amount",
        min(fee, most),
        formula="the lesser of the two",
        cite="42 U.S.C. 1395w-4(b)(4); Deficit Reduction Act of 2005, section 5102(b)",
        opps_amount=(most, source),
    )


def professional_part(
    fee: Decimal, line: Line, values: Values, tables: Tables, locality: Locality, *, facility: bool
) -> Decimal:
    """What of a unit's amount is for the physician's own part; the rest is technical."""
    if values.modifier == "26":
        return fee
    if values.modifier == "TC" or values.pctc == "3":
        return Decimal("0.00")
    whole = tables.values.get((line.code, "26"))
    if whole is None:
        return Decimal("0.00")
    return min(fee, amount(whole, locality, tables, apm=line.apm, facility=facility))


def on_old_equipment(
    fee: Decimal,
    line: Line,
    marks: Modifiers,
    values: Values,
    tables: Tables,
    locality: Locality,
    *,
    facility: bool,
    trace: Trace,
) -> Decimal:
    """The amount less what old equipment takes of its technical component.

    Raises :class:`~superbill.errors.Invalid` for a code that is no diagnostic test.
    """
    if values.pctc not in ("1", "3"):
        raise Invalid.at(
            "modifiers",
            f"{', '.join(marks.equipment)}: {line.code} has no technical component "
            f"(PC/TC indicator {values.pctc}).",
            "Leave the modifier out.",
        )
    own = professional_part(fee, line, values, tables, locality, facility=facility)
    technical = fee - own
    for name in marks.equipment:
        figure = tables.figures.standing[EQUIPMENT[name]]
        technical = trace(
            f"technical component with {name}",
            half_up(technical * figure.value),
            formula="technical component × share",
            rounding=CENTS,
            cite=figure.source,
            technical_component=technical,
            share=figure.value,
        )
    return trace("amount on such equipment", own + technical, formula="both components")
