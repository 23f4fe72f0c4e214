"""Who is asked to pay, in order: Medicare, Medicaid, an insurance company, a plan, the patient.

``kind`` tells the payers apart in JSON. Amounts are dollars, shares plain numbers (``0.20``).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from superbill.model.base import Value
from superbill.model.limits import Code, Days, Identifier, Name
from superbill.model.people import Address, Person


class BenefitPeriod(Value, frozen=True, kw_only=True):
    """Where a Medicare patient stands in the current benefit period before this stay.

    ``full_days_used`` of 60, ``coinsurance_days_used`` of 30, ``lifetime_reserve_days_left`` of
    60 in a lifetime. ``deductible_paid`` is what of this period's Part A deductible was already
    met; where it is absent, all of it if a day of the period was used before, else nothing.
    ``began`` is the first inpatient day of the period, whose year sets the deductible; where it
    is absent, this stay's admission.
    """

    full_days_used: Days = 0
    coinsurance_days_used: Days = 0
    lifetime_reserve_days_left: Days = 60
    use_lifetime_reserve: bool = True
    deductible_paid: Decimal | None = None
    began: date | None = None


class Accumulators(Value, frozen=True, kw_only=True):
    """What a plan member has already paid this plan year towards deductible and maximum."""

    deductible_met: Decimal = Decimal("0.00")
    out_of_pocket_met: Decimal = Decimal("0.00")


class PlanBenefits(Value, frozen=True, kw_only=True):
    """What a plan makes its member pay. ``None`` for the maximum means that there is none."""

    deductible: Decimal = Decimal("0.00")
    coinsurance: Decimal = Decimal("0.00")
    copay_per_admission: Decimal = Decimal("0.00")
    copay_per_day: Decimal = Decimal("0.00")
    copay_day_limit: Days | None = None
    out_of_pocket_maximum: Decimal | None = None
    accumulators: Accumulators = Accumulators()


class StopLoss(Value, frozen=True, kw_only=True):
    """Above ``threshold`` of charges, the contract pays ``percent_of_charges`` instead.

    ``applies_to`` says whether to all charges of the stay or only those above the threshold.
    """

    threshold: Decimal
    percent_of_charges: Decimal
    applies_to: Literal["all_charges", "excess_charges"] = "excess_charges"


class DrgBaseRate(Value, frozen=True, kw_only=True, tag_field="method", tag="drg_base_rate"):
    """Base rate × DRG weight."""

    base_rate: Decimal
    stop_loss: StopLoss | None = None
    lesser_of_charges: bool = False


class PerDiemTier(Value, frozen=True, kw_only=True):
    """A daily rate from ``first_day`` of the stay on, until the next tier starts."""

    first_day: Days
    rate: Decimal


class PerDiem(Value, frozen=True, kw_only=True, tag_field="method", tag="per_diem"):
    """A rate for each day of the stay, flat or in tiers."""

    tiers: tuple[PerDiemTier, ...]
    stop_loss: StopLoss | None = None
    lesser_of_charges: bool = False


class CaseRate(Value, frozen=True, kw_only=True, tag_field="method", tag="case_rate"):
    """One amount for the stay: by DRG where ``by_drg`` names it, else ``rate``."""

    rate: Decimal | None = None
    by_drg: dict[str, Decimal] = {}
    stop_loss: StopLoss | None = None
    lesser_of_charges: bool = False


class PercentOfCharges(
    Value, frozen=True, kw_only=True, tag_field="method", tag="percent_of_charges"
):
    """A share of billed charges."""

    percent: Decimal
    lesser_of_charges: bool = False
    stop_loss: StopLoss | None = None


class PercentOfMedicare(
    Value, frozen=True, kw_only=True, tag_field="method", tag="percent_of_medicare"
):
    """A share of what Medicare's inpatient payment system yields for the stay."""

    percent: Decimal
    stop_loss: StopLoss | None = None
    lesser_of_charges: bool = False


ContractTerms = DrgBaseRate | PerDiem | CaseRate | PercentOfCharges | PercentOfMedicare


# How the patient is related to the subscriber: 18 self, 01 spouse, 19 child, 20 employee,
# 21 unknown, 39 organ donor, 40 cadaver donor, 53 life partner, G8 other (element 1069).
Relationship = Literal["18", "01", "19", "20", "21", "39", "40", "53", "G8"]


class _PayerBase(Value, frozen=True, kw_only=True):
    """What every payer has: a name, its identifier on claims, and the member's number.

    ``relationship`` says how the patient is related to the ``subscriber``, who is given where he
    or she is not the patient. ``claim_filing`` is the claim filing indicator (``12``, ``BL``,
    ``HM`` …) where the kind of payer does not settle it. ``claim_control_number`` is the payer's
    own number of the claim that a replacement or void refers to.
    """

    name: Name
    payer_id: Identifier = ""
    member_id: Identifier = ""
    group_number: Identifier = ""
    relationship: Relationship = "18"
    subscriber: Person | None = None
    claim_filing: Name = ""
    address: Address | None = None
    prior_authorization: Identifier = ""
    claim_control_number: Identifier = ""


class MedicarePartA(_PayerBase, frozen=True, kw_only=True, tag_field="kind", tag="medicare_part_a"):
    """Original Medicare, hospital insurance. ``member_id`` is the Medicare beneficiary identifier.

    ``entitled_by`` decides who pays first where a group health plan also covers the patient.
    """

    benefit_period: BenefitPeriod = BenefitPeriod()
    entitled_by: Literal["age", "disability", "esrd"] = "age"


class MedicarePartB(_PayerBase, frozen=True, kw_only=True, tag_field="kind", tag="medicare_part_b"):
    """Original Medicare, medical insurance, for services by line.

    ``deductible_met`` is what of the calendar year's Part B deductible was met before this visit.
    """

    deductible_met: Decimal = Decimal("0.00")


class Medigap(_PayerBase, frozen=True, kw_only=True, tag_field="kind", tag="medigap"):
    """A standardized Medicare supplement plan; ``plan`` is its letter.

    ``out_of_pocket_met`` counts towards the yearly limit of plans K and L. ``extra_days_left`` is
    what remains of the 365 days that every plan covers once Medicare's own days are used up.
    """

    plan: Literal["A", "B", "C", "D", "F", "G", "K", "L", "M", "N"]
    out_of_pocket_met: Decimal = Decimal("0.00")
    extra_days_left: Days = 365


class Medicaid(_PayerBase, frozen=True, kw_only=True, tag_field="kind", tag="medicaid"):
    """A state's Medicaid programme.

    ``allowed`` is what the state would pay for the stay, found outside (its DRG or per diem
    schedule); ``lesser_of`` limits payment after Medicare to that amount; ``copay`` is the
    patient's.
    """

    state: Code
    allowed: Decimal | None = None
    lesser_of: bool = True
    copay: Decimal = Decimal("0.00")


class Plan(_PayerBase, frozen=True, kw_only=True, tag_field="kind", tag="plan"):
    """A commercial or employer health plan with its contract and benefits.

    ``terms`` is the hospital's contract where the plan pays first; ``coordination`` is how it
    counts what earlier payers paid when it does not: ``standard`` (up to what the patient would
    owe), ``carve_out`` (its own benefit less what others paid).
    """

    terms: ContractTerms | None = None
    benefits: PlanBenefits = PlanBenefits()
    coordination: Literal["standard", "carve_out"] = "standard"


class SelfPay(_PayerBase, frozen=True, kw_only=True, tag_field="kind", tag="self_pay"):
    """The patient pays alone, less the hospital's ``discount`` (a share of charges)."""

    discount: Decimal = Decimal(0)


Payer = MedicarePartA | Medigap | Medicaid | Plan | SelfPay
