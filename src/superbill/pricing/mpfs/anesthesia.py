"""Anaesthesia: base units and time units times the locality's own conversion factor.

The law is 42 CFR 414.46 and chapter 12, section 50, of the Medicare Claims Processing Manual. Time
is counted in units of 15 minutes, rounded half up to one decimal place. Base units are published
apart from the relative value file, and are given with the line.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.errors import Invalid, NotCovered, Problem
from superbill.model.trace import SILENT, Recorder, Trace
from superbill.money import half_up
from superbill.pricing.mpfs.line import Line
from superbill.pricing.mpfs.modifiers import Modifiers
from superbill.pricing.mpfs.rates import Figure, Figures
from superbill.pricing.mpfs.result import Adjusted, Priced
from superbill.pricing.mpfs.tables import Locality, Tables

CITE = "42 CFR 414.46; CPM chapter 12, section 50"
DIRECTED = frozenset({"QK", "QX", "QY"})
"""Directed by a physician, and the directed: each gets half (QK, QY physician; QX anesthetist)."""


def time_units(minutes: int, figures: Figures) -> Decimal:
    """Units of 15 minutes, to one decimal place."""
    return half_up(minutes / figures.standing["anesthesia_minutes"].value, 1)


def amount(
    base_units: int,
    minutes: int,
    modifier: str,
    *,
    factor: Decimal,
    figures: Figures,
    trace: Trace = SILENT,
    present_at_induction: bool = False,
) -> tuple[Decimal, list[tuple[str, Figure]]]:
    """The amount of one anaesthesia service, and the share that its modifier leaves.

    ``factor`` is the locality's anaesthesia conversion factor. ``modifier`` is ``AA`` or ``QZ``
    (in full), ``QK``, ``QX``, ``QY`` (half), or ``AD`` (three base units, and one unit of time
    where the physician was present at induction).
    """
    share: list[tuple[str, Figure]] = []
    if modifier == "AD":
        three = figures.standing["supervision_base_units"]
        units = three.value + (1 if present_at_induction else 0)
        trace("units of supervision", units, cite=three.source)
    else:
        time = trace(
            "time units",
            time_units(minutes, figures),
            formula="minutes ÷ 15",
            rounding="half up, 1 decimal",
            cite=figures.standing["anesthesia_minutes"].source,
            minutes=minutes,
        )
        units = trace("units", base_units + time, formula="base units + time units")
        if modifier in DIRECTED:
            share.append((f"{modifier}: medical direction", figures.standing["medical_direction"]))
    whole = units * factor
    for _, figure in share:
        whole *= figure.value
    paid = trace(
        "amount",
        half_up(whole),
        formula="units × anaesthesia conversion factor × share",
        rounding="half up, cents",
        cite=CITE,
        conversion_factor=factor,
    )
    return paid, share


def price(
    line: Line,
    marks: Modifiers,
    *,
    tables: Tables,
    locality: Locality,
    trace: Trace = SILENT,
) -> Priced:
    """An anaesthesia line, by its ``minutes`` and ``base_units``.

    Raises :class:`~superbill.errors.Invalid` where these or the modifier are missing, and
    :class:`~superbill.errors.NotCovered` where the locality's factor is not held.
    """
    problems = [
        Problem(name, "anaesthesia needs it.", remedy)
        for name, missing, remedy in (
            ("minutes", line.minutes is None, "Give the minutes of anaesthesia."),
            ("base_units", line.base_units is None, "Give the base units of the code."),
            ("modifiers", not marks.anesthesia, "Give AA, AD, QK, QX, QY or QZ."),
        )
        if missing and not (marks.anesthesia == "AD" and name != "modifiers")
    ]
    if line.units != 1:
        problems.append(
            Problem("units", "time is given in minutes for one service.", "Give one unit.")
        )
    if problems:
        raise Invalid(problems)
    factor = locality.apm_anesthesia if line.apm else locality.anesthesia
    if factor is None:
        raise NotCovered(
            "The anaesthesia conversion factor of the locality",
            on=line.date,
            remedy="Bring the anaesthesia factors (ANESyyyy.csv): superbill data build --from DIR",
        )
    paid, share = amount(
        line.base_units or 0,
        line.minutes or 0,
        marks.anesthesia,
        factor=factor,
        figures=tables.figures,
        trace=trace,
    )
    fee, limit = paid, None
    if not line.participating:
        figures = tables.figures.standing
        share.append(("nonparticipating", figures["nonparticipating"]))
        paid = half_up(fee * figures["nonparticipating"].value)
        limit = half_up(fee * figures["nonparticipating"].value * figures["limiting_charge"].value)
    allowed = paid if line.charge is None else min(paid, half_up(line.charge))
    return Priced(
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        allowed=trace("allowed", allowed),
        fee=fee,
        unit_amount=paid,
        release=tables.release,
        carrier=locality.carrier,
        locality=locality.locality,
        conversion_factor=factor,
        indicator="J",
        limiting_charge=limit,
        adjusted=tuple(
            Adjusted(rule=rule, factor=str(figure.value), citation=figure.source)
            for rule, figure in share
        ),
        trace=trace.steps if isinstance(trace, Recorder) else (),
    )
