"""Every kept decision is what its stay comes to today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.adjudication import Engine
from tests.golden import DECISIONS, decided, stays, strays

REWRITE = "python -m tests.golden --write, then read the difference"


@pytest.fixture(scope="module")
def engine(reference_store: Path) -> Iterator[Engine]:
    with Engine(reference_store) as opened:
        yield opened


@pytest.mark.parametrize(("name", "path"), stays().items(), ids=stays())
def test_a_stay_comes_to_what_was_kept(name: str, path: Path, engine: Engine) -> None:
    kept = DECISIONS / f"{name}.json"
    assert kept.exists(), REWRITE
    assert decided(path, engine) == kept.read_text(encoding="utf-8"), REWRITE


def test_no_decision_without_its_stay() -> None:
    assert not list(strays()), REWRITE
