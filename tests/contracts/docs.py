"""The generated parts of the docs: ``python -m tests.contracts.docs --check`` or ``--write``.

- the coverage table of README.md, from coverage.toml
- the output below each ``$ superbill …`` in README.md, by running it
- docs/cli.md, from the commands' own help
- the tables of docs/data-and-licences.md, from the catalog of datasets and the list of publishers
- docs/schema/, from the types that read and write the documents
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from superbill.cli import coverage
from superbill.cli.app import superbill
from superbill.model.schema import DOCUMENTS
from superbill.model.schema import text as schema
from superbill.store import describe
from tests.contracts.tree import ROOT, name

CONSOLE = re.compile(r"(?ms)^```console\n(.*?)^```$")
TABLE = re.compile(r"(?s)(<!-- coverage -->\n).*?(<!-- /coverage -->)")

CLI_HEAD = """# The command line

Generated from `superbill --help` and the help of each command by `make docs`; do not edit.
"""


def generated() -> dict[Path, str]:
    """Every file that is generated, wholly or in part, as it should be."""
    readme = ROOT / "README.md"
    found = {readme: _readme(readme.read_text(encoding="utf-8"))}
    found[ROOT / "docs" / "cli.md"] = _cli()
    data = ROOT / "docs" / "data-and-licences.md"
    found[data] = _data(data.read_text(encoding="utf-8"))
    for document in DOCUMENTS:
        found[ROOT / "docs" / "schema" / f"{document}.schema.json"] = schema(document)
    return found


def stale() -> list[str]:
    """The files that are not as they should be."""
    return [
        name(path)
        for path, content in generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]


def examples(readme: str) -> Iterator[str]:
    """Every command of README.md whose output stands below it."""
    for block in CONSOLE.findall(readme):
        yield from re.findall(r"(?m)^\$ (.*)$", block)


def run(command: str) -> str:
    """What a command of README.md prints, as in a terminal without colour."""
    bin_folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env={
            **os.environ,
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "100",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _readme(text: str) -> str:
    table = coverage.markdown(coverage.rows())
    text = TABLE.sub(lambda found: found[1] + table + found[2], text)
    return CONSOLE.sub(lambda found: f"```console\n{_ran(found[1])}```", text)


def _data(text: str) -> str:
    for part, content in (
        ("datasets", describe.layouts_table()),
        ("downloads", describe.downloads_table()),
        ("licences", describe.licences_table()),
    ):
        start, end = f"<!-- {part} -->\n", f"<!-- /{part} -->"
        head, _, rest = text.partition(start)
        text = head + start + content + end + rest.partition(end)[2]
    return text


def _ran(block: str) -> str:
    parts = [f"$ {command}\n{run(command)}" for command in re.findall(r"(?m)^\$ (.*)$", block)]
    return "\n".join(parts)


def _cli() -> str:
    return "\n".join([CLI_HEAD, *_help(superbill, "superbill", None)])


def _help(command: click.Command, called: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command,
        info_name=called.rpartition(" ")[2],
        parent=parent,
        **{**command.context_settings, "terminal_width": 96, "max_content_width": 96},
    )
    yield f"## {called}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from _help(found, f"{called} {inner}", context)


def main(args: list[str]) -> int:
    """Check, or write, and say what was found."""
    if args == ["--write"]:
        for path, content in generated().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return 0
    if args == ["--check"]:
        for file in (found := stale()):
            print(f"{file} is stale: run 'make docs' and read the diff", file=sys.stderr)
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
