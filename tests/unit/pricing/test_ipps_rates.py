"""The figures of rates.toml: each has its source, and agrees with what CMS's program holds."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from superbill.dates import fiscal_span
from superbill.errors import NotCovered
from superbill.pricing.ipps import rates, versions
from superbill.sources import ipps_constants, ipps_rates
from superbill.sources.document import Document
from tests.oracle.common import SHARED

DOCUMENT = tomllib.loads(
    files("superbill.pricing.ipps").joinpath("rates.toml").read_text(encoding="utf-8"),
    parse_float=Decimal,
)


def test_every_figure_says_where_it_was_published() -> None:
    for year in DOCUMENT["year"]:
        for name, entry in year.items():
            if name not in ("from", "to", "version"):
                assert entry["source"].strip(), name
    for table in ("standing", "amount", "hospital_specific"):
        assert all(row["source"].strip() for row in DOCUMENT[table])


def test_years_are_whole_fiscal_years_with_a_law_of_their_own() -> None:
    for year in rates.years():
        assert rates.figures(year).span == fiscal_span(year)
    assert set(rates.years()) == set(versions.VERSIONS)
    assert set(versions.VERSIONS) >= versions.LOGIC_ONLY


def test_the_updates_of_the_hospital_specific_rate_are_the_years_own() -> None:
    full = {row["from"]: row["full_update"] for row in DOCUMENT["hospital_specific"]}
    for year in DOCUMENT["year"]:
        assert year["update_quality_ehr"]["value"] == full[year["from"]]


def test_the_standardized_base_is_the_sum_of_table_1a_from_2024_on() -> None:
    for year in (2024, 2025, 2026):
        held, _ = rates.amounts(year)
        totals = {row.labor + row.nonlabor for row in held if row.quality and row.ehr_user}
        assert totals == {rates.figures(year).standardized_operating_base}


@pytest.mark.parametrize(
    ("year", "lacks"),
    [(2022, "COVID-19"), (2023, "COVID-19"), (2027, "threshold"), (2031, "cited")],
)
def test_what_a_year_lacks_is_said(year: int, lacks: str) -> None:
    said = versions.not_covered(year, fiscal_span(year).start)
    assert "FY 2026. Of" in said.remedy
    assert lacks in said.remedy


def test_a_year_that_is_not_held_is_not_covered() -> None:
    with pytest.raises(NotCovered, match="2022"):
        rates.figures(2022)
    with pytest.raises(NotCovered) as refused:
        versions.law(2027)
    assert "FY 2021, FY 2024, FY 2025, FY 2026" in str(refused.value)
    assert refused.value.on == date(2026, 10, 1)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the pricer's figures are not at ../shared")
def test_figures_agree_with_those_of_cmss_program() -> None:
    document = Document.at(SHARED / "ipps" / "constants.json")
    theirs: dict[int, dict[str, Any]] = {}
    for year, name, value in ipps_constants.rows(document):
        theirs.setdefault(year, {})[name] = value
    names = {
        "fixed_loss_threshold": "fixed_loss_threshold",
        "capital_federal_rate": "capital_federal_rate",
        "standardized_operating_base": "standardized_operating_base",
        "labor_share_wi_gt_1": "labor_share_high",
        "labor_share_wi_le_1": "labor_share_low",
        "marginal_cost": "marginal_cost",
        "marginal_cost_burn": "marginal_cost_burn",
        "capital_gaf_exponent": "capital_gaf_exponent",
        "capital_cola_factor": "capital_cola_share",
        "ime_multiplier": "ime_multiplier",
        "ime_exponent": "ime_exponent",
        "capital_dsh_base": "natural_base",
        "capital_dsh_coeff": "capital_dsh_coefficient",
        "capital_ime_coeff": "capital_ime_coefficient",
        "covid_weight": "covid_factor",
        "car_t_no_cost_factor": "no_cost_product_factor",
        "wage_index_quartile": "low_wage_quartile",
        "wage_index_cap": "wage_index_cap",
    }
    compared = 0
    for year, held in theirs.items():
        ours = rates.figures(year)
        for name, value in held.items():
            if name in names:
                compared += 1
                assert getattr(ours, names[name]) == Decimal(value), (year, name)
        updates = f"hsp_updates.FY{year}."
        assert ours.update_quality_ehr == Decimal(held[f"{updates}qual1_ehr_blank"])
        assert ours.update_quality_no_ehr == Decimal(held[f"{updates}qual1_ehrY"])
        assert ours.update_no_quality_ehr == Decimal(held[f"{updates}notqual_ehr_blank"])
        assert ours.update_neither == Decimal(held[f"{updates}notqual_ehrY"])
        neutrality = Decimal(1)
        for factor in held["hsp_budget_neutrality"].split():
            neutrality *= Decimal(factor)
        assert ours.budget_neutrality == neutrality
    assert compared >= 25


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the published tables are not at ../shared")
def test_amounts_of_2026_are_those_of_the_published_tables() -> None:
    path = SHARED.parent / "reference" / "ipps" / "FY2026_final_rule_tables_1A-1E.txt"
    published = ipps_rates.tables_1(path.read_text(encoding="utf-8"))
    held, _ = rates.amounts(2026)
    assert set(held) == set(published.amounts)
    assert rates.figures(2026).capital_federal_rate == published.capital_rate
