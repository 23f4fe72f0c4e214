"""Amounts and figures of a document: numbers, none below zero, none beyond all measure.

A charge is dollars and whole cents. The figures of a hospital's profile and of a payer's contract
are looked at together, by their types, so that a field added to the model is checked from the day
it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, get_args

import msgspec

from superbill.errors import Problem
from superbill.model.payers import PercentOfCharges, PlanBenefits, SelfPay, StopLoss
from superbill.money import half_up

CENT = Decimal("0.01")
MOST = Decimal("99999999.99")
"""The paper and electronic claims hold ten digits of an amount at most."""

_ZERO = Decimal(0)
_ONE = Decimal(1)
# No figure of a hospital or a contract comes near it; a larger one is a slip.
_MOST_FIGURE = Decimal("1E+12")

# Shares of one: written 0.85 for 85 percent.
_SHARES = {
    PercentOfCharges: "percent",
    StopLoss: "percent_of_charges",
    PlanBenefits: "coinsurance",
    SelfPay: "discount",
}


def amount(value: Decimal, path: str, found: list[Problem]) -> None:
    """An amount in dollars and whole cents, from zero to what a claim can hold."""
    if not quantity(value, path, found):
        return
    if value != half_up(value):
        found.append(
            Problem(
                path,
                f"{value} has more than two decimals; an amount is dollars and cents.",
                "Round it to the cent, as it was billed.",
            )
        )


def quantity(value: Decimal, path: str, found: list[Problem]) -> bool:
    """A number from zero to what a claim can hold; whether it is one."""
    if not value.is_finite():
        found.append(Problem(path, "it is not a number.", 'For example "1875.00".'))
    elif value.is_signed() and value:
        found.append(
            Problem(
                path,
                f"{_short(value)} is below zero.",
                "Leave credits out, or net them against the line that they correct.",
            )
        )
    elif value > MOST:
        found.append(
            Problem(
                path,
                f"{_short(value)} is more than a claim can hold ({MOST:,}).",
                "Check the decimal point.",
            )
        )
    else:
        return True
    return False


@cache
def _of(kind: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], Any], tuple[str, ...]]:
    """Of a struct: the fields that are figures, a getter of them, the fields with some inside."""
    own: list[str] = []
    inner: list[str] = []
    for field in msgspec.structs.fields(kind):
        parts = set(_parts(field.type))
        structs = [
            part for part in parts if isinstance(part, type) and issubclass(part, msgspec.Struct)
        ]
        if any(any(_of(struct)[::2]) for struct in structs) or {dict, Decimal} <= parts:
            inner.append(field.name)
        elif Decimal in parts:
            own.append(field.name)
    # With one name, attrgetter would give the value itself; a name twice makes it a tuple.
    getter: Callable[[Any], Any] = attrgetter(*own, *own[:1]) if own else lambda _: ()
    return tuple(own), getter, tuple(inner)


def _parts(annotation: Any) -> list[Any]:
    """A type and everything that it is made of."""
    origin = getattr(annotation, "__origin__", annotation)
    return [origin] + [part for each in get_args(annotation) for part in _parts(each)]


def sound(value: Any) -> bool:
    """Whether all figures of a payer or a hospital are plainly in order, looked at quickly."""
    kind = value.__class__
    _, getter, inner = _of(kind)
    for figure in getter(value):
        if figure and not (figure.is_finite() and _ZERO < figure < _MOST_FIGURE):
            return False
    if kind in _SHARES and getattr(value, _SHARES[kind]) > _ONE:
        return False
    for name in inner:
        part = getattr(value, name)
        if part and not (isinstance(part, msgspec.Struct) and sound(part)):
            return False
    return True


def figures(value: Any, path: str, found: list[Problem]) -> None:
    """The figures of a payer or a hospital: numbers, none below zero, and none absurd."""
    own, _, inner = _of(value.__class__)
    _wrong_figures(value, own, path, found)
    share = _SHARES.get(value.__class__)
    if share is not None:
        _share(getattr(value, share), f"{path}.{share}", found)
    for name in inner:
        part = getattr(value, name)
        where = f"{path}.{name}" if path else name
        if isinstance(part, msgspec.Struct):
            figures(part, where, found)
        elif isinstance(part, tuple):
            for index, each in enumerate(part):
                figures(each, f"{where}[{index}]", found)
        elif isinstance(part, dict):
            for key, each in part.items():
                quantity(each, f'{where}["{key[:20]}"]', found)


def _wrong_figures(value: Any, own: tuple[str, ...], path: str, found: list[Problem]) -> None:
    for name in own:
        figure: Decimal | None = getattr(value, name)
        where = f"{path}.{name}" if path else name
        if not figure:
            continue
        if not figure.is_finite():
            found.append(Problem(where, "it is not a number.", 'For example "0.317".'))
        elif figure.is_signed():
            found.append(
                Problem(
                    where, f"{_short(figure)} is below zero.", "Give it without the minus sign."
                )
            )
        elif figure >= _MOST_FIGURE:
            found.append(
                Problem(where, f"{_short(figure)} is too large.", "Check the decimal point.")
            )


def _share(figure: Decimal, path: str, found: list[Problem]) -> None:
    if figure.is_finite() and figure > _ONE:
        found.append(
            Problem(
                path,
                f"{_short(figure)} is more than the whole; a share of one is expected.",
                "Write 85 percent as 0.85.",
            )
        )


def _short(value: Decimal) -> str:
    text = str(value)
    return text if len(text) <= 20 else f"{value:.3E}"
