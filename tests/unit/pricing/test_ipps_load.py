"""Tables and hospitals from a reference store, and hospitals from files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.errors import Invalid, NotCovered
from superbill.pricing.ipps import Tables, price
from superbill.pricing.ipps.load import hospital, read_profile
from superbill.pricing.ipps.tables import amounts_source
from superbill.store.build import build
from superbill.store.datasets.ipps import DATASETS
from superbill.store.open import Store
from tests.oracle import ipps as oracle
from tests.oracle.common import SHARED, records
from tests.unit.pricing.ipps_tables import DAY, bill, tables_2026
from tests.unit.pricing.ipps_tables import hospital as a_hospital
from tests.unit.sources.test_psf import csv_file, csv_line, fixed_file, fixed_line

PROFILE = """
ccn = "360870"
effective_date = 2025-10-01
cbsa_geographic = "44220"
wage_index = "0.9124"
"""


def built(folder: Path, *files: Path) -> Store:
    brought = folder / "brought"
    brought.mkdir()
    for path in files:
        shutil.copy(path, brought)
    build([brought], folder / "store.sqlite", catalog=DATASETS, comparisons=())
    return Store.open(folder / "store.sqlite")


@pytest.fixture
def psf_store(tmp_path: Path) -> Iterator[Store]:
    document = csv_file(csv_line(), csv_line(effectiveDate="20260101", bedSize="300"))
    path = tmp_path / "export.csv"
    path.write_bytes(document.open().read())
    with built(tmp_path, path) as store:
        yield store


def test_what_comes_with_the_project_prices_2026(psf_store: Store) -> None:
    found = Tables.load(psf_store, on=DAY)
    held = tables_2026()
    assert found.weights == held.weights
    assert found.amounts == held.amounts
    assert found.technologies is None
    assert found.areas == {}
    for high, table in ((True, "Table 1A"), (False, "Table 1B")):
        cited = found.sources[amounts_source(high=high)]
        assert "CMS-1833-F" in cited
        assert table in cited
    assert "drg_weights.txt" in found.sources["weights"]
    assert psf_store.digest[:12] in found.release
    paid = price(bill(drg="291"), a_hospital(), on=DAY, tables=found)
    assert paid.total == price(bill(drg="291"), a_hospital(), on=DAY, tables=held).total


def test_tables_are_read_once_for_a_store(psf_store: Store) -> None:
    assert Tables.load(psf_store, on=DAY) is Tables.load(psf_store, on=date(2025, 10, 1))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2020, 1, 1), "FY 2021, FY 2024, FY 2025, FY 2026"),
        (date(2022, 1, 1), "FY 2021, FY 2024, FY 2025, FY 2026"),
        (date(2026, 10, 1), "FY 2021, FY 2024, FY 2025, FY 2026"),
        (date(2021, 1, 1), "standardized amounts"),
        (date(2025, 1, 1), "Table 5"),
    ],
)
def test_years_that_are_not_held(day: date, said: str, psf_store: Store) -> None:
    with pytest.raises(NotCovered, match=said) as refused:
        Tables.load(psf_store, on=day)
    assert refused.value.on == day


def test_a_hospital_of_the_provider_specific_file(psf_store: Store) -> None:
    before = hospital(psf_store, "010001", on=date(2025, 12, 31))
    after = hospital(psf_store, "010001", on=date(2026, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.bed_size, after.bed_size) == (240, 300)
    assert (before.effective_date, after.effective_date) == (date(2025, 10, 1), date(2026, 1, 1))
    assert after.uncompensated_care_amount == Decimal("412.35")
    assert after.low_volume is True
    assert after.special_wage_index is None
    assert hospital(psf_store, "360870", on=DAY) is None
    with pytest.raises(NotCovered, match="provider-specific file"):
        hospital(psf_store, "010001", on=date(2020, 1, 1))


class TestReadProfile:
    def test_toml(self, tmp_path: Path) -> None:
        path = tmp_path / "hospital.toml"
        path.write_text(PROFILE, encoding="utf-8")
        assert read_profile(path).wage_index == Decimal("0.9124")

    def test_errors_name_the_key(self, tmp_path: Path) -> None:
        path = tmp_path / "hospital.toml"
        path.write_text(PROFILE + 'bed_size = "many"\nbeds = 3\n', encoding="utf-8")
        with pytest.raises(Invalid) as refused:
            read_profile(path)
        said = str(refused.value)
        assert "bed_size" in said
        assert "beds" in said

    def test_json(self, tmp_path: Path) -> None:
        path = tmp_path / "hospital.json"
        path.write_text('{"ccn": "360870", "effective_date": "2025-10-01"}', encoding="utf-8")
        assert read_profile(path).ccn == "360870"

    @pytest.mark.parametrize("layout", ["csv", "txt"])
    def test_the_provider_specific_file(self, layout: str, tmp_path: Path) -> None:
        document = (
            csv_file(csv_line(), csv_line(providerCcn="010005"))
            if layout == "csv"
            else fixed_file(fixed_line(), fixed_line(ccn="010005"))
        )
        path = tmp_path / f"psf.{layout}"
        path.write_bytes(document.open().read())
        assert read_profile(path, ccn="010005", on=DAY).provider_type == "07"
        for ccn, on, said in (
            ("", DAY, "2 records on 2026-03-01"),
            ("010009", DAY, "0 records of 010009"),
            ("010005", date(2025, 9, 30), "0 records of 010005"),
        ):
            with pytest.raises(Invalid, match=said):
                read_profile(path, ccn=ccn, on=on)

    def test_what_is_no_profile(self, tmp_path: Path) -> None:
        path = tmp_path / "hospital.txt"
        path.write_text("nothing", encoding="utf-8")
        with pytest.raises(Invalid, match="neither a profile"):
            read_profile(path)
        with pytest.raises(Invalid, match="no such file"):
            read_profile(tmp_path / "absent.toml")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the published tables are not at ../shared")
def test_2021_priced_from_brought_files_as_cmss_program_does(tmp_path: Path) -> None:
    names = (
        "drg_weights_fy2021.csv",
        "rates_fy2021.csv",
        "cbsa_wage_index.csv",
        "outmigration_adjustment.csv",
        "new_technology_fy2021.csv",
        "two_midnight_factor.csv",
        "constants.json",
    )
    published = SHARED.parent / "reference" / "ipps" / "FY2026_final_rule_tables_1A-1E.txt"
    checked = 0
    with built(tmp_path, published, *(oracle.FOLDER / name for name in names)) as store:
        for number, record in enumerate(records(oracle.FOLDER / "fy2021.jsonl")):
            on = oracle.day(record["bill"]["discharge_date"])
            if record["entry"] != "driver" or number % 10 or on >= date(2021, 10, 1):
                continue
            paid = price(
                oracle.bill(record["bill"], {}),
                oracle.hospital(record["provider"]),
                on=on,
                tables=Tables.load(store, on=on),
            )
            assert oracle.compare(record, paid.figures) == []
            checked += 1
        of_2026 = Tables.load(store, on=DAY)
        assert "FY2026_final_rule_tables_1A-1E.txt" in of_2026.sources["amounts"]
        assert (
            "FY2026_final_rule_tables_1A-1E.txt" in of_2026.figures.sources["capital_federal_rate"]
        )
        assert set(of_2026.amounts.values()) == set(tables_2026().amounts.values())
    assert checked > 200
