"""A command on a pseudo-terminal, as a person at a desk has it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
SECONDS = 30
END_OF_FILE = b"\x04"


class Screen(NamedTuple):
    """The exit code, and what was on the screen, without colours."""

    code: int
    text: str


def typed(args: list[str], keys: list[str], data: Path, prompt: str = "> ") -> Screen:
    """Run ``superbill`` on a pseudo-terminal; each of ``keys`` is typed at a prompt, then ^D."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "SUPERBILL_DATA": str(data), "TERM": "dumb", "COLUMNS": "100"}
    env.pop("SUPERBILL_DEBUG", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "superbill.cli", *args],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=env,
        close_fds=True,
    )
    os.close(theirs)
    shown, left, until = "", list(keys), time.monotonic() + SECONDS
    fresh = ""
    try:
        while time.monotonic() < until:
            if not select.select([ours], [], [], 0.1)[0]:
                if process.poll() is not None:
                    break
                continue
            try:
                piece = os.read(ours, 65536).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
            fresh += piece
            if fresh.endswith(prompt):
                # With nothing left to type, the person leaves.
                os.write(ours, f"{left.pop(0)}\n".encode() if left else END_OF_FILE)
                fresh = ""
        code = process.wait(timeout=SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
    return Screen(code, _COLOURS.sub("", shown).replace("\r\n", "\n"))
