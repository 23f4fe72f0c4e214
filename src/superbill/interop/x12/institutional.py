"""837I: a hospital's claim for a stay, to one of its payers (005010X223A2).

The facts of the elements (which, how long, how often) are those of the X12 standard 005010 as the
implementation 005010X223A2 uses them, mandated by 45 CFR 162.1102. Codes of the form (type of
bill, value, occurrence, condition, revenue) are the National Uniform Billing Committee's. Days
and codes come from the encounter, the DRG and what earlier payers did from the decision; nothing
is looked up, so no date selects anything.

A claim that lacks what must be said is refused with every gap named; nothing is made up, and
nothing is cut to fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.x12 import claim, health_codes, parties
from superbill.interop.x12.control_numbers import ControlNumbers
from superbill.interop.x12.coordination import Placed, in_order, no_payer, other_payers
from superbill.interop.x12.envelope import Transaction, TransactionKind, interchange, save
from superbill.interop.x12.partner import (
    Interchange,
    Partner,
    Receiver,
    Submitter,
    check_partner,
)
from superbill.interop.x12.segments import Builder, d8
from superbill.model import Decision, Encounter, Facility

KIND = TransactionKind("HC", "837", "005010X223A2")

# The 5010 guides bound a transaction to 5,000 claims.
CLAIMS_IN_A_TRANSACTION = 5_000


class InstitutionalClaim(NamedTuple):
    """A stay billed to the payer at ``position``, 1 for the first.

    A later payer needs the ``decision``, which tells what the earlier ones did, and in
    ``check_dates`` the day on which each of them answered, by position.
    """

    encounter: Encounter
    decision: Decision | None = None
    position: int = 1
    check_dates: Mapping[int, date] = {}


class _Group(NamedTuple):
    """A transaction in the making."""

    segments: list[str]
    claims: int
    level: int
    provider: int
    facility: Facility | None


_EMPTY = _Group([], 0, 0, 0, None)


class Batch837I:
    """Claims gathered for one file, each checked as it is added.

    >>> from superbill.interop.x12 import SequentialControlNumbers
    >>> batch = Batch837I(partner)  # doctest: +SKIP
    >>> batch.add(InstitutionalClaim(encounter))  # doctest: +SKIP
    >>> batch.write(SequentialControlNumbers(), created)  # doctest: +SKIP
    b'ISA*00*...'
    """

    __slots__ = ("_done", "_open", "_partner", "_syntax")

    def __init__(self, partner: Partner) -> None:
        check_partner(partner)
        self._partner = partner
        self._syntax = partner.syntax
        self._done: list[list[str]] = []
        self._open = _EMPTY

    def __len__(self) -> int:
        return len(self._done) * CLAIMS_IN_A_TRANSACTION + self._open.claims

    def add(self, item: InstitutionalClaim) -> None:
        """Add a claim.

        Raises :class:`~superbill.errors.Invalid` with everything that is wrong with it, and then
        the batch is as it was.
        """
        group = self._open
        if group.claims == CLAIMS_IN_A_TRANSACTION:
            group = _EMPTY
        b = Builder(self._syntax)
        level, provider = group.level, group.provider
        if item.encounter.facility != group.facility:
            level = provider = level + 1
            parties.billing_provider(b, item.encounter.facility, provider)
        level = _claim(b, item, level + 1, provider)
        if b.problems:
            raise Invalid(b.problems)
        if group.claims == 0 and self._open.claims:
            self._done.append(self._open.segments)
        segments = group.segments if group.claims else []
        segments += b.segments
        self._open = _Group(segments, group.claims + 1, level, provider, item.encounter.facility)

    def write(self, control: ControlNumbers, created: datetime) -> bytes:
        """The file. Takes one control number, and only if there is a claim to send.

        Raises :class:`~superbill.errors.Invalid` for a batch without claims.
        """
        if not self._open.claims:
            raise Invalid.at("claims", "has none.", "Give at least one claim.")
        number = control.next(
            self._partner.sender, floor=self._partner.interchange.first_control_number
        )
        bodies = [*self._done, self._open.segments]
        return interchange(
            [self._transaction(body, created) for body in bodies],
            kind=KIND,
            partner=self._partner,
            number=number,
            created=created,
        )

    def _transaction(self, body: Sequence[str], created: datetime) -> Transaction:
        def segments(identification: str) -> Sequence[str]:
            b = Builder(self._syntax)
            _heading(b, self._partner, identification, created)
            return [*b.segments, *body]

        return segments


def write_837i(
    claims: Iterable[InstitutionalClaim],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """The claims as one 837I interchange.

    Raises :class:`~superbill.errors.Invalid` with every problem of every claim, and then no
    control number is used. With several claims the paths begin with ``claims[i]``.
    """
    batch = Batch837I(partner)
    problems: list[tuple[int, Problem]] = []
    count = 0
    for i, item in enumerate(claims):
        count += 1
        try:
            batch.add(item)
        except Invalid as error:
            problems.extend((i, problem) for problem in error.problems)
    if problems:
        raise Invalid(
            [
                p if count == 1 else Problem(f"claims[{i}].{p.path}", p.message, p.remedy)
                for i, p in problems
            ]
        )
    return batch.write(control, created)


def write_837i_file(
    path: Path,
    claims: Iterable[InstitutionalClaim],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """:func:`write_837i` into a file, whole or not at all. Returns what was written."""
    content = write_837i(claims, partner=partner, control=control, created=created)
    save(path, content)
    return content


def direct_partner(item: InstitutionalClaim) -> Partner:
    """A test partner made from the claim itself: the hospital sends to the payer.

    It serves to look at a claim without a partner file: ``usage`` is ``test``, so that no
    receiver takes it for a real one. Raises :class:`~superbill.errors.Invalid` where the encounter
    does not say enough.
    """
    facility = item.encounter.facility
    destination = _destination(item, in_order(item.encounter, item.decision))
    problems = []
    if not facility.phone.strip():
        problems.append(
            Problem(
                "facility.phone",
                "is missing, and the file must say how its sender is reached.",
                "Give the hospital's telephone, or a partner file.",
            )
        )
    payer = destination.payer
    if not payer.payer_id.strip():
        problems.append(
            Problem(
                f"{destination.path}.payer_id",
                "is missing, so there is nobody to send to.",
                "Give the payer's identifier, or a partner file.",
            )
        )
    if problems:
        raise Invalid(problems)
    partner = Partner(
        submitter=Submitter(name=facility.name, id=facility.npi, phone=facility.phone),
        receiver=Receiver(name=payer.name, id=payer.payer_id),
        interchange=Interchange(sender=facility.npi, receiver=payer.payer_id),
    )
    check_partner(partner)
    return partner


def _heading(b: Builder, partner: Partner, identification: str, created: datetime) -> None:
    """BHT and loops 1000A and 1000B. The partner was checked: no problem is left to find."""
    who, to = partner.submitter, partner.receiver
    b.add(
        "BHT",
        "0019",
        "00",
        identification,
        d8(created.date()),
        created.strftime("%H%M"),
        "CH",
    )
    parties.organisation(
        b, "41", who.name, "submitter.name", "46", b.text(who.id, "submitter.id", 80)
    )
    reached = [
        element
        for kind, value in (("TE", who.phone), ("EM", who.email), ("FX", who.fax))
        if value.strip()
        for element in (kind, b.text(value, "submitter", 256))
    ]
    b.add("PER", "IC", b.text(who.contact, "submitter.contact", 60), *reached)
    parties.organisation(b, "40", to.name, "receiver.name", "46", b.text(to.id, "receiver.id", 80))


def _destination(item: InstitutionalClaim, placed: Sequence[Placed]) -> Placed:
    if not placed:
        raise Invalid([no_payer()])
    if not 1 <= item.position <= len(placed):
        raise Invalid.at(
            "position",
            f"{item.position} is not the place of a payer.",
            f"Give 1 to {len(placed)}.",
        )
    return placed[item.position - 1]


def _claim(b: Builder, item: InstitutionalClaim, level: int, parent: int) -> int:
    """Loops 2000B to 2400 of one claim. Returns the number of its last HL."""
    encounter, decision = item.encounter, item.decision
    placed = in_order(encounter, decision)
    to = _destination(item, placed)
    total = claim.total_charge(b, encounter)
    level = parties.subscriber_and_payer(b, encounter, to.payer, to.path, to.place, level, parent)
    claim.information(b, encounter, to, total)
    health_codes.health_care_codes(b, encounter, decision, placed, item.position, total)
    claim.practitioners(b, encounter)
    other_payers(
        b,
        encounter,
        placed,
        position=item.position,
        total=total,
        check_dates=item.check_dates,
    )
    claim.service_lines(b, encounter)
    return level
