"""The alphabetic index walked to a code. Must start fast: nothing heavy is imported here."""

from __future__ import annotations

import sys
import textwrap
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.failure import failures, report
from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.codes.answer import CodeAnswer
    from superbill.encoder.index import Choice, Question, Walk, Walker
    from superbill.store.open import Store

WIDTH = 96
PREPARING = "No search index of this reference data yet: making it, once (under half a minute)."
PAGE = 40
KEYS = (
    "number, words of a choice, or a code; Enter takes the default; b back, q quit, ? all of them"
)
NOTES_SHOWN = {
    "includes": "includes",
    "excludes1": "excludes 1",
    "excludes2": "excludes 2",
    "codeFirst": "code first",
    "useAdditionalCode": "use also",
    "codeAlso": "code also",
    "sevenChrNote": "7th char.",
}


@click.command(
    "walk",
    epilog="""\b
Examples:
  superbill walk "fracture, radius, lower end" --on 2026-05-01
  superbill walk "broken wrist" --on 2026-05-01
  superbill walk "cataract, nuclear" --on 2026-05-01 --choose "left eye" --json
  superbill walk "colles fracture" --on 2026-05-01 --choose right --choose default --json
  superbill walk - --on 2026-05-01 --json < terms.txt

\b
The exit code is 1 where the words lead to no code.
""",
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--on", metavar="DATE", help="The discharge date or date of service; else today.")
@click.option(
    "--choose",
    "answers",
    multiple=True,
    metavar="ANSWER",
    help="Answer the next question: its number, words, a code, or default. May be repeated.",
)
@click.option("--defaults", is_flag=True, help="Answer the rest as a record that says no more.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; of many terms, a line each.")
def command(
    words: tuple[str, ...],
    on: str | None,
    answers: tuple[str, ...],
    defaults: bool,
    store: Path | None,
    as_json: bool,
) -> int:
    """Walk the alphabetic index from a term to a code, step by step.

    On a terminal, only what decides between codes is asked, and the default code is marked. "See"
    and "see also" are followed. The tabular list comes last: the code with its seventh character,
    its text and its notes. Elsewhere, and with --json, the steps so far and the choices of the
    next one are printed as JSON; --choose answers them. "-" reads terms, one a line.
    """
    from superbill.dates import parse_day
    from superbill.encoder.index import Walker
    from superbill.errors import SuperbillError
    from superbill.store.open import Store

    day = date.today() if on is None else parse_day(on, "--on")  # noqa: DTZ011 - a day's index
    path = ready(store)
    with Store.open(path) as opened:
        walker = Walker(opened, on=day)
        if words == ("-",):
            code = 0
            for number, line in enumerate(sys.stdin.buffer, 1):
                text = line.decode("utf-8", "replace").strip()
                if not text:
                    continue
                try:
                    walked = _walked(walker, path, text, answers, defaults=defaults)
                except SuperbillError as error:
                    report(failures(error, "-", number), as_json)
                    code = 2
                    continue
                click.echo(_json(opened, walked, indent=0))
                code = code or int(bool(walked.stuck))
            return code
        walked = _walked(walker, path, " ".join(words), answers, defaults=defaults)
        watched = sys.stdin.isatty() and sys.stdout.isatty()
        if as_json or not watched:
            click.echo(_json(opened, walked, indent=2))
        else:
            walked = _asked(walker, walked)
            _show_end(opened, walked, day)
    return 1 if walked.stuck or (watched and not as_json and walked.outcome is None) else 0


def _walked(
    walker: Walker, path: Path, text: str, answers: tuple[str, ...], *, defaults: bool
) -> Walk:
    """The walk as far as the words and answers lead."""
    walked = walker.begin(text, nearby=False)
    if walker.lost(walked):
        from superbill.encoder.find import prepare

        # In a folder that may only be read, the index is made in memory.
        with suppress(OSError):
            prepare(path, making=lambda: click.echo(PREPARING, err=True))
        walked = walker.near(walked)
    for answer in answers:
        walked = walker.answer(walked, answer)
    return walker.defaults(walked) if defaults else walked


def _final(store: Store, walked: Walk) -> CodeAnswer | None:
    """What the tabular list and the other lists of the day say of the code reached."""
    from superbill.codes import icd10cm

    if walked.outcome is None:
        return None
    return icd10cm.lookup(store, walked.outcome.code, on=walked.on)


def _json(store: Store, walked: Walk, indent: int) -> str:
    import msgspec

    held = msgspec.to_builtins(walked)
    final = _final(store, walked)
    held["tabular"] = None if final is None else msgspec.to_builtins(final)
    held["lock"] = store.lock.digest
    encoded = msgspec.json.encode(held)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def _asked(walker: Walker, walked: Walk) -> Walk:
    """Ask on the terminal until a code is reached, or there is none, or somebody stops."""
    before: list[Walk] = []
    shown = 0
    while (question := walked.question) is not None:
        shown = _show_path(walked, shown)
        _show_question(question, most=PAGE)
        onward = _onward(walker, walked, question)
        if onward is None:
            return walked
        if onward is walked:
            walked, shown = (before.pop(), 0) if before else (walked, shown)
        else:
            before.append(walked)
            walked = onward
    _show_path(walked, shown)
    return walked


def _onward(walker: Walker, walked: Walk, question: Question) -> Walk | None:
    """The walk after an answer that fits; the same walk to go back, ``None`` to stop."""
    from superbill.errors import Invalid

    while True:
        said = click.prompt("", default="", show_default=False, prompt_suffix="> ").strip()
        if said in {"q", "quit"}:
            return None
        if said in {"b", "back"}:
            return walked
        if said == "?":
            _show_question(question, most=len(question.choices))
            continue
        try:
            return walker.answer(walked, said or "default")
        except Invalid as invalid:
            report(failures(invalid), as_json=False)


def _show_path(walked: Walk, shown: int) -> int:
    """The steps that were not shown yet; how many are shown now."""
    if shown > len(walked.path):
        shown = 0
    for step in walked.path[shown:]:
        code = f"  {click.style(step.code, bold=True)}" if step.code else ""
        click.echo(f"  {click.style(f'{step.kind:10}', dim=True)} {step.text}{code}")
    return len(walked.path)


def _show_question(question: Question, *, most: int) -> None:
    click.echo()
    click.echo(click.style(question.text, bold=True))
    listed = question.choices[:most]
    for choice in listed:
        _show_choice(choice)
    left = len(question.choices) - len(listed)
    if left:
        click.echo(f"  … and {left} more: say words of one, or ? for all")
    click.echo(click.style(KEYS, dim=True))


def _show_choice(choice: Choice) -> None:
    codes = ", ".join(choice.leads_to[:3]) + (f", … ({choice.codes})" if choice.codes > 3 else "")
    tail = f"  {codes}" if codes and not choice.default else ""
    tail += f"  ({choice.see})" if choice.see else ""
    mark = click.style("  (default)", fg="green") if choice.default else ""
    text = textwrap.fill(
        f"{choice.text}{tail}", WIDTH, initial_indent="", subsequent_indent=" " * 6
    )
    click.echo(f" {choice.number:>3}  {text}{mark}")


def _show_end(store: Store, walked: Walk, day: date) -> None:
    for mark in walked.marks:
        _wrap(f"note: {mark}")
    if walked.stuck:
        _wrap(walked.stuck)
    if walked.outcome is None:
        if walked.default and not walked.stuck:
            click.echo(f"Stopped at {walked.default}, which is not complete.")
        return
    click.echo()
    click.echo(
        f"{click.style(walked.outcome.dotted, fg='green', bold=True)}  {walked.outcome.title}"
    )
    if walked.outcome.manifestation:
        click.echo(f"  with the manifestation {walked.outcome.manifestation}, listed after it")
    if walked.unused:
        _wrap(f"  no place was found for: {', '.join(walked.unused)}")
    final = _final(store, walked)
    if final is not None:
        _show_tabular(final)
    click.echo(click.style(f"index of {day}", dim=True))


def _show_tabular(final: CodeAnswer) -> None:
    filled = len(final.code) == 7 and "X" in final.code[3:6]
    if filled:
        click.echo(f"  X fills the places up to the seventh character, {final.code[6]}")
    for place in final.parents[2:]:
        click.echo(click.style(f"  {place.dotted:9} {place.title}", dim=True))
    for note in final.notes:
        if note.kind == "sevenChrDef" and note.character != final.code[6:7]:
            continue
        label = NOTES_SHOWN.get(note.kind)
        if note.kind == "sevenChrDef" and note.character:
            label = f"7th {note.character}"
        if label is None or (note.inherited and note.kind == "includes"):
            continue
        where = f" (at {note.at})" if note.inherited else ""
        _wrap(f"  {label:10} {note.text}{where}", " " * 13)
    if final.tabular is not None:
        click.echo(click.style(f"tabular list of {final.tabular}", dim=True))
    for missing in final.not_held:
        _wrap(f"not held: {missing}")


def _wrap(text: str, rest: str = "  ") -> None:
    click.echo(textwrap.fill(text, WIDTH, subsequent_indent=rest))
