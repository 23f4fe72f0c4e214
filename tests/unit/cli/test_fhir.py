"""Stays as FHIR on the command line: out, in, checked, and adjudicated as they come."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from superbill.model import Claim
from tests.unit.cli.conftest import Superbill

EXAMPLES = Path(__file__).parents[3] / "examples"
STAY = EXAMPLES / "heart_failure.json"


@pytest.fixture
def bundle(superbill: Superbill, stored: Path, tmp_path: Path) -> Path:
    """The heart failure stay as a Bundle."""
    done = superbill("fhir", "write", STAY, "--created", "2026-03-05")
    assert done.code == 0
    path = tmp_path / "stay.fhir.json"
    path.write_text(done.out)
    return path


def test_a_bundle_is_decided_as_the_stay_is(superbill: Superbill, bundle: Path) -> None:
    from_fhir = superbill("adjudicate", bundle, "--json")
    assert (from_fhir.code, from_fhir.err) == (0, "")
    assert from_fhir.out == superbill("adjudicate", STAY, "--json").out
    again = superbill("fhir", "read", bundle)
    assert superbill("adjudicate", "-", "--json", stdin=again.out.encode()).out == from_fhir.out


def test_bundles_one_a_line_are_decided_and_a_bad_one_is_told_with_its_line(
    superbill: Superbill, bundle: Path, tmp_path: Path
) -> None:
    line = json.dumps(json.loads(bundle.read_text()))
    bad = line.replace('"1944-05-17"', '"1944"')
    lines = tmp_path / "bundles.ndjson"
    lines.write_text(f"{line}\n{bad}\n{line}\n")
    done = superbill("adjudicate", lines, "--json")
    assert done.code == 2
    assert len(done.out.splitlines()) == 2
    (error,) = [json.loads(each) for each in done.err.splitlines()]
    assert (error["line"], error["path"]) == (2, "Bundle.entry[0].resource.birthDate")
    read = superbill("fhir", "read", lines)
    assert (read.code, len(read.out.splitlines())) == (2, 2)


def test_a_decided_stay_carries_each_payer_s_answer(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    done = superbill("fhir", "write", STAY, "--decide", "--created", "2026-03-05", "--json")
    assert done.code == 0
    (line,) = done.out.splitlines()
    kinds = [entry["resource"]["resourceType"] for entry in json.loads(line)["entry"]]
    assert kinds.count("ExplanationOfBenefit") == kinds.count("ClaimResponse") == 2
    path = tmp_path / "decided.json"
    path.write_text(line)
    paid = superbill("fhir", "read", path, "--as", "remittance")
    assert [c["charge"] for c in json.loads(paid.out)["claims"]] == ["36683.35", "36683.35"]
    checked = superbill("fhir", "check", path)
    assert (checked.code, checked.err) == (0, "")
    assert "as FHIR R4 has it" in checked.out


def test_check_tells_what_is_not_as_fhir_has_it(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    path.write_text('{"resourceType": "Claim", "use": "bill", "extra": 1}')
    done = superbill("fhir", "check", path, "--json")
    assert done.code == 1
    told = json.loads(done.out)
    assert told["resource"] == "Claim"
    assert {"Claim.use", "Claim.extra", "Claim.status"} <= {f["path"] for f in told["faults"]}
    plain = superbill("fhir", "check", path)
    assert f"{path}: Claim.use: " in plain.out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing in it"),
        ("{", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ('{"resourceType": "Patient", "id": "1"}', "no Encounter and no Claim"),
        ('{"resourceType": "Bundle", "type": "collection", "entry": {}}', "FHIR R4 has a list"),
        ("\x00\x01", "not JSON"),
    ],
)
def test_a_stranger_s_file_is_refused_in_words(
    superbill: Superbill, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    done = superbill("fhir", "read", path)
    assert done.code == 2
    assert done.out == ""
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_day_that_is_none_is_refused(superbill: Superbill, stored: Path) -> None:
    done = superbill("fhir", "write", STAY, "--created", "soon")
    assert done.code == 2
    assert "--created" in done.err


def test_an_837_becomes_fhir_and_tables_and_comes_back(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    claim, folder = tmp_path / "claim.837", tmp_path / "tables"
    superbill("adjudicate", STAY, "--write-837", claim, "--control-number", "1")
    as_json = superbill("x12", "convert", claim, "--to", "json")
    bundles = superbill("x12", "convert", claim, "--to", "fhir")
    assert (bundles.code, bundles.err) == (0, "")
    back = superbill("fhir", "read", "-", "--as", "claim", stdin=bundles.out.encode())
    assert msgspec.json.decode(back.out, type=Claim) == msgspec.json.decode(as_json.out, type=Claim)
    path = tmp_path / "bundles.ndjson"
    assert superbill("x12", "convert", claim, "--to", "fhir", "-o", path).code == 0
    assert path.read_text() == bundles.out
    for form in ("csv", "parquet"):
        done = superbill("x12", "convert", claim, "--to", form, "-o", folder / form)
        assert (done.code, done.out) == (0, "")
        again = superbill("table", "read", folder / form)
        assert msgspec.json.decode(again.out, type=Claim) == msgspec.json.decode(
            as_json.out, type=Claim
        )
        refused = superbill("x12", "convert", claim, "--to", form)
        assert refused.code == 2
        assert "a folder" in refused.err


def test_a_visit_is_written_too_and_what_is_not_covered_is_told(
    superbill: Superbill, stored: Path
) -> None:
    visit = EXAMPLES / "office_visit.json"
    done = superbill("fhir", "write", visit, "--created", "2026-03-20")
    assert (done.code, done.err) == (0, "")
    kinds = [entry["resource"]["resourceType"] for entry in json.loads(done.out)["entry"]]
    assert kinds.count("Claim") == 1
    # The store of the tests holds no fee schedule.
    decided = superbill("fhir", "write", visit, "--created", "2026-03-20", "--decide")
    assert decided.code == 2
    assert "not covered" in decided.err
