"""What quality and volume add to or take from a payment.

Readmissions (42 CFR 412.150 to 412.154), value-based purchasing (412.160 to 412.165),
hospital-acquired conditions (412.170 to 412.172) and low volume (412.101). The hospital's
factors stand in its provider record.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.model.hospital import Hospital
from superbill.model.trace import Trace
from superbill.money import half_up
from superbill.pricing.ipps.codes import Refused
from superbill.pricing.ipps.rates import Figures

ONE = Decimal(1)
TWO = Decimal(2)
NOTHING = Decimal("0.00")

NO_REDUCTION_STATES = frozenset({"40", "84"})
NO_PURCHASING_STATES = frozenset({"21", "80", "40", "84"})
"""Maryland (waiver) and Puerto Rico, by the first two characters of the CCN."""

INVALID_READMISSION_MARKS = frozenset({"", "2", "3", "4", "5", "6", "7", "8", "9"})


def readmissions(hospital: Hospital, base: Decimal, figures: Figures) -> Decimal | Refused:
    """The readmissions reduction of the base operating amount, dollars (not positive)."""
    mark = hospital.hrr_participant.strip()
    factor = hospital.hrr_adjustment or NOTHING
    if mark == "0":
        if factor:
            return Refused("65", "a readmissions factor is given for a hospital outside of it")
        return NOTHING
    if mark in INVALID_READMISSION_MARKS:
        return Refused("65", f"the readmissions indicator {mark!r} is not valid")
    if not figures.readmissions_floor <= factor <= ONE:
        return Refused(
            "65", f"the readmissions factor {factor} is not in {figures.readmissions_floor} to 1"
        )
    if hospital.ccn[:2] in NO_REDUCTION_STATES:
        return Refused("65", "the readmissions reduction does not apply in Puerto Rico")
    return half_up(factor * base - base, 2) + NOTHING


def purchasing(hospital: Hospital, base: Decimal, figures: Figures) -> Decimal | Refused:
    """The value-based purchasing adjustment of the base operating amount, dollars."""
    mark = hospital.vbp_participant
    if mark == "N":
        return NOTHING
    if mark != "Y":
        return Refused("68", f"the value-based purchasing indicator {mark!r} is neither Y nor N")
    if hospital.hospital_quality_indicator != "1":
        return Refused("68", "value-based purchasing needs quality data")
    if hospital.ccn[:2] in NO_PURCHASING_STATES:
        return Refused("68", "value-based purchasing does not apply in the hospital's state")
    factor = hospital.vbp_adjustment or NOTHING
    if not figures.purchasing_floor <= factor <= TWO:
        return Refused(
            "68",
            f"the value-based purchasing factor {factor} is not in {figures.purchasing_floor} to 2",
        )
    return half_up(factor * base - base, 2) + NOTHING


def low_volume_factor(hospital: Hospital, figures: Figures) -> Decimal | None:
    """The low-volume percentage (a plain number) where one applies."""
    factor = hospital.low_volume_adjustment
    if hospital.low_volume and factor and 0 < factor <= figures.low_volume_limit:
        return factor
    return None


def acquired_conditions(hospital: Hospital, payment: Decimal, figures: Figures) -> Decimal:
    """The reduction of the whole payment for hospital-acquired conditions (not positive)."""
    if hospital.hac_reduction_indicator != "Y":
        return NOTHING
    return half_up(payment * -figures.hac_reduction, 2) + NOTHING


def pass_through(hospital: Hospital, days: int) -> Decimal:
    """Pass-through amounts by the day for a managed care patient, in dollars.

    All of them, less organ acquisition and direct medical education, which are paid apart.
    """
    by_day = (hospital.pass_through_total or NOTHING) - (
        (hospital.pass_through_organ_acquisition or NOTHING)
        + (hospital.pass_through_direct_medical_education or NOTHING)
    )
    return abs(half_up(by_day * days, 2))


def explain(
    trace: Trace, name: str, factor: Decimal | None, base: Decimal, amount: Decimal, cite: str
) -> None:
    """Trace a share of the base operating amount."""
    trace(
        name,
        amount,
        formula="factor × base operating amount - base operating amount",
        rounding="half up, cents",
        cite=cite,
        factor=(factor or NOTHING, "hospital record"),
        base=base,
    )
