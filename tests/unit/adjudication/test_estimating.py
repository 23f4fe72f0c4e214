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
    Accumulators,
    Biller,
    CoProvider,
    EditReport,
    Estimate,
    LinePrice,
    Medicaid,
    MedicarePartB,
    Order,
    OrderLine,
    PercentOfCharges,
    Plan,
    PlanBenefits,
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


def other(*codes: str, charge: str = "100.00", **more: Any) -> CoProvider:
    biller = Biller(name="OTHER", npi="2000000010", tax_id="987654321")
    lines = tuple(OrderLine(code=c, charge=Decimal(charge), description=c) for c in codes)
    return CoProvider(biller=biller, lines=lines, **more)


def test_what_one_provider_uses_up_of_the_deductible_the_next_does_not() -> None:
    # 100.00 of the deductible are left: 60.00 go to the first provider, 40.00 to the second, which
    # then takes a fifth of 50.00 and of 20.00.
    asked = order(MEDICARE, co_providers=(other("A0001"), other("A0002")))
    asked = replace(asked, lines=asked.lines[1:2])
    found = made(asked, {"G0108": "60.00", "A0001": "90.00", "A0002": "20.00"})
    lines = [provider.lines[0] for provider in found.providers]
    assert [line.deductible for line in lines] == [Decimal(60), Decimal(40), Decimal(0)]
    assert [line.coinsurance for line in lines] == [Decimal(0), Decimal(10), Decimal(4)]
    assert found.patient == Decimal(114)
    assert [each.convening for each in found.providers] == [True, False, False]


def test_what_is_paid_to_one_provider_counts_towards_the_maximum_at_the_next() -> None:
    plan = Plan(
        name="PLAN",
        terms=PercentOfCharges(percent=Decimal(1)),
        benefits=PlanBenefits(
            deductible=Decimal(50),
            coinsurance=Decimal("0.50"),
            out_of_pocket_maximum=Decimal(200),
            accumulators=Accumulators(out_of_pocket_met=Decimal(20)),
        ),
    )
    asked = order(plan, co_providers=(other("A0001", "A0002"),))
    found = made(replace(asked, lines=asked.lines[1:2]), {})  # its charge is 230.00
    # 50.00 and half of 180.00 are 140.00; of the maximum 180.00 were left, and 40.00 still are.
    assert [each.patient for each in found.providers] == [Decimal(140), Decimal(40)]
    assert [each.allowed for each in found.providers] == [Decimal(230), Decimal(200)]
    assert (found.allowed, found.paid) == (Decimal(430), Decimal(250))


def test_each_provider_has_its_own_place() -> None:
    asked = order(MEDICARE, co_providers=(other("A0001", place_of_service="24", zip="44301"),))
    own, second = asked.parts()
    assert (own.place_of_service, second.place_of_service, second.zip) == ("11", "24", "44301")
    assert (own.form, second.form) == ("professional", "professional")


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
