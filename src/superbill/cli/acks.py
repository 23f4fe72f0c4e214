"""``superbill x12 acks``: what became of the claims that were sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.options import json as json_option

if TYPE_CHECKING:
    from superbill.cli.desk import Desk
    from superbill.interop.x12.ack import Acknowledgement, Outcome

FINE, FOUND, UNREADABLE = 0, 1, 2

# Not "-": several files are read, and standard input is one.
_FILE = click.Path(path_type=Path)


class _Listing(click.Command):
    """A command whose ``--received`` takes every file up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _each(args))


def _each(args: Sequence[str]) -> list[str]:
    """``--received`` before each file that it takes.

    >>> _each(["a.837", "--received", "b", "c", "--json"])
    ['a.837', '--received', 'b', '--received', 'c', '--json']
    """
    found: list[str] = []
    taking = first = False
    for arg in args:
        if arg.startswith("-"):
            taking = first = arg == "--received"
            found.append(arg)
        elif taking and not first:
            found += ["--received", arg]
        else:
            found.append(arg)
            first = False
    return found


@click.command(
    "acks",
    cls=_Listing,
    epilog="""\b
Examples:
  superbill x12 acks claims.837 --received inbox/*.999 answer.277
  superbill x12 acks --ledger --received inbox/ --days 3
  superbill x12 write claims.jsonl --partner payer.toml -o claims.837 --track

\b
Exit codes: 0 nothing is rejected or overdue, 1 something is, 2 something could
not be read.
""",
)
@click.argument("sent", metavar="[SENT]...", nargs=-1, type=_FILE)
@click.option(
    "--received",
    "received",
    multiple=True,
    type=_FILE,
    metavar="FILE...",
    help="Acknowledgements that came (TA1, 999, 997, 277CA); a folder means every file in it.",
)
@click.option("--days", default=3, show_default=True, help="Days after which an answer is overdue.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day to count from; by default today.",
)
@click.option(
    "--claim-level",
    is_flag=True,
    help="An answer to the transaction alone does not count: wait for the 277CA.",
)
@click.option(
    "--ledger",
    is_flag=True,
    help="Note SENT in the ledger of the data folder, and follow all that is in it.",
)
@click.option("--all", "everything", is_flag=True, help="Also show claims that were accepted.")
@json_option
def command(
    sent: tuple[Path, ...],
    received: tuple[Path, ...],
    days: int,
    on: datetime | None,
    claim_level: bool,
    ledger: bool,
    everything: bool,
    as_json: bool,
) -> int:
    """Tie acknowledgements to the claims that were sent, and tell which have none.

    Each claim of the 837s SENT is accepted or rejected by a 277CA, rejected with its transaction
    or interchange by a 999 or TA1, received (the transaction was taken in), or without an answer.
    With --json, one object.
    """
    from superbill.cli.desk import Desk
    from superbill.interop.x12.ack import strays

    if not sent and not ledger:
        raise click.UsageError("Name the files that were sent, or --ledger.")
    desk = Desk(as_json=as_json)
    answers = [one for path in _spread(received) for one in _answers(desk, path)]
    outcomes = _followed(desk, sent, answers) if ledger else _tied(desk, sent, answers)
    day = on.date() if on is not None else date.today()  # noqa: DTZ011 (the reader's own day)
    late = [o.overdue(days, on=day, claim_level=claim_level) for o in outcomes]
    others = strays([o.sent for o in outcomes], answers)
    if as_json:
        click.echo(json.dumps(_document(outcomes, late, others)))
    else:
        _show(outcomes, late, others, everything=everything)
    if desk.bad:
        return UNREADABLE
    return FOUND if any(late) or any(o.state == "rejected" for o in outcomes) else FINE


def _spread(paths: Sequence[Path]) -> list[Path]:
    """The files, folders taken apart."""
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    return found


def _answers(desk: Desk, path: Path) -> list[Acknowledgement]:
    from superbill.cli.desk import Place
    from superbill.errors import Invalid
    from superbill.interop.x12.ack import read

    found: list[Acknowledgement] = []
    with desk.trying(Place(str(path))):
        found = list(read(path))
        if not found:
            raise Invalid.at(
                "(file)", "holds no acknowledgement.", "Give a TA1, 999, 997 or 277CA."
            )
    return found


def _tied(desk: Desk, sent: Sequence[Path], answers: list[Acknowledgement]) -> list[Outcome]:
    from superbill.cli.desk import Place
    from superbill.errors import Invalid
    from superbill.interop.x12.ack import Sent, sent_claims, track

    claims: list[Sent] = []
    for path in sent:
        with desk.trying(Place(str(path))):
            found = list(sent_claims(path, file=str(path)))
            if not found:
                raise Invalid.at("(file)", "holds no claims.", "Give an 837 that was sent.")
            claims += found
    return list(track(claims, answers))


def _followed(desk: Desk, sent: Sequence[Path], answers: list[Acknowledgement]) -> list[Outcome]:
    from superbill.cli.desk import Place
    from superbill.interop.x12.ack.ledger import user_ledger
    from superbill.store.home import data_dir

    ledger = user_ledger(data_dir())
    for path in sent:
        with desk.trying(Place(str(path))):
            ledger.note(path, file=str(path), at=datetime.now().astimezone())
    return ledger.settle(answers)


def _document(
    outcomes: Sequence[Outcome], late: Sequence[bool], others: Sequence[str]
) -> dict[str, object]:
    from superbill.interop.x12.ack.words import meaning

    return {
        "claims": [
            {
                "claim": o.sent.claim,
                "state": o.state,
                "by": o.by,
                "why": [{"code": code, "meaning": meaning(o.by, code)} for code in o.why],
                "overdue": overdue,
                "sent": o.sent.sent.isoformat() if o.sent.sent is not None else None,
                "sender": o.sent.sender,
                "interchange": o.sent.interchange,
                "group": o.sent.group,
                "transaction": o.sent.transaction,
                "reference": o.sent.reference,
                "file": o.sent.file,
            }
            for o, overdue in zip(outcomes, late, strict=True)
        ],
        "not_ours": list(others),
    }


def _show(
    outcomes: Sequence[Outcome], late: Sequence[bool], others: Sequence[str], *, everything: bool
) -> None:
    from superbill.interop.x12.ack.words import meaning

    counts: dict[str, int] = {}
    for o, overdue in zip(outcomes, late, strict=True):
        counts[o.state] = counts.get(o.state, 0) + 1
        if not (everything or overdue or o.state == "rejected"):
            continue
        sent = f", sent {o.sent.sent}" if o.sent.sent is not None else ""
        numbers = f"interchange {o.sent.interchange}, transaction {o.sent.transaction}{sent}"
        by = f" by {o.by}" if o.by else ""
        said = f"{o.state}{by}{', overdue' if overdue else ''}"
        colour = "red" if overdue or o.state == "rejected" else "green"
        click.echo(f"{o.sent.claim}: {click.style(said, fg=colour)} ({numbers})")
        for code in o.why:
            why = meaning(o.by, code)
            click.echo(f"  {code}{': ' + why if why else ''}")
    for other in others:
        click.echo(f"{other} It was not sent with these.")
    told = ", ".join(f"{count} {state}" for state, count in counts.items())
    click.echo(told or "No claims.")
