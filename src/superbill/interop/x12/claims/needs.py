"""What an 837 must say, and is looked for in a claim before it is written.

The requirements are those of the guides' required loops and elements, of every claim of its kind;
what depends on the situation is left to :mod:`superbill.interop.x12.check`.
"""

from __future__ import annotations

from superbill.identifiers import bill_type
from superbill.interop.x12.segments import Builder
from superbill.model import Address, Claim, Coverage, Individual, Provider
from superbill.money import ZERO


def needs(b: Builder, claim: Claim) -> None:
    """Note everything that a claim lacks."""
    _billing(b, claim.billing, claim.kind)
    _codes(b, claim)
    if claim.patient is not None:
        _person(b, claim.patient, "patient")
    else:
        b.problem("patient", "is missing.", "Say who was treated.")
    if not claim.coverages:
        b.problem("coverages", "has nobody to send the claim to.", "Give the payer.")
    for i, coverage in enumerate(claim.coverages):
        _coverage(b, coverage, f"coverages[{i}]", other=coverage is not claim.payer)
    _lines(b, claim)


_ORTHODONTICS = ("orthodontic_months", "orthodontic_months_left", "orthodontic", "teeth")
_STAY = (
    *("type_of_bill", "drg", "procedures", "occurrence_codes", "occurrence_spans", "value_codes"),
    *("treatment_codes", "admission_type", "admission_source", "discharge_status"),
    *("statement_from", "statement_to", "discharge_hour"),
)
_OF_CLAIM = {
    "837P": (*_STAY, *_ORTHODONTICS),
    "837I": (
        *("place_of_service", "discharge_date", "anesthesia_procedures", "ambulance"),
        *_ORTHODONTICS,
    ),
    "837D": (*_STAY, "anesthesia_procedures", "ambulance", "certifications", "condition_codes"),
}
"""Fields of a claim that have no place on an 837 of a kind."""

_FLAGS = ("emergency", "epsdt", "family_planning", "copay_exempt")
_TESTS = ("ambulance", "certifications", "quantities", "measurements")
_OF_LINE = {
    "837P": ("revenue_code", "noncovered", "teeth", "oral_cavity", "prosthesis"),
    "837I": (
        *("place_of_service", "diagnosis_pointers", "teeth", "oral_cavity", "prosthesis"),
        *_FLAGS,
        *_TESTS,
    ),
    "837D": ("revenue_code", "noncovered", *_FLAGS, *_TESTS),
}


def places(b: Builder, claim: Claim) -> None:
    """Note everything that an 837 of the claim's kind has no place for, lest it be lost."""
    kind = claim.kind
    for field in _OF_CLAIM[kind]:
        if getattr(claim, field):
            _no_place(b, field, kind)
    of_line = _OF_LINE[kind]
    for i, line in enumerate(claim.lines):
        for field in of_line:
            if getattr(line, field):
                _no_place(b, f"lines[{i}].{field}", kind)
        if not 0 <= line.number <= _MOST:
            b.problem(f"lines[{i}].number", f"{line.number} cannot be sent.", "Count from 1.")
        if any(not 0 <= pointer <= _MOST for pointer in line.diagnosis_pointers):
            b.problem(f"lines[{i}].diagnosis_pointers", "cannot be sent.", "Count from 1.")
    if sum(coverage.billed for coverage in claim.coverages) > 1:
        b.problem("coverages", "has more than one that is billed.", "A claim goes to one payer.")


_MOST = 999_999


def _no_place(b: Builder, path: str, kind: str) -> None:
    b.problem(
        path, f"has no place on an {kind}.", "Leave it out, or make it another kind of claim."
    )


def _want(b: Builder, value: object, path: str, remedy: str) -> None:
    if not value:
        b.problem(path, "is missing.", remedy)


def _billing(b: Builder, who: Provider | None, kind: str) -> None:
    if who is None:
        return  # told where it is written
    _want(b, who.name, "billing.name", "Give the name.")
    _address(b, who.address, "billing.address")
    _want(b, who.tax_id or who.ssn, "billing.tax_id", "Give the employer identification number.")
    if kind == "837I" and who.person:
        b.problem("billing.person", "is true; an institution bills on an 837I.", "Say false.")


def _address(b: Builder, at: Address | None, path: str) -> None:
    if at is None:
        b.problem(path, "is missing.", "Give the address.")
        return
    _want(b, at.street, f"{path}.street", "Give the street and number.")
    _want(b, at.city, f"{path}.city", "Give the city.")


def _person(b: Builder, who: Individual, path: str) -> None:
    _want(b, who.last_name, f"{path}.last_name", "Give the family name.")
    _address(b, who.address, f"{path}.address")
    if not who.organisation:
        _want(b, who.birth_date, f"{path}.birth_date", "Give the birth date.")
        _want(b, who.sex, f"{path}.sex", "Say M, F or U.")


def _coverage(b: Builder, at: Coverage, path: str, *, other: bool) -> None:
    _want(b, at.sequence, f"{path}.sequence", "Say P, S, T …")
    _want(b, at.payer_name, f"{path}.payer_name", "Give the payer's name.")
    give = "Give the identifier that the payer goes by on claims."
    _want(b, at.payer_id, f"{path}.payer_id", give)
    _want(b, at.payer_id_qualifier, f"{path}.payer_id_qualifier", "Say PI or XV.")
    _want(b, at.member_id, f"{path}.member_id", "Give the number on the member's card.")
    _want(b, at.relationship, f"{path}.relationship", "Say 18 for the patient himself.")
    if at.subscriber is not None:
        name = f"{path}.subscriber.last_name"
        _want(b, at.subscriber.last_name, name, "Give the family name.")
        if at.relationship == "18" and not other:
            b.problem(
                f"{path}.relationship",
                "says that the patient is the subscriber, and another subscriber is given.",
                "Give the patient's relationship to the subscriber, for example 01 or 19.",
            )
    elif at.relationship not in {"", "18"}:
        b.problem(
            f"{path}.subscriber",
            "is missing, and the patient is not the subscriber.",
            "Give the person who holds the insurance.",
        )
    if other:
        say = "Say Y, N or W."
        _want(b, at.benefits_assigned, f"{path}.benefits_assigned", say)
        _want(b, at.release_of_information, f"{path}.release_of_information", "Say Y or I.")


def _codes(b: Builder, claim: Claim) -> None:
    _want(b, claim.accepts_assignment, "accepts_assignment", "Say A, B or C.")
    _want(b, claim.benefits_assigned, "benefits_assigned", "Say Y, N or W.")
    _want(b, claim.release_of_information, "release_of_information", "Say Y or I.")
    if claim.kind == "837I":
        b.checked(bill_type.validate, claim.type_of_bill, "type_of_bill")
        _want(b, claim.statement_from, "statement_from", "Give the first day of the bill.")
        _want(b, claim.admission_type, "admission_type", "Give one character.")
        _want(b, claim.discharge_status, "discharge_status", "Give two digits.")
    else:
        _want(b, claim.place_of_service, "place_of_service", "Give two digits.")
        _want(b, claim.provider_signature, "provider_signature", "Say Y or N.")
    if claim.kind != "837D" and not any(d.kind == "principal" for d in claim.diagnoses):
        b.problem("diagnoses", "has no principal one.", "Give the principal diagnosis.")


def _lines(b: Builder, claim: Claim) -> None:
    if not claim.lines:
        b.problem("lines", "has none.", "Give the charges line by line.")
        return
    charges = [line.charge for line in claim.lines]
    sound = claim.charge.is_finite() and all(charge.is_finite() for charge in charges)
    if sound and (total := sum(charges, ZERO)) != claim.charge:
        b.problem(
            "charge",
            f"is {claim.charge}, and the lines add up to {total}.",
            "Mend the charge or the lines.",
        )
    for i, line in enumerate(claim.lines):
        at = f"lines[{i}]"
        if claim.kind == "837I":
            _want(b, line.revenue_code, f"{at}.revenue_code", "Give four digits.")
        if claim.kind == "837P":
            give = "Point at a diagnosis, by its place from 1."
            _want(b, line.diagnosis_pointers, f"{at}.diagnosis_pointers", give)
        if claim.kind != "837D" and line.units is None:
            b.problem(f"{at}.units", "is missing.", "Say how many.")
        for pointer in line.diagnosis_pointers:
            if not 1 <= pointer <= len(claim.diagnoses):
                b.problem(
                    f"{at}.diagnosis_pointers",
                    f"says {pointer}; the claim has {len(claim.diagnoses)} diagnoses.",
                    "Point at a diagnosis of the claim.",
                )
