"""270, 271, 276, 277 and 277CA read: one value for each person, claim or party answered.

Order within a level is free; what belongs to what the levels (HL) tell, and the segments that open
a part: EQ a question, EB a benefit, TRN a claim, SVC a line, NM1 a party to a benefit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.x12.inquiries.levels import Known, Level, levels, member, party, split
from superbill.interop.x12.inquiries.status import answers, inquiries
from superbill.interop.x12.reader import Transaction, transactions
from superbill.interop.x12.remits.elements import number, only, rest, service, text
from superbill.interop.x12.segments import Delimiters
from superbill.interop.x12.sources import Source
from superbill.model import (
    Benefit,
    ClaimStatusAnswer,
    ClaimStatusInquiry,
    DeliveryPattern,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityQuestion,
    InquiryParty,
    InquiryTrace,
    Reference,
    Rejection,
)

type Read = EligibilityInquiry | EligibilityAnswer | ClaimStatusInquiry | ClaimStatusAnswer
type At = Literal["payer", "provider", "subscriber", "dependent", "benefit"]

VERSIONS = {
    ("270", "005010X279"): "270",
    ("271", "005010X279"): "271",
    ("276", "005010X212"): "276",
    ("277", "005010X212"): "277",
    ("277", "005010X214"): "277CA",
}


class Refused(NamedTuple):
    """A transaction that could not be read, and why."""

    control: str
    problems: tuple[Problem, ...]


def each(source: Source) -> Iterator[Read | Refused]:
    """Every question and answer of ``source``; transactions of other kinds are passed over."""
    for transaction in transactions(source):
        if transaction.set_id in {"270", "271", "276", "277"}:
            yield from _transaction(transaction)


def read(source: Source) -> Iterator[Read]:
    """Every question and answer of ``source``.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, at the first transaction that cannot
    be read.
    """
    for found in each(source):
        if isinstance(found, Refused):
            raise Invalid(found.problems)
        yield found


def _transaction(transaction: Transaction) -> Iterator[Read | Refused]:
    at = f"byte {transaction.st.offset}"
    kind = VERSIONS.get((transaction.set_id, transaction.version[:10]))
    problem: Problem | None = None
    if kind is None:
        message = f"This {transaction.set_id} is of version {transaction.version[:20]!a}."
        problem = Problem(at, message, "Versions that are read: 005010X279A1, X212 and X214.")
        yield Refused(transaction.control, (problem,))
        return
    segments = [segment.elements for segment in transaction]
    if not transaction.whole:
        problem = Problem(at, "The transaction that begins here has no SE.", "Fetch it anew.")
        yield Refused(transaction.control, (problem,))
        return
    found = list(values(kind, segments, transaction.isa.delimiters))
    if not found:
        problem = Problem(at, NO_LEVELS, "Ask its sender for a whole one.")
        yield Refused(transaction.control, (problem,))
    yield from found


NO_LEVELS = "The transaction that begins here has no levels (HL) that ask or answer anything."


def values(kind: str, segments: list[list[str]], marks: Delimiters) -> Iterator[Read]:
    """What one transaction of a kind (``270`` … ``277CA``) asks or answers."""
    tree = levels(segments)
    match kind:
        case "270":
            yield from _asked(tree, marks)
        case "271":
            yield from _answered(tree, marks)
        case "276":
            yield from inquiries(tree, marks.component)
        case _:
            yield from answers(tree, marks.component, "277CA" if kind == "277CA" else "277")


_NOBODY = InquiryParty(entity="")


def _party(level: Level | None, loop: str, mark: str) -> InquiryParty | None:
    return None if level is None else party(level.segments, loop, mark)


def _asked(tree: list[Level], marks: Delimiters) -> Iterator[EligibilityInquiry]:
    mark = marks.component
    for level in tree:
        if level.code not in {"22", "23"}:
            continue
        head, *parts = split(level.segments, "EQ")
        dependent = level.code == "23"
        if not parts and (level.below or dependent):
            continue
        loop = "2100D" if dependent else "2100C"
        who = member(head, loop, mark)
        holder = level.find("22")
        subscriber = who
        if dependent and holder is not None:
            subscriber = member(next(split(holder.segments, "EQ")), "2100C", mark)
        if who is None or subscriber is None:
            continue
        yield EligibilityInquiry(
            payer=_party(level.find("20"), "2100A", mark) or _NOBODY,
            provider=_party(level.find("21"), "2100B", mark) or _NOBODY,
            subscriber=subscriber,
            dependent=who if dependent else None,
            traces=_traces(head),
            questions=tuple(_question(part, marks, loop) for part in parts),
        )


def _traces(segments: list[list[str]]) -> tuple[InquiryTrace, ...]:
    return tuple(
        InquiryTrace(
            kind=text(e, 1), number=text(e, 2), originator=text(e, 3), supplement=text(e, 4)
        )
        for e in segments
        if e[0] == "TRN"
    )


def _services(sent: str, marks: Delimiters) -> tuple[str, ...]:
    parts = sent.split(marks.repetition) if marks.repetition else [sent]
    return tuple(part.strip() for part in parts if part.strip())


def _question(part: list[list[str]], marks: Delimiters, loop: str) -> EligibilityQuestion:
    eq, *more = part
    mark = marks.component
    known = Known(loop.replace("2100", "2110"), mark)
    procedure = service(text(eq, 2), mark)
    left = {1, 2, 3} if procedure is not None or not text(eq, 2) else {1, 3}
    known.fields |= {
        "services": _services(text(eq, 1), marks),
        "procedure": procedure,
        "coverage_level": text(eq, 3),
        "extra": list(rest(known.loop, eq, left, mark)),
    }
    for e in more:
        taken = (e[0] == "REF" and known.reference(e)) or (e[0] == "DTP" and known.date(e))
        if not taken:
            known.leave(e)
    return EligibilityQuestion(**known.done())


def _answered(tree: list[Level], marks: Delimiters) -> Iterator[EligibilityAnswer]:
    mark = marks.component
    for level in tree:
        head, *parts = split(level.segments, "EB")
        at = _AT.get(level.code)
        if at is None:
            continue
        source, receiver, holder = level.find("20"), level.find("21"), level.find("22")
        rejections = [
            each
            for above in (source, receiver, holder)
            if above is not None and above is not level
            for each in _rejections(next(split(above.segments, "EB")), _AT[above.code])
        ]
        own = _rejections(head, at)
        if level.below and not parts:
            continue
        loop = "2100D" if at == "dependent" else "2100C"
        who = member(head, loop, mark) if level.code in {"22", "23"} else None
        subscriber = who
        if at == "dependent":
            above_head = next(split(holder.segments, "EB")) if holder is not None else []
            subscriber = member(above_head, "2100C", mark)
        yield EligibilityAnswer(
            payer=_party(source, "2100A", mark) or _NOBODY,
            provider=_party(receiver, "2100B", mark),
            subscriber=subscriber,
            dependent=who if at == "dependent" else None,
            traces=_traces(head),
            rejections=(*rejections, *own),
            benefits=tuple(_benefit(part, marks, loop) for part in parts),
        )


_AT: dict[str, At] = {"20": "payer", "21": "provider", "22": "subscriber", "23": "dependent"}


def _rejections(segments: list[list[str]], at: At) -> list[Rejection]:
    return [_rejection(e, at) for e in segments if e[0] == "AAA"]


def _rejection(e: list[str], at: At) -> Rejection:
    return Rejection(reason=text(e, 3), follow_up=text(e, 4), valid=text(e, 1) == "Y", at=at)


def _benefit(part: list[list[str]], marks: Delimiters, loop: str) -> Benefit:
    mark = marks.component
    own, *parties = split(part, "NM1")
    eb, *more = own
    known = Known(loop.replace("2100", "2110"), mark)
    procedure = service(text(eb, 13), mark)
    figures = {
        7: ("amount", number(text(eb, 7))),
        8: ("percent", number(text(eb, 8))),
        10: ("quantity", number(text(eb, 10))),
    }
    left = set(range(14)) - {at for at, (_, value) in figures.items() if value is None}
    if procedure is None:
        left.discard(13)
    known.fields |= dict(figures.values())
    known.fields |= {
        "kind": text(eb, 1),
        "coverage_level": text(eb, 2),
        "services": _services(text(eb, 3), marks),
        "insurance_type": text(eb, 4),
        "plan": text(eb, 5),
        "period": text(eb, 6),
        "quantity_qualifier": text(eb, 9),
        "authorization": text(eb, 11),
        "in_network": text(eb, 12),
        "procedure": procedure,
        "extra": list(rest(known.loop, eb, left, mark)),
    }
    for e in more:
        if not _of_benefit(known, e):
            known.leave(e)
    for segments in parties:
        found = party(segments, loop.replace("2100", "2120"), mark)
        if found is not None:
            known.several("parties").append(found)
    return Benefit(**known.done())


def _of_benefit(known: Known, e: list[str]) -> bool:
    match e[0]:
        case "HSD":
            return _pattern(known, e)
        case "REF":
            return known.reference(e)
        case "DTP":
            return known.date(e)
        case "AAA":
            known.several("rejections").append(_rejection(e, "benefit"))
        case "MSG" if only(e, {1}):
            known.several("messages").append(text(e, 1))
        case "III" if only(e, {1, 2}):
            pair = Reference(qualifier=text(e, 1), value=text(e, 2))
            known.several("conditions").append(pair)
        case "LS" | "LE":
            pass
        case _:
            return False
    return True


def _pattern(known: Known, e: list[str]) -> bool:
    figures = [number(text(e, place)) for place in (2, 4, 6)]
    unread = any(
        text(e, at) and value is None for at, value in zip((2, 4, 6), figures, strict=True)
    )
    if unread or not only(e, range(9)):
        return False
    known.several("patterns").append(
        DeliveryPattern(
            quantity_qualifier=text(e, 1),
            quantity=figures[0],
            sample_unit=text(e, 3),
            sample=figures[1],
            period=text(e, 5),
            periods=figures[2],
            calendar=text(e, 7),
            pattern=text(e, 8),
        )
    )
    return True
