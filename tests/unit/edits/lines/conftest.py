"""One store for all edits by line, built from files in CMS's layouts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from superbill.edits.lines import StoreLookup
from superbill.store import build
from superbill.store.catalog import by_id
from superbill.store.datasets import ncci
from superbill.store.open import Store
from tests.unit.edits.lines.reference import ADD_ON_HEADINGS, pairs_text, units_text, workbook

TABLE = tomllib.loads(
    (Path(__file__).parents[3] / "cases" / "ncci.toml").read_text(encoding="utf-8")
)
NOWHERE = [("V9999", "V9998", "20200101", "*", "9")]


def files(folder: Path, table: dict[str, Any]) -> None:
    """Write the reference of the cases."""
    for number, rows in enumerate((table["pairs"], NOWHERE, NOWHERE, NOWHERE), 1):
        (folder / f"ccipra-v321r0-f{number}.txt").write_text(pairs_text(rows))
    for number, rows in enumerate((table["hospital_pairs"], NOWHERE, NOWHERE, NOWHERE), 1):
        (folder / f"ccioph-v321r0-f{number}.txt").write_text(pairs_text(rows))
    name = "MCR_MUE_{}_Eff_04-01-2026.csv"
    (folder / name.format("PractitionerServices")).write_text(
        units_text("Practitioner", table["units"])
    )
    (folder / name.format("OutpatientHospitalServices")).write_text(
        units_text("Outpatient Hospital", table["hospital_units"])
    )
    workbook(folder / "AOC_V2026Q2-MCR.xlsx", [*ADD_ON_HEADINGS, *table["add_on"]])


def built(folder: Path, into: Path) -> Path:
    """A store of these files alone."""
    others = [by_id(name) for name in ("hcpcs.codes", "icd10cm.validity")]
    catalog = [each._replace(embedded=(), anchors=()) for each in (*others, *ncci.DATASETS)]
    build.build([folder], into, catalog=catalog, comparisons=())
    return into


@pytest.fixture(scope="package")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreLookup]:
    folder = tmp_path_factory.mktemp("ncci")
    files(folder, TABLE)
    path = built(folder, tmp_path_factory.mktemp("store") / "reference.sqlite")
    with Store.open(path) as store:
        yield StoreLookup(store)
