"""Estimates with coverage, of which some lines have no price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from superbill.adjudication import estimate
from superbill.model import (
    EditReport,
    Estimate,
    LinePrice,
    Medicaid,
    MedicarePartB,
    Order,
    Visit,
    read,
)

EXAMPLES = Path(__file__).parents[3] / "examples"
MEDICARE = MedicarePartB(name="MEDICARE", deductible_met=Decimal("183.00"))
STATE = Medicaid(name="MEDICAID", state="OH")


@dataclass
class Priced:
    """Prices by code; a code that is not in the table is open."""

    medicare: dict[str, str]
    state: dict[str, str]
    digest: str = "lock"

    def line_edits(self, visit: Visit, *, filed_on: date | None = None) -> EditReport:
        return EditReport(ran=("made.up",))

    def line_prices(self, visit: Visit, *, explain: bool) -> tuple[LinePrice, ...]:
        return self._of(visit, self.medicare)

    def state_prices(self, visit: Visit, state: Medicaid) -> Sequence[LinePrice]:
        return self._of(visit, self.state)

    @staticmethod
    def _of(visit: Visit, table: dict[str, str]) -> tuple[LinePrice, ...]:
        return tuple(
            LinePrice(line=at, code=line.code, allowed=Decimal(table[line.code]), system="made up")
            if line.code in table
            else LinePrice(line=at, code=line.code, status="open", meaning=f"No price {line.code}.")
            for at, line in enumerate(visit.lines, 1)
        )


def order(*payers: Any, **more: Any) -> Order:
    told = read.order((EXAMPLES / "insured_estimate.json").read_bytes())
    return replace(told, payers=payers, **more)


def made(asked: Order, medicare: dict[str, str], state: dict[str, str] | None = None) -> Estimate:
    return estimate(asked, engine=Priced(medicare, state or {}), describe=lambda code: f"<{code}>")


def test_a_line_without_a_price_is_not_zero_and_the_rest_is_told() -> None:
    # The deductible of 2026 is 283.00, so that 100.00 are left for the second line, and a fifth of
    # the other 50.00. The third is a preventive service, which is free.
    found = made(order(MEDICARE), {"G0108": "150.00", "G0442": "30.00"})
    first, second, third = found.providers[0].lines
    assert (first.patient, first.allowed, first.payers) == (None, None, ())
    assert first.not_priced == "No price G0447."
    assert (second.line, second.deductible) == (2, Decimal("100.00"))
    assert second.coinsurance == Decimal("10.00")
    assert second.patient == second.deductible + second.coinsurance + second.copay + second.other
    assert third.line == 3
    assert not found.complete
    assert found.at_least
    assert found.charges == Decimal("335.00")  # the charge of every line is known
    assert (third.patient, found.patient) == (Decimal(0), Decimal("110.00"))
    assert found.allowed == Decimal("180.00")
    assert found.not_covered


def test_no_line_has_a_price() -> None:
    found = made(order(MEDICARE), {})
    assert {line.patient for line in found.providers[0].lines} == {None}
    assert (found.patient, found.allowed, found.paid) == (None, None, None)
    assert found.providers[0].patient is None


def test_a_state_that_prices_only_some() -> None:
    medicare = {"G0447": "50.00", "G0108": "150.00", "G0442": "30.00"}
    found = made(order(STATE), {}, {"G0447": "40.00", "G0442": "20.00"})
    first, second, third = found.providers[0].lines
    assert [line.allowed for line in (first, second, third)] == [40, None, 20]
    assert (found.paid, found.patient) == (Decimal(60), Decimal(0))
    both = made(order(MEDICARE, STATE), medicare, {"G0447": "40.00", "G0442": "20.00"})
    assert [line.patient is None for line in both.providers[0].lines] == [False, True, False]
    assert [each.payer for each in both.providers[0].lines[0].payers] == ["MEDICARE", "MEDICAID"]


def test_ranked_procedures_have_no_bound() -> None:
    asked = order(MEDICARE, form="surgery_center")
    assert not made(asked, {"G0108": "150.00"}).at_least


@pytest.mark.parametrize("alone", [True, False])
def test_shares_add_up(alone: bool) -> None:
    asked = read.order(
        (EXAMPLES / f"{'self_pay' if alone else 'insured'}_estimate.json").read_bytes()
    )
    found = made(asked, {})
    assert found.complete
    for provider in found.providers:
        for line in provider.lines:
            assert line.patient == line.deductible + line.coinsurance + line.copay + line.other
            if not alone:
                assert line.allowed == line.patient + sum(each.paid for each in line.payers)
    assert found.patient == sum(each.patient or 0 for each in found.providers)
    assert found.diagnoses[0].text == f"<{found.diagnoses[0].code}>"
