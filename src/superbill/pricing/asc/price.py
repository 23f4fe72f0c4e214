"""A claim of an ambulatory surgical centre, line by line.

The national rate is adjusted for wages (half of it × wage index), reduced for a service that was
broken off or for a device without cost, and, for procedures that the addendum marks, paid in full
for the highest one only and by half for each other unit. The lesser of charge and rate is allowed.
Sections are those of the Medicare Claims Processing Manual, chapter 14.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from superbill.model import SILENT, LinePrice, Recorder, Trace
from superbill.money import ZERO, half_up
from superbill.pricing.asc.tables import Listed, Tables

SYSTEM = "ASC"
HALF = Decimal("0.5")

PACKAGED = frozenset({"N1", "L1"})
WITHOUT_WAGES = frozenset({"H2", "J7", "K2", "K7", "F4", "L6"})
"""Brachytherapy, drugs, devices, tissue: paid without adjustment for wages (section 40.2)."""

UNPRICED = {
    "J7": "a pass-through device, priced by the contractor",
    "K7": "an unclassified drug, priced by the contractor",
    "F4": "corneal tissue, paid at reasonable cost on an invoice",
    "L6": "paid by special payment, an amount that the addendum does not give",
    "K5": "no payment is made until data on its price are there",
}

BEFORE_ANESTHESIA, REDUCED = "73", "52"
NO_COST, PARTIAL_CREDIT = "FB", "FC"


class Service(NamedTuple):
    """A line to be priced; ``number`` is its place, from 1, ``charge`` in dollars for all units."""

    number: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    charge: Decimal


class _Rated(NamedTuple):
    """A payable line with its rate for one unit, not yet ranked."""

    service: Service
    listed: Listed
    rate: Decimal
    ranked: bool
    trace: Trace


def price(
    services: Sequence[Service], cbsa: str, tables: Tables, *, explain: bool = False
) -> tuple[LinePrice | None, ...]:
    """What each line is worth; ``None`` for a code that neither addendum lists.

    Raises :class:`~superbill.errors.Invalid` for a CBSA that the wage index does not have, and
    :class:`~superbill.errors.NotCovered` where an addendum of the day is not held.
    """
    found: dict[int, LinePrice | None] = {}
    rated: list[_Rated] = []
    listed = {service.number: tables.listed(service.code) for service in services}
    operated = any(_payable_procedure(each) for each in listed.values())
    for service in services:
        each = listed[service.number]
        if each is None:
            found[service.number] = _excluded(service) if tables.excluded(service.code) else None
        elif each.indicator in PACKAGED:
            found[service.number] = LinePrice(
                line=service.number,
                code=service.code,
                system=SYSTEM,
                release=each.release,
                status="bundled",
                meaning="packaged into the procedure's payment (section 60.3)",
            )
        elif each.rate is None or each.indicator in UNPRICED:
            why = UNPRICED.get(each.indicator, "the addendum gives no rate for it")
            found[service.number] = _open(service, each, f"{service.code}: {why}.")
        elif not each.surgical and not operated:
            found[service.number] = _open(
                service,
                each,
                f"{service.code} is paid only beside a covered surgical procedure of the same day "
                "(42 CFR 416.164(b), section 60.2).",
            )
        else:
            rated.append(_rate(service, each, each.rate, cbsa, tables, explain=explain))
    found |= _ranked(rated)
    return tuple(found[service.number] for service in services)


def _payable_procedure(listed: Listed | None) -> bool:
    return (
        listed is not None
        and listed.surgical
        and listed.rate is not None
        and listed.indicator not in PACKAGED
    )


def _rate(
    service: Service, listed: Listed, national: Decimal, cbsa: str, tables: Tables, *, explain: bool
) -> _Rated:
    """The rate of one unit after device, wages and what was left undone."""
    trace: Trace = Recorder() if explain else SILENT
    trace("national rate", national, cite="42 CFR 416.171", rate=(national, listed.release))
    base = _without_device(service, listed, national, tables, trace)
    rate = base
    if listed.indicator not in WITHOUT_WAGES:
        index, source = tables.wage_index(cbsa)
        rate = trace(
            "adjusted for wages",
            base * HALF * index + base * HALF,
            formula="rate × 0.50 × wage index + rate × 0.50",
            rounding="none",
            cite="42 CFR 416.172(c); section 40.2",
            rate=base,
            wage_index=(index, source),
        )
    ranked = listed.multiple
    if BEFORE_ANESTHESIA in service.modifiers or REDUCED in service.modifiers:
        why = "broken off before anaesthesia (73)"
        if BEFORE_ANESTHESIA not in service.modifiers:
            why = "reduced without anaesthesia (52)"
        rate = trace(why, rate * HALF, formula="rate × 0.50", cite="section 40.4")
        ranked = False
    return _Rated(service, listed, rate, ranked, trace)


def _without_device(
    service: Service, listed: Listed, national: Decimal, tables: Tables, trace: Trace
) -> Decimal:
    """The rate less the device that was not used or came without cost (sections 40.8, 40.10)."""
    modifiers = service.modifiers
    if not listed.surgical:
        return national
    if BEFORE_ANESTHESIA in modifiers and listed.indicator == "J8":
        share, why = Decimal(1), "the device was not used (73)"
    elif NO_COST in modifiers:
        share, why = Decimal(1), "the device came without cost (FB)"
    elif PARTIAL_CREDIT in modifiers:
        share, why = HALF, "half of the device was credited (FC)"
    else:
        return national
    offset = tables.offset(service.code)
    return trace(
        why,
        max(national - offset * share, ZERO),
        formula="rate − device offset × share",
        cite="42 CFR 416.179; sections 40.8, 40.10",
        device_offset=offset,
        share=share,
    )


def _ranked(rated: Sequence[_Rated]) -> dict[int, LinePrice | None]:
    """The price of each line: the highest procedure in full, each other unit of them by half."""
    ranking = sorted(
        (each for each in rated if each.ranked),
        key=lambda each: (-_lesser(each), each.service.number),
    )
    first = ranking[0].service.number if ranking else 0
    return {each.service.number: _priced(each, first) for each in rated}


def _lesser(rated: _Rated) -> Decimal:
    """The rate or the charge of one unit, whichever is less: what procedures are ranked by."""
    return min(rated.rate, rated.service.charge / rated.service.units)


def _priced(rated: _Rated, first: int) -> LinePrice:
    service, listed, trace = rated.service, rated.listed, rated.trace
    whole = Decimal(service.units)
    if rated.ranked:
        full = 1 if service.number == first else 0
        whole = full + (service.units - full) * HALF
        trace(
            "multiple procedures",
            whole,
            formula="the highest procedure in full, each other unit by half",
            cite="42 CFR 416.172(e); section 40.5",
            units=service.units,
        )
    unit = _lesser(rated)
    allowed = trace(
        "allowed",
        half_up(unit * whole),
        formula="the lesser of rate and charge of one unit × units",
        rounding="half up, cents",
        cite="section 40",
        rate=rated.rate,
        charge=service.charge,
        units=whole,
    )
    copayment = None
    if listed.copayment is not None:
        copayment = trace(
            "copayment",
            half_up(listed.copayment * service.units),
            formula="copayment adjusted for the drug's inflation rebate × units",
            cite="42 U.S.C. 1395l(i)(9)",
            copayment=(listed.copayment, listed.release),
            units=service.units,
        )
    return LinePrice(
        line=service.number,
        code=service.code,
        system=SYSTEM,
        release=listed.release,
        allowed=allowed,
        meaning=f"payment indicator {listed.indicator}",
        copayment=copayment,
        trace=trace.steps if isinstance(trace, Recorder) else (),
    )


def _excluded(service: Service) -> LinePrice:
    return LinePrice(
        line=service.number,
        code=service.code,
        system=SYSTEM,
        status="open",
        meaning=f"{service.code} is excluded from payment in surgical centres (addendum EE).",
    )


def _open(service: Service, listed: Listed, why: str) -> LinePrice:
    return LinePrice(
        line=service.number,
        code=service.code,
        system=SYSTEM,
        release=listed.release,
        status="open",
        meaning=why,
    )
