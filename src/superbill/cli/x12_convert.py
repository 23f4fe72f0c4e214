"""``superbill x12 convert``: claims and remittances of a file in another form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click

from superbill.cli.options import FILE
from superbill.cli.options import json as json_option

STDIN = Path("-")

type Convert = Callable[[Iterator[Any], Path], int]
"""Takes the typed values and where to (``-`` for standard output); returns how many it wrote."""

TO = {
    "json": "superbill.cli.x12_convert:to_json",
    "fhir": "superbill.cli.fhir:to_fhir",
    "parquet": "superbill.cli.table:to_parquet",
    "csv": "superbill.cli.table:to_csv",
}
"""What a file can be turned into, and the function (a :data:`Convert`) that does it."""


@click.command(
    "convert",
    epilog="""\b
Examples:
  superbill x12 convert claims.837 --to json > claims.jsonl
  superbill x12 convert payment.835 --to json -o payment.jsonl
  superbill x12 convert claims.837 --to fhir -o bundles.ndjson
  superbill x12 convert claims.837 --to parquet -o tables/

\b
Exit codes: 0 all converted; 2 some or all could not be read, and the rest were converted.
""",
)
@click.argument("file", type=FILE)
@click.option("--to", required=True, type=click.Choice(tuple(TO)), help="The form.")
@click.option(
    "-o",
    "--output",
    default="-",
    type=FILE,
    help='Where to; "-", the default, is standard output. Tables (parquet, csv) want a folder.',
)
@json_option
def command(file: Path, to: str, output: Path, as_json: bool) -> int:
    """Convert claims (837) and remittances (835) to another form.

    JSON is one claim or remittance a line, as "superbill schema claim" tells; what a claim holds
    that the schema has no field for stands in "extra". FHIR is one Bundle a line, of R4. Parquet
    and CSV are a file for each table, as "superbill table schema" tells. "-" is standard input. A
    claim that cannot be read is told with the byte where it begins, and the rest go on.
    """
    from superbill.cli.console import counted
    from superbill.cli.failure import failures, report
    from superbill.errors import Invalid
    from superbill.interop.x12.typed import read

    if output != STDIN and output.exists() and file.exists() and output.samefile(file):
        raise click.UsageError(f"{output} is read from; name another file to write to.")
    name = "stdin" if file == STDIN else str(file)
    bad = 0

    def refused(error: Invalid) -> None:
        nonlocal bad
        bad += 1
        report(failures(error, name), as_json)

    module, _, function = TO[to].partition(":")
    convert: Convert = getattr(import_module(module), function)
    source: Path | IO[bytes] = sys.stdin.buffer if file == STDIN else file
    written = convert(counted(read(source, refused=refused), "claims"), output)
    if not written and not bad:
        raise Invalid.at("", f"{name} holds no claim and no remittance.", "Give an 837 or an 835.")
    return 2 if bad else 0


def to_json(values: Iterator[Any], output: Path) -> int:
    """Each value as JSON on a line of its own."""
    if output == STDIN:
        return _lines(values, sys.stdout.buffer)
    from superbill.interop.x12.envelope import saving

    with saving(output) as file:
        return _lines(values, file)


def _lines(values: Iterator[Any], file: IO[bytes]) -> int:
    import msgspec

    encode = msgspec.json.Encoder().encode
    count = 0
    for value in values:
        file.write(encode(value) + b"\n")
        count += 1
    return count
