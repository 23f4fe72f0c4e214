"""The reference data: build it, look at it, check it, pin it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.reference import reporting, store_option
from superbill.store.home import default_store

if TYPE_CHECKING:
    from superbill.store.build import BuildReport

FOLDER = click.Path(path_type=Path, exists=True)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("data", epilog="\b\nExamples:\n  superbill data build\n  superbill data status\n")
def command() -> None:
    """Build, look at, check and pin the reference data.

    The store is one file, built from the installed packages and from published files that you
    have, sealed, and only read after that. It lies in your data folder, or where the environment
    variable SUPERBILL_DATA says.
    """


@command.command(
    "build",
    epilog="""\b
Examples:
  superbill data build
  superbill data build --from ~/cms/fy2026 --from ~/cms/icd10cm
  superbill data build --if-missing
""",
)
@click.option(
    "--from",
    "folders",
    multiple=True,
    type=FOLDER,
    metavar="DIR",
    help="A folder of published files, zipped or not, or one such file; may be repeated.",
)
@click.option("--if-missing", is_flag=True, help="Do nothing where there is a store already.")
@click.option("--skip-unrecognised", is_flag=True, help="Pass over files that nothing recognises.")
@click.option(
    "--differences",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Differences between your files and others that you know of, with reasons (TOML).",
)
@click.option(
    "--lock",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A lock that the result must match.",
)
@store_option
@JSON
def build_(
    folders: tuple[Path, ...],
    if_missing: bool,
    skip_unrecognised: bool,
    differences: Path | None,
    lock: Path | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Build the reference store: parse, load, check, seal.

    Rows come from the published files in the folders named, and for the days that those do not
    speak for, from the installed packages. Each file is named with what it was recognised as.
    Where a file is damaged or a check fails, nothing is built and the old store stays.
    """
    target = default_store() if store is None else store
    if if_missing and target.exists():
        return
    from superbill.store.build import build
    from superbill.store.lock import read_lock

    with reporting() as report:
        built = build(
            folders,
            target,
            progress=report,
            skip_unrecognised=skip_unrecognised,
            differences=differences,
            locked=None if lock is None else read_lock(lock),
        )
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(built), indent=2))
    else:
        _show(built)


def _show(built: BuildReport) -> None:
    for item in built.recognised:
        click.echo(f"{item.where}: {item.what}, {item.rows:,} rows ({item.dataset})")
        for span in item.answers:
            click.echo(f"  answers {span.replace('/', ' to ')}")
    for passed in built.not_loaded:
        click.echo(f"{passed.where}: not loaded, {passed.why}")
    click.echo(
        f"Built {built.path}: {built.releases} releases, {built.rows:,} rows, "
        f"{built.bytes // 1_000_000} MB, in {built.milliseconds // 1000} s."
    )
    click.echo(f"Lock {built.digest}")
