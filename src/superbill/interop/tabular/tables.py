"""What the tables are: their columns, keys and types, from ``tables.toml`` beside this module.

Every table begins with its keys, whole numbers counted from 1: ``claims`` with ``claim``,
``claim_lines`` with ``claim`` and ``line``, and so on. They tie the tables together; a claim's own
number may stand twice in a file. Every table ends with ``rest``.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, cast

import msgspec

from superbill import model

Type = Literal[
    "text",
    "integer",
    "dollars",
    "quantity",
    "date",
    "flag",
    "texts",
    "integers",
    "dollars*",
    "quantities",
    "dates",
    "flags",
]

ITEM: dict[Type, Type] = {
    "texts": "text",
    "integers": "integer",
    "dollars*": "dollars",
    "quantities": "quantity",
    "dates": "date",
    "flags": "flag",
}
"""Of each list, the type of what is in it."""

PRECISION = 18
PLACES: dict[Type, int] = {"dollars": 2, "quantity": 6}
"""Decimals that a column of Parquet holds; text holds any."""

REST = "rest"
ROOTS = ("claims", "remittances")


class Column(NamedTuple):
    """A column: its name, where its value is in the record, its type, and what it says.

    ``steps`` is the path; where ``of_each``, the first step is a list and the rest leads on from
    each item of it.
    """

    name: str
    steps: tuple[str, ...]
    of_each: bool
    type: Type
    about: str


class Table(NamedTuple):
    """A table. ``parent`` is the table whose rows have some of this one's, in ``field``."""

    name: str
    record: type[msgspec.Struct]
    grain: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    parent: str
    field: str

    @property
    def header(self) -> list[str]:
        """The names of all columns, keys first and the rest last."""
        return [*self.keys, *(column.name for column in self.columns), REST]


@cache
def tables() -> dict[str, Table]:
    """Every table by its name, parents before their children."""
    import tomllib  # noqa: PLC0415 - read once, and only where tables are

    source = resources.files("superbill.interop.tabular").joinpath("tables.toml")
    found: dict[str, Table] = {}
    for name, told in tomllib.loads(source.read_text(encoding="utf-8")).items():
        parent = told.get("parent", "")
        above = found[parent].keys if parent else ()
        found[name] = Table(
            name,
            getattr(model, told["record"]),
            told["grain"],
            (*above, told["key"]),
            tuple(_column(column, words) for column, words in told["columns"].items()),
            parent,
            told.get("field", ""),
        )
    return found


def child(table: Table) -> Table | None:
    """The table of what a row of this one has several of, or ``None``."""
    return next((each for each in tables().values() if each.parent == table.name), None)


def _column(name: str, words: str) -> Column:
    head, _, about = words.partition(": ")
    path, type_ = head.split()
    first, of_each, rest = path.partition("[].")
    steps = (first, *rest.split(".")) if of_each else tuple(path.split("."))
    return Column(name, steps, bool(of_each), cast("Type", type_), about)
