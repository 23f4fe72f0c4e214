"""Records as trees of what they hold, from which parts are taken and the rest is kept.

What another form (a table, FHIR) has a place for is taken out of the tree; what is left travels
along as JSON, so that a record comes back as it was.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

import msgspec


class Part(dict[str, Any]):
    """A part of a tree; ``was`` says that something stood in it at first."""

    __slots__ = ("was",)
    was: bool


def tree(value: Any) -> Any:
    """A record as nested values, without the fields that are as they would be by themselves."""
    if isinstance(value, msgspec.Struct):
        made = Part()
        for name, default in defaults(type(value)):
            field = getattr(value, name)
            if default is msgspec.NODEFAULT or field != default:
                made[name] = tree(field)
        made.was = bool(made)
        return made
    if isinstance(value, tuple):
        return [tree(each) for each in value]
    return value


@cache
def defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(kind))


def left(found: Any) -> Any:
    """What columns did not take. A list keeps its places while anything is left in it."""
    if isinstance(found, dict):
        kept = {}
        for name, value in found.items():
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
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [struct for part in get_args(annotation) for struct in structs(part)]
