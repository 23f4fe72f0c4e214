"""The claims of a call, gathered and written as one 837I."""

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
from superbill.interop.x12.envelope import save
from superbill.model import Decision, Encounter
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
        self._number = number

    def add(self, stay: Encounter, decision: Decision) -> None:
        """Add the claim of a stay. Raises :class:`~superbill.errors.Invalid` with every gap."""
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

    def write(self) -> str:
        """Write the file, where there is a claim, and say what was written."""
        if self._batch is None:
            return ""
        control: ControlNumbers = (
            StoredControlNumbers(data_dir() / NUMBERS)
            if self._number is None
            else SequentialControlNumbers(self._number)
        )
        content = self._batch.write(control, _now())
        save(self._path, content)
        count = len(self._batch)
        return f"{count} claim{'' if count == 1 else 's'}, {len(content):,} bytes: {self._path}"


def _now() -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now().astimezone()
    )
