"""Codes together, checked: notes of the tabular list, guidelines, patient."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from datetime import date

    from superbill.edits.conventions.codes import Checked
    from superbill.model import Finding
    from superbill.store.open import Store

WIDTH = 96
COLOURS = {"error": "red", "warning": "yellow", "information": "blue"}


@click.command(
    "check",
    epilog="""\b
Examples:
  superbill check I50.23 I11.0 N18.4 --on 2026-03-01
  superbill check O26.892 Z3A.34 --on 2026-05-01 --age 31 --sex F --json
  superbill check L89.152:Y L89.153:N --on 2026-05-01
  superbill check - --on 2026-05-01 --json < records.txt
  superbill check --notes --on 2026-05-01

\b
The exit code is 1 where something is found that cannot be right; with
--strict also where something is to be asked or could not be checked.
""",
)
@click.argument("codes", metavar="CODE...", nargs=-1)
@click.option("--on", metavar="DATE", required=True, help="The discharge date or date of service.")
@click.option("--age", type=int, help="The patient's age in whole years.")
@click.option(
    "--sex", type=click.Choice(("F", "M", "U"), case_sensitive=False), help="The patient's sex."
)
@click.option(
    "--setting",
    type=click.Choice(("inpatient", "outpatient")),
    default="inpatient",
    show_default=True,
    help="Whose rules hold where the two differ.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 unless nothing is left to ask.")
@click.option(
    "--notes", is_flag=True, help="Say how many notes are read, and list those that are not."
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; several records, a line each.")
def command(
    codes: tuple[str, ...],
    on: str,
    age: int | None,
    sex: str | None,
    setting: str,
    strict: bool,
    notes: bool,
    store: Path | None,
    as_json: bool,
) -> int:
    """Check diagnosis codes together: what excludes, comes first, is missing.

    The first code is the principal (or first-listed) diagnosis. Checked are the notes of the
    tabular list, the official guidelines, seventh characters, side, age and sex. A code may bear
    its present-on-admission indicator: I50.23:Y. "-" reads records from standard input, one a
    line, codes with blanks between them.
    """
    from superbill.cli.failure import failures, report
    from superbill.dates import parse_day
    from superbill.edits.conventions import Conventions
    from superbill.edits.conventions.codes import check_codes
    from superbill.errors import Invalid
    from superbill.store.open import Store

    day = parse_day(on, "--on")
    if bool(codes) == notes:
        raise click.UsageError("Name codes to check, or --notes alone.")
    many = codes == ("-",)
    no = bad = False
    with Store.open(ready(store)) as opened:
        if notes:
            _survey(opened, day, as_json)
            return 0
        conventions = Conventions(opened)
        for place, (line, record) in enumerate(_records() if many else [(1, codes)]):
            try:
                found = check_codes(
                    record,
                    on=day,
                    conventions=conventions,
                    age=age,
                    sex=(sex or "").upper(),
                    setting="outpatient" if setting == "outpatient" else "inpatient",
                )
            except Invalid as invalid:
                if not many:
                    raise
                bad = True
                report(failures(invalid, "-", line), as_json)
                continue
            no = no or found.wrong or (strict and not found.clean)
            if as_json:
                click.echo(_json(found, indent=0 if many else 2))
            else:
                if place:
                    click.echo()
                _show(found)
    if bad:
        return 2
    return 1 if no else 0


def _survey(store: Store, day: date, as_json: bool) -> None:
    """How many lines of the notes of the day's list a machine reads, and which it does not."""
    import msgspec

    from superbill.codes.editions import TABULAR
    from superbill.codes.notes import open_notes, survey

    notes = open_notes(store, on=day)
    if notes is None:
        raise store.not_covered(TABULAR, on=day)
    found = survey(notes)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
        return
    click.echo(f"Notes of the tabular list, {found.source}")
    share = 100 * found.understood // found.lines
    click.echo(
        f"{found.lines:,} lines: {found.understood:,} read ({share}%),"
        f" {found.not_understood:,} for a person to read\n"
    )
    for kind, counts in sorted(found.counts.items()):
        listed = ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()))
        click.echo(f"  {kind:18} {listed}")
    click.echo()
    for line in found.left:
        _wrap(f"{line.at} [{line.kind}] {line.text}", "  ", "      ")


def _records() -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines of standard input that are not empty, numbered; what is no text is no code."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if words := line.decode("utf-8", "replace").split():
            yield number, tuple(words)


def _json(found: Checked, indent: int) -> str:
    import msgspec

    encoded = msgspec.json.encode(found)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def _show(found: Checked) -> None:
    for code in found.codes:
        poa = f"  POA {code.poa}" if code.poa else ""
        title = code.title or "(no text held)"
        click.echo(f"{click.style(f'{code.dotted:9}', bold=True)} {title}{poa}")
    click.echo()
    if not found.findings:
        click.echo(click.style("Nothing found.", fg="green"))
    for finding in found.findings:
        _finding(finding)
    if found.not_checked:
        click.echo(click.style("\nNot checked", bold=True))
        for left in found.not_checked:
            _wrap(left.reason, "  ", "    ")


def _finding(finding: Finding) -> None:
    colour = COLOURS[finding.severity]
    click.echo(click.style(finding.severity, fg=colour, bold=True) + f"  [{finding.rule}]")
    _wrap(finding.message, "  ", "  ")
    _wrap(finding.remedy, "  fix: ", "       ")
    cited = finding.citation + (f" ({finding.release})" if finding.release else "")
    _wrap(cited, "  see: ", "       ")


def _wrap(text: str, first: str, rest: str) -> None:
    click.echo(textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest))
