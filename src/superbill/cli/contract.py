"""Contracts as payers and hospitals publish them. Must start fast."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from superbill.cli import options
from superbill.cli.failure import Failure, failures, report

if TYPE_CHECKING:
    from superbill.interop.mrf import Prices, Quote, Rate, Report, StandardCharge

STDIN = Path("-")
_MEGA = 1_000_000


@click.group("contract")
def command() -> None:
    """Check and look up the prices that payers and hospitals publish."""


@command.command(
    "check",
    epilog="""\b
Examples:
  superbill contract check in-network-rates.json.gz
  superbill contract check standard-charges.csv --json
  gunzip -c rates.json.gz | superbill contract check -

\b
Exit codes: 0 as the schema says; 1 read, and something is not as it says; 2 unreadable.
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=options.FILE)
@options.json
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Check price-transparency files against their published schemas.

    FILE is a payer's in-network file (JSON), or a hospital's standard charges (JSON, tall or wide
    CSV), packed with gzip or not, or "-" for standard input. It is read once and may be larger than
    the memory. With --json one report a line.
    """
    import msgspec

    from superbill.errors import SuperbillError
    from superbill.interop import mrf

    worst = 0
    for path in files:
        name = "stdin" if path == STDIN else str(path)
        try:
            with _progress(path) as told:
                found = mrf.check(path, told=told)
        except SuperbillError as error:
            report(failures(error, name), as_json)
            worst = 2
            continue
        if as_json:
            click.echo(msgspec.json.encode(_plain(found, name)))
        else:
            _summary(name, found)
            _problems(found, name)
        worst = max(worst, 1 if found.problem_count else 0)
    return worst


@command.command(
    "import",
    epilog="""\b
Examples:
  superbill contract import in-network-rates.json.gz -o plan.rates
  superbill contract price plan.rates --code G0439

\b
Exit codes: 0 imported; 2 not: nothing was written.
""",
)
@click.argument("file", type=options.FILE)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The book of prices to write.",
)
@click.option(
    "--leave-out",
    is_flag=True,
    help="Leave out what is not as the schema says, and import the rest.",
)
@options.json
def import_(file: Path, output: Path, leave_out: bool, as_json: bool) -> int:
    """Make a book of a file, in which prices are found at once.

    It is written whole or not at all.
    """
    import msgspec

    from superbill.interop import mrf

    if not output.parent.is_dir():
        raise click.UsageError(f"There is no folder {output.parent}.")
    with _progress(file) as told, _of(file):
        found = mrf.import_file(file, output, leave_out=leave_out, told=told)
    if as_json:
        click.echo(msgspec.json.encode(_plain(found, str(file))))
    else:
        _summary(str(file), found)
        click.echo(f"  {found.kept:,} prices in {output}")
    return 0


@command.command(
    "price",
    epilog="""\b
Examples:
  superbill contract price in-network-rates.json.gz --code G0439 --npi 1234567893
  superbill contract price standard-charges.csv --code 470 --code-type MS-DRG --payer Region
  superbill contract price plan.rates --code 0120 --code-type RC --days 4 --on 2026-05-04 --json

\b
Exit codes: 0 found; 1 the file has no such price; 2 unreadable, or not as the schema says.
""",
)
@click.argument("file", type=options.FILE)
@click.option("--code", required=True, help="The code, with or without its dots.")
@click.option("--code-type", default="", metavar="TYPE", help="HCPCS, CPT, MS-DRG, RC, NDC, …")
@click.option("--npi", default="", metavar="NPI", help="Only what this provider is paid.")
@click.option("--payer", default="", metavar="WORDS", help="Only payers whose name holds this.")
@click.option("--plan", default="", metavar="WORDS", help="Only plans whose name holds this.")
@click.option(
    "--modifier",
    "modifiers",
    multiple=True,
    metavar="XX",
    help='Only the price with exactly these, once for each; "none" for the price without any.',
)
@click.option("--pos", default="", metavar="CODE", help="Only rates for this place of service.")
@click.option("--setting", type=click.Choice(("inpatient", "outpatient")), help="Only for this.")
@click.option(
    "--class",
    "billed_as",
    type=click.Choice(("professional", "institutional")),
    help="Only rates of this billing class.",
)
@click.option("--on", metavar="DATE", help="Leave out rates that have expired on this day.")
@click.option("--charges", metavar="AMOUNT", help="What is billed, for shares of charges.")
@click.option("--days", type=click.IntRange(0, 9999), help="Days, for rates by the day.")
@click.option("--units", type=click.IntRange(1, 99_999), default=1, help="Units of the service.")
@click.option("--leave-out", is_flag=True, help="Leave out what is not as the schema says.")
@options.json
def price(file: Path, as_json: bool, leave_out: bool, **asked: Any) -> int:
    """Look a code's prices up, and say what each comes to.

    FILE is a payer's or hospital's file as for "contract check", read to its end first, or a book
    that "contract import" made, which answers at once. With --json one price a line: the rate or
    charge, and the "amount" that it comes to ("how" says why there is none).
    """
    import msgspec

    from superbill.cli.contract_text import heading, show
    from superbill.interop import mrf

    ask = _Ask.of(**asked)
    codes = frozenset({ask.code})
    with (
        _progress(file) as told,
        _of(file),
        mrf.prices(file, codes=codes, leave_out=leave_out, told=told) as (book, read),
    ):
        if read is not None and read.left_out:
            note = f"note: {read.left_out:,} prices are left out: {read.problems[0]}"
            click.echo(note, err=True)
        # One at a time: a provider group may be large, and a code have thousands of prices.
        number = 0
        for number, answer in enumerate(_answers(book, ask), 1):
            if as_json:
                click.echo(msgspec.json.encode(answer))
            else:
                if number == 1:
                    heading(book.header)
                show(answer)
    if number:
        return 0
    what = " ".join(filter(None, (ask.code_type, ask.code)))
    fix = "Ask with fewer options, or without --code-type."
    saw = f"{book.header.publisher} publishes no price of {what} that fits what is asked."
    report([Failure("none", saw, fix, str(file))], as_json)
    return 1


class _Ask(NamedTuple):
    """What is asked, as it was read."""

    code: str
    code_type: str
    npi: str
    payer: str
    plan: str
    modifiers: frozenset[str] | None
    pos: str
    setting: str
    billed_as: str
    on: date | None
    charges: Decimal | None
    days: int | None
    units: int

    @classmethod
    def of(cls, **said: Any) -> _Ask:
        from superbill.dates import parse_day
        from superbill.errors import Invalid
        from superbill.identifiers import npi

        if said["npi"] and not npi.is_valid(said["npi"]):
            fix = "Ten digits, the last of which checks the others."
            raise Invalid.at("--npi", f"{said['npi'][:20]!r} is no NPI.", fix)
        if not said["code"].strip():
            raise Invalid.at("--code", "is empty.", "Give a code, for example G0439.")
        chosen = {each.strip().upper() for each in said.pop("modifiers")}
        modifiers = frozenset(chosen - {"NONE"}) if chosen else None
        on = said.pop("on")
        said |= {"modifiers": modifiers, "on": None if on is None else parse_day(on, "--on")}
        said |= {"setting": said["setting"] or "", "billed_as": said["billed_as"] or ""}
        said["charges"] = _amount(said["charges"])
        said["code"] = said["code"].strip().upper()
        said["code_type"] = said["code_type"].strip().upper()
        return cls(**said)


def _amount(text: str | None) -> Decimal | None:
    from superbill.errors import Invalid

    if text is None:
        return None
    whole, _, cents = text.partition(".")
    if whole.isascii() and whole.isdigit() and len(whole) < 12 and (not cents or cents.isdigit()):
        return Decimal(text)
    raise Invalid.at("--charges", f"{text[:30]!r} is no amount.", "Dollars, for example 1234.50.")


def _answers(book: Prices, ask: _Ask) -> Iterator[dict[str, Any]]:
    """Each price with what it comes to."""
    from superbill.interop.mrf import Case, charge_quote, rate_quote

    case = Case(charges=ask.charges, days=ask.days, units=ask.units)

    def told(name: str, what: Rate | StandardCharge, quote: Quote) -> dict[str, Any]:
        return {name: what, "amount": quote.amount, "how": quote.how}

    if book.header.kind == "in-network rates":
        for rate in book.rates(
            ask.code,
            code_type=ask.code_type,
            npi=ask.npi,
            payer=ask.payer,
            plan=ask.plan,
            on=ask.on,
            modifiers=ask.modifiers,
            place=ask.pos,
            setting=ask.setting,
            billed_as=ask.billed_as,
        ):
            yield told("rate", rate, rate_quote(rate, case))
        return
    if ask.npi and ask.npi not in book.header.npis:
        return
    for charge in book.charges(
        ask.code,
        code_type=ask.code_type,
        payer=ask.payer,
        plan=ask.plan,
        setting=ask.setting,
        modifiers=None,
    ):
        # A hospital tells what modifiers do once, for every code; a charge of its own has them.
        if ask.modifiers is None or frozenset(charge.modifiers) in (frozenset(), ask.modifiers):
            yield told("charge", charge, charge_quote(charge, case))
    if ask.modifiers:
        for term in book.modifier_terms(ask.modifiers, payer=ask.payer, plan=ask.plan):
            how = term.payer_notes or term.notes
            yield {"modifier_terms": term, "amount": None, "how": how}


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], None] | None]:
    """A bar of the megabytes read, where somebody is watching and there is something to see."""
    if not sys.stderr.isatty():
        yield None
        return
    from superbill.cli.console import progress

    size = path.stat().st_size // _MEGA if path != STDIN and path.is_file() else None
    with progress(f"Reading {path.name} (MB)", size) as bar:
        shown = 0

        def told(count: int) -> None:
            nonlocal shown
            if bar is not None and count // _MEGA > shown:
                shown = count // _MEGA
                bar.update(bar.task_ids[0], completed=shown, refresh=True)

        yield told


@contextmanager
def _of(path: Path) -> Iterator[None]:
    """Problems of a file bear its name."""
    from superbill.errors import Invalid, Problem

    try:
        yield
    except Invalid as error:
        name = "stdin" if path == STDIN else str(path)
        if any(each.path.startswith("--") for each in error.problems):
            raise
        raise Invalid(
            [
                Problem(f"{name}: {each.path}" if each.path else name, each.message, each.remedy)
                for each in error.problems
            ]
        ) from None


def _plain(found: Report, name: str) -> dict[str, Any]:
    """A report as JSON says it."""
    problems = [
        {"path": each.path, "message": each.message, "fix": each.remedy} for each in found.problems
    ]
    counts = {
        each: getattr(found, each)
        for each in ("items", "prices", "groups", "kept", "left_out", "problem_count")
    }
    return {"file": name, "header": found.header, **counts, "problems": problems}


def _summary(name: str, found: Report) -> None:
    """What a file is, in two lines."""
    header = found.header
    if header is None:
        click.echo(f"{name}: it does not say when it was updated")
    else:
        who = header.publisher or "(no name)"
        of = f"{who}, {header.kind} ({header.form}, version {header.version})"
        click.echo(f"{name}: {of}, updated {header.last_updated_on}")
        if header.plan:
            click.echo(f"  plan {header.plan}, {header.plan_id_type.upper()} {header.plan_id}")
    groups = f", {found.groups:,} provider groups" if found.groups else ""
    click.echo(f"  {found.items:,} items, {found.prices:,} prices{groups}")
    if not found.problem_count:
        click.echo("  as the schema says")


def _problems(found: Report, name: str) -> None:
    shown = [Failure("invalid", p.message, p.remedy, name, None, p.path) for p in found.problems]
    report(shown, as_json=False)
    if found.problem_count:
        more = found.problem_count - len(shown)
        tail = f", {more:,} of them not shown" if more else ""
        click.echo(f"{name}: {found.problem_count:,} problems{tail}", err=True)
