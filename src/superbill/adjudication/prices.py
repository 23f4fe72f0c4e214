"""Which of Medicare's payment systems prices each line of a visit, and what it says.

The systems of the visit's form are asked in turn (:data:`SYSTEMS`), each for all lines that none
before it knew, since lines of a claim bear on one another. A line that none can price is *open*,
with the reason of the first that could have. Adding a payment system is a function of the same form
and its place in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from superbill.errors import Invalid, NotCovered, Problem, SuperbillError
from superbill.model import SILENT, LinePrice, Recorder, Visit, VisitLine
from superbill.pricing import asc, clfs, mpfs
from superbill.pricing.mpfs.line import check
from superbill.pricing.mpfs.load import VALUES
from superbill.store.open import Store


class Asked(NamedTuple):
    """A line to be priced: its visit, the line, and its place from 1."""

    visit: Visit
    line: VisitLine
    number: int

    @property
    def day(self) -> date:
        """The first day of its service."""
        return self.visit.day(self.line)

    @property
    def units(self) -> int:
        """Its units. Raises :class:`~superbill.errors.Invalid` where they are no whole number."""
        if self.line.units % 1:
            raise Invalid.at(
                "units",
                f"{self.line.units:f} is not a whole number of services.",
                "Give whole units.",
            )
        return int(self.line.units)


type Outcome = LinePrice | SuperbillError | None
"""A price, why there is none, or ``None`` for a code that the system does not know."""

type System = Callable[[Systems, Sequence[Asked], bool], Sequence[Outcome]]


class Systems:
    """The payment systems of an open store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._mpfs = mpfs.Pricer(store)

    def laboratory(self, lines: Sequence[Asked], explain: bool) -> list[Outcome]:
        """The clinical laboratory fee schedule."""
        return [_attempt(self._test, asked, explain) for asked in lines]

    def _test(self, asked: Asked, explain: bool) -> Outcome:
        return clfs.price(
            self.store,
            asked.line.code,
            asked.line.modifiers,
            asked.line.units,
            on=asked.day,
            line=asked.number,
            trace=Recorder() if explain else SILENT,
        )

    def physician(self, lines: Sequence[Asked], explain: bool) -> list[Outcome]:
        """The physician fee schedule: its lines together, since procedures of a day are ranked."""
        found: list[Outcome] = []
        known: list[tuple[int, Asked, mpfs.Line]] = []
        for place, asked in enumerate(lines):
            line = _attempt(self._professional, asked, explain)
            if isinstance(line, mpfs.Line):
                known.append((place, asked, line))
                found.append(None)
            else:
                found.append(line)
        priced = self._mpfs.price_claim([line for _, _, line in known], explain=explain)
        for (place, asked, _), each in zip(known, priced, strict=True):
            found[place] = (
                each if isinstance(each, SuperbillError) else each.line_price(asked.number)
            )
        return found

    def _professional(self, asked: Asked, _: bool) -> mpfs.Line | None:
        """The line as the schedule takes it; ``None`` for a code that it does not list."""
        visit, line = asked.visit, asked.line
        if not visit.service_zip:
            raise Invalid.at(
                "zip",
                "nothing says where the service was given, which sets Medicare's locality.",
                "Give the ZIP code of the place of service, or the biller's address.",
            )
        found = mpfs.Line(
            code=line.code,
            date=asked.day,
            pos=line.place_of_service or visit.place_of_service,
            modifiers=line.modifiers,
            zip=visit.service_zip,
            units=asked.units,
            apm=visit.apm,
            participating=visit.biller.participating,
            minutes=line.minutes,
        )
        check(found)
        values = self._mpfs.tables(found).values
        listed = any((line.code, component) in values for component in ("", "26", "TC"))
        return found if listed else None

    def surgery_center(self, lines: Sequence[Asked], explain: bool) -> list[Outcome]:
        """Surgical centres: the lines of a day together, since procedures are ranked."""
        found: dict[int, Outcome] = {}
        by_day: dict[date, list[asc.Service]] = {}
        for asked in lines:
            try:
                service = asc.Service(
                    asked.number,
                    asked.line.code,
                    asked.line.modifiers,
                    asked.units,
                    asked.line.charge,
                )
            except Invalid as invalid:
                found[asked.number] = invalid
            else:
                by_day.setdefault(asked.day, []).append(service)
        cbsa = lines[0].visit.biller.cbsa
        for day, services in by_day.items():
            numbers = [service.number for service in services]
            try:
                tables = asc.tables(self.store, on=day)
                priced: Sequence[Outcome] = asc.price(services, cbsa, tables, explain=explain)
            except SuperbillError as error:
                priced = [error] * len(services)
            found.update(zip(numbers, priced, strict=True))
        return [found[asked.number] for asked in lines]


def _attempt[T](ask: Callable[[Asked, bool], T], asked: Asked, explain: bool) -> T | SuperbillError:
    try:
        return ask(asked, explain)
    except SuperbillError as error:
        return error


SYSTEMS: dict[str, tuple[tuple[str, System], ...]] = {
    "professional": ((clfs.DATASET, Systems.laboratory), (VALUES, Systems.physician)),
    "surgery_center": ((asc.PROCEDURES, Systems.surgery_center),),
    "outpatient": ((clfs.DATASET, Systems.laboratory),),
}
"""By the visit's form, each system with the dataset that must speak for the day."""


def prices(visit: Visit, systems: Systems, *, explain: bool) -> tuple[LinePrice, ...]:
    """What Medicare's systems make of each line.

    Raises :class:`~superbill.errors.Invalid` where a line cannot be what it says, with the line's
    path.
    """
    store = systems.store
    waiting = [Asked(visit, line, number) for number, line in enumerate(visit.lines, 1)]
    found: dict[int, LinePrice] = {}
    reasons: dict[int, str] = {}
    absent: dict[int, str] = {}
    problems: dict[Problem, None] = {}
    for dataset, ask in SYSTEMS[visit.form]:
        held = [asked for asked in waiting if store.covers(dataset, on=asked.day)]
        for asked in waiting:
            if asked not in held:
                absent[asked.number] = str(store.not_covered(dataset, on=asked.day))
        if not held:
            continue
        for asked, outcome in zip(held, ask(systems, held, explain), strict=True):
            match outcome:
                case LinePrice():
                    found[asked.number] = outcome
                case NotCovered():
                    reasons.setdefault(asked.number, str(outcome))
                case Invalid():
                    placed = (_placed(problem, asked.number) for problem in outcome.problems)
                    problems.update(dict.fromkeys(placed))
                case SuperbillError():
                    raise outcome
        waiting = [asked for asked in waiting if asked.number not in found]
    if problems:
        raise Invalid(list(problems))
    nobody = "No schedule that is held lists the code."
    for asked in waiting:
        why = reasons.get(asked.number) or absent.get(asked.number) or nobody
        found[asked.number] = LinePrice(
            line=asked.number, code=asked.line.code, status="open", meaning=why
        )
    return tuple(found[number] for number in sorted(found))


_OF_THE_VISIT = {"pos": "place_of_service", "zip": "zip", "biller.cbsa": "biller.cbsa"}


def _placed(problem: Problem, number: int) -> Problem:
    """A problem of a line with its path in the visit."""
    line = f"lines[{number - 1}]"
    path = _OF_THE_VISIT.get(problem.path) or (f"{line}.{problem.path}" if problem.path else line)
    return Problem(path, problem.message, problem.remedy)
