"""837I: a hospital's claim for a stay, to one of its payers (005010X223A2).

The stay becomes a :class:`~superbill.model.Claim` (:mod:`superbill.interop.x12.claims.stay`, where
it is told what governs it), and that is written as every claim is
(:mod:`superbill.interop.x12.claims.writer`).

A claim that lacks what must be said is refused with every gap named; nothing is made up, and
nothing is cut to fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.x12.claims.stay import claim_of, destination
from superbill.interop.x12.claims.writer import ClaimWriter
from superbill.interop.x12.control_numbers import ControlNumbers
from superbill.interop.x12.coordination import in_order
from superbill.interop.x12.envelope import save
from superbill.interop.x12.partner import (
    Interchange,
    Partner,
    Receiver,
    Submitter,
    check_partner,
)
from superbill.model import Decision, Encounter


class InstitutionalClaim(NamedTuple):
    """A stay billed to the payer at ``position``, 1 for the first.

    A later payer needs the ``decision``, which tells what the earlier ones did, and in
    ``check_dates`` the day on which each of them answered, by position.
    """

    encounter: Encounter
    decision: Decision | None = None
    position: int = 1
    check_dates: Mapping[int, date] = {}


class Batch837I:
    """Claims gathered for one file, each checked as it is added.

    >>> from superbill.interop.x12 import SequentialControlNumbers
    >>> batch = Batch837I(partner)  # doctest: +SKIP
    >>> batch.add(InstitutionalClaim(encounter))  # doctest: +SKIP
    >>> batch.write(SequentialControlNumbers(), created)  # doctest: +SKIP
    b'ISA*00*...'
    """

    __slots__ = ("_syntax", "_writer")

    def __init__(self, partner: Partner) -> None:
        self._writer = ClaimWriter(partner)
        self._syntax = partner.syntax

    def __len__(self) -> int:
        return self._writer.claims

    def add(self, item: InstitutionalClaim) -> None:
        """Add a claim.

        Raises :class:`~superbill.errors.Invalid` with everything that is wrong with it, and then
        the batch is as it was.
        """
        self._writer.add(
            claim_of(
                item.encounter,
                item.decision,
                position=item.position,
                check_dates=item.check_dates,
                syntax=self._syntax,
            )
        )

    def write(self, control: ControlNumbers, created: datetime) -> bytes:
        """The file. Takes one control number, and only if there is a claim to send.

        Raises :class:`~superbill.errors.Invalid` for a batch without claims.
        """
        return self._writer.write(control, created)


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
    to = destination(in_order(item.encounter, item.decision), item.position)
    problems = []
    if not facility.phone.strip():
        problems.append(
            Problem(
                "facility.phone",
                "is missing, and the file must say how its sender is reached.",
                "Give the hospital's telephone, or a partner file.",
            )
        )
    payer = to.payer
    if not payer.payer_id.strip():
        problems.append(
            Problem(
                f"{to.path}.payer_id",
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
