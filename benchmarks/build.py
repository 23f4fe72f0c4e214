"""The reference store from what the installed packages carry."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks.measure import SUPERBILL, Measure, seconds


def run() -> list[Measure]:
    """Measure a build into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        took = seconds([SUPERBILL, "data", "build"], {**os.environ, "SUPERBILL_DATA": folder})
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return [
        Measure("superbill data build", took, "s", target=60),
        Measure("size of the store", size / 1e6, "MB", target=500),
    ]
