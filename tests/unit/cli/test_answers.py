"""``superbill x12 eligibility`` and ``status``: what payers answer, in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Superbill
from tests.unit.interop.inquiries.test_meaning import ANSWER
from tests.unit.interop.reader.files import SAMPLES, clean
from tests.unit.interop.reader.test_ledger import ack_277


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "answer.271"
    path.write_bytes(ANSWER)
    return path


def test_who_is_covered_and_for_what(superbill: Superbill, answer: Path) -> None:
    shown = superbill("x12", "eligibility", answer)
    assert (shown.code, shown.err) == (0, "")
    for said in (
        "ELEANOR SAMPLE (M1), PAYER (P1): covered",
        "plan begins: 2026-01-01",
        "eligible from: 2026-01-01 to 2026-12-31",
        "deductible, $400.00, remaining, one person: the health plan as a whole",
        "coinsurance, 20 %, in network: office visit",
        "copay, $60.00, out of network: office visit",
        "limit, 20 VS, a calendar year: chiropractic",
        "another payer, OTHER PAYER (O1)",
        "CALL FIRST",
    ):
        assert said in shown.out


def test_one_kind_of_service(superbill: Superbill, answer: Path) -> None:
    shown = superbill("x12", "eligibility", answer, "--service", "98", "--json")
    told = json.loads(shown.out)
    assert told["active"] is True
    assert [b["said"].split(",")[0] for b in told["benefits"]] == [
        "coinsurance",
        "copay",
        "copay",
        "most out of pocket",
    ]


def test_no_coverage_ends_with_1(superbill: Superbill, answer: Path) -> None:
    answer.write_bytes(ANSWER.replace(b"EB*1**30**GOLD", b"EB*6**30"))
    shown = superbill("x12", "eligibility", answer)
    assert shown.code == 1
    assert "not covered" in shown.out


def test_where_claims_are(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "answer.277"
    path.write_bytes(ack_277(("C1", "A2:20:PR", "WQ"), ("C2", "A7:562:85", "U")))
    shown = superbill("x12", "status", path)
    assert shown.code == 1
    assert "claim C1, ELEANOR SAMPLE (M1)" in shown.out
    assert "Rejected: something is wrong (a party's National Provider Identifier; 85)." in shown.out
    lines = superbill("x12", "status", path, "--json").out.splitlines()
    assert [json.loads(line)["trace"] for line in lines][-2:] == ["C1", "C2"]
    path.write_bytes(ack_277(("C1", "A2:20:PR", "WQ")))
    assert superbill("x12", "status", path).code == 0


@pytest.mark.parametrize(("command", "kind"), [("eligibility", "270"), ("status", "276")])
def test_questions_are_shown_too(
    command: str, kind: str, superbill: Superbill, tmp_path: Path
) -> None:
    path = tmp_path / "question.edi"
    path.write_bytes(clean(kind))
    for options in ((), ("--json",)):
        shown = superbill("x12", command, path, *options)
        assert (shown.code, shown.err) == (0, "")
        assert shown.out


def test_what_is_something_else_ends_with_2(superbill: Superbill, answer: Path) -> None:
    shown = superbill("x12", "status", answer)
    assert shown.code == 2
    assert "holds no 276, 277 or 277CA" in shown.err
    missing = superbill("x12", "eligibility", answer.with_name("none"))
    assert missing.code == 2
    assert "Traceback" not in missing.err


@pytest.mark.shared
def test_every_sample_is_shown_or_refused(superbill: Superbill) -> None:
    for kind, command in {
        "270": "eligibility",
        "271": "eligibility",
        "276": "status",
        "277": "status",
        "277CA": "status",
    }.items():
        for path in sorted((SAMPLES / kind).glob("*")):
            shown = superbill("x12", command, path)
            assert shown.code in {0, 1, 2}
            assert bool(shown.out) or shown.code == 2
