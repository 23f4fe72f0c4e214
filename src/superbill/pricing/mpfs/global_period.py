"""Global surgery: services that a procedure's payment includes, across a patient's claims.

The relative value file gives each procedure its days: ``000`` the day itself, ``010`` that day and
the ten after, ``090`` the day before, the day and the ninety after (Medicare Claims Processing
Manual, chapter 12, section 40.1). Visits by the same physician or group in that time are included
unless a modifier sets them apart: 25 (a separate visit on the day of a minor procedure), 57 (the
visit that decided for major surgery), 24 (an unrelated visit afterwards). A second procedure in
the time is paid if it is staged (58), a return to the operating room (78) or unrelated (79)
(sections 40.2 to 40.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from superbill.dates import Span
from superbill.pricing.mpfs.tables import Tables, Values

CITE = "CPM chapter 12, sections 40.1 to 40.4"
_DAYS = {"000": (0, 0), "010": (0, 10), "090": (1, 90)}
_APART_BEFORE = {"000": {"25"}, "010": {"25"}, "090": {"57"}}
_SURGERY_APART = frozenset({"58", "78", "79"})
_CONFIRMED = frozenset({"54"})
"""Surgical care only: who bills it gives no later care, so that later visits are not included."""

# Evaluation and management, by the first digits of the numbers; and the visits of HCPCS Level II.
_VISIT_SERIES = ("992", "993", "994")
_VISITS = frozenset({"G0402", "G0438", "G0439", "G0463", "G0466", "G0467", "G0468"})


class Service(NamedTuple):
    """A service on any claim of one patient.

    ``group`` is the physician, or the group of one specialty that counts as one physician.
    ``claim`` and ``line`` say where it is; they come back as they were given.
    """

    claim: str
    line: int
    code: str
    date: date
    group: str
    modifiers: tuple[str, ...] = ()


class Included(NamedTuple):
    """A service that another one's payment includes, the days of that one's period, and why."""

    service: Service
    within: Service
    period: Span
    why: str


def period(values: Values, day: date) -> Span | None:
    """The global period of a procedure done on a day; ``None`` where it has none."""
    found = _DAYS.get(values.global_days)
    if found is None:
        return None
    before, after = found
    return Span(day - timedelta(days=before), day + timedelta(days=after + 1))


def is_visit(code: str) -> bool:
    """Whether a code is for evaluation and management."""
    return code in _VISITS or (code.startswith(_VISIT_SERIES) and code.isdigit())


def included(services: Iterable[Service], tables: Callable[[date], Tables]) -> list[Included]:
    """The services that the global payment of another one includes, in the order given.

    ``tables`` gives the fee schedule of a day. A code that it does not hold is passed over: nothing
    can be said of it. What a second procedure in the period lacks to be paid apart is said as well.
    """
    held = list(services)
    rows = [tables(each.date).values.get((each.code, "")) for each in held]
    procedures: list[tuple[Service, Values, Span]] = []
    for each, values in zip(held, rows, strict=True):
        if values is None or _CONFIRMED & set(each.modifiers):
            continue
        span = period(values, each.date)
        if span is not None:
            procedures.append((each, values, span))
    found: list[Included] = []
    for each, values in zip(held, rows, strict=True):
        for within, row, span in procedures:
            if each is within or each.group != within.group or each.date not in span:
                continue
            why = (
                _visit(each, within, row)
                if is_visit(each.code)
                else _procedure(each, within, values)
            )
            if why:
                found.append(Included(each, within, span, why))
                break
    return found


def _visit(visit: Service, within: Service, row: Values) -> str:
    given = set(visit.modifiers)
    if visit.date > within.date:
        return "" if "24" in given else "a visit in the days after the procedure, without 24"
    needed = _APART_BEFORE[row.global_days]
    if given & needed:
        return ""
    when = "the day before" if visit.date < within.date else "the day of"
    return f"a visit on {when} the procedure, without {' or '.join(sorted(needed))}"


def _procedure(second: Service, within: Service, values: Values | None) -> str:
    """A later procedure with a global period of its own needs 58, 78 or 79."""
    if values is None or values.global_days not in ("010", "090") or second.date <= within.date:
        return ""
    if set(second.modifiers) & _SURGERY_APART:
        return ""
    return "a procedure in the days after another, without 58, 78 or 79"
