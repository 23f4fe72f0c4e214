"""Amounts of a remittance: reversed, added up, carried forward.

Source: 005010X221A1, sections 1.10.2.8 (a reversal repeats the claim with status 22 and every
amount negated), 1.10.2.12 (what a payment cannot recover is forwarded by a provider adjustment FB)
and the use of BPR (a payment of zero has the method NON), told in our words.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from superbill.model import (
    ClaimAdjustment,
    InpatientOutcome,
    OutpatientOutcome,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)

REVERSAL = "22"
FORWARD = "FB"
_NOTHING, _NOTICE = "NON", "H"
_CHECK, _INFORMATION = "CHK", "I"
# Figures of an outcome that are no dollars.
_COUNTS = frozenset({"covered_days", "lifetime_psychiatric_days", "cost_report_days", "rate"})


def reversal(claim: RemittanceClaim) -> RemittanceClaim:
    """The claim that takes ``claim`` back: what was charged, paid and adjusted, negated.

    The patient's responsibility is not told, for nobody is asked for it any more. The payer's
    number stays that of the claim that is reversed.
    """
    return replace(
        claim,
        status=REVERSAL,
        charge=-claim.charge,
        paid=-claim.paid,
        patient_responsibility=None,
        adjustments=_negated(claim.adjustments),
        inpatient=_outcome(claim.inpatient),
        outpatient=_outcome(claim.outpatient),
        amounts=(),
        lines=tuple(map(_line, claim.lines)),
    )


def _negated(adjustments: tuple[ClaimAdjustment, ...]) -> tuple[ClaimAdjustment, ...]:
    return tuple(
        replace(
            each,
            amount=-each.amount,
            quantity=None if each.quantity is None else -each.quantity,
        )
        for each in adjustments
    )


def _line(line: RemittanceLine) -> RemittanceLine:
    return replace(
        line,
        charge=-line.charge,
        paid=-line.paid,
        adjustments=_negated(line.adjustments),
        amounts=(),
    )


def _outcome[T: (InpatientOutcome, OutpatientOutcome)](found: T | None) -> T | None:
    if found is None:
        return None
    values: dict[str, Any] = {
        field: -value
        for field in msgspec.structs.asdict(found)
        if field not in _COUNTS and isinstance(value := getattr(found, field), Decimal)
    }
    return replace(found, **values)


def balanced(remittance: Remittance) -> Remittance:
    """The same with the amount that its claims and provider adjustments make.

    Where that is negative, nothing is paid, and what is owed to the payer is carried forward: a
    provider adjustment FB, in the fiscal period that ends with the year of payment unless others
    name it. Where nothing is paid, the method is NON and the remittance a notice.
    """
    total = remittance.claims_paid - remittance.provider_adjusted
    adjustments = remittance.provider_adjustments
    if total < 0:
        adjustments = (*adjustments, _forward(remittance, total))
        total -= total
    if total:
        paid = remittance.method != _NOTHING
        return replace(
            remittance,
            amount=total,
            method=remittance.method if paid else _CHECK,
            handling=remittance.handling if paid else _INFORMATION,
        )
    return replace(
        remittance,
        amount=total,
        method=_NOTHING,
        handling=_NOTICE,
        format="",
        payer_account=None,
        payee_account=None,
        originator="",
        originator_supplement="",
        provider_adjustments=adjustments,
    )


def _forward(remittance: Remittance, owed: Decimal) -> ProviderAdjustment:
    earlier = remittance.provider_adjustments
    ends = earlier[-1].fiscal_period_end if earlier else None
    if ends is None and remittance.paid_on is not None:
        ends = date(remittance.paid_on.year, 12, 31)
    return ProviderAdjustment(
        provider=remittance.payee.id,
        fiscal_period_end=ends,
        reason=FORWARD,
        reference=remittance.number,
        amount=owed,
    )
