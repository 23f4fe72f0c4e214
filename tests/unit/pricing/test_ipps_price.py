"""Fiscal year 2026 worked by hand (tests/cases/ipps.toml), and what holds for every payment."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest

from superbill.errors import NotCovered
from superbill.model import SILENT, Recorder, Step
from superbill.pricing.ipps import Tables, price
from superbill.pricing.ipps.codes import MEANINGS
from superbill.pricing.ipps.fields import NUMBERS, TEXTS
from tests.unit.pricing.ipps_tables import DAY, DAY_2021, bill, hospital, tables, tables_2026

CASES = tomllib.loads(
    Path(__file__).parents[2].joinpath("cases", "ipps.toml").read_text(encoding="utf-8")
)["case"]


@pytest.fixture(scope="module")
def fy2026() -> Tables:
    return tables_2026()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_payment_as_worked_by_hand(case: dict[str, Any], fy2026: Tables) -> None:
    claim = bill(
        drg=case["drg"],
        length_of_stay=case["length_of_stay"],
        charges=Decimal(case["charges"]),
        review_code=case.get("review_code", "00"),
    )
    paying = hospital(**case["hospital"])

    paid = price(claim, paying, on=DAY, tables=fy2026)

    assert {c.name: str(c.amount) for c in paid.components} == case["components"]
    assert str(paid.total) == case["total"]
    assert paid.return_code == case["return_code"]
    assert sum(c.amount for c in paid.components) == paid.total

    # The same with every step recorded: the same amounts, and a tree that ends in the total.
    trace = Recorder()
    explained = price(claim, paying, on=DAY, tables=fy2026, trace=trace)
    assert (explained.total, explained.figures) == (paid.total, paid.figures)
    payment = next(step for step in explained.trace if step.name == "Payment")
    assert payment.steps[-1].value == case["total"]
    assert all(step.citation or step.steps for step in explained.trace[:-1])


def test_every_case_shows_its_arithmetic() -> None:
    assert all("524.15" in case["source"] and case["total"] in case["source"] for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_every_output_field_is_there(fy2026: Tables) -> None:
    paid = price(bill(drg="291"), hospital(), on=DAY, tables=fy2026)
    refused = price(bill(drg="001", charges=None), hospital(), on=DAY, tables=fy2026)
    assert set(paid.figures) == set(refused.figures) == {*NUMBERS, *TEXTS}
    assert refused.return_code == "58"


def test_inputs_of_the_tree_say_where_they_come_from(fy2026: Tables) -> None:
    trace = Recorder()
    price(
        bill(drg="291"), hospital(wage_index_source="Table 2"), on=DAY, tables=fy2026, trace=trace
    )
    sources = {used.source for used in _inputs(trace.steps)}
    assert "hospital record" in sources
    assert "claim" in sources
    assert "given by the hospital's profile: Table 2" in sources
    assert any("CMS-1833-F" in source for source in sources)
    assert any("MS-DRG 291" in source for source in sources)


def _inputs(steps: tuple[Step, ...]) -> Any:
    for step in steps:
        yield from step.inputs
        yield from _inputs(step.steps)


def test_a_hospital_is_kept_by_its_values_and_never_taken_for_another(fy2026: Tables) -> None:
    first, same, other = hospital(), hospital(), hospital(wage_index="1.2000")
    claim = bill(drg="291")
    paid = [price(claim, h, on=DAY, tables=fy2026).total for h in (first, same, other, first)]
    assert paid[0] == paid[1] == paid[3] != paid[2]


def test_amounts_do_not_depend_on_the_callers_decimal_context(fy2026: Tables) -> None:
    claim, paying = bill(drg="291"), hospital(bed_size=300, ssi_ratio="0.1", medicaid_ratio="0.2")
    expected = price(claim, paying, on=DAY, tables=fy2026)
    with localcontext(prec=6):
        assert price(claim, paying, on=DAY, tables=tables_2026()) == expected


def test_a_day_outside_the_tables_is_not_covered(fy2026: Tables) -> None:
    with pytest.raises(NotCovered, match="fiscal year 2026"):
        price(bill(drg="291"), hospital(), on=date(2026, 10, 1), tables=fy2026)


def test_a_wage_index_that_is_not_held_is_not_covered(fy2026: Tables) -> None:
    with pytest.raises(NotCovered, match="Give wage_index in the hospital's profile"):
        price(bill(drg="291"), hospital(wage_index=None), on=DAY, tables=fy2026)


def test_amounts_that_are_not_held_are_not_covered() -> None:
    none = Tables(law=tables_2026().law, figures=tables_2026().figures, weights=[], amounts=[])
    with pytest.raises(NotCovered, match="standardized amount"):
        price(bill(drg="291"), hospital(), on=DAY, tables=none)


@pytest.mark.parametrize("codes", [("Z006",), ()])
def test_a_product_got_without_cost_has_no_cited_factor_in_2026(
    codes: tuple[str, ...], fy2026: Tables
) -> None:
    claim = bill(drg="018", diagnoses=("C8330", *codes), condition_codes=() if codes else ("90",))
    with pytest.raises(NotCovered, match="CAR T-cell"):
        price(claim, hospital(), on=DAY, tables=fy2026)


def test_a_product_that_was_paid_for_needs_no_factor(fy2026: Tables) -> None:
    claim = bill(drg="018", diagnoses=("C8330", "Z006"), condition_codes=("ZC",))
    assert price(claim, hospital(), on=DAY, tables=fy2026).payable


class TestNewTechnologyWithoutAList:
    """FY 2026: no list is held, so what is not known is said."""

    def test_nothing_to_say_where_costs_are_below_the_payment(self, fy2026: Tables) -> None:
        claim = bill(drg="291", procedures=("XW0DXL5",), charges=Decimal(10000))
        assert price(claim, hospital(), on=DAY, tables=fy2026).not_checked == ()

    def test_a_new_technology_code_with_costs_above_is_not_covered(self, fy2026: Tables) -> None:
        claim = bill(drg="291", procedures=("XW0DXL5",), charges=Decimal(90000))
        with pytest.raises(NotCovered, match="XW0DXL5"):
            price(claim, hospital(), on=DAY, tables=fy2026)

    def test_another_code_with_costs_above_is_paid_and_noted(self, fy2026: Tables) -> None:
        claim = bill(drg="291", procedures=("5A09357",), charges=Decimal(90000))
        paid = price(claim, hospital(), on=DAY, tables=fy2026)
        assert paid.payable
        assert "New technology add-on" in paid.not_checked[0]


def test_old_fields_lose_digits_on_the_left_and_new_ones_do_not() -> None:
    claim = bill(charges=Decimal("9999999.99"))
    costly = {"operating_cost_to_charge_ratio": "9.999", "capital_cost_to_charge_ratio": "0.010"}
    old = price(claim, hospital(**costly), on=DAY_2021, tables=tables(2021))
    new = price(claim, hospital(**costly), on=DAY, tables=tables(2026))
    # Costs: 9,999,999.99 × 9.999 = 99,989,999.90001; the old field has seven digits.
    assert old.figures["PPS-BILL-COSTS"] == "9989999.900010000"
    assert new.figures["PPS-BILL-COSTS"] == "99989999.900010000"
    assert old.total > Decimal(70_000_000)


def test_silent_and_recorded_agree_for_refused_claims(fy2026: Tables) -> None:
    trace = Recorder()
    claim = bill(drg="000")
    quiet = price(claim, hospital(), on=DAY, tables=fy2026, trace=SILENT)
    said = price(claim, hospital(), on=DAY, tables=fy2026, trace=trace)
    assert (quiet.return_code, str(quiet.total)) == ("54", "0.00")
    assert said.figures == quiet.figures
    assert said.trace[-1].value == "54"
    assert "DRG 000" in quiet.meaning


def test_every_return_code_has_a_meaning() -> None:
    given = "00 02 03 05 06 10 12 14 16 30 33 40 42 44 51 52 53 54 55 56 57 58 61 62 65 67 68 98"
    assert set(MEANINGS) == set(given.split())
    assert all(meaning.endswith(".") for meaning in MEANINGS.values())
