"""Elements of a remittance, from text to values of the model and what is left over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Protocol

from superbill.model import Extra, PayerContact, Reference, Service


class Here(Protocol):
    """A segment, and where it stands."""

    @property
    def text(self) -> str:
        """The segment as it was sent."""
        ...

    @property
    def elements(self) -> list[str]:
        """The elements, the identifier first."""
        ...

    @property
    def id(self) -> str:
        """The identifier, such as ``CLP``."""
        ...

    @property
    def offset(self) -> int:
        """The byte where it begins."""
        ...

    @property
    def number(self) -> int:
        """Its place in the file, from 1."""
        ...


_LONGEST = 24
_DAY = 8


@lru_cache(maxsize=8192)
def number(text: str) -> Decimal | None:
    """A number as X12 writes it; ``None`` where the text is empty or no number.

    >>> number("-12.50"), number(".5"), number("1E5"), number("")
    (Decimal('-12.50'), Decimal('0.5'), None, None)
    """
    if not text or len(text) > _LONGEST or not text.isascii():
        return None
    if not text.lstrip("-+").replace(".", "", 1).isdigit():
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """A day as format D8; ``None`` where the text is empty or no day.

    >>> day("20260301"), day("20260230"), day("260301")
    (datetime.date(2026, 3, 1), None, None)
    """
    if len(text) != _DAY or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def only(elements: list[str], places: Collection[int]) -> bool:
    """Whether nothing was sent but at ``places``."""
    # Written out: a generator would take three times as long.
    for at, sent in enumerate(elements):  # noqa: SIM110
        if sent and at and at not in places:
            return False
    return True


def rest(loop: str, elements: list[str], known: Collection[int], mark: str) -> tuple[Extra, ...]:
    """What stands at other places than ``known``, as a part of the segment; none if nothing."""
    if only(elements, known):
        return ()
    left = [text if not at or at not in known else "" for at, text in enumerate(elements)]
    while len(left) > 1 and not left[-1].strip():
        left.pop()
    return (extra(loop, left, mark, part=True),) if len(left) > 1 else ()


def extra(loop: str, elements: list[str], mark: str, *, part: bool = False) -> Extra:
    """A segment as it was sent."""
    parts = tuple(tuple(_parts(text, mark)) for text in elements)
    return Extra(loop=loop, elements=parts, part=part)


def _parts(text: str, mark: str) -> list[str]:
    return text.split(mark) if mark else [text]


def service(text: str, mark: str) -> Service | None:
    """A service as a composite; ``None`` where there is none, or more than the model knows."""
    parts = [part.strip() for part in text.split(mark)]
    while parts and not parts[-1]:
        parts.pop()
    if not 2 <= len(parts) <= 7:
        return None
    parts += [""] * (7 - len(parts))
    modifiers = tuple(parts[2:6])
    while modifiers and not modifiers[-1]:
        modifiers = modifiers[:-1]
    return Service(qualifier=parts[0], code=parts[1], modifiers=modifiers, description=parts[6])


def text(elements: list[str], place: int) -> str:
    """The element at a place without blanks around it; empty where it was not sent."""
    return elements[place].strip() if place < len(elements) else ""


def contact(e: list[str]) -> PayerContact:
    """A PER."""
    numbers = [
        Reference(qualifier=text(e, place), value=text(e, place + 1))
        for place in (3, 5, 7)
        if text(e, place) or text(e, place + 1)
    ]
    return PayerContact(function=text(e, 1), name=text(e, 2), numbers=tuple(numbers))


def tuples(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields whose lists are done."""
    for name, value in fields.items():
        if value.__class__ is list:
            fields[name] = tuple(value)
    return fields
