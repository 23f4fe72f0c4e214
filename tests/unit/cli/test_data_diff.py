"""``superbill data diff``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Superbill

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(autouse=True)
def _stored(stored: Path) -> None:
    """Every test here reads the store."""


def test_a_table_of_changes(superbill: Superbill) -> None:
    shown = superbill("data", "diff", "icd10cm", "FY2024", "FY2025")
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[:3] == [
        "ICD-10-CM: FY2024 to FY2025",
        "  from 2023-10-01 to 2024-10-01",
        "  new 252, retired 36, revised 13",
    ]
    assert "\nRetired\n" in shown.out
    assert "  A77.41    Ehrlichiosis chafeensis [E. chafeensis] → Ehrlichiosis" in shown.out
    assert "not checked  notes: the tabular list of 2023-10-01 and 2024-10-01" in shown.out
    assert max(map(len, lines)) <= 96


def test_only_some_kinds_and_only_the_counts(superbill: Superbill) -> None:
    retired = superbill("data", "diff", "icd10pcs", "FY2024", "April 2024", "--only", "retired")
    assert "\nRetired\n" in retired.out
    assert "\nNew\n" not in retired.out
    counted = superbill("data", "diff", "msdrg", "42", "43", "--summary")
    assert "new 5, retired 6" in counted.out
    assert "\nNew\n" not in counted.out


def test_json_has_every_change_and_the_lock(superbill: Superbill) -> None:
    found = json.loads(superbill("data", "diff", "cm", "FY2025", "FY2026", "--json").out)
    assert found["system"] == "icd10cm"
    assert found["counts"] == {"new": 487, "retired": 28}
    assert len(found["changes"]) == 515
    assert len(found["lock"]) == 64
    assert found["before"]["sources"][0].startswith("icd10cm.validity")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Missing argument 'SYSTEM'"),
        (("icd10cm", "FY2025"), "Missing argument 'AFTER'"),
        (("snomed", "FY2025", "FY2026"), "system: 'snomed' is none."),
        (("icd10cm", "FY2035", "FY2036"), "before: 'FY2035' is not held of ICD-10-CM."),
        (("icd10cm", "FY2025", "soon"), "after: 'soon' is no release of ICD-10-CM."),
        (("icd10cm", "", "FY2026"), "before: '' is no release"),
        (("icd10cm", "🦴", "FY2026"), "before: '🦴' is no release"),
        (("icd10cm", "word " * 10_000, "FY2026"), "is no release of ICD-10-CM."),
        (("icd10cm", "I50.23", "FY2026"), "before: 'I50.23' is no release"),
        (("icd10cm", "FY2026", "FY2025"), "FY2026 comes after FY2025."),
        (("hcpcs", "January 2026", "April 2026"), "Held: none. Others from their files"),
        (("icd10cm", "FY2025", "FY2026", "--touched"), "--touched says which stays of --claims"),
        (("hcpcs", "x", "y", "--claims", "-"), "--claims takes inpatient stays"),
        (("icd10cm", "FY2025", "FY2026", "--only", "x"), "'x' is not one of"),
    ],
)
def test_bad_input_gets_a_clear_answer(
    superbill: Superbill, args: tuple[str, ...], says: str
) -> None:
    shown = superbill("data", "diff", *args)
    assert (shown.code, shown.out) == (2, "")
    assert says in shown.err
    assert "Traceback" not in shown.err


def test_stays_before_and_after(superbill: Superbill, tmp_path: Path) -> None:
    """B88.0 is retired in FY2026; the example's other codes are as they were."""
    stay = json.loads((EXAMPLES / "heart_failure.json").read_text())
    coded = {**stay, "id": "EX-B880", "diagnoses": [*stay["diagnoses"], {"code": "B88.0"}]}
    file = tmp_path / "stays.jsonl"
    file.write_text("\n".join(map(json.dumps, (stay, coded))) + "\nnonsense\n")
    shown = superbill("data", "diff", "icd10cm", "FY2025", "FY2026", "--claims", file)
    assert shown.code == 2
    assert "EX-HF-001  as before\n" in shown.out
    assert "EX-B880  touched\n  B88.0     Other acariasis\n" in shown.out
    assert "FY2026      2026-03-01  DRG 291 Heart Failure and Shock with MCC" in shown.out
    assert "    with B88.0 → B88.09: 2026-03-01  DRG 291" in shown.out
    assert "2 stays: 1 touched, 0 regrouped" in shown.out
    assert "stays.jsonl:3" in shown.err


def test_touched_stays_as_json_lines(superbill: Superbill) -> None:
    text = (EXAMPLES / "many_stays.jsonl").read_bytes()
    args = ("data", "diff", "icd10cm", "FY2026", "April 2026", "--claims", "-", "--json")
    shown = superbill(*args, stdin=text)
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert shown.code == 0
    assert len(found) == len(text.splitlines())
    # CMS's update of April 2026 brought new codes alone: no group and no payment changes.
    assert {stay["regrouped"] for stay in found} == {False}
    assert {stay["payment_change"] for stay in found} <= {"0.00", None}
    assert any(stay["payment_change"] == "0.00" for stay in found)
    assert superbill(*args, "--touched", stdin=text).out == ""
