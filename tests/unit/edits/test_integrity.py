"""The integrity rules, each on a stay made wrong in one way."""

from __future__ import annotations

import json
import random
import tomllib
from datetime import date
from typing import Any

import msgspec
import pytest

from superbill.dates import FOREVER, Span
from superbill.edits import integrity
from superbill.edits.integrity import FATAL, RULES, CodeSet, Standing
from superbill.edits.integrity.rule import Exempt
from superbill.errors import Invalid, NotCovered
from superbill.model import Diagnosis, EditReport, Encounter, Line, Procedure, read
from tests.unit.model.documents import CASES, put, stay

TABLE = tomllib.loads((CASES / "integrity.toml").read_text(encoding="utf-8"))["row"]
ROWS = [pytest.param(row, id=row["name"]) for row in TABLE]

VALID = Standing(True, release="FY2026")


class Known:
    """Code sets that know the codes of the test, and the POA-exempt list a single code."""

    answers = {
        "I5099": Standing(False, release="FY2026"),
        "R9999": Standing(False, release="FY2026"),
        "R9998": Standing(False, release="FY2026"),
        "5A0935Q": Standing(False, release="FY2026"),
        "Z9119": Standing(
            False,
            Span(date(2015, 10, 1), date(2023, 10, 1)),
            instead=("Z91190", "Z91198"),
            release="FY2023",
        ),
        "Z9999": Standing(False, Span(date(2026, 10, 1), FOREVER), release="FY2027"),
        "I502": Standing(False, incomplete=True, instead=("I5020", "I5021"), release="FY2026"),
    }

    def standing(self, system: CodeSet, code: str, *, on: date) -> Standing:
        assert system == ("icd10pcs" if code.startswith("5A") else "icd10cm")
        assert on == date(2026, 3, 6)
        return self.answers.get(code, VALID)

    def poa_exempt(self, *, on: date) -> Exempt:
        return "Z794".__eq__

    def all_valid(self, stay: Encounter, *, on: date) -> bool:
        return False


def made(row: dict[str, Any]) -> Encounter:
    document = stay()
    for place, value in row.get("change", {}).items():
        put(document, place, value)
    return read.encounter(json.dumps(document))


def checked(encounter: Encounter) -> EditReport:
    return integrity.check(encounter, on=encounter.discharge_date, codes=Known())


@pytest.mark.parametrize("row", ROWS)
def test_case(row: dict[str, Any]) -> None:
    report = checked(made(row))
    assert sorted((finding.rule, finding.where) for finding in report.findings) == sorted(
        (f"integrity.{expected['rule']}", expected["where"]) for expected in row["expect"]
    )
    for expected in row["expect"]:
        key = (f"integrity.{expected['rule']}", expected["where"])
        (finding,) = (each for each in report.findings if (each.rule, each.where) == key)
        assert expected["says"] in finding.message
        assert expected.get("remedy", "") in finding.remedy
        assert finding.remedy
        assert finding.severity == expected.get("severity", "error")
    assert report.not_checked == ()


def test_every_rule_that_can_be_found_is_in_the_table() -> None:
    found = {f"integrity.{expected['rule']}" for row in TABLE for expected in row["expect"]}
    listed = {name for rule in RULES for name in rule.finds}
    counted = {"integrity.too_many_codes", "integrity.too_many_lines"}  # tested below
    assert found | counted == listed
    assert listed >= FATAL


@pytest.mark.parametrize("row", ROWS)
def test_a_rule_finds_only_what_it_says_that_it_finds(row: dict[str, Any]) -> None:
    encounter = made(row)
    case = integrity.Question(encounter, encounter.discharge_date, Known())
    for rule in RULES:
        found = rule.run(case)
        assert not isinstance(found, NotCovered)
        assert {finding.rule for finding in found} <= set(rule.finds)
        assert rule.run.__doc__


@pytest.mark.parametrize("row", ROWS)
def test_nothing_private_is_repeated(row: dict[str, Any]) -> None:
    told = str(checked(made(row)).findings)
    private = ("Surname", "Given", "1950-06-15", "Hidden", "SECRETMEMBER", "1EG4TE5MK73", "1SG4TE5")
    assert not [secret for secret in private if secret in told]


@pytest.mark.parametrize("row", ROWS)
def test_findings_do_not_depend_on_the_order_of_lines(row: dict[str, Any]) -> None:
    encounter = made(row)
    shuffled = list(encounter.lines)
    random.Random(1).shuffle(shuffled)
    other = msgspec.structs.replace(encounter, lines=tuple(reversed(shuffled)))
    assert sorted(finding.rule for finding in checked(encounter).findings) == sorted(
        finding.rule for finding in checked(other).findings
    )


GOOD = made({})


def test_more_codes_than_a_claim_carries() -> None:
    codes = [f"A{number:02}" for number in range(26)]
    many = msgspec.structs.replace(
        GOOD,
        diagnoses=tuple(Diagnosis(code=code, poa="Y") for code in codes),
        procedures=tuple(
            Procedure(code=f"5A0935{number}", date=GOOD.admission_date)
            for number in "ABCDEFGHIJKLMNOPRSTUVWXYZ1"
        ),
    )
    found = checked(many).findings
    assert [(finding.rule, finding.where) for finding in found] == [
        ("integrity.too_many_codes", "diagnoses"),
        ("integrity.too_many_codes", "procedures"),
    ]
    assert all("26" in finding.message and "25" in finding.message for finding in found)
    exactly = msgspec.structs.replace(
        many, diagnoses=many.diagnoses[:25], procedures=many.procedures[:25]
    )
    assert checked(exactly).findings == ()


def test_more_lines_than_a_claim_carries() -> None:
    lines = tuple(
        Line(revenue_code="0250", charge=GOOD.lines[0].charge, hcpcs=f"A{number:04}")
        for number in range(1000)
    )
    (finding,) = checked(msgspec.structs.replace(GOOD, lines=lines)).findings
    assert finding.rule == "integrity.too_many_lines"
    assert checked(msgspec.structs.replace(GOOD, lines=lines[1:])).findings == ()


def test_a_finding_tells_the_release_that_was_read() -> None:
    (finding,) = checked(made({"change": {"diagnoses[1].code": "Z91.19"}})).findings
    assert finding.release == "FY2023"
    assert finding.facts["valid_to"] == "2023-10-01"


def test_without_code_sets_their_rules_are_not_checked() -> None:
    report = integrity.check(GOOD, on=GOOD.discharge_date)
    assert report.findings == ()
    assert not report.clean
    assert {missed.rule for missed in report.not_checked} == {
        "integrity.unknown_code",
        "integrity.code_not_valid_on_day",
        "integrity.incomplete_code",
        "integrity.poa_on_exempt_code",
    }
    assert all("reference store" in missed.reason for missed in report.not_checked)
    assert not {missed.rule for missed in report.not_checked} & set(report.ran)
    # Every diagnosis says whether it was present, so no list is needed to know that none fails to.
    assert "integrity.poa_missing" in report.ran
    silent = made({"change": {"diagnoses[1].poa": ""}})
    report = integrity.check(silent, on=silent.discharge_date)
    assert "integrity.poa_missing" in {missed.rule for missed in report.not_checked}


def test_a_day_that_is_not_covered_is_not_checked() -> None:
    class Uncovered(Known):
        def standing(self, system: CodeSet, code: str, *, on: date) -> Standing:
            raise NotCovered("ICD-10-CM", on=on, remedy="Bring the order file.")

    report = integrity.check(GOOD, on=GOOD.discharge_date, codes=Uncovered())
    missed = [each for each in report.not_checked if each.rule == "integrity.unknown_code"]
    assert [each.reason for each in missed] == [
        "ICD-10-CM is not covered on 2026-03-06. Bring the order file."
    ]


def test_all_rules_ran_on_a_clean_stay() -> None:
    report = checked(GOOD)
    assert report.clean
    assert report.ran == tuple(name for rule in RULES for name in rule.finds)


@pytest.mark.parametrize(
    ("change", "path", "says"),
    [
        ({"diagnoses[1].code": "I50.99"}, "diagnoses[1].code", "is no ICD-10-CM code"),
        ({"diagnoses[1].code": "Z91.19"}, "diagnoses[1].code", "is retired"),
        ({"diagnoses[1].code": "I50.2"}, "diagnoses[1].code", "only heads longer"),
        ({"lines[1]": {"revenue_code": "0120", "charge": "6000.00", "units": 4, "rate": 1500}},
         "lines[1]", "same as lines[0]"),
        ({"value_codes[0].amount": "5"}, "value_codes[0].amount", "the stay has 4"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_is_refused(change: dict[str, Any], path: str, says: str) -> None:
    report = checked(made({"change": change}))
    (problem,) = integrity.fatal(report)
    assert problem.path == path
    assert says in problem.message
    assert problem.remedy
    with pytest.raises(Invalid) as refusal:
        integrity.refuse(report)
    assert refusal.value.problems == (problem,)


@pytest.mark.parametrize("row", ROWS)
def test_what_is_merely_wrong_is_not_refused(row: dict[str, Any]) -> None:
    report = checked(made(row))
    fatal = {f"integrity.{expected['rule']}" for expected in row["expect"]} & FATAL
    assert bool(integrity.fatal(report)) == bool(fatal)
    if not fatal:
        integrity.refuse(report)
