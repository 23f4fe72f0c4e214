"""Errors as the command line shows them: what, where, and how to fix it, in one form.

On stderr, one after another::

    error: stays.jsonl:3: diagnoses[1].code: 'I50.2' is not a billable code.
      fix: Use one of I50.20, I50.21, I50.22, I50.23.

or, with ``--json``, one JSON object a line with the keys of :class:`Failure`.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable
from typing import NamedTuple

import click

from superbill.errors import BadRow, BuildFailed, Invalid, NotCovered, SuperbillError


class Failure(NamedTuple):
    """One thing that went wrong.

    ``error`` is its kind (``invalid``, ``not_covered``, ``bad_row``, ``build_failed``, ``usage``,
    ``system``, ``memory``, ``defect``), ``file`` and ``line`` the place of the document, ``path``
    the place inside it.
    """

    error: str
    message: str
    fix: str = ""
    file: str = ""
    line: int | None = None
    path: str = ""

    def text(self) -> str:
        """The failure as people read it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = "".join(f"{part}: " for part in (place, self.path) if part)
        fix = f"\n  fix: {self.fix}" if self.fix else ""
        return f"{where}{self.message}{fix}"

    def json(self) -> str:
        """The failure as one line of JSON, without its empty fields."""
        return json.dumps({k: v for k, v in self._asdict().items() if v not in ("", None)})


def failures(error: SuperbillError, file: str = "", line: int | None = None) -> list[Failure]:
    """What an error of the library says, each problem apart."""
    match error:
        case Invalid():
            return [
                Failure("invalid", p.message, p.remedy, file, line, p.path) for p in error.problems
            ]
        case NotCovered():
            day = "" if error.on is None else f" on {error.on.isoformat()}"
            message = f"{error.what} is not covered{day}."
            return [Failure("not_covered", message, error.remedy, file, line)]
        case BadRow():
            message = f"expected {error.expected}, saw {error.saw[:80]!r}"
            return [Failure("bad_row", message, "", file or error.dataset, error.line)]
        case BuildFailed():
            return [Failure("build_failed", str(error), "", file, line)]
        case _:
            # Some errors end on their way out, and say which part of them that is.
            fix = str(getattr(error, "remedy", ""))
            message = str(error).removesuffix(fix).rstrip()
            return [Failure("error", message, fix, file, line)]


def usage(error: click.ClickException) -> Failure:
    """What click says about the way a command was called."""
    fix = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        fix = f"See '{error.ctx.command_path} --help'."
    return Failure("usage", error.format_message(), fix)


def system(error: OSError, file: str = "") -> Failure:
    """What the operating system says about a file."""
    name = file or (str(error.filename) if error.filename is not None else "")
    fix = {
        FileNotFoundError: "Check the path; '-' reads standard input.",
        IsADirectoryError: "Name a file in it.",
        PermissionError: "Check who may read and write it.",
    }.get(type(error), _MAKE_ROOM if error.errno in FULL else "")
    return Failure("system", f"{error.strerror or error}.", fix, name)


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What is said of a place that holds no more."""

_MAKE_ROOM = (
    "Make room where the output goes, or write it elsewhere; what was written is not whole."
)


def report(found: Iterable[Failure], as_json: bool) -> None:
    """Write failures to stderr."""
    for one in found:
        if as_json:
            click.echo(one.json(), err=True)
        else:
            click.echo(f"{click.style('error:', fg='red', bold=True)} {one.text()}", err=True)
