"""FHIR's JSON as text and as plain values: nothing is lost, and decimals keep their text.

FHIR (hl7.org/fhir/R4/json.html) counts the zeros at the end of a decimal, so that ``1.50`` is not
``1.5``: a number that was read is written as it stood. Elements and extensions that nobody here
knows travel along, in their places.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Self

import msgspec

from superbill.errors import Invalid

type Json = dict[str, Any]
"""A resource, or a part of one, as plain values; numbers are :class:`Number` or ``Decimal``."""

DEEPEST = 200
_LONGEST_NUMBER = 60


class Number(Decimal):
    """A number as it stood in the text.

    >>> Number("1.50"), Number("1.50") == Decimal("1.5"), Number("1e2").text
    (Decimal('1.50'), True, '1e2')
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return f"Decimal('{self}')"


def loads(data: bytes | str) -> Json:
    """A JSON object, its numbers with their text.

    Raises :class:`~superbill.errors.Invalid` with line and column where it is no JSON, and for an
    object that holds a name twice, of which one would be lost.
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
        text.encode()
    except UnicodeError:
        raise Invalid.at("(document)", "it is not UTF-8.", "Save it as UTF-8.") from None
    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as wrong:
        raise Invalid.at(
            "(document)",
            f"it is not JSON, at line {wrong.lineno}, column {wrong.colno}: {wrong.msg.lower()}.",
            "Copy or export it again; FHIR as XML is not read.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(found, dict):
        raise Invalid.at(
            "(document)",
            "it is not a JSON object.",
            'A resource is an object with its "resourceType".',
        )
    _look(found, 0)
    return found


def dumps(resource: Json, *, indent: int | None = None) -> bytes:
    """The resource as JSON in UTF-8, in one line or indented by so many blanks."""
    line = _ENCODER.encode(resource)
    return line if indent is None else msgspec.json.format(line, indent=indent) + b"\n"


def _look(value: Any, depth: int) -> None:
    """Refuse what could not be written again: halves of a character, and depths without end."""
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        for name, inner in value.items():
            _look(name, depth)
            _look(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _look(inner, depth + 1)
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid.at(
                "(document)",
                "a text holds half of a surrogate pair, which is no character.",
                "Export it again as UTF-8.",
            ) from None


def _too_deep() -> Invalid:
    return Invalid.at(
        "(document)",
        "brackets stand inside brackets too deep to be a FHIR resource.",
        "Export it again.",
    )


def _object(pairs: list[tuple[str, Any]]) -> Json:
    plain = dict(pairs)
    if len(plain) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise Invalid.at(
            "(document)",
            f"{twice[:40]!r} stands twice in one object.",
            "FHIR allows each name once; take one out.",
        )
    return plain


def _number(text: str) -> Number:
    if len(text) > _LONGEST_NUMBER:
        raise _no_number(f"{text[:12]}…")
    try:
        return Number(text)
    except InvalidOperation:
        raise _no_number(text) from None


def _no_number(text: str) -> Invalid:
    raise Invalid.at(
        "(document)",
        f"{text} is no number that FHIR allows.",
        "Write a plain decimal, for example 1.50.",
    )


def _written(value: object) -> msgspec.Raw:
    if isinstance(value, Number):
        return msgspec.Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} has no form in FHIR's JSON")


_ENCODER = msgspec.json.Encoder(enc_hook=_written, decimal_format="number")
