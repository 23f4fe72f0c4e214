"""What rules above the guide have in common: they listen to segments in their places.

A set of rules is a class. ``ON`` says which method hears which segment, by loop and identifier
(``("2300", "CLM")``; a loop of ``"*"`` is any), and ``AT_END`` which method is told that a loop
ends. One object lives for one transaction, and holds no more than the claim that it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from superbill.interop.x12.check.finding import At
from superbill.money import ZERO

type Hears = Callable[[Any, list[str]], None]
type Ends = Callable[[Any], None]


type Place = tuple[int, int]
"""The offset and number of a segment, noted in case that something is wrong with it."""


class Desk(Protocol):
    """Where findings go. A checker of one transaction is one."""

    mark: str
    """What parts components."""
    claim: str
    """The claim that is being checked, as its sender numbers it."""

    offset: int
    """The byte of the segment that is being checked."""
    number: int
    """Which segment of the file that is."""

    def here(self) -> At:
        """The segment that is being checked."""
        ...

    def there(self, place: Place, name: str, loop: str) -> At:
        """A segment whose place was noted."""
        ...

    def report(
        self,
        snip: int,
        rule: str,
        message: str,
        mend: str,
        *,
        element: str = "",
        at: At | None = None,
        fault: str = "",
        sent: str = "",
        number: str = "",
    ) -> None:
        """Note a finding; ``at`` is another segment than the one that is being checked."""
        ...

    def unchecked(self, rule: str, reason: str) -> None:
        """Note that a rule could not be run."""
        ...


class Rules:
    """A set of rules of one level, for one transaction."""

    LEVEL: ClassVar[int]
    SETS: ClassVar[frozenset[str]]
    """The guides that they are for."""
    ON: ClassVar[Mapping[tuple[str, str], Hears]] = {}
    AT_END: ClassVar[Mapping[str, Ends]] = {}
    PURE: ClassVar = False
    """Whether each segment is judged by its own text alone: then one text is judged once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def begin(self, isa: tuple[str, ...], gs: list[str], st: list[str]) -> None:
        """The transaction begins."""

    def finish(self) -> None:
        """The transaction has ended."""


_LONGEST = 24


def amount(elements: list[str], place: int) -> Decimal | None:
    """An amount; zero where it was not sent, ``None`` where it is no number (told at level 1).

    >>> amount(["AMT", "D", "12.5"], 2), amount(["AMT", "D"], 2), amount(["AMT", "D", "x"], 2)
    (Decimal('12.5'), Decimal('0.00'), None)
    """
    return _decimal(elements[place]) if place < len(elements) else ZERO


@lru_cache(maxsize=8192)
def _decimal(text: str) -> Decimal | None:
    if not text:
        return ZERO
    if len(text) > _LONGEST or "E" in text or "e" in text or "_" in text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def element(elements: list[str], place: int) -> str:
    """An element; empty where it was not sent."""
    return elements[place] if place < len(elements) else ""


def adjusted(elements: list[str]) -> Decimal | None:
    """The sum of the amounts of a CAS; ``None`` where one is no number.

    >>> adjusted(["CAS", "CO", "45", "20", "", "253", "1.5"])
    Decimal('21.50')
    """
    total = ZERO
    for place in range(3, min(len(elements), 19), 3):
        value = amount(elements, place)
        if value is None:
            return None
        total += value
    return total
