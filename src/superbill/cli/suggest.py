"""Suggest diagnosis codes from records. Must start fast: nothing heavy is imported here."""

from __future__ import annotations

import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from superbill.cli import failure
from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.encoder.suggestions import Record, Suggester, Suggestions

WIDTH = 96
_BEFORE, _AFTER = 44, 44
_SHOWN = 3
_REJECTED = 12
PREPARING = "No terms of this reference data yet: making them, once (under half a minute)."


@click.command(
    "suggest",
    epilog="""\b
Examples:
  superbill suggest note.txt --on 2026-03-01
  superbill suggest note.txt --setting outpatient --on 2026-03-01 --json
  superbill suggest discharge.pdf bundle.json --on 2026-03-01
  superbill suggest note.txt --on 2026-03-01 --record taken.jsonl --accept I50.23 --reject R06.00

\b
Diagnosis codes only; build procedure codes with the tables of ICD-10-PCS.
The exit code is 1 where nothing was suggested, 2 where a file could not be read.
""",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="NOTE...",
    type=click.Path(path_type=Path, allow_dash=True),
)
@click.option(
    "--setting",
    type=click.Choice(("inpatient", "outpatient")),
    default="inpatient",
    show_default=True,
    help="What is uncertain at discharge is coded for inpatients only.",
)
@click.option("--on", metavar="DATE", help="The discharge date or date of service; else today.")
@click.option("--least", type=float, metavar="SCORE", help="Suggest from this score on (0 to 1).")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add what was accepted and rejected of one record to FILE (JSON Lines).",
)
@click.option("--accept", multiple=True, metavar="CODE", help="With --record: a code you take.")
@click.option("--reject", multiple=True, metavar="CODE", help="With --record: one you do not.")
@click.option(
    "--learn",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Count in what coders took and did not, from such a file.",
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line for each record.")
def command(
    files: tuple[Path, ...],
    setting: Any,
    on: str | None,
    least: float | None,
    record: Path | None,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    learn: Path | None,
    store: Path | None,
    as_json: bool,
) -> int:
    """Suggest diagnosis codes from a record, with the words that support each.

    A record is plain text, a PDF that holds text, or a FHIR document; "-" reads standard input.
    Each code shows the words that led to it, the entry of the index or the tabular list, what
    would make it more specific, and a score: of codes scored 0.8, four in five were taken by the
    coders of the development notes. What the record denies is listed as rejected, with the reason.
    """
    from superbill.dates import parse_day
    from superbill.encoder.suggestions import Suggester, documents, prepare
    from superbill.encoder.suggestions.records import learned_from
    from superbill.errors import Invalid
    from superbill.store.open import Store

    if (accept or reject) and record is None:
        raise click.UsageError("--accept and --reject need a file to record to: --record FILE.")
    if record is not None and len(files) != 1:
        raise click.UsageError("--record takes one record at a time.")
    if least is not None and not 0 <= least <= 1:
        raise click.UsageError("--least is a score between 0 and 1.")
    day = date.today() if on is None else parse_day(on, "--on")  # noqa: DTZ011 - a day's codes
    path = ready(store)
    prepare(path, making=lambda: click.echo(PREPARING, err=True))
    bad = none = 0
    with Store.open(path) as opened:
        suggester = Suggester(opened, on=day, learned=learned_from(learn))
        for file in files:
            name = "-" if str(file) == "-" else str(file)
            try:
                found = documents(_bytes(file), name)
                for document in found:
                    answer = suggester.suggest(document.text, setting=setting, threshold=least)
                    none += not answer.suggestions
                    if record is not None:
                        _record(record, document, answer, suggester, accept, reject)
                    _print(name, document, answer, as_json)
            except Invalid as fault:
                failure.report(failure.failures(fault, name), as_json)
                bad += 1
    if bad:
        return 2
    return 1 if none else 0


def _bytes(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    stream: IO[bytes]
    with file.open("rb") as stream:
        return stream.read()


def _record(
    file: Path,
    document: Record,
    answer: Suggestions,
    suggester: Suggester,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
) -> None:
    from superbill.encoder.suggestions.records import decided

    lines = decided(answer, suggester, document.text, accept, reject)
    with file.open("ab") as stream:
        stream.writelines(lines)


def _print(name: str, document: Record, answer: Suggestions, as_json: bool) -> None:
    if not as_json:
        _show(name, document, answer)
        return
    import msgspec

    held: dict[str, object] = {"file": name}
    if document.name:
        held["document"] = document.name
    held |= {
        "on": answer.on,
        "setting": answer.setting,
        "suggestions": [
            {
                "code": each.dotted,
                "text": each.title,
                "score": each.score,
                "evidence": each.evidence,
                "why": each.why,
                "path": each.path,
                "source": each.source,
                "missing": each.missing,
                "remarks": each.remarks,
                "guideline": each.guideline,
            }
            for each in answer.suggestions
        ],
        "rejected": [
            {
                "code": each.dotted,
                "text": each.title,
                "score": each.score,
                "evidence": each.evidence,
                "rule": each.rule,
                "why": each.why,
            }
            for each in answer.rejected
        ],
        "lock": answer.lock,
    }
    if answer.message:
        held["message"] = answer.message
    click.echo(msgspec.json.encode(held).decode())


def _show(name: str, document: Record, answer: Suggestions) -> None:
    title = name if not document.name else f"{name}, {document.name}"
    click.echo(click.style(f"{title}: {answer.setting}, codes of {answer.on}", dim=True))
    for each in answer.suggestions:
        share = click.style(f"{int(100 * each.score + 0.5):3d}%", dim=True)
        click.echo(f"{click.style(f'{each.dotted:8}', bold=True)} {share}  {each.title}")
        for start, end in each.evidence[:_SHOWN]:
            click.echo(" " * 15 + _in_context(document.text, start, end))
        _folded(each.why.partition(": ")[2])
        if each.missing:
            _folded(f"to be more specific: {each.missing}")
        for remark in each.remarks:
            _folded(f"note: {remark}")
    if answer.message:
        click.echo(textwrap.fill(answer.message, WIDTH))
    if answer.rejected:
        click.echo(click.style("not suggested:", dim=True))
    for other in answer.rejected[:_REJECTED]:
        click.echo(f"{other.dotted:8}       {textwrap.shorten(other.title, 60)} ({other.why})")
        for start, end in other.evidence[:1]:
            click.echo(" " * 15 + _in_context(document.text, start, end))


def _folded(text: str) -> None:
    lines = textwrap.fill(text, WIDTH, initial_indent=" " * 15, subsequent_indent=" " * 15)
    click.echo(click.style(lines, dim=True))


def _in_context(text: str, start: int, end: int) -> str:
    before = " ".join(text[max(0, start - _BEFORE) : start].split())
    after = " ".join(text[end : end + _AFTER].split())
    said = click.style(" ".join(text[start:end].split()), bold=True, underline=True)
    # Without colour the words are set between marks.
    return f"…{before} »{said}« {after}…"
