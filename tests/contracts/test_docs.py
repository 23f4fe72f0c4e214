"""The docs are true: what is generated is fresh, what is shown is what one gets, links lead."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts import docs
from tests.contracts.tree import ROOT, files, name

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


@pytest.fixture(autouse=True)
def store(reference_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands shown read a store built from the installed packages."""
    monkeypatch.setenv("SUPERBILL_DATA", str(reference_store.parent))


def test_what_is_generated_is_fresh() -> None:
    assert docs.stale() == [], "run 'make docs' and read the diff"


def test_the_readme_shows_commands() -> None:
    shown = list(docs.examples((ROOT / "README.md").read_text(encoding="utf-8")))
    assert len(shown) >= 4
    assert all(command.startswith("superbill ") for command in shown)


def test_the_python_of_the_readme_runs() -> None:
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```$", (ROOT / "README.md").read_text())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Medicare Part A 7845.09\n")
    assert "Stay EX-HF-001" in done.stdout


@pytest.mark.parametrize("path", list(files(suffixes={".md"})), ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
