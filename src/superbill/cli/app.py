"""The root command, which loads a sub-command only when that one is called.

Exit codes, the same for every command:

=====  ==================================================================================
0      answered
1      answered, and the answer is no (``--strict`` and a claim that is not clean, a code
       that does not exist on that day, a store that fails verification)
2      bad input, or not covered: nothing was written. In a batch: some records were bad
70     a defect of ours
130    interrupted
141    whoever read the output stopped reading
=====  ==================================================================================
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import TracebackType

import click

from superbill import __version__
from superbill.cli import failure
from superbill.errors import SuperbillError

OK, NO, BAD, DEFECT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141

COMMANDS = {
    "adjudicate": "Take stays and visits from their codes to who pays what.",
    "check": "Check diagnosis codes together: what excludes, comes first, is missing.",
    "code": "Look a code up: its text, whether it bills, since when, what it does.",
    "contract": "Check and look up the prices that payers and hospitals publish.",
    "coverage": "Say what is supported, from when, and what it was checked against.",
    "data": "Build, look at, check and pin the reference data.",
    "estimate": "Tell a patient before a service what it is expected to cost.",
    "fhir": "Write, read and check stays as FHIR R4.",
    "group": "Find the DRG of a stay, what drives it, and what would change it.",
    "guideline": "Read a section of the official ICD-10-CM guidelines, as it is cited: I.C.9.a.",
    "price": "Say what a payment system pays for a stay, step by step.",
    "remit": "Show what was paid, why not more, and where it is not as expected.",
    "risk": "Score members of a plan, with the diagnosis that carries each category.",
    "schema": "Print the JSON Schema of the documents that are read and written.",
    "x12": "Check, show, split, write and convert files of claims and remittances (X12).",
    "scrub": "Run every edit on claims, and say what was not checked.",
    "search": "Search for codes: a code, the beginning of one, or words in any order.",
    "build-pcs": "Build an ICD-10-PCS code from the tables, or read one aloud.",
    "table": "Turn claims and remittances into tables, and back.",
    "walk": "Walk the alphabetic index from a term to a code, step by step.",
    "suggest": "Suggest diagnosis codes from a record, with the words that support each.",
}
"""Every sub-command and its line in ``superbill --help``; each is a module of this package."""

EPILOG = """\b
Examples:
  superbill adjudicate examples/heart_failure.json --explain
  superbill code I50.23 --on 2026-03-01
  superbill adjudicate stays.jsonl --json --jobs 2 > decisions.jsonl

\b
Exit codes: 0 answered; 1 answered, and the answer is no; 2 bad input or not
covered; 70 a defect of ours; 130 interrupted.
"""


class Root(click.Group):
    """The group of :data:`COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"superbill.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Root,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="superbill", message="%(prog)s %(version)s")
def superbill() -> None:
    """Medical coding and reimbursement: codes, edits, groups, prices, and who pays what.

    Every command takes --json, and reads standard input where a file is named "-".
    """


def run(args: Sequence[str]) -> int:
    """Run ``superbill`` with ``args``; errors go to stderr in one form, and no traceback does."""
    as_json = "--json" in args
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = _invoke(args, as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return PIPE_CLOSED
    return code


def _invoke(args: Sequence[str], as_json: bool) -> int:
    try:
        result = superbill.main(list(args), prog_name="superbill", standalone_mode=False)
        return result if isinstance(result, int) else OK
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        failure.report([failure.usage(error)], as_json)
    except SuperbillError as error:
        failure.report(failure.failures(error), as_json)
    except BrokenPipeError:
        raise
    except SystemExit:  # so click ends where whoever read has gone
        raise BrokenPipeError from None
    except OSError as error:
        failure.report([failure.system(error)], as_json)
    except MemoryError:
        failure.report([failure.Failure("memory", "The memory ran out.")], as_json)
    return BAD


def defect(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """Say that superbill itself is at fault, without a traceback unless it is asked for."""
    if os.environ.get("SUPERBILL_DEBUG"):
        sys.__excepthook__(kind, error, at)
    else:
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        place = "" if at is None else f" ({at.tb_frame.f_globals['__name__']}:{at.tb_lineno})"
        what = f"This is a defect of superbill: {kind.__name__}: {error}{place}."
        fix = "Run it again with SUPERBILL_DEBUG=1 and report what it prints."
        failure.report([failure.Failure("defect", what, fix)], "--json" in sys.argv)
    sys.stdout.flush()
    os._exit(DEFECT)
