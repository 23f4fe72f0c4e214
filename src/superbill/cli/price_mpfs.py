"""What Medicare's physician fee schedule pays for a professional service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli import options
from superbill.cli.inputs import PATH
from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.errors import SuperbillError
    from superbill.explain import Node
    from superbill.pricing.mpfs import Line, Priced, Pricer


@click.command(
    "mpfs",
    cls=options.Explainable,
    epilog="""\b
Examples:
  superbill price mpfs G0439 --on 2026-05-04 --zip 10001 --pos 11
  superbill price mpfs G0105 --modifier 53 --on 2026-08-03 --carrier 10112 --locality 00 --pos 22
  superbill price mpfs G0439 --on 2026-05-04 --zip 10001 --pos 11 --explain
  superbill price mpfs --batch LINES.jsonl --json

\b
A line of LINES.jsonl, and the keys it may have besides:
  {"code": "G0439", "modifiers": [], "date": "2026-05-04", "zip": "10001", "pos": "11",
   "units": 1, "apm": false}
  "carrier" and "locality" in place of "zip"; "participating", "practitioner", "charge",
  "minutes" and "base_units" (anaesthesia), "id"
""",
)
@click.argument("code", required=False)
@click.option("--on", metavar="DATE", help="The date of service, YYYY-MM-DD.")
@click.option("--zip", "zip_code", metavar="ZIP", help="ZIP code of the place of service.")
@click.option("--carrier", metavar="NUMBER", help="Medicare's contractor, in place of --zip.")
@click.option("--locality", metavar="NUMBER", help="Its payment locality.")
@click.option("--pos", metavar="CODE", help="Place of service: 11 office, 22 hospital, …")
@click.option(
    "--modifier", "modifiers", multiple=True, metavar="XX", help="Once for each modifier."
)
@click.option("--units", type=int, default=1, metavar="N", help="How many services (1).")
@click.option("--apm", is_flag=True, help="By a qualifying participant in an advanced APM.")
@click.option("--nonparticipating", is_flag=True, help="95 percent, and the limiting charge.")
@click.option("--practitioner", default="physician", metavar="KIND", help="Who gave the service.")
@click.option("--charge", metavar="DOLLARS", help="The charge: the lesser amount is allowed.")
@click.option("--minutes", type=int, metavar="N", help="Minutes of anaesthesia.")
@click.option("--base-units", type=int, metavar="N", help="Base units of the anaesthesia code.")
@click.option("--batch", type=PATH, metavar="FILE", help="Many lines as JSON Lines; - reads stdin.")
@click.option("--together", is_flag=True, help="Lines of the batch with one id are one claim.")
@store_option
@options.json
@options.explain
def mpfs(
    code: str | None,
    on: str | None,
    zip_code: str | None,
    carrier: str | None,
    locality: str | None,
    pos: str | None,
    modifiers: tuple[str, ...],
    units: int,
    apm: bool,
    nonparticipating: bool,
    practitioner: str,
    charge: str | None,
    minutes: int | None,
    base_units: int | None,
    batch: Path | None,
    together: bool,
    store: Path | None,
    as_json: bool,
    explain: str | None,
) -> int:
    """Medicare's physician fee schedule: one service, or many as JSON Lines.

    The allowed amount, before deductible, coinsurance and sequestration. With --batch each line is
    answered by one line, in order; a line that cannot be priced by an error object in its place.
    With --together, lines that follow one another with the same id are priced as one claim, by the
    rules for several procedures of a day.
    """
    from superbill.pricing.mpfs import Pricer
    from superbill.store.open import Store

    if (code is None) == (batch is None):
        raise click.UsageError("Name one code, or --batch FILE.")
    if together and batch is None:
        raise click.UsageError("--together is for the lines of --batch FILE.")
    if batch is not None:
        with Store.open(ready(store)) as opened:
            return _batch(batch, Pricer(opened), together=together)
    line = _line(
        code=code or "",
        on=on,
        pos=pos,
        modifiers=modifiers,
        zip=zip_code or "",
        carrier=carrier or "",
        locality=locality or "",
        units=units,
        apm=apm,
        participating=not nonparticipating,
        practitioner=practitioner,
        charge=charge,
        minutes=minutes,
        base_units=base_units,
    )
    with Store.open(ready(store)) as opened:
        priced = _priced(Pricer(opened), line, explained=explain is not None)
    _show(priced, as_json=as_json, explain=explain)
    return 0


def _line(
    *, code: str, on: str | None, pos: str | None, charge: str | None, **more: object
) -> Line:
    """The line that the options describe; raises ``Invalid`` naming what is missing or wrong."""
    from msgspec import convert

    from superbill.dates import parse_day
    from superbill.errors import Invalid, Problem
    from superbill.pricing.mpfs.line import Line, check

    missing = [
        Problem(f"--{name}", "it is missing.", remedy)
        for name, value, remedy in (
            ("on", on, "Give the date of service: --on 2026-05-04."),
            ("pos", pos, "Give the place of service: --pos 11 is the office."),
        )
        if not value
    ]
    if missing:
        raise Invalid(missing)
    try:
        dollars = None if charge is None else Decimal(charge)
    except ArithmeticError:
        raise Invalid.at("--charge", f"{charge!r} is not an amount.", "Give dollars.") from None
    day: date = parse_day(on or "", "--on")
    given = {
        **more,
        "code": code.strip().upper(),
        "date": day,
        "pos": pos,
        "charge": dollars,
        "modifiers": tuple(each.strip().upper() for each in _split(more["modifiers"])),
        "zip": str(more["zip"]).replace("-", "").replace(" ", ""),
    }
    line = convert(given, Line)
    check(line)
    return line


def _split(modifiers: object) -> Iterator[str]:
    """Modifiers given one by one, or several between commas."""
    assert isinstance(modifiers, Iterable)
    for each in modifiers:
        yield from str(each).split(",")


def _priced(pricer: Pricer, line: Line, *, explained: bool) -> Priced:
    from superbill.model import SILENT, Recorder

    return pricer.price(line, trace=Recorder() if explained else SILENT)


def _show(priced: Priced, *, as_json: bool, explain: str | None) -> None:
    from superbill.bulk.stays import encode
    from superbill.cli import explaining

    if as_json:
        click.echo(encode(priced))
        return
    if explain in ("markdown", "json"):
        explaining.show(_node(priced), explain)
        return
    for text in _text(priced):
        click.echo(text)
    if explain:
        click.echo()
        explaining.show(_node(priced), explain)


def _text(priced: Priced) -> Iterator[str]:
    from superbill.money import dollars

    head = " ".join((priced.code, *priced.modifiers))
    place = "facility" if priced.facility else "non-facility"
    yield f"{head}  {priced.release}, carrier {priced.carrier} locality {priced.locality}, {place}"
    if priced.status != "priced":
        who = "the patient" if priced.patient_liable else "nobody else"
        more = "" if priced.status == "bundled" else f"; {who} is liable"
        yield f"  {priced.status}: {priced.meaning}{more}"
    else:
        yield f"  fee schedule amount  {dollars(priced.fee):>12}"
        for each in priced.adjusted:
            yield f"  × {each.factor:<6} {each.rule}"
        if priced.units != 1:
            yield f"  × {priced.units} units of {dollars(priced.unit_amount)}"
    yield f"  allowed              {dollars(priced.allowed):>12}"
    if priced.limiting_charge is not None:
        yield f"  limiting charge      {dollars(priced.limiting_charge):>12}"
    for note in priced.notes:
        yield f"  note: {note}"


def _node(priced: Priced) -> Node:
    from superbill.explain import of_payment
    from superbill.model import Payment

    head = " ".join((priced.code, *priced.modifiers))
    return of_payment(
        Payment(
            system="mpfs",
            version=head,
            return_code=priced.indicator,
            meaning=priced.meaning or priced.status,
            total=priced.allowed,
            trace=priced.trace,
            release=priced.release,
        )
    )


def _batch(path: Path, pricer: Pricer, *, together: bool) -> int:
    """Price the lines of a file; 2 where some could not be priced."""
    import sys

    from superbill.bulk.stays import encode
    from superbill.cli.inputs import source
    from superbill.errors import SuperbillError

    bad = False
    write = sys.stdout.write
    price = _claims if together else _singly
    with source(path) as found:
        lines = found.lines if found.document is None else iter(found.document.splitlines())
        for number, answer in price(pricer, enumerate(lines, 1)):
            if isinstance(answer, SuperbillError):
                bad = True
                write(_refusal(answer, number) + "\n")
            else:
                write(encode(answer).decode() + "\n")
    return 2 if bad else 0


type _Answers = Iterator[tuple[int, Priced | SuperbillError]]


def _read(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Line | SuperbillError]]:
    """Every line that is not blank, or what is wrong with it."""
    from superbill.errors import SuperbillError
    from superbill.pricing.mpfs import read

    for number, line in lines:
        if line and not line.isspace():
            try:
                yield number, read(line)
            except SuperbillError as error:
                yield number, error


def _singly(pricer: Pricer, lines: Iterable[tuple[int, bytes]]) -> _Answers:
    from superbill.errors import SuperbillError

    for number, line in _read(lines):
        if isinstance(line, SuperbillError):
            yield number, line
            continue
        try:
            yield number, pricer.price(line)
        except SuperbillError as error:
            yield number, error


def _claims(pricer: Pricer, lines: Iterable[tuple[int, bytes]]) -> _Answers:
    """The lines by claim: those that follow one another with the same id."""
    from itertools import groupby

    from superbill.errors import SuperbillError

    def claim(each: tuple[int, Line | SuperbillError]) -> str:
        number, line = each
        named = "" if isinstance(line, SuperbillError) else line.id
        return f"id {named}" if named else f"line {number}"

    for _, group in groupby(_read(lines), claim):
        numbered = list(group)
        good = [(n, line) for n, line in numbered if not isinstance(line, SuperbillError)]
        answers = dict(
            zip((n for n, _ in good), pricer.price_claim([line for _, line in good]), strict=True)
        )
        for number, line in numbered:
            yield number, line if isinstance(line, SuperbillError) else answers[number]


def _refusal(error: SuperbillError, number: int) -> str:
    """The error object that stands in the place of an answer."""
    import json

    from superbill.cli.failure import failures

    found = [failure._replace(line=number) for failure in failures(error)]
    first = json.loads(found[0].json())
    if len(found) > 1:
        first["others"] = [json.loads(each.json()) for each in found[1:]]
    return json.dumps(first)
