"""The claims of a call, gathered and written as one 837: stays as 837I, visits as 837P."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from superbill.errors import Invalid
from superbill.interop.x12 import (
    Batch837I,
    ControlNumbers,
    InstitutionalClaim,
    Partner,
    SequentialControlNumbers,
    StoredControlNumbers,
    direct_partner,
    read_partner,
)
from superbill.interop.x12.claims.visit import claim_of_visit
from superbill.interop.x12.claims.writer import ClaimWriter
from superbill.interop.x12.envelope import save
from superbill.interop.x12.partner import Interchange, Receiver, Submitter, check_partner
from superbill.model import Claim, Decision, Encounter, Visit
from superbill.store.home import data_dir

NUMBERS = "control_numbers.sqlite"


class Claims:
    """Claims to the first payers of stays, checked as they are added.

    Numbers are counted in the data folder, so that no two files bear the same, unless ``number``
    gives the first one. The time of writing is that of ``SOURCE_DATE_EPOCH`` where it is set.
    """

    def __init__(
        self, path: Path, partner: Path | None, inputs: tuple[Path, ...], number: int | None
    ) -> None:
        if any(path.exists() and other.exists() and path.samefile(other) for other in inputs):
            raise click.UsageError(f"{path} is read from; name another file for the 837I.")
        self._path = path
        self._given = None if partner is None else read_partner(partner)
        self._partner: Partner | None = None
        self._batch: Batch837I | None = None
        self._writer: ClaimWriter | None = None
        self._number = number

    def add(self, stay: Encounter, decision: Decision) -> None:
        """Add the claim of a stay. Raises :class:`~superbill.errors.Invalid` with every gap."""
        if self._writer is not None:
            raise Invalid.at(
                "(document)",
                "claims of visits are gathered already, and one file is of one kind.",
                "Write stays and visits into files of their own.",
            )
        item = InstitutionalClaim(stay, decision)
        partner = direct_partner(item) if self._given is None else self._given
        if self._batch is None or self._partner is None:
            batch = Batch837I(partner)
            batch.add(item)
            self._batch, self._partner = batch, partner
            return
        if partner != self._partner:
            raise Invalid.at(
                "payers[0]",
                "this claim goes to another payer, or comes from another hospital, than the first.",
                "One file has one sender and one receiver: say which with --partner.",
            )
        self._batch.add(item)

    def add_visit(self, visit: Visit) -> None:
        """Add the claim of a visit. Raises :class:`~superbill.errors.Invalid` with every gap."""
        if self._batch is not None:
            raise Invalid.at(
                "(document)",
                "claims of stays are gathered already, and one file is of one kind.",
                "Write stays and visits into files of their own.",
            )
        claim = claim_of_visit(visit)
        partner = _direct(claim, visit) if self._given is None else self._given
        if self._writer is None:
            self._writer, self._partner = ClaimWriter(partner), partner
        if partner != self._partner:
            raise Invalid.at(
                "payers[0]",
                "this claim goes to another payer, or comes from another biller, than the first.",
                "One file has one sender and one receiver: say which with --partner.",
            )
        self._writer.add(claim)

    def write(self) -> str:
        """Write the file, where there is a claim, and say what was written."""
        if self._batch is None and self._writer is None:
            return ""
        control: ControlNumbers = (
            StoredControlNumbers(data_dir() / NUMBERS)
            if self._number is None
            else SequentialControlNumbers(self._number)
        )
        if self._writer is not None:
            with self._writer as writer:
                content, count = writer.write(control, _now()), writer.claims
        else:
            assert self._batch is not None
            content, count = self._batch.write(control, _now()), len(self._batch)
        save(self._path, content)
        return f"{count} claim{'' if count == 1 else 's'}, {len(content):,} bytes: {self._path}"


def _direct(claim: Claim, visit: Visit) -> Partner:
    """A test partner made from the claim itself: the biller sends to the payer."""
    payer = claim.payer
    if not visit.biller.phone.strip():
        raise Invalid.at(
            "biller.phone",
            "is missing, and the file must say how its sender is reached.",
            "Give the biller's telephone, or a partner file.",
        )
    assert payer is not None
    partner = Partner(
        submitter=Submitter(name=visit.biller.name, id=visit.biller.npi, phone=visit.biller.phone),
        receiver=Receiver(name=payer.payer_name, id=payer.payer_id),
        interchange=Interchange(sender=visit.biller.npi, receiver=payer.payer_id),
    )
    check_partner(partner)
    return partner


def _now() -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now().astimezone()
    )
