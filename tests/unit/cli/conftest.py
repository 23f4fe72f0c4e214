"""The command line, called in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
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


@pytest.fixture
def stored(reference_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, with the store that was built from installed packages."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "reference.sqlite").symlink_to(reference_store)
    monkeypatch.setenv("SUPERBILL_DATA", str(folder))
    monkeypatch.setenv("COLUMNS", "100")
    return folder
