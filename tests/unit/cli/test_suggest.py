"""``superbill suggest`` and ``superbill guideline``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from superbill.encoder.suggestions import prepare
from tests.unit.cli.conftest import Superbill

DAY = ("--on", "2026-03-01")
NOTE = "A man of 70 years with hypothyroidism.\nNo fever. Acute on chronic systolic heart failure."


@pytest.fixture(autouse=True)
def _stored(stored: Path, reference_store: Path) -> None:
    """Every test here reads the store; its terms are made once for all."""
    terms = prepare(reference_store)
    (stored / terms.name).symlink_to(terms)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_text(NOTE)
    return file


def test_codes_with_their_words_in_context(superbill: Superbill, note: Path) -> None:
    shown = superbill("suggest", note, *DAY)
    assert (shown.code, shown.err) == (0, "")
    assert "Acute on chronic systolic (congestive) heart failure" in shown.out
    assert "»Acute on chronic systolic heart failure«" in shown.out
    assert "R50.9" in shown.out.partition("not suggested:")[2]


def test_json(superbill: Superbill, note: Path) -> None:
    shown = superbill("suggest", note, "-", *DAY, "--json", stdin=b"Gout of the foot.")
    first, second = (json.loads(line) for line in shown.out.splitlines())
    assert first["file"] == str(note)
    by_code = {each["code"]: each for each in first["suggestions"]}
    ((start, end),) = by_code["E03.9"]["evidence"]
    assert NOTE[start:end] == "hypothyroidism"
    assert 0 < by_code["E03.9"]["score"] < 1
    assert by_code["E03.9"]["guideline"] == "I.C.4"
    assert {"code", "score", "evidence", "rule", "why", "text"} == set(first["rejected"][0])
    assert second["file"] == "-"


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", 1, "The record is empty."),
        (b"a", 1, "Nothing in the record"),
        ("🙂 🎉".encode(), 1, "no words"),
        (bytes(range(256)) * 4, 2, "binary file"),
        (b"%PDF-1.7\n", 2, "cannot be read"),
    ],
)
def test_what_cannot_be_answered_is_said(
    superbill: Superbill, data: bytes, code: int, said: str
) -> None:
    shown = superbill("suggest", "-", *DAY, stdin=data)
    assert shown.code == code
    assert said in shown.out + shown.err


def test_one_bad_file_does_not_stop_the_others(
    superbill: Superbill, note: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "scan.bin"
    bad.write_bytes(b"\0" * 100)
    shown = superbill("suggest", bad, note, *DAY)
    assert shown.code == 2
    assert "scan.bin" in shown.err
    assert "E03.9" in shown.out
    assert superbill("suggest", tmp_path / "none.txt", *DAY).code == 2


def test_decisions_are_kept_and_counted(superbill: Superbill, note: Path, tmp_path: Path) -> None:
    kept = tmp_path / "taken.jsonl"
    args = ("suggest", note, *DAY, "--json", "--least", "0")
    before = json.loads(superbill(*args).out)
    for _ in range(20):
        taken = superbill(*args, "--record", kept, "--reject", "E03.9", "--accept", "I50.23")
        assert taken.code == 0
    assert len(kept.read_text().splitlines()) == 40
    assert "70 years" not in kept.read_text()
    after = json.loads(superbill(*args, "--learn", kept).out)
    scores = [
        {each["code"]: each["score"] for each in answer["suggestions"]}
        for answer in (before, after)
    ]
    assert scores[1]["E03.9"] < scores[0]["E03.9"]
    assert scores[1]["I50.23"] >= scores[0]["I50.23"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--accept", "E03.9"),
        ("--least", "2"),
        ("--record", "x.jsonl", "--accept", "X99.9"),
        ("--on", "yesterday"),
    ],
)
def test_wrong_use(superbill: Superbill, note: Path, wrong: tuple[str, ...]) -> None:
    shown = superbill("suggest", note, *wrong)
    assert shown.code == 2
    assert shown.err.startswith("error: ")


def test_guidelines_that_are_not_held(superbill: Superbill) -> None:
    shown = superbill("guideline", "I.C.9.a", *DAY)
    assert shown.code == 2
    assert "superbill data build --from" in shown.err
    assert superbill("guideline").code == 2
