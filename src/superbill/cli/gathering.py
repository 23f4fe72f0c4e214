"""What a call gathers while it decides, to be written at its end: claims (837I), payments (835)."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import click
from msgspec.structs import replace

from superbill.interop.x12 import (
    Partner,
    SequentialControlNumbers,
    StoredControlNumbers,
    read_partner,
)
from superbill.interop.x12.ack.ledger import NAME as LEDGER
from superbill.interop.x12.ack.ledger import Ledger
from superbill.interop.x12.partner import Interchange, Receiver, Submitter
from superbill.interop.x12.remits import Batch835, Settled, write_835_file
from superbill.model import Decision, Encounter, Remittance, Visit, VisitDecision
from superbill.store.home import data_dir

NUMBERS = "control_numbers.sqlite"


class Gathering(Protocol):
    """Something to write, in the making."""

    def add(self, stay: Encounter, decision: Decision) -> None:
        """Add a stay. Raises :class:`~superbill.errors.Invalid` with everything that is wrong."""
        ...


class Several:
    """Several at once; a stay that one of them refuses is added to none after it."""

    def __init__(self, *each: Gathering) -> None:
        self._each = each

    def add(self, stay: Encounter, decision: Decision) -> None:
        """Add a stay to each."""
        for one in self._each:
            one.add(stay, decision)


class Payments:
    """Remittances of decisions, one for each payer and provider, written as one file of 835s.

    A remittance goes the other way than its claim: from the receiver that the partner file names
    to the submitter. Without a partner file the envelope is a test, from SUPERBILL to who is paid.
    """

    def __init__(
        self, path: Path, partner: Path | None, inputs: tuple[Path, ...], number: int | None
    ) -> None:
        if any(path.exists() and other.exists() and path.samefile(other) for other in inputs):
            raise click.UsageError(f"{path} is read from; name another file for the 835.")
        self._path = path
        self._partner = None if partner is None else _back(read_partner(partner))
        self._number = number
        self._now = now()
        self._batch = (
            Batch835(paid_on=self._now.date())
            if self._partner is None
            else Batch835(paid_on=self._now.date(), syntax=self._partner.syntax)
        )

    def add(self, stay: Encounter | Visit, decision: Decision | VisitDecision) -> None:
        """Add what each payer of a decision pays."""
        self._batch.add(Settled(stay, decision))

    def write(self) -> str:
        """Write the file, where there is a payer's answer, and say what was written."""
        found = self._batch.remittances()
        if not found:
            return "No 835 was written: no payer but the patient answered."
        content = write_835_file(
            self._path,
            found,
            partner=self._partner or _direct(found[0]),
            control=StoredControlNumbers(data_dir() / NUMBERS)
            if self._number is None
            else SequentialControlNumbers(self._number),
            created=self._now,
        )
        claims, payers = len(self._batch), len(found)
        return (
            f"835 written: {payers} remittance{'' if payers == 1 else 's'}, {claims} claim"
            f"{'' if claims == 1 else 's'}, {len(content):,} bytes: {self._path}"
        )


def _back(partner: Partner) -> Partner:
    """The partner as it sends to us."""
    who, to, isa = partner.submitter, partner.receiver, partner.interchange
    return replace(
        partner,
        submitter=replace(who, name=to.name, id=to.id),
        receiver=Receiver(name=who.name, id=who.id),
        interchange=replace(
            isa,
            sender=isa.receiver,
            sender_qualifier=isa.receiver_qualifier,
            receiver=isa.sender,
            receiver_qualifier=isa.sender_qualifier,
            group_sender=isa.group_receiver,
            group_receiver=isa.group_sender,
            authorization="",
            password="",
        ),
    )


def _direct(first: Remittance) -> Partner:
    payee = first.payee
    return Partner(
        submitter=Submitter(name="Superbill", id="SUPERBILL", phone="none"),
        receiver=Receiver(name=payee.name, id=payee.id),
        interchange=Interchange(sender="SUPERBILL", receiver=payee.id),
    )


def now() -> datetime:
    """The time of writing: that of ``SOURCE_DATE_EPOCH`` where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now().astimezone()
    )


def noted(path: Path) -> None:
    """Note the claims of a file that was written in the ledger of the data folder."""
    Ledger(data_dir() / LEDGER).note(path, file=str(path), at=now())
