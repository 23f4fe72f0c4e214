"""What the physician fee schedule makes of a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from superbill.model.base import Value
from superbill.model.decision import LinePrice
from superbill.model.trace import Step
from superbill.money import ZERO

SYSTEM = "MPFS"


class Adjusted(Value, frozen=True, kw_only=True):
    """A percentage that a modifier or rule sets: ``factor`` of the amount, and on whose word."""

    rule: str
    factor: str
    citation: str = ""


class Priced(Value, frozen=True, kw_only=True):
    """A line's price. Amounts are in dollars.

    ``allowed`` is Medicare's allowed amount for all units, after modifiers. ``fee`` is the
    published schedule's amount for one unit in full, ``unit_amount`` the same after modifiers.
    ``status`` is ``priced``, ``bundled`` or ``denied`` (``reason`` is the claim adjustment reason
    code, ``patient_liable`` who bears it). ``facility`` tells which practice expense was paid.
    ``limiting_charge`` is the most that a nonparticipating physician who does not accept
    assignment may charge. ``medicare_share`` is what Medicare's own part is reduced to where a
    therapy assistant gave the service: it is no part of ``allowed``.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    status: Literal["priced", "bundled", "denied"] = "priced"
    allowed: Decimal = ZERO
    fee: Decimal = ZERO
    unit_amount: Decimal = ZERO
    facility: bool = False
    release: str = ""
    carrier: str = ""
    locality: str = ""
    conversion_factor: Decimal | None = None
    indicator: str = ""
    meaning: str = ""
    reason: str = ""
    patient_liable: bool = False
    limiting_charge: Decimal | None = None
    medicare_share: Decimal | None = None
    adjusted: tuple[Adjusted, ...] = ()
    notes: tuple[str, ...] = ()
    trace: tuple[Step, ...] = ()

    def line_price(self, line: int) -> LinePrice:
        """The same as the value that benefits read; ``line`` is its place, from 1."""
        return LinePrice(
            line=line,
            code=self.code,
            system=SYSTEM,
            release=self.release,
            status=self.status,
            allowed=self.allowed,
            meaning=self.meaning,
            reason=self.reason,
            patient_liable=self.patient_liable,
            limiting_charge=self.limiting_charge,
            medicare_share=self.medicare_share,
            trace=self.trace,
        )
