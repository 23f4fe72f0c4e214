"""The Medicare Code Editor: every case of tests/cases/mce.toml, and what a finding says."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from superbill.edits.mce import (
    EDITOR_43_1_DAYS,
    Disagreement,
    Edited,
    Editor,
    attribution,
    edit,
    edit_claim,
    edit_rules,
    editor_claim,
)
from superbill.edits.mce.report import report
from superbill.model import Diagnosis, Encounter, Facility, Person, Procedure
from superbill.sources.msdrg_tables import mce_attributes

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "mce.toml").read_text(encoding="utf-8")
)["case"]


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with Editor() as opened:
        yield opened


def _stay(case: dict[str, Any]) -> Encounter:
    day = case.get("on", date(2026, 5, 6))
    return Encounter(
        id="T1",
        patient=Person(
            last_name="DOE",
            first_name="JANE",
            birth_date=date(1956, 1, 1),
            sex=case.get("sex", "F"),
        ),
        facility=Facility(name="General Hospital", ccn="010001", npi="1234567893"),
        admission_date=day - timedelta(days=case.get("days", 5)),
        discharge_date=day,
        discharge_status=case.get("status", "01"),
        admitting_diagnosis=case.get("admitting"),
        diagnoses=tuple(Diagnosis(code=code) for code in case["diagnoses"]),
        procedures=tuple(Procedure(code=code) for code in case.get("procedures", ())),
        age_years=case.get("age", 70),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_fires_as_published(case: dict[str, Any], editor: Editor) -> None:
    stay = _stay(case)
    found = edit(stay, on=stay.discharge_date, editor=editor)
    fired = [
        f"{finding.where}: {finding.rule.removeprefix('mce.').upper()}"
        for finding in found.findings
    ]
    assert sorted(fired) == sorted(case["edits"])
    assert found.not_checked == ()
    groups = {
        finding.facts["age_group"] for finding in found.findings if "age_group" in finding.facts
    }
    assert groups == ({case["age_group"]} if "age_group" in case else set())


def test_every_case_names_its_source() -> None:
    assert all(case["source"] for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_every_edit_has_a_case() -> None:
    shown = {entry.partition(": ")[2] for case in CASES for entry in case["edits"]}
    assert shown == set(edit_rules())


def test_a_finding_says_what_where_why_and_how_to_mend_it(editor: Editor) -> None:
    stay = _stay({"diagnoses": ["I50.23", "O80"]})
    (finding,) = edit(stay, on=stay.discharge_date, editor=editor).findings
    assert finding.rule == "mce.age_conflict"
    assert (finding.where, finding.code) == ("diagnoses[1]", "O80")
    assert "maternity (age 9 to 64); the patient was 70" in finding.message
    assert (finding.severity, finding.stage) == ("error", "prepayment")
    assert "birth date" in finding.remedy
    assert finding.facts["age"] == "70"
    assert "Definitions of Medicare Code Edits" in finding.citation
    assert finding.release == "msdrg 1.2.0"


def test_the_admitting_diagnosis_is_shown_but_not_counted(editor: Editor) -> None:
    stay = _stay({"diagnoses": ["I50.23"], "admitting": "O80"})
    (finding,) = edit(stay, on=stay.discharge_date, editor=editor).findings
    assert (finding.where, finding.code) == ("admitting_diagnosis", "O80")
    assert (finding.severity, finding.stage) == ("information", "none")


def test_an_invalid_admitting_diagnosis_leaves_the_type_none(editor: Editor) -> None:
    claim = editor_claim(
        diagnoses=["I50.23"],
        procedures=[],
        admitting="XXX",
        age=70,
        sex="F",
        discharge_status="01",
        length_of_stay=5,
    )
    found = edit_claim(claim, on=date(2026, 5, 6), editor=editor)
    assert found.edit_type == "NONE"
    assert found.counts == (("INVALID_ADMIT_DX", 1, "NONE", "NONE"),)


def test_every_edit_is_listed_as_run_on_a_clean_stay(editor: Editor) -> None:
    stay = _stay({"diagnoses": ["I50.23"]})
    found = edit(stay, on=stay.discharge_date, editor=editor)
    assert found.clean
    assert set(found.ran) == {f"mce.{name.lower()}" for name in edit_rules()}


@pytest.mark.parametrize("day", [date(1985, 9, 30), date(2027, 4, 1)])
def test_a_day_that_no_editor_serves_is_not_checked(day: date, editor: Editor) -> None:
    found = edit(_stay({"diagnoses": ["I50.23"], "on": day}), on=day, editor=editor)
    assert found.findings == ()
    assert found.ran == ()
    (missing,) = found.not_checked
    assert missing.rule == "mce"
    assert "1985-10-01 to 2027-03-31" in missing.reason


def test_the_published_editor_ends_before_the_packages(editor: Editor) -> None:
    claim = editor_claim(
        diagnoses=["I50.23"],
        procedures=[],
        admitting="",
        age=70,
        sex="F",
        discharge_status="01",
        length_of_stay=5,
    )
    for day, expected in [
        (date(2026, 9, 30), "NONE"),
        (date(2026, 10, 1), "INVALID_DISCHARGE_DATE"),
    ]:
        found = edit_claim(claim, on=day, editor=editor, serves=EDITOR_43_1_DAYS)
        assert found.edit_type == expected
    assert edit_claim(claim, on=date(2027, 3, 31), editor=editor).edit_type == "NONE"


def test_a_count_without_a_code_is_reported_and_not_passed_over(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("superbill.edits.mce.editor.fired", lambda _: [])
    stay = _stay({"diagnoses": ["I50.2", "J96.01"]})
    found = edit(stay, on=stay.discharge_date, editor=editor)
    (missing,) = found.not_checked
    assert missing.rule == "mce.invalid_code"
    assert "counts 1 of this edit and the codes account for 0" in missing.reason
    assert not found.clean


def test_an_edit_by_another_name_is_reported() -> None:
    edited = Edited("PREPAYMENT", disagreements=(Disagreement("NEW_EDIT", 2, 0),))
    stay = _stay({"diagnoses": ["I50.23"]})
    found = report(edited, stay, on=stay.discharge_date)
    assert [missing.rule for missing in found.not_checked] == ["mce.new_edit"]


def test_the_program_still_tests_the_stay_on_the_age(editor: Editor) -> None:
    """M1: a fault that vanishes with a later package must not leave its cure behind."""
    raw = editor._program(
        b'{"discharge_date":20260506,"age":3,"sex":1,"discharge_status":1,"icd_version":10,'
        b'"pdx":{"code":"J9601"},"sdx":[],"procedures":[{"code":"5A1955Z"}]}'
    )
    assert b"INCONSISTENT_WITH_LENGTH_OF_STAY" in raw


def test_the_program_still_passes_over_a_blank_principal_diagnosis(editor: Editor) -> None:
    """M3: the same."""
    raw = editor._program(
        b'{"discharge_date":20260506,"age":70,"sex":1,"discharge_status":1,"icd_version":10,'
        b'"pdx":{"code":""},"sdx":[],"procedures":[]}'
    )
    assert b"INVALID_CODE" not in raw


@pytest.mark.parametrize(
    "code", ["X" * 100_000, "I50.23\x00", '"', "é", "I50.23 I50.33", "I5023XXX", "?0"]
)
def test_what_cannot_be_a_code_is_invalid(code: str, editor: Editor) -> None:
    stay = _stay({"diagnoses": [code, "J96.01", code], "procedures": [code], "admitting": code})
    found = edit(stay, on=stay.discharge_date, editor=editor)
    assert [(finding.where, finding.rule) for finding in found.findings] == [
        ("diagnoses[0]", "mce.invalid_code"),
        ("diagnoses[2]", "mce.duplicate_of_pdx"),
        ("diagnoses[2]", "mce.invalid_code"),
        ("procedures[0]", "mce.invalid_code"),
        ("admitting_diagnosis", "mce.invalid_admit_dx"),
    ]
    assert found.not_checked == ()


def test_zeros_and_blanks_are_an_empty_field_but_for_the_principal(editor: Editor) -> None:
    for empty in ("", "  ", "0000", "00000000"):
        stay = _stay({"diagnoses": ["I50.23", empty], "procedures": [empty], "admitting": empty})
        assert edit(stay, on=stay.discharge_date, editor=editor).clean
        bare = _stay({"diagnoses": [empty]})
        findings = edit(bare, on=bare.discharge_date, editor=editor).findings
        assert [finding.rule for finding in findings] == ["mce.invalid_code"]


DAYS = [
    date(2015, 10, 1),
    date(2016, 9, 30),
    date(2018, 10, 1),
    date(2019, 9, 30),
    date(2019, 10, 1),
    date(2022, 3, 31),
    date(2022, 4, 1),
    date(2024, 9, 30),
    date(2024, 10, 1),
    date(2026, 5, 6),
    date(2027, 3, 31),
]


def test_the_codes_account_for_every_count_of_the_editor(editor: Editor) -> None:
    """Claims drawn from every list of the masters, on days around each change of the rules."""
    draw = random.Random(20260506)
    diagnoses = _by_attribute("ICD-10-CM")
    procedures = _by_attribute("ICD-10-PCS")
    seen: set[str] = set()
    for _ in range(3000):
        claim = editor_claim(
            diagnoses=[_one_of(diagnoses, draw) for _ in range(draw.randint(1, 6))]
            + (["0000"] if draw.random() < 0.05 else []),
            procedures=[_one_of(procedures, draw) for _ in range(draw.randint(0, 4))],
            admitting=_one_of(diagnoses, draw) if draw.random() < 0.5 else "",
            age=draw.choice([-1, 0, 1, 8, 9, 14, 15, 17, 18, 55, 56, 60, 61, 64, 65, 124, 125]),
            sex=draw.choice("MFU"),
            discharge_status=draw.choice(["01", "04", "20", "41", "69", "71", "00"]),
            length_of_stay=draw.randint(0, 8),
        )
        found = edit_claim(claim, on=draw.choice(DAYS), editor=editor)
        assert found.disagreements == (), claim
        seen |= {edit.edit for edit in found.fired}
    assert seen == set(edit_rules())


def _by_attribute(system: Any) -> list[list[str]]:
    lists: dict[str, list[str]] = {}
    for row in mce_attributes(system):
        for name in row.attributes or ("none",):
            lists.setdefault(name, []).append(row.code)
    return [lists[name] for name in sorted(lists)]


def _one_of(lists: list[list[str]], draw: random.Random) -> str:
    return draw.choice(draw.choice(lists))


def test_ventilation_days_are_those_of_the_law_of_hours() -> None:
    # more than 96 hours take at least part of a fifth day
    assert attribution.MECHANICAL_VENTILATION_DAYS == 96 // 24 + 1
