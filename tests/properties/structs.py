"""Values of any type of the model, made from the types themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st

TEXT = st.text(
    st.sampled_from("ab1 |\\\"',;=\n\té–e") | st.characters(codec="utf-8", exclude_characters="\0"),
    max_size=6,
)
DOLLARS = st.decimals(-99_999, 99_999, places=2)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def values(
    kind: Any, *, full: bool = False, text: st.SearchStrategy[str] = TEXT
) -> st.SearchStrategy[Any]:
    """Values of a type: structs with some fields given, or with every field if ``full``."""
    origin, args = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind, full=full, text=text)
    if origin is Annotated:
        return values(args[0], full=full, text=text)
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        return st.lists(values(args[0], full=full, text=text), max_size=2).map(tuple)
    if origin in {Union, UnionType}:
        return st.one_of(*(values(each, full=full, text=text) for each in args))
    return {
        str: text,
        int: st.integers(-(2**31), 2**31),
        bool: st.booleans(),
        Decimal: DOLLARS,
        date: DAYS,
        NoneType: st.none(),
    }[kind]


@cache
def _struct(
    kind: type[msgspec.Struct], *, full: bool, text: st.SearchStrategy[str]
) -> st.SearchStrategy[Any]:
    must: dict[str, st.SearchStrategy[Any]] = {}
    may: dict[str, st.SearchStrategy[Any]] = {}
    for field in msgspec.structs.fields(kind):
        given = values(field.type, full=full, text=text)
        needed = full or field.default is msgspec.NODEFAULT
        (must if needed else may)[field.name] = given
    return st.fixed_dictionaries(must, optional=may).map(lambda fields: kind(**fields))
