"""The conventions on tables of cases, each from the tabular list's or the guidelines' own logic."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections import Counter
from datetime import date
from typing import Any, cast

import pytest
from msgspec.structs import replace

from superbill.edits.conventions import (
    OF_CODES,
    OF_STAYS,
    Conventions,
    Setting,
    check,
    check_record,
    patient,
)
from superbill.edits.conventions.case import Case
from superbill.edits.conventions.codes import Checked, check_codes
from superbill.edits.conventions.record import Record
from superbill.edits.conventions.table import IN_FORCE, PREFIX, Table, section, written
from superbill.errors import Invalid
from superbill.model import Diagnosis, Encounter, Finding, read
from superbill.store.open import Store
from tests.unit.model.documents import CASES, stay

DAY = date(2026, 4, 15)
TABLES = sorted(CASES.glob("conventions_*.toml"))
ROWS: list[dict[str, Any]] = [
    row for path in TABLES for row in tomllib.loads(path.read_text(encoding="utf-8"))["row"]
]


@pytest.fixture(scope="module")
def conventions(embedded_store: Store) -> Conventions:
    return Conventions(embedded_store)


def checked(row: dict[str, Any], conventions: Conventions) -> Checked:
    return check_codes(
        row["codes"].split(),
        on=date.fromisoformat(row["on"]) if "on" in row else DAY,
        conventions=conventions,
        age=row.get("age"),
        sex=row.get("sex", ""),
        setting=row.get("setting", "inpatient"),
    )


def said(finding: Finding) -> str:
    place = finding.where.removeprefix("codes[").removesuffix("]")
    return f"{finding.rule.removeprefix('conventions.')}@{place} {finding.severity}"


def missing(expected: list[str], found: tuple[Finding, ...]) -> list[str]:
    """The expectations that no finding meets, each finding meeting one."""
    left = list(found)
    unmet = []
    for line in expected:
        head, severity, cited = [*line.split(" ", 2), ""][:3]
        met = next(
            (
                each
                for each in left
                if said(each) == f"{head} {severity}" and cited in each.citation
            ),
            None,
        )
        if met is None:
            unmet.append(line)
        else:
            left.remove(met)
    return unmet


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in ROWS])
def test_a_case_finds_what_it_should_and_nothing_else(
    row: dict[str, Any], conventions: Conventions
) -> None:
    found = checked(row, conventions).findings
    assert not missing(row["expect"], found)
    assert len(found) == len(row["expect"]), [said(each) for each in found]


def test_there_are_enough_cases_and_each_says_why() -> None:
    assert len(ROWS) >= 500
    silent = [row for row in ROWS if not row["expect"]]
    assert len(silent) >= 175
    assert all(row["source"] for row in ROWS)
    assert max(Counter(row["name"] for row in ROWS).values()) == 1


def test_every_rule_fires_in_some_case(conventions: Conventions) -> None:
    fired: set[str] = set()
    for row in ROWS:
        for finding in checked(row, conventions).findings:
            fired.add(finding.rule)
            # Where an Excludes1 note says the same, the guideline is told with it.
            fired |= {PREFIX + name for name in finding.facts.get("guidelines", "").split()}
    rules = {PREFIX + rule.id for rule in written()}
    engine = set(OF_CODES) - {"conventions.guidelines", "conventions.poa"}
    assert (rules | engine) - fired == set()


def test_a_finding_says_where_why_and_what_to_do(conventions: Conventions) -> None:
    for row in ROWS:
        for finding in checked(row, conventions).findings:
            assert re.fullmatch(r"codes\[\d+\]", finding.where)
            assert finding.citation
            assert finding.remedy
            assert finding.message.endswith((".", "…", ")", ":")) or "asks for" in finding.message
            assert "{" not in finding.message + finding.remedy


def test_findings_do_not_depend_on_the_order_of_unordered_codes(conventions: Conventions) -> None:
    codes = ["I10", "E10.9", "E11.9", "Z79.4", "H25.11", "H25.13", "I50.9", "I50.22"]
    chance = random.Random(5)
    seen: set[frozenset[str]] = set()
    for _ in range(10):
        chance.shuffle(codes)
        found = check_codes(["J18.9", *codes], on=DAY, conventions=conventions).findings
        unordered = {"excludes1", "laterality", "unspecified", "guidelines"}
        seen.add(frozenset(e.rule for e in found if e.rule.split(".")[1] in unordered))
    assert len(seen) == 1
    assert len(seen.pop()) >= 4


# -- the table of guidelines


def test_guidelines_cite_a_section_and_name_codes_of_the_list(conventions: Conventions) -> None:
    book = conventions.of_day(DAY).book
    assert book is not None
    ids = [rule.id for rule in written()]
    assert len(set(ids)) == len(ids) >= 200
    for rule in written():
        assert re.fullmatch(r"(I|II|III|IV)\.[A-Z](\.\w+)*|tabular list, .+", rule.section), rule.id
        for codes in filter(None, (rule.codes, rule.beside, rule.needs, rule.unless, rule.given)):
            target = book.notes.select(codes)
            assert target, (rule.id, codes)
            for prefix in target.prefixes:
                assert book.notes.tree.nearest(prefix) is not None, (rule.id, prefix)


def test_roles_are_what_the_sets_hold(conventions: Conventions) -> None:
    book = conventions.of_day(DAY).book
    assert book is not None
    table: Table = book.table
    chance = random.Random(3)
    codes = ["T360X5A", "S52501S", "I5022", "O321XX1", "Z3A34", "E1165", "R6520"]
    codes += chance.sample(
        [
            node.code
            for one in book.notes.tree.categories
            for node in book.notes.tree.below(one).values()
        ],
        300,
    )
    for code in codes:
        roles = table.roles(code)
        for rule in table.rules:
            holds = book.notes.select(rule.written.codes).holds(code)
            assert bool(roles & rule.codes) == holds, (code, rule.name)


# -- the day


def test_a_day_whose_list_is_not_held_says_so_and_calls_nothing_an_error(
    conventions: Conventions,
) -> None:
    found = check_codes(["I50.23", "I11.0"], on=date(2026, 3, 1), conventions=conventions)
    assert [each.rule for each in found.not_checked] == ["conventions.notes_of_the_day"]
    assert "April 2026" in found.not_checked[0].reason
    assert "superbill data build" in found.not_checked[0].reason
    assert [each.severity for each in found.findings] == ["warning"]
    assert "the nearest release held" in found.findings[0].release


def test_a_day_outside_the_guidelines_says_so(conventions: Conventions) -> None:
    found = check_codes(["R65.20", "A41.9", "N17.9"], on=date(2025, 3, 1), conventions=conventions)
    rules = [each.rule for each in found.not_checked]
    assert rules[:2] == ["conventions.notes_of_the_day", "conventions.guidelines_of_the_day"]
    assert not found.wrong
    assert IN_FORCE.start.isoformat() in found.not_checked[1].reason


def test_validity_is_not_checked_where_nothing_says_it(conventions: Conventions) -> None:
    found = check_codes(["I10"], on=date(2031, 1, 1), conventions=conventions)
    left = {each.rule for each in found.not_checked}
    assert {"conventions.unknown_code", "conventions.placeholder"} <= left
    assert "conventions.unknown_code" not in found.ran
    assert not found.clean


def test_poa_is_not_checked_without_the_list_of_exempt_codes(conventions: Conventions) -> None:
    found = check_codes(["I10:Y", "Z79.4"], on=DAY, conventions=conventions)
    assert "conventions.poa" in {each.rule for each in found.not_checked}
    without = check_codes(["I10", "Z79.4"], on=DAY, conventions=conventions)
    assert "conventions.poa" not in {each.rule for each in without.not_checked}


def test_a_note_for_a_person_is_named_with_its_place(conventions: Conventions) -> None:
    found = check_codes(["S52.501A"], on=DAY, conventions=conventions)
    reasons = [each.reason for each in found.not_checked]
    assert any(reason.startswith("Note at S52: ") for reason in reasons)
    assert not check_codes(["I10"], on=DAY, conventions=conventions).not_checked


# -- a stay


def of(*codes: str, **other: Any) -> Encounter:
    document = stay()
    document["diagnoses"] = [{"code": code, "poa": "Y"} for code in codes]
    document |= other
    return read.encounter(json.dumps(document))


def test_a_stay_is_checked_by_the_same_rules(conventions: Conventions) -> None:
    report = check(of("I50.23", "I11.0", "N18.4"), on=DAY, conventions=conventions)
    assert [(each.rule, each.where) for each in report.findings] == [
        ("conventions.guidelines.hypertensive_heart_with_kidney_disease", "diagnoses[1].code"),
        ("conventions.code_first", "diagnoses[0].code"),
    ]
    assert report.ran == OF_STAYS


def test_what_the_editor_says_of_a_stay_is_left_to_it(conventions: Conventions) -> None:
    report = check(of("W19.XXXA", "S72.001A"), on=DAY, conventions=conventions)
    assert not [each for each in report.findings if each.rule.endswith("_first")]
    assert "conventions.external_cause_first" not in report.ran


def test_in_bulk_notes_for_a_person_are_counted(conventions: Conventions) -> None:
    one = of("S52.501A", "I10")
    full = check(one, on=DAY, conventions=conventions).not_checked
    bulk = check(one, on=DAY, conventions=conventions, detail=False).not_checked
    assert len(full) > len(bulk) == 1
    assert bulk[0].reason.startswith(f"{len(full)} notes")


def test_a_stay_without_diagnoses_is_left_alone(conventions: Conventions) -> None:
    empty = replace(of("I10"), diagnoses=())
    assert not check(empty, on=DAY, conventions=conventions).findings


def test_a_code_that_the_list_does_not_know_is_no_fault_of_the_rules(
    conventions: Conventions,
) -> None:
    odd = replace(of("I10"), diagnoses=(Diagnosis(code="?"), Diagnosis(code="Z9999ZZ")))
    assert not check(odd, on=DAY, conventions=conventions).findings


# -- bad input


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ([], "codes: There is no code to check."),
        (["I10", " "], "codes[1]: There is no code."),
        (["I10", ".:Y"], "codes[1]: There is no code."),
        (["I10:Q"], "codes[0]: 'Q' is no present-on-admission indicator."),
        (["I" * 200_000], "codes[0]: 'IIIIIIIIIIIIIIIIIIII'… is longer than any code."),
        (["I10"] * 201, "codes: There are 201 codes"),
    ],
)
def test_bad_input_is_refused_with_its_place(
    codes: list[str], message: str, conventions: Conventions
) -> None:
    with pytest.raises(Invalid, match=re.escape(message)):
        check_codes(codes, on=DAY, conventions=conventions)


def test_every_problem_is_told_at_once(conventions: Conventions) -> None:
    with pytest.raises(Invalid) as caught:
        check_codes(["", "I10:Q"], on=DAY, conventions=conventions, age=30)
    assert [each.path for each in caught.value.problems] == ["codes[0]", "codes[1]"]


@pytest.mark.parametrize("age", [-1, 125])
def test_an_age_that_cannot_be_is_refused(age: int, conventions: Conventions) -> None:
    with pytest.raises(Invalid, match="is no age"):
        check_codes(["I10"], on=DAY, conventions=conventions, age=age)


def test_a_record_without_codes_is_refused(conventions: Conventions) -> None:
    with pytest.raises(Invalid):
        check_record(Record(()), on=DAY, conventions=conventions)


@pytest.mark.parametrize("code", ["😀", "ЖЖЖ", "a", "I10; DROP TABLE", "%", "I5_23", "X" * 40])
def test_what_is_no_code_is_said_to_be_none(code: str, conventions: Conventions) -> None:
    found = check_codes([code], on=DAY, conventions=conventions).findings
    assert [each.rule for each in found if each.severity == "error"] == ["conventions.unknown_code"]


def test_dotted_undotted_and_lower_case_are_one(conventions: Conventions) -> None:
    one = check_codes(["i50.23", "I110"], on=DAY, conventions=conventions)
    two = check_codes(["I5023", " i11.0 "], on=DAY, conventions=conventions)
    assert one.findings == two.findings != ()
    assert [each.dotted for each in one.codes] == ["I50.23", "I11.0"]


def test_the_section_is_cited_with_its_edition() -> None:
    assert section("I.C.9.a").endswith("Reporting FY 2026, section I.C.9.a")
    assert section("tabular list, Note at P08") == "ICD-10-CM tabular list, Note at P08"


class Exempt:
    """A store that lists one code as exempt, and nothing else."""

    def find(self, dataset: str, *, on: date, **where: object) -> object | None:
        assert dataset == "icd10cm.poa_exempt"
        return object() if where["code"] == "Z794" else None


@pytest.mark.parametrize(
    ("codes", "poa", "setting", "expected"),
    [
        ("I10 Z794", "Y,", "inpatient", []),
        ("I10 Z794", "Y,Y", "inpatient", ["codes[1] information"]),
        ("I10 Z794", "N,", "inpatient", []),
        ("I10 E785 Z794", "Y,,", "inpatient", ["codes[1] warning"]),
        ("I10 Z794", "1,", "inpatient", ["codes[0] warning"]),
        ("I10 E785", ",", "inpatient", []),
        ("I10 E785", "Y,", "outpatient", []),
    ],
)
def test_present_on_admission_where_it_is_needed(
    codes: str, poa: str, setting: Setting, expected: list[str], conventions: Conventions
) -> None:
    day = conventions.of_day(DAY)
    assert day.book is not None
    record = Record(tuple(codes.split()), tuple(poa.split(",")), setting=setting)
    case = Case(record, day.book, exact=True, in_force=True, release="")
    patient.present_on_admission(case, cast("Store", Exempt()), DAY)
    assert [f"{each.where} {each.severity}" for each in case.findings] == expected
