"""What tests of several layers share: one reference store built from the installed packages."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.store import build
from superbill.store.open import Store

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def reference_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a store built from embedded data, once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    # Under pytest-xdist each process has a folder of its own inside the run's folder.
    shared = base.parent if base.name.startswith("popen-") else base
    path = shared / "reference.sqlite"
    with (shared / "reference.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            build.build(into=path)
    return path


@pytest.fixture(scope="session")
def embedded_store(reference_store: Path) -> Iterator[Store]:
    """That store, opened."""
    with Store.open(reference_store) as store:
        yield store


@pytest.fixture(scope="session")
def published() -> Path:
    """The published files beside the project; a test that asks for them is skipped without."""
    folder = SHARED / "reference"
    if not folder.is_dir():
        pytest.skip("the published files at ../shared/reference are not there")
    return folder
