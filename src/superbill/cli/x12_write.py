"""``superbill x12 write``: claims from JSON into an 837."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from superbill.cli.options import FILE
from superbill.cli.options import json as json_option

if TYPE_CHECKING:
    from superbill.errors import Invalid, SuperbillError
    from superbill.interop.x12.claims.writer import ClaimWriter
    from superbill.interop.x12.control_numbers import ControlNumbers

STDIN = Path("-")


@click.command(
    "write",
    epilog="""\b
Examples:
  superbill x12 write claims.jsonl --partner payer.toml -o claims.837
  superbill x12 convert in.837 --to json | superbill x12 write - --partner payer.toml -o out.837

\b
Exit codes: 0 all written; 2 some or all could not be, and the rest were written.
""",
)
@click.argument("file", metavar="CLAIMS", type=FILE)
@click.option(
    "--partner",
    required=True,
    type=click.Path(path_type=Path),
    help="Who sends to whom, and in which characters (TOML).",
)
@click.option(
    "-o", "--output", required=True, type=FILE, help='The 837 file; "-" is standard output.'
)
@click.option(
    "--control-number",
    type=int,
    help="The interchange's number, instead of the next one of this sender.",
)
@click.option(
    "--as-sent",
    is_flag=True,
    help="Write what was read as it was, also a claim that lacks what its guide requires.",
)
@click.option(
    "--track",
    is_flag=True,
    help='Note the claims in the ledger that "superbill x12 acks --ledger" follows.',
)
@json_option
def command(
    file: Path,
    partner: Path,
    output: Path,
    control_number: int | None,
    as_sent: bool,
    track: bool,
    as_json: bool,
) -> int:
    """Write claims as an 837: professional, institutional or dental.

    CLAIMS are JSON Lines, a JSON list, or one JSON document: claims ("superbill schema claim"), or
    stays and visits, which are billed to their first payer. "-" is standard input. A record that
    cannot be written is told with its line, and the rest go on. Numbers of interchanges are counted
    in the data folder, so that no two files of a sender bear the same.
    """
    from superbill.cli.console import counted
    from superbill.cli.failure import failures, report
    from superbill.cli.inputs import STDIN as STANDARD
    from superbill.errors import Invalid
    from superbill.interop.x12.claims.documents import claim_from
    from superbill.interop.x12.claims.writer import ClaimWriter
    from superbill.interop.x12.partner import read_partner

    if track and output == STDIN:
        raise click.UsageError("--track notes a file; name one with -o.")
    to = read_partner(partner)
    for other in (file, partner):
        if output != STDIN and output.exists() and other.exists() and output.samefile(other):
            raise click.UsageError(f"{output} is read from; name another file for the 837.")
    name = "stdin" if file == STANDARD else str(file)
    bad = 0

    def told(error: SuperbillError, line: int) -> None:
        nonlocal bad
        bad += 1
        report(failures(error, name, line), as_json)

    with ClaimWriter(to, strict=not as_sent) as writer:
        for line, text in counted(_records(file), "claims"):
            try:
                if isinstance(text, Invalid):
                    raise text
                writer.add(claim_from(text, syntax=to.syntax))
            except Invalid as error:
                told(error, line)
        if not writer.claims:
            if not bad:
                raise Invalid.at("", "There is no claim in it.", "Give one claim a line, as JSON.")
            click.echo(f"No claim could be written; there is no {output}.", err=True)
            return 2
        _send(writer, output, _numbers(control_number))
        if track:
            from superbill.cli.gathering import noted

            noted(output)
        count = f"{writer.claims:,} claim{'' if writer.claims == 1 else 's'}"
        said = f"{count} written to {output}"
        click.echo(f"{said}; {bad:,} could not be." if bad else f"{said}.", err=True)
    return 2 if bad else 0


def _records(path: Path) -> Iterator[tuple[int, bytes | Invalid]]:
    """Each record with the line it is on, from 1."""
    from superbill.cli.inputs import source
    from superbill.errors import Invalid
    from superbill.interop.x12.claims.documents import documents
    from superbill.model.read import RECORD_LIMIT

    with source(path) as opened:
        if opened.document is not None:
            for text in documents(opened.document):
                yield 1, text
            return
        for number, line in enumerate(opened.lines, 1):
            if len(line) > RECORD_LIMIT:
                limit = f"The line is longer than {RECORD_LIMIT:,} bytes, too long for a claim."
                yield number, Invalid.at("", limit, "Put each claim on a line of its own.")
            elif line.strip():
                yield number, line.strip()


def _numbers(given: int | None) -> ControlNumbers:
    from superbill.cli.gathering import NUMBERS
    from superbill.interop.x12.control_numbers import (
        SequentialControlNumbers,
        StoredControlNumbers,
        control_number,
    )
    from superbill.store.home import data_dir

    if given is None:
        return StoredControlNumbers(data_dir() / NUMBERS)
    return SequentialControlNumbers(control_number(given))


def _send(writer: ClaimWriter, output: Path, numbers: ControlNumbers) -> None:
    from superbill.cli.gathering import now

    if output == STDIN:
        out: IO[bytes] = sys.stdout.buffer
        out.write(writer.write(numbers, now()))
    else:
        writer.save(output, numbers, now())
