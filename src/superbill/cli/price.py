"""What a payment system pays for stays."""

from __future__ import annotations

from pathlib import Path

import click

from superbill.cli import options
from superbill.cli.price_mpfs import mpfs
from superbill.cli.reference import ready


@click.group(
    "price",
    epilog="\b\nExamples:\n  superbill price ipps examples/heart_failure.json --explain\n",
)
def command() -> None:
    """Say what a payment system pays for a stay, step by step."""


@command.command(
    "ipps",
    cls=options.Explainable,
    epilog="""\b
Examples:
  superbill price ipps examples/heart_failure.json
  superbill price ipps examples/heart_failure.json --explain
  superbill price ipps stays.jsonl --json --hospital examples/hospital.toml
""",
)
@options.common
@options.explain
def ipps(
    files: tuple[Path, ...],
    hospital: Path | None,
    store: Path | None,
    as_json: bool,
    explain: str | None,
) -> int:
    """Medicare's inpatient payment, operating and capital, as CMS's pricer computes it.

    The stay is grouped first. What the payment would be is said whoever pays: the payers of the
    stay are left aside.
    """
    from superbill.adjudication import Engine, price
    from superbill.bulk.stays import encode
    from superbill.cli import explaining, render
    from superbill.cli.console import drawing
    from superbill.cli.desk import Desk
    from superbill.explain import of_payment

    desk = Desk(as_json=as_json, hospital=hospital)
    with Engine(ready(store)) as engine:
        for place, stay in desk.stays(files):
            with desk.trying(place):
                grouping, payment = price(stay, engine=engine, explain=explain is not None)
                if as_json:
                    click.echo(encode(payment))
                elif explain in ("markdown", "json"):
                    explaining.show(of_payment(payment), explain)
                else:
                    with drawing() as out:
                        render.heading(out, stay)
                        out.print(f"  DRG {grouping.drg} {grouping.final.title}")
                        render.payment(out, payment)
                    if explain:
                        click.echo()
                        explaining.show(of_payment(payment), explain)
    return 2 if desk.bad else 0


command.add_command(mpfs)
