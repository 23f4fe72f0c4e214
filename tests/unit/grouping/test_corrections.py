"""Each known fault of the package, with and without its cure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from superbill.grouping.msdrg import Engine, GrouperClaim, group_claim
from superbill.grouping.msdrg.corrections import (
    BARIATRIC_PRINCIPALS,
    CATHETER_CODES,
    catheter_present,
    correct,
    secondary_obesity,
    single_level_fusions,
    unknown_hospital,
)
from superbill.model import Grouping
from superbill.sources.msdrg_tables import DiagnosisTable

ANTERIOR = ["0SG00A0", "0RGA0A0", "0SG30A0"]
POSTERIOR = ["0SG0071", "0RGA071", "0SG3071"]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def _group(
    engine: Engine,
    diagnoses: list[tuple[str, str]],
    procedures: list[str] | None = None,
    *,
    version: int = 431,
    hospital: str = "NON_EXEMPT",
) -> Grouping:
    return group_claim(
        GrouperClaim(version, tuple(diagnoses), tuple(procedures or ()), 70, "F", "01", hospital),
        engine=engine,
    )


@pytest.mark.parametrize("fusions", [ANTERIOR, POSTERIOR])
@pytest.mark.parametrize("version", [420, 421, 430, 431, 440])
def test_f1_holds_back_a_surplus_fusion_from_one_side(fusions: list[str], version: int) -> None:
    kept = single_level_fusions(fusions, version)
    assert len(kept) == 2
    assert set(kept) < set(fusions)


def test_f1_leaves_fusions_from_both_sides_alone() -> None:
    both = [*ANTERIOR, POSTERIOR[0]]
    assert single_level_fusions(both, 431) == both


def test_f1_keeps_one_of_each_kind_of_device() -> None:
    # XRG... with a custom-made device is of another kind: it decides between DRGs 447 and 448.
    kept = single_level_fusions(["0SG00A0", "0RGA0A0", "XRGA0R7"], 431)
    assert "XRGA0R7" in kept
    assert len(kept) == 2


def test_f1_keeps_the_earlier_of_a_code_billed_twice() -> None:
    assert single_level_fusions(["0SG00A0", "02703DZ", "0SG00A0", "0SG00A0"], 431) == [
        "0SG00A0",
        "02703DZ",
        "0SG00A0",
    ]


def test_f1_does_not_apply_before_the_split_of_2024() -> None:
    diagnoses = [("M48061", "Y")]
    assert correct(diagnoses, ANTERIOR, 411, "NON_EXEMPT").procedures == ANTERIOR
    assert correct(diagnoses, ANTERIOR, 420, "NON_EXEMPT").applied == ("F1",)


def test_f1_reports_every_code_as_billed(engine: Engine) -> None:
    grouping = _group(engine, [("M48.061", "Y")], ANTERIOR)
    assert [code.code for code in grouping.codes[1:]] == ANTERIOR
    assert all(code.recognized for code in grouping.codes)


def test_f2_gives_a_secondary_obesity_code_as_present_on_admission(engine: Engine) -> None:
    billed = [("I5023", "Y"), ("E6601", " "), ("L89154", "N")]
    assert secondary_obesity(billed) == [("I5023", "Y"), ("E6601", "Y"), ("L89154", "N")]
    assert secondary_obesity([("E6601", " ")]) == [("E6601", " ")]
    # The ulcer's HAC is met and nothing is missing that the grouper looks at: not DRG 999.
    grouping = _group(engine, billed)
    assert (grouping.initial.drg, grouping.drg) == ("291", "293")
    assert grouping.final.return_code == "OK"
    assert grouping.corrections[0].startswith("F2")


def test_the_program_still_has_the_faults_that_are_cured(engine: Engine) -> None:
    """A fault that vanishes with a later package must not leave its cure behind."""

    def uncured(diagnoses: list[tuple[str, str]], procedures: list[str]) -> dict[str, Any]:
        coded = [{"code": code, "poa": poa} for code, poa in diagnoses]
        request = {
            "version": 431,
            "age": 70,
            "sex": 1,
            "discharge_status": 1,
            "hospital_status": "NOT_EXEMPT",
            "pdx": coded[0],
            "sdx": coded[1:],
            "procedures": [{"code": code} for code in procedures],
        }
        answer: dict[str, Any] = json.loads(engine._program(json.dumps(request).encode()))
        return answer

    assert uncured([("M48061", "Y")], ANTERIOR)["final_drg"] == 428  # F1
    f2 = uncured([("I5023", "Y"), ("E6601", " "), ("L89154", "N")], [])
    assert f2["final_drg"] == 999
    f4 = uncured([("I5023", "Y"), ("T83511A", "Y"), ("N390", "N")], [])
    assert f4["grouper_flags"]["num_hac_categories_satisfied"] == 1


@pytest.mark.parametrize(
    ("code", "diagnoses", "expected"),
    [
        # one diagnosis other than Y or W: the program's own code stands
        ("HAC_STATUS_INVALID_POA_N_OR_U", [("I10", "Y"), ("L89154", "N")], None),
        # the principal diagnosis counts as well
        ("HAC_STATUS_INVALID_POA_N_OR_U", [("I10", "N"), ("L89154", "N")], "MULT"),
        ("HAC_STATUS_INVALID_POA_INVALID_OR_1", [("I10", " "), ("L89154", " ")], "MULT"),
        ("OK", [("I10", " "), ("L89154", " ")], None),
    ],
)
def test_f3_counts_the_principal_diagnosis_too(
    code: str, diagnoses: list[tuple[str, str]], expected: str | None
) -> None:
    found = unknown_hospital(code, diagnoses)
    assert found == ("HAC_STATUS_INVALID_MULT_HACS_POA_NOT_Y_W" if expected else code)


def test_f3_in_a_grouping(engine: Engine) -> None:
    grouping = _group(engine, [("I50.23", "N"), ("L89.154", "N")], hospital="UNKNOWN")
    assert grouping.drg == "999"
    assert grouping.final.return_code == "HAC_STATUS_INVALID_MULT_HACS_POA_NOT_Y_W"
    assert grouping.corrections[0].startswith("F3")


def test_f4_needs_every_catheter_code_present_on_admission() -> None:
    infection = ("N390", "N")
    present = [("I5023", "Y"), ("T83511A", "Y"), infection]
    assert catheter_present(present, 431)[2] == ("N390", "Y")
    absent = [*present, ("T83518A", "N")]
    assert catheter_present(absent, 431) == absent
    principal_only = [("T83511A", "Y"), infection]
    assert catheter_present(principal_only, 431) == principal_only


def test_f4_in_a_grouping(engine: Engine) -> None:
    grouping = _group(engine, [("I50.23", "Y"), ("T83.511A", "Y"), ("N39.0", "")])
    assert grouping.hacs_met == ()
    assert grouping.hac_status == "NOT_APPLICABLE"
    assert grouping.corrections[0].startswith("F4")


def test_an_exempt_hospital_needs_no_cure_for_indicators() -> None:
    billed = [("I5023", "Y"), ("E6601", " "), ("T83511A", "Y"), ("N390", " ")]
    assert correct(billed, [], 431, "EXEMPT") == (billed, [], ())


def test_the_codes_named_here_are_those_of_the_tables() -> None:
    lists: dict[str, set[str]] = {"hac06_sdx": set(), "hac11_pdx": set()}
    for row in DiagnosisTable():
        for name in row.hac_lists:
            if name in lists:
                lists[name].add(row.code)
    assert lists["hac06_sdx"] == CATHETER_CODES
    assert lists["hac11_pdx"] == BARIATRIC_PRINCIPALS
