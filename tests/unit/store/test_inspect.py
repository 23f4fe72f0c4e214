from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from superbill.store.build import build
from superbill.store.inspect import status, verify
from superbill.store.open import Store, UnusableStore
from tests.unit.store import small


@pytest.fixture
def store(tmp_path: Path) -> Path:
    small.prices(tmp_path / "in")
    small.prices(tmp_path / "in", days="2028-01-01_2029-01-01", name="later")
    target = tmp_path / "s.sqlite"
    build([tmp_path / "in"], target, catalog=small.CATALOG, comparisons=())
    return target


def test_status_says_what_is_held_and_what_is_missing(store: Path) -> None:
    found = status(store)
    prices, seasons = found.datasets
    assert prices.covers == ("2026-01-01 to 2026-12-31", "2028-01-01 to 2028-12-31")
    assert prices.missing == ("2027-01-01 to 2027-12-31",)
    assert [held.answers for held in prices.releases] == [
        ("2028-01-01 to 2028-12-31",),
        ("2026-01-01 to 2026-12-31",),
    ]
    assert (seasons.covers, seasons.releases) == ((), ())
    assert found.built_by.startswith("superbill ")
    assert found.bytes == store.stat().st_size


def test_a_sealed_store_is_sound(store: Path) -> None:
    found = verify(store)
    assert found.problems == ()
    assert found.rows == 4


def tamper(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)

    return change


def overwrite(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-4096:] = b"\xaa" * 4096
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            tamper("UPDATE fruit_prices SET price = '9.99' WHERE fruit = 'pear'"),
            "Prices of fruit: the rows are not those that were sealed",
        ),
        (
            tamper("DELETE FROM fruit_prices WHERE fruit = 'pear'"),
            "rows in place of 2",
        ),
        (
            tamper("UPDATE release SET content_sha256 = 'x'"),
            "but its releases give",
        ),
        (overwrite, "the file: "),
    ],
)
def test_what_changed_after_sealing_is_found(
    store: Path, tmp_path: Path, change: Callable[[Path], None], problem: str
) -> None:
    copy = tmp_path / "copy.sqlite"
    shutil.copy(store, copy)
    copy.chmod(0o644)
    change(copy)
    problems = verify(copy).problems
    assert any(problem in line for line in problems), problems


def test_a_store_is_held_to_a_lock(store: Path, tmp_path: Path) -> None:
    with Store.open(store) as opened:
        lock = opened.lock
    assert verify(store, against=lock).problems == ()
    small.prices(tmp_path / "other")
    build([tmp_path / "other"], tmp_path / "o.sqlite", catalog=small.CATALOG, comparisons=())
    problems = verify(tmp_path / "o.sqlite", against=lock).problems
    assert [p.split(",")[0] for p in problems] == [
        "the lock: missing: fruit.prices from 2028-01-01"
    ]


def test_a_cut_store_is_refused(store: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.sqlite"
    cut.write_bytes(store.read_bytes()[:300])
    with pytest.raises(UnusableStore):
        verify(cut)
