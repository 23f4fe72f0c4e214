"""Records of the model as rows, and rows as records.

A record is first a tree of its fields that are not as they would be without being given. Columns
are taken out of it; what is left is the row's ``rest``. The way back puts columns and ``rest``
together, so that a record comes back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

import msgspec

from superbill.errors import Invalid, Problem
from superbill.interop import trees
from superbill.interop.tabular.tables import ITEM, REST, Column, Table, child, tables

_MISSING = re.compile(r"Object missing required field `(\w+)`")

type Row = dict[str, Any]
"""A row by column: text, ``int``, ``Decimal``, ``date``, ``bool``, lists of these, or ``None``."""


class Placed(NamedTuple):
    """A row and the table that it belongs to."""

    table: Table
    row: Row


def rows(record: msgspec.Struct, table: Table, keys: tuple[int, ...]) -> Iterator[Placed]:
    """The row of a record, then those of what it has several of.

    ``keys`` are the numbers of the record and of those above it.
    """
    below = child(table)
    parts: tuple[msgspec.Struct, ...] = getattr(record, below.field) if below is not None else ()
    tree = trees.tree(record)
    if below is not None:
        tree.pop(below.field, None)
    row: Row = dict(zip(table.keys, keys, strict=True))
    for column, default in _shown(table.name):
        row[column.name] = _taken(tree, column, default)
    left = trees.left(tree)
    row[REST] = msgspec.json.encode(left).decode() if left else None
    yield Placed(table, row)
    if below is not None:
        for number, part in enumerate(parts, 1):
            yield from rows(part, below, (*keys, number))


def record(table: Table, row: Row, parts: list[Any]) -> msgspec.Struct:
    """The record of a row, with the records below it.

    Raises :class:`~superbill.errors.Invalid`, the columns named.
    """
    tree = _rest(row)
    for column in table.columns:
        value = row.get(column.name)
        if value is not None:
            _put(tree, column, value)
    for name in _may_be_none(table.record):
        tree.setdefault(name, None)
    if parts:
        below = child(table)
        assert below is not None
        tree[below.field] = parts
    try:
        return msgspec.convert(tree, table.record)
    except msgspec.ValidationError as wrong:
        raise Invalid([_problem(str(wrong), table)]) from None


def _taken(tree: Any, column: Column, shown: Any) -> Any:
    """The value of a column, taken out of the tree; ``None`` where there is none.

    A value that is as it would be by itself is ``shown`` where it says something (``UN``).
    """
    if not column.of_each:
        for step in column.steps[:-1]:
            tree = tree.get(step)
            if not isinstance(tree, dict):
                return None
        return tree.pop(column.steps[-1], shown)
    listed = tree.get(column.steps[0])
    if not listed:
        return None
    absent = "" if ITEM[column.type] == "text" and shown is None else shown
    return [each.pop(column.steps[1], absent) for each in listed]


@cache
def _shown(name: str) -> tuple[tuple[Column, Any], ...]:
    """Each column of a table with what it shows where its field is not given."""
    table = tables()[name]
    nothing = (None, "", (), msgspec.NODEFAULT)
    given = ((column, _default(table.record, column.steps)) for column in table.columns)
    return tuple((column, None if each in nothing else each) for column, each in given)


def _default(kind: type[msgspec.Struct], steps: tuple[str, ...]) -> Any:
    """What the field at a path is where it is not given."""
    field = next(f for f in msgspec.structs.fields(kind) if f.name == steps[0])
    if len(steps) == 1:
        return field.default
    return _default(trees.structs(field.type)[0], steps[1:])


def _rest(row: Row) -> dict[str, Any]:
    text = row.get(REST)
    if not text:
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError):
        raise Invalid.at(
            REST, "it is no JSON object.", "Leave it as it was written, or empty it."
        ) from None


def _put(tree: dict[str, Any], column: Column, value: Any) -> None:
    """Put the value of a column at its place in the tree."""
    if not column.of_each:
        for step in column.steps[:-1]:
            inner = tree.setdefault(step, {})
            if not isinstance(inner, dict):
                raise Invalid.at(REST, f"its {step} is no object.", "Empty it.")
            tree = inner
        tree[column.steps[-1]] = value
        return
    first, name = column.steps
    listed = tree.setdefault(first, [])
    if not isinstance(listed, list):
        raise Invalid.at(REST, f"its {first} is no list.", "Empty it.")
    if not listed:
        listed.extend({} for _ in value)
    if len(listed) != len(value):
        raise Invalid.at(
            column.name,
            f"it has {len(value)} entries, and what stands beside it {len(listed)}.",
            "Give each list as many entries, empty ones too.",
        )
    for each, single in zip(listed, value, strict=True):
        if not isinstance(each, dict):
            raise Invalid.at(REST, f"its {first} holds what is no object.", "Empty it.")
        if single is not None:
            each[name] = single


@cache
def _may_be_none(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields that must be given, and may be given as ``None``."""
    return tuple(
        field.name
        for field in msgspec.structs.fields(kind)
        if field.default is msgspec.NODEFAULT and type(None) in get_args(field.type)
    )


def _problem(message: str, table: Table) -> Problem:
    """What msgspec says, with the column that it concerns where one holds it."""
    says, _, where = message.partition(" - at `$")
    path = where.rstrip("`").lstrip(".")
    if missing := _MISSING.fullmatch(says):
        path, says = f"{path}.{missing[1]}".lstrip("."), "it is empty, and must be there"
    bare = path.replace("[...]", "[]")
    steps = [part for part in bare.replace("[].", ".").split(".") if not part.isdigit()]
    for column in table.columns:
        if list(column.steps) == steps:
            return Problem(column.name, f"{says}.", column.about)
    return Problem(path or REST, f"{says}.", "Compare it with the table's columns.")
