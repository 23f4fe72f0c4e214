from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.store import build
from superbill.store.catalog import datasets
from superbill.store.open import Store
from tests.unit.encoder.small import small_store

_CM = ("ICD10CM_FY2017_Full_XML.zip", "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", "addenda")
_PCS = (
    "icd10pcs_tables_2021.xml",
    "icd10pcs_index_2021.xml",
    "icd10pcs_definitions_2021.xml",
    "cms_2026_pr.zip",
)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of a small classification."""
    folder = tmp_path_factory.mktemp("small")
    with small_store(folder) as store:
        yield store
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def index_store_path(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a store of the published indexes and PCS tables, built once for a test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    path = shared / "index.sqlite"
    needless = ("icd10cm.order", "icd10cm.notes", "icd10cm.poa", "icd10cm.sev", "icd10pcs.titles")
    wanted = [
        d
        for d in datasets()
        if d.id.startswith(("icd10cm.", "icd10pcs."))
        and not d.id.startswith((*needless, "icd10pcs.operating"))
    ]
    cm, pcs = published / "icd10cm", published / "icd10pcs"
    brought = [cm / name for name in _CM] + sorted(cm.glob("*.xml")) + [pcs / n for n in _PCS]
    with (shared / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            build.build(brought, path, catalog=wanted, comparisons=(), skip_unrecognised=True)
    return path


@pytest.fixture(scope="session")
def index_store(index_store_path: Path) -> Iterator[Store]:
    """That store, opened."""
    with Store.open(index_store_path) as store:
        yield store
