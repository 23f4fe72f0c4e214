"""The parsers of IPPS tables: published layouts, the project's CSV layouts, and damaged files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.dates import FOREVER, Span, fiscal_span
from superbill.errors import BadRow
from superbill.sources import (
    ipps_constants,
    ipps_drg_weights,
    ipps_new_technology,
    ipps_rates,
    ipps_wage_index,
)
from superbill.sources.document import Document, Layout, Undated
from tests.oracle.common import SHARED

AREAS = ",".join(ipps_wage_index.AREA_COLUMNS)
IMPUTED = ",".join(ipps_wage_index.AREA_COLUMNS_IMPUTED)
WEIGHTS = ",".join(ipps_drg_weights.COLUMNS)
TECHNOLOGY = ",".join(ipps_new_technology.COLUMNS)
RATES = ",".join(ipps_rates.COLUMNS)

TABLE_5 = "\r\n".join(
    [
        '"TABLE 5.—LIST OF MEDICARE SEVERITY DIAGNOSIS-RELATED GROUPS (MS-DRGS), ',
        'AND GEOMETRIC AND ARITHMETIC MEAN LENGTH OF STAY—FY 2026 Final Rule"' + "\t" * 9,
        "MS-DRG \tFY 2026 Final Post-Acute DRG\tFY 2026 Final Special Pay DRG\tMDC\tTYPE"
        "\tMS-DRG Title\tWeights - Before Cap\tWeights - 10% Cap Applied "
        "\tGeometric mean LOS\tArithmetic mean LOS",
        '003\tYes\tNo\tPRE\tSURG\t"ECMO OR TRACHEOSTOMY, WITH MORE"\t21.2252\t21.3000\t22.9\t33.0',
        "998\tNo\tNo\t \t**\tPRINCIPAL DIAGNOSIS INVALID\t.\t.\t.\t",
        "\t" * 9,
        "",
    ]
)


def _tables_1() -> str:
    """Tables 1A to 1E in the published wording, with round figures."""
    who = (
        "Hospital Submitted Quality Data and is a Meaningful EHR User (Update = 2.6 Percent)",
        "Hospital Submitted Quality Data and is NOT a Meaningful EHR User (Update = 0.1 Percent)",
        "Hospital Did NOT Submit Quality Data and is a Meaningful EHR User (Update = 1.7 Percent)",
        "Hospital Did NOT Submit Quality Data and is NOT a Meaningful EHR User "
        "(Update = -0.7 Percent)",
    )
    first = ("$1,100.00\t$900.00", "$1,000.00\t$800.00", "$1,050.00\t$850.00", "$900.00\t$700.00")
    second = ("$1,000.00\t$1,000.00", "$900.00\t$900.00", "$950.00\t$950.00", "$800.00\t$800.00")
    return "\n".join(
        [
            "FY 2030 FINAL RULE- TABLES 1A-1E",
            "TABLE 1A.  AMOUNTS (66.0 PERCENT LABOR SHARE)",
            *(f"{kind}\t{amounts}" for kind, amounts in zip(who, first, strict=True)),
            "TABLE 1B.  AMOUNTS (62 PERCENT LABOR SHARE)",
            *(f"{kind}\t{amounts}" for kind, amounts in zip(who, second, strict=True)),
            "TABLE 1C.  PUERTO RICO",
            "Hospital is a Meaningful EHR User (2.6 Percent)\t$1,000.00\t$1,000.00",
            "TABLE 1D. CAPITAL STANDARD FEDERAL PAYMENT RATE\tNational\t$500.25",
        ]
    )


TABLES_1 = _tables_1()


class TestTable5:
    def test_rows_take_the_capped_weight_and_leave_out_groups_without_one(self) -> None:
        (row,) = ipps_drg_weights.table_5(TABLE_5)
        assert (row.drg, row.weight, row.weight_before_cap) == (
            "003",
            Decimal("21.3000"),
            Decimal("21.2252"),
        )
        assert (row.post_acute, row.special_pay, row.mdc, row.type) == (True, False, "PRE", "SURG")
        assert row.title == "ECMO OR TRACHEOSTOMY, WITH MORE"

    def test_the_year_is_in_its_heading(self) -> None:
        document = Document.of("weights.txt", TABLE_5.encode("cp1252"))
        period = ipps_drg_weights.TABLE_5_TEXT.recognise(document)
        assert period is not None
        assert (period.label, period.valid_from) == ("FY2026", date(2025, 10, 1))
        rows = list(ipps_drg_weights.TABLE_5_TEXT.parse(document, period))
        assert rows[0][:6] == (
            "003",
            Decimal("21.3000"),
            Decimal("22.9"),
            Decimal("33.0"),
            1,
            0,
        )

    def test_a_cut_row_is_named_with_its_line(self) -> None:
        cut = TABLE_5 + "004\tYes\tNo\tPRE"
        with pytest.raises(BadRow) as refused:
            list(ipps_drg_weights.table_5(cut))
        assert refused.value.line == 7

    def test_other_columns_are_refused(self) -> None:
        with pytest.raises(BadRow, match="column heads"):
            list(ipps_drg_weights.table_5("TABLE 5. FY 2026\n001\tYes\n"))


class TestWeights:
    def test_rows(self) -> None:
        text = f"{WEIGHTS}\n003,18.9911,22.4,30.2,Y,,ECMO\n460,4.0000,2.8,3.5,Y,Y,SPINAL\n"
        first, second = ipps_drg_weights.csv_rows(text)
        assert (first.weight, first.post_acute, first.special_pay) == (
            Decimal("18.9911"),
            True,
            False,
        )
        assert second.special_pay is True

    @pytest.mark.parametrize(
        "row", ["3,1.0,1.0,1.0,,,X", "003,x,1.0,1.0,,,X", "003,1.0,1.0,1.0,N,,X", "003,1.0,1.0"]
    )
    def test_damage_is_named_with_its_line(self, row: str) -> None:
        with pytest.raises(BadRow) as refused:
            list(ipps_drg_weights.csv_rows(f"{WEIGHTS}\n001,1.0,1.0,1.0,,,X\n{row}\n"))
        assert refused.value.line == 3

    def test_the_year_is_in_the_name(self) -> None:
        text = f"{WEIGHTS}\n001,1.0,1.0,1.0,,,X\n"
        period = ipps_drg_weights.CSV.recognise(Document.of("drg_weights_fy2021.csv", text))
        assert period is not None
        assert (period.valid_from, period.valid_to) == fiscal_span(2021)
        with pytest.raises(Undated):
            ipps_drg_weights.CSV.recognise(Document.of("weights.csv", text))


class TestTables1:
    def test_amounts_and_capital_rate(self) -> None:
        found = ipps_rates.tables_1(TABLES_1)
        assert found.span == fiscal_span(2030)
        assert found.capital_rate == Decimal("500.25")
        by_kind = {(a.quality, a.ehr_user, a.high_wage): a.labor for a in found.amounts}
        assert by_kind[True, True, True] == Decimal("1100.00")
        assert by_kind[False, False, False] == Decimal("800.00")
        assert len(by_kind) == 8

    def test_tables_that_do_not_add_up_alike_are_refused(self) -> None:
        with pytest.raises(BadRow, match="the same total"):
            ipps_rates.tables_1(TABLES_1.replace("$1,100.00", "$1,100.01"))

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("TABLE 1D.", "TABLE 1X.", "Table 1D"),
            ("(Update = 1.7 Percent)\t$1,050.00", "(Update)\t$1", "four kinds"),
            ("FY 2030", "FISCAL", "a heading"),
        ],
    )
    def test_missing_parts(self, old: str, new: str, said: str) -> None:
        with pytest.raises(BadRow, match=said):
            ipps_rates.tables_1(TABLES_1.replace(old, new))

    def test_one_document_serves_two_datasets(self) -> None:
        document = Document.of("tables.txt", TABLES_1)
        for layout, count in (
            (ipps_rates.TABLES_1_AMOUNTS, 8),
            (ipps_rates.TABLES_1_CAPITAL, 1),
        ):
            period = layout.recognise(document)
            assert period is not None
            assert len(list(layout.parse(document, period))) == count


class TestRates:
    def test_rows(self) -> None:
        text = (
            f"{RATES}\nTB6,N,Y,Y,3976.14,1845.45,20201001\nTB3,Y,blank,N,3696.01,2265.30,20201001\n"
        )
        first, second = ipps_rates.csv_rows(text)
        assert (first.quality, first.ehr_user, first.high_wage) == (False, False, True)
        assert (second.quality, second.ehr_user, second.high_wage) == (True, True, False)
        assert first.span == fiscal_span(2021)

    def test_stand_in_figures_are_not_recognised(self) -> None:
        text = f"{RATES}\nTB1,Y,blank,Y,1.00,1.00,20191001\n"
        assert ipps_rates.CSV.recognise(Document.of("rates_fy2020.csv", text)) is not None
        assert ipps_rates.CSV.recognise(Document.of("rates_fy2020_standin.csv", text)) is None

    def test_two_midnight(self) -> None:
        assert list(ipps_rates.two_midnight("msa_geo_loc,factor\n9401,1.000001\n")) == [
            ("9401", Decimal("1.000001"))
        ]
        with pytest.raises(BadRow, match="four digits"):
            list(ipps_rates.two_midnight("msa_geo_loc,factor\n94010,1.0\n"))


class TestWageIndex:
    def test_rows_end_with_their_year_or_the_next_row(self) -> None:
        text = (
            f"{AREAS}\n10180,N,L,20210401,0.9000,0.8900,0.0000,X\n"
            "10180,N,,20201001,0.8371,0.8371,0.0000,X\n"
            "01,Y,,20201001,0.6700,0.6700,0.7000,ALABAMA\n"
            "98,Y,,19910101,1.9343,1.9343,0.0000,ALASKA INDIAN\n"
        )
        first, second, rural, indian = ipps_wage_index.areas(text)
        assert (first.span, first.size) == (Span(date(2020, 10, 1), date(2021, 4, 1)), "O")
        assert (second.span, second.size) == (Span(date(2021, 4, 1), date(2021, 10, 1)), "L")
        assert (rural.size, rural.rural_floor, rural.imputed_floor) == (
            "R",
            Decimal("0.7000"),
            None,
        )
        assert indian.span == Span(date(1991, 1, 1), FOREVER)

    def test_the_imputed_floor_is_a_column_of_its_own(self) -> None:
        text = f"{IMPUTED}\n31,Y,,20251001,0.9000,0.9000,0.0000,1.0100,NEW JERSEY\n"
        (row,) = ipps_wage_index.areas(text)
        assert row.imputed_floor == Decimal("1.0100")

    @pytest.mark.parametrize(
        "row",
        [
            "1018,N,,20201001,0.8,0.8,0,X",
            "10180,Y,,20201001,0.8,0.8,0,X",
            "10180,N,Q,20201001,0.8,0.8,0,X",
            "10180,N,,20201301,0.8,0.8,0,X",
            "10180,N,,20201001,high,0.8,0,X",
        ],
    )
    def test_damage(self, row: str) -> None:
        with pytest.raises(BadRow) as refused:
            list(ipps_wage_index.areas(f"{AREAS}\n{row}\n"))
        assert refused.value.line == 2

    def test_other_tables(self) -> None:
        (moved,) = ipps_wage_index.out_migration(
            "county_code,adjustment,eff_date\n01003,0.0149,20171001\n"
        )
        assert moved == ("01003", fiscal_span(2018), Decimal("0.0149"))
        (floor,) = ipps_wage_index.rural_floors("cbsa,eff_date,wage_index_3\n02,20191001,1.2624\n")
        assert floor == ("02", fiscal_span(2020), Decimal("1.2624"))
        (before,) = ipps_wage_index.prior_year("provider_no,wage_index\n01B029,0.6880\n")
        assert before == ("01B029", Decimal("0.6880"))

    def test_prior_year_indexes_speak_for_the_next_year(self) -> None:
        document = Document.of(
            "prior_year_wage_index_fy2019.csv", "provider_no,wage_index\n010001,0.7848\n"
        )
        period = ipps_wage_index.PRIOR_YEAR.recognise(document)
        assert period is not None
        assert period[1:3] == fiscal_span(2020)

    def test_a_file_of_several_years_speaks_for_all_of_them(self) -> None:
        text = (
            f"{AREAS}\n10180,N,,20191001,0.8,0.8,0,X\n10180,N,,20201001,0.8,0.8,0,X\n"
            "99,Y,,19910101,1.4448,1.4448,0.0000,INDIAN\n"
        )
        period = ipps_wage_index.AREAS.recognise(Document.of("x.csv", text))
        assert period is not None
        assert period[1:3] == (date(2019, 10, 1), date(2021, 10, 1))


class TestNewTechnology:
    TEXT = (
        f"{TECHNOLOGY}\n1,ONE,1000.00,0.65,XW03AAA XW04AAA,any one code\n"
        "2,TWO,2000.00,0.65,0JH60MZ + 03HK3MZ 03HL3MZ,needs one code of each group\n"
        "3,DRUG,3000.00,0.50,,first NDC 65293000901 / 70842012001 only\n"
        ",ISLET,18848.00 (1 code) / 37696.00 (2 or more),,3E030U1,needs diagnosis Z006\n"
    )

    def test_rows(self) -> None:
        one, two, drug, islet = ipps_new_technology.rows(self.TEXT)
        assert isinstance(one, ipps_new_technology.Technology)
        assert isinstance(two, ipps_new_technology.Technology)
        assert isinstance(drug, ipps_new_technology.Technology)
        assert one.code_groups == (frozenset({"XW03AAA", "XW04AAA"}),)
        assert two.code_groups == (frozenset({"0JH60MZ"}), frozenset({"03HK3MZ", "03HL3MZ"}))
        assert drug.ndcs == {"65293000901", "70842012001"}
        assert islet == (Decimal("18848.00"), Decimal("37696.00"), frozenset({"3E030U1"}))

    def test_the_stores_cells_read_back_as_they_were(self) -> None:
        document = Document.of("new_technology_fy2021.csv", self.TEXT)
        period = ipps_new_technology.CSV.recognise(document)
        assert period is not None
        cells = list(ipps_new_technology.CSV.parse(document, period))
        assert [row[0] for row in cells] == [1, 2, 3, 4]
        back = [ipps_new_technology.read_back(*row[1:]) for row in cells]  # type: ignore[arg-type]
        assert back == list(ipps_new_technology.rows(self.TEXT))

    @pytest.mark.parametrize(
        "row",
        [
            "1,ONE,1000.00,0.65,XW03AA,any",
            "1,ONE,1000.00,0.65,,any",
            "1,ONE,much,0.65,XW03AAA,any",
            ",ISLET,18848.00,,3E030U1,x",
        ],
    )
    def test_damage(self, row: str) -> None:
        with pytest.raises(BadRow):
            list(ipps_new_technology.rows(f"{TECHNOLOGY}\n{row}\n"))


class TestConstants:
    def test_figures_by_year_and_name(self) -> None:
        text = '{"2021": {"fixed_loss_threshold": "29064.00", "a": {"b": ["1", "2"]}}}'
        document = Document.of("constants.json", text)
        assert list(ipps_constants.rows(document)) == [
            (2021, "fixed_loss_threshold", "29064.00"),
            (2021, "a.b", "1 2"),
        ]
        period = ipps_constants.JSON.recognise(document)
        assert period is not None
        assert period[1:3] == fiscal_span(2021)

    @pytest.mark.parametrize("text", ["{", "[]", '{"year": {}}', '{"2021": 5}'])
    def test_damage(self, text: str) -> None:
        with pytest.raises(BadRow):
            list(ipps_constants.rows(Document.of("constants.json", text)))


ALL: list[Layout] = [
    ipps_drg_weights.TABLE_5_TEXT,
    ipps_drg_weights.CSV,
    ipps_rates.TABLES_1_AMOUNTS,
    ipps_rates.CSV,
    ipps_rates.TWO_MIDNIGHT,
    ipps_wage_index.AREAS,
    ipps_wage_index.OUT_MIGRATION,
    ipps_wage_index.RURAL_FLOORS,
    ipps_wage_index.PRIOR_YEAR,
    ipps_new_technology.CSV,
    ipps_constants.JSON,
]


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
@pytest.mark.parametrize("content", [b"", b"code,title\nA,B\n", b"\xff\xfe\x00", b"{}"])
def test_other_documents_are_left_alone(layout: Layout, content: bytes) -> None:
    assert layout.recognise(Document.of("x_fy2021.csv", content)) is None


def test_bytes_that_are_no_text_are_named() -> None:
    text = f"{WEIGHTS}\n001,1.0,1.0,1.0,,,".encode() + b"\xff\n"
    document = Document.of("drg_weights_fy2021.csv", text)
    period = ipps_drg_weights.CSV.recognise(document)
    assert period is not None
    with pytest.raises(BadRow, match="utf-8") as refused:
        list(ipps_drg_weights.CSV.parse(document, period))
    assert refused.value.line == 2


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the published tables are not at ../shared")
@pytest.mark.parametrize(
    ("name", "layout", "count"),
    [
        ("drg_weights_fy2021.csv", ipps_drg_weights.CSV, 767),
        ("rates_fy2021.csv", ipps_rates.CSV, 8),
        ("two_midnight_factor.csv", ipps_rates.TWO_MIDNIGHT, 501),
        ("cbsa_wage_index.csv", ipps_wage_index.AREAS, 1836),
        ("outmigration_adjustment.csv", ipps_wage_index.OUT_MIGRATION, 1293),
        ("rural_floor_fy2020.csv", ipps_wage_index.RURAL_FLOORS, 458),
        ("prior_year_wage_index_fy2019.csv", ipps_wage_index.PRIOR_YEAR, 3483),
        ("new_technology_fy2021.csv", ipps_new_technology.CSV, 25),
    ],
)
def test_real_tables(name: str, layout: Layout, count: int) -> None:
    document = Document.at(Path(SHARED, "ipps", name))
    recognised = [other for other in ALL if other.recognise(document) is not None]
    assert recognised == [layout]
    period = layout.recognise(document)
    assert period is not None
    assert len(list(layout.parse(document, period))) == count
    assert layout.rows[0] <= count <= layout.rows[1]


@pytest.mark.parametrize(
    "columns",
    [
        ipps_rates.COLUMNS,
        ipps_rates.TWO_MIDNIGHT_COLUMNS,
        ipps_drg_weights.COLUMNS,
        ipps_wage_index.AREA_COLUMNS,
        ipps_wage_index.AREA_COLUMNS_IMPUTED,
        ipps_wage_index.OUT_MIGRATION_COLUMNS,
        ipps_wage_index.RURAL_FLOOR_COLUMNS,
        ipps_wage_index.PRIOR_YEAR_COLUMNS,
        ipps_new_technology.COLUMNS,
    ],
    ids=lambda columns: columns[0] + str(len(columns)),
)
def test_the_page_on_data_shows_every_header(columns: tuple[str, ...]) -> None:
    page = Path("docs/data-and-licences.md").read_text(encoding="utf-8")
    assert f"`{','.join(columns)}`" in page
