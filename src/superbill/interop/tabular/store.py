"""Claims and remittances to a folder of tables, and back, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from superbill.errors import Invalid, Problem
from superbill.interop.tabular import files
from superbill.interop.tabular.files import Format, Read, Writer
from superbill.interop.tabular.rows import record, rows
from superbill.interop.tabular.tables import ROOTS, Table, child, tables
from superbill.model import Claim, Remittance


class Written(NamedTuple):
    """A file that was written, and how many rows it has."""

    path: Path
    rows: int


class Refused(NamedTuple):
    """A claim or remittance of the tables that cannot be read, and why: table, row and column."""

    error: Invalid


class Tables:
    """Writes claims and remittances to a folder, each kind to tables of its own.

    Use it as a context manager: the files appear, whole, when it ends well, and not at all where it
    ends with an error.
    """

    def __init__(self, folder: Path, form: Format) -> None:
        self._folder = folder
        self._form = form
        self._open: dict[str, tuple[Writer, Path]] = {}
        self._counts: dict[str, int] = {}
        self.written: list[Written] = []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, item: Claim | Remittance) -> None:
        """The rows of a claim or a remittance."""
        name = "claims" if isinstance(item, Claim) else "remittances"
        number = self._counts.get(name, 0) + 1
        for placed in rows(item, tables()[name], (number,)):
            self._writer(placed.table).add(placed.row)
            self._counts[placed.table.name] = self._counts.get(placed.table.name, 0) + 1

    def _writer(self, table: Table) -> Writer:
        if table.name not in self._open:
            path = self._folder / f"{table.name}{files.extension(self._form)}"
            self._open[table.name] = files.writer(path, table, self._form), path
        return self._open[table.name][0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        whole = kind is None
        try:
            for writer, _path in self._open.values():
                writer.close(whole=whole)
        except BaseException:
            for writer, _path in self._open.values():
                writer.close(whole=False)
            raise
        if whole:
            self.written = [
                Written(path, self._counts[name]) for name, (_, path) in self._open.items()
            ]


def write(items: Iterable[Claim | Remittance], folder: Path, form: Format) -> list[Written]:
    """Claims and remittances as tables in ``folder``; the files that were written.

    Raises :class:`~superbill.errors.Invalid` where pyarrow is needed and missing, or a number does
    not fit a column of Parquet; no file is left then.
    """
    with Tables(folder, form) as into:
        for item in items:
            into.add(item)
    return into.written


def read(folder: Path) -> Iterator[Claim | Remittance | Refused]:
    """The claims, then the remittances of the tables in ``folder``.

    What cannot be read is yielded as :class:`Refused`, with table, row and column, and the rest go
    on. Raises :class:`~superbill.errors.Invalid` where there is no table, or a table has not the
    columns that it needs.
    """
    found = False
    for name in ROOTS:
        if files.found_format(folder, name) is not None:
            found = True
            for _, item in _records(folder, tables()[name]):
                yield Refused(item) if isinstance(item, Invalid) else item
    if not found:
        raise Invalid.at(
            str(folder),
            f"there is no table of {' or '.join(ROOTS)} in it.",
            "Name a folder with claims.csv, claims.jsonl or claims.parquet.",
        )


type _Keys = tuple[int, ...]


def _records(folder: Path, table: Table) -> Iterator[tuple[_Keys, Any]]:
    """The records of a table, each with its keys and with what belongs to it below."""
    form = files.found_format(folder, table.name)
    if form is None:
        return
    path = folder / f"{table.name}{files.extension(form)}"
    below = child(table)
    parts = _Parts(_records(folder, below), below.name) if below is not None else None
    last: _Keys = ()
    for read_ in files.read(path, table, form):
        keys, row = _keyed(read_, table, path)
        if isinstance(row, Invalid):
            yield keys, row
            continue
        if keys <= last:
            says = f"its keys {_shown(keys)} do not stand after {_shown(last)}."
            yield (
                (),
                _at(path, read_.number, [Problem(table.keys[-1], says, "Sort by the keys.")]),
            )
            continue
        last = keys
        orphans, own = parts.of(keys) if parts is not None else ([], [])
        yield from (((), each) for each in orphans)
        yield keys, _made(table, row, own, path, read_.number)
    if parts is not None:
        yield from (((), each) for each in parts.rest())


def _keyed(read_: Read, table: Table, path: Path) -> tuple[_Keys, Any]:
    """The keys of a row, none where they cannot be read, and the row or what is wrong with it."""
    told = [read_.row.get(key) for key in table.keys]
    keys = tuple(key for key in told if isinstance(key, int))
    problems = list(read_.problems)
    if not problems:
        problems = [
            Problem(key, "it is empty.", "Number the rows from 1.")
            for key, value in zip(table.keys, told, strict=True)
            if value is None
        ]
    if len(keys) < len(told):
        keys = ()
    return keys, _at(path, read_.number, problems) if problems else read_.row


def _made(table: Table, row: Any, own: list[Any], path: Path, number: int) -> Any:
    wrong = [each for each in own if isinstance(each, Invalid)]
    if wrong:
        return Invalid([problem for each in wrong for problem in each.problems])
    try:
        return record(table, row, own)
    except Invalid as invalid:
        return _at(path, number, list(invalid.problems))


def _at(path: Path, number: int, problems: list[Problem]) -> Invalid:
    return Invalid(
        [Problem(f"{path.name} row {number}, {p.path}", p.message, p.remedy) for p in problems]
    )


def _shown(keys: _Keys) -> str:
    return ", ".join(map(str, keys)) or "nothing"


class _Parts:
    """The records below, handed out to the rows above as their turn comes."""

    def __init__(self, records: Iterator[tuple[_Keys, Any]], name: str) -> None:
        self._records = records
        self._name = name
        self._next = next(records, None)

    def of(self, keys: _Keys) -> tuple[list[Invalid], list[Any]]:
        """What stands before those keys and belongs to nothing, and what belongs to them."""
        orphans: list[Invalid] = []
        own: list[Any] = []
        while self._next is not None and self._next[0][: len(keys)] <= keys:
            at, item = self._next
            if not at:
                # A row without keys: what it belongs to is not known, so that it is told alone.
                orphans.append(item)
            elif at[: len(keys)] < keys:
                orphans.append(self._orphan(at, item))
            else:
                own.append(item)
            self._next = next(self._records, None)
        return orphans, own

    def rest(self) -> Iterator[Invalid]:
        """What is left belongs to nothing."""
        while self._next is not None:
            at, item = self._next
            yield item if not at else self._orphan(at, item)
            self._next = next(self._records, None)

    def _orphan(self, at: _Keys, item: Any) -> Invalid:
        if isinstance(item, Invalid):
            return item
        return Invalid.at(
            f"{self._name} {_shown(at)}",
            "there is no row that it belongs to.",
            "Give the row above it, or leave this one out.",
        )
