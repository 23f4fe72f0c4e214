"""COVID-19, products got without cost, new technologies and islet cells, on round figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from superbill.pricing.ipps.rates import figures
from superbill.sources.ipps_new_technology import IsletIsolation, Technology
from tests.unit.pricing.ipps_tables import DAY, paid, part


@pytest.mark.parametrize(
    ("year", "on", "codes", "conditions", "operating"),
    [
        (2019, date(2019, 3, 1), ("U071",), (), "6000.00"),
        (2020, date(2020, 4, 1), ("J1282", "U071"), (), "7200.00"),
        (2020, date(2020, 3, 31), ("U071",), (), "6000.00"),
        (2020, date(2020, 4, 1), ("U071",), ("ZA",), "6000.00"),
        (2020, date(2020, 1, 26), ("B9729",), (), "6000.00"),
        (2020, date(2020, 1, 27), ("B9729",), ("ZA",), "7200.00"),
        (2020, date(2020, 4, 1), ("B9729",), (), "6000.00"),
        (2021, date(2021, 3, 1), ("U071",), (), "7200.00"),
        (2021, date(2021, 3, 1), ("B9729",), (), "6000.00"),
        (2026, DAY, ("U071",), (), "6000.00"),
    ],
)
def test_covid(
    year: int, on: date, codes: tuple[str, ...], conditions: tuple[str, ...], operating: str
) -> None:
    claim = {"on": on, "diagnoses": codes, "condition_codes": conditions, "charges": Decimal(1)}
    payment = paid(year, claim, {})
    assert part(payment, "operating federal amount") == operating
    assert part(payment, "capital federal amount") == str(figures(year).capital_federal_rate)


@pytest.mark.parametrize(
    ("drg", "codes", "conditions", "operating"),
    [
        ("018", ("C8330", "Z006"), (), "10200.00"),  # 60,000 × .17
        ("018", ("Z006", "C8330"), (), "60000.00"),  # not as principal diagnosis
        ("018", ("C8330", "Z006"), ("ZC",), "60000.00"),
        ("018", ("C8330",), ("ZB",), "10200.00"),
        ("018", ("C8330", "Z006"), ("ZB", "ZC"), "10200.00"),
        ("100", ("C8330", "Z006"), (), "6000.00"),
    ],
)
def test_a_product_got_without_cost(
    drg: str, codes: tuple[str, ...], conditions: tuple[str, ...], operating: str
) -> None:
    claim = {"drg": drg, "diagnoses": codes, "condition_codes": conditions, "charges": Decimal(1)}
    assert part(paid(2021, claim, {}), "operating federal amount") == operating


LIST = [
    Technology("ONE", Decimal("1000.00"), Decimal("0.65"), (frozenset({"XW03AAA", "XW04AAA"}),)),
    Technology(
        "TWO",
        Decimal("50000.00"),
        Decimal("0.75"),
        (frozenset({"0JH60MZ"}), frozenset({"03HK3MZ", "03HL3MZ"})),
    ),
    Technology("DRUG", Decimal("500.00"), Decimal("0.65"), (), frozenset({"65293000901"})),
    IsletIsolation(Decimal("18848.00"), Decimal("37696.00"), frozenset({"3E030U1", "3E033U1"})),
]
AT_COST = {"operating_cost_to_charge_ratio": "1.000", "capital_cost_to_charge_ratio": "0.000"}


@pytest.mark.parametrize(
    ("procedures", "ndcs", "charges", "expected"),
    [
        (("XW03AAA",), (), "9000.00", "1000.00"),  # the most, under 65 percent of 3,000
        (("XW03AAA",), (), "7000.00", "650.00"),  # 65 percent of 1,000
        (("XW03AAA",), (), "6000.00", "0.00"),
        (("0JH60MZ",), (), "9000.00", "0.00"),  # one group of two
        (("0JH60MZ", "03HL3MZ"), (), "9000.00", "2250.00"),  # 75 percent of 3,000
        # Together 1,000 + 2,250 is above the excess of 3,000, which caps it.
        (("XW03AAA", "0JH60MZ", "03HL3MZ"), (), "9000.00", "3000.00"),
        ((), ("65293000901",), "9000.00", "500.00"),
        ((), ("00000000000", "65293000901"), "9000.00", "0.00"),  # only the first drug counts
    ],
)
def test_new_technology(
    procedures: tuple[str, ...], ndcs: tuple[str, ...], charges: str, expected: str
) -> None:
    claim = {"procedures": procedures, "ndcs": ndcs, "charges": Decimal(charges)}
    assert part(paid(2021, claim, AT_COST, technologies=LIST), "new technology") == expected


@pytest.mark.parametrize(
    ("procedures", "diagnoses", "expected"),
    [
        (("3E030U1",), ("E1010", "Z006"), "18848.00"),
        (("3E030U1", "3E033U1"), ("Z006",), "37696.00"),
        (("3E030U1", "3E030U1"), ("Z006",), "37696.00"),
        (("3E030U1",), ("E1010",), "0.00"),
        (("0JH60MZ",), ("Z006",), "0.00"),
    ],
)
def test_islet_cells(
    procedures: tuple[str, ...], diagnoses: tuple[str, ...], expected: str
) -> None:
    claim = {"procedures": procedures, "diagnoses": diagnoses, "charges": Decimal(1)}
    assert part(paid(2021, claim, {}, technologies=LIST), "islet isolation") == expected


@pytest.mark.parametrize(
    ("on", "code", "expected"),
    [
        # Costs of 20,000 less the payment of 7,200: 12,800 × .65; the fixed loss is above it.
        (date(2020, 11, 1), "XW033E5", "0.00"),
        (date(2020, 11, 2), "XW033E5", "8320.00"),
        (date(2020, 11, 18), "XW0DXF5", "0.00"),
        (date(2020, 11, 19), "XW0DXF5", "8320.00"),
        (date(2021, 1, 1), "XW0DXF5", "0.00"),
        (date(2021, 1, 1), "XW0DXM6", "8320.00"),
    ],
)
def test_new_treatments_of_covid(on: date, code: str, expected: str) -> None:
    claim = {
        "on": on,
        "diagnoses": ("U071",),
        "procedures": (code,),
        "charges": Decimal("20000.00"),
    }
    assert part(paid(2021, claim, AT_COST, technologies=LIST), "new technology") == expected
