"""Loads rows into a store that is being built, and writes down where they are from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.dates import Span
from superbill.errors import BadRow, BuildFailed
from superbill.sources.document import Cell, Row
from superbill.store.catalog import Column, Dataset
from superbill.store.intake import READ_FAULTS, Found
from superbill.store.schema import APPLICATION_ID, FORMAT_VERSION, META_DDL


class Loaded(NamedTuple):
    """A release that has been loaded, with its number and how many rows it has."""

    id: int
    found: Found
    rows: int


def create(connection: sqlite3.Connection, datasets: Sequence[Dataset]) -> None:
    """Make the tables of an empty store."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    for statement in META_DDL:
        connection.execute(statement)
    for position, dataset in enumerate(datasets):
        for statement in dataset.table.ddl():
            connection.execute(statement)
        connection.execute(
            "INSERT INTO dataset VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                dataset.id,
                dataset.title,
                dataset.publisher,
                dataset.address,
                dataset.licence,
                dataset.table.name,
                json.dumps({column.name: column.type for column in dataset.table.columns}),
                json.dumps(dataset.table.key),
                dataset.remedy,
                position,
            ),
        )


def load(connection: sqlite3.Connection, number: int, found: Found) -> Loaded:
    """Parse one release and load its rows under the release ``number``.

    Raises :class:`~superbill.errors.BuildFailed` naming the file where a row does not read, two
    rows share their key, or the number of rows lies outside the layout's range.
    """
    dataset = found.dataset
    names = [column.name for column in dataset.table.columns]
    places = ", ".join("?" * (len(names) + 3))
    statement = (
        f"INSERT INTO {dataset.table.name} ({', '.join(names)}, release, valid_from, valid_to) "  # noqa: S608 - names of the catalog
        f"VALUES ({places})"
    )
    rows = _Rows(found, number)
    try:
        connection.executemany(statement, rows)
    except BadRow as bad:
        raise BuildFailed(f"{found.document.where} is damaged: {bad}") from bad
    except READ_FAULTS as fault:
        raise BuildFailed(f"{found.document.where} cannot be read to its end: {fault}") from fault
    except sqlite3.IntegrityError as fault:
        raise BuildFailed(
            f"{found.document.where}, row {rows.count}: {fault}; the row was {rows.last!r}"
        ) from fault
    low, high = found.layout.rows
    if not low <= rows.count <= high:
        raise BuildFailed(
            f"{found.document.where} has {rows.count:,} rows as {found.layout.name}; expected "
            f"{low:,} to {high:,}. It may be cut short, or of another kind than its name says."
        )
    return Loaded(number, found, rows.count)


class _Rows:
    """The rows of a release in the form that the database takes, counted as they pass."""

    def __init__(self, found: Found, number: int) -> None:
        self._found = found
        self._number = number
        self.count = 0
        self.last: Row = ()

    def __iter__(self) -> Iterator[Row]:
        found = self._found
        columns = found.dataset.table.columns
        width = len(columns)
        convert = [
            (place, _CONVERT[c.type]) for place, c in enumerate(columns) if c.type in _CONVERT
        ]
        spans: dict[tuple[Cell, Cell], tuple[str, str]] = {}
        whole = (found.period.valid_from.isoformat(), found.period.valid_to.isoformat())
        for parsed in found.layout.parse(found.document, found.period):
            self.count += 1
            self.last = parsed
            row: Sequence[Cell] = parsed
            span = whole
            if found.dataset.dated_rows:
                bounds = (parsed[0], parsed[1])
                row = parsed[2:]
                if bounds not in spans:
                    spans[bounds] = self._span(*bounds)
                span = spans[bounds]
            if len(row) != width:
                raise TypeError(
                    f"{found.layout.name} yields {len(row)} cells for {width} columns: {row!r}"
                )
            if convert:
                cells = list(row)
                for place, function in convert:
                    if cells[place] is not None:
                        cells[place] = function(columns[place], cells[place])
                row = cells
            yield (*row, self._number, *span)

    def _span(self, start: Cell, end: Cell) -> tuple[str, str]:
        if not isinstance(start, date) or not isinstance(end, date):
            raise TypeError(f"{self._found.layout.name} yields no days: {start!r}, {end!r}")
        if start >= end:
            raise BadRow(
                self._found.document.where, self.count, f"{start} to {end}", "days in order"
            )
        return start.isoformat(), end.isoformat()


def _decimal(column: Column, cell: Cell) -> str:
    if not isinstance(cell, Decimal):
        raise TypeError(f"{column.name} must be a Decimal, not {cell!r}")
    return str(cell)


def _date(column: Column, cell: Cell) -> str:
    if not isinstance(cell, date):
        raise TypeError(f"{column.name} must be a date, not {cell!r}")
    return cell.isoformat()


_CONVERT: dict[str, Callable[[Column, Cell], Cell]] = {"decimal": _decimal, "date": _date}


def record(connection: sqlite3.Connection, loaded: Loaded, supersedes: Found | None) -> None:
    """Write the release's provenance."""
    found = loaded.found
    dataset = found.dataset
    connection.execute(
        "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            loaded.id,
            dataset.id,
            found.period.label,
            dataset.publisher,
            found.address or dataset.address,
            found.file,
            found.member,
            found.sha256,
            found.content_sha256,
            found.layout.name,
            found.layout.version,
            loaded.rows,
            found.period.valid_from.isoformat(),
            found.period.valid_to.isoformat(),
            None if found.period.published is None else found.period.published.isoformat(),
            None if found.retrieved is None else found.retrieved.isoformat(),
            found.licence or dataset.licence,
            int(found.embedded),
            None if supersedes is None else supersedes.content_sha256,
        ),
    )


def record_answers(connection: sqlite3.Connection, answers: Sequence[tuple[Span, Loaded]]) -> None:
    """Write on which days which release answers."""
    connection.executemany(
        "INSERT INTO coverage VALUES (?, ?, ?, ?)",
        (
            (
                loaded.found.dataset.id,
                span.start.isoformat(),
                span.end.isoformat(),
                loaded.id,
            )
            for span, loaded in answers
        ),
    )
