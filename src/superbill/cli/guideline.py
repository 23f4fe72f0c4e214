"""A section of the official guidelines. Must start fast: nothing heavy is imported here."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.failure import Failure, report
from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.encoder.guidelines import GuidelineSection


@click.command(
    "guideline",
    epilog="""\b
Examples:
  superbill guideline I.C.9.a --on 2026-03-01
  superbill guideline I.C.4.a.3 --on 2026-03-01 --json
  superbill guideline --code E11.22 --on 2026-03-01

\b
The text is that of your own copy of the guidelines: superbill data build --from DIR.
The exit code is 1 where there is no such section.
""",
)
@click.argument("number", required=False, metavar="[SECTION]")
@click.option("--code", help="Name the sections that bear on this diagnosis code.")
@click.option("--on", metavar="DATE", help="The discharge date or date of service; else today.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    number: str | None, code: str | None, on: str | None, store: Path | None, as_json: bool
) -> int:
    """Read a section of the official ICD-10-CM guidelines, as it is cited: I.C.9.a."""
    import msgspec

    from superbill.dates import parse_day
    from superbill.encoder.guidelines import citing, guideline, normalised
    from superbill.store.open import Store

    if (number is None) == (code is None):
        raise click.UsageError("Give a section such as I.C.9.a, or a code with --code.")
    day = date.today() if on is None else parse_day(on, "--on")  # noqa: DTZ011 - a day's rules
    with Store.open(ready(store)) as opened:
        if code is not None:
            opened.release("icd10cm.guidelines", on=day)
            cited = citing(opened, code, on=day)
            if as_json:
                click.echo(msgspec.json.encode({"code": code, "sections": cited}).decode())
            else:
                for each in cited:
                    click.echo(f"{each.number:14}{each.title}  (page {each.page})")
            return 0 if cited else 1
        found = guideline(opened, number or "", on=day)
    if found is None:
        said = normalised(number or "")
        message = f"The guidelines have no section {said}."
        report([Failure("invalid", message, "Name the section above it, which lists it.")], as_json)
        return 1
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _show(found)
    return 0


def _show(found: GuidelineSection) -> None:
    for above in found.above:
        click.echo(click.style(f"{above.number}  {above.title}", dim=True))
    click.echo(click.style(f"{found.number}  {found.title}", bold=True))
    if found.text:
        click.echo(f"\n{found.text}")
    if found.below:
        click.echo()
    for below in found.below:
        click.echo(f"{below.number:14}{below.title}  (page {below.page})")
    pages = f"page {found.page}" if found.page == found.last_page else f"pages {found.page}"
    if found.page != found.last_page:
        pages += f" to {found.last_page}"
    click.echo(click.style(f"\nguidelines of {found.release}, {found.file}, {pages}", dim=True))
