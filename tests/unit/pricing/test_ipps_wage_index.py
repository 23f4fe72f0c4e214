"""The wage index: each step on small tables of our own making, against 42 CFR 412.64(h)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from superbill.dates import Span, fiscal_span
from superbill.errors import Invalid, NotCovered
from superbill.model import Recorder
from superbill.pricing.ipps import WageIndex, wage_index
from superbill.pricing.ipps.codes import Refused
from superbill.sources.ipps_wage_index import OutMigration, PriorYearIndex, RuralFloor
from tests.unit.pricing.ipps_tables import area, hospital, tables

DAYS = {2019: date(2019, 3, 1), 2020: date(2020, 3, 1), 2021: date(2021, 3, 1)}
DAYS |= {2024: date(2024, 3, 1), 2026: date(2026, 3, 1)}


def find(year: int, more: dict[str, Any], **fields: Any) -> WageIndex | Refused:
    """The index of a hospital in area 10000 with an index of the year before of 0.90."""
    given: dict[str, Any] = {
        "wage_index": None,
        "cbsa_geographic": "10000",
        "state_code": "36",
        "supplemental_wage_index_indicator": "1",
        "supplemental_wage_index": "0.9000",
    } | fields
    held: dict[str, Any] = {
        "areas": [
            area("10000", year, "0.9200", "0.9100"),
            area("20000", year, "1.1000", "1.0500"),
            area("36", year, "0.8800", "0.8700", floor="0.8900"),
        ],
        "prior_year": [PriorYearIndex("360870", Decimal("0.9000"))],
    } | more
    return wage_index.find(hospital(**given), DAYS[year], tables(year, **held))


def value(found: WageIndex | Refused) -> str:
    assert isinstance(found, WageIndex), found
    return str(found.value)


@pytest.mark.parametrize(
    ("fields", "expected", "size"),
    [
        ({}, "0.9200", "O"),
        ({"cbsa_wage_index": "20000"}, "0.9200", "O"),
        ({"cbsa_wage_index": "20000", "special_payment_indicator": "Y"}, "1.0500", "O"),
        ({"cbsa_wage_index": "20000", "special_payment_indicator": "D"}, "1.1000", "O"),
        ({"cbsa_standardized_amount": "20000"}, "1.1000", "O"),
        ({"cbsa_standardized_amount": "36"}, "0.8800", "R"),
        ({"special_payment_indicator": "0"}, "0.9200", "O"),
    ],
)
def test_which_area_and_column(fields: dict[str, Any], expected: str, size: str) -> None:
    found = find(2021, {}, **fields)
    assert value(found) == expected
    assert isinstance(found, WageIndex)
    assert found.size == size


def test_a_special_index_of_the_record_must_be_of_the_year() -> None:
    special = {"special_payment_indicator": "1", "special_wage_index": "1.2345"}
    assert value(find(2021, {}, **special, effective_date=date(2020, 10, 1))) == "1.2345"
    assert isinstance(find(2021, {}, **special, effective_date=date(2020, 9, 30)), Refused)
    for missing in (None, "0.0000"):
        given = special | {"special_wage_index": missing}
        assert isinstance(find(2021, {}, **given), Refused)


@pytest.mark.parametrize(
    ("year", "more", "fields", "expected"),
    [
        # FY 2019: the state's own rural index, for every area, rural ones too.
        (2019, {"areas": [area("10000", 2019, "0.8000"), area("36", 2019, "0.88")]}, {}, "0.88"),
        # FY 2020: a table of its own, for urban areas.
        (
            2020,
            {"rural_floors": [RuralFloor("36", fiscal_span(2020), Decimal("0.9400"))]},
            {},
            "0.9400",
        ),
        (
            2020,
            {"rural_floors": [RuralFloor("36", fiscal_span(2020), Decimal("0.9400"))]},
            {"cbsa_geographic": "36"},
            "0.8800",
        ),
        # FY 2021: the third column of the state's row, for urban areas.
        (
            2021,
            {"areas": [area("10000", 2021, "0.9000"), area("36", 2021, "0.95", floor="0.9300")]},
            {},
            "0.9300",
        ),
    ],
)
def test_rural_floor(
    year: int, more: dict[str, Any], fields: dict[str, Any], expected: str
) -> None:
    assert value(find(year, more, **fields)) == expected


def test_state_code_00_stands_for_arizona() -> None:
    held = [area("10000", 2021, "0.9000"), area("03", 2021, "0.8", floor="0.9700")]
    assert value(find(2021, {"areas": held}, state_code="00")) == "0.9700"


def test_out_migration_is_added_and_cut_after_four_decimals() -> None:
    held = {"out_migration": [OutMigration("39035", fiscal_span(2021), Decimal("0.01239"))]}
    assert value(find(2021, held, county_code="39035")) == "0.9323"
    assert value(find(2021, held, county_code="39037")) == "0.9200"
    # Not for a hospital with another area or a special payment indicator.
    assert value(find(2021, held, county_code="39035", cbsa_wage_index="20000")) == "0.9200"
    assert value(find(2021, held, county_code="39035", special_payment_indicator="N")) == "0.9200"


def test_lowest_quartile_is_raised_half_the_way() -> None:
    # (0.8469 - 0.8000) / 2 + 0.8000 = 0.82345, half up 0.8235.
    held = {"areas": [area("10000", 2021, "0.8000")]}
    assert value(find(2021, held, supplemental_wage_index="0.8000")) == "0.8235"
    # FY 2026 has no such rule (it was set aside in Bridgeport Hospital v. Becerra).
    held = {"areas": [area("10000", 2026, "0.8000")]}
    assert value(find(2026, held, supplemental_wage_index="0.8000")) == "0.8000"


@pytest.mark.parametrize(
    ("year", "index", "before", "expected"),
    [
        (2021, "0.9500", "1.0000", "0.9500"),  # exactly 5 percent down: no cap
        (2021, "0.9499", "1.0000", "0.9500"),
        (2020, "0.9000", None, "0.9000"),
        (2020, "0.8500", None, "0.8550"),  # 0.9000 of the prior-year table × .95
        (2019, "0.8000", "1.0000", "0.8000"),  # no cap before FY 2020
        (2026, "0.9000", "1.0000", "0.9500"),
    ],
)
def test_cap_on_decreases(year: int, index: str, before: str | None, expected: str) -> None:
    fields = {} if before is None else {"supplemental_wage_index": before}
    assert value(find(year, {"areas": [area("10000", year, index)]}, **fields)) == expected


@pytest.mark.parametrize(
    ("year", "fields", "refused"),
    [
        (2021, {"supplemental_wage_index_indicator": ""}, True),
        (2021, {"supplemental_wage_index": None}, True),
        (2020, {"ccn": "360999"}, True),
        (2026, {"supplemental_wage_index_indicator": ""}, False),
        (2026, {"supplemental_wage_index": "0"}, True),
    ],
)
def test_a_record_without_the_year_before(year: int, fields: dict[str, Any], refused: bool) -> None:
    assert isinstance(find(year, {}, **fields), Refused) is refused


@pytest.mark.parametrize(
    "fields",
    [
        {"cbsa_geographic": "1*000"},
        {"cbsa_geographic": "99999"},
        {"effective_date": date(2004, 9, 30)},
        {"cbsa_standardized_amount": "99999", "cbsa_wage_index": "10000"},
    ],
)
def test_no_index_is_code_52(fields: dict[str, Any]) -> None:
    found = find(2021, {}, **fields)
    assert isinstance(found, Refused)
    assert found.code == "52"


def test_only_rows_of_the_fiscal_year_count() -> None:
    held = {"areas": [area("10000", 2020, "0.7777"), area("10000", 2021, "0.9300")]}
    assert value(find(2021, held)) == "0.9300"
    assert isinstance(find(2021, {"areas": [area("10000", 2020, "0.7777")]}), Refused)


def test_a_row_within_the_year_counts_from_its_day() -> None:
    late = area("10000", 2021, "0.9900")._replace(
        span=Span(date(2021, 4, 1), fiscal_span(2021).end)
    )
    early = area("10000", 2021, "0.9300")
    early = early._replace(span=Span(early.span.start, late.span.start))
    held = tables(2021, areas=[late, early])
    paying = hospital(
        wage_index=None,
        cbsa_geographic="10000",
        supplemental_wage_index_indicator="1",
        supplemental_wage_index="0.9000",
    )
    before, after = date(2021, 3, 31), date(2021, 4, 1)
    assert value(wage_index.find(paying, before, held)) == "0.9300"
    assert value(wage_index.find(paying, after, held)) == "0.9900"
    assert held.period(before) != held.period(after)


def test_indian_health_service_has_rows_of_its_own() -> None:
    held = {
        "areas": [area("10000", 2021, "0.9000"), area("98", 1995, "1.9"), area("99", 1995, "1.4")]
    }
    assert value(find(2021, held, provider_type="08", state_code="02")) == "1.9"
    assert value(find(2021, held, provider_type="08")) == "1.4"


def test_the_imputed_floor_is_needed_from_2022_on() -> None:
    rural = area("36", 2026, "0.8000")._replace(imputed_floor=None)
    held = {"areas": [area("10000", 2026, "0.9000"), rural]}
    with pytest.raises(NotCovered, match="wage_index_4_imputed_floor"):
        find(2026, held)
    held = {"areas": [held["areas"][0], rural._replace(imputed_floor=Decimal("0.9600"))]}
    assert value(find(2026, held)) == "0.9600"


def test_an_index_given_outright_needs_an_area_for_its_size() -> None:
    paying = hospital(wage_index="1.0500", cbsa_geographic="")
    with pytest.raises(Invalid, match=r"hospital\.cbsa_geographic"):
        wage_index.find(paying, DAYS[2026], tables(2026))
    rural = hospital(wage_index="1.0500", cbsa_geographic="36")
    found = wage_index.find(rural, DAYS[2026], tables(2026))
    assert isinstance(found, WageIndex)
    assert (str(found.value), found.size) == ("1.0500", "R")


def test_each_step_is_told() -> None:
    trace = Recorder()
    held = tables(
        2021,
        areas=[area("10000", 2021, "0.7000"), area("36", 2021, "0.7000", floor="0.7500")],
        out_migration=[OutMigration("39035", fiscal_span(2021), Decimal("0.0100"))],
    )
    paying = hospital(
        wage_index=None,
        cbsa_geographic="10000",
        county_code="39035",
        supplemental_wage_index_indicator="1",
        supplemental_wage_index="0.9000",
    )
    found = wage_index.find(paying, DAYS[2021], held, trace)
    # Floor 0.7500, + 0.0100, half the way to 0.8469 (0.80345, half up), 0.9000 × .95.
    assert [step.value for step in trace.steps] == [
        "0.7000",
        "0.7500",
        "0.7600",
        "0.8035",
        "0.8550",
    ]
    assert value(found) == "0.8550"
