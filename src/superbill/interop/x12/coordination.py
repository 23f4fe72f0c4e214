"""Several payers on one claim: their order, and what the earlier ones did.

A claim names every payer in order. To a payer that does not come first it also shows how each
earlier one adjudicated (loops 2320 and 2330), and there the amounts must balance: what the payer
paid plus its adjustments is the claim's total charge.

Source of the balance: CMS, MLN Matters MM4261 (change request 4261), and the element facts of
005010X223A2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from superbill.errors import Invalid, Problem
from superbill.interop.x12.claims import stay_parties
from superbill.interop.x12.segments import Builder
from superbill.model import (
    Adjustment,
    ClaimAdjustment,
    Coverage,
    Decision,
    Encounter,
    MedicarePartA,
    Payer,
    PayerDecision,
    Plan,
    SelfPay,
    ValueCode,
)
from superbill.money import ZERO

# The reason that stands for what earlier payers paid or had written off (OA 23).
_PRIOR_PAYER = ("OA", "23")
_CAS_REASONS, _CAS_SEGMENTS = 6, 5

# NUBC value codes that tell Medicare which kind of employer plan paid before it, and how much:
# working aged, disabled, end-stage renal disease. Source: ResDAC, claim value code list; First
# Coast Service Options, quick reference chart for Medicare secondary payer claims.
_PAID_BEFORE_MEDICARE = {"age": "12", "disability": "43", "esrd": "13"}
# What the hospital agreed to take from the first payer, where that is less than the charges and
# more than was paid (same sources).
_OBLIGATED_TO_ACCEPT = "44"


class Placed(NamedTuple):
    """A payer in its place, 1 for the first, with its path in the encounter and its decision."""

    place: int
    payer: Payer
    path: str
    decision: PayerDecision | None


def in_order(encounter: Encounter, decision: Decision | None) -> tuple[Placed, ...]:
    """The payers that a claim can be sent to, in the order in which they pay.

    The decision's order where there is one, since it knows who comes first; the encounter's
    otherwise. Raises :class:`~superbill.errors.Invalid` where the two do not belong together.
    """
    given = [
        (f"payers[{i}]", payer)
        for i, payer in enumerate(encounter.payers)
        if not isinstance(payer, SelfPay)
    ]
    ordered: list[tuple[str, Payer, PayerDecision | None]] = []
    if decision is not None:
        if decision.encounter_id != encounter.id:
            raise Invalid.at(
                "decision.encounter_id",
                f"is {decision.encounter_id[:40]!r}, and the encounter is {encounter.id[:40]!r}.",
                "Give the decision of this encounter.",
            )
        for answer in sorted(decision.payers, key=lambda p: p.position):
            if answer.kind == "self_pay":
                continue
            for i, (path, payer) in enumerate(given):
                if payer.name == answer.payer and stay_parties.kind_of(payer) == answer.kind:
                    ordered.append((path, payer, answer))
                    del given[i]
                    break
            else:
                raise Invalid.at(
                    "decision.payers",
                    f"{answer.payer[:40]!r} ({answer.kind}) is not a payer of the encounter.",
                    "Give the decision of this encounter.",
                )
    ordered.extend((path, payer, None) for path, payer in given)
    if len(ordered) > len(stay_parties.RESPONSIBILITY):
        raise Invalid.at(
            "payers",
            f"has {len(ordered)} payers; a claim names {len(stay_parties.RESPONSIBILITY)} at most.",
            "Leave out those that are not billed.",
        )
    return tuple(
        Placed(place, payer, path, answer) for place, (path, payer, answer) in enumerate(ordered, 1)
    )


def medicare_secondary_values(
    placed: Sequence[Placed], position: int, total: Decimal
) -> tuple[ValueCode, ...]:
    """The value codes that Medicare needs where an employer plan paid before it; else none."""
    medicare = placed[position - 1].payer
    if not isinstance(medicare, MedicarePartA):
        return ()
    before = [
        p.decision for p in placed[: position - 1] if isinstance(p.payer, Plan) and p.decision
    ]
    if not before:
        return ()
    paid = max(sum((answer.paid for answer in before), ZERO), ZERO)
    values = [ValueCode(code=_PAID_BEFORE_MEDICARE[medicare.entitled_by], amount=paid)]
    if paid < before[0].allowed < total:
        values.append(ValueCode(code=_OBLIGATED_TO_ACCEPT, amount=before[0].allowed))
    return tuple(values)


def coverage(
    b: Builder,
    encounter: Encounter,
    placed: Placed,
    *,
    billed: int,
    total: Decimal,
    check_dates: Mapping[int, date],
) -> Coverage:
    """A payer as it stands on a claim to the payer at ``billed``."""
    if placed.place == billed:
        return _billed(b, encounter, placed)
    return _other(b, encounter, placed, placed.place < billed, total, check_dates)


def _billed(b: Builder, encounter: Encounter, to: Placed) -> Coverage:
    payer, path = to.payer, to.path
    is_self = payer.relationship == "18"
    who = stay_parties.subscriber_of(b, encounter, payer, path)
    group = b.text(payer.group_number, f"{path}.group_number", 50)
    filing = stay_parties.claim_filing(b, payer, path)
    member = stay_parties.member_number(b, payer, path)
    # The patient is named, and told of if missing, on the claim itself.
    apart = not is_self and who is not encounter.patient
    subscriber = stay_parties.named(b, who, f"{path}.subscriber") if apart else None
    name = b.text(payer.name, f"{path}.name", 60, required="Give the name.")
    number = stay_parties.payer_number(b, payer, path)
    where = None
    if payer.address is not None:
        where = stay_parties.address(b, payer.address, f"{path}.address")
    return Coverage(
        sequence=stay_parties.RESPONSIBILITY[to.place - 1],
        billed=True,
        payer_name=name,
        payer_id=number,
        payer_address=where,
        filing=filing,
        member_id=member,
        group_number=group,
        relationship=payer.relationship,
        subscriber=subscriber,
    )


def _other(
    b: Builder,
    encounter: Encounter,
    other: Placed,
    adjudicated: bool,
    total: Decimal,
    check_dates: Mapping[int, date],
) -> Coverage:
    payer, path, answer = other.payer, other.path, other.decision
    group = b.text(payer.group_number, f"{path}.group_number", 50)
    filing = stay_parties.claim_filing(b, payer, path)
    amounts = _amounts(b, other, total) if adjudicated else _NOTHING
    days = None
    if adjudicated and isinstance(payer, MedicarePartA) and answer is not None:
        days = answer.covered_days
    who = stay_parties.subscriber_of(b, encounter, payer, path)
    member = stay_parties.member_number(b, payer, path)
    subscriber = None
    if payer.relationship != "18":
        is_patient = who is encounter.patient
        who_path = "patient" if is_patient else f"{path}.subscriber"
        subscriber = stay_parties.named(b, who, who_path)
        if who.address is not None:
            at = stay_parties.address(b, who.address, f"{who_path}.address")
            subscriber = replace(subscriber, address=at)
    number = stay_parties.payer_number(b, payer, path)
    name = b.text(payer.name, f"{path}.name", 60, required="Give the name.")
    where = None
    if payer.address is not None:
        where = stay_parties.address(b, payer.address, f"{path}.address")
    answered = check_dates.get(other.place)
    if adjudicated and answered is None:
        b.problem(
            f"check_dates[{other.place}]",
            f"is missing, and a later payer must be told when {payer.name[:40]!r} answered.",
            "Give the date of that payer's check or remittance.",
        )
    return Coverage(
        sequence=stay_parties.RESPONSIBILITY[other.place - 1],
        payer_name=name,
        payer_id=number,
        payer_address=where,
        filing=filing,
        member_id=member,
        group_number=group,
        relationship=payer.relationship,
        subscriber=subscriber,
        prior_authorization=b.text(payer.prior_authorization, f"{path}.prior_authorization", 50),
        claim_control_number=b.text(payer.claim_control_number, f"{path}.claim_control_number", 50)
        if adjudicated
        else "",
        benefits_assigned=encounter.benefits_assigned,
        release_of_information=encounter.release_of_information,
        paid=amounts.paid,
        remaining_liability=amounts.patient,
        adjustments=amounts.adjustments,
        paid_on=answered if adjudicated else None,
        covered_days=None if days is None else Decimal(days),
    )


class _Amounts(NamedTuple):
    adjustments: tuple[ClaimAdjustment, ...]
    paid: Decimal | None
    patient: Decimal | None


_NOTHING = _Amounts((), None, None)


def _amounts(b: Builder, other: Placed, total: Decimal) -> _Amounts:
    """What a payer that has answered decided, so that paid + adjusted = ``total``."""
    answer = other.decision
    if answer is None:
        b.problem(
            f"decision.payers[{other.place - 1}]",
            f"is missing, and a later payer must be told what {other.payer.name[:40]!r} did.",
            "Adjudicate the stay first, or write the claim to the first payer.",
        )
        return _NOTHING
    sums = _by_reason(answer.adjustments)
    settled = answer.paid + sum(sums.values(), ZERO)
    before = total - settled
    if before and other.place > 1 and answer.billed + before == total:
        # This payer was shown only what was left to it: the rest was settled before.
        sums[_PRIOR_PAYER] = sums.get(_PRIOR_PAYER, ZERO) + before
    elif before:
        b.problem(
            f"decision.payers[{other.place - 1}]",
            f"{other.payer.name[:40]!r} paid and adjusted {settled}, and the claim is for {total}.",
            "Every cent of the charge must be paid or adjusted before a later payer is billed.",
        )
        return _NOTHING
    where = f"decision.payers[{other.place - 1}]"
    adjustments = _in_groups(b, sums, f"{where}.adjustments")
    b.amount(answer.paid, f"{where}.paid", negative=True)
    b.amount(answer.patient, f"{where}.adjustments", negative=True)
    return _Amounts(adjustments, answer.paid, answer.patient)


def _by_reason(adjustments: Sequence[Adjustment]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for a in adjustments:
        key = (a.group, a.reason)
        sums[key] = sums.get(key, ZERO) + a.amount
    return sums


def _in_groups(
    b: Builder, sums: Mapping[tuple[str, str], Decimal], path: str
) -> tuple[ClaimAdjustment, ...]:
    """The adjustments, those of a group together; a reason of nothing is left out."""
    groups: dict[str, list[ClaimAdjustment]] = {}
    for (group, reason), amount in sums.items():
        if not amount:
            continue
        code = b.text(reason, path, 5, required="Give the claim adjustment reason code.")
        b.amount(amount, path, negative=True)
        one = ClaimAdjustment(group=group, reason=code, amount=amount)
        groups.setdefault(group, []).append(one)
    segments = sum(-(-len(group) // _CAS_REASONS) for group in groups.values())
    if segments > _CAS_SEGMENTS:
        b.problem(
            path,
            f"need {segments} segments; {_CAS_SEGMENTS} fit.",
            "Combine adjustments that have the same group.",
        )
    return tuple(one for group in groups.values() for one in group)


def no_payer() -> Problem:
    """What is wrong with a stay that nobody is asked to pay."""
    return Problem(
        "payers",
        "has nobody to send a claim to.",
        "Give a payer other than the patient; a self-pay stay has a bill, not a claim.",
    )
