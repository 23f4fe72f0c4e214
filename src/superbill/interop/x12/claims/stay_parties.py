"""The hospital, the patient and the payers of a stay, as they stand on its claim.

What is missing or has not the form of its kind is noted with its place in the stay.
"""

from __future__ import annotations

import re

from superbill.identifiers import mbi, npi, postal, taxonomy
from superbill.interop.x12.segments import Builder
from superbill.model import (
    Address,
    Encounter,
    Facility,
    Individual,
    Payer,
    Person,
    Practitioner,
    Provider,
    Role,
    VisitPayer,
)

# Claim filing indicator (element 1032) by kind of payer, where the payer does not give its own.
# A Medigap plan and an employer's plan are commercial insurance unless said otherwise.
CLAIM_FILING = {"medicare_part_a": "MA", "medigap": "CI", "medicaid": "MC", "plan": "CI"}
_FILING = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"
_FILING_CODES = frozenset(_FILING.split())

# Who pays in which place (element 1138): primary, secondary, tertiary, then A for the fourth on.
RESPONSIBILITY = "PSTABCDEFGH"

# A billing provider's address is where it stands; a box belongs in the pay-to address.
_POST_OFFICE_BOX = re.compile(r"\W*(P\W*O\W*BOX|POST\s+OFFICE\s+BOX|LOCK\s*BOX)\b", re.IGNORECASE)


def kind_of(payer: Payer | VisitPayer) -> str:
    """The payer's ``kind``, as in JSON."""
    return str(payer.__struct_config__.tag)


def address(b: Builder, at: Address, path: str, *, nine_digits: bool = False) -> Address:
    """An address as it is sent; of a billing provider with all nine digits of the ZIP code."""
    street = b.text(at.street, f"{path}.street", 55, required="Give the street and number.")
    street2 = b.text(at.street2, f"{path}.street2", 55)
    state = at.state.strip().upper()
    if not postal.is_state(state):
        b.problem(f"{path}.state", "is not a state.", "Write two letters, for example OH.")
    zip_code = b.checked(postal.validate, at.zip, f"{path}.zip")
    if nine_digits and len(zip_code) == 5:
        b.problem(
            f"{path}.zip",
            "has five digits, and a billing provider's must have nine.",
            "Give ZIP+4, which the Postal Service's look-up tells.",
        )
    city = b.text(at.city, f"{path}.city", 30, shortest=2, required="Give the city.")
    return Address(street=street, street2=street2, city=city, state=state, zip=zip_code)


def named(b: Builder, who: Person, path: str) -> Individual:
    """A person by name alone."""
    return Individual(
        last_name=b.text(who.last_name, f"{path}.last_name", 60, required="Give the family name."),
        first_name=b.text(who.first_name, f"{path}.first_name", 35),
        middle_name=b.text(who.middle_name, f"{path}.middle_name", 25),
    )


def practitioner(b: Builder, who: Practitioner, path: str, role: Role) -> Provider:
    """A physician with the NPI; of the attending one the speciality too."""
    last = b.text(who.last_name, f"{path}.last_name", 60, required="Give the family name.")
    first = b.text(who.first_name, f"{path}.first_name", 35)
    number = b.checked(npi.validate, who.npi, f"{path}.npi")
    speciality = ""
    if role == "attending" and who.taxonomy.strip():
        speciality = b.checked(taxonomy.validate, who.taxonomy, f"{path}.taxonomy")
    return Provider(
        role=role, person=True, name=last, first_name=first, npi=number, taxonomy=speciality
    )


def hospital(b: Builder, at: Facility) -> Provider:
    """The hospital that bills."""
    speciality = ""
    if at.taxonomy.strip():
        speciality = b.checked(taxonomy.validate, at.taxonomy, "facility.taxonomy")
    number = b.checked(npi.validate, at.npi, "facility.npi")
    name = b.text(at.name, "facility.name", 60, required="Give the name.")
    where = None
    if at.address is None:
        b.problem("facility.address", "is missing.", "Give the hospital's street address.")
    else:
        if _POST_OFFICE_BOX.match(at.address.street):
            b.problem(
                "facility.address.street",
                "is a post office box, and a billing provider must give where it stands.",
                "Give the street address.",
            )
        where = address(b, at.address, "facility.address", nine_digits=True)
    tax = at.tax_id.replace("-", "").replace(" ", "")
    if not (len(tax) == 9 and tax.isascii() and tax.isdigit()):
        b.problem(
            "facility.tax_id",
            "is not an employer identification number." if tax else "is missing.",
            "Give the hospital's nine digits.",
        )
    return Provider(
        role="billing", name=name, npi=number, taxonomy=speciality, tax_id=tax, address=where
    )


def claim_filing(b: Builder, payer: Payer, path: str) -> str:
    """The claim filing indicator (SBR09)."""
    code = payer.claim_filing.strip().upper() or CLAIM_FILING[kind_of(payer)]
    if code not in _FILING_CODES:
        return b.problem(
            f"{path}.claim_filing",
            "is not a claim filing indicator.",
            f"One of {', '.join(sorted(_FILING_CODES))}.",
        )
    return code


def member_number(b: Builder, payer: Payer, path: str) -> str:
    """The member's number with this payer; Medicare's without the dashes of the card."""
    where = f"{path}.member_id"
    number = payer.member_id
    if kind_of(payer) == "medicare_part_a" and number.strip():
        return b.checked(mbi.validate, number, where)
    return b.text(number, where, 80, shortest=2, required="Give the number on the member's card.")


def payer_number(b: Builder, payer: Payer, path: str) -> str:
    """The payer's identifier on claims."""
    give = "Give the identifier that the payer or clearinghouse goes by on claims."
    return b.text(payer.payer_id, f"{path}.payer_id", 80, shortest=2, required=give)


def subscriber_of(b: Builder, encounter: Encounter, payer: Payer, path: str) -> Person:
    """Through whom the patient is insured with this payer: the patient, or somebody else."""
    if payer.relationship == "18":
        if payer.subscriber is not None and payer.subscriber != encounter.patient:
            b.problem(
                f"{path}.relationship",
                "says that the patient is the subscriber, and another subscriber is given.",
                "Give the patient's relationship to the subscriber, for example 01 or 19.",
            )
        return encounter.patient
    if payer.subscriber is None:
        b.problem(
            f"{path}.subscriber",
            "is missing, and the patient is not the subscriber.",
            "Give the person who holds the insurance.",
        )
        return encounter.patient
    return payer.subscriber


def patient(b: Builder, encounter: Encounter) -> Individual:
    """Who was treated: name, address, birth date and sex."""
    who = encounter.patient
    person = named(b, who, "patient")
    where = None
    if who.address is None:
        b.problem("patient.address", "is missing.", "Give where the patient lives.")
    else:
        where = address(b, who.address, "patient.address")
    return Individual(
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        address=where,
        birth_date=who.birth_date,
        sex=who.sex,
    )
