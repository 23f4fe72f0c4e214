"""The conversion table of ICD-10-CM, and the tables, index and definitions of ICD-10-PCS."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from superbill.errors import BadRow
from superbill.sources import icd10cm_conversion, icd10pcs_tables
from superbill.sources.document import Document, Undated
from superbill.sources.icd10cm_conversion import read_conversions
from superbill.sources.icd10pcs_definitions import read_aggregations, read_definitions
from superbill.sources.icd10pcs_index import read_index
from superbill.sources.icd10pcs_tables import read_tables
from tests.unit.encoder.small import PCS_DEFINITIONS, PCS_INDEX, PCS_TABLES

NAME = "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx"
_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*rows: tuple[str, ...]) -> Document:
    texts = list(dict.fromkeys(cell for row in rows for cell in row))
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    sheet = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column}{number}" t="s"><v>{texts.index(cell)}</v></c>'
            for column, cell in zip("ABC", row, strict=False)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_NS}">{shared}</sst>')
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_NS}"><sheetData>{sheet}</sheetData></worksheet>',
        )
    return Document.of(NAME, data.getvalue())


HEAD = ("Current code assignment", "Effective", "Previous Code(s) Assignment")


@pytest.mark.parametrize(
    ("effective", "text", "day", "previous"),
    [
        ("2017", "A04.7", date(2017, 10, 1), ["A047"]),
        ("45017", "A04.7", date(2023, 4, 1), ["A047"]),
        ("2021", "None", date(2021, 10, 1), [""]),
        ("2022", "G93.3; R53.82", date(2022, 10, 1), ["G933", "R5382"]),
        ("2018", "H02.101-H02.106; H02.109", date(2018, 10, 1), ["H02101-H02106", "H02109"]),
        ("2023", "Codes in Categories T15-T19", date(2023, 10, 1), ["T15-T19 and below"]),
        ("2020", "I63.- and P91.88", date(2020, 10, 1), ["I63 and below", "P9188"]),
        ("2019", "K31.89 and a code from R11-", date(2019, 10, 1), ["K3189", "R11 and below"]),
    ],
)
def test_previous_assignments(effective: str, text: str, day: date, previous: list[str]) -> None:
    document = workbook(("The table",), HEAD, ("A04.71", effective, text))
    rows = list(read_conversions(document))
    assert {(row.code, row.effective, row.text) for row in rows} == {("A0471", day, text)}
    said = [
        row.previous
        + (f"-{row.previous_last}" if row.previous_last != row.previous else "")
        + (" and below" if row.below else "")
        for row in rows
    ]
    assert said == previous


@pytest.mark.parametrize(
    "row", [("04.71", "2017", "A04.7"), ("A04.71", "soon", "A04.7"), ("A04.71", "2017", "see text")]
)
def test_a_row_of_another_form_is_refused_with_its_number(row: tuple[str, ...]) -> None:
    with pytest.raises(BadRow) as caught:
        list(read_conversions(workbook(HEAD, row)))
    assert caught.value.line == 2


def test_the_conversion_table_speaks_for_the_days_up_to_its_release() -> None:
    period = icd10cm_conversion.LAYOUT.recognise(workbook(HEAD))
    assert period is not None
    assert (period.valid_from, period.valid_to, period.published) == (
        date(2015, 10, 1),
        date(2026, 10, 1),
        date(2025, 10, 1),
    )


def test_a_workbook_that_is_none_is_refused() -> None:
    with pytest.raises(BadRow, match="an Excel workbook"):
        list(read_conversions(Document.of(NAME, b"PK\x03\x04 cut short")))


def test_every_value_of_a_table() -> None:
    values = list(read_tables(Document.of("icd10pcs_tables_2021.xml", PCS_TABLES)))
    assert [(v.row, v.position, v.value) for v in values] == [
        (0, 1, "0"),
        (0, 2, "D"),
        (0, 3, "T"),
        (1, 4, "J"),
        (1, 4, "N"),
        (1, 5, "0"),
        (1, 5, "4"),
        (1, 6, "Z"),
        (1, 7, "Z"),
    ]
    assert {v.table for v in values} == {"0DT"}
    assert values[2].definition == "Cutting out all of a body part"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('<pcsRow codes="4">', '<pcsRow codes="5">', "as many codes as it states"),
        ('pos="4" values="2"', 'pos="4" values="3"', "as many as it states"),
        ('<label code="J">', '<label code="I">', "a value and its meaning"),
        ('<axis pos="7"', '<axis pos="3"', "axes 4, 5, 6 and 7"),
        ("</pcsTable>", "", "well-formed XML"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused(old: str, new: str, expected: str) -> None:
    wrong = PCS_TABLES.replace(old, new)
    with pytest.raises(BadRow, match=expected) as caught:
        list(read_tables(Document.of("icd10pcs_tables_2021.xml", wrong)))
    assert caught.value.line > 1


def test_tables_whose_name_has_no_year_are_refused() -> None:
    with pytest.raises(Undated, match="ICD-10-PCS tables of 2021"):
        icd10pcs_tables.LAYOUT.recognise(Document.of("tables.xml", PCS_TABLES))


def test_each_term_of_the_index() -> None:
    terms = list(read_index(Document.of("icd10pcs_index_2021.xml", PCS_INDEX)))
    assert [(t.level, t.title, t.see, t.use, t.prefix) for t in terms] == [
        (0, "Appendectomy", "", "", ""),
        (1, "", "Resection, Appendix", "", "0DTJ"),
        (0, "Vermiform appendix", "", "Appendix", ""),
        (0, "Resection", "", "", ""),
        (1, "Appendix", "", "", "0DTJ"),
    ]
    wrong = PCS_INDEX.replace("0DTJ", "ODTJ")
    with pytest.raises(BadRow, match="first characters of codes"):
        list(read_index(Document.of("icd10pcs_index_2021.xml", wrong)))


def test_definitions_and_general_devices() -> None:
    document = Document.of("icd10pcs_definitions_2021.xml", PCS_DEFINITIONS)
    (definition,) = read_definitions(document)
    assert definition == ("0", 4, "Appendix", "includes", "Vermiform appendix")
    (device,) = read_aggregations(document)
    assert (device.device, device.value, device.general) == (
        "Cardiac Lead, Pacemaker",
        "M",
        "Cardiac Lead",
    )
