"""Risk scores of members of Medicare plans: categories, what carries each, and the sum."""

from __future__ import annotations

from pathlib import Path

import click

from superbill.cli import options

NAMES = ("v28", "v24", "rxhcc", "esrd")


@click.command(
    "risk",
    epilog="""\b
Examples:
  superbill risk examples/member.json --model v28 --year 2026
  superbill risk members.jsonl --model rxhcc --year 2026 --json
  superbill risk - --model v28 --year 2026 < member.json

\b
Exit codes: 0 scored; 2 a member was bad or not covered (the others are scored).
""",
)
@click.argument("files", metavar="MEMBER...", nargs=-1, required=True, type=options.FILE)
@click.option("--model", type=click.Choice(NAMES), required=True, help="The model of CMS.")
@click.option("--year", type=int, required=True, help="The payment year, which selects its tables.")
@options.json
def command(files: tuple[Path, ...], model: str, year: int, as_json: bool) -> int:
    """Score members of a plan, with the diagnosis that carries each category.

    MEMBER is a member as JSON (its form: superbill schema member), JSON Lines with many of them, or
    "-" for standard input. The score is raw: before normalization and the adjustment for coding
    intensity. With --json one score a line.
    """
    from superbill.bulk.stays import encode
    from superbill.cli.console import drawing
    from superbill.cli.desk import Desk, Place
    from superbill.cli.inputs import source
    from superbill.grouping.hcc import score
    from superbill.model import read

    desk = Desk(as_json=as_json)
    shown = 0
    for path in files:
        with desk.trying(Place(str(path))), source(path) as found:
            many = found.document is None
            lines = enumerate(found.lines, 1) if many else [(None, found.document or b"")]
            for line, text in lines:
                if not text.strip():
                    continue
                with desk.trying(Place(found.name, line)):
                    scored = score(read.member(text), model=model, payment_year=year)
                    if as_json:
                        click.echo(encode(scored))
                        continue
                    with drawing() as out:
                        if shown:
                            out.print()
                        show(out, scored)
                    shown += 1
    return 2 if desk.bad else 0


def show(out, scored) -> None:  # type: ignore[no-untyped-def]  # rich is loaded where it is needed
    """The score by its parts."""
    from rich.text import Text

    from superbill.cli import render

    out.print(Text.assemble((f"Member {scored.member_id}", "bold"), f"  {scored.model}"))
    table = render.grid("", "", "weight", "")
    table.columns[2].justify = "right"
    for factor in scored.factors:
        table.add_row("", Text(factor.name), str(factor.weight), "")
    for each in scored.categories:
        carried = ", ".join(render.dotted(code) for code in each.diagnoses)
        if each.dropped:
            told = Text(f"{carried}; a more severe category takes its place", "dim")
            table.add_row(Text(f"HCC {each.category}", "dim"), "", Text("-", "dim"), told)
        else:
            name = Text(each.label)
            table.add_row(f"HCC {each.category}", name, str(each.weight), Text(carried))
    table.add_row("", Text("raw score", "bold"), Text(str(scored.score), "bold"), "")
    render.section(out, f"Payment year {scored.payment_year}", table)
    if scored.unmapped:
        codes = ", ".join(render.dotted(code) for code in scored.unmapped)
        out.print(Text(f"  in no category: {codes}", "dim"))
    for note in scored.notes:
        out.print(Text(f"  {note}", "dim"))
    out.print(Text(f"  {scored.release}", "dim"))
