"""A ledger of what was sent: each claim with its numbers, and what became of it so far.

A small SQLite file, beside the control numbers. Writers note in it what they write; what comes back
is settled in it, so that answers may come one by one, days apart. It holds numbers and days and no
more: no name, no diagnosis, no amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from superbill.errors import Invalid
from superbill.interop.x12.ack.read import Acknowledgement
from superbill.interop.x12.ack.track import Outcome, Sent, State, sent_claims, track
from superbill.interop.x12.sources import Source

if TYPE_CHECKING:
    import sqlite3

NAME = "sent.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sent (
    sender TEXT NOT NULL,
    interchange TEXT NOT NULL,
    functional_group TEXT NOT NULL,
    transaction_set TEXT NOT NULL,
    place INTEGER NOT NULL,
    claim TEXT NOT NULL,
    reference TEXT NOT NULL,
    sent TEXT,
    file TEXT NOT NULL,
    noted TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'no answer',
    answered_by TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (sender, interchange, functional_group, transaction_set, place)
) WITHOUT ROWID
"""
_NOTE = """
INSERT INTO sent (sender, interchange, functional_group, transaction_set, place, claim, reference,
                  sent, file, noted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_ALL = """
SELECT claim, interchange, functional_group, transaction_set, reference, sent, sender, file,
       state, answered_by, why, place
FROM sent ORDER BY noted, sender, interchange, functional_group, transaction_set, place
"""
_SETTLE = """
UPDATE sent SET state = ?, answered_by = ?, why = ?
WHERE sender = ? AND interchange = ? AND functional_group = ? AND transaction_set = ? AND place = ?
"""
_RANK = {"no answer": 0, "received": 1, "accepted": 2, "rejected": 2}


class Ledger:
    """What was sent, in a SQLite file that is made when something is first noted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, source: Source, *, file: str, at: datetime) -> int:
        """Note the claims of a file that is sent; how many were not in the ledger yet.

        ``file`` is where it lies, ``at`` when it was written. A file that was noted before changes
        nothing. Raises :class:`~superbill.errors.Invalid` where the file is no X12 text or the
        ledger cannot be written.
        """
        claims = list(sent_claims(source, file=file))
        places: dict[tuple[str, str, str, str], int] = {}
        with self._open() as held:
            before = held.total_changes
            for claim in claims:
                key = (claim.sender, claim.interchange, claim.group, claim.transaction)
                place = places[key] = places.get(key, 0) + 1
                day = claim.sent.isoformat() if claim.sent is not None else None
                held.execute(
                    _NOTE, (*key, place, claim.claim, claim.reference, day, file, at.isoformat())
                )
            return held.total_changes - before

    def outcomes(self) -> list[Outcome]:
        """Every claim, in the order in which they were noted, with what became of it so far."""
        return [outcome for _, outcome in self._rows()]

    def settle(self, answers: Iterable[Acknowledgement]) -> list[Outcome]:
        """Take answers in: every claim, with what became of it now.

        An answer to a claim outweighs one to its transaction, whenever either came; of two of the
        same weight, the later one stands.
        """
        rows = self._rows()
        found = track([before.sent for _, before in rows], answers)
        settled: list[Outcome] = []
        changed: list[tuple[str | int, ...]] = []
        for (place, before), now in zip(rows, found, strict=True):
            keep = _RANK[now.state] < _RANK[before.state] or now.state == "no answer"
            outcome = before if keep else now
            settled.append(outcome)
            if outcome is not before:
                sent = outcome.sent
                numbers = (sent.sender, sent.interchange, sent.group, sent.transaction, place)
                changed.append((outcome.state, outcome.by, " ".join(outcome.why), *numbers))
        if changed:
            with self._open() as held:
                held.executemany(_SETTLE, changed)
        return settled

    def _rows(self) -> list[tuple[int, Outcome]]:
        if not self.path.exists():
            return []
        with self._open() as held:
            return [_outcome(row) for row in held.execute(_ALL)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        import sqlite3  # noqa: PLC0415 (only who keeps a ledger pays for it)

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            held = sqlite3.connect(self.path, timeout=60)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            with held:
                held.execute(_SCHEMA)
                yield held
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        finally:
            held.close()

    def _unusable(self, error: BaseException) -> Invalid:
        return Invalid.at(
            "ledger",
            f"{self.path} cannot be read or written ({error}).",
            "Give a file in a folder that you may write to, or restore it from a copy.",
        )


def _outcome(row: tuple[object, ...]) -> tuple[int, Outcome]:
    *numbers, day, sender, file, state, by, why, place = row
    claim, interchange, group, transaction, reference = map(str, numbers)
    sent = Sent(
        claim,
        interchange,
        group,
        transaction,
        reference,
        date.fromisoformat(day) if isinstance(day, str) else None,
        str(sender),
        str(file),
    )
    assert isinstance(place, int)
    return place, Outcome(sent, cast("State", state), str(by), tuple(str(why).split()))


def user_ledger(folder: Path) -> Ledger:
    """The ledger in a data folder."""
    return Ledger(folder / NAME)
