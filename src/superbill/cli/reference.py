"""The reference store as commands use it: which one, and building it the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.store.home import default_store

if TYPE_CHECKING:
    from superbill.store.build import Progress, Report

FIRST_TIME = "No reference data yet: building it from the installed packages, once, offline."


def store_option[F: Callable[..., Any]](command: F) -> F:
    """The ``--store`` option."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        help="The reference store to read; by default your own, built when it is first needed.",
    )(command)


def ready(store: Path | None) -> Path:
    """The store to open: the one that was named, or the user's own, built if there is none."""
    if store is not None:
        return store
    own = default_store()
    if not own.exists():
        from superbill.store.build import build

        click.echo(FIRST_TIME, err=True)
        with reporting() as report:
            build(progress=report)
    return own


@contextmanager
def reporting() -> Iterator[Report]:
    """Show how far a build has come, where somebody is watching."""
    from superbill.cli.console import progress

    with progress("reading", None) as bar:

        def report(at: Progress) -> None:
            if bar is not None:
                what = f"{at.stage}: {at.what}"
                task = bar.task_ids[0]
                bar.update(
                    task, description=what[:60], completed=at.done, total=at.total, refresh=True
                )

        yield report
