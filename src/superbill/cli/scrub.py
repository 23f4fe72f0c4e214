"""Claims looked at before they are sent: every edit, and what could not be checked."""

from __future__ import annotations

from pathlib import Path

import click

from superbill.cli import options
from superbill.cli.reference import ready, store_option


@click.command(
    "scrub",
    epilog="""\b
Examples:
  superbill scrub examples/office_visit.json
  superbill scrub examples/office_visit.json --filed-on 2026-08-01
  superbill scrub claims.jsonl --json > findings.jsonl
  superbill scrub - --strict < visit.json

\b
Exit codes: 0 nothing found; 1 an error was found (with --strict also a warning,
or a rule that could not be run); 2 a document was bad (the others are scrubbed).
""",
)
@click.argument("files", metavar="CLAIM...", nargs=-1, required=True, type=options.FILE)
@click.option("--filed-on", metavar="DATE", help="When the claim is filed, for timely filing.")
@click.option("--strict", is_flag=True, help="Exit with 1 unless every rule ran and found nothing.")
@store_option
@options.json
def command(
    files: tuple[Path, ...], filed_on: str | None, strict: bool, store: Path | None, as_json: bool
) -> int:
    """Run every edit on claims, and say what was not checked.

    CLAIM is a visit (its form: superbill schema visit) or a stay (superbill schema encounter) as
    JSON, JSON Lines with many of them, or "-" for standard input. Visits are checked against codes
    and modifiers of the day, repeats, NCCI's pairs, most units and add-on codes, and timely filing;
    stays against integrity, conventions and the Medicare Code Editor. With --json one report a
    line: {"id", "ran", "findings", "not_checked"}.
    """
    from superbill.adjudication import Engine
    from superbill.bulk.stays import encode
    from superbill.cli import render
    from superbill.cli.console import drawing
    from superbill.cli.desk import Desk, Place
    from superbill.cli.documents import documents
    from superbill.cli.inputs import source
    from superbill.dates import parse_day
    from superbill.errors import Invalid
    from superbill.model import Encounter, Scrubbed

    day = None if filed_on is None else parse_day(filed_on, "--filed-on")
    desk = Desk(as_json=as_json)
    wrong = unclean = False
    shown = 0
    with Engine(ready(store), conventions=True) as engine:
        for path in files:
            with desk.trying(Place(str(path))), source(path) as found:
                for line, claim in documents(found):
                    if isinstance(claim, Invalid):
                        desk.refused(claim, Place(found.name, line))
                        continue
                    report = (
                        engine.edits(claim)
                        if isinstance(claim, Encounter)
                        else engine.line_edits(claim, filed_on=day)
                    )
                    wrong |= any(each.severity == "error" for each in report.findings)
                    unclean |= not report.clean
                    if as_json:
                        click.echo(encode(Scrubbed.of(claim.id, report)))
                        continue
                    with drawing() as out:
                        if shown:
                            out.print()
                        out.print(f"Claim {claim.id}", style="bold", highlight=False)
                        render.edits(out, report)
                    shown += 1
    if desk.bad:
        return 2
    return 1 if wrong or (strict and unclean) else 0
