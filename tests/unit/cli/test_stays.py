"""``superbill adjudicate``, ``group`` and ``price``: what is shown, written and returned."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.adjudication import Ask, Engine
from superbill.bulk import Done, decide, run
from superbill.cli import desk
from superbill.cli.desk import Desk
from superbill.model import Decision, read
from tests.contracts.tree import ROOT
from tests.unit.cli.conftest import Superbill
from tests.unit.sources.test_psf import HEADER, csv_line

EXAMPLES = ROOT / "examples"
HEART = EXAMPLES / "heart_failure.json"
MANY = EXAMPLES / "many_stays.jsonl"
LATE = {"admission_date": "2031-02-23", "discharge_date": "2031-03-01", "procedures": []}


@pytest.fixture(autouse=True)
def _stored(stored: Path) -> None:
    """Every test here reads the store."""


def stay(**changes: Any) -> dict[str, Any]:
    """The first example with some fields replaced."""
    return {**json.loads(HEART.read_text(encoding="utf-8")), **changes}


def test_one_stay_is_shown_from_its_codes_to_who_pays(superbill: Superbill) -> None:
    shown = superbill("adjudicate", HEART)
    assert (shown.code, shown.err) == (0, "")
    order = ["Stay EX-HF-001", "Diagnoses", "Procedures", "Edits", "  291  ", "Payment: IPPS"]
    order += ["Payer 1: Medicare Part A", "Payer 2: ", "Who pays what", "charges  "]
    places = [shown.out.index(part) for part in order]
    assert places == sorted(places)
    assert "Acute on chronic systolic (congestive) heart failure" in shown.out
    assert all(line == line.rstrip() for line in shown.out.splitlines())


def test_json_is_the_decision(superbill: Superbill) -> None:
    shown = superbill("adjudicate", HEART, "--json")
    decision = msgspec.json.decode(shown.out, type=Decision)
    assert decision.encounter_id == "EX-HF-001"
    assert decision.grouping is not None
    assert decision.grouping.drg == "291"
    assert decision.charges == decision.paid + decision.written_off + decision.patient


@pytest.mark.parametrize("place", ["before", "after"])
def test_explain_may_stand_anywhere_without_its_form(place: str, superbill: Superbill) -> None:
    args = ["--explain", HEART] if place == "before" else [HEART, "--explain"]
    shown = superbill("adjudicate", *args)
    assert shown.code == 0
    assert "├── IPPS FY26: $" in shown.out
    assert "(FY 2026 IPPS final rule" in shown.out
    assert "by: 42 CFR 412.64" in shown.out


def test_explained_as_markdown_and_as_json(superbill: Superbill) -> None:
    assert superbill("adjudicate", HEART, "--explain", "markdown").out.startswith(
        "# Stay EX-HF-001"
    )
    tree = json.loads(superbill("adjudicate", HEART, "--explain", "json").out)
    assert [part["name"] for part in tree["children"]][1:3] == ["MS-DRG version 43.0", "IPPS FY26"]
    steps = json.loads(superbill("adjudicate", HEART, "--explain", "--json").out)
    assert steps["payment"]["trace"]


def test_without_explaining_the_decision_has_no_steps_for_many(superbill: Superbill) -> None:
    for line in superbill("adjudicate", MANY, "--json").out.splitlines():
        payment = json.loads(line)["payment"]
        assert payment is None or payment["trace"] == []


def test_what_if_says_what_each_code_is_worth(superbill: Superbill) -> None:
    shown = superbill("adjudicate", EXAMPLES / "transfer_outlier.json", "--what-if", "--json")
    cases = json.loads(shown.out)["grouping"]["what_if"]
    changing = [case for case in cases if case["changes"]]
    assert [case["drg"] for case in changing if not case["also"]] == ["219"]
    # The codes that are each enough for the level change it only together.
    assert [case["drg"] for case in changing if case["also"]] == ["217"]
    assert all(case["weight"] and case["payment"] for case in changing)


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_stays_are_the_same_as_one_by_one(jobs: int) -> None:
    with Engine() as engine, MANY.open("rb") as lines:
        outcomes = list(run(lines, jobs=jobs))
        for line, outcome in zip(MANY.read_bytes().splitlines(), outcomes, strict=True):
            assert isinstance(outcome, Done)
            alone = decide(read.encounter(line), engine, Ask(detail=False))
            assert msgspec.json.decode(outcome.output.output, type=Decision) == alone


def test_many_stays_are_a_line_each(superbill: Superbill) -> None:
    shown = superbill("adjudicate", MANY)
    heading, *rows = shown.out.splitlines()
    assert heading.split()[:3] == ["stay", "DRG", "payment"]
    assert [row.split()[0] for row in rows] == [f"EX-MANY-{n:03}" for n in range(1, 21)]


@pytest.mark.parametrize("more", [[], ["--jobs", "2"], ["--what-if"]])
def test_a_bad_record_is_reported_with_its_line_and_the_rest_go_on(
    more: list[str], tmp_path: Path, superbill: Superbill
) -> None:
    good = json.dumps(stay())
    wrong = json.dumps(stay(id="W", discharge_date="2026-02-30"))
    late = json.dumps(stay(id="L", **LATE))
    path = tmp_path / "stays.jsonl"
    path.write_text("\n".join([good, wrong, "", good[:-9], late, good]), encoding="utf-8")
    shown = superbill("adjudicate", path, "--json", *more)
    assert shown.code == 2
    assert [json.loads(line)["encounter_id"] for line in shown.out.splitlines()] == [
        "EX-HF-001"
    ] * 2
    said = [json.loads(line) for line in shown.err.splitlines()]
    assert {(one["line"], one["error"]) for one in said} == {
        (2, "invalid"),
        (4, "invalid"),
        (5, "not_covered"),
    }
    assert said[0]["path"] == "discharge_date"
    assert all(one["file"] == str(path) for one in said)


def test_several_files_and_standard_input(superbill: Superbill) -> None:
    shown = superbill("adjudicate", HEART, "-", "--json", stdin=MANY.read_bytes())
    ids = [json.loads(line)["encounter_id"] for line in shown.out.splitlines()]
    assert (shown.code, len(ids), ids[0]) == (0, 21, "EX-HF-001")


def test_a_list_of_stays_is_read_too(tmp_path: Path, superbill: Superbill) -> None:
    path = tmp_path / "stays.json"
    path.write_text(
        json.dumps([stay(id="A"), stay(id="B", discharge_status=1), stay(id="C")], indent=1)
    )
    shown = superbill("adjudicate", path, "--json")
    assert shown.code == 2
    assert [json.loads(line)["encounter_id"] for line in shown.out.splitlines()] == ["A", "C"]


def test_a_file_that_is_not_there_does_not_stop_the_others(superbill: Superbill) -> None:
    shown = superbill("adjudicate", "nowhere.json", HEART, "--json")
    assert shown.code == 2
    assert json.loads(shown.out)["encounter_id"] == "EX-HF-001"
    assert json.loads(shown.err)["file"] == "nowhere.json"


def test_strict_fails_where_a_claim_is_not_clean(superbill: Superbill) -> None:
    assert superbill("adjudicate", HEART).code == 0
    assert superbill("adjudicate", HEART, "--strict").code == 1
    assert superbill("adjudicate", MANY, "--strict").code == 1


def test_the_hospital_of_a_file_stands_before_the_stay_s(
    tmp_path: Path, superbill: Superbill
) -> None:
    path = tmp_path / "hospital.toml"
    profile = (EXAMPLES / "hospital.toml").read_text(encoding="utf-8")
    path.write_text(profile.replace('"0.9124"', '"1.9124"'), encoding="utf-8")
    own = json.loads(superbill("price", "ipps", HEART, "--json").out)
    other = json.loads(superbill("price", "ipps", HEART, "--json", "--hospital", path).out)
    assert own["figures"]["PPS-WAGE-INDX"] == "0.9124"
    assert other["figures"]["PPS-WAGE-INDX"] == "1.9124"
    path.write_text("wage_index = 1.2", encoding="utf-8")
    shown = superbill("price", "ipps", HEART, "--hospital", path)
    assert shown.code == 2
    assert f"{path}: ccn" in shown.err


def test_the_hospital_is_looked_up_in_a_provider_specific_file(
    tmp_path: Path, superbill: Superbill
) -> None:
    path = tmp_path / "providers.csv"
    lines = [",".join(HEADER), csv_line(providerCcn="360870", bedSize="321"), csv_line()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ((_, found),) = Desk(as_json=False, hospital=path).stays((HEART,))
    assert found.hospital is not None
    assert (found.hospital.ccn, found.hospital.bed_size) == ("360870", 321)
    path.write_text("\n".join([lines[0], csv_line()]) + "\n", encoding="utf-8")
    desk.provider.cache_clear()
    shown = superbill("price", "ipps", HEART, "--hospital", path)
    assert (shown.code, shown.out) == (2, "")
    assert "0 records of 360870 on 2026-03-01" in shown.err


def test_the_claim_is_written_whole(tmp_path: Path, superbill: Superbill) -> None:
    path = tmp_path / "claim.edi"
    path.write_text("what was there before")
    shown = superbill("adjudicate", HEART, "--write-837", path, "--control-number", 7)
    assert shown.code == 0
    assert f"837 written: 1 claim, {path.stat().st_size:,} bytes: {path}\n" in shown.out
    assert path.read_text().startswith("ISA*00*")
    assert "*000000007*" in path.read_text()
    assert [left.name for left in tmp_path.iterdir() if left.is_file()] == ["claim.edi"]


def test_control_numbers_go_on(tmp_path: Path, superbill: Superbill) -> None:
    numbers = []
    for name in ("one", "two"):
        superbill("adjudicate", HEART, "--write-837", tmp_path / name)
        numbers.append(int((tmp_path / name).read_text().split("*")[13]))
    assert numbers[1] == numbers[0] + 1


@pytest.mark.parametrize("where", ["no/such/folder/claim.edi", "."])
def test_a_claim_that_cannot_be_written_leaves_nothing(
    where: str, tmp_path: Path, superbill: Superbill
) -> None:
    shown = superbill("adjudicate", HEART, "--write-837", tmp_path / where)
    assert shown.code == 2
    assert "error: " in shown.err
    assert "Traceback" not in shown.err


def test_what_is_read_is_not_written_over(tmp_path: Path, superbill: Superbill) -> None:
    path = tmp_path / "stay.json"
    path.write_bytes(HEART.read_bytes())
    shown = superbill("adjudicate", path, "--write-837", path)
    assert shown.code == 2
    assert path.read_bytes() == HEART.read_bytes()


def test_group_says_what_drives_the_drg_and_what_would_change_it(superbill: Superbill) -> None:
    shown = superbill("group", EXAMPLES / "transfer_outlier.json")
    assert shown.code == 0
    assert "  216  Cardiac Valve and Other Major Cardiothoracic Procedures" in shown.out
    assert "  without 4A023N7: 219 " in shown.out
    short = superbill("group", EXAMPLES / "transfer_outlier.json", "--no-what-if")
    assert "What would change it" not in short.out


def test_group_needs_neither_charges_nor_payers(tmp_path: Path, superbill: Superbill) -> None:
    path = tmp_path / "bare.json"
    bare = stay()
    for field in ("lines", "payers", "hospital", "value_codes"):
        del bare[field]
    path.write_text(json.dumps(bare))
    found = json.loads(superbill("group", path, "--json").out)
    assert found["final"]["drg"] == "291"


def test_price_says_the_payment_whoever_pays(superbill: Superbill) -> None:
    shown = superbill("price", "ipps", EXAMPLES / "self_pay.json")
    assert shown.code == 0
    assert "Payment: IPPS FY26" in shown.out
    explained = superbill("price", "ipps", HEART, "--explain")
    assert "└── return code: 14" in explained.out


@pytest.mark.parametrize("command", [["adjudicate"], ["group"], ["price", "ipps"]])
@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"diagnoses": [{"code": "I50.99", "poa": "Y"}]}, "diagnoses[0].code"),
        ({"diagnoses": [{"code": "I50.2", "poa": "Y"}]}, "diagnoses[0].code"),
        ({"discharge_date": "2026-13-01"}, "discharge_date"),
        ({"diagnoses": "I50.23"}, "diagnoses"),
        ({"lines": [{"revenue_code": "0120", "charge": "-5.00"}]}, "lines[0].charge"),
        ({"id": "x" * 200_000}, "id"),
        ({"discharge_status": 6}, "discharge_status"),
        ({"covered_days": 40}, "covered_days"),
    ],
)
def test_bad_input_is_told_with_its_place_and_a_way_out(
    command: list[str], changes: dict[str, Any], path: str, tmp_path: Path, superbill: Superbill
) -> None:
    file = tmp_path / "stay.json"
    file.write_text(json.dumps(stay(**changes)), encoding="utf-8")
    shown = superbill(*command, file, "--json")
    assert (shown.code, shown.out) == (2, "")
    said = [json.loads(line) for line in shown.err.splitlines()]
    assert path in [one["path"] for one in said]
    assert all(one.get("fix") or "is expected" in one["message"] for one in said)
    assert len(shown.err) < 5_000


@pytest.mark.parametrize(
    ("changes", "path", "message", "fix"),
    [
        (LATE, "discharge_date", "MS-DRG grouping is not covered on 2031-03-01.", "The installed"),
        (
            {"hospital": {"ccn": "360870", "effective_date": "2025-10-01"}},
            "hospital.wage_index",
            "The wage index of hospital 360870 for fiscal year 2026 is not covered on 2026-03-01.",
            "Give wage_index in the hospital's profile",
        ),
        (
            {"hospital": None},
            "hospital",
            "The payment profile of hospital 360870 is not covered on 2026-03-01.",
            "Give it in the stay's hospital",
        ),
        ({"payers": []}, "payers", "none are given", ""),
    ],
)
def test_what_is_not_covered_is_told_with_its_place_and_a_way_out(
    changes: dict[str, Any],
    path: str,
    message: str,
    fix: str,
    tmp_path: Path,
    superbill: Superbill,
) -> None:
    file = tmp_path / "stay.json"
    file.write_text(json.dumps(stay(**changes)), encoding="utf-8")
    target = tmp_path / "claim.edi"
    shown = superbill("adjudicate", file, "--json", "--write-837", target)
    assert (shown.code, shown.out, target.exists()) == (2, "", False)
    (said,) = [json.loads(line) for line in shown.err.splitlines()]
    assert (said["error"], said["path"]) == ("not_covered", path)
    assert message in said["message"]
    assert said.get("fix", "").startswith(fix)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\x00\xff\xfe\x00",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"id": "a"',
        b"\xff\xfe{\x00",
    ],
)
@pytest.mark.parametrize("name", ["stay.json", "stays.jsonl", "stays.jsonl.gz"])
def test_what_is_no_stay_is_refused_without_a_traceback(
    name: str, content: bytes, tmp_path: Path, superbill: Superbill
) -> None:
    (tmp_path / name).write_bytes(content)
    shown = superbill("adjudicate", tmp_path / name)
    assert (shown.code, shown.out) == (2, "")
    assert "Traceback" not in shown.err


def test_a_folder_is_no_file(tmp_path: Path, superbill: Superbill) -> None:
    shown = superbill("adjudicate", tmp_path)
    assert (shown.code, shown.out) == (2, "")
    assert "Is a directory" in shown.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("args", [["adjudicate", "--json"], ["group"], ["price", "ipps"]])
def test_an_output_that_is_full_is_not_blamed_on_the_input(args: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "superbill.cli", *args, str(MANY)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert MANY.name not in done.stderr.splitlines()[-1]
    assert "Make room" in done.stderr
