"""Search for codes by words. Must start fast: nothing heavy is imported here."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.cli.reference import ready, store_option

if TYPE_CHECKING:
    from superbill.encoder.find import Answer, Hit
    from superbill.store.open import Store

WIDTH = 96
PREPARING = "No search index of this reference data yet: making it, once (under half a minute)."


@click.command(
    "search",
    epilog="""\b
Examples:
  superbill search "acute on chronic systolic heart failure" --on 2026-03-01
  superbill search "hip replacement left" --system pcs --limit 5
  superbill search "enlarged prostate" --sex male --json
  superbill search --batch QUERIES.txt --json > found.jsonl

\b
The exit code is 1 where nothing was found.
""",
)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--on", metavar="DATE", help="The discharge date or date of service; else today.")
@click.option("--system", type=click.Choice(("cm", "pcs", "hcpcs")), help="One system only.")
@click.option("--limit", default=10, show_default=True, help="At most so many hits.")
@click.option("--headings", is_flag=True, help="Show headings above the codes, too.")
@click.option("--chapter", type=int, help="Diagnoses of this chapter of ICD-10-CM only (1 to 22).")
@click.option("--sex", type=click.Choice(("male", "female")), help="The patient's sex.")
@click.option("--age", type=int, help="The patient's age in years.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help='Queries, one a line; "-" reads standard input.',
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; of a batch, a line each.")
def command(
    words: tuple[str, ...],
    on: str | None,
    system: str | None,
    limit: int,
    headings: bool,
    chapter: int | None,
    sex: str | None,
    age: int | None,
    batch: Path | None,
    store: Path | None,
    as_json: bool,
) -> int:
    """Search for codes: a code, the beginning of one, or words in any order.

    Abbreviations, everyday words, British spellings and misspellings are understood. Each hit
    says which text led to it. Without --on, the codes of today are searched.
    """
    from superbill.dates import parse_day
    from superbill.store.open import Store

    if bool(words) == (batch is not None):
        raise click.UsageError("Give words to search for, or a file of queries with --batch.")
    day = date.today() if on is None else parse_day(on, "--on")  # noqa: DTZ011 - a day's codes
    asked: dict[str, Any] = {
        "on": day,
        "system": system,
        "limit": limit,
        "billable": not headings,
        "chapter": chapter,
        "sex": sex,
        "age": age,
    }
    path = ready(store)
    _prepare(path)
    with Store.open(path) as opened:
        if batch is not None:
            return _batch(opened, batch, asked, as_json)
        return _one(opened, " ".join(words), asked, as_json)


def _prepare(path: Path) -> None:
    from contextlib import suppress

    from superbill.encoder.find import prepare

    # In a folder that may only be read, the index is made in memory.
    with suppress(OSError):
        prepare(path, making=lambda: click.echo(PREPARING, err=True))


def _one(store: Store, query: str, asked: dict[str, Any], as_json: bool) -> int:
    from superbill.encoder.find import answer

    found = answer(store, query, **asked)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _show(found)
    return 0 if found.hits else 1


def _batch(store: Store, file: Path, asked: dict[str, Any], as_json: bool) -> int:
    import msgspec

    from superbill.encoder.find import answer

    nothing = 0
    for query in _queries(file):
        found = answer(store, query, **asked)
        nothing += not found.hits
        if as_json:
            line: dict[str, object] = {
                "query": query,
                "results": [
                    {
                        "code": hit.dotted,
                        "text": hit.text,
                        "score": hit.score,
                        "why": hit.why,
                        "system": hit.system,
                        "status": hit.status,
                    }
                    for hit in found.hits
                ],
            }
            if found.message:
                line["message"] = found.message
            click.echo(msgspec.json.encode(line).decode())
        else:
            best = found.hits[0] if found.hits else None
            said = found.message if best is None else f"{best.dotted:8}  {best.text}"
            if best is not None and best.status != "valid":
                said = f"{said}  ({best.status}) {found.message}".rstrip()
            click.echo(f"{query}\t{said}")
    return 1 if nothing else 0


def _queries(file: Path) -> Iterator[str]:
    """The lines of a file; what is no UTF-8 in them is marked as such."""
    if str(file) == "-":
        lines: Any = sys.stdin.buffer
        yield from (line.decode("utf-8", "replace").strip() for line in lines)
        return
    with file.open("rb") as stream:
        for line in stream:
            yield line.decode("utf-8-sig", "replace").strip()


def _show(found: Answer) -> None:
    for hit in found.hits:
        _show_hit(hit)
    if found.message:
        click.echo(textwrap.fill(found.message, WIDTH))
    for said in found.read_as:
        click.echo(click.style(f"read as  {said}", dim=True))
    had = "; ".join(f"{name}: {', '.join(kinds)}" for name, kinds in found.searched.items())
    click.echo(click.style(f"codes of {found.on}; searched  {had}", dim=True))


def _show_hit(hit: Hit) -> None:
    share = click.style(f"{int(hit.score * 100):3}%", dim=True)
    mark = "" if hit.status == "valid" else click.style(f"  ({hit.status})", fg="yellow")
    click.echo(f"{click.style(f'{hit.dotted:8}', bold=True)} {share}  {hit.text}{mark}")
    click.echo(textwrap.fill(hit.why, WIDTH, initial_indent=" " * 15, subsequent_indent=" " * 15))
    if hit.path:
        above = " › ".join(title for _, title in hit.path[-2:])
        click.echo(click.style(" " * 15 + textwrap.shorten(above, WIDTH - 15), dim=True))
