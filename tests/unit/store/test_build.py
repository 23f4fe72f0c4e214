from __future__ import annotations

import sqlite3
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.dates import Span
from superbill.errors import BuildFailed, NotCovered
from superbill.store.build import BuildReport, Progress, build
from superbill.store.open import Store, UnusableStore
from superbill.store.schema import FORMAT_VERSION
from tests.unit.store import small

DAY = date(2026, 6, 1)


def make(target: Path, *folders: Path, **options: object) -> BuildReport:
    return build(
        folders,
        target,
        catalog=small.CATALOG,
        comparisons=(),
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "data" / "reference.sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "in"


def test_a_file_is_recognised_loaded_and_found_again(target: Path, folder: Path) -> None:
    file = small.prices(folder)
    report = make(target, folder)
    (item,) = report.recognised
    assert (item.where, item.dataset, item.rows) == (file.name, "fruit.prices", 2)
    assert item.answers == ("2026-01-01/2026-12-31",)
    with Store.open(target) as store:
        row = store.find("fruit.prices", on=DAY, fruit="pear")
        assert row is not None
        assert row.decimal("price") == Decimal("2.00")
        assert str(row.decimal("price")) == "2.00", "the scale survives"
        assert row.span == small.YEAR
        assert row.release.file == file.name
        assert store.find("fruit.prices", on=DAY, fruit="plum") is None
        assert report.digest == store.digest == store.lock.digest


def test_the_sealed_file_is_read_only(target: Path, folder: Path) -> None:
    small.prices(folder)
    make(target, folder)
    assert stat.S_IMODE(target.stat().st_mode) == 0o444
    with Store.open(target) as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.query("DELETE FROM fruit_prices")
    assert sorted(p.name for p in target.parent.iterdir()) == [
        ".reference.sqlite.lock",
        "reference.sqlite",
    ]


def test_a_day_outside_is_not_covered_and_says_how_to_bring_it(target: Path, folder: Path) -> None:
    small.prices(folder)
    make(target, folder)
    with Store.open(target) as store:
        assert store.covers("fruit.prices", on=date(2026, 12, 31))
        assert not store.covers("fruit.prices", on=date(2027, 1, 1))
        with pytest.raises(NotCovered) as missing:
            store.find("fruit.prices", on=date(2027, 1, 1), fruit="apple")
        assert str(missing.value) == (
            "The dataset fruit.prices (Prices of fruit) is not covered on 2027-01-01. The store "
            "holds 2026-01-01 to 2026-12-31. Bring a price list: superbill data build --from DIR"
        )
        with pytest.raises(NotCovered, match=r"The store holds none\. Bring a list of seasons"):
            store.release("fruit.seasons", on=DAY)


def test_rows_with_days_of_their_own(target: Path, folder: Path) -> None:
    small.seasons(
        folder,
        [("2026-01-01", "2026-05-01", "apple"), ("2026-08-01", "9999-12-31", "apple")],
    )
    make(target, folder)
    with Store.open(target) as store:
        assert store.find("fruit.seasons", on=date(2026, 4, 30), fruit="apple") is not None
        assert store.find("fruit.seasons", on=date(2026, 5, 1), fruit="apple") is None
        spans = [row.span for row in store.history("fruit.seasons", fruit="apple")]
        assert spans == [
            (date(2026, 1, 1), date(2026, 5, 1)),
            (date(2026, 8, 1), date(2027, 1, 1)),  # cut to what the release answers for
        ]
        summer = Span(date(2026, 5, 1), date(2026, 8, 1))
        assert store.history("fruit.seasons", within=summer) == []
        until_may = Span(date(2026, 4, 30), date(2026, 5, 1))
        (row,) = store.history("fruit.seasons", within=until_may, fruit="apple")
        assert row.span == spans[0]


def test_an_update_stands_from_its_first_day_on(target: Path, folder: Path) -> None:
    small.prices(folder, {"apple": "1.50", "pear": "2.00"})
    small.prices(folder, {"apple": "1.50", "pear": "3.00"}, days="2026-04-01_2027-01-01")
    report = make(target, folder)
    assert {item.answers for item in report.recognised} == {
        ("2026-01-01/2026-03-31",),
        ("2026-04-01/2026-12-31",),
    }
    with Store.open(target) as store:
        for day, price in ((date(2026, 3, 31), "2.00"), (date(2026, 4, 1), "3.00")):
            row = store.find("fruit.prices", on=day, fruit="pear")
            assert row is not None
            assert row.text("price") == price


def test_the_same_document_twice_is_loaded_once(target: Path, folder: Path) -> None:
    small.prices(folder)
    small.prices(folder / "copy")
    report = make(target, folder)
    assert len(report.recognised) == 1
    assert [p.why for p in report.not_loaded] == ["the same as prices_2026-01-01_2027-01-01.csv"]


def test_the_same_content_for_other_days_is_loaded_for_both(target: Path, folder: Path) -> None:
    small.prices(folder)
    small.prices(folder, days="2027-01-01_2028-01-01")
    assert len(make(target, folder).recognised) == 2


def test_two_that_claim_the_same_days_alike_are_refused(target: Path, folder: Path) -> None:
    first = small.prices(folder, name="a")
    second = small.prices(folder, {"apple": "1.50", "pear": "9.00"}, name="b")
    with pytest.raises(BuildFailed, match="speak for 2026-01-01 alike") as failed:
        make(target, folder)
    assert first.name in str(failed.value)
    assert second.name in str(failed.value)
    assert not target.exists()


def test_a_later_publication_supersedes(target: Path, folder: Path) -> None:
    old = small.prices(folder, name="a")
    new = small.prices(folder, {"apple": "1.50", "pear": "9.00"}, name="b")
    (folder / f"{old.name}.source.json").write_text('{"published": "2025-12-01"}')
    (folder / f"{new.name}.source.json").write_text('{"published": "2025-12-20"}')
    make(target, folder)
    with Store.open(target) as store:
        row = store.find("fruit.prices", on=DAY, fruit="pear")
        assert row is not None
        assert row.text("price") == "9.00"
        assert row.release.published == date(2025, 12, 20)
        superseded = next(r for r in store.releases() if r.file == old.name)
        assert row.release.supersedes == superseded.content_sha256


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("fruit,price\napple,1.50\npear,cheap\n", "line 3: expected fruit,price, saw 'pear,cheap'"),
        ("fruit,price\napple,1.50\npear,2.0", "seems to be cut short"),
        ("fruit,price\napple,1.50\napple,1.50\n", "row 2: UNIQUE constraint failed"),
        ("fruit,price\napple,1.51\n", "price is '1.51' in place of '1.50'"),
        ("fruit,price\npear,2.00\n", "fruit apple is missing on 2026-01-01"),
        ("fruit,price\napple,1.50\ndodo,9\n", "fruit dodo is there on 2026-01-01, and must not"),
        ("fruit,price\n", "has 0 rows as price list; expected 1 to 1,000,000"),
        ("fruit,price\napple,1.50\np\xe9ar,2\n".encode("latin-1"), "text in utf-8"),
    ],
)
def test_what_does_not_hold_together_is_named_and_nothing_is_built(
    target: Path, folder: Path, content: str | bytes, reason: str
) -> None:
    small.prices(folder)
    make(target, folder)
    before = target.read_bytes()
    data = content.encode() if isinstance(content, str) else content
    (folder / "prices_2026-01-01_2027-01-01.csv").write_bytes(data)
    with pytest.raises(BuildFailed) as failed:
        make(target, folder)
    assert reason in str(failed.value)
    assert "prices_2026-01-01_2027-01-01.csv" in str(failed.value)
    assert target.read_bytes() == before
    assert not list(target.parent.glob("*building*"))


def test_overlapping_rows_of_a_key_are_refused(target: Path, folder: Path) -> None:
    small.seasons(
        folder,
        [("2026-01-01", "2026-05-02", "apple"), ("2026-05-01", "2026-06-01", "apple")],
    )
    with pytest.raises(BuildFailed, match="two rows for apple share days"):
        make(target, folder)


def test_spans_that_touch_do_not_overlap(target: Path, folder: Path) -> None:
    small.seasons(
        folder,
        [("2026-01-01", "2026-05-01", "apple"), ("2026-05-01", "2026-06-01", "apple")],
    )
    assert make(target, folder).rows == 2


def test_days_out_of_order_are_refused(target: Path, folder: Path) -> None:
    small.seasons(folder, [("2026-05-01", "2026-05-01", "apple")])
    with pytest.raises(BuildFailed, match="days in order"):
        make(target, folder)


def test_an_unrecognised_file_is_refused_or_skipped(target: Path, folder: Path) -> None:
    small.prices(folder)
    (folder / "letter.txt").write_text("Dear market\n")
    with pytest.raises(BuildFailed) as failed:
        make(target, folder)
    assert "letter.txt: no known layout; it starts with 'Dear market'" in str(failed.value)
    assert "--skip-unrecognised" in str(failed.value)
    report = make(target, folder, skip_unrecognised=True)
    assert [p.where for p in report.not_loaded] == ["letter.txt"]


def test_a_damaged_file_is_never_skipped(target: Path, folder: Path) -> None:
    small.prices(folder)
    (folder / "more.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(BuildFailed, match=r"more\.zip: a damaged or cut archive"):
        make(target, folder, skip_unrecognised=True)


def test_progress_is_told(target: Path, folder: Path) -> None:
    small.prices(folder)
    seen: list[Progress] = []
    make(target, folder, progress=seen.append)
    assert [p.stage for p in seen if p.done == 0][:2] == ["recognise", "load"]
    assert seen[-1] == Progress("seal", "reference.sqlite", 1, 1)


def test_the_store_before_is_kept_for_rollback(target: Path, folder: Path) -> None:
    small.prices(folder)
    first = make(target, folder)
    for price in ("3.00", "4.00", "5.00", "6.00", "7.00"):
        small.prices(folder, {"apple": "1.50", "pear": price})
        make(target, folder)
    older = sorted(p.name for p in target.parent.glob("reference-*.sqlite"))
    assert len(older) == 3
    assert f"reference-{first.digest[:12]}.sqlite" not in older, "only the newest are kept"
    with Store.open(target.parent / older[0]) as store:
        assert store.covers("fruit.prices", on=DAY)


def test_the_same_files_give_the_same_lock(tmp_path: Path, folder: Path) -> None:
    small.prices(folder)
    digests = {make(tmp_path / name / "s.sqlite", folder).digest for name in ("a", "b")}
    assert len(digests) == 1
    small.prices(folder, {"apple": "1.50", "pear": "2.01"})
    assert make(tmp_path / "c" / "s.sqlite", folder).digest not in digests


def test_a_build_can_be_held_to_a_lock(target: Path, folder: Path, tmp_path: Path) -> None:
    small.prices(folder)
    make(target, folder)
    with Store.open(target) as store:
        lock = store.lock
    make(tmp_path / "again.sqlite", folder, locked=lock)
    small.prices(folder, {"apple": "1.50", "pear": "2.01"})
    with pytest.raises(BuildFailed, match="not those of the lock") as failed:
        make(tmp_path / "other.sqlite", folder, locked=lock)
    assert "missing: fruit.prices from 2026-01-01" in str(failed.value)
    assert "in addition: fruit.prices from 2026-01-01" in str(failed.value)
    assert not (tmp_path / "other.sqlite").exists()


def test_a_wrong_format_version_is_refused(target: Path, folder: Path) -> None:
    small.prices(folder)
    make(target, folder)
    target.chmod(0o644)
    with sqlite3.connect(target) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    connection.close()
    with pytest.raises(UnusableStore, match=f"reads format {FORMAT_VERSION}"):
        Store.open(target)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.sqlite"
    text.write_text("not a database, but long enough to be looked at " * 40)
    with pytest.raises(UnusableStore, match="is not a reference store"):
        Store.open(text)
    other = tmp_path / "b.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(UnusableStore, match="but not a reference store"):
        Store.open(other)


def test_no_store_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match="superbill data build"):
        Store.open(tmp_path / "none.sqlite")


def test_an_unknown_dataset_or_column_is_a_defect(target: Path, folder: Path) -> None:
    small.prices(folder)
    make(target, folder)
    with Store.open(target) as store:
        with pytest.raises(KeyError):
            store.info("fruit.colours")
        with pytest.raises(KeyError, match="no column colour"):
            store.find("fruit.prices", on=DAY, colour="red")


def test_a_full_disk_leaves_the_old_store(
    target: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.prices(folder)
    make(target, folder)
    before = target.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("superbill.store.build.put_in_place", full)
    with pytest.raises(BuildFailed, match="No space left on device"):
        make(target, folder)
    assert target.read_bytes() == before
    assert not list(target.parent.glob(".*building*"))
