"""Which of Medicare's payment systems prices each line of a visit, and what it says.

Each system is asked in turn until one knows the code: :data:`SYSTEMS`. A line that none can price
is *open*, with the reason of the first that could have. Adding a payment system is a function of
the same form and its place in the list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from superbill.errors import Invalid, NotCovered, Problem
from superbill.model import SILENT, LinePrice, Recorder, Trace, Visit, VisitLine
from superbill.pricing import asc, clfs, mpfs
from superbill.pricing.mpfs.line import check
from superbill.pricing.mpfs.load import VALUES
from superbill.store.open import Store


class Asked(NamedTuple):
    """A line to be priced: its visit, the line, and its place from 1."""

    visit: Visit
    line: VisitLine
    number: int


class Systems:
    """The payment systems of an open store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._mpfs = mpfs.Pricer(store)

    def laboratory(self, asked: Asked, trace: Trace) -> LinePrice | None:
        """The clinical laboratory fee schedule."""
        line = asked.line
        return clfs.price(
            self._store,
            line.code,
            line.modifiers,
            line.units,
            on=asked.visit.day(line),
            line=asked.number,
            trace=trace,
        )

    def physician(self, asked: Asked, trace: Trace) -> LinePrice | None:
        """The physician fee schedule."""
        visit, line = asked.visit, asked.line
        if visit.form != "professional":
            return None
        if not visit.service_zip:
            raise Invalid.at(
                "zip",
                "nothing says where the service was given, which sets Medicare's locality.",
                "Give the ZIP code of the place of service, or the biller's address.",
            )
        asked_line = mpfs.Line(
            code=line.code,
            date=visit.day(line),
            pos=line.place_of_service or visit.place_of_service,
            modifiers=line.modifiers,
            zip=visit.service_zip,
            units=_whole(line, asked.number),
            apm=visit.apm,
            participating=visit.biller.participating,
            minutes=line.minutes,
        )
        check(asked_line)
        values = self._mpfs.tables(asked_line).values
        if not any((line.code, component) in values for component in ("", "26", "TC")):
            return None
        return self._mpfs.price(asked_line, trace=trace).line_price(asked.number)


System = Callable[[Systems, Asked, Trace], LinePrice | None]

SYSTEMS: tuple[tuple[str, System], ...] = (
    (clfs.DATASET, Systems.laboratory),
    (VALUES, Systems.physician),
)
"""Each system with the dataset whose presence on the day decides whether it can be asked."""


def prices(visit: Visit, store: Store, systems: Systems, *, explain: bool) -> tuple[LinePrice, ...]:
    """What Medicare's systems make of each line.

    Raises :class:`~superbill.errors.Invalid` where a line cannot be what it says, with the line's
    path.
    """
    if visit.form == "surgery_center":
        return _surgery_center(visit, store, explain=explain)
    found: list[LinePrice] = []
    problems: list[Problem] = []
    for number, line in enumerate(visit.lines, 1):
        try:
            found.append(_price(Asked(visit, line, number), store, systems, explain=explain))
        except Invalid as invalid:
            problems += [_placed(problem, number) for problem in invalid.problems]
    if problems:
        raise Invalid(list(dict.fromkeys(problems)))
    return tuple(found)


def _surgery_center(visit: Visit, store: Store, *, explain: bool) -> tuple[LinePrice, ...]:
    """The lines of a surgical centre, all of one day together, since procedures are ranked."""
    found: dict[int, LinePrice] = {}
    by_day: dict[date, list[asc.Service]] = {}
    for number, line in enumerate(visit.lines, 1):
        by_day.setdefault(visit.day(line), []).append(
            asc.Service(number, line.code, line.modifiers, _whole(line, number), line.charge)
        )
    for day, services in by_day.items():
        try:
            priced = asc.price(
                services, visit.biller.cbsa, asc.tables(store, on=day), explain=explain
            )
        except NotCovered as missing:
            priced = (None,) * len(services)
            why = str(missing)
        else:
            why = "Neither addendum lists the code: Medicare pays no surgical centre for it."
        for service, price in zip(services, priced, strict=True):
            found[service.number] = price or LinePrice(
                line=service.number, code=service.code, status="open", meaning=why
            )
    return tuple(found[number] for number in sorted(found))


def _whole(line: VisitLine, number: int) -> int:
    if line.units % 1:
        raise Invalid.at(
            f"lines[{number - 1}].units",
            f"{line.units:f} is not a whole number of services.",
            "Give whole units.",
        )
    return int(line.units)


def _price(asked: Asked, store: Store, systems: Systems, *, explain: bool) -> LinePrice:
    day = asked.visit.day(asked.line)
    reasons: list[str] = []
    absent = ""
    for dataset, ask in SYSTEMS:
        if not store.covers(dataset, on=day):
            absent = str(store.not_covered(dataset, on=day))
            continue
        try:
            price = ask(systems, asked, Recorder() if explain else SILENT)
        except NotCovered as reason:
            reasons.append(str(reason))
            continue
        if price is not None:
            return price
    return LinePrice(
        line=asked.number,
        code=asked.line.code,
        status="open",
        meaning=reasons[0] if reasons else absent or "No schedule that is held lists the code.",
    )


def _placed(problem: Problem, number: int) -> Problem:
    """A problem of a line with its path in the visit."""
    path = problem.path
    if path == "pos":
        path = "place_of_service"
    if path not in {"zip", "place_of_service"} and not path.startswith("lines["):
        path = f"lines[{number - 1}].{path}" if path else f"lines[{number - 1}]"
    return Problem(path, problem.message, problem.remedy)
