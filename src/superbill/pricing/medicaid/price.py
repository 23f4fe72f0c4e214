"""A service by the schedule that its state holds for its day: rate × units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from superbill.errors import NotCovered
from superbill.identifiers import postal
from superbill.model import SILENT, LinePrice, Recorder, Trace, Visit
from superbill.money import half_up
from superbill.store.open import Row, Store

OWN = {"AK": "medicaid.ak", "AZ": "medicaid.az", "CO": "medicaid.co"}
"""The dataset of a state whose own layout is read."""

OTHER = "medicaid.other"
"""The dataset of any state, asked after the state's own."""

LAW = "42 CFR 447.201(b), the rate that the state plan sets"

_WHY = {
    "by report": "it pays by report: the claim's documents decide",
    "priced by NDC": "it prices it by the drug's NDC, in a list of its own",
    "priced by hand": "it prices each claim by hand",
    "closed": "it has closed the code",
    "not covered": "it does not cover it",
    "a rate of zero": "its rate is zero, which does not say whether it is paid otherwise",
}

_OWN_RATE = frozenset(
    (
        # Parts of a service, more or fewer services, and who gives them.
        *("22", "26", "50", "51", "52", "53", "54", "55", "56", "62", "66", "73", "74", "78", "80"),
        *("81", "82", "AA", "AD", "AS", "QK", "QX", "QY", "QZ", "TC"),
        # New, used or rented equipment, and drugs bought at the 340B price.
        *("NU", "RR", "UE", "JG", "TB"),
        # The states' own (HCPCS Level II: Medicaid level of care 1 to 13, as each state defines).
        *(f"U{last}" for last in "123456789ABCD"),
    )
)
"""Modifiers that make a service worth another amount, by rules that differ from state to state."""


def prices(store: Store, visit: Visit, state: str) -> tuple[LinePrice, ...]:
    """What ``state`` makes of each line of a visit; a line is ``open`` with why, if nothing."""
    return tuple(_line(store, visit, state, number) for number in range(1, len(visit.lines) + 1))


def _line(store: Store, visit: Visit, state: str, number: int) -> LinePrice:
    line = visit.lines[number - 1]
    try:
        if visit.form != "professional":
            raise NotCovered(
                f"A facility's claim to Medicaid of {state}",
                on=visit.day(line),
                remedy="The schedules that are read are for professional claims.",
            )
        return price(
            store,
            state,
            line.code,
            line.modifiers,
            line.units,
            on=visit.day(line),
            line=number,
            trace=Recorder(),
        )
    except NotCovered as missing:
        return LinePrice(
            line=number,
            code=line.code,
            system=f"Medicaid {state}",
            status="open",
            meaning=missing.remedy,
        )


def price(
    store: Store,
    state: str,
    code: str,
    modifiers: tuple[str, ...],
    units: Decimal,
    *,
    on: date,
    line: int,
    trace: Trace = SILENT,
) -> LinePrice:
    """What the schedule of ``state`` (postal letters) makes of ``units`` of a service.

    The row counts whose modifiers are all on the line, and of several the one with most. ``line``
    is the line's place, from 1. Raises :class:`~superbill.errors.NotCovered` with the reason where
    there is no amount: no schedule for the day, a code that it does not list or sets no rate for,
    a modifier whose rule is the state's own.
    """
    state = state.strip().upper()
    dataset, rows = _rows(store, state, code, on)
    row = _best(rows, code, modifiers, state, on)
    release = f"{dataset} {row.release.label}"
    rate = row.maybe_decimal("rate")
    if rate is None:
        words = row.text("words")
        why = _WHY.get(words, f"its schedule says: {words}")
        raise NotCovered(
            f"An amount for {code} by Medicaid of {state}",
            on=on,
            remedy=f"The state sets none: {why} ({release}). Ask the state.",
        )
    allowed = trace(
        f"Schedule of {state}",
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
        system=f"Medicaid {state}",
        release=release,
        allowed=allowed,
        meaning=row.text("note"),
        deductible=False,
        coinsurance=Decimal(0),
        trace=trace.steps if isinstance(trace, Recorder) else (),
    )


def _rows(store: Store, state: str, code: str, on: date) -> tuple[str, list[Row]]:
    """The rows of the first schedule that lists the code, and its dataset."""
    if not postal.is_state(state):
        raise NotCovered(
            f"Medicaid of {state}",
            on=on,
            remedy="No state has these letters: give its postal abbreviation, such as AK.",
        )
    asked = []
    own = OWN.get(state)
    if own is not None and store.covers(own, on=on):
        rows = store.rows(own, on=on, code=code)
        if rows:
            return own, rows
        asked.append(f"{own} {store.release(own, on=on).label}")
    if store.covers(OTHER, on=on):
        rows = store.rows(OTHER, on=on, state=state, code=code)
        if rows:
            return OTHER, rows
        release = store.release(OTHER, on=on)
        if store.find(OTHER, on=on, state=state) is not None:
            asked.append(f"{OTHER} {release.label}")
        elif own is None:
            raise NotCovered(
                f"A Medicaid schedule of {state}",
                on=on,
                remedy=f"The file that answers on the day, {release.file}, holds nothing of "
                f"{state}. Put the states that you need into one file, named for all of them "
                f"(MEDICAID_{state}_OH_….csv), and build again: superbill data build --from DIR",
            )
    if not asked:
        missing = store.not_covered(own or OTHER, on=on)
        raise NotCovered(f"A Medicaid schedule of {state}", on=on, remedy=str(missing))
    raise NotCovered(
        f"What Medicaid of {state} allows for {code}",
        on=on,
        remedy=f"The code is not in the schedule ({', '.join(asked)}). Another schedule of the "
        "state may list it: bring it as MEDICAID_XX_….csv (docs/data-and-licences.md).",
    )


def _best(rows: Sequence[Row], code: str, modifiers: tuple[str, ...], state: str, on: date) -> Row:
    """The row with most of the line's modifiers, and none that the line has not."""
    given = set(modifiers)
    fitting = [(set(row.text("modifier").split()), row) for row in rows]
    fitting = [(named, row) for named, row in fitting if named <= given]
    if not fitting:
        listed = ", ".join(row.text("modifier") for row in rows)
        raise NotCovered(
            f"What Medicaid of {state} allows for {code} with these modifiers",
            on=on,
            remedy=f"The schedule lists the code with {listed} only. Correct the line's modifiers.",
        )
    most = max(len(named) for named, _ in fitting)
    best = [(named, row) for named, row in fitting if len(named) == most]
    unspoken = sorted((given & _OWN_RATE) - best[0][0])
    if len(best) > 1 or unspoken:
        why = (
            "Several rows of the schedule fit the line's modifiers, and which comes first"
            if len(best) > 1
            else f"The schedule has no row with modifier {unspoken[0]}, and the state's rule for it"
        )
        raise NotCovered(
            f"What Medicaid of {state} allows for {code} with {' '.join(sorted(given))}",
            on=on,
            remedy=f"{why} is not held. Ask the state.",
        )
    return best[0][1]
