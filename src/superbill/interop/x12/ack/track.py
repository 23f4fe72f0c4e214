"""What became of what was sent: acknowledgements tied to interchanges, transactions and claims.

An interchange is answered by the TA1 with its ISA13, a transaction by the 999 (or 997) with its
GS06 and ST02, a claim by the 277CA that repeats its transaction's BHT03 and its own CLM01. Where
several senders use the same numbers, an answer is that of the sender to whom it goes back (its
ISA08 is the sender's ISA06). The nearest answer decides: a claim that a 277CA names is accepted or
rejected by it; else a rejection by 999 or TA1 stands for all that they cover; an acceptance by
these says only that it was received.
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
    SetAck,
)
from superbill.interop.x12.check.book import day
from superbill.interop.x12.reader import transactions
from superbill.interop.x12.sources import Source

type State = Literal["accepted", "rejected", "received", "no answer"]

_REJECTS = frozenset({"R", "M", "W", "X"})
"""Answers of an IK5 or AK9 that reject."""


class Sent(NamedTuple):
    """A claim that was sent, and by which numbers answers refer to it.

    ``sender`` is the interchange's, such as ``ZZ:EGH001``; ``file`` where it was written.
    """

    claim: str
    interchange: str
    group: str
    transaction: str
    reference: str
    sent: date | None
    sender: str = ""
    file: str = ""


class Outcome(NamedTuple):
    """What became of a claim. ``by`` is what answered it: TA1, 999, 277CA, or nothing.

    ``received``: an acknowledgement took in the transaction or the interchange, and nothing speaks
    of the claim yet. ``why`` are the codes that were given: of the TA1, the 999, or the statuses of
    the 277CA.
    """

    sent: Sent
    state: State
    by: str
    why: tuple[str, ...]

    def overdue(self, days: int, *, on: date, claim_level: bool = False) -> bool:
        """Whether no answer has come in so many days.

        With ``claim_level`` an answer to the transaction alone does not count.
        """
        waiting = self.state == "no answer" or (claim_level and self.state == "received")
        if not waiting or self.sent.sent is None:
            return False
        return (on - self.sent.sent).days > days


def sent_claims(source: Source, *, file: str = "") -> Iterator[Sent]:
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
                    transaction.isa.sender,
                    file,
                )


def track(sent: Iterable[Sent], answers: Iterable[Acknowledgement]) -> Iterator[Outcome]:
    """What became of each claim, in the order in which they were sent."""
    claims = list(sent)
    known = _Known(answers, claims)
    for claim in claims:
        yield known.outcome(claim)


def strays(sent: Iterable[Sent], answers: Iterable[Acknowledgement]) -> list[str]:
    """Answers to something that is not among ``sent``, told in words; each once."""
    claims = list(sent)
    interchanges = {_bare(c.interchange) for c in claims}
    groups = {_bare(c.group) for c in claims}
    sets = {(_bare(c.group), _bare(c.transaction)) for c in claims}
    named = {(c.reference, c.claim) for c in claims}
    references = {c.reference for c in claims}
    ids = {c.claim for c in claims}
    told: dict[str, None] = {}
    for answer in answers:
        if isinstance(answer, InterchangeAck):
            if _bare(answer.control) not in interchanges:
                told[f"A TA1 answers interchange {answer.control}."] = None
        elif isinstance(answer, GroupAck):
            group = _bare(answer.control)
            if group not in groups:
                told[f"A 999 answers group {answer.control}."] = None
            for each in answer.sets if group in groups else ():
                if each.set_id == "837" and (group, _bare(each.control)) not in sets:
                    what = f"A 999 answers transaction {each.control} of group {answer.control}."
                    told[what] = None
        else:
            for claim in answer.claims:
                anew = answer.reference not in references and claim.claim in ids
                if (answer.reference, claim.claim) not in named and not anew:
                    told[f"A 277CA answers claim {claim.claim}."] = None
    return list(told)


def _bare(number: str) -> str:
    """A control number without its leading zeros, which some write and some do not."""
    return number.strip().lstrip("0")


class _Known:
    """Answers by the numbers of what they answer."""

    def __init__(self, answers: Iterable[Acknowledgement], sent: list[Sent]) -> None:
        references = {claim.reference for claim in sent}
        self._senders = {_name(claim.sender) for claim in sent}
        self._interchanges: dict[str, list[InterchangeAck]] = {}
        self._groups: dict[str, list[GroupAck]] = {}
        self._claims: dict[tuple[str, str], ClaimAck] = {}
        self._by_id: dict[str, ClaimAck] = {}
        self._whole: dict[str, ClaimsAck] = {}
        for answer in answers:
            if isinstance(answer, InterchangeAck):
                self._interchanges.setdefault(_bare(answer.control), []).append(answer)
            elif isinstance(answer, GroupAck):
                self._groups.setdefault(_bare(answer.control), []).append(answer)
            else:
                self._whole[answer.reference] = answer
                for claim in answer.claims:
                    self._claims[answer.reference, claim.claim] = claim
                    if answer.reference not in references:
                        # Somebody on the way gave the transaction a number of its own.
                        self._by_id[claim.claim] = claim

    def outcome(self, sent: Sent) -> Outcome:
        claim = self._claims.get((sent.reference, sent.claim)) or self._by_id.get(sent.claim)
        if claim is not None:
            why = tuple(f"{s.category}:{s.status}" for s in claim.statuses)
            return Outcome(sent, "accepted" if claim.accepted else "rejected", "277CA", why)
        whole = self._whole.get(sent.reference)
        if whole is not None and whole.rejected:
            why = tuple(f"{s.category}:{s.status}" for s in whole.statuses)
            return Outcome(sent, "rejected", "277CA", why)
        received: Outcome | None = None
        for group in reversed(self._groups.get(_bare(sent.group), [])):
            if self._to_another(sent, group.to):
                continue
            answer, faults = _of_set(group, sent)
            if answer in _REJECTS:
                return Outcome(sent, "rejected", "999", faults)
            received = received or Outcome(sent, "received", "999", faults)
        for ta1 in reversed(self._interchanges.get(_bare(sent.interchange), [])):
            if self._to_another(sent, ta1.to):
                continue
            if ta1.answer == "R":
                return Outcome(sent, "rejected", "TA1", (ta1.fault,))
            received = received or Outcome(sent, "received", "TA1", ())
        return received or Outcome(sent, "no answer", "", ())

    def _to_another(self, sent: Sent, to: str) -> bool:
        """Whether an answer goes to another of the senders."""
        return _name(to) != _name(sent.sender) and _name(to) in self._senders


def _name(interchange_id: str) -> str:
    """An interchange identifier without its qualifier, which partners do not always repeat."""
    return interchange_id.partition(":")[2].strip()


def _of_set(group: GroupAck, sent: Sent) -> tuple[str, tuple[str, ...]]:
    """What a 999 answers to a transaction: by name, else with the group."""
    number = _bare(sent.transaction)
    named: SetAck | None = next((s for s in group.sets if _bare(s.control) == number), None)
    if named is not None:
        return named.answer, named.faults
    return group.answer, group.faults
