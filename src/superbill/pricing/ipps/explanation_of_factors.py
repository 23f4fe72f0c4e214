"""How a hospital's factors came to be, step by step: the explanation of :mod:`.factors`.

The figures are those that were found; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping

from superbill.model.hospital import Hospital
from superbill.model.trace import Trace
from superbill.pricing.ipps.factors import Factors, ehr_indicator, number, own_update
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.tables import amounts_source

RECORD = "hospital record"


def rate(trace: Trace, found: Factors, sources: Mapping[str, str]) -> None:
    """Trace the operating rate in the hospital's area."""
    high = found.wage_index.value > 1
    amounts = sources.get(amounts_source(high=high), "")
    if not amounts:
        table = "Table 1A" if high else "Table 1B"
        amounts = f"{sources['amounts']}, {table}" if "amounts" in sources else table
    trace(
        "federal rate in the hospital's area",
        found.base_rate,
        formula="labor amount × wage index + non-labor amount × cost-of-living factor",
        cite="42 CFR 412.64",
        labor=(found.labor, amounts),
        wage_index=found.wage_index.value,
        nonlabor=(found.nonlabor, amounts),
        cola=(found.cola, RECORD),
    )


def dsh(trace: Trace, hospital: Hospital, found: Factors) -> None:
    """Trace the operating disproportionate share percentage."""
    trace(
        "disproportionate share percentage",
        found.dsh,
        formula="by SSI ratio + Medicaid ratio, beds, area and kind of hospital",
        rounding="half up, 4 decimals",
        cite="42 CFR 412.106(d)(2)",
        ssi_ratio=(number(hospital.ssi_ratio), RECORD),
        medicaid_ratio=(number(hospital.medicaid_ratio), RECORD),
        beds=(hospital.bed_size or 0, RECORD),
        area={"R": "rural", "L": "large urban", "O": "urban"}[found.wage_index.size],
        provider_type=(hospital.provider_type, RECORD),
    )


def teaching(trace: Trace, hospital: Hospital, found: Factors, figures: Figures) -> None:
    """Trace the operating teaching factor."""
    trace(
        "teaching factor",
        found.ime,
        formula="multiplier × ((1 + residents to beds) ^ exponent - 1)",
        rounding="half up, 9 decimals",
        cite="42 CFR 412.105(d)",
        residents_to_beds=(number(hospital.intern_to_bed_ratio), RECORD),
        multiplier=(figures.ime_multiplier, figures.sources["ime_multiplier"]),
        exponent=(figures.ime_exponent, figures.sources["ime_exponent"]),
    )


def capital_rate(trace: Trace, found: Factors, figures: Figures) -> None:
    """Trace the capital rate in the hospital's area."""
    cited = figures.sources
    trace(
        "geographic adjustment factor",
        found.geographic_factor,
        formula="wage index ^ exponent",
        rounding="half up, 4 decimals",
        cite="42 CFR 412.316(a)",
        wage_index=found.wage_index.value,
        exponent=(figures.capital_gaf_exponent, cited["capital_gaf_exponent"]),
    )
    trace(
        "capital rate in the hospital's area",
        found.capital_rate,
        formula="capital federal rate × geographic adjustment factor",
        rounding="half up, cents",
        cite="42 CFR 412.308",
        capital_federal_rate=(figures.capital_federal_rate, cited["capital_federal_rate"]),
        geographic_factor=found.geographic_factor,
    )
    trace(
        "capital cost-of-living factor",
        found.capital_cola,
        formula="share × (cost-of-living factor - 1) + 1",
        rounding="half up, 3 decimals",
        cite="42 CFR 412.316(c)",
        share=(figures.capital_cola_share, cited["capital_cola_share"]),
        cola=(found.cola, RECORD),
    )


def capital_dsh(trace: Trace, hospital: Hospital, found: Factors, figures: Figures) -> None:
    """Trace the capital disproportionate share factor."""
    trace(
        "disproportionate share factor",
        found.capital_dsh,
        formula="2.7183 ^ (coefficient × (SSI ratio + Medicaid ratio)) - 1, for urban hospitals "
        "of 100 beds and more",
        rounding="half up, 4 decimals",
        cite="42 CFR 412.320",
        coefficient=(
            figures.capital_dsh_coefficient,
            figures.sources["capital_dsh_coefficient"],
        ),
        ssi_ratio=(number(hospital.ssi_ratio), RECORD),
        medicaid_ratio=(number(hospital.medicaid_ratio), RECORD),
        beds=(hospital.bed_size or 0, RECORD),
    )


def capital_teaching(trace: Trace, hospital: Hospital, found: Factors, figures: Figures) -> None:
    """Trace the capital teaching factor."""
    trace(
        "teaching factor",
        found.capital_ime,
        formula="2.7183 ^ (coefficient × residents to average daily census) - 1",
        rounding="half up, 9 decimals",
        cite="42 CFR 412.322",
        coefficient=(
            figures.capital_ime_coefficient,
            figures.sources["capital_ime_coefficient"],
        ),
        residents_to_census=(number(hospital.capital_ime_ratio), RECORD),
    )


def hospital_specific(trace: Trace, hospital: Hospital, found: Factors, figures: Figures) -> None:
    """Trace the hospital-specific rate of the year."""
    trace(
        "hospital-specific rate of the year",
        found.hospital_specific_rate,
        formula="rate of the record × (full updates since FY 2018 × own update × budget "
        "neutrality × two-midnight factor, to 5 decimals)",
        cite="42 CFR 412.92, 412.108",
        rate=(number(hospital.hospital_specific_rate), RECORD),
        updates_before=(figures.updates_before, figures.sources["updates_before"]),
        own_update=(
            own_update(figures, quality=found.quality, ehr_user=ehr_indicator(hospital) == ""),
            figures.sources["update_quality_ehr"],
        ),
        budget_neutrality=(figures.budget_neutrality, figures.sources["budget_neutrality"]),
    )
