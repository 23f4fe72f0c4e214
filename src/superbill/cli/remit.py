"""Remittances read aloud, and held against what was expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.options import FILE
from superbill.cli.options import json as json_option
from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.cli.desk import Desk
    from superbill.model import Decision, Remittance, VisitDecision

SAME, DIFFERENT, UNREADABLE = 0, 1, 2
STDIN = Path("-")


@click.command(
    "remit",
    epilog="""\b
Examples:
  superbill remit payment.835
  superbill remit payment.835 --expected stays.jsonl
  superbill adjudicate stays.jsonl --json > decisions.jsonl
  superbill remit payment.835 --expected decisions.jsonl --json
  zcat payment.835.gz | superbill remit -

\b
Exit codes: 0 it adds up, and is as expected; 1 a claim differs, is missing or
was not expected, or amounts do not add up; 2 something could not be read.
""",
)
@click.argument("files", metavar="FILE.835...", nargs=-1, required=True, type=FILE)
@click.option(
    "--expected",
    type=FILE,
    metavar="CLAIMS.jsonl",
    help="Stays or visits, which are adjudicated, or decisions of superbill adjudicate --json.",
)
@click.option(
    "--hospital",
    type=click.Path(path_type=Path),
    help="The hospital's profile, for expected stays: see superbill adjudicate.",
)
@store_option
@json_option
def command(
    files: tuple[Path, ...],
    expected: Path | None,
    hospital: Path | None,
    store: Path | None,
    as_json: bool,
) -> int:
    """Show what was paid, why not more, and where it is not as expected.

    Of each claim of an 835: what was charged and paid, what was taken off with its reason in plain
    words, and what the patient owes; what concerns the payment as a whole; and sums that tie to
    the payment. With --expected, each difference from what the claims should have been paid, to the
    line where there are lines. With --json, one object for all files.
    """
    from superbill.cli.desk import Desk
    from superbill.interop.x12.remits.compare import compare
    from superbill.interop.x12.remits.report import document, off

    if expected == STDIN and STDIN in files:
        raise click.UsageError("Only one of the two can come from standard input.")
    desk = Desk(as_json=as_json, hospital=hospital)
    found = [one for path in files for one in _read(desk, path)]
    comparison = None
    if expected is not None:
        decisions = _expected(desk, expected, store)
        # Where nothing of it could be read, nothing can be held against it.
        comparison = compare(found, decisions) if decisions or not desk.bad else None
    name = ", ".join("stdin" if path == STDIN else str(path) for path in files)
    if as_json:
        click.echo(json.dumps(document(name, found, comparison)))
    else:
        from superbill.cli.remit_text import show

        show(found, comparison)
    if desk.bad:
        return UNREADABLE
    uneven = any(True for one in found for _ in off(one))
    return DIFFERENT if uneven or (comparison is not None and not comparison.same) else SAME


def _read(desk: Desk, path: Path) -> list[Remittance]:
    import sys

    from superbill.cli.desk import Place
    from superbill.errors import Invalid
    from superbill.interop.x12.remits import Refused, each

    place = Place("stdin" if path == STDIN else str(path))
    found: list[Remittance] = []
    with desk.trying(place):
        none = True
        for one in each(sys.stdin.buffer if path == STDIN else path):
            none = False
            if isinstance(one, Refused):
                desk.refused(Invalid(one.problems), place)
            else:
                found.append(one)
        if none:
            raise Invalid.at(
                "(file)", "holds no 835.", "Give the remittance that the payer or bank sent."
            )
    return found


def _expected(desk: Desk, path: Path, store: Path | None) -> list[Decision | VisitDecision]:
    from superbill.cli.desk import Place
    from superbill.cli.expecting import Expecting
    from superbill.cli.inputs import source

    found: list[Decision | VisitDecision] = []
    with desk.trying(Place(str(path))), source(path) as opened:
        expecting = Expecting(lambda: ready(store), desk)
        found += expecting.read(opened)
    return found
