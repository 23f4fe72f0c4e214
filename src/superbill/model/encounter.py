"""The coded record of what happened to a patient, as a claim is made from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Annotated, Literal

from superbill.model._figures import CENT, MOST
from superbill.model.base import Value
from superbill.model.hospital import Hospital
from superbill.model.limits import MOST_CODES, MOST_LINES, Code, Days, Identifier, Name
from superbill.model.payers import Payer
from superbill.model.people import Address, Person
from superbill.money import ZERO

Poa = Literal["Y", "N", "U", "W", "1", ""]


class Practitioner(Value, frozen=True, kw_only=True):
    """A physician named on the claim, with the National Provider Identifier."""

    last_name: Name
    first_name: Name
    npi: Identifier
    taxonomy: Identifier = ""


class Facility(Value, frozen=True, kw_only=True):
    """The billing hospital: its CMS certification number, NPI, tax number, address and phone."""

    name: Name
    ccn: Code
    npi: Identifier
    tax_id: Identifier = ""
    taxonomy: Identifier = "282N00000X"
    address: Address | None = None
    phone: Identifier = ""


class Diagnosis(Value, frozen=True, kw_only=True):
    """An ICD-10-CM diagnosis. ``poa`` is present on admission: Y N U W, 1 (exempt) or empty."""

    code: Code
    poa: Poa = ""


class Procedure(Value, frozen=True, kw_only=True):
    """An ICD-10-PCS procedure and the day it was done."""

    code: Code
    date: date | None = None


class Line(Value, frozen=True, kw_only=True):
    """A service line: what was charged, in dollars, under which revenue code.

    A drug's ``ndc`` (11 digits) goes with ``ndc_quantity`` in ``ndc_unit``: F2 (international
    units), GR (grams), ME (milligrams), ML (millilitres) or UN (units).
    """

    revenue_code: Code
    charge: Decimal
    units: Decimal = Decimal(1)
    rate: Decimal | None = None
    hcpcs: Code = ""
    modifiers: tuple[Code, ...] = ()
    service_date: date | None = None
    noncovered: Decimal = Decimal("0.00")
    ndc: Identifier = ""
    ndc_quantity: Decimal | None = None
    ndc_unit: Literal["", "F2", "GR", "ME", "ML", "UN"] = ""


class OccurrenceCode(Value, frozen=True, kw_only=True):
    """An event that bears on the claim, and its day (National Uniform Billing Committee code)."""

    code: Code
    date: date


class OccurrenceSpan(Value, frozen=True, kw_only=True):
    """An event that lasted, with its first and last day."""

    code: Code
    start: date
    end: date


class ValueCode(Value, frozen=True, kw_only=True):
    """An amount or count that bears on the claim, such as 80 covered days."""

    code: Code
    amount: Decimal


class Encounter(Value, frozen=True, kw_only=True, dict=True, gc=True):
    """An inpatient stay, coded and charged.

    ``diagnoses`` are in billed order, the principal diagnosis first. ``age_years`` and
    ``age_days`` are taken from the birth date where they are not given. ``covered_days`` and
    ``lifetime_reserve_days`` are days of this stay; where ``covered_days`` is absent, the whole
    stay counts. ``hospital`` is the provider-specific record that pricing needs; it may be left
    out where the store holds one for the CCN. ``statement_from`` is the first day that the bill
    covers where it is earlier than the admission (outpatient services bundled into the stay).

    ``accepts_assignment`` (A assigned, B on laboratory services only, C not), ``benefits_assigned``
    (Y, N, W not applicable) and ``release_of_information`` (Y signed, I informed consent) are what
    the hospital states on the claim, in the codes of CLM07, CLM08 and CLM09.
    """

    id: Identifier
    patient: Person
    facility: Facility
    admission_date: date
    discharge_date: date
    discharge_status: Code
    diagnoses: Annotated[tuple[Diagnosis, ...], MOST_CODES]
    type_of_bill: Code = "0111"
    admission_hour: Code = ""
    discharge_hour: Code = ""
    admission_type: Code = "1"
    admission_source: Code = "1"
    admitting_diagnosis: Code | None = None
    reason_for_visit: tuple[Code, ...] = ()
    procedures: Annotated[tuple[Procedure, ...], MOST_CODES] = ()
    lines: Annotated[tuple[Line, ...], MOST_LINES] = ()
    condition_codes: Annotated[tuple[Code, ...], MOST_CODES] = ()
    occurrence_codes: Annotated[tuple[OccurrenceCode, ...], MOST_CODES] = ()
    occurrence_spans: Annotated[tuple[OccurrenceSpan, ...], MOST_CODES] = ()
    value_codes: Annotated[tuple[ValueCode, ...], MOST_CODES] = ()
    age_years: Days | None = None
    age_days: Days | None = None
    covered_days: Days | None = None
    lifetime_reserve_days: Days = 0
    hospital_poa_status: Literal["NON_EXEMPT", "EXEMPT", "UNKNOWN"] = "NON_EXEMPT"
    attending: Practitioner | None = None
    operating: Practitioner | None = None
    medical_record_number: Identifier = ""
    hospital: Hospital | None = None
    payers: Annotated[tuple[Payer, ...], MOST_CODES] = ()
    statement_from: date | None = None
    accepts_assignment: Literal["A", "B", "C"] = "A"
    benefits_assigned: Literal["Y", "N", "W"] = "Y"
    release_of_information: Literal["Y", "I"] = "Y"

    @property
    def length_of_stay(self) -> int:
        """Days from admission to discharge; 0 for the same day."""
        return (self.discharge_date - self.admission_date).days

    @cached_property
    def diagnosis_codes(self) -> tuple[str, ...]:
        """The codes of the diagnoses, in billed order."""
        return tuple([diagnosis.code for diagnosis in self.diagnoses])

    @cached_property
    def total_charges(self) -> Decimal:
        """The sum of the lines, in dollars."""
        return sum([line.charge for line in self.lines], ZERO)

    @cached_property
    def covered_charges(self) -> Decimal:
        """Charges less what the lines say is not covered, in dollars."""
        noncovered = [line.noncovered for line in self.lines if line.noncovered]
        return self.total_charges - sum(noncovered, ZERO) if noncovered else self.total_charges

    @cached_property
    def plainly_charged(self) -> bool:
        """Whether all charges are covered amounts in whole cents that a claim can hold.

        A quick look at all of them together, which may say no where each is in order.
        """
        charges = [line.charge for line in self.lines if not line.noncovered]
        if len(charges) < len(self.lines):
            return False
        try:
            total = self.total_charges
            # The sum has the decimals of the line that has most, and is no number if one is none.
            return total.same_quantum(CENT) and total <= MOST and not (charges and min(charges) < 0)
        except InvalidOperation:
            return False

    @property
    def age(self) -> int:
        """Whole years at admission: as given, or from the birth date."""
        if self.age_years is not None:
            return self.age_years
        born, day = self.patient.birth_date, self.admission_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
