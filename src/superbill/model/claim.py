"""What stands on one claim, of any of the three kinds: professional, institutional and dental.

The fields are those of the X12 837 (005010X222A1, X223A2, X224A2), which HIPAA names (45 CFR
162.1102), under the field's own words; qualifiers that a guide leaves open are kept as codes. What
the model has no field for stands in ``extra`` beside what it belongs to, so that a claim that was
read can be written again without loss.

The same in Python and in JSON. Read from X12, it holds what was sent, whether or not that is right:
whether it is, :mod:`superbill.interop.x12.check` tells.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from superbill.model.claim_parties import Coverage, Individual, Provider, Reference
from superbill.model.claim_parts import (
    Ambulance,
    Attachment,
    Certification,
    ClaimAdjustment,
    ClaimDate,
    ClaimDiagnosis,
    ClaimProcedure,
    Contract,
    Drug,
    Extra,
    Figure,
    LineAdjudication,
    Measurement,
    Note,
    Repricing,
    Service,
    Sparse,
    Tooth,
    ToothStatus,
)
from superbill.model.encounter import OccurrenceCode, OccurrenceSpan, ValueCode
from superbill.model.limits import MOST_CODES, MOST_LINES, Code, Identifier, Text
from superbill.model.people import Address

__all__ = [
    "Ambulance",
    "Attachment",
    "Certification",
    "Claim",
    "ClaimAdjustment",
    "ClaimDate",
    "ClaimDiagnosis",
    "ClaimKind",
    "ClaimLine",
    "ClaimProcedure",
    "Contract",
    "Coverage",
    "Drug",
    "Extra",
    "Figure",
    "Individual",
    "LineAdjudication",
    "Measurement",
    "Note",
    "Provider",
    "Reference",
    "Repricing",
    "Service",
    "Tooth",
    "ToothStatus",
]

ClaimKind = Literal["837P", "837I", "837D"]

_MANY = Meta(max_length=999)


class ClaimLine(Sparse, frozen=True, kw_only=True):
    """One service line: what was done or supplied, when, how often, and what it costs.

    ``charge`` and ``noncovered`` are dollars, ``units`` a count of ``unit`` (UN units, MJ minutes,
    DA days). ``service_to`` is given where the service lasted. ``diagnosis_pointers`` count the
    claim's diagnoses from 1. ``adjudications`` are what earlier payers decided of the line. Tooth
    data, ``oral_cavity`` and ``prosthesis`` (I initial, R replacement) are a dental claim's.
    """

    number: int
    charge: Decimal
    service: Service | None = None
    revenue_code: Code = ""
    unit: Code = "UN"
    units: Decimal | None = None
    service_from: date | None = None
    service_to: date | None = None
    place_of_service: Code = ""
    diagnosis_pointers: Annotated[tuple[int, ...], MOST_CODES] = ()
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False
    copay_exempt: bool = False
    noncovered: Decimal | None = None
    drug: Drug | None = None
    teeth: Annotated[tuple[Tooth, ...], MOST_CODES] = ()
    oral_cavity: Annotated[tuple[Code, ...], MOST_CODES] = ()
    prosthesis: Code = ""
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    notes: Annotated[tuple[Note, ...], MOST_CODES] = ()
    attachments: Annotated[tuple[Attachment, ...], MOST_CODES] = ()
    amounts: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    quantities: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    measurements: Annotated[tuple[Measurement, ...], MOST_CODES] = ()
    certifications: Annotated[tuple[Certification, ...], MOST_CODES] = ()
    ambulance: Ambulance | None = None
    contract: Contract | None = None
    repricing: Repricing | None = None
    fixed_format: Annotated[tuple[Text, ...], MOST_CODES] = ()
    providers: Annotated[tuple[Provider, ...], MOST_CODES] = ()
    adjudications: Annotated[tuple[LineAdjudication, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], _MANY] = ()


class Claim(Sparse, frozen=True, kw_only=True):
    """One claim to one payer, as it stands on an 837.

    ``kind`` says which 837. ``charge`` is the total in dollars. A professional or dental claim has
    a ``place_of_service``; an institutional one a ``type_of_bill`` of four characters, whose last
    is the ``frequency`` too (1 original, 7 replacement, 8 void). ``purpose`` is CH for a claim to
    be paid, RP for a report of an encounter, 31 for a subrogation demand.

    ``coverages`` are the payers in the order in which they pay; the one with ``billed`` is whom
    this claim goes to. ``providers`` are all who are named for the claim as a whole but the billing
    provider. ``admission_hour`` and ``discharge_hour`` are four digits, hour and minute.
    """

    kind: ClaimKind
    id: Identifier
    charge: Decimal
    purpose: Code = "CH"
    place_of_service: Code = ""
    type_of_bill: Code = ""
    frequency: Code = ""
    provider_signature: Code = ""
    accepts_assignment: Code = ""
    benefits_assigned: Code = ""
    release_of_information: Code = ""
    patient_signature: Code = ""
    related_causes: Annotated[tuple[Code, ...], MOST_CODES] = ()
    accident_state: Code = ""
    accident_country: Code = ""
    special_program: Code = ""
    predetermination: bool = False
    delay_reason: Code = ""
    patient: Individual | None = None
    billing: Provider | None = None
    pay_to: Address | None = None
    pay_to_plan: Provider | None = None
    coverages: Annotated[tuple[Coverage, ...], MOST_CODES] = ()
    providers: Annotated[tuple[Provider, ...], MOST_CODES] = ()
    diagnoses: Annotated[tuple[ClaimDiagnosis, ...], MOST_CODES] = ()
    drg: Identifier = ""
    procedures: Annotated[tuple[ClaimProcedure, ...], MOST_CODES] = ()
    anesthesia_procedures: Annotated[tuple[Code, ...], MOST_CODES] = ()
    condition_codes: Annotated[tuple[Code, ...], MOST_CODES] = ()
    occurrence_codes: Annotated[tuple[OccurrenceCode, ...], MOST_CODES] = ()
    occurrence_spans: Annotated[tuple[OccurrenceSpan, ...], MOST_CODES] = ()
    value_codes: Annotated[tuple[ValueCode, ...], MOST_CODES] = ()
    treatment_codes: Annotated[tuple[Identifier, ...], MOST_CODES] = ()
    admission_type: Code = ""
    admission_source: Code = ""
    discharge_status: Code = ""
    statement_from: date | None = None
    statement_to: date | None = None
    admission_date: date | None = None
    admission_hour: Code = ""
    discharge_date: date | None = None
    discharge_hour: Code = ""
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    notes: Annotated[tuple[Note, ...], MOST_CODES] = ()
    attachments: Annotated[tuple[Attachment, ...], MOST_CODES] = ()
    amounts: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    certifications: Annotated[tuple[Certification, ...], MOST_CODES] = ()
    ambulance: Ambulance | None = None
    contract: Contract | None = None
    repricing: Repricing | None = None
    fixed_format: Annotated[tuple[Text, ...], MOST_CODES] = ()
    orthodontic_months: Decimal | None = None
    orthodontic_months_left: Decimal | None = None
    orthodontic: bool = False
    teeth: Annotated[tuple[ToothStatus, ...], MOST_CODES] = ()
    lines: Annotated[tuple[ClaimLine, ...], MOST_LINES] = ()
    extra: Annotated[tuple[Extra, ...], _MANY] = ()

    @property
    def payer(self) -> Coverage | None:
        """Whom the claim goes to: the coverage that is ``billed``, else the first."""
        for coverage in self.coverages:
            if coverage.billed:
                return coverage
        return self.coverages[0] if self.coverages else None

    def provider(self, role: str) -> Provider | None:
        """Who is named in a role, such as ``rendering``; ``None`` where nobody is."""
        if role == "billing":
            return self.billing
        return next((who for who in self.providers if who.role == role), None)

    def reference(self, qualifier: str) -> str:
        """A reference number by its qualifier: EA medical record, D9 clearinghouse …; or empty."""
        return next((r.value for r in self.references if r.qualifier == qualifier), "")

    def day(self, code: str) -> date | None:
        """A day by its qualifier: 431 onset, 439 accident, 454 first treatment …; or ``None``."""
        return next((when.start for when in self.dates if when.code == code), None)
