"""The files of the physician fee schedule: recognised by content, refused where they lack it."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.errors import BadRow
from superbill.sources import (
    mpfs_anesthesia,
    mpfs_gpci,
    mpfs_locality,
    mpfs_opps_cap,
    mpfs_rvu,
    mpfs_zip,
)
from superbill.sources.document import Document, Doubtful, Layout, Period, Row, Undated
from superbill.sources.parts import Parted

HEADER_31 = (
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,"
    "DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,"
    "AMOUNT"
)
HEADER_32 = HEADER_31.replace("SURG,BASE", "SURG,IND,BASE")
VALUES = "0.21,0.96,,0.96,NA,0.02,1.19,1.19,1,XXX,0.00,0.00,0.00,0,0,0,0,0"
TAIL = ",33.4009,09,0,99,3.27,3.27,0.05"
ROW_31 = f"Z0130,,A test,A,,{VALUES},{TAIL}"
ROW_32 = f"Z0130,,A test,A,,{VALUES},9,{TAIL}"


def rvu(*lines: str, name: str = "PPRRVU2026_Jan_nonQPP.csv") -> Document:
    return Document.of(name, "\n".join(lines) + "\n")


def rows(layout: Layout, document: Document) -> list[Row]:
    period = layout.recognise(document)
    assert period is not None
    return list(layout.parse(document, period))


class TestRelativeValues:
    def test_both_widths_read_alike(self) -> None:
        old = rows(mpfs_rvu.VALUES, rvu(HEADER_31, ROW_31))
        new = rows(mpfs_rvu.VALUES, rvu(HEADER_32, ROW_32))
        assert old == new
        assert new[0][:4] == ("Z0130", "", "A test", "A")
        assert new[0][4:6] == (Decimal("0.21"), Decimal("0.96"))
        assert new[0][21:] == (
            Decimal("33.4009"),
            "09",
            "0",
            "99",
            Decimal("3.27"),
            Decimal("3.27"),
            Decimal("0.05"),
        )

    def test_titles_above_the_header(self) -> None:
        titles = ['"2026 National Physician Fee Schedule Relative Value File, January"', ",,,WORK"]
        assert len(rows(mpfs_rvu.VALUES, rvu(*titles, HEADER_32, ROW_32, ",,,"))) == 1

    def test_codes_of_the_ama_load_for_those_who_have_them(self) -> None:
        # Numbers made here: the project holds none of the AMA's.
        numbers = [f"{number:05}" for number in range(3)]
        lines = [ROW_32.replace("Z0130", number) for number in numbers]
        assert [row[0] for row in rows(mpfs_rvu.VALUES, rvu(HEADER_32, *lines))] == numbers

    @pytest.mark.parametrize(
        ("name", "label", "first"),
        [
            ("PPRRVU2026_Jan_nonQPP.csv", "RVU26A", date(2026, 1, 1)),
            ("PPRRVU26_APR.csv", "RVU26B", date(2026, 4, 1)),
            ("PPRRVU2026_Jul_nonQPP_HCPCS-LevelII-only.csv", "RVU26C", date(2026, 7, 1)),
            ("PPRRVU2026_Oct_nonQPP.csv", "RVU26D", date(2026, 10, 1)),
        ],
    )
    def test_the_name_says_which_release(self, name: str, label: str, first: date) -> None:
        period = mpfs_rvu.VALUES.recognise(rvu(HEADER_32, ROW_32, name=name))
        assert period == Period(label, first, date(2027, 1, 1))

    def test_a_name_that_says_nothing(self) -> None:
        with pytest.raises(Undated, match="quarter"):
            mpfs_rvu.VALUES.recognise(rvu(HEADER_32, ROW_32, name="values.csv"))

    def test_the_file_of_qualifying_participants_gives_its_factor(self) -> None:
        document = rvu(
            HEADER_32, ROW_32.replace("33.4009", "33.5675"), name="PPRRVU2026_Jan_QPP.csv"
        )
        assert mpfs_rvu.VALUES.recognise(document) is None
        assert rows(mpfs_rvu.APM_FACTOR, document) == [(Decimal("33.5675"),)]
        assert mpfs_rvu.APM_FACTOR.recognise(rvu(HEADER_32, ROW_32)) is None

    def test_two_factors_in_one_file(self) -> None:
        document = rvu(
            HEADER_32, ROW_32, ROW_32.replace("33.4009", "33.40"), name="PPRRVU26_Jan_QPP.csv"
        )
        with pytest.raises(BadRow, match="one conversion factor"):
            rows(mpfs_rvu.APM_FACTOR, document)

    @pytest.mark.parametrize(
        ("header", "said"),
        [
            (HEADER_31.replace("DAYS,", ""), "'DAYS'"),
            (HEADER_32.replace("FACTOR,", ""), "'FACTOR'"),
            (HEADER_31.replace(",AMOUNT,AMOUNT,AMOUNT", ""), "28 columns"),
            (HEADER_31 + ",MORE", "MORE"),
        ],
    )
    def test_a_column_missing_or_too_many(self, header: str, said: str) -> None:
        with pytest.raises(BadRow, match=said):
            mpfs_rvu.VALUES.recognise(rvu(header, ROW_31))

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            (ROW_31.replace("0.21", "x"), "work RVU"),
            (ROW_31.replace("1.19,1.19", "1.19,1.20"), "the sum of the values"),
            (ROW_31.replace("Z0130", "Z013"), "a code of five characters"),
            (ROW_31.rpartition(",")[0], "31 cells"),
            (ROW_31.replace(",A,,", ",AB,,"), "status"),
        ],
    )
    def test_a_bad_row_names_line_and_cell(self, row: str, said: str) -> None:
        with pytest.raises(BadRow, match=said) as refused:
            rows(mpfs_rvu.VALUES, rvu(HEADER_31, ROW_31, row))
        assert refused.value.line == 3


GPCI_HEADER = (
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
    "2026 PW GPCI (without 1.0 Floor),2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI"
)


def gpci(
    count: int, header: str = GPCI_HEADER, row: str = "{:05},ST,00,PLACE*,0.9,1.0,1.1,1.2"
) -> Document:
    body = [row.format(number) for number in range(count)]
    text = ["ADDENDUM E. FINAL CY 2026 GPCIs", "", header, *body, '"Note: an index, of a kind"']
    return Document.of("GPCI2026.csv", "\n".join(text) + "\n")


class TestCostIndices:
    def test_with_and_without_the_floor(self) -> None:
        found = rows(mpfs_gpci.LAYOUT, gpci(109))
        assert len(found) == 109
        assert found[0] == (
            "00000",
            "00",
            "ST",
            "PLACE",
            *map(Decimal, ("1.0", "0.9", "1.1", "1.2")),
        )
        header = GPCI_HEADER.replace("2026 PW GPCI (without 1.0 Floor),", "")
        bare = rows(mpfs_gpci.LAYOUT, gpci(109, header, "{:05},ST,00,PLACE,1.0,1.1,1.2"))
        assert bare[0][4:6] == (Decimal("1.0"), None)

    def test_fewer_localities_than_the_schedule_has(self) -> None:
        with pytest.raises(Doubtful, match="108 of the schedule's 109 localities"):
            mpfs_gpci.LAYOUT.recognise(gpci(108))

    def test_a_column_missing(self) -> None:
        with pytest.raises(BadRow, match="column malpractice"):
            mpfs_gpci.LAYOUT.recognise(gpci(109, GPCI_HEADER.replace(",2026 MP GPCI", "")))

    def test_a_bad_figure(self) -> None:
        with pytest.raises(BadRow, match="practice expense index"):
            mpfs_gpci.LAYOUT.recognise(gpci(109, row="{:05},ST,00,PLACE,0.9,1.0,,1.2"))


class TestLocalities:
    TEXT = (
        "COUNTIES INCLUDED IN 2026 LOCALITIES,,,,,\n,,,,,\n"
        "Medicare Adminstrative Contractor,Locality Number,State ,Fee Schedule Area ,Counties,\n"
        '05302,02,MISSOURI ,METROPOLITAN KANSAS CITY,"CLAY, JACKSON AND PLATTE",\n'
        "05302,99,,REST OF STATE* ,ALL OTHER COUNTIES ,\n"
        "05302,99,,REST OF STATE*,ALL OTHER COUNTIES,\n"
    )

    def test_the_state_is_carried_down_and_repeats_left_out(self) -> None:
        assert rows(mpfs_locality.LAYOUT, Document.of("26LOCCO.csv", self.TEXT)) == [
            (
                "05302",
                "02",
                "MISSOURI",
                "METROPOLITAN KANSAS CITY",
                False,
                "CLAY, JACKSON AND PLATTE",
            ),
            ("05302", "99", "MISSOURI", "REST OF STATE", True, "ALL OTHER COUNTIES"),
        ]

    def test_a_row_without_a_locality(self) -> None:
        document = Document.of("26LOCCO.csv", self.TEXT + "05302,,,REST,ALL,\n")
        with pytest.raises(BadRow, match="contractor, locality, counties"):
            rows(mpfs_locality.LAYOUT, document)


class TestAnesthesia:
    HEADER = (
        "Contractor,Locality,Locality Name,Qualifying APM National Anes CF of 20.599835,"
        "Non-Qualifying APM National Anes CF of 20.49754"
    )

    def test_both_factors(self) -> None:
        document = Document.of(
            "ANES2026.csv", f"{self.HEADER}\n10112 ,00 ,ALABAMA,19.63,19.53\n,,\n"
        )
        assert rows(mpfs_anesthesia.LAYOUT, document) == [
            ("10112", "00", "ALABAMA", Decimal("19.63"), Decimal("19.53"))
        ]

    def test_a_column_missing(self) -> None:
        header = self.HEADER.rpartition(",")[0]
        with pytest.raises(BadRow, match="Non-Qualifying APM"):
            mpfs_anesthesia.LAYOUT.recognise(Document.of("ANES2026.csv", f"{header}\n"))


@pytest.mark.parametrize("last", ["NON-FACILTY PRICE", "NON-FACILITY PRICE"])
def test_the_opps_cap_with_its_misspelling(last: str) -> None:
    header = f"HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,{last}"
    text = f"{header}\nZ0633,TC,C,1112,5,150.69,151.00\n"
    assert rows(mpfs_opps_cap.LAYOUT, Document.of("OPPSCAP_Jan2026.csv", text)) == [
        ("Z0633", "TC", "01112", "05", Decimal("150.69"), Decimal("151.00"))
    ]
    with pytest.raises(BadRow, match="FACILITY PRICE"):
        mpfs_opps_cap.LAYOUT.recognise(
            Document.of("OPPSCAP_Jan2026.csv", text.replace("FACILITY PRICE,", "", 1))
        )


class TestZipCodes:
    def folder(self, path: Path, *lines: str) -> Parted:
        for name, text in (
            ("_carriers.txt.gz", "10212\n13202\n"),
            ("_localities.txt.gz", "99\n01\n"),
            ("30.tsv.gz", "".join(f"{line}\n" for line in lines)),
        ):
            (path / name).write_bytes(gzip.compress(text.encode()))
        return Parted(path / "_carriers.txt.gz")

    def test_a_table_in_parts(self, tmp_path: Path) -> None:
        table = self.folder(
            tmp_path,
            "30011\t\t2020\t9999\t0\t0",
            "30011\t1300\t2021\t2021\t0\t0",
            "30011\t1300\t2022\t9999\t0\t1",
            "30011\t1301\t2022\t9999\t0\t1",
            "30011\t1303\t2022\t9999\t0\t1",
        )
        whole = date(2020, 1, 1), date(9999, 12, 31)
        assert rows(mpfs_zip.ZIP_TABLE, table) == [(*whole, "30011", "10212", "99")]
        since = date(2022, 1, 1), date(9999, 12, 31)
        assert rows(mpfs_zip.ZIP4_TABLE, table) == [
            (date(2021, 1, 1), date(2022, 1, 1), "30011", "1300", "1300", "10212", "99"),
            (*since, "30011", "1300", "1301", "10212", "01"),
            (*since, "30011", "1303", "1303", "10212", "01"),
        ]

    @pytest.mark.parametrize(
        "line", ["30011\t\t2020\t9999\t0\t7", "30011\t\t2020", "30011\t\t2020\t9999\tx\t0"]
    )
    def test_a_part_that_does_not_read(self, line: str, tmp_path: Path) -> None:
        with pytest.raises(BadRow, match="six cells") as refused:
            self.folder(tmp_path, "30001\t\t2020\t9999\t0\t0", line).open()
        assert refused.value.line == 2

    def test_a_part_cut_short(self, tmp_path: Path) -> None:
        table = self.folder(tmp_path, "30001\t\t2020\t9999\t0\t0")
        part = tmp_path / "30.tsv.gz"
        part.write_bytes(part.read_bytes()[:-9])
        with pytest.raises(BadRow, match="compressed by gzip"):
            table.open()

    @pytest.mark.parametrize("years", ["2022\t2020", "9999\t9999", "0000\t2020", "20\t2020"])
    def test_years_that_cannot_be(self, years: str, tmp_path: Path) -> None:
        table = self.folder(tmp_path, f"30001\t\t{years}\t0\t0", "30002\t\t2020\t9999\t0\t0")
        with pytest.raises(BadRow, match="ZIP") as refused:
            rows(mpfs_zip.ZIP_TABLE, table)
        assert refused.value.line == 2

    def test_records_of_80_characters(self) -> None:
        record = "NY10001" + "13202" + "01" + " " * 61 + "20261"
        document = Document.of("ZIP5_JAN2026.txt", f"{record}\n")
        assert mpfs_zip.ZIP5.recognise(document) == Period(
            "2026 quarter 1", date(2026, 1, 1), date(2026, 4, 1)
        )
        assert rows(mpfs_zip.ZIP5, document) == [
            (date(2026, 1, 1), date(2026, 4, 1), "10001", "13202", "01")
        ]
        assert mpfs_zip.ZIP5.recognise(Document.of("ZIP9_JAN2026.txt", f"{record}\n")) is None


@pytest.mark.parametrize(
    "layout",
    [
        mpfs_rvu.VALUES,
        mpfs_rvu.APM_FACTOR,
        mpfs_gpci.LAYOUT,
        mpfs_locality.LAYOUT,
        mpfs_anesthesia.LAYOUT,
        mpfs_opps_cap.LAYOUT,
        mpfs_zip.ZIP_TABLE,
        mpfs_zip.ZIP5,
    ],
    ids=lambda layout: layout.name,
)
@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4\0\1", b"code,text\n1,2\n", b'"unclosed\n', b"\xff\n"]
)
def test_other_documents_are_left_alone(layout: Layout, content: bytes) -> None:
    assert layout.recognise(Document.of("file.csv", content)) is None
