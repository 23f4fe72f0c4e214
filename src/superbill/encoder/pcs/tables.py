"""The tables of ICD-10-PCS that are held, and which codes there are on a day.

The tables say how a code is put together and what its characters mean; the Medicare Code Editor's
master or the order file of the day says which codes there are. Where the tables held are of
another year than the day, only codes that both know are built, and the answer names the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from superbill.codes.answer import From
from superbill.codes.titles import distance, origin
from superbill.store.open import Store

TABLES = "icd10pcs.tables"
DEFINITIONS = "icd10pcs.definitions"
AXES = 7


class Value(NamedTuple):
    """A value of an axis: its character, what the axis is called, its meaning and definition."""

    value: str
    title: str
    label: str
    definition: str


class Table(NamedTuple):
    """A table: the values of axes 1 to 3, and its rows: for each of axes 4 to 7 the values by
    character.
    """

    head: tuple[Value, ...]
    rows: tuple[tuple[dict[str, Value], ...], ...]

    def allows(self, code: str) -> bool:
        """Whether a row of the table allows a code that starts with its three characters."""
        a, b, c, d = code[3], code[4], code[5], code[6]
        return any(a in r[0] and b in r[1] and c in r[2] and d in r[3] for r in self.rows)

    def values(self, code: str) -> tuple[Value, ...] | None:
        """The values of a code of the table, one for each axis; ``None`` where it has none such."""
        for row in self.rows:
            if all(character in axis for axis, character in zip(row, code[3:], strict=True)):
                return (*self.head, *(axis[c] for axis, c in zip(row, code[3:], strict=True)))
        return None


class Tables:
    """The tables held for ``day``, read one by one as they are asked for."""

    def __init__(self, store: Store, *, on: date) -> None:
        held = store.coverage(TABLES)
        if not held:
            raise store.not_covered(TABLES, on=on)
        span, release = min(held, key=lambda item: distance(item[0], on))
        self.source: From = origin(release, exact=on in span)
        self._store = store
        self._day = on
        self._release = release.id
        self._tables: dict[str, Table | None] = {}
        self._below: dict[str, dict[str, Table]] = {}
        master = "icd10pcs.validity"
        self._dataset = master if store.covers(master, on=on) else "icd10pcs.order"
        self._codes_release = store.release(self._dataset, on=on).id
        self._codes_table = store.info(self._dataset).table
        self._billable = "" if self._dataset == master else "AND billable = 1 "

    def table(self, name: str) -> Table | None:
        """The table called by its three characters, where it is held."""
        if name not in self._tables:
            found = dict(self._read("pcs_table = ?", name))
            self._tables[name] = found.get(name)
        return self._tables[name]

    def below(self, prefix: str) -> dict[str, Table]:
        """The tables whose names start with ``prefix`` (0 to 3 characters), in order."""
        if len(prefix) == 3:
            table = self.table(prefix)
            return {} if table is None else {prefix: table}
        if prefix not in self._below:
            found = dict(self._read("pcs_table >= ? AND pcs_table < ?", prefix, prefix + "["))
            self._tables.update(found)
            self._below[prefix] = found
        return self._below[prefix]

    def _read(self, where: str, *names: str) -> Iterator[tuple[str, Table]]:
        rows = self._store.query(
            "SELECT pcs_table, table_row, axis, value, axis_title, label, definition FROM "  # noqa: S608
            f"{self._store.info(TABLES).table} WHERE {where} AND release = ? "
            "ORDER BY pcs_table, table_row, axis, value",
            *(*names, self._release),
        )
        for name, group in groupby(rows, key=lambda row: str(row[0])):
            yield name, _table([row[1:] for row in group])

    def codes(self, prefix: str) -> list[str]:
        """The codes of the day that start with ``prefix``, in order."""
        day = self._day.isoformat()
        rows = self._store.query(
            f"SELECT code FROM {self._codes_table} WHERE code >= ? AND code < ? AND release = ? "  # noqa: S608
            f"AND valid_from <= ? AND valid_to > ? {self._billable}ORDER BY code",
            *(prefix, prefix + "[", self._codes_release, day, day),
        )
        return [str(row[0]) for row in rows]


def _table(rows: Sequence[tuple[object, ...]]) -> Table:
    head: list[Value] = []
    found: dict[int, tuple[dict[str, Value], ...]] = {}
    for number, axis, *texts in rows:
        value = Value(*(str(text) for text in texts))
        if number == 0:
            head.append(value)
        else:
            columns = found.setdefault(int(str(number)), ({}, {}, {}, {}))
            columns[int(str(axis)) - 4][value.value] = value
    return Table(tuple(head), tuple(found.values()))
