"""What an edit of services by line is, and what it may ask of the reference data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple, Protocol

import msgspec

from superbill.model import Finding, NotChecked, Visit, VisitLine


class Pair(NamedTuple):
    """An NCCI edit of two codes: which is paid, whether a modifier may pass it, and why."""

    column1: str
    column2: str
    modifier: str
    rationale: str
    release: str


class Units(NamedTuple):
    """A medically unlikely edit: most units, by line (1) or by day (2, 3), and why."""

    most: int
    indicator: str
    rationale: str
    release: str


class Primaries(NamedTuple):
    """Beside which codes an add-on code may be reported; ``type`` 1, 2 or 3."""

    codes: frozenset[str]
    type: str
    release: str


class CodeStanding(NamedTuple):
    """Whether a code may be used on a day; ``known`` says whether it ever could."""

    valid: bool
    known: bool
    last: date | None = None
    release: str = ""


class Lookup(Protocol):
    """What the edits ask of the reference store.

    Each raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
    """

    def pairs(self, codes: frozenset[str], kind: str, *, on: date) -> Iterable[Pair]:
        """Every pair of which both codes are among ``codes``."""
        ...

    def units(self, code: str, kind: str, *, on: date) -> Units | None:
        """The most units of a code."""
        ...

    def primaries(self, code: str, *, on: date) -> Primaries | None:
        """The primaries of an add-on code; ``None`` for a code that is none."""
        ...

    def hcpcs(self, code: str, *, on: date) -> CodeStanding:
        """Whether a HCPCS Level II code may be used on the day."""
        ...

    def modifier(self, modifier: str, *, on: date) -> CodeStanding:
        """Whether a Level II modifier may be used on the day."""
        ...

    def diagnosis(self, code: str, *, on: date) -> bool:
        """Whether a diagnosis may be billed on the day."""
        ...

    def missing_pairs(self, kind: str, *, on: date) -> str:
        """Which parts of the list of pairs are not held, in words; empty where all are."""
        ...


class Service(NamedTuple):
    """A line with its place in the document and its day."""

    where: str
    line: VisitLine
    day: date


class Question(msgspec.Struct, frozen=True, dict=True):
    """What a rule is run on: the visit, the reference data, and the day of filing if known."""

    visit: Visit
    lookup: Lookup
    filed_on: date | None = None

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """Every line with its place and day."""
        visit = self.visit
        return tuple(
            Service(f"lines[{place}]", line, visit.day(line))
            for place, line in enumerate(visit.lines)
        )

    @cached_property
    def days(self) -> Mapping[date, list[Service]]:
        """The lines of each day."""
        found: dict[date, list[Service]] = defaultdict(list)
        for service in self.services:
            found[service.day].append(service)
        return found

    @property
    def provider(self) -> str:
        """Which of CMS's tables speaks for the biller: practitioner, hospital or supplier."""
        if self.visit.form == "outpatient":
            return "hospital"
        # Taxonomy 332B: suppliers of durable medical equipment.
        return "supplier" if self.visit.biller.taxonomy.startswith("332B") else "practitioner"


class Rule(NamedTuple):
    """One edit: the names that its findings may bear, and the generator that makes them.

    It yields :class:`~superbill.model.NotChecked` for what it could not look at, and raises
    :class:`~superbill.errors.NotCovered` where it cannot be run at all.
    """

    finds: tuple[str, ...]
    run: Callable[[Question], Iterable[Finding | NotChecked]]
