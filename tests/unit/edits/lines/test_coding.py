"""Codes, modifiers, repeats, links and filing of services by line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from superbill.edits import lines
from superbill.edits.lines.rule import CodeStanding, Pair, Primaries, Units
from superbill.model import EditReport, Visit
from superbill.model.payers import MedicarePartB
from tests.unit.edits.lines.visits import visit


class Known:
    """A reference in which everything is known but what begins with G9, ZZ or Z9."""

    def pairs(self, codes: frozenset[str], kind: str, *, on: date) -> Iterable[Pair]:
        return ()

    def units(self, code: str, kind: str, *, on: date) -> Units | None:
        return None

    def primaries(self, code: str, *, on: date) -> Primaries | None:
        return None

    def hcpcs(self, code: str, *, on: date) -> CodeStanding:
        gone = code.startswith("G9")
        return CodeStanding(not gone, known=True, last=date(2025, 12, 31) if gone else None)

    def modifier(self, modifier: str, *, on: date) -> CodeStanding:
        return CodeStanding(modifier != "ZZ", known=modifier != "ZZ")

    def diagnosis(self, code: str, *, on: date) -> bool:
        return not code.startswith("Z9")

    def missing_pairs(self, kind: str, *, on: date) -> str:
        return ""


def check(seen: Visit, **more: Any) -> EditReport:
    return lines.check(seen, lookup=Known(), **more)


def found(seen: Visit, **more: Any) -> list[str]:
    return [f"{each.rule} {each.where}" for each in check(seen, **more).findings]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([{"code": "G0439"}], []),
        ([{"code": "G9001"}], ["lines.code lines[0].code"]),
        ([{"code": "G0439", "modifiers": ["GA"]}], []),
        ([{"code": "G0439", "modifiers": ["ZZ"]}], ["lines.modifier lines[0].modifiers"]),
        ([{"code": "G0439", "modifiers": ["GA", "GA"]}], ["lines.modifier lines[0].modifiers"]),
        ([{"code": "G0439", "modifiers": ["GA", "GZ"]}], ["lines.modifier lines[0].modifiers"]),
        ([{"code": "G0439", "modifiers": ["26", "TC"]}], ["lines.modifier lines[0].modifiers"]),
        ([{"code": "G0439", "modifiers": ["50", "LT"]}], ["lines.modifier lines[0].modifiers"]),
        (
            [{"code": "G0439", "modifiers": ["GA", "GC", "GE", "GV", "GW"]}],
            ["lines.modifier lines[0].modifiers"],
        ),
        ([{"code": "G0439"}, {"code": "G0439"}], ["lines.duplicate lines[1]"]),
        ([{"code": "G0439"}, {"code": "G0439", "day": date(2026, 5, 5)}], []),
        ([{"code": "G0439"}, {"code": "G0439", "modifiers": ["76"]}], []),
        (
            [{"code": "G0439", "modifiers": ["76"]}, {"code": "G0439", "modifiers": ["76"]}],
            [],
        ),
    ],
)
def test_lines(given: list[dict[str, Any]], expected: list[str]) -> None:
    assert found(visit(given)) == expected


def test_a_code_that_is_gone_says_when() -> None:
    (finding,) = check(visit([{"code": "G9001"}])).findings
    assert "2025-12-31" in finding.message


def test_codes_and_modifiers_of_others_are_not_checked() -> None:
    report = check(visit([{"code": "G0439", "modifiers": ["25"]}, {"code": "99999"}]))
    assert report.findings == ()
    told = {each.rule: each.reason for each in report.not_checked}
    assert "99999" in told["lines.code"]
    assert "25" in told["lines.modifier"]
    assert not report.clean


def test_a_diagnosis_that_may_not_be_billed() -> None:
    seen = visit([{"code": "G0439"}])
    assert found(Visit(**{**_fields(seen), "diagnoses": ("Z0000", "Z999")})) == [
        "lines.diagnosis diagnoses[1]"
    ]


def test_a_line_points_to_four_diagnoses_at_most() -> None:
    seen = _fields(visit([{"code": "G0439", "diagnoses": (1, 2, 3, 4, 5)}, {"code": "G0438"}]))
    many = Visit(**{**seen, "diagnoses": ("Z0000",) * 5})
    report = check(many)
    assert [(each.where, each.severity) for each in report.findings] == [
        ("lines[0].diagnoses", "error"),
        ("lines[1].diagnoses", "warning"),
    ]
    assert found(Visit(**{**seen, "diagnoses": ("Z0000",) * 5, "form": "outpatient"})) == []


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        (date(2027, 5, 4), []),
        (date(2027, 5, 5), ["lines.timely lines[0].service_date"]),
    ],
)
def test_one_year_to_file(filed: date, expected: list[str]) -> None:
    seen = visit([{"code": "G0439"}], payers=(MedicarePartB(name="Medicare"),))
    assert found(seen, filed_on=filed) == expected


def test_leap_day_has_until_the_end_of_february() -> None:
    day = date(2028, 2, 29)
    seen = visit([{"code": "G0439", "day": day}], payers=(MedicarePartB(name="Medicare"),))
    assert found(seen, filed_on=date(2029, 2, 28)) == []
    assert found(seen, filed_on=date(2029, 3, 1)) == ["lines.timely lines[0].service_date"]


def test_without_a_day_of_filing_nothing_is_said() -> None:
    seen = visit([{"code": "G0439"}], payers=(MedicarePartB(name="Medicare"),))
    report = check(seen)
    assert [each.rule for each in report.not_checked] == ["lines.timely"]
    assert "--filed-on" in report.not_checked[0].reason


def _fields(seen: Visit) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in Visit.__struct_fields__}
