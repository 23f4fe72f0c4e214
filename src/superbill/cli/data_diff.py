"""What a release changes of another, and which stays it touches."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from decimal import Decimal

    from superbill.bulk.next_release import Adjudicated, TouchedStay
    from superbill.codes.differences import Change, Differences, System

WIDTH = 96
HEADINGS = {
    "new": "New",
    "retired": "Retired",
    "revised": "Revised",
    "moved": "Moved: what took whose place",
    "notes": "Notes changed",
    "weight": "Weights",
    "severity": "CC and MCC levels",
    "operating room": "Operating room procedures",
}


@click.command(
    "diff",
    epilog="""\b
Examples:
  superbill data diff icd10cm FY2025 FY2026
  superbill data diff icd10pcs FY2025 FY2026 --only retired --json
  superbill data diff msdrg FY2025 FY2026 --only new --only retired
  superbill data diff icd10cm FY2026 FY2027 --claims stays.jsonl
  superbill data diff icd10cm FY2026 FY2027 --claims - --touched --json < stays.jsonl

\b
SYSTEM is icd10cm, icd10pcs, msdrg or hcpcs. A release is a fiscal year (FY2026),
an update (April 2026), a version of the MS-DRGs (43.1), or a day (2026-04-01).
The exit code is 2 where a stay could not be read.
""",
)
@click.argument("system")
@click.argument("before")
@click.argument("after")
@click.option(
    "--only",
    "kinds",
    multiple=True,
    type=click.Choice(tuple(HEADINGS)),
    metavar="KIND",
    help=f"List this kind of change alone ({', '.join(HEADINGS)}); may be repeated.",
)
@click.option("--summary", is_flag=True, help="Count the changes; do not list them.")
@click.option(
    "--claims",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help='Stays, one or JSON Lines; "-" reads standard input. Says what each is touched by.',
)
@click.option("--touched", is_flag=True, help="With --claims: only the stays that are touched.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --claims, a line a stay.")
def diff_(
    system: str,
    before: str,
    after: str,
    kinds: tuple[str, ...],
    summary: bool,
    claims: Path | None,
    touched: bool,
    store: Path | None,
    as_json: bool,
) -> int:
    """Say what a release changes of another: new, revised, retired, moved, notes.

    What could not be compared is listed as not checked, with the reason. --claims takes stays and
    says which of their codes the later release touches, with DRG, weight and payment before and
    after: each is adjudicated as if discharged in the days of the one release and then of the
    other, on the same day of the year; all its dates move together, and the hospital's own figures
    stay as given. A stay with a retired code is adjudicated with each code that took its place.
    """
    from superbill.codes.differences import between, system_named
    from superbill.store.open import Store

    wanted = system_named(system)
    if touched and claims is None:
        raise click.UsageError("--touched says which stays of --claims to show.")
    if claims is not None and wanted == "hcpcs":
        raise click.UsageError(
            "--claims takes inpatient stays, which have no HCPCS codes to group."
        )
    with Store.open(ready(store)) as opened:
        if claims is not None:
            path = opened.path
            opened.close()
            return _claims(path, wanted, before, after, claims, touched=touched, as_json=as_json)
        found = between(opened, wanted, before, after)
    changes = tuple(c for c in found.changes if not kinds or c.kind in kinds)
    if as_json:
        import msgspec
        from msgspec.structs import replace

        shown = replace(found, changes=() if summary else changes)
        click.echo(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())
    else:
        _show(found, () if summary else changes)
    return 0


def _show(found: Differences, changes: tuple[Change, ...]) -> None:
    from superbill.codes.differences.answer import TITLES

    heading = f"{TITLES[found.system]}: {found.before.label} to {found.after.label}"
    click.echo(click.style(heading, bold=True))
    click.echo(f"  from {found.before.on} to {found.after.on}")
    click.echo("  " + ", ".join(f"{kind} {count:,}" for kind, count in found.counts.items()))
    kind = ""
    for change in changes:
        if change.kind != kind:
            kind = change.kind
            click.echo(click.style(f"\n{HEADINGS[kind]}", bold=True))
        _show_change(change)
    for left in found.not_checked:
        _wrap(f"not checked  {left}", "  ", first="\n", fg="yellow")
    for side in (found.before, found.after):
        sources = "; ".join(side.sources)
        _wrap(f"{side.label} read from {sources}", "  ", dim=True)


def _show_change(change: Change) -> None:
    head = f"  {change.dotted:9} "
    if change.codes:
        said = f"{change.text} → {', '.join(change.codes)}"
    elif change.kind == "notes":
        sign = "+" if change.after else "-"
        said = f"{sign} {change.of}: {change.after or change.before}"
        if change.before and change.after:
            said = f"~ {change.of}: {change.before} → {change.after}"
    elif change.before:
        text = f"{change.text}: " if change.text and change.kind != "revised" else ""
        said = f"{text}{change.before} → {change.after}"
    else:
        said = change.text or "(no text held)"
        said += f" ({change.after})" if change.after else ""
    _wrap(head + said, " " * 12)


def _wrap(
    text: str, rest: str, *, first: str = "", fg: str | None = None, dim: bool = False
) -> None:
    filled = textwrap.fill(text, WIDTH, subsequent_indent=rest, drop_whitespace=True)
    filled = filled if text[:1] != " " or filled[:1] == " " else f"  {filled}"
    click.echo(first + click.style(filled, fg=fg, dim=dim or None), nl=True)


def _claims(
    path: Path,
    system: System,
    before: str,
    after: str,
    claims: Path,
    *,
    touched: bool,
    as_json: bool,
) -> int:
    """Each stay in both releases; a line each, and a sum at the end."""
    import msgspec

    from superbill.adjudication import Engine
    from superbill.bulk.next_release import next_release
    from superbill.cli.desk import Desk
    from superbill.codes.differences import ByCode, between, release_named

    desk = Desk(as_json=as_json)
    totals = Totals()
    with Engine(path) as engine:
        opened = engine.store
        one = release_named(opened, system, before, "before")
        other = release_named(opened, system, after, "after")
        days = (one.span.start.isoformat(), other.span.start.isoformat())
        systems: tuple[System, ...] = ("icd10cm", "icd10pcs", "msdrg")
        differences = tuple(
            ByCode(between(opened, each, *days))
            for each in systems
            if each == system or _held(engine, each, days)
        )
        for place, stay in desk.stays((claims,)):
            with desk.trying(place):
                found = next_release(stay, differences, one, other, engine=engine)
                totals.add(found)
                if touched and not found.touched:
                    continue
                if as_json:
                    click.echo(msgspec.json.encode(found).decode())
                else:
                    _show_stay(found)
    if not as_json and totals.stays:
        totals.show()
    return 2 if desk.bad else 0


def _held(engine: object, system: System, days: tuple[str, str]) -> bool:
    from superbill.adjudication import Engine
    from superbill.codes.differences import release_named
    from superbill.errors import Invalid

    assert isinstance(engine, Engine)
    try:
        for day in days:
            release_named(engine.store, system, day, "release")
    except Invalid:
        return False
    return True


def _show_stay(found: TouchedStay) -> None:
    state = "regrouped" if found.regrouped else ("touched" if found.touched else "as before")
    colour = {"regrouped": "red", "touched": "yellow"}.get(state)
    click.echo(f"{click.style(found.id, bold=True)}  {click.style(state, fg=colour)}")
    for change in found.changes:
        _show_change(change)
    for side in (found.before, found.after):
        click.echo(f"  {side.release:11} {_figures(side)}")
    for each in found.recoded:
        named = ", ".join(f"{old} → {new}" for old, new in each.codes.items())
        click.echo(f"    with {named}: {_figures(each.result)}")
    for side in (found.before, found.after):
        for reason in side.not_covered:
            _wrap(f"  not covered ({side.release}): {reason}", " " * 12, fg="yellow")


def _figures(side: Adjudicated) -> str:
    from superbill.money import dollars

    weight = "not held" if side.weight is None else str(side.weight)
    payment = "not covered" if side.not_covered else f"none, payers pay {dollars(side.paid)}"
    payment = payment if side.payment is None else dollars(side.payment)
    drg = f"DRG {side.drg} {side.title}" if side.drg else "no DRG"
    findings = f"; {', '.join(side.findings)}" if side.findings else ""
    return f"{side.discharge_date}  {drg}, weight {weight}, payment {payment}{findings}"


class Totals:
    """How many stays are touched and regrouped, and what they are paid in both releases."""

    def __init__(self) -> None:
        from superbill.money import ZERO

        self.stays = self.touched = self.regrouped = self.priced = 0
        self.before: Decimal = ZERO
        self.after: Decimal = ZERO

    def add(self, found: TouchedStay) -> None:
        """Count a stay."""
        self.stays += 1
        self.touched += found.touched
        self.regrouped += found.regrouped
        before, after = found.before.payment, found.after.payment
        if before is not None and after is not None:
            self.priced += 1
            self.before += before
            self.after += after

    def show(self) -> None:
        """Print the sums."""
        from superbill.money import dollars

        click.echo(f"{self.stays:,} stays: {self.touched:,} touched, {self.regrouped:,} regrouped")
        if self.priced:
            change = dollars(self.after - self.before)
            click.echo(
                f"{self.priced:,} priced in both: {dollars(self.before)} before, "
                f"{dollars(self.after)} after ({change})"
            )
