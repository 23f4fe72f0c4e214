"""The examples are right, but for the one that is meant to be wrong, and name nobody."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from superbill.edits import integrity
from superbill.errors import Invalid
from superbill.identifiers import npi
from superbill.model import Encounter, MedicarePartA, read

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
REFERENCE = ROOT.parent / "shared" / "reference"
ORDERS = [path for path in sorted(EXAMPLES.glob("*.json")) if read.is_order(path.read_bytes())]
VISITS = [
    path
    for path in sorted(EXAMPLES.glob("*.json"))
    if read.is_visit(path.read_bytes()) and path not in ORDERS
]
FILES = [
    path
    for path in sorted(EXAMPLES.glob("*.json*"))
    if path.name not in {"bad_stay.json", "member.json"} and path not in [*VISITS, *ORDERS]
]


def stays(path: Path) -> list[Encounter]:
    with path.open("rb") as file:
        found = [stay for _, stay in read.encounters(file)]
    assert all(isinstance(stay, Encounter) for stay in found), found
    return [stay for stay in found if isinstance(stay, Encounter)]


ALL = [pytest.param(stay, id=stay.id) for path in FILES for stay in stays(path)]


def test_the_readme_names_every_file() -> None:
    told = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([\w.]+)` \|", told, re.MULTILINE))
    assert named == {path.name for path in EXAMPLES.iterdir()} - {"README.md"}


@pytest.mark.parametrize("stay", ALL)
def test_nothing_is_wrong_with_it(stay: Encounter) -> None:
    report = integrity.check(stay, on=stay.discharge_date)
    assert [finding.message for finding in report.findings] == []
    assert stay.payers
    assert stay.total_charges > 0


@pytest.mark.parametrize("stay", ALL)
def test_it_names_nobody(stay: Encounter) -> None:
    assert stay.patient.last_name == "Sample"
    assert stay.facility.name == "Example General Hospital"
    for holder in (stay.facility, stay.attending, stay.operating):
        if holder is not None:
            assert npi.is_valid(holder.npi)
            assert holder.npi == "1234567893" or holder.npi.startswith("2")
    for payer in stay.payers:
        if isinstance(payer, MedicarePartA):
            assert payer.member_id == "1EG4TE5MK73"  # CMS's own example
    assert stay.hospital is not None
    assert "example" in stay.hospital.wage_index_source


def test_every_identifier_of_a_stay_is_its_own() -> None:
    ids = [stay.id for path in FILES for stay in stays(path)]
    assert len(ids) == len(set(ids))


def test_the_bad_one_is_told_in_full() -> None:
    with pytest.raises(Invalid) as refusal:
        read.encounter((EXAMPLES / "bad_stay.json").read_bytes())
    assert {problem.path for problem in refusal.value.problems} == {
        "diagnoses[1].code",
        "discharge_date",
        "lines[1].charge",
        "payers[0].discount",
    }


def test_the_profile_is_that_of_the_stays() -> None:
    profile = read.hospital_profile((EXAMPLES / "hospital.toml").read_bytes())
    assert profile == read.encounter((EXAMPLES / "heart_failure.json").read_bytes()).hospital


def _valid(archive: str, name: str) -> set[str]:
    with zipfile.ZipFile(REFERENCE / archive) as files:
        (member,) = (each for each in files.namelist() if re.search(name, each, re.IGNORECASE))
        rows = files.read(member).decode("latin-1").splitlines()
    return {row[6:14].strip() for row in rows if row[14:15] == "1"}


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="the published files are not at ../shared")
def test_every_code_is_valid_in_the_published_files() -> None:
    diagnoses = _valid("icd10cm/cms_2026_dx.zip", r"icd10(cm|pcs)_order_2026\.txt$")
    procedures = _valid("icd10pcs/cms_2026_pr.zip", r"icd10(cm|pcs)_order_2026\.txt$")
    for path in FILES:
        for stay in stays(path):
            assert {each.code for each in stay.diagnoses} <= diagnoses
            assert stay.admitting_diagnosis in diagnoses
            assert {each.code for each in stay.procedures} <= procedures


@pytest.mark.parametrize("path", VISITS, ids=lambda path: path.name)
def test_a_visit_names_nobody(path: Path) -> None:
    visit = read.visit(path.read_bytes())
    assert visit.patient.last_name == "Sample"
    assert visit.biller.name.startswith("EXAMPLE")
    assert visit.payers
    for holder in (visit.biller, visit.rendering):
        assert holder is not None
        assert npi.is_valid(holder.npi)
    assert visit.payers[0].member_id == "1EG4TE5MK73"  # CMS's own example


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.name)
def test_an_order_names_nobody(path: Path) -> None:
    order = read.order(path.read_bytes())
    assert order.patient.last_name == "Sample"
    for biller in (order.biller, *(each.biller for each in order.co_providers)):
        assert biller.name.startswith("EXAMPLE")
        assert biller.npi == "1234567893" or biller.npi.startswith("2")
