"""``superbill code``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Superbill

DAY = ("--on", "2026-05-01")


@pytest.fixture(autouse=True)
def _stored(stored: Path) -> None:
    """Every test here reads the store."""


def test_a_code_with_all_that_it_does(superbill: Superbill) -> None:
    shown = superbill("code", "i5023", *DAY)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(
        "I50.23  Acute on chronic systolic (congestive) heart failure\n"
        "  ICD-10-CM, billable on 2026-05-01\n"
    )
    assert (
        "  MS-DRG     MCC as a secondary diagnosis; MDC 05 as principal (version 43.1)\n"
        in shown.out
    )
    assert "heart failure due to hypertension (I11.0)" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 96


def test_a_heading_is_not_billable_and_says_what_is_below(superbill: Superbill) -> None:
    shown = superbill("code", "I50.2", *DAY)
    assert shown.code == 1
    assert "not billable on 2026-05-01" in shown.out
    assert "I50.20, I50.21, I50.22, I50.23" in " ".join(shown.out.split())


def test_an_unknown_code_names_what_may_have_been_meant(superbill: Superbill) -> None:
    shown = superbill("code", "I50.99", *DAY)
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.startswith("error: 'I50.99' is not a code.\n  fix: Perhaps you mean I50.")
    assert json.loads(superbill("code", "I50.99", *DAY, "--json").err)["error"] == "unknown_code"


def test_several_codes_are_a_line_of_json_each(superbill: Superbill) -> None:
    shown = superbill("code", "I10", "0SR9019", *DAY, "--json")
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert [(code["dotted"], code["system"]) for code in found] == [
        ("I10", "ICD-10-CM"),
        ("0SR9019", "ICD-10-PCS"),
    ]
    assert json.loads(superbill("code", "I10", *DAY, "--json").out) == found[0]


def test_codes_come_from_standard_input(superbill: Superbill) -> None:
    shown = superbill("code", "-", *DAY, "--brief", stdin=b"I10\nN17.9\n\nE66.01 J44.1\n")
    assert shown.code == 0
    assert [line.split()[0] for line in shown.out.splitlines()] == [
        "I10",
        "N17.9",
        "E66.01",
        "J44.1",
    ]
    assert "N17.9     valid            Acute kidney failure, unspecified  CC\n" in shown.out


def test_the_system_can_be_said(superbill: Superbill) -> None:
    assert superbill("code", "0SR9019", *DAY, "--system", "pcs").code == 0
    assert superbill("code", "0SR9019", *DAY, "--system", "cm").code == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["I10"], "Missing option '--on'."),
        (["I10", "--on", "March"], "--on: 'March' is not a date."),
        (["I10", "--on", "2041-01-01"], "is not covered on 2041-01-01."),
        (["I10", "--on", "2026-01-01", "--store", "nowhere.sqlite"], "nowhere.sqlite"),
    ],
)
def test_what_cannot_be_answered(args: list[str], message: str, superbill: Superbill) -> None:
    shown = superbill("code", *args)
    assert (shown.code, shown.out) == (2, "")
    assert message in shown.err
    assert "\n  fix: " in shown.err
