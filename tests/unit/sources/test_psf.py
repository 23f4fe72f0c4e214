"""The provider-specific file: the CSV export and the fixed-width record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources import psf
from superbill.sources.document import Document, Period

NAMES = [item.column for item in psf.ITEMS]
HEADER = [*NAMES, "exportDate", "lastUpdated"]

EXPECTED: dict[str, Any] = {
    "ccn": "010001",
    "effective_date": date(2025, 10, 1),
    "fiscal_year_begin_date": date(2025, 7, 1),
    "termination_date": None,
    "waiver": 0,
    "provider_type": "07",
    "census_division": "6",
    "low_volume": 1,
    "state_code": "01",
    "hospital_specific_rate": Decimal("9876.54"),
    "cola": Decimal("1.000"),
    "intern_to_bed_ratio": Decimal("0.0580"),
    "bed_size": 240,
    "operating_cost_to_charge_ratio": Decimal("0.245"),
    "case_mix_index": Decimal("1.6120"),
    "ssi_ratio": Decimal("0.0412"),
    "medicaid_ratio": Decimal("0.2115"),
    "special_payment_indicator": "Y",
    "hospital_quality_indicator": "1",
    "cbsa_geographic": "01",
    "cbsa_wage_index": "13820",
    "cbsa_standardized_amount": "",
    "special_wage_index": None,
    "pass_through_total": Decimal("123.45"),
    "capital_pps_payment_code": "B",
    "capital_cost_to_charge_ratio": Decimal("0.018"),
    "new_hospital": 0,
    "capital_ime_ratio": Decimal("0.0710"),
    "vbp_participant": "Y",
    "vbp_adjustment": Decimal("1.00321234567"),
    "hrr_participant": "1",
    "hrr_adjustment": Decimal("0.9957"),
    "hac_reduction_indicator": "N",
    "uncompensated_care_amount": Decimal("412.35"),
    "ehr_reduction_indicator": "",
    "low_volume_adjustment": Decimal("0.125000"),
    "county_code": "01003",
    "supplemental_wage_index_indicator": "1",
    "supplemental_wage_index": Decimal("0.8123"),
}


def csv_line(**changes: str) -> str:
    """A record of the export, its dates as numbers and its leading zeros as they come."""
    cells = dict.fromkeys(HEADER, "")
    for item in psf.ITEMS:
        value = EXPECTED.get(item.name)
        if item.type == "flag":
            cells[item.column] = "Y" if value else "N"
        elif isinstance(value, date):
            cells[item.column] = f"{value:%Y%m%d}"
        elif value is not None:
            cells[item.column] = str(value)
    cells["stateCode"], cells["cbsaActualGeographicLocation"] = "1", "1"
    cells["providerType"], cells["countyCode"] = "7", "1003"
    cells["terminationDate"], cells["exportDate"] = "00000000", "20260105"
    return ",".join((cells | changes)[name] for name in HEADER)


def fixed_line(**changes: str) -> str:
    """The same as a record of 310 characters."""
    record = [" "] * psf.FIXED_WIDTH
    for item in psf.ITEMS:
        if not item.first:
            continue
        value = EXPECTED.get(item.name)
        if item.type == "flag":
            text = "Y" if value else "N"
        elif item.type == "date":
            text = f"{value:%Y%m%d}" if isinstance(value, date) else "00000000"
        elif item.type == "integer":
            text = str(value).zfill(item.length)
        elif item.type == "decimal":
            text = "" if value is None else str(int(value.scaleb(item.decimals))).zfill(item.length)
        else:
            text = str(value or "")
        text = changes.get(item.name, text).rjust(item.length)
        record[item.first - 1 : item.first - 1 + item.length] = text
    record[32:40] = "20260105"
    return "".join(record)


def read(document: Document) -> list[dict[str, Any]]:
    layout = next(found for found in (psf.CSV, psf.FIXED) if found.recognise(document))
    names = ["valid_from", "valid_to", *(item.name for item in psf.ITEMS)]
    rows = layout.parse(document, Period("", date.min, date.max))
    return [dict(zip(names, row, strict=True)) for row in rows]


def csv_file(*lines: str) -> Document:
    return Document.of("export.csv", "\n".join([",".join(HEADER), *lines]) + "\n")


def fixed_file(*lines: str) -> Document:
    return Document.of("psf.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("document", [csv_file(csv_line()), fixed_file(fixed_line())])
def test_a_record_reads_the_same_in_both_layouts(document: Document) -> None:
    (found,) = read(document)
    for name, value in EXPECTED.items():
        assert found[name] == value, name
    assert (found["valid_from"], found["valid_to"]) == (date(2025, 10, 1), FOREVER)


def test_the_columns_may_stand_in_any_order() -> None:
    order = list(reversed(HEADER))
    cells = dict(zip(HEADER, csv_line().split(","), strict=True))
    text = ",".join(order) + "\n" + ",".join(cells[name] for name in order) + "\n"
    (found,) = read(Document.of("export.csv", text))
    assert found["uncompensated_care_amount"] == Decimal("412.35")


def test_a_record_holds_until_the_hospitals_next_one() -> None:
    found = read(
        csv_file(
            csv_line(effectiveDate="20260101", bedSize="300"),
            csv_line(),
            csv_line(providerCcn="010005"),
            csv_line(effectiveDate="20260101", bedSize="310"),
        )
    )
    spans = [(row["ccn"], row["valid_from"], row["valid_to"], row["bed_size"]) for row in found]
    assert spans == [
        ("010001", date(2025, 10, 1), date(2026, 1, 1), 240),
        ("010001", date(2026, 1, 1), FOREVER, 310),
        ("010005", date(2025, 10, 1), FOREVER, 240),
    ]


def test_the_period_starts_with_the_first_record_and_names_the_export() -> None:
    for document in (
        csv_file(csv_line(), csv_line(effectiveDate="20240101")),
        fixed_file(fixed_line(), fixed_line(effective_date="20240101")),
    ):
        layout = psf.CSV if document.name.endswith("csv") else psf.FIXED
        period = layout.recognise(document)
        assert period == ("exported 2026-01-05", date(2024, 1, 1), FOREVER, date(2026, 1, 5))


@pytest.mark.parametrize(
    ("column", "text", "name", "value"),
    [
        ("supplementalSecurityIncomeRatio", "", "ssi_ratio", None),
        ("supplementalSecurityIncomeRatio", "n/a", "ssi_ratio", None),
        ("supplementalSecurityIncomeRatio", ".0412", "ssi_ratio", Decimal(".0412")),
        ("bedSize", "x", "bed_size", None),
        ("terminationDate", "20260131", "termination_date", date(2026, 1, 31)),
        ("terminationDate", "99999999", "termination_date", None),
        ("providerCcn", "10001", "ccn", "010001"),
    ],
)
def test_what_is_no_number_or_day_is_nothing(
    column: str, text: str, name: str, value: object
) -> None:
    (found,) = read(csv_file(csv_line(**{column: text})))
    assert found[name] == value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (csv_line(providerCcn="01-0001"), "CCN"),
        (csv_line(effectiveDate=""), "effective date"),
        ("010001,20251001", "cells"),
    ],
)
def test_damage_is_named_with_its_line(line: str, said: str) -> None:
    document = csv_file(csv_line(), line)
    with pytest.raises(BadRow, match=said) as refused:
        list(psf.CSV.parse(document, Period("", date.min, date.max)))
    assert refused.value.line == 3


def test_a_fixed_record_of_another_width_is_named() -> None:
    document = fixed_file(fixed_line(), fixed_line()[:240])
    with pytest.raises(BadRow, match="310 characters"):
        list(psf.FIXED.parse(document, Period("", date.min, date.max)))


@pytest.mark.parametrize("content", ["", "providerCcn,effectiveDate\n", "x" * 310, "a,b\n"])
def test_other_documents_are_left_alone(content: str) -> None:
    document = Document.of("x.csv", content)
    assert psf.CSV.recognise(document) is None
    assert psf.FIXED.recognise(document) is None
