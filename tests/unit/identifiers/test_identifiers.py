"""Every identifier against its table of right and wrong ones, and the habits they share."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.errors import Invalid
from superbill.identifiers import (
    bill_type,
    ccn,
    mbi,
    npi,
    postal,
    revenue_code,
    taxonomy,
)

MODULES: dict[str, ModuleType] = {
    "npi": npi,
    "ccn": ccn,
    "mbi": mbi,
    "bill_type": bill_type,
    "taxonomy": taxonomy,
    "revenue_code": revenue_code,
    "postal": postal,
}
TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "identifiers.toml").read_text())
CASES = [
    pytest.param(name, row, id=f"{name} {row['given']}") for name in TABLE for row in TABLE[name]
]


def test_the_table_covers_every_module() -> None:
    assert set(TABLE) == set(MODULES)


@pytest.mark.parametrize(("name", "row"), CASES)
def test_case(name: str, row: dict[str, Any]) -> None:
    module = MODULES[name]
    assert module.is_valid(row["given"]) is row["right"]
    if row["right"]:
        assert module.validate(row["given"]) == module.compact(row["given"])
        assert module.compact(module.format(row["given"])) == module.compact(row["given"])
    else:
        with pytest.raises(Invalid) as refusal:
            module.validate(row["given"], "place.in.document")
        (problem,) = refusal.value.problems
        assert problem.path == "place.in.document"
        assert row["says"] in problem.message
        assert problem.remedy


@pytest.mark.parametrize("row", [row for row in TABLE["ccn"] if row["right"]], ids=str)
def test_ccn_tells_state_and_facility(row: dict[str, Any]) -> None:
    assert ccn.facility(row["given"]) == row["facility"]
    assert ccn.state(row["given"]) == row["state"]


def test_ccn_of_no_state_and_no_facility() -> None:
    assert ccn.state("600001") is None
    assert ccn.facility("3600") is None


def test_a_state_code_belongs_to_one_state() -> None:
    codes = [code for codes in ccn._CODES_OF_STATE.values() for code in codes.split()]
    assert len(codes) == len(set(codes)) == len(ccn._STATES)


@pytest.mark.parametrize("row", [row for row in TABLE["bill_type"] if row["right"]], ids=str)
def test_bill_type_in_words(row: dict[str, Any]) -> None:
    assert bill_type.words(row["given"]) == row["words"]


@pytest.mark.parametrize("name", MODULES)
@given(text=st.text(max_size=14))
def test_nothing_but_invalid_is_raised(name: str, text: str) -> None:
    module = MODULES[name]
    if module.is_valid(text):
        bare = module.validate(text)
        assert module.is_valid(bare)
        assert module.validate(module.format(text)) == bare
    else:
        with pytest.raises(Invalid):
            module.validate(text)


@given(st.integers(100_000_000, 299_999_999))
def test_npi_finds_every_single_mistyped_digit(first_nine: int) -> None:
    right = f"{first_nine}{npi.check_digit(str(first_nine))}"
    assert npi.is_valid(right)
    for place in range(10):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            assert npi.is_valid(wrong) is (wrong == right)


@pytest.mark.parametrize("number", ["1EG4TE5MK7S", "12345"])
def test_mbi_is_never_shown(number: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mbi.validate(number)
    assert number not in str(refusal.value)
