"""``superbill check``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Superbill

DAY = ("--on", "2026-05-01")


@pytest.fixture(autouse=True)
def _stored(stored: Path) -> None:
    """Every test here reads the store."""


def test_what_is_wrong_is_shown_with_its_mending_and_its_place(superbill: Superbill) -> None:
    shown = superbill("check", "I50.23", "i110", "N18.4", *DAY)
    assert (shown.code, shown.err) == (1, "")
    assert shown.out.startswith(
        "I50.23    Acute on chronic systolic (congestive) heart failure\n"
        "I11.0     Hypertensive heart disease with heart failure\n"
    )
    assert (
        "error  [conventions.code_first]\n"
        "  I50.23 is listed before I11.0, which Code first at I50 puts first.\n"
        "  fix: List I11.0 before I50.23, if it is the condition underneath.\n"
        "  see: ICD-10-CM tabular list, Code first at I50 (icd10cm.tabular April 2026)\n"
    ) in shown.out
    assert "section I.C.9.a.3" in shown.out
    assert "Not checked" not in shown.out
    assert max(map(len, shown.out.splitlines())) <= 96


def test_nothing_to_say(superbill: Superbill) -> None:
    shown = superbill("check", "I11.0", "I50.23", *DAY)
    assert shown.code == 0
    assert shown.out.endswith("\nNothing found.\n")


def test_a_question_is_no_error_unless_asked_strictly(superbill: Superbill) -> None:
    assert superbill("check", "I10", "I50.22", *DAY).code == 0
    assert superbill("check", "I10", "I50.22", *DAY, "--strict").code == 1
    assert superbill("check", "I11.0", "I50.22", *DAY, "--strict").code == 0


def test_json_has_the_codes_the_findings_and_the_lock(superbill: Superbill) -> None:
    args = ("O26.892", "Z3A.34", *DAY, "--age", "31", "--sex", "f", "--json")
    found = json.loads(superbill("check", *args).out)
    assert [code["dotted"] for code in found["codes"]] == ["O26.892", "Z3A.34"]
    assert (found["age"], found["sex"], found["setting"]) == (31, "F", "inpatient")
    (finding,) = found["findings"]
    assert finding["rule"] == "conventions.trimester"
    assert finding["where"] == "codes[0]"
    assert finding["facts"]["other"] == "codes[1]"
    assert len(found["lock"]) == 64
    assert "conventions.guidelines" in found["ran"]


def test_the_setting_matters(superbill: Superbill) -> None:
    inside = json.loads(superbill("check", "T07.XXXA", *DAY, "--json").out)
    outside = json.loads(
        superbill("check", "T07.XXXA", *DAY, "--setting", "outpatient", "--json").out
    )
    assert inside["findings"]
    assert not outside["findings"]


def test_records_come_from_standard_input_a_line_each(superbill: Superbill) -> None:
    text = b"I10 I50.22\n\nE11.9 Z79.4:Q\nG30.9 F02.80\n\xff\xfe\n"
    shown = superbill("check", "-", *DAY, "--json", stdin=text)
    assert shown.code == 2
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert [len(one["codes"]) for one in found] == [2, 2, 1]
    assert found[2]["findings"][0]["rule"] == "conventions.unknown_code"
    (bad,) = [json.loads(line) for line in shown.err.splitlines()]
    assert (bad["line"], bad["path"]) == (3, "codes[1]")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["I10"], "Missing option '--on'."),
        (["I10", "--on", "yesterday"], "'yesterday' is not a date."),
        ([*DAY], "Name codes to check, or --notes alone."),
        (["I10", "--notes", *DAY], "Name codes to check, or --notes alone."),
        (["", *DAY], "codes[0]: There is no code."),
        (["I10:Q", *DAY], "codes[0]: 'Q' is no present-on-admission indicator."),
        (["I10", *DAY, "--age", "200"], "age: 200 is no age."),
        (["I10", *DAY, "--age", "old"], "'old' is not a valid integer"),
        (["I10", *DAY, "--sex", "X"], "'X' is not one of"),
    ],
)
def test_bad_input_is_refused(args: list[str], message: str, superbill: Superbill) -> None:
    shown = superbill("check", *args)
    assert (shown.code, shown.out) == (2, "")
    assert message in shown.err
    assert "fix: " in shown.err or "--help" in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("0SR9019", "is an ICD-10-PCS procedure code"),
        ("Z91.19", "is not valid on 2026-05-01"),
        ("I50.2", "heads longer codes"),
        ("S72.001", "needs a seventh character"),
        ("T88.7A", "Fill the empty places with X: T88.7XXA"),
        ("I50.99", "is no ICD-10-CM code"),
        ("😀", "is not written as an ICD-10-CM code is"),
    ],
)
def test_what_is_no_code_says_what_it_lacks(code: str, says: str, superbill: Superbill) -> None:
    shown = superbill("check", code, *DAY)
    assert shown.code == 1
    assert says in " ".join(shown.out.split())


def test_a_day_without_its_list_says_what_was_read(superbill: Superbill) -> None:
    shown = superbill("check", "I50.23", "I11.0", "--on", "2026-03-01")
    assert shown.code == 0  # the notes of another day call nothing an error
    said = " ".join(shown.out.split())
    assert "The tabular list of 2026-03-01 is not held; the notes of April 2026 were read" in said


def test_the_notes_are_counted(superbill: Superbill) -> None:
    shown = superbill("check", "--notes", *DAY)
    assert "26,975 lines: " in shown.out
    found = json.loads(superbill("check", "--notes", *DAY, "--json").out)
    assert found["lines"] == found["understood"] + found["not_understood"] == 26_975
    assert len(found["left"]) == found["not_understood"]
    assert found["left"][0].keys() == {"at", "kind", "text", "why"}
