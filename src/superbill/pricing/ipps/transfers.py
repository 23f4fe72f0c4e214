"""How much of a full payment a transfer gets.

42 CFR 412.4(f): by the day (the first day counts twice) for transfers to acute hospitals and
from post-acute groups; half at once and half by the day from special-pay groups. Never more
than the full amount. Rounded where CMS's pricer rounds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from superbill.model.trace import Trace
from superbill.money import half_up
from superbill.sources.ipps_drg_weights import DrgWeight

WHOLE = Decimal("1.0000")
NONE = Decimal("0.0000")
HALF = Decimal(".5")

ACUTE = frozenset({"03", "06"})
POST_ACUTE = frozenset({"09", "11"})
NEVER_REDUCED = "789"
"""MS-DRG 789, neonates who died or were transferred: its weight allows for transfers."""


class Stay(NamedTuple):
    """The days that count, and the fractions to pay, four decimals each.

    ``short``: the days are fewer than the group's mean stay. ``discharge`` is the fraction of
    the payment, ``weight`` that fraction of the group's weight, ``transfer`` the days over the
    mean stay (0 where the bill is no transfer). ``kind`` is how the transfer is paid.
    """

    days: int
    short: bool
    discharge: Decimal
    weight: Decimal
    transfer: Decimal
    kind: str


def stay(length_of_stay: int, review_code: str, drg: DrgWeight) -> Stay:
    """The fractions of one stay."""
    days = max(length_of_stay, 1) + 1
    mean, weight = drg.geometric_mean_stay, drg.weight
    short = days < mean
    kind = kind_of(review_code, drg)
    if not kind or not mean:
        return Stay(days, short, WHOLE, half_up(weight, 4), NONE, kind)
    exact = days / mean
    transfer = half_up(exact, 4)
    if kind == "special":
        exact = HALF + HALF * days / mean
        discharge = half_up(exact, 4)
        part = half_up(exact * weight, 4)
    else:
        discharge = transfer
        part = half_up(transfer * weight, 4)
    if discharge > 1:
        discharge = transfer = WHOLE
        part = half_up(weight, 4)
    return Stay(days, short, discharge, part, transfer, kind)


def days_that_count(length_of_stay: int, review_code: str, drg: DrgWeight) -> tuple[str, int]:
    """What of a stay's end and days bears on its fractions.

    A transfer that is shorter than the group's mean stay turns on how it is paid and on its days;
    of every other stay nothing but whether it is short bears on anything.
    """
    days = max(length_of_stay, 1) + 1
    if days >= drg.geometric_mean_stay:
        return "", 0
    return (review_code, days) if kind_of(review_code, drg) else ("", 1)


def kind_of(review_code: str, drg: DrgWeight) -> str:
    """``acute``, ``post-acute``, ``special``, or nothing where the bill is no transfer."""
    if review_code in ACUTE:
        return "acute"
    if review_code in POST_ACUTE and drg.post_acute:
        return "special" if drg.special_pay else "post-acute"
    return ""


def fraction_paid(found: Stay, drg: str) -> Decimal | None:
    """What the payment is multiplied by, or ``None`` where it is paid in full."""
    if not found.kind or not found.short or drg == NEVER_REDUCED:
        return None
    return found.discharge if found.kind == "special" else found.transfer


def explain(trace: Trace, found: Stay, length_of_stay: int, drg: DrgWeight, table: str) -> None:
    """Trace the fraction of a transfer."""
    special = found.kind == "special"
    trace(
        "fraction of the full payment",
        found.discharge,
        formula=".5 + .5 × (days + 1) / mean stay" if special else "(days + 1) / mean stay",
        rounding="half up, 4 decimals; at most 1",
        cite="42 CFR 412.4(f)",
        days=(length_of_stay, "claim"),
        mean_stay=(drg.geometric_mean_stay, f"{table}, geometric mean length of stay"),
    )
