"""What became of what was sent: acknowledgements tied to interchanges, transactions and claims.

An interchange is answered by the TA1 with its ISA13, a transaction by the 999 with its GS06 and
ST02, XX
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from superbill.interop.x12.ack.read import (
    Acknowledgement,
    ClaimAck,
    ClaimsAck,
    GroupAck,
    InterchangeAck,
)
from superbill.interop.x12.check.book import day
from superbill.interop.x12.reader import transactions
from superbill.interop.x12.sources import Source

type State = Literal["accepted", "rejected", "no answer"]


class Sent(NamedTuple):
    """A claim that was sent, and by which numbers answers refer to it."""

    claim: str
    interchange: str
    group: str
    transaction: str
    reference: str
    sent: date | None


class Outcome(NamedTuple):
    """What became of a claim. ``by`` is what answered it: TA1, 999, 277CA, or nothing.

    ``why`` are the codes that were given: of the TA1, the 999, or the statuses of the 277CA.
    """

    sent: Sent
    state: State
    by: str
    why: tuple[str, ...]

    def overdue(self, days: int, *, on: date) -> bool:
        """Whether no answer has come in so many days."""
        if self.state != "no answer" or self.sent.sent is None:
            return False
        return (on - self.sent.sent).days > days


def sent_claims(source: Source) -> Iterator[Sent]:
    """The claims of a file that was sent.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, where text cannot be read.
    """
    for transaction in transactions(source):
        if transaction.set_id != "837":
            continue
        gs = transaction.gs
        when = day(gs[4]) if len(gs) > 4 else None
        reference = ""
        for segment in transaction:
            if segment.id == "BHT":
                reference = segment.element(3)
            elif segment.id == "CLM":
                yield Sent(
                    segment.element(1),
                    transaction.isa.control,
                    gs[6] if len(gs) > 6 else "",
                    transaction.control,
                    reference,
                    when,
                )


def track(sent: Iterable[Sent], answers: Iterable[Acknowledgement]) -> Iterator[Outcome]:
    """What became of each claim, in the order in which they were sent."""
    known = _Known(answers)
    for claim in sent:
        yield known.outcome(claim)


class _Known:
    def __init__(self, answers: Iterable[Acknowledgement]) -> None:
        self.interchanges: dict[str, InterchangeAck] = {}
        self.groups: dict[str, GroupAck] = {}
        self.claims: dict[tuple[str, str], ClaimAck] = {}
        for answer in answers:
            if isinstance(answer, InterchangeAck):
                self.interchanges[answer.control] = answer
            elif isinstance(answer, GroupAck):
                self.groups[answer.control] = answer
            else:
                assert isinstance(answer, ClaimsAck)
                for claim in answer.claims:
                    self.claims[answer.reference, claim.claim] = claim

    def outcome(self, sent: Sent) -> Outcome:
        claim = self.claims.get((sent.reference, sent.claim))
        if claim is not None:
            why = tuple(f"{s.category}:{s.status}" for s in claim.statuses)
            return Outcome(sent, "accepted" if claim.accepted else "rejected", "277CA", why)
        group = self.groups.get(sent.group)
        if group is not None:
            named = next((s for s in group.sets if s.control == sent.transaction), None)
            answer = named.answer if named is not None else group.answer
            if answer in {"R", "M", "W", "X"}:
                faults = named.faults if named is not None else group.faults
                return Outcome(sent, "rejected", "999", faults)
        ta1 = self.interchanges.get(sent.interchange)
        if ta1 is not None and ta1.answer == "R":
            return Outcome(sent, "rejected", "TA1", (ta1.fault,))
        return Outcome(sent, "no answer", "", ())
