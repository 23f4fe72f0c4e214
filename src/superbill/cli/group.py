"""The DRG of stays, what drives it, and what would change it."""

from __future__ import annotations

from pathlib import Path

import click

from superbill.cli import options
from superbill.cli.reference import ready


@click.command(
    "group",
    epilog="""\b
Examples:
  superbill group examples/heart_failure.json
  superbill group stays.jsonl --json
  superbill group - --no-what-if < stay.json
""",
)
@options.common
@click.option("--no-what-if", is_flag=True, help="Leave out what would change the DRG.")
def command(
    files: tuple[Path, ...],
    hospital: Path | None,
    store: Path | None,
    as_json: bool,
    no_what_if: bool,
) -> int:
    """Find the DRG of a stay, what drives it, and what would change it.

    Shown are the DRG and its category, the severity of each code and what excluded it, conditions
    acquired in the hospital, and for each code the DRG, weight and payment without it.
    """
    from superbill.adjudication import Engine, group
    from superbill.bulk.stays import encode
    from superbill.cli import render
    from superbill.cli.console import drawing
    from superbill.cli.desk import Desk
    from superbill.cli.texts import describing

    desk = Desk(as_json=as_json, hospital=hospital)
    with Engine(ready(store)) as engine:
        for number, (place, stay) in enumerate(desk.stays(files)):
            with desk.trying(place):
                found = group(stay, engine=engine, what_if=not no_what_if)
                if as_json:
                    click.echo(encode(found))
                    continue
                with drawing() as out:
                    if number:
                        out.print("\n")
                    render.heading(out, stay)
                    render.codes(out, stay, found, describing(engine.store, stay))
                    render.grouping(out, found)
    return 2 if desk.bad else 0
