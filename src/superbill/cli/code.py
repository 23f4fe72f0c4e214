"""What a code is on a day. Must start fast: nothing heavy is imported here."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.failure import Failure, report
from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.codes.answer import CodeAnswer, Note
    from superbill.store.open import Store

SYSTEMS = {"cm": "ICD-10-CM", "pcs": "ICD-10-PCS"}
KINDS = {
    "inclusionTerm": "includes",
    "includes": "includes",
    "excludes1": "excludes 1",
    "excludes2": "excludes 2",
    "codeFirst": "code first",
    "codeAlso": "code also",
    "useAdditionalCode": "use also",
    "sevenChrNote": "7th char.",
    "sevenChrDef": "7th char.",
    "notes": "note",
}
LABEL, WIDTH = 13, 96


@click.command(
    "code",
    epilog="""\b
Examples:
  superbill code I50.23 --on 2026-03-01
  superbill code I5023 N17.9 02703DZ --on 2025-10-01 --json
  cut -f1 codes.tsv | superbill code - --on 2026-03-01 --brief

\b
The exit code is 1 where a code may not be reported on that day.
""",
)
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option("--on", metavar="DATE", required=True, help="The discharge date or date of service.")
@click.option(
    "--system", type=click.Choice(tuple(SYSTEMS)), help="ICD-10-CM or -PCS; by the code's form."
)
@click.option("--brief", is_flag=True, help="One line a code.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; several codes, a line each.")
def command(
    codes: tuple[str, ...],
    on: str,
    system: str | None,
    brief: bool,
    store: Path | None,
    as_json: bool,
) -> int:
    """Look a code up: its text, whether it bills, since when, what it does.

    Codes may have their dot or not. "-" reads them from standard input, one a line.
    """
    from superbill.dates import parse_day
    from superbill.store.open import Store

    day = parse_day(on, "--on")
    no = 0
    with Store.open(ready(store)) as opened:
        for place, code in enumerate(_codes(codes)):
            answer = _look_up(opened, code, system, day)
            if answer is None:
                report([_unknown(opened, code, day)], as_json)
            elif as_json:
                click.echo(_json(answer, indent=2 if len(codes) == 1 and codes != ("-",) else 0))
            elif brief:
                click.echo(_line(answer))
            else:
                if place:
                    click.echo()
                _show(answer)
            no += answer is None or not answer.billable
    return 1 if no else 0


def _codes(given: Iterable[str]) -> Iterator[str]:
    for code in given:
        if code == "-":
            yield from (word for line in sys.stdin for word in line.split())
        else:
            yield code


def _look_up(store: Store, code: str, system: str | None, on: date) -> CodeAnswer | None:
    from superbill.codes import icd10cm, icd10pcs, near

    if system is None:
        return near.lookup(store, code, on=on)
    if system == "cm":
        return icd10cm.lookup(store, code, on=on)
    return icd10pcs.lookup(store, code, on=on)


def _unknown(store: Store, code: str, on: date) -> Failure:
    from superbill.codes import near

    meant = [f"{found.dotted} {found.title}" for found in near.suggestions(store, code, on=on)[:5]]
    fix = f"Perhaps you mean {'; '.join(meant)}." if meant else "Check how it is written."
    return Failure("unknown_code", f"{code[:20]!r} is not a code.", fix)


def _json(answer: CodeAnswer, indent: int) -> str:
    import msgspec

    encoded = msgspec.json.encode(answer)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def _line(answer: CodeAnswer) -> str:
    text = "" if answer.title is None else answer.title.text
    level = (
        ""
        if answer.severity is None or answer.severity.level == "NEITHER"
        else (f"  {answer.severity.level}")
    )
    return f"{answer.dotted:8}  {answer.status:15}  {text}{level}"


def _show(answer: CodeAnswer) -> None:
    from superbill.codes.near import explain

    text = "(no text held)" if answer.title is None else answer.title.text
    click.echo(f"{click.style(answer.dotted, bold=True)}  {text}")
    may = (
        click.style("billable", fg="green")
        if answer.billable
        else click.style("not billable", fg="red")
    )
    click.echo(f"  {answer.system}, {may} on {answer.on}")
    for label, said in _facts(answer, explain(answer)):
        _print(label, said)
    for (kind, at, title), notes in groupby(
        answer.notes, key=lambda note: (note.kind, note.at, note.at_title)
    ):
        _print_notes(KINDS.get(kind, kind), f"at {at} {title}", list(notes), answer.dotted == at)


def _facts(answer: CodeAnswer, why_not: str) -> Iterator[tuple[str, str]]:
    if why_not:
        yield "", why_not
    if answer.validity:
        yield "valid", "; ".join(str(span) for span in answer.validity)
    if (severity := answer.severity) is not None:
        level = "neither CC nor MCC" if severity.level == "NEITHER" else severity.level
        mdc = f"; MDC {severity.mdc:02} as principal" if severity.mdc else ""
        yield "MS-DRG", f"{level} as a secondary diagnosis{mdc} (version {severity.version})"
    if answer.operating_room is not None:
        room = "an operating room procedure" if answer.operating_room else "no operating room"
        yield "MS-DRG", room
    if answer.poa_exempt is not None:
        yield "POA", "exempt" if answer.poa_exempt else "to be reported"
    if answer.edits:
        yield "edits", ", ".join(edit.replace("_", " ").lower() for edit in answer.edits)
    if answer.parents:
        yield "part of", " › ".join(f"{place.dotted} {place.title}" for place in answer.parents[2:])
    for child in answer.children:
        yield "above", f"{child.dotted} {child.title}"
    if answer.title is not None:
        yield "text from", f"{answer.title.source}"
    for missing in answer.not_held:
        yield "not held", missing


def _print(label: str, said: str) -> None:
    indent = "  " + label.ljust(LABEL - 2)
    click.echo(textwrap.fill(said, WIDTH, initial_indent=indent, subsequent_indent=" " * LABEL))


def _print_notes(label: str, place: str, notes: list[Note], own: bool) -> None:
    if not own:
        _print(label, click.style(f"({place})", dim=True))
        label = ""
    for note in notes:
        head = f"{note.character}: " if note.character else ""
        _print(label, head + note.text)
        label = ""
