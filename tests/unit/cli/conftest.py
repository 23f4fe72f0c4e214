"""The command line, called in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from superbill.cli.app import run


class Ran(NamedTuple):
    """What a command returned and wrote."""

    code: int
    out: str
    err: str


Superbill = Callable[..., Ran]


@pytest.fixture
def superbill(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Superbill:
    """Call ``superbill(*args, stdin=b"…")``."""

    def call(*args: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run([str(arg) for arg in args])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call
