"""A build that dies at any moment leaves the old store valid, or the new one complete."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.errors import BuildFailed
from superbill.store.build import build
from superbill.store.check import rows_digest
from superbill.store.open import Store
from superbill.store.seal import turn
from tests.unit.store import small

ROOT = Path(__file__).resolve().parents[3]
ROWS = 20_000
DAY = date(2026, 6, 1)

CHILD = """
import sys
from pathlib import Path
from superbill.store.build import build
from tests.unit.store import small
print("ready", flush=True)
while True:
    for folder in sys.argv[2:]:
        build([Path(folder)], Path(sys.argv[1]), catalog=small.CATALOG, comparisons=())
        print(folder, flush=True)
"""


def start(target: Path, *folders: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(target), *map(str, folders)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for price in ("2.00", "3.00"):
        rows = {"apple": "1.50", **{f"fruit{number}": price for number in range(ROWS)}}
        small.prices(tmp_path / price, rows)
    return tmp_path / "2.00", tmp_path / "3.00"


def price_held(target: Path) -> Decimal:
    """The one price of a store; fails where the store is not whole and of one piece."""
    with Store.open(target) as store:
        assert store.lock.digest == store.digest
        assert store.query("PRAGMA integrity_check") == [("ok",)]
        info = store.info("fruit.prices")
        sealed = store.meta("rows_sha256 fruit.prices")
        assert rows_digest(store.connection, info.table, info.key) == sealed
        rows = store.rows("fruit.prices", on=DAY)
        assert len(rows) == ROWS + 1
        (price,) = {row.decimal("price") for row in rows if row.text("fruit") != "apple"}
        return price


def test_killed_at_random_moments(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    target = tmp_path / "data" / "reference.sqlite"
    build([folders[0]], target, catalog=small.CATALOG, comparisons=())
    started = time.monotonic()
    build([folders[1]], target, catalog=small.CATALOG, comparisons=())
    one_build = time.monotonic() - started
    moments = random.Random(20260101)
    held: set[Decimal] = set()
    left_behind = 0
    for _ in range(12):
        process = start(target, *folders)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 2.5 * one_build))
        kill(process)
        left_behind += len(list(target.parent.glob("*.building*")))
        held.add(price_held(target))
    assert held <= {Decimal("2.00"), Decimal("3.00")}
    assert left_behind, "some died in the middle of a build"
    build([folders[0]], target, catalog=small.CATALOG, comparisons=())
    assert price_held(target) == Decimal("2.00")
    assert not list(target.parent.glob(".*building*")), "what dead builds left is gone"


def test_killed_before_there_was_any_store(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    target = tmp_path / "data" / "reference.sqlite"
    process = start(target, folders[0])
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.1)
    kill(process)
    if target.exists():
        assert price_held(target) == Decimal("2.00")
    build([folders[1]], target, catalog=small.CATALOG, comparisons=())
    assert price_held(target) == Decimal("3.00")


def test_two_builds_at_once_take_turns(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    target = tmp_path / "data" / "reference.sqlite"
    both = [start(target, folders[0], folders[1]), start(target, folders[1], folders[0])]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for _ in range(3):
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline().strip() in set(map(str, folders))
            assert price_held(target) in {Decimal("2.00"), Decimal("3.00")}
    for process in both:
        kill(process)
    assert price_held(target) in {Decimal("2.00"), Decimal("3.00")}


def test_a_build_that_waits_too_long_says_so(tmp_path: Path) -> None:
    target = tmp_path / "reference.sqlite"
    small.prices(tmp_path / "in")
    told: list[str] = []
    with (
        turn(target, 0, lambda: None),
        pytest.raises(BuildFailed, match=r"Another build of .* is under way"),
    ):
        build(
            [tmp_path / "in"],
            target,
            catalog=small.CATALOG,
            comparisons=(),
            wait=0.1,
            progress=lambda p: told.append(p.stage),
        )
    assert told == ["wait"]


def test_a_reader_keeps_its_store_while_another_is_built(
    tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    target = tmp_path / "reference.sqlite"
    build([folders[0]], target, catalog=small.CATALOG, comparisons=())
    with Store.open(target) as store:
        build([folders[1]], target, catalog=small.CATALOG, comparisons=())
        rows = store.rows("fruit.prices", on=DAY)
        assert {str(row.decimal("price")) for row in rows} == {"1.50", "2.00"}
    assert price_held(target) == Decimal("3.00")
