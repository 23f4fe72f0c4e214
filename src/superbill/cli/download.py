"""Published files, fetched from their publishers' own addresses."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.reference import reporting

if TYPE_CHECKING:
    from superbill.store.publishers import Licence, Published


@click.command(
    "download",
    epilog="""\b
Examples:
  superbill data download
  superbill data download icd10cm-order-2026 --accept-licences
  superbill data build --from "$(superbill data download --folder)"
""",
)
@click.argument("ids", metavar="[FILE]...", nargs=-1)
@click.option("--into", type=click.Path(path_type=Path), help="The folder to put the files in.")
@click.option(
    "--accept-licences",
    is_flag=True,
    help="Accept the licences without being asked (shown all the same).",
)
@click.option(
    "--accept-changed", is_flag=True, help="Take a file whose checksum is not the one known."
)
@click.option("--folder", is_flag=True, help="Only print the folder that files are put in.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def download_(
    ids: tuple[str, ...],
    into: Path | None,
    accept_licences: bool,
    accept_changed: bool,
    folder: bool,
    as_json: bool,
) -> None:
    """Fetch published files from their publishers' own addresses.

    Without FILE, lists what is offered. Each licence is shown, and accepted first. A transfer that
    broke off goes on where it stopped. Build from the files after that.
    """
    from superbill.store.download import download
    from superbill.store.home import downloads_dir
    from superbill.store.publishers import publishers

    known = publishers()
    target = downloads_dir() if into is None else into
    if folder:
        click.echo(str(target))
        return
    if not ids:
        if as_json:
            _json(known.file)
        else:
            for file in known.file:
                click.echo(f"{click.style(file.id, bold=True)}  {file.title}\n    {file.address}")
        return
    if unknown := [name for name in ids if name not in {file.id for file in known.file}]:
        raise click.UsageError(f"No file is offered as {', '.join(unknown)}.")

    def accept(_: Published, licence: Licence) -> bool:
        click.echo(f"{licence.name}\n{licence.text.strip()}\n{licence.address}\n", err=True)
        if accept_licences:
            return True
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody is there to accept it: say --accept-licences.")
        return click.confirm("Do you accept it?", err=True)

    with reporting() as report:
        fetched = download(
            ids, target, accept=accept, progress=report, accept_changed=accept_changed
        )
    if as_json:
        _json(fetched)
        return
    for got in fetched:
        how = "there already" if got.already else f"{got.bytes:,} bytes"
        click.echo(f"{got.path}: {how}, sha256 {got.sha256}")
    click.echo(f"Build from them: superbill data build --from {target}")


def _json(value: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
