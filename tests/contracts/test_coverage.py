"""coverage.toml is true of what is there."""

from __future__ import annotations

import re

import pytest

from superbill.cli.coverage import Row, markdown, rows
from tests.contracts.tree import ROOT

AREAS = {"codes", "edits", "grouping", "pricing", "benefits", "encoder", "x12", "claims"}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.what} {row.versions}")
def test_every_row_names_tests_that_exist_and_test_something(row: Row) -> None:
    assert row.area in AREAS
    assert row.tests
    for test in row.tests:
        source = (ROOT / test).read_text(encoding="utf-8")
        assert re.search(r"(?m)^def test_", source), test


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.what} {row.versions}")
def test_every_row_ends_after_it_starts(row: Row) -> None:
    assert row.through is None or (row.start is not None and row.start < row.through)


def test_every_layer_that_answers_has_a_row() -> None:
    assert {row.area for row in rows()} == AREAS


def test_the_table_has_a_line_for_each_row() -> None:
    assert len(markdown(rows()).splitlines()) == len(rows()) + 2
