"""The integrity rules on a reference store: codes valid by day, and the POA-exempt list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from superbill.edits import integrity
from superbill.edits.integrity.lookup import StoreCodes
from superbill.errors import NotCovered
from superbill.model import Diagnosis, Encounter, read
from superbill.store.build import build
from superbill.store.datasets import icd10cm, msdrg
from superbill.store.open import Store

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
EXEMPT = ROOT.parent / "shared" / "reference" / "icd10cm" / "POAexemptCodesFY26.zip"
CATALOG = (msdrg.CM_VALIDITY, msdrg.PCS_VALIDITY, icd10cm.POA_EXEMPT)


def built(folder: Path, *files: Path) -> Iterator[Store]:
    path = folder / "reference.sqlite"
    build(files, path, catalog=CATALOG, comparisons=())
    with Store.open(path) as store:
        yield store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from built(tmp_path_factory.mktemp("embedded"))


@pytest.fixture(scope="module")
def codes(store: Store) -> StoreCodes:
    return StoreCodes(store)


@pytest.fixture(scope="module")
def with_exempt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreCodes]:
    for store in built(tmp_path_factory.mktemp("exempt"), EXEMPT):
        yield StoreCodes(store)


ON = date(2026, 3, 1)


def examples() -> list[Encounter]:
    found = []
    for path in sorted(EXAMPLES.glob("*.json*")):
        with path.open("rb") as file:
            found += [stay for _, stay in read.encounters(file) if isinstance(stay, Encounter)]
    return found


@pytest.mark.parametrize(
    ("system", "code", "on", "valid"),
    [
        ("icd10cm", "I5023", ON, True),
        ("icd10pcs", "5A09357", ON, True),
        ("icd10cm", "B880", date(2025, 9, 30), True),  # icd10cm_order_2025.txt
        ("icd10cm", "B880", date(2025, 10, 1), False),  # icd10cm_order_addenda_2026.txt
        ("icd10pcs", "GZB1ZZZ", date(2024, 3, 31), True),  # order_addenda_2024.txt
        ("icd10pcs", "GZB1ZZZ", date(2024, 4, 1), False),
        ("icd10cm", "I502", ON, False),
        ("icd10cm", "5A09357", ON, False),
        ("icd10pcs", "I5023", ON, False),
    ],
)
def test_valid_by_day(
    codes: StoreCodes, system: integrity.CodeSet, code: str, on: date, valid: bool
) -> None:
    for _ in range(2):  # the second answer is one that was kept
        assert codes.standing(system, code, on=on).valid is valid


def test_what_is_known_of_a_retired_code(codes: StoreCodes) -> None:
    standing = codes.standing("icd10cm", "B880", on=date(2025, 10, 1))
    assert standing.span is not None
    assert standing.span.end == date(2025, 10, 1)
    assert not standing.incomplete
    assert standing.instead[0].startswith("B880")  # it was divided
    assert standing.release


def test_what_is_known_of_a_code_to_come(codes: StoreCodes) -> None:
    longer = codes.standing("icd10cm", "B880", on=date(2025, 10, 1)).instead[0]
    standing = codes.standing("icd10cm", longer, on=date(2025, 9, 30))
    assert not standing.valid
    assert standing.span is not None
    assert standing.span.start == date(2025, 10, 1)


def test_what_is_known_of_a_heading(codes: StoreCodes) -> None:
    standing = codes.standing("icd10cm", "I502", on=ON)
    assert standing.incomplete
    assert standing.span is None
    assert standing.instead == ("I5020", "I5021", "I5022", "I5023")


def test_what_is_known_of_no_code(codes: StoreCodes) -> None:
    standing = codes.standing("icd10cm", "I5099", on=ON)
    assert standing[:4] == (False, None, False, ())


def test_a_day_beyond_the_tables(codes: StoreCodes) -> None:
    with pytest.raises(NotCovered, match="ICD-10-CM codes valid by day"):
        codes.standing("icd10cm", "I5023", on=date(2031, 1, 1))


def test_without_the_list_exemption_is_not_known(codes: StoreCodes) -> None:
    missing = codes.poa_exempt(on=ON)
    assert isinstance(missing, NotCovered)
    assert "exempt" in str(missing)


@pytest.mark.parametrize("stay", examples(), ids=lambda stay: stay.id)
def test_the_codes_of_the_examples_are_valid(codes: StoreCodes, stay: Encounter) -> None:
    report = integrity.check(stay, on=stay.discharge_date, codes=codes)
    assert report.findings == ()
    integrity.refuse(report)


def test_a_claim_with_a_heading_is_refused(codes: StoreCodes) -> None:
    (stay,) = (each for each in examples() if each.id == "EX-HF-001")
    wrong = msgspec.structs.replace(stay, diagnoses=(Diagnosis(code="I502", poa="Y"),))
    (problem,) = integrity.fatal(integrity.check(wrong, on=ON, codes=codes))
    assert problem.path == "diagnoses[0].code"
    assert "I50.20, I50.21, I50.22, I50.23" in problem.remedy


shared = pytest.mark.skipif(not EXEMPT.exists(), reason="the published files are not at ../shared")


@pytest.mark.shared
@shared
@pytest.mark.parametrize(("code", "exempt"), [("Z794", True), ("I5023", False), ("B900", True)])
def test_exempt_by_the_published_list(with_exempt: StoreCodes, code: str, exempt: bool) -> None:
    for _ in range(2):
        told = with_exempt.poa_exempt(on=ON)
        assert not isinstance(told, NotCovered)
        assert told(code) is exempt


@pytest.mark.shared
@shared
@pytest.mark.parametrize("stay", examples(), ids=lambda stay: stay.id)
def test_the_examples_are_clean(with_exempt: StoreCodes, stay: Encounter) -> None:
    assert integrity.check(stay, on=stay.discharge_date, codes=with_exempt).clean


@pytest.mark.parametrize(
    ("code", "on", "valid"),
    [
        ("I5023", date(2026, 3, 1), True),
        ("I509X", date(2026, 3, 1), False),
        ("E66813", date(2024, 9, 30), False),
        ("E66813", date(2024, 10, 1), True),
        ("I5023", date(2031, 3, 1), False),
    ],
)
def test_all_codes_are_valid_only_once_each_was_looked_up(
    store: Store, code: str, on: date, valid: bool
) -> None:
    codes = StoreCodes(store)
    example = read.encounter((EXAMPLES / "heart_failure.json").read_bytes())
    stay = msgspec.structs.replace(
        example, diagnoses=(Diagnosis(code=code),), procedures=(), admitting_diagnosis=None
    )
    assert not codes.all_valid(stay, on=on)
    try:
        assert codes.standing("icd10cm", code, on=on).valid is valid
    except NotCovered:
        assert not valid
    assert codes.all_valid(stay, on=on) is valid
