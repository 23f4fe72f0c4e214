"""The steps of the formula apart from the wage index, on round figures (base rate 6,000)."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from superbill.model import Hospital
from superbill.pricing.ipps import Tables, adjustments, operating, price
from superbill.pricing.ipps.codes import Refused
from superbill.pricing.ipps.rates import figures
from tests.unit.pricing.ipps_tables import bill, hospital, paid, part, tables

CENTS = Decimal("0.01")


# --- Edits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "paying", "code"),
    [
        ({}, {"effective_date": date(2021, 3, 2)}, "55"),
        ({}, {"effective_date": date(2021, 3, 1)}, "14"),
        ({}, {"termination_date": date(2021, 3, 1)}, "55"),
        ({}, {"termination_date": date(2021, 3, 2)}, "14"),
        ({"length_of_stay": None, "covered_days": 5}, {}, "56"),
        ({"length_of_stay": 0, "review_code": "99"}, {}, "56"),
        ({"length_of_stay": 0}, {}, "00"),
        ({"lifetime_reserve_days": None}, {}, "61"),
        ({"lifetime_reserve_days": 61}, {}, "61"),
        ({"covered_days": None}, {}, "62"),
        ({"covered_days": 0}, {}, "62"),
        ({"covered_days": 5, "lifetime_reserve_days": 6}, {}, "62"),
        ({"review_code": "02"}, {}, "57"),
        ({"charges": None}, {}, "58"),
        ({}, {"capital_pps_payment_code": "A"}, "65"),
        ({}, {"capital_pps_payment_code": "A", "new_hospital": True}, "14"),
        ({"drg": "555"}, {}, "54"),
        ({}, {"ehr_reduction_indicator": "N"}, "65"),
        ({}, {"waiver": True}, "53"),
        # The first test that fails is told: the day before the days, the days before the charges.
        ({"covered_days": 0, "charges": None}, {}, "62"),
        ({"lifetime_reserve_days": 61, "covered_days": 0}, {}, "61"),
    ],
)
def test_edits(claim: dict[str, Any], paying: dict[str, Any], code: str) -> None:
    payment = paid(2021, dict(claim), paying)
    assert payment.return_code == code
    assert payment.payable is (int(code) < 50)
    if not payment.payable:
        assert (str(payment.total), payment.components) == ("0.00", ())


def test_a_medicare_dependent_hospital_after_the_programmes_end() -> None:
    held = tables(2021, days=figures(2021).span._replace(end=date(2030, 1, 1)))
    for day, code in ((date(2022, 9, 30), "14"), (date(2022, 10, 1), "52")):
        paying = hospital(provider_type="14", wage_index="1.0000")
        assert price(bill(), paying, on=day, tables=held).return_code == code


def test_a_waived_claim_keeps_its_figures_and_pays_nothing() -> None:
    figures_of = paid(2021, {}, {"waiver": True}).figures
    assert (figures_of["PPS-TOTAL-PAYMENT"], figures_of["PPS-OPER-FSP-PART"]) == ("0.00", "0.00")
    assert figures_of["PPS-DRG-WT"] == "1.0000"
    assert figures_of["PPS-CAPI-FSP"] == "466.21"


# --- Transfers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drg", "review", "days", "operating", "code"),
    [
        ("100", "03", 1, "2400.00", "03"),  # 6,000 × 2/5
        ("100", "06", 1, "2400.00", "06"),
        ("100", "03", 4, "6000.00", "00"),  # 5 days are not fewer than the mean
        ("100", "09", 1, "6000.00", "00"),  # no post-acute group: a full payment, a short stay
        ("200", "09", 1, "4800.00", "12"),  # 12,000 × 2/5
        ("200", "11", 1, "4800.00", "12"),
        ("300", "09", 1, "8400.00", "10"),  # 12,000 × (.5 + .5 × 2/5)
        ("300", "09", 4, "12000.00", "14"),
        ("300", "03", 1, "4800.00", "03"),  # an acute transfer has no half at once
        ("789", "03", 1, "6000.00", "00"),
        ("789", "06", 1, "6000.00", "00"),
    ],
)
def test_transfers(drg: str, review: str, days: int, operating: str, code: str) -> None:
    claim = {"drg": drg, "review_code": review, "length_of_stay": days, "charges": Decimal(1)}
    payment = paid(2026, claim, {})
    assert part(payment, "operating federal amount") == operating
    assert payment.return_code == code.replace("00", "14" if days == 4 else "00")


# --- Disproportionate share and teaching ---------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "beds", "size", "kind", "expected"),
    [
        (".1499", 300, "O", "00", "0.0000"),
        (".1500", 300, "O", "00", "0.0250"),
        (".2019", 300, "O", "00", "0.0587"),  # (.2019 - .15) × .65 + .025 = .058735
        (".2020", 300, "O", "00", "0.0588"),
        (".4000", 300, "O", "00", "0.2222"),  # (.4 - .202) × .825 + .0588 = .22215
        (".4000", 99, "L", "00", "0.1200"),
        (".4000", 100, "L", "00", "0.2222"),
        (".4000", 499, "R", "00", "0.1200"),
        (".4000", 500, "R", "00", "0.2222"),
        (".4000", 500, "R", "16", "0.1200"),
        (".4000", 99, "O", "16", "0.1200"),
        (".4000", 300, "O", "16", "0.2222"),
        (".4000", 50, "R", "07", "0.2222"),
        (".4000", 50, "R", "14", "0.2222"),
        (".4000", 50, "R", "17", "0.2222"),
    ],
)
def test_disproportionate_share(
    percent: str, beds: int, size: Any, kind: str, expected: str
) -> None:
    found = operating.dsh_percent(Decimal(percent), beds, size, kind, Decimal("0.12"))
    assert str(found) == expected


def test_teaching_factor() -> None:
    # 1.25^.405 = e^(.405 × .22314355131) = 1.09458262…; 1.35 × .09458262… = .1276865…
    found = operating.ime_factor(Decimal("0.25"), Decimal("1.35"), Decimal("0.405"))
    assert float(found) == pytest.approx(1.35 * (math.exp(0.405 * math.log(1.25)) - 1), abs=6e-10)
    assert str(found).startswith("0.12768")


# --- Outliers ------------------------------------------------------------------------------------


def test_a_cost_outlier_at_its_edge() -> None:
    # Only operating costs: threshold 6,000 + 40,397 = 46,397 at a ratio of 1.
    ratios = {"operating_cost_to_charge_ratio": "1.000", "capital_cost_to_charge_ratio": "0.000"}
    edge = Decimal("46397.00") + Decimal("524.15")  # the capital payment must be reached too
    for charges, outlier in ((edge - CENTS, "0.00"), (edge, "419.32"), (edge + 100, "499.32")):
        payment = paid(2026, {"charges": charges, "length_of_stay": 1}, ratios)
        assert part(payment, "operating outlier") == outlier
        assert payment.return_code == ("00" if outlier == "0.00" else "02")


def test_covered_days_must_last_for_a_cost_outlier() -> None:
    claim = {"charges": Decimal(900_000), "length_of_stay": 10, "covered_days": 9}
    assert paid(2026, dict(claim), {}).return_code == "67"
    assert paid(2026, claim | {"covered_days": 10}, {}).return_code == "16"
    more = {"covered_days": 10, "outlier_days_exceeded": True}
    assert paid(2026, claim | more, {}).return_code == "67"
    assert paid(2026, claim | {"charges": Decimal(100)}, {}).return_code == "14"


@pytest.mark.parametrize("review", ["06", "07", "11"])
def test_no_outlier_where_none_is_wanted(review: str) -> None:
    payment = paid(2026, {"charges": Decimal(900_000), "review_code": review}, {})
    assert part(payment, "operating outlier") == "0.00"


def test_reconciliation_codes_end_with_the_old_program() -> None:
    # Costs 0.245 × 130,000 = 31,850 lie below the threshold, 0.445 × 130,000 = 57,850 above.
    claim = {"charges": Decimal(130_000)}
    assert paid(2021, dict(claim), {}).return_code == "44"
    assert paid(2026, dict(claim), {}).return_code == "14"


# --- Hospital-specific rate -----------------------------------------------------------------------


def test_the_rate_is_carried_forward_by_each_years_figures() -> None:
    # 1.0135 × 1.026 × 1.024 × .997190 × .996859 × .997975 = 1.05633… in FY 2021
    payment = paid(2021, {}, {"provider_type": "16", "hospital_specific_rate": "10000.00"})
    assert payment.figures["PPS-UPDATE-FACTOR"] == "1.05634"
    assert payment.figures["PPS-OPER-HSP-PART2"] == "10563.40"
    assert part(payment, "hospital-specific addition") == "4563.40"


@pytest.mark.parametrize(("kind", "added"), [("14", "3422.55"), ("22", "4563.40"), ("00", "0.00")])
def test_who_gets_the_addition(kind: str, added: str) -> None:
    payment = paid(2021, {}, {"provider_type": kind, "hospital_specific_rate": "10000.00"})
    assert part(payment, "hospital-specific addition") == added


def test_uncompensated_care_counts_against_the_addition() -> None:
    paying = {"provider_type": "16", "hospital_specific_rate": "10000.00"}
    payment = paid(2021, {}, paying | {"uncompensated_care_amount": "500.00"})
    assert part(payment, "hospital-specific addition") == "4063.40"


# --- Quality and volume --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"hrr_participant": "0"}, "0.00"),
        ({"hrr_participant": "0", "hrr_adjustment": "0.99"}, "65"),
        ({"hrr_participant": "1", "hrr_adjustment": "0.9700"}, "-180.00"),
        ({"hrr_participant": "1", "hrr_adjustment": "0.9699"}, "65"),
        ({"hrr_participant": "1", "hrr_adjustment": "1.0001"}, "65"),
        ({"hrr_participant": "1", "hrr_adjustment": "1.0000"}, "0.00"),
        ({"hrr_participant": "2"}, "65"),
        ({"hrr_participant": ""}, "65"),
        ({"hrr_participant": "N", "hrr_adjustment": "0.9900"}, "-60.00"),
        ({"hrr_participant": "1", "hrr_adjustment": "0.99", "ccn": "400001"}, "65"),
    ],
)
def test_readmissions(fields: dict[str, Any], expected: str) -> None:
    found = adjustments.readmissions(hospital(**fields), Decimal("6000.00"), figures(2026))
    assert (found.code if isinstance(found, Refused) else str(found)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"vbp_participant": "N"}, "0.00"),
        ({"vbp_participant": ""}, "68"),
        ({"vbp_participant": "Y", "vbp_adjustment": "1.0123456789"}, "74.07"),
        ({"vbp_participant": "Y", "vbp_adjustment": "0.98"}, "-120.00"),
        ({"vbp_participant": "Y", "vbp_adjustment": "0.9799999999"}, "68"),
        ({"vbp_participant": "Y", "vbp_adjustment": "2.0000000001"}, "68"),
        ({"vbp_participant": "Y", "vbp_adjustment": "1", "ccn": "210001"}, "68"),
        (
            {"vbp_participant": "Y", "vbp_adjustment": "1", "hospital_quality_indicator": "2"},
            "68",
        ),
    ],
)
def test_value_based_purchasing(fields: dict[str, Any], expected: str) -> None:
    found = adjustments.purchasing(hospital(**fields), Decimal("6000.00"), figures(2026))
    assert (found.code if isinstance(found, Refused) else str(found)) == expected


def test_acquired_conditions_do_not_apply_in_puerto_rico() -> None:
    mark = {"hac_reduction_indicator": "Y"}
    # 6,000.00 + 524.15 = 6,524.15, of which 1 percent is 65.24.
    assert part(paid(2026, {}, mark), "hospital-acquired condition reduction") == "-65.24"
    refused = paid(2026, {}, mark | {"ccn": "400001"})
    assert refused.return_code == "53"
    assert refused.figures["PPS-STNDRD-VALUE"] == "7276.76"  # 6,752.61 + 524.15


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"low_volume": True, "low_volume_adjustment": "0.250000"}, "1631.04"),  # 6,524.15 / 4
        ({"low_volume": True, "low_volume_adjustment": "0.250001"}, "0.00"),
        ({"low_volume": False, "low_volume_adjustment": "0.250000"}, "0.00"),
        ({"low_volume": True, "low_volume_adjustment": None}, "0.00"),
    ],
)
def test_low_volume(fields: dict[str, Any], expected: str) -> None:
    assert part(paid(2026, {}, fields), "low volume") == expected


def test_managed_care_adds_pass_through_amounts_and_takes_teaching() -> None:
    paying = {
        "intern_to_bed_ratio": "0.2500",
        "pass_through_total": "100.00",
        "pass_through_organ_acquisition": "10.00",
        "pass_through_direct_medical_education": "20.00",
    }
    payment = paid(2021, {"managed_care": True}, paying)
    assert part(payment, "pass-through amounts") == "350.00"  # 70.00 × 5 days
    assert part(payment, "operating indirect medical education") == "0.00"


# --- Other ---------------------------------------------------------------------------------------


def test_cost_of_living_counts_only_in_alaska_and_hawaii() -> None:
    for ccn, expected in (("020001", "6500.00"), ("120001", "6500.00"), ("360870", "6000.00")):
        payment = paid(2026, {"charges": Decimal(1)}, {"ccn": ccn, "cola": "1.250"})
        assert part(payment, "operating federal amount") == expected


def test_two_midnight_factor_by_area_code() -> None:
    held = {"two_midnight": [("9500", Decimal("1.000100"))]}
    payment = paid(2021, {"charges": Decimal(1)}, {"msa_geographic_location": "9500"}, **held)
    assert part(payment, "operating federal amount") == "6000.60"
    payment = paid(2021, {"charges": Decimal(1)}, {"msa_geographic_location": "9901"}, **held)
    assert part(payment, "operating federal amount") == "6000.00"


@pytest.mark.parametrize(
    ("covered", "reserve", "stay", "regular", "used"),
    [(10, 0, 10, "10", "0"), (4, 3, 10, "1", "0"), (3, 3, 10, "0", "3"), (60, 60, 10, "0", "10")],
)
def test_days_used(covered: int, reserve: int, stay: int, regular: str, used: str) -> None:
    claim = {
        "length_of_stay": stay,
        "covered_days": covered,
        "lifetime_reserve_days": reserve,
        "charges": Decimal(1),
    }
    found = paid(2026, claim, {}).figures
    assert (found["PPS-REG-DAYS-USED"], found["PPS-LTR-DAYS-USED"]) == (regular, used)


def test_health_record_savings_are_the_full_update_over_the_reduced() -> None:
    # 6,000 × (1.026 / 1.00125 = 1.024719101) = 6,148.31
    found = paid(2026, {"charges": Decimal(1)}, {"ehr_reduction_indicator": "Y"}).figures
    assert found["PPS-EHR-ADJUST-AMT"] == "148.31"


def test_blank_numbers_of_the_record_count_as_nothing() -> None:
    blank = {
        name: None
        for name in Hospital.__struct_fields__
        if Hospital.__annotations__[name] in ("Decimal | None", "int | None")
        and name not in ("wage_index", "cola")
    }
    payment = paid(2026, {"charges": Decimal(50_000)}, blank)
    assert str(payment.total) == "6524.15"


def test_a_list_of_tables_is_not_shared_between_years() -> None:
    one, other = tables(2021), tables(2026)
    assert isinstance(one, Tables)
    assert one.cache is not other.cache
