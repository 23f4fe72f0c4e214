"""What was paid against what was expected: two values held side by side, to the line.

A claim of a remittance belongs to the decision of the same number, and to that payer's answer which
has the same name, else the place that the claim's status tells (first, second, third payer). A
payment that the same file takes back again (status 22) counts for nothing, together with what takes
it back; what is left is compared. Nothing is adjudicated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from superbill.interop.x12.remits.words import meaning
from superbill.model import (
    Adjustment,
    ClaimAdjustment,
    Decision,
    LineDecision,
    PayerDecision,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    Value,
    VisitDecision,
)
from superbill.money import ZERO, dollars

type Expected = Decision | VisitDecision
type Outcome = Literal["same", "differs", "reversed", "unexpected", "missing", "open"]

_PLACES = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}


class Difference(Value, frozen=True, kw_only=True):
    """One figure that is not as expected, in dollars. ``line`` is the line's place, from 1.

    ``what`` is ``charge``, ``paid``, ``patient``, ``line`` (one that is missing or too many) or an
    adjustment, such as ``CO-45``.
    """

    what: str
    expected: Decimal
    received: Decimal
    message: str
    line: int | None = None


class ClaimComparison(Value, frozen=True, kw_only=True):
    """What became of one claim with one payer.

    ``outcome``: ``same``; ``differs``; ``reversed`` (taken back, and not paid anew); ``unexpected``
    (no decision of its number); ``missing`` (a decision, and nothing of it received); ``open`` (the
    decision could not say, so there is nothing to hold the payment against).
    """

    claim: str
    payer: str
    outcome: Outcome
    expected: Decimal | None = None
    received: Decimal | None = None
    differences: tuple[Difference, ...] = ()
    note: str = ""


class Comparison(Value, frozen=True, kw_only=True):
    """All claims of remittances and decisions. ``elsewhere`` are answers of other payers."""

    claims: tuple[ClaimComparison, ...]
    elsewhere: tuple[ClaimComparison, ...] = ()

    @property
    def same(self) -> bool:
        """Whether everything is as expected."""
        return all(each.outcome == "same" for each in self.claims)


class Received(NamedTuple):
    """A claim with the remittance that holds it."""

    remittance: Remittance
    claim: RemittanceClaim


def standing(found: Iterable[Remittance]) -> dict[str, list[Received]]:
    """The claims by number, without those that the same files take back, and what takes them."""
    by_id: dict[str, list[Received]] = {}
    for remittance in found:
        for claim in remittance.claims:
            of_one = by_id.setdefault(claim.id, [])
            taken = _taken_back(of_one, remittance, claim)
            if taken is None:
                of_one.append(Received(remittance, claim))
            else:
                del of_one[taken]
    return by_id


def _taken_back(
    held: Sequence[Received], remittance: Remittance, claim: RemittanceClaim
) -> int | None:
    """Which of ``held`` a claim takes back whole; ``None`` where none is in these files."""
    if claim.reversal:
        for at, (from_, other) in enumerate(held):
            amounts = (other.charge, other.paid) == (-claim.charge, -claim.paid)
            if amounts and not other.reversal and from_.payer.name == remittance.payer.name:
                return at
    return None


def compare(found: Sequence[Remittance], expected: Iterable[Expected]) -> Comparison:
    """Hold remittances against decisions.

    The claims come in the order of the remittances, then the decisions of which nothing was
    received.
    """
    decisions: dict[str, Expected] = {}
    for decision in expected:
        decisions[_id(decision)] = decision
    told: list[ClaimComparison] = []
    elsewhere: list[ClaimComparison] = []
    received = standing(found)
    for number, claims in received.items():
        if not claims:
            continue
        known = decisions.get(number)
        if known is None:
            told += [_unexpected(each) for each in claims]
            continue
        answers = [a for a in known.payers if a.kind != "self_pay"]
        told += _of_one(claims, answers, known)
        elsewhere += [_elsewhere(number, a) for a in answers]
    for number, decision in decisions.items():
        if not received.get(number):
            told += _missing(number, decision, back=number in received)
    return Comparison(claims=tuple(told), elsewhere=tuple(elsewhere))


def _id(decision: Expected) -> str:
    return decision.encounter_id if isinstance(decision, Decision) else decision.visit_id


def _unexpected(received: Received) -> ClaimComparison:
    return ClaimComparison(
        claim=received.claim.id,
        payer=received.remittance.payer.name,
        outcome="unexpected",
        received=received.claim.paid,
        note="No expected claim has this number.",
    )


def _elsewhere(number: str, answer: PayerDecision) -> ClaimComparison:
    return ClaimComparison(
        claim=number,
        payer=answer.payer,
        outcome="missing",
        expected=answer.paid,
        note="Another payer's answer, which is not in these remittances.",
    )


def _missing(number: str, decision: Expected, *, back: bool) -> Iterator[ClaimComparison]:
    answers = [a for a in decision.payers if a.kind != "self_pay"]
    for answer in answers[:1]:
        yield ClaimComparison(
            claim=number,
            payer=answer.payer,
            outcome="missing",
            expected=answer.paid,
            note="It was paid and taken back at once."
            if back
            else "Nothing of this claim was received.",
        )


def _of_one(
    claims: Sequence[Received], answers: list[PayerDecision], decision: Expected
) -> Iterator[ClaimComparison]:
    """The claims of one number; answers that are met are taken out of ``answers``.

    The last claim that is no reversal stands for each answer; an earlier one was paid twice.
    """
    latest: dict[int, Received] = {}
    reversed_: list[Received] = []
    for each in claims:
        if each.claim.reversal:
            reversed_.append(each)
            continue
        answer = _answer(each, answers, latest)
        if answer is None:
            yield _beyond(each, decision)
        elif id(answer) in latest:
            yield _again(each)
        else:
            latest[id(answer)] = each
            yield _held(each, answer)
    met = {id(a) for a in answers if id(a) in latest}
    for each in reversed_:
        answer = _answer(each, answers, latest)
        if answer is None or id(answer) in met:
            yield ClaimComparison(
                claim=each.claim.id,
                payer=each.remittance.payer.name,
                outcome="same",
                received=each.claim.paid,
                note="Takes back a payment of an earlier remittance; what is paid now is above.",
            )
            continue
        met.add(id(answer))
        yield _taken(each, answer)
    answers[:] = [a for a in answers if id(a) not in met]


def _answer(
    received: Received, answers: Sequence[PayerDecision], latest: dict[int, Received]
) -> PayerDecision | None:
    name = _plain(received.remittance.payer.name)
    named = [a for a in answers if _plain(a.payer) == name]
    place = _PLACES.get(received.claim.status)
    if len(named) > 1:
        return next((a for a in named if a.position == place), named[0])
    if named:
        return named[0]
    if place is None:
        return next((a for a in answers if id(a) not in latest), None)
    return next((a for a in answers if min(a.position, 3) == place), None)


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _beyond(received: Received, decision: Expected) -> ClaimComparison:
    undetermined = bool(decision.undetermined) or not decision.payers
    return ClaimComparison(
        claim=received.claim.id,
        payer=received.remittance.payer.name,
        outcome="open" if undetermined else "unexpected",
        received=received.claim.paid,
        note="The decision could not say what this payer owes."
        if undetermined
        else "The decision has no answer of this payer.",
    )


def _again(received: Received) -> ClaimComparison:
    paid = received.claim.paid
    message = f"Paid once more: {dollars(paid)}."
    return ClaimComparison(
        claim=received.claim.id,
        payer=received.remittance.payer.name,
        outcome="differs",
        expected=ZERO,
        received=paid,
        differences=(Difference(what="paid", expected=ZERO, received=paid, message=message),),
        note="The same claim was settled before in these remittances, and not taken back.",
    )


def _taken(received: Received, answer: PayerDecision) -> ClaimComparison:
    paid = received.claim.paid
    message = f"Expected {dollars(answer.paid)}; {dollars(-paid)} is taken back."
    return ClaimComparison(
        claim=received.claim.id,
        payer=received.remittance.payer.name,
        outcome="reversed",
        expected=answer.paid,
        received=paid,
        differences=(
            Difference(what="paid", expected=answer.paid, received=paid, message=message),
        ),
        note="An earlier payment is taken back, and nothing is paid in its place.",
    )


def _held(received: Received, answer: PayerDecision) -> ClaimComparison:
    claim = received.claim
    found = list(_differences(answer, claim))
    if answer.lines and claim.lines:
        found += _lines(answer.lines, claim.lines)
    return ClaimComparison(
        claim=claim.id,
        payer=received.remittance.payer.name,
        outcome="differs" if found else "same",
        expected=answer.paid,
        received=claim.paid,
        differences=tuple(found),
    )


def _differences(answer: PayerDecision, claim: RemittanceClaim) -> Iterator[Difference]:
    for what, expected, received in (
        ("charge", answer.billed, claim.charge),
        ("paid", answer.paid, claim.paid),
        ("patient", answer.patient, claim.patient),
    ):
        yield from _figure(what, expected, received)
    yield from _adjustments(answer.adjustments, list(claim.all_adjustments))


_SAID = {"charge": "The charge", "paid": "The payment", "patient": "What the patient owes"}


def _figure(
    what: str, expected: Decimal, received: Decimal, line: int | None = None
) -> Iterator[Difference]:
    if expected != received:
        off = received - expected
        yield Difference(
            what=what,
            expected=expected,
            received=received,
            message=f"{_SAID[what]} is {dollars(received)}; {dollars(expected)} was expected, "
            f"{dollars(abs(off))} {'less' if off < 0 else 'more'}.",
            line=line,
        )


def _adjustments(
    expected: Sequence[Adjustment], received: Sequence[ClaimAdjustment], line: int | None = None
) -> Iterator[Difference]:
    ours, theirs = _sums(expected), _sums(received)
    for key in dict.fromkeys((*ours, *theirs)):
        want, have = ours.get(key, ZERO), theirs.get(key, ZERO)
        if want == have:
            continue
        code = "-".join(key)
        why = meaning("reason", key[1])
        yield Difference(
            what=code,
            expected=want,
            received=have,
            message=f"{code} is {dollars(have)}; {dollars(want)} was expected"
            f"{f' ({why})' if why else ''}.",
            line=line,
        )


def _sums(
    found: Sequence[Adjustment] | Sequence[ClaimAdjustment],
) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for each in found:
        key = (str(each.group), each.reason)
        sums[key] = sums.get(key, ZERO) + each.amount
    return sums


def _lines(
    expected: Sequence[LineDecision], received: Sequence[RemittanceLine]
) -> Iterator[Difference]:
    left = list(received)
    for want in expected:
        at = _line_of(want, left, len(expected) == len(received))
        if at is None:
            yield Difference(
                what="line",
                expected=want.paid,
                received=ZERO,
                message=f"Line {want.line} ({want.code}) is not on the remittance; "
                f"{dollars(want.paid)} was expected.",
                line=want.line,
            )
            continue
        have = left.pop(at)
        yield from _figure("charge", want.billed, have.charge, want.line)
        yield from _figure("paid", want.paid, have.paid, want.line)
        yield from _adjustments(want.adjustments, have.adjustments, want.line)
    for extra in left:
        code = extra.service.code if extra.service is not None else extra.revenue_code
        yield Difference(
            what="line",
            expected=ZERO,
            received=extra.paid,
            message=f"A line ({code}) for {dollars(extra.charge)} was not billed; "
            f"{dollars(extra.paid)} is paid for it.",
        )


def _line_of(want: LineDecision, left: Sequence[RemittanceLine], alike: bool) -> int | None:
    """The line of the remittance by its number, else by code and charge, else by code."""
    for at, have in enumerate(left):
        if have.control_number.isdigit() and int(have.control_number) == want.line:
            return at
    unnumbered = [(at, have) for at, have in enumerate(left) if not have.control_number.isdigit()]
    coded = [(at, have) for at, have in unnumbered if want.code in _codes(have)]
    for at, have in coded:
        if have.charge == want.billed:
            return at
    if coded:
        return coded[0][0]
    return unnumbered[0][0] if alike and unnumbered and not want.code else None


def _codes(line: RemittanceLine) -> set[str]:
    told = {each.code for each in (line.service, line.submitted) if each is not None}
    return told | ({line.revenue_code} if line.revenue_code else set())
