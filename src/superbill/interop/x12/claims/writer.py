"""Claims into an 837: gathered, each checked as it is added, and sent as one interchange.

Claims of one kind go into one functional group, 5,000 at most into a transaction. Claims that come
one after another for the same billing provider or the same patient share the loops above them.
What is ready waits outside the memory where it is much, and the file is whole or is not there.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, NamedTuple, Self

from superbill.errors import Invalid, Problem
from superbill.interop.x12.claims import extras, write_claim, write_lines, write_parties
from superbill.interop.x12.claims.needs import needs, places
from superbill.interop.x12.control_numbers import ControlNumbers
from superbill.interop.x12.envelope import TransactionKind, group_head, isa, saving
from superbill.interop.x12.partner import Partner, check_partner
from superbill.interop.x12.segments import Builder, d8
from superbill.model import Claim, ClaimKind

KINDS: dict[ClaimKind, TransactionKind] = {
    "837P": TransactionKind("HC", "837", "005010X222A1"),
    "837I": TransactionKind("HC", "837", "005010X223A2"),
    "837D": TransactionKind("HC", "837", "005010X224A2"),
}

# The 5010 guides bound a transaction to 5,000 claims, and a patient to 100.
CLAIMS_IN_A_TRANSACTION = 5_000
_CLAIMS_OF_A_PATIENT = 100

_IN_MEMORY = 16 * 1024**2
_PIECE = 1024**2


class _Done(NamedTuple):
    """A transaction that is ready but for its head."""

    purpose: str
    start: int
    length: int
    segments: int


class _Open:
    """A transaction in the making, and what its last claim stood below."""

    __slots__ = (
        "billing",
        "claims",
        "level",
        "of_patient",
        "people",
        "provider",
        "purpose",
        "segments",
    )

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self.segments: list[str] = []
        self.claims = 0
        self.level = 0
        self.provider = 0
        self.of_patient = 0
        self.billing: list[str] = []
        self.people: tuple[list[str], list[str]] = ([], [])


class _Group:
    """All of one kind: transactions that are ready, and the one that is open."""

    __slots__ = ("done", "length", "open", "spool")

    def __init__(self) -> None:
        self.done: list[_Done] = []
        self.spool: IO[bytes] = io.BytesIO()
        self.length = 0
        self.open = _Open("CH")

    def keep(self, content: bytes) -> int:
        """Keep a transaction; returns where it begins. Much is kept outside the memory."""
        start = self.length
        self.length += len(content)
        if start <= _IN_MEMORY < self.length:
            held, self.spool = self.spool, TemporaryFile()  # noqa: SIM115 (kept open)
            held.seek(0)
            copyfileobj(held, self.spool)
        self.spool.seek(0, io.SEEK_END)
        self.spool.write(content)
        return start


class ClaimWriter:
    """Claims gathered for one file.

    With ``strict`` a claim that lacks what its guide requires is refused too, and not only one
    that cannot be expressed. Many claims wait in a file of the system's, which :meth:`close`, or
    the end of a ``with`` block, gives up.

    >>> writer = ClaimWriter(partner)  # doctest: +SKIP
    >>> writer.add(claim)  # doctest: +SKIP
    >>> writer.save(path, SequentialControlNumbers(), created)  # doctest: +SKIP
    """

    __slots__ = ("_groups", "_partner", "_strict", "_syntax", "claims")

    def __init__(self, partner: Partner, *, strict: bool = True) -> None:
        check_partner(partner)
        self._partner = partner
        self._syntax = partner.syntax
        self._strict = strict
        self._groups: dict[ClaimKind, _Group] = {}
        self.claims = 0

    def add(self, claim: Claim) -> None:
        """Add a claim.

        Raises :class:`~superbill.errors.Invalid` with everything that is wrong with it, and then
        all is as it was.
        """
        syntax = self._syntax
        b = Builder(syntax, lenient=not self._strict)
        places(b, claim)
        if self._strict:
            needs(b, claim)
        write_parties.billing(b, claim)
        billing, b.segments = b.segments, []
        billed = claim.payer
        if billed is None:
            if not self._strict:
                b.problem("coverages", "has nobody to send the claim to.", "Give the payer.")
            raise Invalid(_once(b.problems))
        path = f"coverages[{claim.coverages.index(billed)}]"
        write_parties.subscriber_level(b, claim, billed, path)
        subscriber, b.segments = b.segments, []
        if billed.subscriber is not None:
            write_parties.patient_level(b, claim, billed, path)
        patient, b.segments = b.segments, []
        write_claim.head(b, claim, billed, path)
        write_parties.providers(b, claim.providers, "providers", kind=claim.kind, loop="2310")
        extras.loops(b, claim.extra, "", {"2310"})
        for i, other in enumerate(claim.coverages):
            if other is not billed:
                write_parties.other_payer(b, claim, other, f"coverages[{i}]")
        write_lines.lines(b, claim)
        extras.loops(b, claim.extra, "", {"2400"})
        purpose = b.text(claim.purpose, "purpose", 2, required="Say CH, RP or 31.")
        if b.problems:
            raise Invalid(_once(b.problems))
        group = self._groups.setdefault(claim.kind, _Group())
        at = group.open
        if at.claims == CLAIMS_IN_A_TRANSACTION or (at.claims and at.purpose != purpose):
            self._close(group)
            at = group.open
        at.purpose = purpose
        self._place(at, billing, (subscriber, patient), b.segments)
        self.claims += 1

    def _place(
        self, at: _Open, billing: list[str], people: tuple[list[str], list[str]], body: list[str]
    ) -> None:
        """A claim below the levels that it shares with the one before, or below new ones."""
        element = self._syntax.delimiters.element
        if billing != at.billing or not at.provider:
            at.level += 1
            at.provider, at.billing, at.of_patient = at.level, billing, 0
            at.segments += [element.join(("HL", str(at.level), "", "20", "1")), *billing]
        if people != at.people or not 0 < at.of_patient < _CLAIMS_OF_A_PATIENT:
            subscriber, patient = people
            at.level += 1
            number = str(at.level)
            has_patient = "1" if patient else "0"
            hl = ("HL", number, str(at.provider), "22", has_patient)
            at.segments += [element.join(hl), *subscriber]
            if patient:
                at.level += 1
                at.segments += [element.join(("HL", str(at.level), number, "23", "0")), *patient]
            at.people, at.of_patient = people, 0
        at.of_patient += 1
        at.segments += body
        at.claims += 1

    def _close(self, group: _Group) -> None:
        at = group.open
        if at.claims:
            end = self._syntax.terminator
            content = (end.join(at.segments) + end).encode("ascii")
            start = group.keep(content)
            group.done.append(_Done(at.purpose, start, len(content), len(at.segments)))
        group.open = _Open("CH")

    def close(self) -> None:
        """Give up what was kept."""
        for group in self._groups.values():
            group.spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, control: ControlNumbers, created: datetime) -> bytes:
        """The file as bytes. Takes control numbers only if there is a claim to send.

        Raises :class:`~superbill.errors.Invalid` where there is none.
        """
        file = io.BytesIO()
        self._send(file, control, created)
        return file.getvalue()

    def save(self, path: Path, control: ControlNumbers, created: datetime) -> None:
        """:meth:`write` into a file, whole or not at all."""
        with saving(path) as file:
            self._send(file, control, created)

    def _send(self, file: IO[bytes], control: ControlNumbers, created: datetime) -> None:
        if not self.claims:
            raise Invalid.at("claims", "has none.", "Give at least one claim.")
        partner, syntax = self._partner, self._syntax
        first = partner.interchange.first_control_number
        number = control.next(partner.sender, floor=first)
        groups = 0
        file.write(_text(syntax.terminator, [isa(partner, number, created)]))
        for kind, group in self._groups.items():
            self._close(group)
            # A group is numbered as the interchange is; a further one takes a number of its own.
            own = control.next(partner.sender, floor=first) if groups else number
            groups += 1
            self._group(file, KINDS[kind], group, own, created)
        element = syntax.delimiters.element
        file.write(_text(syntax.terminator, [element.join(("IEA", str(groups), f"{number:09d}"))]))

    def _group(
        self,
        file: IO[bytes],
        kind: TransactionKind,
        group: _Group,
        number: int,
        created: datetime,
    ) -> None:
        end, element = self._syntax.terminator, self._syntax.delimiters.element
        file.write(_text(end, [group_head(self._partner, kind, number, created)]))
        for position, done in enumerate(group.done, 1):
            control = f"{position:04d}"
            b = Builder(self._syntax)
            b.add("ST", kind.set_id, control, kind.version)
            heading(b, self._partner, f"{number:09d}{control}", created, done.purpose)
            file.write(_text(end, b.segments))
            group.spool.seek(done.start)
            left = done.length
            while left:
                piece = group.spool.read(min(left, _PIECE))
                left -= len(piece)
                file.write(piece)
            count = len(b.segments) + done.segments + 1
            file.write(_text(end, [element.join(("SE", str(count), control))]))
        file.write(_text(end, [element.join(("GE", str(len(group.done)), str(number)))]))


def _once(problems: Sequence[Problem]) -> list[Problem]:
    """The problems without those of a place that was told of before."""
    found: dict[str, Problem] = {}
    for problem in problems:
        path = problem.path.removeprefix(".")
        found.setdefault(path, Problem(path, problem.message, problem.remedy))
    return list(found.values())


def _text(end: str, segments: Sequence[str]) -> bytes:
    return (end.join(segments) + end).encode("ascii")


def heading(
    b: Builder, partner: Partner, identification: str, created: datetime, purpose: str
) -> None:
    """BHT and loops 1000A and 1000B. The partner was checked: no problem is left to find."""
    who, to = partner.submitter, partner.receiver
    b.add(
        "BHT",
        "0019",
        "00",
        identification,
        d8(created.date()),
        created.strftime("%H%M"),
        purpose,
    )
    b.add("NM1", "41", "2", b.text(who.name, "submitter.name", 60), "", "", "", "", "46",
          b.text(who.id, "submitter.id", 80))  # fmt: skip
    reached = [
        element
        for kind, value in (("TE", who.phone), ("EM", who.email), ("FX", who.fax))
        if value.strip()
        for element in (kind, b.text(value, "submitter", 256))
    ]
    b.add("PER", "IC", b.text(who.contact, "submitter.contact", 60), *reached)
    b.add("NM1", "40", "2", b.text(to.name, "receiver.name", 60), "", "", "", "", "46",
          b.text(to.id, "receiver.id", 80))  # fmt: skip
