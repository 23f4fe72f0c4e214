"""Who pays what: the bill split between payers and patient, each cent with its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from superbill.model.base import Value
from superbill.model.finding import EditReport
from superbill.model.grouping import Grouping
from superbill.model.payment import Payment
from superbill.model.trace import Step
from superbill.money import ZERO

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


class BenefitDays(Value, frozen=True, kw_only=True):
    """The days of a stay as Medicare Part A counts them against a benefit period.

    ``full`` days are free of coinsurance, ``coinsurance`` days are the 61st to 90th,
    ``lifetime_reserve`` days the 91st to 150th; ``noncovered`` days are charged to no benefit.
    """

    full: int = 0
    coinsurance: int = 0
    lifetime_reserve: int = 0
    noncovered: int = 0

    @property
    def covered(self) -> int:
        """Days that Part A covers."""
        return self.full + self.coinsurance + self.lifetime_reserve


class LineDecision(Value, frozen=True, kw_only=True):
    """One payer's answer to one line: ``billed`` = ``paid`` + the adjustments, in dollars.

    ``line`` is the line's place, from 1. ``allowed`` is what the payer's rules make it worth.
    """

    line: int
    code: str
    billed: Decimal
    allowed: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...]

    @property
    def patient(self) -> Decimal:
        """What this payer leaves to the patient of the line, in dollars."""
        return sum([each.amount for each in self.adjustments if each.group == "PR"], ZERO)


class LinePrice(Value, frozen=True, kw_only=True):
    """What Medicare's payment systems make of one line, before anybody's share is taken.

    ``line`` is its place, from 1. ``allowed`` is in dollars, for all its units. ``status`` is
    ``priced``; ``bundled`` (worth nothing of its own: paid with another service); ``denied``
    (``reason`` is the claim adjustment reason code, ``patient_liable`` who bears it); or ``open``:
    no rule at hand says, ``meaning`` says why. ``deductible`` tells whether the Part B deductible
    applies, ``coinsurance`` the patient's share after it, ``copayment`` an amount in its place.
    ``limiting_charge`` is the most that may be charged on a claim without assignment.
    ``medicare_share`` is what Medicare's own part is reduced to, 0.85 for a therapy assistant.
    """

    line: int
    code: str
    system: str = ""
    release: str = ""
    status: Literal["priced", "bundled", "denied", "open"] = "priced"
    allowed: Decimal = Decimal("0.00")
    meaning: str = ""
    reason: str = ""
    patient_liable: bool = False
    deductible: bool = True
    coinsurance: Decimal = Decimal("0.20")
    copayment: Decimal | None = None
    limiting_charge: Decimal | None = None
    medicare_share: Decimal | None = None
    trace: tuple[Step, ...] = ()


class PayerDecision(Value, frozen=True, kw_only=True):
    """One payer's answer to the claim.

    ``billed`` = ``paid`` + the adjustments. ``allowed`` is what the payer's own rules make the
    stay worth; ``patient`` what is left to the patient after this payer (its PR adjustments).
    ``paid`` is negative only where Medicare takes money back from the hospital because deductible
    and coinsurance exceed what the stay is worth. ``days`` is given where the payer counts days,
    ``payment`` only where a payer prices the stay otherwise than the decision does, ``lines`` where
    it answers by line.
    """

    payer: str
    kind: str
    position: int
    billed: Decimal
    allowed: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...]
    covered_days: int | None = None
    days: BenefitDays | None = None
    payment: Payment | None = None
    lines: tuple[LineDecision, ...] = ()
    trace: tuple[Step, ...] = ()

    @property
    def patient(self) -> Decimal:
        """What this payer leaves to the patient, in dollars."""
        left = ZERO
        for each in self.adjustments:
            if each.group == "PR":
                left += each.amount
        return left


class Share(Value, frozen=True, kw_only=True):
    """The end of the matter for one party, in dollars."""

    party: str
    amount: Decimal
    meaning: str = ""


class Decision(Value, frozen=True, kw_only=True):
    """A stay adjudicated: edits, group, payment, and the split.

    ``charges`` = ``paid`` + ``written_off`` + ``patient`` + ``undetermined`` holds for every
    decision. ``undetermined`` is what no rule at hand could give to anybody, and is zero unless
    ``not_covered`` says why. ``payment`` is what Medicare's system yields for the stay, whoever
    pays. ``lock`` is the digest of the reference releases that the answer was computed from.
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
    undetermined: Decimal = Decimal("0.00")
    not_covered: tuple[str, ...] = ()
    lock: str = ""

    @property
    def trace(self) -> tuple[Step, ...]:
        """Every step from input to cent: the payment system's first, then each payer's."""
        steps = list(self.payment.trace) if self.payment is not None else []
        for payer in self.payers:
            steps.extend(payer.trace)
        return tuple(steps)


class VisitDecision(Value, frozen=True, kw_only=True):
    """A visit adjudicated: edits, each line's price, and the split.

    ``charges`` = ``paid`` + ``written_off`` + ``patient`` + ``undetermined`` holds for the visit as
    for each line. ``prices`` is what Medicare's systems yield by line, where a payer's answer turns
    on it. ``undetermined``, ``not_covered`` and ``lock`` are as in :class:`Decision`.
    """

    visit_id: str
    edits: EditReport
    prices: tuple[LinePrice, ...]
    payers: tuple[PayerDecision, ...]
    charges: Decimal
    paid: Decimal
    written_off: Decimal
    patient: Decimal
    shares: tuple[Share, ...]
    undetermined: Decimal = Decimal("0.00")
    not_covered: tuple[str, ...] = ()
    lock: str = ""

    @property
    def trace(self) -> tuple[Step, ...]:
        """Every step from input to cent: the lines' prices first, then each payer's answer."""
        steps = [step for price in self.prices for step in price.trace]
        for payer in self.payers:
            steps.extend(payer.trace)
        return tuple(steps)
