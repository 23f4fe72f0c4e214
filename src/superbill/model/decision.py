"""Who pays what: the bill split between payers and patient, each cent with its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from superbill.model.base import Value
from superbill.model.finding import EditReport
from superbill.model.grouping import Grouping
from superbill.model.payment import Payment
from superbill.model.trace import Step

GroupCode = Literal["CO", "PR", "OA", "PI"]


class Adjustment(Value, frozen=True, kw_only=True):
    """Why a payer did not pay part of what was billed to it, in dollars.

    ``group`` is the claim adjustment group code (CO contractual, PR patient, OA other, PI
    payer-initiated), ``reason`` the claim adjustment reason code, ``meaning`` our own words.
    """

    group: GroupCode
    reason: str
    amount: Decimal
    meaning: str


class PayerDecision(Value, frozen=True, kw_only=True):
    """One payer's answer to the claim.

    ``billed`` = ``paid`` + the adjustments. ``allowed`` is what the payer's own rules make the
    stay worth; ``patient`` what is left to the patient after this payer (its PR adjustments).
    """

    payer: str
    kind: str
    position: int
    billed: Decimal
    allowed: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...]
    covered_days: int | None = None
    payment: Payment | None = None
    trace: tuple[Step, ...] = ()

    @property
    def patient(self) -> Decimal:
        """What this payer leaves to the patient, in dollars."""
        return sum((a.amount for a in self.adjustments if a.group == "PR"), Decimal("0.00"))


class Share(Value, frozen=True, kw_only=True):
    """The end of the matter for one party, in dollars."""

    party: str
    amount: Decimal
    meaning: str = ""


class Decision(Value, frozen=True, kw_only=True):
    """A stay adjudicated: edits, group, payment, and the split.

    ``charges`` = the payments + ``written_off`` + ``patient`` holds for every decision.
    ``lock`` is the digest of the reference releases that the answer was computed from.
    ``priced_by`` names the payment that Medicare's system yields even where Medicare pays last.
    """

    encounter_id: str
    edits: EditReport
    grouping: Grouping | None
    payment: Payment | None
    payers: tuple[PayerDecision, ...]
    charges: Decimal
    paid: Decimal
    written_off: Decimal
    patient: Decimal
    shares: tuple[Share, ...]
    not_covered: tuple[str, ...] = ()
    lock: str = ""
