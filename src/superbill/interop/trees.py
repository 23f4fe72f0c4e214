"""Records as trees of what they hold, from which parts are taken and the rest is kept.

What another form (a table, FHIR) has a place for is taken out of the tree; what is left travels
along as JSON, so that a record comes back as it was.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args

import msgspec

_PLAIN = frozenset({str, int, bool, Decimal, date, NoneType})


class Part(dict[str, Any]):
    """A part of a tree; ``was`` says that something stood in it at first."""

    __slots__ = ("was",)
    was: bool


def tree(value: Any) -> Any:
    """A record as nested values, without the fields that are as they would be by themselves."""
    if isinstance(value, tuple):
        return [tree(each) for each in value]
    if not isinstance(value, msgspec.Struct):
        return value
    made = Part()
    for name, default in defaults(type(value)):
        field = getattr(value, name)
        # Most fields are the default itself, and most of the others plain.
        if field is default or (default is not msgspec.NODEFAULT and field == default):
            continue
        made[name] = field if type(field) in _PLAIN else tree(field)
    made.was = bool(made)
    return made


@cache
def defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """The fields of a struct, each with what it is where it is not given."""
    return tuple((field.name, field.default) for field in msgspec.structs.fields(kind))


def left(found: Any) -> Any:
    """What columns did not take. A list keeps its places while anything is left in it."""
    if isinstance(found, dict):
        kept: dict[str, Any] = {}
        for name, value in found.items():
            if type(value) in _PLAIN:
                kept[name] = value
                continue
            kept_part = left(value)
            # What columns emptied goes; what was empty by itself stays.
            held = value.was if isinstance(value, Part) else bool(value)
            if not (isinstance(value, dict | list) and held and not kept_part):
                kept[name] = kept_part
        return kept
    if isinstance(found, list):
        listed = [left(each) for each in found]
        told = [isinstance(each, Part) and each.was for each in found]
        if all(was and not rest for was, rest in zip(told, listed, strict=True)):
            return []
        return listed
    return found


def structs(annotation: Any) -> list[type[msgspec.Struct]]:
    """The structs that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [struct for part in get_args(annotation) for struct in structs(part)]
