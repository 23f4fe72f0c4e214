"""Files of claims, remittances and acknowledgements as X12 has them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from superbill.cli.acks import command as acks
from superbill.cli.answers import eligibility, status
from superbill.cli.failure import Failure, report, system
from superbill.cli.options import FILE
from superbill.cli.options import json as json_option
from superbill.cli.reference import ready, store_option
from superbill.cli.x12_convert import command as convert
from superbill.cli.x12_write import command as write

if TYPE_CHECKING:
    from contextlib import ExitStack

    from superbill.interop.x12.ack import Arrival, Receiving
    from superbill.interop.x12.check import Checks, Finding, Opening, Report
    from superbill.store.open import Store

STDIN = Path("-")
CLEAN, FOUND, UNREADABLE = 0, 1, 2


@click.group(
    "x12",
    epilog="""\b
Examples:
  superbill x12 check claims.837
  superbill x12 show claims.837 --claim EX-HF-001
  superbill x12 split batch.835 -o parts/
""",
)
def command() -> None:
    """Check, show, split, write and convert files of claims and remittances (X12)."""


command.add_command(acks)
command.add_command(eligibility)
command.add_command(status)
command.add_command(convert)
command.add_command(write)


@command.command(
    "check",
    epilog="""\b
Examples:
  superbill x12 check claims.837
  superbill x12 check incoming/*.835 --level 3 --json
  superbill x12 check claims.837 --rules payer.toml --ack answer.999

\b
Levels: 1 syntax, 2 implementation guide, 3 balancing, 4 situational rules,
5 codes on the date of service, 7 a payer's own rules (--rules). A level
includes those below it; 5 is the default, and 7 where rules are given.

\b
Exit codes: 0 clean, 1 something was found, 2 something could not be read.
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option(
    "--level",
    metavar="1-7",
    help="The highest level to check, or those to report: 3, or 3-5.",
)
@click.option(
    "--rules", type=click.Path(path_type=Path), help="A payer's own rules (TOML), for level 7."
)
@click.option(
    "--ack",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write the acknowledgements (TA1, 999, 277CA) to this file.",
)
@click.option("--most", default=200, show_default=True, help="Findings of a file that are shown.")
@store_option
@json_option
def check(
    files: tuple[Path, ...],
    level: str | None,
    rules: Path | None,
    ack: Path | None,
    most: int,
    store: Path | None,
    as_json: bool,
) -> int:
    """Check X12 files: what is wrong, where, and how to mend it.

    "-" is standard input. Files may be compressed with gzip. With --json, one object a file.
    """
    from contextlib import ExitStack

    from superbill.interop.x12.ack import Receiving
    from superbill.interop.x12.check import checks, read_rules

    payer_rules = read_rules(rules) if rules is not None else None
    lowest, highest = _levels(level, 5 if rules is None else 7)
    worst = CLEAN
    with ExitStack() as opened:
        opening = _opening(store, opened) if highest >= 5 else None
        todo = checks(highest, store=opening, payer_rules=payer_rules)
        receiving = Receiving() if ack is not None else None
        for path in files:
            found = _checked(path, todo, receiving, as_json)
            if lowest > 1:
                found = found._replace(
                    findings=tuple(f for f in found.findings if f.snip >= lowest)
                )
            if as_json:
                click.echo(_json(_name(path), found))
            else:
                _print(_name(path), found, most)
            worst = max(worst, UNREADABLE if found.unreadable else int(not found.accepted))
    if ack is not None and receiving is not None:
        _acknowledge(ack, receiving.arrivals)
    return worst


def _levels(said: str | None, default: int) -> tuple[int, int]:
    """The lowest and the highest level of ``--level``."""
    if said is None:
        return 1, default
    first, dash, last = said.partition("-")
    if not dash:
        first, last = "1", first
    if not (first in set("1234567") and last in set("1234567") and first <= last):
        raise click.BadParameter(f"{said!r} is not a level.", param_hint="--level")
    return int(first), int(last)


def _opening(store: Path | None, opened: ExitStack) -> Opening:
    """Open the store when a code is first asked for: most files need none."""

    def open_it() -> Store:
        from superbill.store.open import Store

        return opened.enter_context(Store.open(ready(store)))

    return open_it


def _checked(path: Path, todo: Checks, receiving: Receiving | None, as_json: bool) -> Report:
    """The report of one file; one that the system would not let be read is reported as such."""
    from superbill.interop.x12.check import answers, gather

    source: Path | IO[bytes] = sys.stdin.buffer if path == STDIN else path
    try:
        if receiving is None:
            return gather(answers(source, todo))
        return gather(receiving.listen(answers(source, receiving.checks(todo))))
    except BrokenPipeError:
        raise
    except OSError as error:
        failure = system(error, "" if error.filename else _name(path))
        report([failure], as_json)
        return _unreadable(failure)


def _unreadable(failure: Failure) -> Report:
    from superbill.interop.x12.check import At, Finding, Report

    at = At(0, 0, "", "")
    finding = Finding(1, "file.system", failure.message, failure.fix, at)
    return Report(0, 0, 0, (finding,), (), unreadable=True)


def _name(path: Path) -> str:
    return "stdin" if path == STDIN else str(path)


def _json(name: str, found: Report) -> str:
    return json.dumps(
        {
            "file": name,
            "accepted": found.accepted,
            "interchanges": found.interchanges,
            "transactions": found.transactions,
            "segments": found.segments,
            "findings": [finding.document() for finding in found.findings],
            "not_checked": [n._asdict() for n in found.not_checked],
        }
    )


def _print(name: str, found: Report, most: int) -> None:
    for finding in found.findings[:most]:
        click.echo(f"{name}: {_line(finding)}")
        click.echo(f"  mend: {finding.mend}")
    hidden = max(len(found.findings) - most, 0) + found.dropped
    if hidden:
        click.echo(f"{name}: {hidden:,} more findings are not shown.")
    verdict = (
        click.style("could not all be read", fg="red")
        if found.unreadable
        else click.style("clean", fg="green")
        if found.accepted
        else click.style(_count(len(found.findings) + found.dropped, "finding"), fg="red")
    )
    click.echo(
        f"{name}: {verdict}; {_count(found.interchanges, 'interchange')}, "
        f"{_count(found.transactions, 'transaction')}, {_count(found.segments, 'segment')}"
    )
    for unchecked in found.not_checked[:20]:
        click.echo(f"  not checked: {unchecked.rule}: {unchecked.reason}")


def _line(finding: Finding) -> str:
    place = finding.element or finding.at.segment
    where = f"byte {finding.at.byte}"
    if place:
        where += f", {place}"
    if finding.at.loop:
        where += f" in {finding.at.loop}"
    claim = f" (claim {finding.claim})" if finding.claim else ""
    return f"{where}{claim}: {finding.message} [SNIP {finding.snip}, {finding.rule}]"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _acknowledge(path: Path, arrivals: list[Arrival]) -> None:
    from datetime import datetime

    from superbill.interop.x12.ack import write
    from superbill.interop.x12.control_numbers import user_control_numbers

    written = write(path, arrivals, user_control_numbers(), datetime.now().astimezone())
    click.echo(
        f"Wrote {path}: {written}."
        if any(written)
        else "There is nothing to acknowledge; a TA1 and a 999 are never answered.",
        err=True,
    )


@command.command(
    "show",
    epilog="""\b
Examples:
  superbill x12 show claims.837
  superbill x12 show payment.835 --claim 26462967
""",
)
@click.argument("file", type=FILE)
@click.option(
    "--claim", default="", metavar="ID", help="Only claims of this number (CLM01, CLP01)."
)
@json_option
def show(file: Path, claim: str, as_json: bool) -> int:
    """Show a file as a tree of loops and segments.

    With --json each line of the tree is an object with its text. Exits 1 where a claim is asked
    for and there is none of its number.
    """
    from superbill.interop.x12.show import tree

    shown = 0
    for line in tree(sys.stdin.buffer if file == STDIN else file, claim=claim):
        click.echo(json.dumps({"line": line}) if as_json else line)
        shown += 1
    if claim and not shown:
        report(
            [Failure("not_found", f"There is no claim {claim[:40]!a}.", file=_name(file))], as_json
        )
        return FOUND
    return CLEAN


@command.command(
    "split",
    epilog="""\b
Examples:
  superbill x12 split batch.835 -o parts/
""",
)
@click.argument("file", type=FILE)
@click.option(
    "-o", "--output", "into", required=True, type=click.Path(path_type=Path), help="A folder."
)
@json_option
def split(file: Path, into: Path, as_json: bool) -> int:
    """Split a file: each transaction as an interchange of its own.

    The bytes from ST to SE stay as they are. Exits 1 where a transaction breaks off; the others
    are written.
    """
    from superbill.interop.x12.split import Broken
    from superbill.interop.x12.split import split as split_up

    broken = 0
    stem = "stdin" if file == STDIN else file.name.removesuffix(".gz").partition(".")[0]
    source: Path | IO[bytes] = sys.stdin.buffer if file == STDIN else file
    for part in split_up(source, into, stem=stem):
        if isinstance(part, Broken):
            broken += 1
            p = part.problem
            report([Failure("invalid", p.message, p.remedy, _name(file), None, p.path)], as_json)
        elif as_json:
            click.echo(json.dumps(part._asdict() | {"path": str(part.path)}))
        else:
            click.echo(f"{part.path}  {part.set_id} {part.control}, {part.segments} segments")
    return FOUND if broken else CLEAN
