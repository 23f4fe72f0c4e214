"""``superbill x12 convert`` and ``superbill x12 write``: claims out of an 837 and into one."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from superbill.interop.x12.check import check_file
from superbill.interop.x12.typed import read
from tests.unit.cli.conftest import Superbill
from tests.unit.interop.reader.files import CLEAN, clean

EXAMPLES = Path(__file__).parents[3] / "examples"

PARTNER = """
[submitter]
name = "Example Billing"
id = "EB001"
phone = "5555550100"
[receiver]
name = "Example Clearinghouse"
id = "EC001"
[interchange]
sender = "EB001"
receiver = "EC001"
"""


@pytest.fixture(autouse=True)
def data(stored: Path) -> Path:
    return stored


@pytest.fixture
def partner(tmp_path: Path) -> Path:
    path = tmp_path / "partner.toml"
    path.write_text(PARTNER)
    return path


@pytest.mark.parametrize("kind", ["837P", "837I", "837D"])
def test_out_and_in_again(superbill: Superbill, kind: str, tmp_path: Path, partner: Path) -> None:
    lines, again = tmp_path / "claims.jsonl", tmp_path / "again.837"
    ran = superbill("x12", "convert", CLEAN[kind], "--to", "json", "-o", lines)
    assert ran.code == 0, ran.err
    first = json.loads(lines.read_text().splitlines()[0])
    assert first["kind"] == kind
    ran = superbill("x12", "write", lines, "--partner", partner, "-o", again)
    assert ran.code == 0, ran.err
    assert f"written to {again}." in ran.err
    assert check_file(again, level=4).findings == ()
    assert list(read(again)) == list(read(CLEAN[kind]))


def test_stays_are_claims_too(superbill: Superbill, tmp_path: Path, partner: Path) -> None:
    out = tmp_path / "stay.837"
    stay = EXAMPLES / "heart_failure.json"
    assert superbill("x12", "write", stay, "--partner", partner, "-o", out).code == 0
    assert check_file(out, level=4).findings == ()
    (claim,) = read(out)
    assert (claim.kind, claim.id) == ("837I", json.loads(stay.read_text())["id"])


@pytest.mark.parametrize("name", ["office_visit", "outpatient_surgery"])
def test_visits_are_claims_too(
    superbill: Superbill, name: str, tmp_path: Path, partner: Path
) -> None:
    out, visit = tmp_path / "visit.837", EXAMPLES / f"{name}.json"
    ran = superbill("x12", "write", visit, "--partner", partner, "-o", out)
    assert ran.code == 0, ran.err
    assert check_file(out, level=4).findings == ()
    (claim,) = read(out)
    document = json.loads(visit.read_text())
    assert (claim.kind, claim.id) == ("837P", document["id"])
    assert [line.service.code for line in claim.lines] == [x["code"] for x in document["lines"]]
    assert [c.filing for c in claim.coverages] == ["MB", "CI"]
    visit = tmp_path / "day.json"
    visit.write_text(json.dumps(document | {"form": "outpatient"}))
    ran = superbill("x12", "write", visit, "--partner", partner, "-o", out)
    assert (ran.code, "day.json:1: form:" in ran.err) == (2, True)


def test_a_bad_record_is_told_with_its_line_and_the_rest_go_on(
    superbill: Superbill, tmp_path: Path, partner: Path
) -> None:
    lines, out = tmp_path / "claims.jsonl", tmp_path / "out.837"
    superbill("x12", "convert", CLEAN["837P"], "--to", "json", "-o", lines)
    good = lines.read_text().splitlines()[0]
    short = json.dumps(json.loads(good) | {"charge": "1.00", "patient": {}})
    wrong = json.dumps(json.loads(good) | {"lines": 3})
    lines.write_text(f"{wrong}\n{good}\n\nnot json\n{short}\n")
    ran = superbill("x12", "write", lines, "--partner", partner, "-o", out, "--json")
    assert ran.code == 2
    told = [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]
    assert {each["line"] for each in told} == {1, 4, 5}
    assert {"lines", "patient.last_name", "charge"} <= {each.get("path") for each in told}
    assert all(each["fix"] for each in told)
    assert len(list(read(out))) == 1


def test_nothing_good_leaves_no_file(superbill: Superbill, tmp_path: Path, partner: Path) -> None:
    bad, out = tmp_path / "bad.jsonl", tmp_path / "out.837"
    bad.write_text('{"kind": "837P"}\n{"kind": "837X"}\n')
    ran = superbill("x12", "write", bad, "--partner", partner, "-o", out)
    assert ran.code == 2
    assert not out.exists()
    assert "bad.jsonl:1: id: it is missing." in ran.err
    for content in ("", "[]", "[{}"):
        bad.write_text(content)
        ran = superbill("x12", "write", bad, "--partner", partner, "-o", out)
        assert (ran.code, out.exists()) == (2, False)
        assert "Traceback" not in ran.err


def test_numbers_never_repeat(superbill: Superbill, tmp_path: Path, partner: Path) -> None:
    lines = tmp_path / "claims.jsonl"
    superbill("x12", "convert", CLEAN["837P"], "--to", "json", "-o", lines)
    numbers = []
    for out in (tmp_path / "1.837", tmp_path / "2.837"):
        superbill("x12", "write", lines, "--partner", partner, "-o", out)
        numbers.append(out.read_bytes()[90:99])
    assert numbers[0] < numbers[1]
    out = tmp_path / "3.837"
    superbill("x12", "write", lines, "--partner", partner, "-o", out, "--control-number", 77)
    assert out.read_bytes()[90:99] == b"000000077"
    ran = superbill(
        "x12", "write", lines, "--partner", partner, "-o", out, "--control-number", 1_000_000_000
    )
    assert ran.code == 2
    assert "is not a control number" in ran.err


def test_where_it_cannot_be_written(superbill: Superbill, tmp_path: Path, partner: Path) -> None:
    lines = tmp_path / "claims.jsonl"
    superbill("x12", "convert", CLEAN["837P"], "--to", "json", "-o", lines)
    gone = tmp_path / "no" / "such" / "folder" / "out.837"
    ran = superbill("x12", "write", lines, "--partner", partner, "-o", gone)
    assert (ran.code, "cannot be written" in ran.err) == (2, True)
    ran = superbill("x12", "write", lines, "--partner", partner, "-o", lines)
    assert (ran.code, "is read from" in ran.err) == (2, True)
    assert json.loads(lines.read_text().splitlines()[0])["kind"] == "837P"


def test_a_claim_that_cannot_be_read_does_not_lose_its_neighbours(
    superbill: Superbill, tmp_path: Path
) -> None:
    text = clean("837P")
    first = text.index(b"CLM*")
    amount = text.index(b"*", first + 4) + 1
    path = tmp_path / "claims.837"
    path.write_bytes(text[:amount] + b"LOTS" + text[text.index(b"*", amount) :])
    ran = superbill("x12", "convert", path, "--to", "json")
    assert ran.code == 2
    told = [json.loads(line)["id"] for line in ran.out.splitlines()]
    assert told == [claim.id for claim in read(CLEAN["837P"])][1:]
    assert f"byte {first}: The claim that begins here cannot be read." in ran.err


@pytest.mark.parametrize("content", [b"", b"not x12 at all", b"\x00" * 500, b"ISA*00*"])
def test_what_is_no_x12(superbill: Superbill, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "junk.837"
    path.write_bytes(content)
    ran = superbill("x12", "convert", path, "--to", "json")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("error:")


def test_a_file_of_something_else_is_named(superbill: Superbill) -> None:
    ran = superbill("x12", "convert", CLEAN["999"], "--to", "json")
    assert ran.code == 2
    assert "'999'" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_to(
    superbill: Superbill, tmp_path: Path, partner: Path
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    stay = EXAMPLES / "heart_failure.json"
    out = folder / "out.837"
    assert superbill("x12", "write", stay, "--partner", partner, "-o", out).code == 2
