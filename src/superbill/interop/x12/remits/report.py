"""A remittance told: per claim what was paid, why not more, and what the patient owes.

The document is what ``superbill remit --json`` prints; amounts are text, so that no decimal is
lost. Codes come with their meanings in our own words, which are empty where there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from superbill.interop.x12.remits.compare import Comparison
from superbill.interop.x12.remits.words import meaning
from superbill.model import (
    ClaimAdjustment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    Value,
)
from superbill.money import ZERO


class Denial(Value, frozen=True, kw_only=True):
    """One reason for which claims or lines were denied: how many, and for how much, in dollars."""

    group: str
    reason: str
    meaning: str
    claims: int
    lines: int
    amount: Decimal


def denials(found: Iterable[Remittance]) -> list[Denial]:
    """Why claims and lines were denied, the largest amount first.

    A claim is denied as :attr:`RemittanceClaim.denied` says; a line of another claim where nothing
    was paid for it and nothing left to the patient or another payer.
    """
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for remittance in found:
        for claim in remittance.claims:
            if claim.denied:
                _count(sums, claim.all_adjustments, 0)
                continue
            for line in claim.lines:
                if _line_denied(line) and not claim.reversal:
                    _count(sums, line.adjustments, 1)
    made = [
        Denial(
            group=group,
            reason=reason,
            meaning=meaning("reason", reason),
            claims=int(counts[0]),
            lines=int(counts[1]),
            amount=counts[2],
        )
        for (group, reason), counts in sums.items()
    ]
    return sorted(made, key=lambda each: (-each.amount, each.group, each.reason))


def _count(
    sums: dict[tuple[str, str], list[Decimal]], why: Iterable[ClaimAdjustment], place: int
) -> None:
    seen = set()
    for each in why:
        key = (each.group, each.reason)
        counts = sums.setdefault(key, [Decimal(0), Decimal(0), ZERO])
        counts[place] += key not in seen
        counts[2] += each.amount
        seen.add(key)


def _line_denied(line: RemittanceLine) -> bool:
    if line.paid or line.charge <= 0 or not line.adjustments:
        return False
    return not any(each.group in {"PR", "OA"} for each in line.adjustments)


def totals(remittance: Remittance) -> dict[str, Decimal]:
    """The sums of a remittance, in dollars, and what they fail to add up to (``balance``)."""
    by_group: dict[str, Decimal] = {}
    for claim in remittance.claims:
        for each in claim.all_adjustments:
            by_group[each.group] = by_group.get(each.group, ZERO) + each.amount
    return {
        "charge": sum([claim.charge for claim in remittance.claims], ZERO),
        **{f"adjusted_{group}": amount for group, amount in sorted(by_group.items())},
        "claims_paid": remittance.claims_paid,
        "patient": sum([claim.patient for claim in remittance.claims], ZERO),
        "provider_adjusted": remittance.provider_adjusted,
        "payment": remittance.amount,
        "balance": remittance.balance,
    }


def off(remittance: Remittance) -> Iterator[tuple[str, Decimal]]:
    """What does not add up: where, and by how much."""
    if remittance.balance:
        yield "payment", remittance.balance
    for claim in remittance.claims:
        if claim.balance:
            yield f"claim {claim.id}", claim.balance
        for at, line in enumerate(claim.lines, 1):
            if line.balance:
                yield f"claim {claim.id}, line {at}", line.balance


def document(
    name: str, found: Sequence[Remittance], comparison: Comparison | None = None
) -> dict[str, Any]:
    """A file of remittances as plain values."""
    told: dict[str, Any] = {
        "file": name,
        "remittances": [_remittance(each) for each in found],
        "denials": [_plain(each) for each in denials(found)],
    }
    if comparison is not None:
        told["comparison"] = {"same": comparison.same, **_plain(comparison)}
    return told


def _plain(value: Value) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(value)
    return plain


def _remittance(found: Remittance) -> dict[str, Any]:
    return {
        "payer": found.payer.name,
        "payee": found.payee.name,
        "payee_id": found.payee.id,
        "number": found.number,
        "method": found.method,
        "paid_on": found.paid_on.isoformat() if found.paid_on else None,
        "payment": str(found.amount),
        "totals": {name: str(value) for name, value in totals(found).items()},
        "balanced": not any(True for _ in off(found)),
        "claims": [_claim(claim) for claim in found.claims],
        "provider_adjustments": [_provider(each) for each in found.provider_adjustments],
    }


def _claim(claim: RemittanceClaim) -> dict[str, Any]:
    patient = claim.name("patient")
    return {
        "id": claim.id,
        "payer_control_number": claim.control_number,
        "patient": f"{patient.first_name} {patient.name}".strip() if patient is not None else "",
        "status": claim.status,
        "meaning": meaning("status", claim.status),
        "charge": str(claim.charge),
        "paid": str(claim.paid),
        "patient_owes": str(claim.patient),
        "patient_responsibility": None
        if claim.patient_responsibility is None
        else str(claim.patient_responsibility),
        "drg": claim.drg,
        "denied": claim.denied,
        "reversal": claim.reversal,
        "balance": str(claim.balance),
        "adjustments": [_adjustment(each) for each in claim.adjustments],
        "remarks": [_remark(code) for code in claim.remarks],
        "lines": [_line(at, line) for at, line in enumerate(claim.lines, 1)],
    }


def _line(at: int, line: RemittanceLine) -> dict[str, Any]:
    service = line.service
    return {
        "line": at,
        "control_number": line.control_number,
        "code": service.code if service is not None else "",
        "modifiers": list(service.modifiers) if service is not None else [],
        "revenue_code": line.revenue_code,
        "units": None if line.units_paid is None else str(line.units_paid),
        "charge": str(line.charge),
        "allowed": None if line.allowed is None else str(line.allowed),
        "paid": str(line.paid),
        "balance": str(line.balance),
        "adjustments": [_adjustment(each) for each in line.adjustments],
        "remarks": [_remark(each.value) for each in line.remarks],
    }


def _adjustment(each: ClaimAdjustment) -> dict[str, Any]:
    return {
        "group": each.group,
        "group_meaning": meaning("group", each.group),
        "reason": each.reason,
        "meaning": meaning("reason", each.reason),
        "amount": str(each.amount),
        "quantity": None if each.quantity is None else str(each.quantity),
    }


def _remark(code: str) -> dict[str, str]:
    return {"code": code, "meaning": meaning("remark", code)}


def _provider(each: ProviderAdjustment) -> dict[str, Any]:
    ends = each.fiscal_period_end
    return {
        "provider": each.provider,
        "fiscal_period_end": ends.isoformat() if ends else None,
        "reason": each.reason,
        "meaning": meaning("provider", each.reason),
        "reference": each.reference,
        "amount": str(each.amount),
        "effect": "lowers the payment" if each.amount >= 0 else "raises the payment",
    }
