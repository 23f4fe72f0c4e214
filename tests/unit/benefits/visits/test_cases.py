"""Visits split by hand, from the table of cases; and what stops a split."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.benefits import visits
from superbill.model import Biller, LinePrice, Person, Visit, VisitLine, VisitPayer

TABLE = Path(__file__).parents[3] / "cases" / "benefits_visits.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
DAY = date(2026, 5, 4)
OTHERS = {"charge", "state", "modifiers"}


def visit(lines: list[dict[str, Any]], payers: Any, day: date = DAY, **more: Any) -> Visit:
    return Visit(
        id="V1",
        patient=Person(last_name="EXAMPLE", first_name="PAT", birth_date=date(1950, 1, 1), sex="F"),
        biller=Biller(name="EXAMPLE PRACTICE", npi="1234567893", participating=False),
        service_date=day,
        diagnoses=("Z0000",),
        lines=tuple(
            VisitLine(
                code=line.get("code", "G0000"),
                charge=Decimal(line["charge"]),
                modifiers=tuple(line.get("modifiers", ())),
            )
            for line in lines
        ),
        payers=msgspec.convert(payers, tuple[VisitPayer, ...]),
        **more,
    )


def prices(lines: list[dict[str, Any]]) -> list[LinePrice]:
    return [
        msgspec.convert(
            {"line": place, "code": "G0000", "meaning": "as told"}
            | {
                name: figure
                for name, figure in line.items()
                if name not in {"charge", "state", "modifiers"}
            },
            LinePrice,
        )
        for place, line in enumerate(lines, 1)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    assert case["source"].strip()
    lines = case["lines"]
    answer = visits.split(
        visit(lines, case["payers"], accepts_assignment=case.get("assigned", True)),
        prices(lines),
        state_prices=lambda _: [
            LinePrice(line=place, code="G0000", allowed=Decimal(line["state"]))
            for place, line in enumerate(lines, 1)
        ],
        explain=True,
    )
    assert answer.not_covered == ()
    assert [str(each.paid) for each in answer.payers] == case["paid"]
    told = [
        {f"{each.group}-{each.reason}": str(each.amount) for each in payer.adjustments}
        for payer in answer.payers
    ]
    assert told == case["adjustments"]
    assert str(answer.patient) == case["patient"]
    assert str(answer.written_off) == case["written_off"]
    assert all(payer.trace for payer in answer.payers)


def test_a_year_without_its_deductible_stops_the_split() -> None:
    lines = [{"charge": "100.00", "allowed": "90.00"}]
    payers = [{"kind": "medicare_part_b", "name": "Medicare"}]
    answer = visits.split(
        visit(lines, payers, day=date(2027, 1, 1)),
        prices(lines),
        state_prices=lambda _: [],
        explain=False,
    )
    assert answer.undetermined == Decimal("100.00")
    assert "2027-01-01" in answer.not_covered[0]


def test_a_line_that_nobody_priced_stops_medicare() -> None:
    lines = [{"charge": "100.00", "status": "open", "meaning": "Ask the carrier."}]
    payers = [{"kind": "medicare_part_b", "name": "Medicare"}]
    answer = visits.split(
        visit(lines, payers), prices(lines), state_prices=lambda _: [], explain=False
    )
    assert (answer.undetermined, answer.payers) == (Decimal("100.00"), ())
    assert "Ask the carrier." in answer.not_covered[0]


def test_a_line_that_the_state_sets_no_amount_for_stops_medicaid() -> None:
    lines = [{"charge": "100.00"}]
    payers = [{"kind": "medicaid", "name": "Medicaid", "state": "AK"}]
    none = LinePrice(line=1, code="G0000", status="open", meaning="It pays by report.")
    answer = visits.split(visit(lines, payers), [], state_prices=lambda _: [none], explain=False)
    assert (answer.undetermined, answer.payers) == (Decimal("100.00"), ())
    assert "Medicaid of AK" in answer.not_covered[0]
    assert "It pays by report." in answer.not_covered[0]


@pytest.mark.parametrize(
    ("payers", "path"),
    [
        ([{"kind": "medigap", "name": "S", "plan": "G"}], "payers[0]"),
        ([{"kind": "plan", "name": "P"}], "payers[0].terms"),
        (
            [
                {"kind": "medicaid", "name": "M", "state": "AK"},
                {"kind": "medicare_part_b", "name": "Medicare"},
            ],
            "payers[0]",
        ),
        (
            [{"kind": "medicare_part_b", "name": "M"}, {"kind": "self_pay", "name": "P"}],
            "payers[1]",
        ),
    ],
)
def test_payers_that_cannot_be(payers: Any, path: str) -> None:
    found = visits.check(visit([{"charge": "1.00"}], payers))
    assert [problem.path for problem in found] == [path]
