"""The figures of ``rates.toml`` on a day: amounts and factors that law and CMS set.

Published by CMS in each year's inpatient final rule, and in its pricer; the discharge date
selects the year.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from functools import cache
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from superbill.dates import FOREVER, Span, fiscal_span, fiscal_year
from superbill.errors import NotCovered
from superbill.sources.ipps_rates import StandardizedAmount

ONE = Decimal(1)

_OPTIONAL = (
    "low_wage_quartile",
    "wage_index_cap",
    "covid_factor",
    "no_cost_product_factor",
    "covid_technology_share",
)


class Figures(NamedTuple):
    """Every figure that the formula uses on a day, each a number; ``sources`` says whence.

    ``None`` where the law of the day knows no such figure (a factor for COVID-19, say).
    """

    year: int
    span: Span
    version: str
    fixed_loss_threshold: Decimal
    capital_federal_rate: Decimal
    standardized_operating_base: Decimal
    labor_share_high: Decimal
    labor_share_low: Decimal
    marginal_cost: Decimal
    marginal_cost_burn: Decimal
    ime_multiplier: Decimal
    ime_exponent: Decimal
    dsh_share: Decimal
    dsh_cap: Decimal
    capital_gaf_exponent: Decimal
    capital_cola_share: Decimal
    capital_dsh_coefficient: Decimal
    capital_ime_coefficient: Decimal
    capital_ime_ratio_limit: Decimal
    natural_base: Decimal
    readmissions_floor: Decimal
    purchasing_floor: Decimal
    hac_reduction: Decimal
    low_volume_limit: Decimal
    medicare_dependent_share: Decimal
    update_quality_ehr: Decimal
    update_quality_no_ehr: Decimal
    update_no_quality_ehr: Decimal
    update_neither: Decimal
    updates_before: Decimal
    budget_neutrality: Decimal
    medicare_dependent_ends: date
    low_wage_quartile: Decimal | None
    wage_index_cap: Decimal | None
    covid_factor: Decimal | None
    no_cost_product_factor: Decimal | None
    covid_technology_share: Decimal | None
    sources: dict[str, str]


class _Row(NamedTuple):
    span: Span
    value: Any
    source: str


@cache
def _document() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only where a figure is read: start-up stays short

    text = Path(__file__).with_name("rates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


@cache
def _rows() -> dict[str, tuple[_Row, ...]]:
    """Every figure's rows, oldest first."""
    found: dict[str, list[_Row]] = {}
    for year in _document()["year"]:
        span = Span(year["from"], year["to"])
        for name, entry in year.items():
            if isinstance(entry, dict):
                found.setdefault(name, []).append(_Row(span, entry["value"], entry["source"]))
    for row in _document()["standing"]:
        found.setdefault(row["name"], []).append(
            _Row(Span(row["from"], row.get("to", FOREVER)), row["value"], row["source"])
        )
    return {
        name: tuple(sorted(rows, key=lambda row: row.span.start)) for name, rows in found.items()
    }


def years() -> tuple[int, ...]:
    """The fiscal years whose figures are held."""
    return tuple(fiscal_year(year["from"]) for year in _document()["year"])


def amounts(year: int) -> tuple[tuple[StandardizedAmount, ...], dict[bool, str]]:
    """The standardized amounts of a fiscal year that are held here, and where they are from.

    The sources are those of the amounts for wage indexes above 1 (``True``), and of the others.
    """
    span = fiscal_span(year)
    rows = [row for row in _document()["amount"] if row["from"] in span]
    held = tuple(
        StandardizedAmount(
            row["quality"],
            row["ehr_user"],
            row["high_wage"],
            row["labor"],
            row["nonlabor"],
            Span(row["from"], row["to"]),
        )
        for row in rows
    )
    return held, {row["high_wage"]: row["source"] for row in rows}


@cache
def figures(year: int) -> Figures:
    """The figures of a fiscal year.

    Raises :class:`~superbill.errors.NotCovered` where the year is not held.
    """
    head = next((y for y in _document()["year"] if fiscal_year(y["from"]) == year), None)
    if head is None:
        raise NotCovered(
            f"Inpatient payment (IPPS) with the figures of fiscal year {year}",
            on=fiscal_span(year).start,
            remedy="Add them, each with its source, to pricing/ipps/rates.toml.",
        )
    span = Span(head["from"], head["to"])
    values: dict[str, Any] = dict.fromkeys(_OPTIONAL)
    values |= {"year": year, "span": span, "version": head["version"]}
    sources: dict[str, str] = {}
    for name in Figures._fields:
        for row in _rows().get(name, ()):
            if span.start in row.span:
                values[name], sources[name] = row.value, row.source
    chain, cited = _hospital_specific(span.start)
    values["updates_before"], values["budget_neutrality"] = chain
    sources["updates_before"] = sources["budget_neutrality"] = cited
    return Figures(**values, sources=sources)


def _hospital_specific(start: date) -> tuple[tuple[Decimal, Decimal], str]:
    """Full updates of the years before ``start``, budget neutrality up to it, and the sources."""
    rows = [row for row in _document()["hospital_specific"] if row["from"] <= start]
    with localcontext(prec=100):  # a product of many factors, each of six decimals, is kept whole
        updates = prod((row["full_update"] for row in rows if row["from"] < start), start=ONE)
        neutrality = prod(
            (factor for row in rows for factor in row["budget_neutrality"]), start=ONE
        )
    return (updates, neutrality), "; ".join(row["source"] for row in rows)
