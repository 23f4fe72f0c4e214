"""Claims and remittances as tables, written, read and described. Must start fast."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from superbill.cli import options
from superbill.cli.failure import Failure, failures, report

if TYPE_CHECKING:
    from superbill.interop.tabular import Written
    from superbill.model import Claim, Remittance

STDIN = Path("-")
FORMS = ("parquet", "csv", "jsonl")


@click.group("table")
def command() -> None:
    """Turn claims and remittances into tables, and back."""


@command.command(
    "write",
    epilog="""\b
Examples:
  superbill table write claims.jsonl --to csv -o tables/
  superbill x12 convert claims.837 --to json | superbill table write - --to parquet -o tables/

\b
Exit codes: 0 all written; 2 some could not be read, and the rest were written.
""",
)
@click.argument("file", type=options.FILE)
@click.option("--to", required=True, type=click.Choice(FORMS), help="The format.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder that gets a file for each table.",
)
@options.json
def write(file: Path, to: Literal["parquet", "csv", "jsonl"], output: Path, as_json: bool) -> int:
    """Write claims and remittances (JSON Lines) as tables.

    FILE has a claim ("superbill schema claim") or a remittance a line, as "x12 convert --to json"
    writes them. Parquet needs: pip install 'superbill[tabular]'.
    """
    from superbill.cli.inputs import source
    from superbill.errors import Invalid
    from superbill.interop.tabular import Tables

    bad = 0
    with source(file) as found, Tables(output, to) as into:
        lines = [found.document] if found.document is not None else found.lines
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    into.add(_item(line))
                except Invalid as error:
                    bad += 1
                    place = None if found.document is not None else number
                    report(failures(error, found.name, place), as_json)
    if not into.written and not bad:
        raise Invalid.at("", f"{found.name} holds no claim and no remittance.")
    for written in into.written:
        if as_json:
            click.echo(json.dumps({"path": str(written.path), "rows": written.rows}))
        else:
            click.echo(_line(written))
    return 2 if bad else 0


@command.command(
    "read",
    epilog="""\b
Examples:
  superbill table read tables/ > claims.jsonl
  superbill table read tables/ | superbill x12 write - --partner payer.toml -o out.837

\b
Exit codes: 0 all read; 2 some rows could not be, and the rest were.
""",
)
@click.argument("folder", type=click.Path(path_type=Path))
@options.json
def read(folder: Path, as_json: bool) -> int:
    """Read tables as claims and remittances (JSON Lines).

    A bad cell is told with its file, row and column; its claim is left out, and the rest go on.
    """
    import msgspec

    from superbill.errors import Invalid
    from superbill.interop.tabular import Refused
    from superbill.interop.tabular import read as read_tables

    if not folder.is_dir():
        raise Invalid.at("", f"{folder} is no folder.", "Name the folder with the tables.")
    encode = msgspec.json.Encoder().encode
    bad = 0
    for item in read_tables(folder):
        if isinstance(item, Refused):
            bad += 1
            report(failures(item.error, str(folder)), as_json)
        else:
            sys.stdout.buffer.write(encode(item) + b"\n")
    return 2 if bad else 0


@command.command(
    "schema",
    epilog="""\b
Examples:
  superbill table schema
  superbill table schema claim_lines --json
""",
)
@click.argument("name", required=False)
@options.json
def schema(name: str | None, as_json: bool) -> int:
    """Say which tables there are, and what stands in each column."""
    from superbill.interop.tabular import tables

    held = tables()
    if name is not None and name not in held:
        fix = f"One of {', '.join(held)}."
        report([Failure("usage", f"There is no table {name[:40]!r}.", fix)], as_json)
        return 2
    for table in held.values() if name is None else (held[name],):
        columns = [(key, "integer", "key") for key in table.keys]
        columns += [(c.name, c.type, c.about) for c in table.columns]
        columns.append(("rest", "text", "JSON of what no column has"))
        if as_json:
            told = [{"name": n, "type": t, "about": a} for n, t, a in columns]
            click.echo(json.dumps({"table": table.name, "grain": table.grain, "columns": told}))
            continue
        click.echo(f"{table.name}: {table.grain}")
        for column, type_, about in columns:
            click.echo(f"  {column:<24} {type_:<11} {about}")
    return 0


def _item(line: bytes) -> Claim | Remittance:
    """A claim or a remittance from its JSON."""
    import msgspec

    from superbill.errors import Invalid
    from superbill.model import Remittance, read

    class Told(msgspec.Struct):
        payee: Any = None

    try:
        if msgspec.json.decode(line, type=Told).payee is None:
            return read.claim(line)
        return msgspec.json.decode(line, type=Remittance)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        what, _, where = str(fault).partition(" - at `$")
        path = where.rstrip("`").lstrip(".") or "(document)"
        see = "Compare it with superbill schema claim, or remittance."
        raise Invalid.at(path, f"{what}.", see) from None


def to_parquet(values: Iterator[Any], output: Path) -> int:
    """For ``x12 convert``: claims and remittances as Parquet in the folder ``output``."""
    return _convert(values, output, "parquet")


def to_csv(values: Iterator[Any], output: Path) -> int:
    """For ``x12 convert``: claims and remittances as CSV in the folder ``output``."""
    return _convert(values, output, "csv")


def _convert(
    values: Iterator[Claim | Remittance], output: Path, form: Literal["parquet", "csv"]
) -> int:
    from superbill.interop.tabular import Tables
    from superbill.model import Claim, Remittance

    if output == STDIN:
        raise click.UsageError(f"Tables go to a folder, one file each: --to {form} -o tables/")
    if output.is_file():
        raise click.UsageError(f"{output} is a file; name a folder for the tables.")
    with Tables(output, form) as into:
        count = 0
        for value in values:
            if isinstance(value, Claim | Remittance):
                into.add(value)
                count += 1
    for written in into.written:
        click.echo(_line(written), err=True)
    return count


def _line(written: Written) -> str:
    return f"{written.path}  {written.rows:,} row{'' if written.rows == 1 else 's'}"
