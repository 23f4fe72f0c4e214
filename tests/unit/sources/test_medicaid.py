"""States' Medicaid schedules in their layouts: what is read, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources import medicaid_ak, medicaid_az, medicaid_co, medicaid_other
from superbill.sources.document import Document, Layout, Period, Row, Undated

AK = "Proc Code,Procedure Description,Base Units,Per Unit,Base Value\r\n"
AZ = "Code,Description,Fee for Service Rate ,Effective Date,Methodology¹\n"
CO = (
    "Proc Code,Service Description,Rate Effective 01/01/2026-03/31/2026,"
    "Rate Effective 04/01/2026-06/30/2026,PAR Required*,Comments\n"
)
OTHER = "state,code,modifier,rate,from,to\n"

LAYOUTS = {
    "AK_physician_SFY2026.csv": (medicaid_ak.LAYOUT, AK),
    "AZ_PAD_2026-01-01.csv": (medicaid_az.LAYOUT, AZ),
    "CO_PAD_CY2026.csv": (medicaid_co.LAYOUT, CO),
    "MEDICAID_OH_2026.csv": (medicaid_other.LAYOUT, OTHER),
}


def parsed(name: str, body: str) -> tuple[Period, list[Row]]:
    layout, header = LAYOUTS[name]
    document = Document.of(name, header + body)
    period = layout.recognise(document)
    assert period is not None
    return period, list(layout.parse(document, period))


def test_alaskas_header_is_not_that_of_its_rows() -> None:
    period, rows = parsed(
        "AK_physician_SFY2026.csv",
        'G0001,,"ONE, TWO", , , , X,"$1,000.50",\r\n'
        "G0002,26,THREE, ,X, , ,By Report,\r\n"
        "G0004,,SAID TWICE, , , , ,$2.00,\r\n"
        "G0004,,SAID TWICE, , , , ,$2.00,\r\n",
    )
    assert period == Period("SFY2026", date(2025, 7, 1), date(2026, 7, 1))
    assert rows[0] == ("G0001", "", Decimal("1000.50"), "", "")
    assert rows[1] == ("G0002", "26", None, "by report", "")
    assert rows[2:] == [("G0004", "", Decimal("2.00"), "", "")]


def test_a_row_of_anesthesia_has_no_amount_of_its_own() -> None:
    _, rows = parsed("AK_physician_SFY2026.csv", "G0003,FOUR,5,$20.00,$100.00\r\n")
    assert rows == [("G0003", "", None, medicaid_ak.ANESTHESIA, "")]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("0.14000000000000001", "0.14"),
        ("32.659999999999997", "32.66"),
        ("2511290.9700000002", "2511290.97"),
        ("7.0000000000000007E-2", "0.07"),
        ("0.12345", "0.12345"),
        ("1425", "1425"),
    ],
)
def test_a_binary_fraction_is_the_decimal_that_it_stands_for(text: str, rate: str) -> None:
    period, rows = parsed("AZ_PAD_2026-01-01.csv", f"G0001,ONE,{text},46023,ASP\n")
    assert period == Period("from 2026-01-01", date(2026, 1, 1), date(2026, 4, 1))
    assert [str(row[4]) for row in rows] == [rate]
    assert rows[0][0] == date(2026, 1, 1)


def test_arizonas_days_without_a_day_in_the_name() -> None:
    one = "G0001,ONE,1.00,46388,ASP\n"
    layout = medicaid_az.LAYOUT
    period = layout.recognise(Document.of("pad.csv", AZ + one))
    assert period == Period("from 2027-01-01", date(2027, 1, 1), date(2027, 4, 1))
    with pytest.raises(Undated):
        layout.recognise(Document.of("pad.csv", AZ + one + "G0002,TWO,1.00,46023,ASP\n"))


def test_the_last_quarter_ends_with_the_year() -> None:
    layout = medicaid_az.LAYOUT
    period = layout.recognise(Document.of("AZ_PAD_2026-10-01.csv", AZ))
    assert period == Period("from 2026-10-01", date(2026, 10, 1), date(2027, 1, 1))


def test_colorados_quarters() -> None:
    period, rows = parsed("CO_PAD_CY2026.csv", "G0001,ONE,1.00,CLOSED,Yes - PAD,\nG0002,TWO,,2,,\n")
    assert (period.valid_from, period.valid_to) == (date(2026, 1, 1), date(2026, 7, 1))
    first, second = (date(2026, 1, 1), date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 7, 1))
    note = "prior authorisation: Yes - PAD"
    assert rows == [
        (*first, "G0001", "", Decimal("1.00"), "", note),
        (*second, "G0001", "", None, "closed", note),
        (*second, "G0002", "", Decimal(2), "", ""),
    ]


def test_an_empty_quarter_is_none_of_the_files_days() -> None:
    period, _ = parsed("CO_PAD_CY2026.csv", "G0001,ONE,1.00,,,\n")
    assert (period.valid_from, period.valid_to) == (date(2026, 1, 1), date(2026, 4, 1))


def test_the_layout_of_any_state() -> None:
    period, rows = parsed(
        "MEDICAID_OH_2026.csv",
        "OH,G0001,U1 TC,12.50,2026-01-01,2026-06-30\nOH,G0002,,br,20260201,\n",
    )
    assert period == Period("OH from 2026-01-01", date(2026, 1, 1), FOREVER)
    assert rows == [
        (date(2026, 1, 1), date(2026, 7, 1), "OH", "G0001", "TC U1", Decimal("12.50"), "", ""),
        (date(2026, 2, 1), FOREVER, "OH", "G0002", "", None, "by report", ""),
    ]


@pytest.mark.parametrize(
    ("name", "row", "seen"),
    [
        ("AK_physician_SFY2026.csv", "G0001,,ONE, , , , ,free,", "free"),
        ("AK_physician_SFY2026.csv", "G0001,,ONE, , ,$1.00,", "9 cells"),
        ("AK_physician_SFY2026.csv", "G001,,ONE, , , , ,$1.00,", "G001"),
        ("AK_physician_SFY2026.csv", "G0001,260,ONE, , , , ,$1.00,", "260"),
        ("AZ_PAD_2026-01-01.csv", "G0001,ONE,-1,46023,ASP", "-1"),
        ("AZ_PAD_2026-01-01.csv", "G0001,ONE,,46023,ASP", "dollars"),
        ("AZ_PAD_2026-01-01.csv", "G0001,ONE,1.00,soon,ASP", "soon"),
        ("AZ_PAD_2026-01-01.csv", "G0001,ONE,1.00,46113,ASP", "2026-04-01"),
        ("AZ_PAD_2026-01-01.csv", "G0001,ONE,1.00", "5 cells"),
        ("CO_PAD_CY2026.csv", "G0001,ONE,1.00,1e400,,", "1e400"),
        ("CO_PAD_CY2026.csv", "G0001,ONE,1.00", "6 cells"),
        ("MEDICAID_OH_2026.csv", "OH,G0001,,1.00,2026-06-30,2026-01-01", "in order"),
        ("MEDICAID_OH_2026.csv", "OH,G0001,,1.00,2026-02-30,", "2026-02-30"),
        ("MEDICAID_OH_2026.csv", "TX,G0001,,1.00,2026-01-01,", "TX"),
        ("MEDICAID_OH_2026.csv", "OH,G0001,,1,00,2026-01-01,", "6 cells"),
        ("MEDICAID_OH_2026.csv", "OH,G0001,U1U2,1.00,2026-01-01,", "U1U2"),
    ],
)
def test_a_bad_row_is_named(name: str, row: str, seen: str) -> None:
    with pytest.raises(BadRow, match=name) as refusal:
        parsed(name, row + "\n")
    assert seen in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("AZ_PAD_2026-01-01.csv", "G0001,ONE,1,46023,ASP\nG0001,ONE,2,46023,ASP\n"),
        ("CO_PAD_CY2026.csv", "G0001,ONE,1,1,,\nG0001,ONE,1,1,,\n"),
        ("MEDICAID_OH_2026.csv", "OH,G0001,A1 B2,1,20260101,\nOH,G0001,B2 A1,2,20260101,\n"),
    ],
)
def test_a_second_row_for_the_same_is_named(name: str, rows: str) -> None:
    with pytest.raises(BadRow, match="line 2 tells it already") as refusal:
        parsed(name, rows)
    assert "G0001" in str(refusal.value)


@pytest.mark.parametrize("last", ["9999-12-31", "9999-12-30"])
def test_the_last_day_of_all_is_an_open_end(last: str) -> None:
    period, _ = parsed("MEDICAID_OH_2026.csv", f"OH,G0001,,1.00,2026-01-01,{last}\n")
    assert period.valid_to == FOREVER


@pytest.mark.parametrize(
    ("layout", "name", "text", "fault"),
    [
        (medicaid_ak.LAYOUT, "physician.csv", AK, Undated),
        (medicaid_az.LAYOUT, "AZ_PAD_2026-01-01.csv", AZ.replace("Description,", ""), BadRow),
        (medicaid_co.LAYOUT, "CO.csv", CO.replace("PAR Required*,", ""), BadRow),
        (medicaid_co.LAYOUT, "CO.csv", CO.replace("04/01/2026", "03/31/2026"), BadRow),
        (medicaid_co.LAYOUT, "CO.csv", CO, BadRow),
        (medicaid_other.LAYOUT, "MEDICAID_OH_1.csv", OTHER.replace(",to", ""), BadRow),
        (medicaid_other.LAYOUT, "MEDICAID_OH_1.csv", OTHER, BadRow),
        (medicaid_other.LAYOUT, "ohio.csv", OTHER, Undated),
    ],
)
def test_a_file_that_cannot_be_what_it_says(
    layout: Layout, name: str, text: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        layout.recognise(Document.of(name, text))


def test_each_layout_knows_its_own_file_only() -> None:
    rows = {
        "AK_physician_SFY2026.csv": "G0001,,ONE, , , , ,$1.00,\n",
        "AZ_PAD_2026-01-01.csv": "G0001,ONE,1.00,46023,ASP\n",
        "CO_PAD_CY2026.csv": "G0001,ONE,1.00,,,\n",
        "MEDICAID_OH_2026.csv": "OH,G0001,,1.00,2026-01-01,\n",
    }
    for name, body in rows.items():
        document = Document.of(name, LAYOUTS[name][1] + body)
        known = [other for other, (layout, _) in LAYOUTS.items() if layout.recognise(document)]
        assert known == [name]
