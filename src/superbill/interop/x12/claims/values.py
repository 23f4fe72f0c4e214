"""Texts of X12 turned into amounts, counts, days and codes, and refused where they are none."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from superbill.interop.x12.claims.loops import Unfit
from superbill.model import ClaimAdjustment, Service

_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_LONGEST = 30

# An adjustment segment holds six reasons of three elements each after its group.
_REASONS = range(2, 20, 3)


@lru_cache(maxsize=16_384)
def number(text: str) -> Decimal:
    """An amount or a count (element type R).

    >>> number("-.5"), number("100.")
    (Decimal('-0.5'), Decimal('100'))
    """
    if len(text) > _LONGEST or _NUMBER.fullmatch(text) is None:
        raise Unfit(text)
    return Decimal(text)


def maybe(text: str) -> Decimal | None:
    """A number, or ``None`` where nothing was sent."""
    return number(text) if text else None


@lru_cache(maxsize=16_384)
def day(text: str) -> date:
    """A day as D8."""
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        raise Unfit(text)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unfit(text) from None


def days(text: str) -> tuple[date, date]:
    """Two days as RD8."""
    first, dash, last = text.partition("-")
    if not dash:
        raise Unfit(text)
    return day(first), day(last)


@lru_cache(maxsize=1_024)
def whole(text: str) -> int:
    """A whole number (element type N0)."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Unfit(text)
    return int(text)


def at(elements: list[str], place: int) -> str:
    """The element at a place; empty where it was not sent."""
    return elements[place] if place < len(elements) else ""


@lru_cache(maxsize=16_384)
def service(text: str, mark: str) -> Service:
    """A service from its composite: qualifier, code, four modifiers, description."""
    parts = text.split(mark)
    if not 2 <= len(parts) <= 7 or not parts[1]:
        raise Unfit(text)
    modifiers = tuple(parts[2:6])
    while modifiers and not modifiers[-1]:
        modifiers = modifiers[:-1]
    if "" in modifiers:
        raise Unfit(text)
    return Service(
        qualifier=parts[0],
        code=parts[1],
        modifiers=modifiers,
        description=parts[6] if len(parts) > 6 else "",
    )


def adjustments(elements: list[str]) -> tuple[ClaimAdjustment, ...]:
    """The adjustments of a CAS."""
    if len(elements) > _REASONS.stop:
        raise Unfit("CAS")
    found = []
    for place in _REASONS:
        if not any(elements[place : place + 3]):
            continue
        found.append(
            ClaimAdjustment(
                group=elements[1],
                reason=elements[place],
                amount=number(at(elements, place + 1)),
                quantity=maybe(at(elements, place + 2)),
            )
        )
    if not found:
        raise Unfit("CAS")
    return tuple(found)
