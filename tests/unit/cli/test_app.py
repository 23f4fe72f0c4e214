"""The root command: help, version, exit codes, and one form for every error."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import click
import pytest

from superbill import __version__
from superbill.cli.app import COMMANDS
from superbill.cli.failure import failures, system
from superbill.errors import BadRow, BuildFailed, Invalid, NotCovered, Problem, SuperbillError
from tests.unit.cli.conftest import Superbill


def test_version(superbill: Superbill) -> None:
    assert superbill("--version") == (0, f"superbill {__version__}\n", "")


def test_help_lists_every_command_without_loading_it(superbill: Superbill) -> None:
    shown = superbill("--help")
    assert shown.code == 0
    for name in COMMANDS:
        assert f"  {name} " in shown.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_command_s_own(name: str) -> None:
    command = import_module(f"superbill.cli.{name.replace('-', '_')}").command
    assert command.get_short_help_str(200) == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_and_takes_json(
    name: str, superbill: Superbill
) -> None:
    command = import_module(f"superbill.cli.{name.replace('-', '_')}").command
    called = [[name]]
    if isinstance(command, click.Group):
        called = [[name, inner] for inner in command.commands]
    for words in called:
        shown = superbill(*words, "--help")
        assert shown.code == 0
        assert "Examples:" in shown.out
        assert "--json" in shown.out


@pytest.mark.parametrize(
    "args", [["nonsense"], ["coverage", "--nonsense"], ["schema"], ["schema", "nonsense"]]
)
def test_a_wrong_call_is_said_in_the_one_form(args: list[str], superbill: Superbill) -> None:
    plain = superbill(*args)
    assert (plain.code, plain.out) == (2, "")
    assert plain.err.startswith("error: ")
    assert "\n  fix: See 'superbill" in plain.err
    as_json = superbill(*args, "--json")
    assert (as_json.code, as_json.out) == (2, "")
    assert json.loads(as_json.err)["error"] == "usage"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            Invalid([Problem("a[0].b", "It is bad.", "Mend it."), Problem("c", "Worse.")]),
            ["f.jsonl:3: a[0].b: It is bad.\n  fix: Mend it.", "f.jsonl:3: c: Worse."],
        ),
        (
            NotCovered("IPPS", on=date(2031, 1, 2), remedy="Wait."),
            ["f.jsonl:3: IPPS is not covered on 2031-01-02.\n  fix: Wait."],
        ),
        (
            NotCovered("IPPS", on=None, remedy="Wait."),
            ["f.jsonl:3: IPPS is not covered.\n  fix: Wait."],
        ),
        (BadRow("table 5", 7, "x", "a number"), ["f.jsonl:7: expected a number, saw 'x'"]),
        (BuildFailed("No disk."), ["f.jsonl:3: No disk."]),
        (SuperbillError("Something."), ["f.jsonl:3: Something."]),
    ],
)
def test_every_error_says_what_where_and_how_to_fix_it(
    error: SuperbillError, expected: list[str]
) -> None:
    found = failures(error, "f.jsonl", 3)
    assert [one.text() for one in found] == expected
    for one in found:
        assert json.loads(one.json())["file"] == "f.jsonl"


def test_an_error_of_the_system_names_the_file() -> None:
    with pytest.raises(OSError, match="No such file") as raised:
        Path("nowhere/at/all").read_bytes()
    assert system(raised.value).text() == (
        "nowhere/at/all: No such file or directory.\n"
        "  fix: Check the path; '-' reads standard input."
    )


def test_a_closed_pipe_ends_the_command_silently() -> None:
    command = f"{sys.executable} -m superbill.cli schema decision | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{", "")


def test_a_defect_shows_no_traceback_unless_it_is_asked_for() -> None:
    code = (
        "import sys; from superbill.cli import app; sys.excepthook = app.defect\n"
        "def broken(): raise KeyError('x')\n"
        "broken()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert done.stderr == (
        "error: This is a defect of superbill: KeyError: 'x' (__main__:2).\n"
        "  fix: Run it again with SUPERBILL_DEBUG=1 and report what it prints.\n"
    )
