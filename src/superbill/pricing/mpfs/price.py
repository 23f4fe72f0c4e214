"""Price a professional service: Medicare's physician fee schedule, to the cent.

The formula is 42 CFR 414.20 to 414.26: relative values of work, practice expense and malpractice,
each times the locality's index, together times the conversion factor. The products are exact; the
sum times the factor is rounded half up to the cent, once, as the published payment files have it
(one amount a code and locality). Modifiers then take their percentages of that published amount,
together, rounded half up to the cent once more, for each unit.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.errors import Invalid, NotCovered
from superbill.model.trace import SILENT, Recorder, Trace
from superbill.money import half_up
from superbill.pricing.mpfs import anesthesia, components, factors
from superbill.pricing.mpfs.codes import (
    CITE_PLACE,
    CITE_STATUS,
    FACILITY,
    NONFACILITY,
    PRACTITIONERS,
    STATUSES,
    UNRATED,
    Status,
)
from superbill.pricing.mpfs.formula import CENTS, ONE, amount
from superbill.pricing.mpfs.line import Line
from superbill.pricing.mpfs.modifiers import BY_REPORT, DENIALS, Modifiers, parse
from superbill.pricing.mpfs.result import Adjusted, Priced
from superbill.pricing.mpfs.tables import Locality, Tables, Values

NOWHERE = "Another payment system may pay it: laboratory, drugs, equipment, ambulance or another."


def price(line: Line, *, tables: Tables, locality: Locality, trace: Trace = SILENT) -> Priced:
    """What the fee schedule makes of one line.

    The line has been through :func:`~superbill.pricing.mpfs.line.check`; ``tables`` are those of
    its day. Raises :class:`~superbill.errors.Invalid` for a code that the release does not hold
    and for modifiers that the code does not take, and :class:`~superbill.errors.NotCovered` for
    what the contractor prices, or another payment system.
    """
    marks = parse(line.modifiers)
    values = row(line, marks, tables)
    status = STATUSES.get(values.status)
    if status is None:
        raise NotCovered(
            f"Status {values.status} of {line.code}", on=line.date, remedy="It is not a known one."
        )
    facility = in_facility(line)
    if marks.denial:
        reason, patient, why = DENIALS[marks.denial]
        status = Status("denied", why, reason, patient)
    if status.outcome != "paid":
        if status.outcome == "anesthesia":
            return anesthesia.price(line, marks, tables=tables, locality=locality, trace=trace)
        return _unpaid(line, values, status, tables, locality, facility=facility, trace=trace)
    if not values.valued:
        raise contractor(line, "it has no relative values")
    if marks.anesthesia:
        raise Invalid.at(
            "modifiers", f"{marks.anesthesia} is for anaesthesia, and {line.code} is none.", ""
        )
    if marks.report:
        raise contractor(line, BY_REPORT[marks.report])
    if trace is not SILENT:
        trace("status", values.status, formula=status.meaning, cite=CITE_STATUS)
        where = "facility" if facility else "non-facility"
        trace("practice expense", where, cite=CITE_PLACE, place_of_service=line.pos)
    fee = amount(values, locality, tables, apm=line.apm, facility=facility, trace=trace)
    if values.nonfacility_opps or values.facility_opps:
        fee = components.capped(fee, line, values, tables, locality, facility=facility, trace=trace)
    if marks.equipment:
        fee = components.on_old_equipment(
            fee, line, marks, values, tables, locality, facility=facility, trace=trace
        )
    return _adjusted(line, marks, values, fee, tables, locality, facility=facility, trace=trace)


def in_facility(line: Line) -> bool:
    """Whether the place of service is paid the facility's practice expense.

    Raises :class:`~superbill.errors.Invalid` for what is no place of service, and
    :class:`~superbill.errors.NotCovered` where CMS names no rate for it.
    """
    if line.pos in NONFACILITY:
        return False
    if line.pos in FACILITY:
        return True
    if line.pos in UNRATED:
        raise NotCovered(
            f"The rate at place of service {line.pos}",
            on=line.date,
            remedy="Neither the facility's nor the other rate is named for it by CMS.",
        )
    raise Invalid.at(
        "pos",
        f"{line.pos[:10]!r} is not a place of service that the fee schedule pays at.",
        "Give two digits, for example 11 for the office or 22 for a hospital's outpatients.",
    )


def row(line: Line, marks: Modifiers, tables: Tables) -> Values:
    """The row of the relative value file that the line is paid by."""
    found = tables.values.get((line.code, marks.component))
    if found is not None:
        return found
    whole = tables.values.get((line.code, ""))
    if whole is None:
        others = tables.elsewhere(line.code)
        known = f"; {others}" if others else ""
        raise Invalid.at(
            "code",
            f"{line.code} is not in {tables.release}, the release of {line.date}{known}.",
            "Check the code and the date of service.",
        )
    if marks.component == "53":
        raise contractor(line, "a discontinued service is paid on a report")
    raise Invalid.at(
        "modifiers",
        f"{line.code} has no component {marks.component} (PC/TC indicator {whole.pctc}).",
        "Leave the modifier out, or use the code of that component.",
    )


def contractor(line: Line, why: str) -> NotCovered:
    """The error for what no published amount is held for."""
    return NotCovered(
        f"{line.code}: it is priced by the Medicare contractor ({why}); its amount",
        on=line.date,
        remedy="Ask the contractor of the locality; there is no national amount.",
    )


def _adjusted(
    line: Line,
    marks: Modifiers,
    values: Values,
    fee: Decimal,
    tables: Tables,
    locality: Locality,
    *,
    facility: bool,
    trace: Trace,
) -> Priced:
    """Modifiers, practitioner, participation, units and charge."""
    adjusted: tuple[Adjusted, ...] = ()
    unit = fee
    standing = tables.figures.standing
    limit = None
    if not (marks.plain and line.participating and not PRACTITIONERS[line.practitioner]):
        found = factors.of(line, marks, values, standing)
        if isinstance(found, Status):
            return _unpaid(line, values, found, tables, locality, facility=facility, trace=trace)
        adjusted = tuple(
            Adjusted(rule=rule, factor=str(figure.value), citation=figure.source)
            for rule, figure in found
        )
        share = ONE
        for _, figure in found:
            share *= figure.value
        unit = half_up(fee * share)
        if trace is not SILENT:
            for rule, figure in found:
                trace(rule, figure.value, formula="of the amount", cite=figure.source)
            trace("amount after adjustments", unit, formula="amount × factors", rounding=CENTS)
        if not line.participating:
            figure = standing["limiting_charge"]
            limit = trace(
                "limiting charge",
                half_up(fee * share * figure.value) * line.units,
                formula="115 percent of the nonparticipating amount × units",
                rounding=CENTS,
                cite=figure.source,
            )
    allowed = unit * line.units
    if trace is not SILENT:
        trace("allowed", allowed, formula="amount of one unit × units", units=line.units)
    if line.charge is not None and line.charge < allowed:
        allowed = trace(
            "allowed, at most the charge",
            half_up(line.charge),
            formula="the lesser of charge and fee schedule amount",
            cite="42 U.S.C. 1395w-4(a)(1); 42 CFR 414.21",
        )
    return Priced(
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        allowed=allowed,
        fee=fee,
        unit_amount=unit,
        facility=facility,
        release=tables.release,
        carrier=locality.carrier,
        locality=locality.locality,
        conversion_factor=tables.apm_factor if line.apm else tables.factor,
        indicator=values.status,
        limiting_charge=limit,
        medicare_share=standing["therapy_assistant"].value if marks.therapy_assistant else None,
        adjusted=adjusted,
        notes=_notes(marks, values, facility=facility),
        trace=trace.steps if isinstance(trace, Recorder) else (),
    )


_NO_NOTES: tuple[str, ...] = ()


def _notes(marks: Modifiers, values: Values, *, facility: bool) -> tuple[str, ...]:
    na = values.facility_na if facility else values.nonfacility_na
    if not na and values.status == "A" and not marks.second and not marks.therapy_assistant:
        return _NO_NOTES
    found = []
    if na:
        where = "in a facility" if facility else "outside a facility"
        found.append(f"rarely or never performed {where}, says the relative value file (NA)")
    if values.status != "A":
        found.append(STATUSES[values.status].meaning)
    if marks.second:
        found.append("51: ranked only where the lines of a claim are priced together")
    if marks.therapy_assistant:
        found.append("CO, CQ: Medicare pays 85 percent of its share of the allowed amount")
    return tuple(found)


def _unpaid(
    line: Line,
    values: Values,
    status: Status,
    tables: Tables,
    locality: Locality,
    *,
    facility: bool,
    trace: Trace,
) -> Priced:
    if status.outcome == "contractor":
        raise contractor(line, f"status {values.status}")
    if status.outcome == "elsewhere":
        raise NotCovered(
            f"{line.code} by the physician fee schedule (status {values.status}: {status.meaning})",
            on=line.date,
            remedy=NOWHERE,
        )
    if trace is not SILENT:
        trace("status", values.status, formula=status.meaning, cite=CITE_STATUS)
        trace("allowed", Decimal("0.00"), formula="nothing is paid")
    return Priced(
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        status="bundled" if status.outcome == "bundled" else "denied",
        facility=facility,
        release=tables.release,
        carrier=locality.carrier,
        locality=locality.locality,
        indicator=values.status,
        meaning=status.meaning,
        reason=status.reason,
        patient_liable=status.patient_liable,
        trace=trace.steps if isinstance(trace, Recorder) else (),
    )
