"""What was received, as far as acknowledgements tell of it: one record for each interchange.

A record holds one line a transaction and, of claims, one entry a claim: acknowledging a file takes
memory in proportion to its claims, and only then.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from superbill.interop.x12.check.answers import (
    Answer,
    Checks,
    GroupAnswer,
    InterchangeAnswer,
    SetAnswer,
    Unreadable,
)
from superbill.interop.x12.check.engine import SetChecker
from superbill.interop.x12.check.finding import Finding
from superbill.interop.x12.check.rules import Desk, Rules, amount, element
from superbill.interop.x12.interchange import Interchange

_NEVER = "FA"
"""The functional group of acknowledgements (997, 999), which are never acknowledged."""


class Party(NamedTuple):
    """A name as NM1 tells it: person (1) or organisation (2), names, identifier."""

    kind: str
    last: str
    first: str
    qualifier: str
    id: str


class Claim(NamedTuple):
    """One claim: who it is for and of, and what was found in it.

    ``findings`` are those of the claim and of the provider, subscriber and patient above it.
    ``trace`` is the sender's clearinghouse number (REF*D9), ``days`` the dates of service.
    """

    id: str
    charge: Decimal | None
    provider: Party
    patient: Party
    trace: str
    bill: str
    days: tuple[str, ...]
    findings: tuple[Finding, ...]


class Received(NamedTuple):
    """One transaction."""

    answer: SetAnswer
    submitter: Party
    receiver: Party
    reference: str
    claims: tuple[Claim, ...]


class Group(NamedTuple):
    """One functional group with its transactions."""

    answer: GroupAnswer
    sets: tuple[Received, ...]


class Arrival(NamedTuple):
    """One interchange with its groups."""

    answer: InterchangeAnswer
    groups: tuple[Group, ...]

    @property
    def isa(self) -> Interchange:
        """The ISA."""
        return self.answer.isa


class Receiving:
    """Listens to a check, and makes records of what may be acknowledged."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self._groups: list[Group] = []
        self._sets: list[Received] = []
        self._ears: list[_Claims] = []

    def checks(self, todo: Checks) -> Checks:
        """The same checks, overheard."""
        ears = self._ears
        overheard = type("Claims", (_Claims,), {"EARS": ears})
        return Checks(todo.level, (*todo.rules, overheard))

    def listen(self, found: Iterator[Answer]) -> Iterator[Answer]:
        """Pass the answers on, and keep what acknowledgements need."""
        for answer in found:
            if isinstance(answer, SetAnswer):
                if element(answer.gs, 1) != _NEVER:
                    self._sets.append(self._received(answer))
                self._ears.clear()
            elif isinstance(answer, GroupAnswer):
                if element(answer.gs, 1) != _NEVER:
                    self._groups.append(Group(answer, tuple(self._sets)))
                self._sets = []
            elif isinstance(answer, InterchangeAnswer):
                # One that brought nothing but acknowledgements is not answered.
                if self._groups or (answer.findings and not answer.groups and not answer.ta1s):
                    self.arrivals.append(Arrival(answer, tuple(self._groups)))
                self._groups = []
            else:
                assert isinstance(answer, Unreadable)
            yield answer

    def _received(self, answer: SetAnswer) -> Received:
        ear = self._ears[0] if self._ears else None
        if ear is None:
            return Received(answer, _NOBODY, _NOBODY, "", ())
        return Received(answer, ear.submitter, ear.receiver, ear.reference, tuple(ear.claims))


_NOBODY = Party("2", "", "", "", "")


class _Claims(Rules):
    """Overhears the claims of a transaction."""

    LEVEL = 0
    SETS: ClassVar = frozenset({"837P", "837I", "837D"})
    EARS: ClassVar[list[Any]]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.EARS.append(self)
        self.submitter = self.receiver = _NOBODY
        self.reference = ""
        self.claims: list[Claim] = []
        self._provider = self._patient = _NOBODY
        # What was found above the claim: of the provider, the subscriber, the patient.
        self._above: list[tuple[Finding, ...]] = [(), (), ()]
        self._from = 0
        self._open: tuple[str, Decimal | None, str] | None = None
        self._trace = ""
        self._days: dict[str, None] = {}

    def _found(self) -> tuple[Finding, ...]:
        """What was found since the last time."""
        desk = self.desk
        assert isinstance(desk, SetChecker)
        found = tuple(desk.findings[self._from :])
        self._from = len(desk.findings)
        return found

    def _bht(self, e: list[str]) -> None:
        self.reference = element(e, 3)

    def _submitter(self, e: list[str]) -> None:
        self.submitter = _party(e)

    def _receiver(self, e: list[str]) -> None:
        self.receiver = _party(e)

    def _level(self, depth: int) -> None:
        self._settle()
        self._above[depth:] = [()] * (3 - depth)
        self._depth = depth

    def _settle(self) -> None:
        """What was found goes to the level that was read."""
        depth = getattr(self, "_depth", None)
        if depth is not None:
            self._above[depth] += self._found()
        else:
            self._found()

    def _provider_level(self, e: list[str]) -> None:
        self._level(0)

    def _provider_name(self, e: list[str]) -> None:
        self._provider = _party(e)

    def _subscriber_level(self, e: list[str]) -> None:
        self._level(1)

    def _subscriber_name(self, e: list[str]) -> None:
        self._patient = _party(e)

    def _patient_level(self, e: list[str]) -> None:
        self._level(2)

    def _patient_name(self, e: list[str]) -> None:
        member = self._patient
        self._patient = _party(e)._replace(qualifier=member.qualifier, id=member.id)

    def _clm(self, e: list[str]) -> None:
        here = self.desk.here().byte
        desk = self.desk
        assert isinstance(desk, SetChecker)
        # What was found in this very segment is the claim's.
        own = [f for f in desk.findings[self._from :] if f.at.byte == here]
        self._settle()
        depth = getattr(self, "_depth", 0)
        self._above[depth] = tuple(f for f in self._above[depth] if f not in own)
        self._own = tuple(own)
        place = element(e, 5).split(self.desk.mark)
        bill = "".join(place[:1] + place[2:3]) if place[1:2] == ["A"] else ""
        self._open = (element(e, 1), amount(e, 2), bill)
        self._trace = ""
        self._days = {}

    def _ref(self, e: list[str]) -> None:
        if element(e, 1) == "D9":
            self._trace = element(e, 2)

    def _dtp(self, e: list[str]) -> None:
        if element(e, 1) in {"434", "472"} and len(self._days) < 400:
            self._days[element(e, 3)] = None

    def _claim_ends(self) -> None:
        if self._open is None:
            return
        name, charge, bill = self._open
        found = (*self._own, *self._found())
        above = tuple(f for level in self._above for f in level)
        self.claims.append(
            Claim(
                name,
                charge,
                self._provider,
                self._patient,
                self._trace,
                bill,
                tuple(self._days),
                (*above, *found),
            )
        )
        self._open = None

    ON: ClassVar = {
        ("ST", "BHT"): _bht,
        ("1000A", "NM1"): _submitter,
        ("1000B", "NM1"): _receiver,
        ("2000A", "HL"): _provider_level,
        ("2010AA", "NM1"): _provider_name,
        ("2000B", "HL"): _subscriber_level,
        ("2010BA", "NM1"): _subscriber_name,
        ("2000C", "HL"): _patient_level,
        ("2010CA", "NM1"): _patient_name,
        ("2300", "CLM"): _clm,
        ("2300", "DTP"): _dtp,
        ("2300", "REF"): _ref,
        ("2400", "DTP"): _dtp,
    }
    AT_END: ClassVar = {"2300": _claim_ends}


def _party(e: list[str]) -> Party:
    return Party(element(e, 2) or "2", element(e, 3), element(e, 4), element(e, 8), element(e, 9))
