"""What a payment system says a stay or a line is worth, before anybody's share is taken."""

from __future__ import annotations

from decimal import Decimal

from superbill.model.base import Value
from superbill.model.trace import Step


class Component(Value, frozen=True, kw_only=True):
    """A named part of a payment, in dollars, such as ``operating federal portion``."""

    name: str
    amount: Decimal


class Payment(Value, frozen=True, kw_only=True):
    """The amount a payment system yields.

    ``total`` is the sum of ``components`` in dollars and cents. ``return_code`` is the payment
    system's own code, ``meaning`` says it in words. ``figures`` holds the system's further
    output fields by their published names. ``trace`` is empty unless it was asked for.
    ``not_checked`` says what could not be looked up, so that nothing was paid for it.
    """

    system: str
    version: str
    return_code: str
    meaning: str
    total: Decimal
    components: tuple[Component, ...] = ()
    figures: dict[str, str] = {}
    trace: tuple[Step, ...] = ()
    release: str = ""
    not_checked: tuple[str, ...] = ()

    @property
    def payable(self) -> bool:
        """Whether the payment system priced the claim at all."""
        return int(self.return_code) < 50 if self.return_code.isdigit() else False
