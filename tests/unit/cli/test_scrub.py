"""``superbill scrub``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Superbill
from tests.unit.edits.lines.conftest import TABLE, built, files

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def edits_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of NCCI's files alone."""
    folder = tmp_path_factory.mktemp("ncci")
    files(folder, TABLE)
    return built(folder, tmp_path_factory.mktemp("store") / "reference.sqlite")


def document(*codes: str, name: str = "V1", day: str = "2026-05-04", **more: Any) -> str:
    lines = [{"code": code, "charge": "100.00"} for code in codes]
    patient = {"last_name": "E", "first_name": "P", "birth_date": "1950-01-01", "sex": "F"}
    told = {
        "id": name,
        "patient": patient,
        "biller": {"name": "EXAMPLE PRACTICE", "npi": "1234567893"},
        "service_date": day,
        "diagnoses": ["Z00.00"],
        "lines": lines,
    }
    return json.dumps(told | more)


def test_a_finding_says_what_where_and_how(superbill: Superbill, edits_store: Path) -> None:
    store = ("--store", edits_store)
    shown = superbill("scrub", "-", *store, stdin=document("G0101", "G0103").encode())
    assert (shown.code, shown.err) == (1, "")
    words = " ".join(shown.out.split())
    assert "Claim V1" in words
    assert "lines[1].code G0103: G0103 is not paid beside G0101 (lines[0])" in words
    assert "fix: Report G0101 alone." in words
    assert "not checked: lines.code" in words


def test_many_are_a_report_a_line(superbill: Superbill, edits_store: Path) -> None:
    good, bad = document("G0101", name="V1"), document("G0101", "G0103", name="V2")
    broken = document("G0101", name="V3", day="2026-13-01")
    stdin = "\n".join((good, broken, bad)).encode()
    shown = superbill("scrub", "-", "--json", "--store", edits_store, stdin=stdin)
    assert shown.code == 2
    reports = [json.loads(line) for line in shown.out.splitlines()]
    assert [report["id"] for report in reports] == ["V1", "V2"]
    assert [len(report["findings"]) for report in reports] == [0, 1]
    assert reports[0]["ran"]
    assert reports[0]["not_checked"]
    (refusal,) = [json.loads(line) for line in shown.err.splitlines()]
    assert (refusal["line"], refusal["path"]) == (2, "service_date")


def test_strict_wants_every_rule_run(superbill: Superbill, edits_store: Path) -> None:
    stdin = document("G0101").encode()
    assert superbill("scrub", "-", "--store", edits_store, stdin=stdin).code == 0
    assert superbill("scrub", "-", "--strict", "--store", edits_store, stdin=stdin).code == 1


def test_filing_too_late(superbill: Superbill, edits_store: Path) -> None:
    payers = [{"kind": "medicare_part_b", "name": "Medicare"}]
    stdin = document("G0101", payers=payers).encode()
    for day, code in (("2027-05-04", 0), ("2027-05-05", 1)):
        args = ("scrub", "-", "--filed-on", day, "--store", edits_store)
        assert superbill(*args, stdin=stdin).code == code
    assert superbill("scrub", "-", "--filed-on", "soon", "--store", edits_store).code == 2


def test_the_examples(superbill: Superbill, stored: Path) -> None:
    shown = superbill("scrub", EXAMPLES / "office_visit.json", EXAMPLES / "heart_failure.json")
    assert shown.err == ""
    assert shown.code == 0
    assert "Claim VISIT-1001" in shown.out
    assert "rules ran" in shown.out


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        (b"", "nothing in it"),
        (b"[]", "nothing in the list"),
        (b'{"biller": {}}', "it is missing"),
        (b"\x00\x01", "error"),
        (b'{"id": "V1", "biller"', "error"),
    ],
)
def test_bad_documents(superbill: Superbill, edits_store: Path, stdin: bytes, words: str) -> None:
    shown = superbill("scrub", "-", "--store", edits_store, stdin=stdin)
    assert (shown.code, shown.out) == (2, "")
    assert words in shown.err
    assert "Traceback" not in shown.err
