"""A procedure code built or read. Must start fast: nothing heavy is imported here."""

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
    from superbill.codes.answer import From
    from superbill.encoder.pcs import Building, Reading
    from superbill.store.open import Store

WIDTH = 96
PREPARING = "No search index of this reference data yet: making it, once (under half a minute)."
PAGE = 40
KEYS = "character or words of a choice; b back, q quit, ? all of them"
INCLUDES = 6


@click.command(
    "build-pcs",
    epilog="""\b
Examples:
  superbill build-pcs --on 2026-03-01
  superbill build-pcs 0DT --on 2026-03-01 --json
  superbill build-pcs --index "bypass, artery, coronary" --on 2026-03-01
  superbill build-pcs --index appendectomy --choose "percutaneous endoscopic" --json
  superbill build-pcs --read 02703DZ --on 2026-03-01
  superbill build-pcs --read - --on 2026-03-01 --json < codes.txt

\b
The exit code is 1 where a code that was read may not be reported on the day.
""",
)
@click.argument("partial", required=False, default="", metavar="[PARTIAL]")
@click.option("--index", "term", metavar="TERM", help="Begin at a term of the ICD-10-PCS index.")
@click.option("--read", "code", metavar="CODE", help='Read a code aloud; "-" reads many.')
@click.option("--on", metavar="DATE", help="The date of the procedure's stay; else today.")
@click.option(
    "--choose",
    "answers",
    multiple=True,
    metavar="ANSWER",
    help="Choose the next value: its character or words. May be repeated.",
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; of many codes, a line each.")
def command(
    partial: str,
    term: str | None,
    code: str | None,
    on: str | None,
    answers: tuple[str, ...],
    store: Path | None,
    as_json: bool,
) -> int:
    """Build an ICD-10-PCS code from the tables, or read one aloud.

    Each step offers only values that lead to a code of the day, with the official definition and
    the words that count as it. It begins at the sections, at the characters of PARTIAL, or where a
    term of the index leads. Steps with a single value are taken. On a terminal it asks; elsewhere,
    and with --json, the next step is printed as JSON, and --choose answers it.
    """
    from superbill.dates import parse_day
    from superbill.store.open import Store

    if sum((bool(partial), term is not None, code is not None)) > 1:
        raise click.UsageError("Give the first characters, or --index, or --read: one of them.")
    if code is not None and answers:
        raise click.UsageError("--choose answers steps; with --read there are none.")
    day = date.today() if on is None else parse_day(on, "--on")  # noqa: DTZ011 - a day's codes
    with Store.open(ready(store)) as opened:
        if code is not None:
            return _read(opened, code, day, as_json)
        return _build(opened, partial, term, answers, day, as_json)


def _build(
    store: Store, partial: str, term: str | None, answers: tuple[str, ...], day: date, as_json: bool
) -> int:
    from superbill.encoder.find import prepare
    from superbill.encoder.pcs import UnknownTerm, begin

    try:
        building = begin(store, partial, index=term, nearby=False, on=day)
    except UnknownTerm:
        # In a folder that may only be read, the index is made in memory.
        with suppress(OSError):
            prepare(store.path, making=lambda: click.echo(PREPARING, err=True))
        building = begin(store, partial, index=term, on=day)
    for answer in answers:
        building = building.choose(answer)
    watched = sys.stdin.isatty() and sys.stdout.isatty()
    if as_json or not watched:
        click.echo(_formatted(building.step()))
        return 0
    return _ask(building)


def _ask(building: Building) -> int:
    """Ask on the terminal until the code is whole or somebody stops."""
    before: list[Building] = []
    _tables(building.tables)
    while not building.complete:
        _show(building, PAGE)
        onward = _onward(building)
        if onward is None:
            click.echo(f"Stopped at {building.prefix or 'the beginning'}.")
            return 1
        if onward is building:
            building = before.pop() if before else building
        else:
            before.append(building)
            building = onward
    _spoken(building.spoken())
    return 0


def _onward(building: Building) -> Building | None:
    """The building after an answer that fits; the same to go back, ``None`` to stop."""
    from superbill.errors import Invalid

    while True:
        said = click.prompt("", default="", show_default=False, prompt_suffix="> ").strip()
        if said in {"q", "quit"}:
            return None
        if said in {"b", "back"}:
            return building
        if said == "?":
            _show(building, len(building.offers))
            continue
        try:
            return building.choose(said)
        except Invalid as invalid:
            report(failures(invalid), as_json=False)


def _show(building: Building, most: int) -> None:
    click.echo()
    if building.prefix:
        labels = " › ".join(building.labels)
        click.echo(f"{click.style(building.prefix, bold=True)}  {click.style(labels, dim=True)}")
    click.echo(click.style(building.asks, bold=True))
    for offer in building.offers[:most]:
        codes = f"{offer.codes:,} code{'' if offer.codes == 1 else 's'}"
        click.echo(f"  {click.style(offer.value, bold=True)}  {offer.label}  ({codes})")
        for said in (offer.definition, offer.explanation):
            _wrap(said, "     ")
        if offer.includes:
            more = len(offer.includes) - INCLUDES
            tail = f"; and {more} more" if more > 0 else ""
            _wrap(f"includes: {'; '.join(offer.includes[:INCLUDES])}{tail}", "     ")
    left = len(building.offers) - most
    if left > 0:
        click.echo(f"  … and {left} more: say words of one, or ? for all")
    click.echo(click.style(KEYS, dim=True))


def _read(store: Store, code: str, day: date, as_json: bool) -> int:
    """Read one code aloud, or those of standard input."""
    from superbill.encoder.pcs import read_code
    from superbill.errors import SuperbillError

    if code != "-":
        reading = read_code(store, code, on=day)
        click.echo(_formatted(reading)) if as_json else _spoken(reading)
        return 0 if reading.valid else 1
    status = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        for word in line.decode("utf-8", "replace").split():
            try:
                reading = read_code(store, word, on=day)
            except SuperbillError as error:
                report(failures(error, "-", number), as_json)
                status = 2
                continue
            click.echo(_formatted(reading, indent=0)) if as_json else _spoken(reading)
            status = status or int(not reading.valid)
    return status


def _spoken(reading: Reading) -> None:
    click.echo(f"{click.style(reading.code, fg='green', bold=True)}  {reading.title}".rstrip())
    for axis in reading.axes:
        said = axis.label or axis.known
        click.echo(f"  {click.style(axis.value, bold=True)}  {axis.title + ':':16} {said}")
        for text in (axis.definition, axis.explanation):
            _wrap(text, " " * 22)
        if axis.includes:
            _wrap("includes: " + "; ".join(axis.includes[:INCLUDES]), " " * 22)
    if not reading.valid:
        click.echo(click.style(f"{reading.code} is no code of {reading.on}.", fg="red"))
    _tables(reading.tables)


def _tables(tables: From) -> None:
    """Which tables were read, said plainly where they are not of the day."""
    said = f"Tables of {tables.label}."
    if not tables.exact:
        said = (
            f"The tables held are those of {tables.label}, not of the day: of its codes, only"
            " those that these tables still allow are built."
        )
    click.echo(click.style(textwrap.fill(said, WIDTH), fg=None if tables.exact else "yellow"))


def _formatted(value: object, indent: int = 2) -> str:
    import msgspec

    encoded = msgspec.json.encode(value)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def _wrap(text: str, indent: str) -> None:
    if text:
        filled = textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
        click.echo(click.style(filled, dim=True))
