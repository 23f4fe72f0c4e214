"""Reading acknowledgements back: TA1, 999 (and 997's like), 277CA, as values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from superbill.interop.x12.check.rules import amount, element
from superbill.interop.x12.reader import (
    Block,
    Gap,
    Transaction,
    blocks,
    inside,
    refusal,
    transactions,
)
from superbill.interop.x12.sources import Source, pieces
from superbill.interop.x12.tree import walk


class InterchangeAck(NamedTuple):
    """A TA1. ``answer`` is A accepted, E accepted with errors, R rejected.

    ``to`` is who it goes to, the sender of what it answers, such as ``ZZ:EGH001``.
    """

    control: str
    date: str
    time: str
    answer: str
    fault: str
    to: str = ""


class ElementFault(NamedTuple):
    """An IK4: which element (``5-3`` for a component), its number, the fault, and what was sent."""

    place: str
    number: str
    fault: str
    sent: str


class SegmentFault(NamedTuple):
    """An IK3: which segment, its position in the transaction, its loop and the fault.

    ``claim`` is the number of the claim that a CTX names.
    """

    segment: str
    position: int
    loop: str
    fault: str
    claim: str
    elements: tuple[ElementFault, ...]


class SetAck(NamedTuple):
    """An AK2 with its IK5: what was answered to one transaction."""

    set_id: str
    control: str
    answer: str
    faults: tuple[str, ...]
    segments: tuple[SegmentFault, ...]


class GroupAck(NamedTuple):
    """A 999: what was answered to one functional group.

    ``answer`` is A, E, P (partially) or R; ``sets`` are the transactions that are named, which
    need not be all. ``to`` is who it goes to.
    """

    kind: str
    control: str
    version: str
    answer: str
    stated: int
    received: int
    accepted: int
    faults: tuple[str, ...]
    sets: tuple[SetAck, ...]
    to: str = ""


class ClaimStatus(NamedTuple):
    """One status of a claim: category, status code, and whom it is about."""

    category: str
    status: str
    entity: str
    action: str


class ClaimAck(NamedTuple):
    """What a 277CA says of one claim. ``claim`` is the sender's number (CLM01)."""

    claim: str
    statuses: tuple[ClaimStatus, ...]
    charge: Decimal | None
    payer_control: str
    trace: str

    @property
    def accepted(self) -> bool:
        """Whether the payer took the claim (action WQ, or a category of acceptance)."""
        return all(s.action == "WQ" for s in self.statuses) and bool(self.statuses)


class ClaimsAck(NamedTuple):
    """A 277CA. ``reference`` is the BHT03 of the transaction that it answers.

    ``statuses`` are those of the transaction as a whole; ``to`` is who it goes to.
    """

    reference: str
    claims: tuple[ClaimAck, ...]
    statuses: tuple[ClaimStatus, ...] = ()
    to: str = ""

    @property
    def rejected(self) -> bool:
        """Whether the transaction as a whole was rejected."""
        return bool(self.statuses) and all(s.action == "U" for s in self.statuses)


type Acknowledgement = InterchangeAck | GroupAck | ClaimsAck


def read(source: Source) -> Iterator[Acknowledgement]:
    """Every acknowledgement in ``source``.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, where text cannot be read.
    """
    # TA1s stand outside of transactions: the text is read twice, so it must be at hand.
    content = source if isinstance(source, bytes) else b"".join(pieces(source))
    yield from _ta1s(content)
    for transaction in transactions(content):
        if transaction.set_id in {"999", "997"}:
            yield _group(transaction)
        elif transaction.set_id == "277" and transaction.version.startswith("005010X214"):
            yield _claims(transaction)


def _ta1s(source: Source) -> Iterator[InterchangeAck]:
    for block in blocks(source):
        if isinstance(block, Gap):
            continue
        if not isinstance(block, Block):
            raise refusal([block])
        for segment in inside(block):
            if segment.id == "TA1":
                e = segment.elements
                control, day, time, answer, fault = (element(e, place) for place in range(1, 6))
                to = block.interchange.receiver
                yield InterchangeAck(control, day, time, answer, fault, to)


def _group(transaction: Transaction) -> GroupAck:
    mark = transaction.isa.delimiters.component
    head: list[str] = []
    tail: list[str] = []
    sets: list[SetAck] = []
    opened: list[str] = []
    faults: list[SegmentFault] = []
    for segment in transaction:
        e = segment.elements
        match segment.id:
            case "AK1":
                head = e
            case "AK2":
                opened, faults = e, []
            case "IK3" | "AK3":
                faults.append(
                    SegmentFault(
                        element(e, 1), _number(element(e, 2)), element(e, 3), element(e, 4), "", ()
                    )
                )
            case "CTX" if faults:
                name, _, value = element(e, 1).partition(mark)
                if name == "CLM01":
                    faults[-1] = faults[-1]._replace(claim=value)
            case "IK4" | "AK4" if faults:
                fault = ElementFault(
                    element(e, 1).replace(mark, "-"), element(e, 2), element(e, 3), element(e, 4)
                )
                faults[-1] = faults[-1]._replace(elements=(*faults[-1].elements, fault))
            case "IK5" | "AK5":
                sets.append(
                    SetAck(
                        element(opened, 1),
                        element(opened, 2),
                        element(e, 1),
                        tuple(filter(None, e[2:7])),
                        tuple(faults),
                    )
                )
                opened, faults = [], []
            case "AK9":
                tail = e
            case _:
                pass
    return GroupAck(
        element(head, 1),
        element(head, 2),
        element(head, 3),
        element(tail, 1),
        _number(element(tail, 2)),
        _number(element(tail, 3)),
        _number(element(tail, 4)),
        tuple(filter(None, tail[5:10])),
        tuple(sets),
        transaction.isa.receiver,
    )


def _claims(transaction: Transaction) -> ClaimsAck:
    mark = transaction.isa.delimiters.component
    reference = ""
    whole: list[ClaimStatus] = []
    found: list[ClaimAck] = []
    for placed in walk(transaction):
        e, loop = placed.segment.elements, placed.loop
        name = placed.segment.id
        if loop == "2200B" and name == "TRN":
            reference = element(e, 2)
        elif loop == "2200B" and name == "STC":
            whole += _statuses(e, mark)
        elif loop == "2200D":
            if name == "TRN":
                found.append(ClaimAck(element(e, 2), (), None, "", ""))
            elif name == "STC":
                claim = found[-1]
                found[-1] = claim._replace(
                    statuses=(*claim.statuses, *_statuses(e, mark)), charge=amount(e, 4)
                )
            elif name == "REF" and element(e, 1) == "1K":
                found[-1] = found[-1]._replace(payer_control=element(e, 2))
            elif name == "REF" and element(e, 1) == "D9":
                found[-1] = found[-1]._replace(trace=element(e, 2))
    return ClaimsAck(reference, tuple(found), tuple(whole), transaction.isa.receiver)


def _statuses(e: list[str], mark: str) -> Iterator[ClaimStatus]:
    for place in (1, 10, 11):
        if value := element(e, place):
            parts = [*value.split(mark), "", ""]
            yield ClaimStatus(parts[0], parts[1], parts[2], element(e, 3))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
