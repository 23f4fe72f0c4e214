"""Stays from their codes to who pays what, and the claims to send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli import options
from superbill.cli.reference import ready

if TYPE_CHECKING:
    from superbill.cli.gathering import Gathering


@click.command(
    "adjudicate",
    cls=options.Explainable,
    epilog="""\b
Examples:
  superbill adjudicate examples/heart_failure.json
  superbill adjudicate examples/heart_failure.json --explain
  superbill adjudicate examples/office_visit.json
  superbill adjudicate examples/heart_failure.json --explain markdown > why.md
  superbill adjudicate examples/heart_failure.json --write-837 claim.edi
  superbill adjudicate examples/heart_failure.json --write-835 payment.edi
  superbill adjudicate stays.jsonl --json --jobs 2 > decisions.jsonl
  zcat stays.jsonl.gz | superbill adjudicate - --json

\b
Exit codes: 0 decided; 1 with --strict, a claim is not clean; 2 a stay was bad
or not covered (the others are decided all the same).
""",
)
@options.common
@options.explain
@click.option("--what-if", is_flag=True, help="Also the DRG, weight and payment without each code.")
@click.option(
    "--write-837",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the claims to their first payers as one 837I, of visits 837P; whole or not at all.",
)
@click.option(
    "--write-835",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what each payer pays as 835s in one file, a transaction for each payer.",
)
@click.option(
    "--partner",
    type=click.Path(path_type=Path),
    help="Who sends the 837 to whom (TOML), and an 835 back; by default a test file is made.",
)
@click.option(
    "--control-number",
    type=click.IntRange(1, 999_999_999),
    help="Number of the 837 or 835; by default the next one of its sender.",
)
@click.option(
    "--track",
    is_flag=True,
    help='Note the claims of the 837 in the ledger that "superbill x12 acks --ledger" follows.',
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Processes for JSON Lines.")
@click.option("--detail", is_flag=True, help="In JSON Lines too, what each code did to the DRG.")
@click.option(
    "--conventions",
    is_flag=True,
    help="In JSON Lines too, check notes of the tabular list and guidelines; --strict does.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 where a claim is not clean.")
def command(
    files: tuple[Path, ...],
    hospital: Path | None,
    store: Path | None,
    as_json: bool,
    explain: str | None,
    what_if: bool,
    write_837: Path | None,
    write_835: Path | None,
    partner: Path | None,
    control_number: int | None,
    track: bool,
    jobs: int,
    detail: bool,
    conventions: bool,
    strict: bool,
) -> int:
    """Take stays and visits from their codes to who pays what.

    STAY is a coded stay or visit as JSON (their forms: superbill schema encounter, superbill schema
    visit), JSON Lines with many of them, or "-" for standard input. One is shown with its codes,
    edits, group or prices, payment and split; many as a line each. With --json one decision a line,
    in the order of the documents.
    """
    writes = [name for name, path in (("837", write_837), ("835", write_835)) if path is not None]
    if write_835 is not None and write_835 == write_837:
        raise click.UsageError("The 837 and the 835 go into two files; name another for one.")
    if track and write_837 is None:
        raise click.UsageError("--track goes with --write-837.")
    if not writes and (partner or control_number):
        raise click.UsageError("--partner and --control-number go with --write-837 or --write-835.")
    if writes and jobs > 1:
        what = f"--write-{writes[0]} gathers the claims in one process; leave --jobs out."
        raise click.UsageError(what)

    from superbill.adjudication import Engine
    from superbill.cli.claims import Claims
    from superbill.cli.deciding import Deciding
    from superbill.cli.desk import Desk, Place
    from superbill.cli.inputs import source
    from superbill.cli.visiting import Visiting, holds_visits

    desk = Desk(as_json=as_json, hospital=hospital)
    claims = None if write_837 is None else Claims(write_837, partner, files, control_number)
    payments = None
    gathered: Gathering | None = claims
    if write_835 is not None:
        from superbill.cli.gathering import Payments, Several

        payments = Payments(write_835, partner, files, control_number)
        gathered = payments if claims is None else Several(claims, payments)
    conventions = conventions or strict
    with Engine(ready(store), conventions=conventions) as engine:
        deciding = Deciding(
            desk,
            engine,
            gathered,
            json=as_json,
            form=explain,
            what_if=what_if,
            detail=detail,
            conventions=conventions,
            jobs=jobs,
        )
        visiting = Visiting(desk, engine, claims, payments, json=as_json, form=explain)
        for path in files:
            with desk.trying(Place(str(path))), source(path) as opened:
                is_visit, found = holds_visits(opened)
                (visiting if is_visit else deciding).read(found)
        if claims is not None and (written := claims.write()):
            click.echo(f"\n837 written: {written}", err=as_json or explain in ("markdown", "json"))
            if track and write_837 is not None:
                from superbill.cli.gathering import noted

                noted(write_837)
        if payments is not None:
            click.echo(f"\n{payments.write()}", err=as_json or explain in ("markdown", "json"))
    if desk.bad:
        return 2
    return 1 if strict and (deciding.unclean or visiting.unclean) else 0
