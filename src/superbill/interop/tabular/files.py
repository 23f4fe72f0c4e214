"""Tables as files: CSV, JSON Lines and Parquet, written and read a piece at a time.

A file is written beside its place and moved there when it is whole. Parquet needs pyarrow, which
is not installed with superbill itself (``pip install 'superbill[tabular]'``).

CSV is written as the data are. A cell that begins with ``=`` is a formula to a spreadsheet: open
such files with text columns, or take Parquet.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from superbill.errors import Invalid, Problem
from superbill.interop.tabular import cells
from superbill.interop.tabular.rows import Row
from superbill.interop.tabular.tables import ITEM, PLACES, PRECISION, REST, Table, Type

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["csv", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet")

ROWS_AT_ONCE = 10_000
LONGEST_CELL = 16 * 1024 * 1024
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Read(NamedTuple):
    """A row of a file: its number, from 1 below the head, what could be read, and what not."""

    number: int
    row: Row
    problems: tuple[Problem, ...] = ()


class Writer(Protocol):
    """Writes the rows of one table."""

    def add(self, row: Row) -> None:
        """The next row."""
        ...

    def close(self, *, whole: bool) -> None:
        """Put the file in its place, or throw it away where it is not ``whole``."""
        ...


def types(table: Table) -> dict[str, Type]:
    """The type of every column of a table, by name and in order."""
    found: dict[str, Type] = dict.fromkeys(table.keys, "integer")
    found |= {column.name: column.type for column in table.columns}
    return found | {REST: "text"}


def writer(path: Path, table: Table, form: Format) -> Writer:
    """What writes a table to ``path``. Raises ``Invalid`` where pyarrow is needed and missing."""
    made: dict[Format, Callable[[Path, Table], Writer]] = {
        "csv": _Csv,
        "jsonl": _Lines,
        "parquet": _Parquet,
    }
    return made[form](path, table)


def read(path: Path, table: Table, form: Format) -> Iterator[Read]:
    """The rows of a file, one by one.

    Raises ``Invalid`` where the file as a whole cannot be used (a column is missing or unknown);
    a bad row is yielded with what is wrong, and the rest go on.
    """
    reader = {"csv": _read_csv, "jsonl": _read_lines, "parquet": _read_parquet}[form]
    return reader(path, table)


class _Text:
    """A text file beside its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = _beside(path)
        self._file: IO[str] = self._part.open("w", encoding="utf-8", newline="")

    def close(self, *, whole: bool) -> None:
        self._file.close()
        _settle(self._part, self._path, whole=whole)


class _Csv(_Text):
    def __init__(self, path: Path, table: Table) -> None:
        super().__init__(path)
        self._types = types(table)
        # As RFC 4180 ends lines; a lone carriage return inside a cell is then quoted too.
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(self._types)

    def add(self, row: Row) -> None:
        self._writer.writerow(
            [cells.to_text(row[name], type_) for name, type_ in self._types.items()]
        )


class _Lines(_Text):
    def __init__(self, path: Path, table: Table) -> None:
        super().__init__(path)
        self._names = table.header

    def add(self, row: Row) -> None:
        kept = {n: cells.to_json(row[n]) for n in self._names if row[n] is not None}
        self._file.write(_ENCODE(kept) + "\n")


class _Parquet:
    """Row groups of :data:`ROWS_AT_ONCE`, so that memory does not grow with the file."""

    def __init__(self, path: Path, table: Table) -> None:
        self._arrow = _arrow()
        import pyarrow.parquet as pq  # noqa: PLC0415 - it is not always installed

        self._path, self._part = path, _beside(path)
        self._table = table
        self._schema = arrow_schema(table)
        self._writer = pq.ParquetWriter(self._part, self._schema, compression="zstd")
        self._rows: list[Row] = []
        self._written = 0

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) == ROWS_AT_ONCE:
            self._flush()

    def close(self, *, whole: bool) -> None:
        if whole:
            self._flush()
        self._writer.close()
        _settle(self._part, self._path, whole=whole)

    def _flush(self) -> None:
        if not self._rows:
            return
        pa = self._arrow
        columns = []
        for field in self._schema:
            values = [row[field.name] for row in self._rows]
            try:
                columns.append(pa.array(values, field.type))
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as fault:
                raise self._unfit(field, values, str(fault)) from None
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))
        self._written += len(self._rows)
        self._rows.clear()

    def _unfit(self, field: Any, values: list[Any], fault: str) -> Invalid:
        for number, value in enumerate(values, self._written + 1):
            try:
                self._arrow.array([value], field.type)
            except (self._arrow.ArrowInvalid, self._arrow.ArrowTypeError, OverflowError):
                return Invalid.at(
                    f"{self._table.name} row {number}, {field.name}",
                    f"the value does not fit {field.type}.",
                    "Write CSV or JSON Lines, which hold any number.",
                )
        return Invalid.at(f"{self._table.name}, {field.name}", fault[:200])


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table: amounts decimal128(18, 2), counts decimal128(18, 6)."""
    pa = _arrow()
    plain = {
        "text": pa.string(),
        "integer": pa.int64(),
        "dollars": pa.decimal128(PRECISION, PLACES["dollars"]),
        "quantity": pa.decimal128(PRECISION, PLACES["quantity"]),
        "date": pa.date32(),
        "flag": pa.bool_(),
    }
    fields = []
    for name, type_ in types(table).items():
        item = ITEM.get(type_)
        kind = plain[type_] if item is None else pa.list_(plain[item])
        fields.append(pa.field(name, kind, nullable=name not in table.keys))
    return pa.schema(fields)


def _arrow() -> Any:
    try:
        import pyarrow as pa  # noqa: PLC0415
    except ImportError:
        raise Invalid.at(
            "parquet",
            "Parquet needs the package pyarrow, which is not installed.",
            "pip install 'superbill[tabular]', or take CSV or JSON Lines.",
        ) from None
    return pa


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _settle(part: Path, path: Path, *, whole: bool) -> None:
    if whole:
        part.replace(path)
    else:
        part.unlink(missing_ok=True)


def _read_csv(path: Path, table: Table) -> Iterator[Read]:
    kinds = types(table)
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                first = next(reader, [])
            except csv.Error as fault:
                remedy = "Save it as CSV again."
                raise Invalid.at(path.name, f"its head is no CSV: {fault}.", remedy) from None
            names = _head(first, table, path)
            number = 0
            while True:
                number += 1
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as fault:
                    what = f"line {reader.line_num} of the file is no CSV: {fault}."
                    remedy = "Quote the cell as CSV wants it."
                    yield Read(number, {}, (Problem("row", what, remedy),))
                    continue
                if row:
                    yield _cells(number, row, names, kinds)
    except UnicodeDecodeError:
        raise Invalid.at(path.name, "it is not UTF-8.", "Save it as CSV UTF-8.") from None
    finally:
        csv.field_size_limit(before)


def _cells(number: int, row: list[str], names: list[str], kinds: dict[str, Type]) -> Read:
    if len(row) != len(names):
        says = f"it has {len(row)} cells, and the head has {len(names)}."
        remedy = "Give each row as many cells as the head has."
        return Read(number, {}, (Problem("row", says, remedy),))
    found: Row = {}
    problems: list[Problem] = []
    for name, cell in zip(names, row, strict=True):
        try:
            found[name] = cells.from_text(cell, kinds[name])
        except ValueError as expected:
            problems.append(cells.wrong(name, cell, str(expected)))
    return Read(number, found, tuple(problems))


def _head(names: list[str], table: Table, path: Path) -> list[str]:
    """The names of the columns; any order, and those without values may be left out."""
    problems = [
        Problem(
            f"{path.name}, {name[:40]!r}",
            "there is no such column." if names.count(name) == 1 else "it stands twice.",
            f"The columns are {', '.join(table.header)}.",
        )
        for name in dict.fromkeys(names)
        if name not in table.header or names.count(name) > 1
    ]
    problems += [
        Problem(f"{path.name}, {key}", "the column is missing.", "Number the rows from 1 in it.")
        for key in table.keys
        if key not in names
    ]
    if problems:
        raise Invalid(problems)
    return names


def _read_lines(path: Path, table: Table) -> Iterator[Read]:
    kinds = types(table)
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_CELL):
            number += 1
            if not line.strip():
                continue
            try:
                told = json.loads(line, parse_float=_text_number)
            except (ValueError, RecursionError):
                remedy = "Write one JSON object a line."
                yield Read(number, {}, (Problem("row", "the line is no JSON.", remedy),))
                continue
            yield _fields(number, told, kinds)


def _text_number(text: str) -> str:
    """A number keeps its text: an amount of JSON is text to us, and may be written as a number."""
    return text


def _fields(number: int, told: Any, kinds: dict[str, Type]) -> Read:
    if not isinstance(told, dict):
        return Read(number, {}, (Problem("row", "the line is no JSON object.", "Write {…}."),))
    found: Row = {}
    problems: list[Problem] = []
    for name, value in told.items():
        if name not in kinds:
            known = f"The columns are {', '.join(kinds)}."
            problems.append(Problem(name[:40], "there is no such column.", known))
            continue
        try:
            found[name] = cells.from_json(value, kinds[name])
        except ValueError as expected:
            problems.append(cells.wrong(name, value, str(expected)))
    return Read(number, found, tuple(problems))


def _read_parquet(path: Path, table: Table) -> Iterator[Read]:
    pa = _arrow()
    import pyarrow.parquet as pq  # noqa: PLC0415 - it is not always installed

    kinds = types(table)
    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError):
        raise Invalid.at(path.name, "it is no Parquet file.", "Write it again.") from None
    with file:
        _head(file.schema_arrow.names, table, path)
        number = 0
        try:
            for batch in file.iter_batches(ROWS_AT_ONCE):
                for told in batch.to_pylist():
                    number += 1
                    yield _fields(number, told, kinds)
        except (pa.ArrowException, OSError, ValueError):
            what = f"it is damaged after row {number}."
            raise Invalid.at(path.name, what, "Write it again.") from None


def extension(form: Format) -> str:
    """The end of a file's name."""
    return f".{form}"


def found_format(folder: Path, name: str) -> Format | None:
    """Which file of a table is in a folder; ``None`` where there is none."""
    held = [form for form in FORMATS if (folder / f"{name}{extension(form)}").is_file()]
    if len(held) > 1:
        raise Invalid.at(
            os.fspath(folder),
            f"{name} is there as {' and as '.join(held)}.",
            "Leave one of them.",
        )
    return held[0] if held else None
