"""The published files of the physician fee schedule, and a store built from them once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.pricing.mpfs import Pricer
from superbill.store.build import build
from superbill.store.datasets.mpfs import DATASETS
from superbill.store.open import Store


@pytest.fixture(scope="session")
def folder(published: Path) -> Path:
    """The published files; a test that asks for them is skipped without."""
    return published / "mpfs"


@pytest.fixture(scope="session")
def store(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the published files alone, built once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    path = shared / "mpfs.sqlite"
    with (shared / "mpfs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            build([folder], path, catalog=DATASETS, comparisons=(), skip_unrecognised=True)
    with Store.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def pricer(store: Store) -> Pricer:
    return Pricer(store)
