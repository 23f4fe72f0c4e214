"""The reference data: build it, look at it, check it, pin it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli import failure
from superbill.cli.data_diff import diff_
from superbill.cli.download import download_
from superbill.cli.reference import ready, reporting, store_option
from superbill.store.home import default_store

if TYPE_CHECKING:
    from superbill.store.build import BuildReport
    from superbill.store.inspect import DatasetStatus

FOLDER = click.Path(path_type=Path, exists=True)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("data", epilog="\b\nExamples:\n  superbill data build\n  superbill data status\n")
def command() -> None:
    """Build, look at, check and pin the reference data.

    The store is one file, built from the installed packages and from published files that you
    have, sealed, and only read after that. It lies in your data folder, or where the environment
    variable SUPERBILL_DATA says.
    """


command.add_command(download_)
command.add_command(diff_)


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
    from superbill.encoder.find import prepare
    from superbill.store.build import Progress, build
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
        report(Progress("index", "texts for the search", 0, 1))
        prepare(Path(built.path))
    if as_json:
        _json(built)
    else:
        _show(built)


def _json(value: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


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


@command.command(
    "status",
    epilog="""\b
Examples:
  superbill data status
  superbill data status --releases
  superbill data status --json
""",
)
@click.option("--releases", is_flag=True, help="Every release, with its file and checksum.")
@store_option
@JSON
def status_(releases: bool, store: Path | None, as_json: bool) -> None:
    """Say what the store holds, for which days, and from which files."""
    from superbill.store.inspect import status

    found = status(ready(store))
    if as_json:
        _json(found)
        return
    click.echo(f"{found.path}, {found.bytes // 1_000_000} MB, built {found.built_at}")
    click.echo(f"lock {found.digest}")
    for dataset in found.datasets:
        _show_dataset(dataset, releases)
    if found.older:
        click.echo("\nOlder stores, kept for going back:")
    for path in found.older:
        click.echo(f"  {path}")


def _show_dataset(dataset: DatasetStatus, releases: bool) -> None:
    held = ", ".join(dataset.covers) or click.style("none held", dim=True)
    click.echo(f"\n{click.style(dataset.title, bold=True)}  ({dataset.dataset})")
    click.echo(f"  days     {held}")
    if dataset.missing and dataset.covers:
        click.echo(f"  missing  {', '.join(dataset.missing)}")
    if not dataset.covers:
        click.echo(click.wrap_text(dataset.remedy, 96, "  to get  ", " " * 11))
    for held_release in dataset.releases if releases else ():
        release = held_release.release
        origin = "installed package" if release.embedded else release.address
        click.echo(f"  release  {release.label}: {release.file} {release.member}".rstrip())
        click.echo(f"           {release.row_count:,} rows, sha256 {release.content_sha256}")
        click.echo(f"           answers {', '.join(held_release.answers) or 'on no day'}")
        click.echo(f"           {origin}; {release.licence}")


@command.command(
    "verify",
    epilog="""\b
Examples:
  superbill data verify
  superbill data verify --lock superbill.lock.json

\b
The exit code is 1 where something is not as it was sealed, or not as the lock says.
""",
)
@click.option(
    "--lock",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A lock that the store must match.",
)
@store_option
@JSON
def verify_(lock: Path | None, store: Path | None, as_json: bool) -> int:
    """Check that the store is whole and is what was sealed."""
    from superbill.store.inspect import verify
    from superbill.store.lock import read_lock

    against = None if lock is None else read_lock(lock)
    with reporting() as report:
        found = verify(ready(store), against=against, progress=report)
    if as_json:
        _json(found)
    elif found.problems:
        again = "Build it anew: superbill data build"
        failure.report(
            [failure.Failure("store", said, again, found.path) for said in found.problems], False
        )
    else:
        click.echo(f"{found.path} is sound: {found.rows:,} rows, lock {found.digest}")
    return 1 if found.problems else 0


@command.command(
    "lock",
    epilog="""\b
Examples:
  superbill data lock > superbill.lock.json
  superbill data build --from ~/cms --lock superbill.lock.json
""",
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON (it always does).")
def lock_(store: Path | None, as_json: bool) -> None:
    """Print the lock: every release that the store was built from, by sha256.

    Every decision carries the lock's digest. Keep the lock beside the decisions, and the same
    figures can be computed again years later.
    """
    from superbill.store.open import Store

    with Store.open(ready(store)) as opened:
        click.echo(opened.lock.to_json(), nl=False)
