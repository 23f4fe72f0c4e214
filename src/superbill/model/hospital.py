"""The provider-specific record: what Medicare's contractor keeps about a hospital for pricing.

Field names follow CMS's Provider Specific File for inpatient hospitals (Medicare Claims
Processing Manual, chapter 3, addendum A). The record that counts is the latest one effective on
or before the discharge date. A numeric field is ``None`` where the file holds no number there.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.model.base import Value
from superbill.model.limits import Code, Name, Text


class Hospital(Value, frozen=True, kw_only=True):
    """One hospital as Medicare pays it, from ``effective_date`` on.

    Ratios and factors are plain numbers (``0.317``), amounts dollars. ``cbsa_*`` locations are
    five digits for an urban area and the two-digit state code for a rural one.
    ``provider_type`` is two digits (``00`` short term, ``07`` rural referral, ``08`` Indian
    Health Service, ``14``/``15`` Medicare-dependent, ``16``/``17``/``21``/``22`` sole community).
    ``wage_index`` gives the final index outright, for years whose wage tables are not held.
    """

    ccn: Code
    effective_date: date
    name: Name = ""
    termination_date: date | None = None
    fiscal_year_begin_date: date | None = None
    waiver: bool = False
    provider_type: Code = "00"
    census_division: Code = ""
    state_code: Code = ""
    county_code: Code = ""
    msa_geographic_location: Code = ""
    cbsa_geographic: Code = ""
    cbsa_wage_index: Code = ""
    cbsa_standardized_amount: Code = ""
    special_payment_indicator: Code = ""
    special_wage_index: Decimal | None = None
    supplemental_wage_index_indicator: Code = ""
    supplemental_wage_index: Decimal | None = None
    wage_index: Decimal | None = None
    wage_index_source: Text = ""
    cola: Decimal | None = Decimal("1.000")
    bed_size: int | None = 0
    intern_to_bed_ratio: Decimal | None = Decimal(0)
    case_mix_index: Decimal | None = Decimal(0)
    ssi_ratio: Decimal | None = Decimal(0)
    medicaid_ratio: Decimal | None = Decimal(0)
    operating_cost_to_charge_ratio: Decimal | None = Decimal(0)
    capital_cost_to_charge_ratio: Decimal | None = Decimal(0)
    hospital_specific_rate: Decimal | None = Decimal(0)
    capital_pps_payment_code: Code = "C"
    capital_hospital_specific_rate: Decimal | None = Decimal(0)
    capital_old_harm_rate: Decimal | None = Decimal(0)
    capital_new_harm_ratio: Decimal | None = Decimal(0)
    capital_ime_ratio: Decimal | None = Decimal(0)
    capital_exception_amount: Decimal | None = Decimal(0)
    new_hospital: bool = False
    hospital_quality_indicator: Code = "1"
    ehr_reduction_indicator: Code = ""
    vbp_participant: Code = "N"
    vbp_adjustment: Decimal | None = Decimal(0)
    hrr_participant: Code = "0"
    hrr_adjustment: Decimal | None = Decimal(0)
    hac_reduction_indicator: Code = "N"
    uncompensated_care_amount: Decimal | None = Decimal(0)
    low_volume: bool = False
    low_volume_adjustment: Decimal | None = Decimal(0)
    model1_bundle_discount: Decimal | None = Decimal(0)
    pass_through_capital: Decimal | None = Decimal(0)
    pass_through_direct_medical_education: Decimal | None = Decimal(0)
    pass_through_organ_acquisition: Decimal | None = Decimal(0)
    pass_through_total: Decimal | None = Decimal(0)
    pass_through_supply_chain: Decimal | None = Decimal(0)
    poa_exempt: bool = False
