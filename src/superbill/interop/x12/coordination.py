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

from superbill.errors import Invalid, Problem
from superbill.interop.x12 import parties
from superbill.interop.x12.segments import Builder, d8
from superbill.model import (
    Adjustment,
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
                if payer.name == answer.payer and parties.kind_of(payer) == answer.kind:
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
    if len(ordered) > len(parties.RESPONSIBILITY):
        raise Invalid.at(
            "payers",
            f"has {len(ordered)} payers; a claim names {len(parties.RESPONSIBILITY)} at most.",
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


def other_payers(
    b: Builder,
    encounter: Encounter,
    placed: Sequence[Placed],
    *,
    position: int,
    total: Decimal,
    check_dates: Mapping[int, date],
) -> None:
    """Loops 2320 to 2330B for every payer but the one at ``position``."""
    for other in placed:
        if other.place != position:
            _other_payer(
                b,
                encounter,
                other,
                adjudicated=other.place < position,
                total=total,
                check_date=check_dates.get(other.place),
            )


def _other_payer(
    b: Builder,
    encounter: Encounter,
    other: Placed,
    *,
    adjudicated: bool,
    total: Decimal,
    check_date: date | None,
) -> None:
    payer, path = other.payer, other.path
    b.add(
        "SBR",
        parties.RESPONSIBILITY[other.place - 1],
        payer.relationship,
        b.text(payer.group_number, f"{path}.group_number", 50),
        "",
        "",
        "",
        "",
        "",
        parties.claim_filing(b, payer, path),
    )
    if adjudicated:
        _amounts(b, other, total)
    b.add(
        "OI",
        "",
        "",
        encounter.benefits_assigned,
        "",
        "",
        encounter.release_of_information,
    )
    answer = other.decision
    if adjudicated and isinstance(payer, MedicarePartA) and answer is not None:
        days = answer.covered_days
        if days is not None:
            b.add("MIA", str(days))
    who = parties.subscriber_of(b, encounter, payer, path)
    who_path = "patient" if who is encounter.patient else f"{path}.subscriber"
    parties.person(b, "IL", who, who_path, "MI", parties.member_number(b, payer, path))
    if who.address is not None:
        parties.address(b, who.address, f"{who_path}.address")
    number = parties.payer_number(b, payer, path)
    parties.organisation(b, "PR", payer.name, f"{path}.name", "PI", number)
    if payer.address is not None:
        parties.address(b, payer.address, f"{path}.address")
    if adjudicated:
        if check_date is None:
            b.problem(
                f"check_dates[{other.place}]",
                f"is missing, and a later payer must be told when {payer.name[:40]!r} answered.",
                "Give the date of that payer's check or remittance.",
            )
        else:
            b.add("DTP", "573", "D8", d8(check_date))
    authorization = b.text(payer.prior_authorization, f"{path}.prior_authorization", 50)
    if authorization:
        b.add("REF", "G1", authorization)
    if adjudicated:
        control = b.text(payer.claim_control_number, f"{path}.claim_control_number", 50)
        if control:
            b.add("REF", "F8", control)


def _amounts(b: Builder, other: Placed, total: Decimal) -> None:
    """CAS and AMT of a payer that has answered, so that paid + adjusted = ``total``."""
    answer = other.decision
    if answer is None:
        b.problem(
            f"decision.payers[{other.place - 1}]",
            f"is missing, and a later payer must be told what {other.payer.name[:40]!r} did.",
            "Adjudicate the stay first, or write the claim to the first payer.",
        )
        return
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
        return
    where = f"decision.payers[{other.place - 1}]"
    segments = _cas(b, sums, f"{where}.adjustments")
    if len(segments) > _CAS_SEGMENTS:
        b.problem(
            f"{where}.adjustments",
            f"need {len(segments)} segments; {_CAS_SEGMENTS} fit.",
            "Combine adjustments that have the same group.",
        )
        return
    for segment in segments:
        b.add("CAS", *segment)
    b.add("AMT", "D", b.amount(answer.paid, f"{where}.paid", negative=True))
    b.add("AMT", "EAF", b.amount(answer.patient, f"{where}.adjustments", negative=True))


def _by_reason(adjustments: Sequence[Adjustment]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for a in adjustments:
        key = (a.group, a.reason)
        sums[key] = sums.get(key, ZERO) + a.amount
    return sums


def _cas(b: Builder, sums: Mapping[tuple[str, str], Decimal], path: str) -> list[list[str]]:
    """One segment a group code, six reasons in each; a reason of nothing is left out."""
    groups: dict[str, list[list[str]]] = {}
    for (group, reason), amount in sums.items():
        if not amount:
            continue
        segments = groups.setdefault(group, [[group]])
        # Element 1 is the group; each reason takes three: reason, amount, quantity (unused).
        if len(segments[-1]) > 3 * _CAS_REASONS:
            segments.append([group])
        code = b.text(reason, path, 5, required="Give the claim adjustment reason code.")
        segments[-1] += [code, b.amount(amount, path, negative=True), ""]
    return [segment for segments in groups.values() for segment in segments]


def no_payer() -> Problem:
    """What is wrong with a stay that nobody is asked to pay."""
    return Problem(
        "payers",
        "has nobody to send a claim to.",
        "Give a payer other than the patient; a self-pay stay has a bill, not a claim.",
    )
