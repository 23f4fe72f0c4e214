"""CMS's inpatient pricer, fiscal years 2019 to 2021: claims with every output field.

The tables lie beside the records. Those of FY 2019 and FY 2020 are stand-ins, so these records
show the logic, not real payments. ``alt_outputs`` are values that IBM's compiler would give
where it cuts an intermediate quotient; either answer is right.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from superbill.dates import FOREVER, Span, fiscal_span
from superbill.model import Hospital, Payment
from superbill.pricing.ipps import Bill, Tables, WageIndex, price
from superbill.pricing.ipps.rates import figures
from superbill.pricing.ipps.versions import law
from superbill.sources import (
    ipps_drg_weights,
    ipps_new_technology,
    ipps_rates,
    ipps_wage_index,
)
from tests.oracle.common import SHARED, Difference, Result, records

FOLDER = SHARED / "ipps"


def run(path: Path) -> Result:
    """Price every record of ``path`` and compare every output field."""
    cases = exact = 0
    differences: list[Difference] = []
    for record in records(path):
        cases += 1
        found = compare(record, priced(record).figures)
        exact += not found
        differences += found
    return Result("ipps", cases, exact, 0, tuple(differences))


def priced(record: dict[str, Any]) -> Payment:
    """The record's claim priced with the record's tables."""
    given = record.get("wage_index_record")
    return price(
        bill(record["bill"], record.get("pc_flags", {})),
        hospital(record["provider"]),
        on=day(record["bill"]["discharge_date"]),
        tables=tables(int(record["fy"])),
        wage_index=None if given is None else _wage_index(given),
    )


def compare(record: dict[str, Any], figures: dict[str, str]) -> list[Difference]:
    """The fields that differ; none where the record's other right answer is met."""
    expected: dict[str, str] = record["outputs"]
    found = _differences(record["id"], expected, figures)
    if found and "alt_outputs" in record:
        other = _differences(record["id"], expected | record["alt_outputs"], figures)
        return other and found
    return found


def _differences(name: str, expected: dict[str, str], figures: dict[str, str]) -> list[Difference]:
    return [
        Difference(name, field, value, figures.get(field))
        for field, value in expected.items()
        if figures.get(field) != value
    ]


@cache
def tables(year: int) -> Tables:
    """The tables that lie beside the records, for one fiscal year.

    They may be used for later days too, as the program itself may.
    """
    suffix = "" if year == 2021 else "_standin"
    return Tables(
        law=law(year),
        figures=figures(year),
        weights=ipps_drg_weights.csv_rows(_text("drg_weights_fy2021.csv")),
        amounts=ipps_rates.csv_rows(_text(f"rates_fy{year}{suffix}.csv")),
        areas=ipps_wage_index.areas(_text("cbsa_wage_index.csv")),
        out_migration=ipps_wage_index.out_migration(_text("outmigration_adjustment.csv")),
        rural_floors=ipps_wage_index.rural_floors(_text("rural_floor_fy2020.csv")),
        prior_year=ipps_wage_index.prior_year(_text("prior_year_wage_index_fy2019.csv")),
        technologies=ipps_new_technology.rows(_text(f"new_technology_fy{year}{suffix}.csv")),
        two_midnight=ipps_rates.two_midnight(_text("two_midnight_factor.csv")),
        days=Span(fiscal_span(year).start, FOREVER),
    )


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def day(text: str) -> date:
    """A day written YYYYMMDD."""
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _number(text: str) -> Decimal | None:
    return None if text.startswith("RAW:") else Decimal(text)


def _count(text: str) -> int | None:
    return None if text.startswith("RAW:") else int(text)


def _positions(listed: list[tuple[int, str]]) -> tuple[str, ...]:
    """Codes at their positions, empty in between."""
    if not listed:
        return ()
    codes = [""] * max(position for position, _ in listed)
    for position, code in listed:
        codes[position - 1] = code
    return tuple(codes)


def bill(claim: dict[str, Any], flags: dict[str, str]) -> Bill:
    """The claim of a record as our value."""
    return Bill(
        drg=claim["drg"].zfill(3),
        review_code=claim["review_code"].zfill(2),
        length_of_stay=_count(claim["los"]),
        covered_days=_count(claim["covered_days"]),
        lifetime_reserve_days=_count(claim["ltr_days"]),
        charges=_number(claim["charges_claimed"]),
        diagnoses=_positions(claim["diagnosis_codes"]),
        procedures=_positions(claim["procedure_codes"]),
        ndcs=_positions(claim["ndc_numbers"]),
        condition_codes=_positions(claim["condition_codes"]),
        managed_care=flags.get("PPS-PC-HMO-FLAG") == "Y",
        outlier_days_exceeded=flags.get("PPS-PC-COT-FLAG") == "Y",
    )


def _wage_index(given: dict[str, str]) -> WageIndex:
    size = given["W-CBSA-SIZE"]
    assert size in ("L", "O", "R")
    return WageIndex(
        Decimal(given["W-CBSA-INDEX-RECORD"]),
        day(given["W-CBSA-EFF-DATE"]),
        size,  # type: ignore[arg-type]
    )


def hospital(provider: dict[str, str]) -> Hospital:
    """The provider record as our value."""
    ended = provider["termination_date"]
    return Hospital(
        ccn=provider["provider_no"],
        effective_date=day(provider["eff_date"]),
        termination_date=None if ended == "00000000" else day(ended),
        waiver=provider["waiver_code"] == "Y",
        provider_type=provider["provider_type"],
        census_division=provider["census_div"],
        state_code=provider["state_code"],
        county_code=provider["county_code"],
        msa_geographic_location=provider["msa_geo_loc"],
        cbsa_geographic=provider["cbsa_geo_loc"].strip(),
        cbsa_wage_index=provider["cbsa_reclass_loc"].strip(),
        cbsa_standardized_amount=provider["cbsa_stand_amt_loc"].strip(),
        special_payment_indicator=provider["cbsa_spec_pay_ind"].strip(),
        special_wage_index=_number(provider["spec_wage_index"]),
        supplemental_wage_index_indicator=provider["supp_wi_ind"].strip(),
        supplemental_wage_index=_number(provider["supp_wi"]),
        cola=_number(provider["cola"]),
        bed_size=_count(provider["bed_size"]),
        intern_to_bed_ratio=_number(provider["intern_ratio"]),
        case_mix_index=_number(provider["cmi"]),
        ssi_ratio=_number(provider["ssi_ratio"]),
        medicaid_ratio=_number(provider["medicaid_ratio"]),
        operating_cost_to_charge_ratio=_number(provider["oper_ccr"]),
        capital_cost_to_charge_ratio=_number(provider["capi_ccr"]),
        hospital_specific_rate=_number(provider["fac_spec_rate"]),
        capital_pps_payment_code=provider["capi_pay_code"].strip(),
        capital_hospital_specific_rate=_number(provider["capi_hosp_spec_rate"]),
        capital_old_harm_rate=_number(provider["capi_old_harm_rate"]),
        capital_new_harm_ratio=_number(provider["capi_new_harm_ratio"]),
        capital_ime_ratio=_number(provider["capi_ime"]),
        capital_exception_amount=_number(provider["capi_exceptions"]),
        new_hospital=provider["capi_new_hosp"] == "Y",
        hospital_quality_indicator=provider["hosp_qual_ind"].strip(),
        ehr_reduction_indicator=provider["ehr_reduc_ind"].strip(),
        vbp_participant=provider["vbp_partic"].strip(),
        vbp_adjustment=_number(provider["vbp_adjust"]),
        hrr_participant=provider["hrr_ind"].strip(),
        hrr_adjustment=_number(provider["hrr_adjust"]),
        hac_reduction_indicator=provider["hac_reduc_ind"].strip(),
        uncompensated_care_amount=_number(provider["uncomp_care_amount"]),
        low_volume=provider["temp_relief_ind"] == "Y",
        low_volume_adjustment=_number(provider["lv_adj_factor"]),
        model1_bundle_discount=_number(provider["model1_bundle_pct"]),
        pass_through_capital=_number(provider["pass_amt_capital"]),
        pass_through_direct_medical_education=_number(provider["pass_amt_dir_med_ed"]),
        pass_through_organ_acquisition=_number(provider["pass_amt_organ_acq"]),
        pass_through_total=_number(provider["pass_amt_plus_misc"]),
    )
