"""Stays, decisions and partners that the tests of this folder write claims of. All are made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from superbill.interop.x12 import Partner, parse_partner
from superbill.model import (
    Address,
    Adjustment,
    BenefitDays,
    Decision,
    Diagnosis,
    DrgOutcome,
    EditReport,
    Encounter,
    Facility,
    Grouping,
    Line,
    Medicaid,
    MedicarePartA,
    Medigap,
    PayerDecision,
    Person,
    Plan,
    Practitioner,
    Procedure,
)

CREATED = datetime(2026, 3, 3, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
ADMITTED = date(2026, 2, 23)
DISCHARGED = date(2026, 3, 1)

PARTNER_TOML = """
[submitter]
name = "Example General Hospital"
id = "EGH001"
contact = "Billing office"
phone = "5555550100"
email = "billing@example.org"

[receiver]
name = "Example Clearinghouse"
id = "EC0001"

[interchange]
sender = "EGH001"
receiver = "EC0001"
"""
PARTNER = parse_partner(PARTNER_TOML)

PATIENT = Person(
    last_name="Sample",
    first_name="Eleanor",
    middle_name="Q",
    birth_date=date(1944, 5, 17),
    sex="F",
    address=Address(street="12 Sample Street", city="Springfield", state="OH", zip="45501"),
)
PARENT = Person(
    last_name="Sample",
    first_name="Robert",
    birth_date=date(1980, 1, 2),
    sex="M",
    address=Address(
        street="12 Sample Street", street2="Unit 4", city="Springfield", state="OH", zip="45501"
    ),
)
FACILITY = Facility(
    name="Example General Hospital",
    ccn="360870",
    npi="1234567893",
    tax_id="00-0000000",
    address=Address(street="100 Example Way", city="Springfield", state="OH", zip="45501-0001"),
    phone="5555550100",
)
ATTENDING = Practitioner(
    last_name="Example", first_name="Arthur", npi="2000000010", taxonomy="208M00000X"
)
MEDICARE = MedicarePartA(name="Medicare Part A", payer_id="15201", member_id="1EG4-TE5-MK73")
MEDIGAP = Medigap(name="Example Supplement", payer_id="EX001", member_id="EXM000123456", plan="G")
PLAN = Plan(name="Example Plan", payer_id="EX002", member_id="EXP77", group_number="GRP9")
MEDICAID = Medicaid(name="Example Medicaid", payer_id="EX003", member_id="EXD88", state="OH")


def diagnoses(n: int) -> tuple[Diagnosis, ...]:
    """``n`` different codes; the indicator takes every value in turn."""
    values = ("Y", "N", "U", "W", "1", "")
    return tuple(
        Diagnosis(code=f"A{i // 10:02d}{i % 10}", poa=values[i % 6])  # type: ignore[arg-type]
        for i in range(n)
    )


def procedures(n: int) -> tuple[Procedure, ...]:
    """``n`` different codes on days of the stay."""
    return tuple(
        Procedure(code=f"0DB{i:02d}ZZ", date=ADMITTED + timedelta(days=i % 6)) for i in range(n)
    )


def lines(n: int) -> tuple[Line, ...]:
    """``n`` lines: accommodation first, then others with and without HCPCS and dates."""
    return tuple(
        Line(revenue_code="0120", charge=Decimal("7500.00"), units=Decimal(6))
        if i == 0
        else Line(
            revenue_code=f"{250 + i % 700:04d}",
            charge=Decimal(100 + i) + Decimal("0.05"),
            units=Decimal(1 + i % 9),
            hcpcs="J1940" if i % 3 == 0 else "",
            modifiers=("JZ",) if i % 6 == 0 else (),
            service_date=ADMITTED + timedelta(days=i % 6) if i % 2 else None,
            noncovered=Decimal("1.50") if i % 5 == 0 else Decimal("0.00"),
        )
        for i in range(n)
    )


def stay(**changes: Any) -> Encounter:
    """A Medicare stay of six days, with what a claim needs; ``changes`` replace fields."""
    fields: dict[str, Any] = {
        "id": "EX-001",
        "patient": PATIENT,
        "facility": FACILITY,
        "admission_date": ADMITTED,
        "admission_hour": "14",
        "discharge_date": DISCHARGED,
        "discharge_hour": "11",
        "discharge_status": "06",
        "admitting_diagnosis": "R06.03",
        "diagnoses": diagnoses(3),
        "procedures": procedures(1),
        "lines": lines(4),
        "attending": ATTENDING,
        "medical_record_number": "MRN1",
        "payers": (MEDICARE,),
    }
    return Encounter(**(fields | changes))


def adjusted(group: Any, reason: str, amount: str) -> Adjustment:
    """An adjustment without words."""
    return Adjustment(group=group, reason=reason, amount=Decimal(amount), meaning="")


def grouping(drg: str = "291") -> Grouping:
    """A grouping that ends in ``drg``."""
    outcome = DrgOutcome(
        drg=drg,
        title="made up for a test",
        mdc="05",
        mdc_title="",
        base_drg=drg,
        return_code="OK",
        med_surg="MEDICAL",
        severity="MCC",
    )
    return Grouping(version="43.1", initial=outcome, final=outcome, hac_status="NOT_APPLICABLE")


def decided(
    encounter: Encounter, *answers: PayerDecision, grouped: Grouping | None = None
) -> Decision:
    """A decision of ``encounter`` with these answers."""
    return Decision(
        encounter_id=encounter.id,
        edits=EditReport(),
        grouping=grouped,
        payment=None,
        payers=answers,
        charges=encounter.total_charges,
        paid=Decimal(0),
        written_off=Decimal(0),
        patient=Decimal(0),
        shares=(),
    )


def medicare_answer(encounter: Encounter, *, position: int = 1) -> PayerDecision:
    """Medicare pays all but a deductible of 1736.00, sequestration and what is above its rate."""
    total = encounter.total_charges
    deductible, cut, above = Decimal("1736.00"), Decimal("63.17"), Decimal("1000.10")
    return PayerDecision(
        payer=MEDICARE.name,
        kind="medicare_part_a",
        position=position,
        billed=total,
        allowed=total - above,
        paid=total - deductible - cut - above,
        adjustments=(
            adjusted("PR", "1", str(deductible)),
            adjusted("CO", "45", str(above)),
            adjusted("CO", "253", str(cut)),
        ),
        covered_days=6,
        days=BenefitDays(full=6),
    )


def plan_answer(encounter: Encounter, *, position: int = 1, payer: Plan = PLAN) -> PayerDecision:
    """A plan pays 5000.00, leaves 250.00 to the patient and writes off the rest."""
    total = encounter.total_charges
    return PayerDecision(
        payer=payer.name,
        kind="plan",
        position=position,
        billed=total,
        allowed=Decimal("5250.00"),
        paid=Decimal("5000.00"),
        adjustments=(
            adjusted("CO", "45", str(total - Decimal("5250.00"))),
            adjusted("PR", "2", "250.00"),
        ),
    )


def partner(**text: Any) -> Partner:
    """The partner with other settings of its ``[text]``."""
    return msgspec.structs.replace(PARTNER, text=msgspec.structs.replace(PARTNER.text, **text))
