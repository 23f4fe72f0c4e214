"""What is supported, from when, and what it was checked against: ``coverage.toml``, shown."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

COLUMNS = ("what", "versions", "days", "data", "checked against")


class Row(NamedTuple):
    """One line of the list.

    ``start`` is the first day supported and ``through`` the last (``None``: no bound of ours);
    ``data`` says where the tables come from, ``checked`` what the results were compared with,
    ``limits`` what is not done, ``tests`` the files that show it.
    """

    area: str
    what: str
    versions: str
    start: date | None
    through: date | None
    data: str
    checked: str
    limits: str
    tests: tuple[str, ...]

    @property
    def days(self) -> str:
        """The days supported, as people read them."""
        if self.start is None:
            return "any"
        return f"{self.start} to {self.through}" if self.through else f"{self.start} on"


def rows() -> list[Row]:
    """Every row of ``coverage.toml``, in its order."""
    # Installed, the file lies inside the package; in a checkout, at its root.
    package = Path(__file__).parents[1]
    places = (package / "coverage.toml", package.parents[1] / "coverage.toml")
    content = tomllib.loads(next(p for p in places if p.exists()).read_text(encoding="utf-8"))
    return [
        Row(
            row["area"],
            row["what"],
            row.get("versions", ""),
            row.get("from"),
            row.get("through"),
            row.get("data", ""),
            row["checked"],
            row.get("limits", ""),
            tuple(row["tests"]),
        )
        for row in content["row"]
    ]


def markdown(found: list[Row]) -> str:
    """The list as a Markdown table."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * len(COLUMNS)}"]
    lines += [
        f"| {row.what} | {row.versions} | {row.days} | {row.data} | {row.checked} |"
        for row in found
    ]
    return "\n".join(lines) + "\n"


@click.command(
    "coverage",
    epilog="""\b
Examples:
  superbill coverage
  superbill coverage --area pricing
  superbill coverage --json
""",
)
@click.option("--area", metavar="AREA", help="Only this area: codes, edits, grouping, pricing…")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(area: str | None, as_json: bool) -> None:
    """Say what is supported, from when, and what it was checked against.

    A day outside what is listed is answered with "not covered", never with a guess.
    """
    found = rows()
    areas = dict.fromkeys(row.area for row in found)
    if area is not None and area not in areas:
        raise click.UsageError(f"There is no area {area!r}; there are {', '.join(areas)}.")
    chosen = [row for row in found if area in (None, row.area)]
    if as_json:
        click.echo(json.dumps([row._asdict() for row in chosen], default=str, indent=2))
        return
    for heading in areas:
        inside = [row for row in chosen if row.area == heading]
        if inside:
            click.echo(click.style(heading.upper(), bold=True))
        for row in inside:
            versions = f"  ({row.versions})" if row.versions else ""
            click.echo(f"  {click.style(row.what, bold=True)}{versions}")
            for label, said in (
                ("days", row.days),
                ("data", row.data),
                ("checked", row.checked),
                ("limits", row.limits),
            ):
                if said:
                    click.echo(click.wrap_text(f"{label:8} {said}", 96, "    ", " " * 13))
