"""Options that several commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from superbill.cli.reference import store_option

FORMS = ("tree", "markdown", "json")
FILE = click.Path(path_type=Path, allow_dash=True)

type Command = Callable[..., Any]


class Explainable(click.Command):
    """A command with ``--explain``, whose form may be left out wherever it stands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _with_form(args))


def _with_form(args: Sequence[str]) -> list[str]:
    """``--explain`` before anything that is no form means ``--explain tree``.

    >>> _with_form(["--explain", "stay.json"]), _with_form(["--explain", "json", "stay.json"])
    (['--explain=tree', 'stay.json'], ['--explain=json', 'stay.json'])
    """
    found: list[str] = []
    for arg in args:
        if found and found[-1] == "--explain":
            found[-1] = f"--explain={arg if arg in FORMS else 'tree'}"
            if arg in FORMS:
                continue
        found.append(arg)
    if found and found[-1] == "--explain":
        found[-1] = "--explain=tree"
    return found


explain = click.option(
    "--explain",
    type=click.Choice(FORMS),
    metavar=f"[{'|'.join(FORMS)}]",
    help="Show each figure's formula, inputs, rounding, citation and release (tree by default).",
)
json = click.option("--json", "as_json", is_flag=True, help="Print JSON; many stays, a line each.")
hospital = click.option(
    "--hospital",
    type=click.Path(path_type=Path),
    help="The hospital's profile (TOML, JSON or CMS's provider-specific file), for every stay.",
)
stays = click.argument("files", metavar="STAY...", nargs=-1, required=True, type=FILE)


def common(command: Command) -> Command:
    """What every command on stays takes: the files, the hospital, the store, ``--json``."""
    for option in reversed((stays, hospital, store_option, json)):
        command = option(command)
    return command
