"""A payer's answer out of its remittance: the decision that a later payer is shown.

What a claim to a second payer must tell of the first (what it paid, each adjustment, line by line)
is what the first one's remittance says. Meanings are our own words for the codes.
"""

from __future__ import annotations

from superbill.errors import Invalid
from superbill.interop.x12.remits.words import meaning
from superbill.model import (
    Adjustment,
    ClaimAdjustment,
    LineDecision,
    PayerDecision,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from superbill.money import ZERO

_KINDS = {"MA": "medicare_part_a", "MB": "medicare_part_b", "MC": "medicaid"}
_PLACES = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
_GROUPS = frozenset({"CO", "PR", "OA", "PI"})


def payer_decision(remittance: Remittance, claim: RemittanceClaim) -> PayerDecision:
    """What the payer of ``remittance`` decided of one of its claims.

    ``kind`` is told by the claim filing indicator, and is ``plan`` where that settles nothing;
    ``position`` by the status (first, second, third payer; 1 where it tells none). Adjustments of
    the lines are added up by group and reason, as a decision has them. Raises
    :class:`~superbill.errors.Invalid` for a reversal, which decides nothing, for a claim that does
    not add up, and for an adjustment group that is no longer in use.
    """
    path = f"claim {claim.id[:38]}"
    if claim.reversal:
        raise Invalid.at(path, "takes an earlier payment back.", "Give the claim that stands.")
    if claim.balance or any(line.balance for line in claim.lines):
        raise Invalid.at(path, "does not add up.", "Ask the payer for a remittance that balances.")
    sums: dict[tuple[str, str], Adjustment] = {}
    for each in claim.all_adjustments:
        made = _adjustment(each, path)
        held = sums.get((made.group, made.reason))
        if held is not None:
            made = _adjustment(each, path, more=held)
        sums[made.group, made.reason] = made
    allowed = next((a.value for a in claim.amounts if a.code == "AU"), None)
    covered = next((q.value for q in claim.quantities if q.code == "CA"), None)
    return PayerDecision(
        payer=remittance.payer.name,
        kind=_KINDS.get(claim.filing, "plan"),
        position=_PLACES.get(claim.status, 1),
        billed=claim.charge,
        allowed=claim.paid + claim.patient if allowed is None else allowed,
        paid=claim.paid,
        adjustments=tuple(each for each in sums.values() if each.amount),
        covered_days=None if covered is None else int(covered),
        lines=tuple(_line(at, line, path) for at, line in enumerate(claim.lines, 1)),
    )


def _adjustment(each: ClaimAdjustment, path: str, more: Adjustment | None = None) -> Adjustment:
    if each.group not in _GROUPS:
        raise Invalid.at(
            path,
            f"has an adjustment of group {each.group[:2]!a}, which is not in use.",
            "Ask the payer for one of CO, PR, OA and PI.",
        )
    before = ZERO if more is None else more.amount
    return Adjustment(
        group=each.group,  # type: ignore[arg-type]  # as just seen
        reason=each.reason,
        amount=before + each.amount,
        meaning=meaning("reason", each.reason),
    )


def _line(at: int, line: RemittanceLine, path: str) -> LineDecision:
    number = line.control_number
    left = sum([a.amount for a in line.adjustments if a.group == "PR"], ZERO)
    code = line.service.code if line.service is not None else line.revenue_code
    return LineDecision(
        line=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else at,
        code=code,
        billed=line.charge,
        allowed=line.paid + left if line.allowed is None else line.allowed,
        paid=line.paid,
        adjustments=tuple(_adjustment(each, path) for each in line.adjustments),
    )
