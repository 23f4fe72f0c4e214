"""What a store holds of the schedule, and what is said where it does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.errors import Invalid, NotCovered
from superbill.pricing.mpfs import Pricer, load
from superbill.pricing.mpfs.bulk import Bulk
from superbill.pricing.mpfs.line import Line
from superbill.store.build import build
from superbill.store.datasets.mpfs import DATASETS
from superbill.store.intake import survey
from superbill.store.open import Store
from tests.unit.pricing.mpfs.small import DAY, small_store
from tests.unit.pricing.mpfs.test_bulk import columns
from tests.unit.pricing.mpfs.test_bulk import line as given
from tests.unit.sources.test_hcpcs import NAME, record
from tests.unit.sources.test_mpfs import GPCI_HEADER, HEADER_31, ROW_31, gpci


def line(code: str = "Z0001", **more: object) -> Line:
    fields = given(code) | {"modifiers": ()} | more
    return Line(**fields)


@pytest.mark.shared
def test_every_published_file_is_recognised_by_what_is_in_it(store: Store) -> None:
    assert {(each.dataset, each.row_count) for each in store.releases()} == {
        ("mpfs.relative_values", 5186),
        ("mpfs.relative_values", 5274),
        ("mpfs.gpci", 109),
        ("mpfs.localities", 109),
        ("mpfs.anesthesia", 109),
        ("mpfs.zip", 43313),
        ("mpfs.zip4", 135682),
    }


@pytest.mark.shared
def test_a_file_that_cannot_be_what_it_says_is_passed_over(folder: Path) -> None:
    with survey([folder / "GPCI2026_rvu26c.csv"], DATASETS) as seen:
        assert not seen.found
        assert not seen.damaged
        (passed,) = seen.not_loaded
    assert "98 of the schedule's 109 localities" in passed.what


@pytest.mark.shared
def test_many_zip_codes_are_found_as_single_ones_are(store: Store) -> None:
    zips = [str(row[0]) for row in store.query("SELECT DISTINCT zip FROM mpfs_zip")][::31]
    assert len(zips) > 1000

    def found(opened: Store, each: str) -> object:
        try:
            return load.locality(opened, each, on=DAY)
        except Invalid as refused:
            return str(refused)

    with Store.open(store.path) as other:
        many = [found(other, each) for each in zips]
    singly = []
    for start in range(0, len(zips), 400):  # never so many that the rest would be read at once
        with Store.open(store.path) as other:
            singly += [found(other, each) for each in zips[start : start + 400]]
    assert many == singly
    assert any(isinstance(each, str) for each in many)


@pytest.mark.shared
def test_the_day_selects_the_release(store: Store) -> None:
    january, june, july = (
        load.tables(store, on=day)
        for day in (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    )
    assert january is june
    assert (june.release, july.release) == ("RVU26A", "RVU26C")
    assert july.days == (date(2026, 7, 1), date(2027, 1, 1))
    for year in (2025, 2027):
        with pytest.raises(NotCovered, match="Only calendar year 2026"):
            load.tables(store, on=date(year, 5, 4))


def test_the_factor_of_qualifying_participants_is_read_where_its_file_is(tmp_path: Path) -> None:
    row = ROW_31.replace("33.4009", "40.0000")
    (tmp_path / "PPRRVU2026_Jan_QPP.csv").write_text(f"{HEADER_31}\n{row}\n")
    with Store.open(small_store(tmp_path)) as store:
        found = Pricer(store).price(line(apm=True))
        assert found.allowed == Decimal("64.00")  # 1.60 × 40
        assert "PPRRVU2026_Jan_QPP.csv" in load.tables(store, on=DAY).sources["apm_factor"]
        assert Pricer(store).price(line()).allowed == Decimal("53.44")


def test_without_that_file_the_final_rule_s_factor_counts(tmp_path: Path) -> None:
    with Store.open(small_store(tmp_path)) as store:
        assert "90 FR 49266" in load.tables(store, on=DAY).sources["apm_factor"]


def test_a_published_cap_stands_before_the_calculated_one(tmp_path: Path) -> None:
    header = "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE"
    (tmp_path / "OPPSCAP_Jan2026.csv").write_text(f"{header}\nZ0003,TC,A,00001,00,12.34,23.45\n")
    with Store.open(small_store(tmp_path, cap="0.20")) as store:
        pricer = Pricer(store)
        cents = []
        for pos, allowed in (("11", "23.45"), ("22", "12.34")):
            assert str(pricer.price(line("Z0003", modifiers=("TC",), pos=pos)).allowed) == allowed
            asked = columns([given("Z0003", "TC", pos=pos), given("Z0001", pos=pos)])
            cents.append(Bulk(store).price(asked).allowed.tolist())
        assert cents == [[2345, 5344], [1234, 4509]]


def test_zip_codes_of_a_quarter(tmp_path: Path) -> None:
    records = [f"NY{10000 + n:05}0000100{' ' * 61}20262" for n in range(100)]
    (tmp_path / "ZIP5_APR2026.txt").write_text("\n".join(records) + "\n")
    with Store.open(small_store(tmp_path)) as store:
        assert load.locality(store, "10001", on=DAY) == ("00001", "00")
        assert load.locality(store, "100011234", on=DAY) == ("00001", "00")
        with pytest.raises(Invalid, match="not in Medicare's list"):
            load.locality(store, "20001", on=DAY)
        with pytest.raises(NotCovered, match="ZIP codes and their payment localities"):
            load.locality(store, "10001", on=date(2026, 7, 1))


def test_a_deleted_code_says_since_when(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(
        (record("A1", "7", "x") + record("Z9001", "3", "Gone", last="20251231")).encode()
    )
    with Store.open(small_store(tmp_path)) as store:
        for code, said in (("Z9001", "its last day of use was 2025-12-31"), ("Z9002", "DATE.")):
            with pytest.raises(Invalid) as refused:
                Pricer(store).price(line(code))
            (problem,) = refused.value.problems
            assert problem.path == "code"
            assert said.replace("DATE", DAY.isoformat()) in problem.message


def test_after_the_law_the_index_has_no_floor(tmp_path: Path) -> None:
    document = gpci(109)
    (tmp_path / document.name).write_bytes(document.open().read())
    (tmp_path / "store").mkdir()
    catalog = [each._replace(anchors=()) for each in DATASETS]
    build([tmp_path], tmp_path / "store" / "a.sqlite", catalog=catalog, comparisons=())
    with Store.open(tmp_path / "store" / "a.sqlite") as store:
        floored = load._localities(store, DAY, floored=True)
        bare = load._localities(store, DAY, floored=False)
    assert {place.work for place in floored} == {Decimal("1.0")}
    assert {place.work for place in bare} == {Decimal("0.9")}


def test_an_index_printed_with_the_floor_alone(tmp_path: Path) -> None:
    header = GPCI_HEADER.replace("2026 PW GPCI (without 1.0 Floor),", "")
    document = gpci(109, header, "{:05},ST,00,PLACE,1.0,1.1,1.2")
    (tmp_path / document.name).write_bytes(document.open().read())
    (tmp_path / "store").mkdir()
    catalog = [each._replace(anchors=()) for each in DATASETS]
    build([tmp_path], tmp_path / "store" / "a.sqlite", catalog=catalog, comparisons=())
    with Store.open(tmp_path / "store" / "a.sqlite") as store:
        assert len(load._localities(store, DAY, floored=True)) == 109
        with pytest.raises(NotCovered, match="without its floor"):
            load._localities(store, DAY, floored=False)


def test_a_store_of_before_the_schedule(embedded_store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match="superbill data build"):
        Pricer(embedded_store).price(line())
    build([], tmp_path / "old.sqlite", catalog=(), comparisons=())
    with Store.open(tmp_path / "old.sqlite") as old, pytest.raises(NotCovered, match="anew"):
        Pricer(old).price(line())
