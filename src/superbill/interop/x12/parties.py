"""The people and organisations of a claim: names, addresses, and the hierarchy they stand in.

An 837 nests billing provider (HL 20), subscriber (22) and, only where the patient is not the
subscriber, patient (23). Loop names in comments are those of 005010X223A2.
"""

from __future__ import annotations

import re

from superbill.identifiers import mbi, npi, postal, taxonomy
from superbill.interop.x12.segments import Builder, d8
from superbill.model import Address, Encounter, Facility, Payer, Person, Practitioner

# Claim filing indicator (element 1032) by kind of payer, where the payer does not give its own.
# A Medigap plan and an employer's plan are commercial insurance unless said otherwise.
CLAIM_FILING = {"medicare_part_a": "MA", "medigap": "CI", "medicaid": "MC", "plan": "CI"}
_FILING = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"
_FILING_CODES = frozenset(_FILING.split())

# Who pays in which place (element 1138): primary, secondary, tertiary, then A for the fourth on.
RESPONSIBILITY = "PSTABCDEFGH"

# A billing provider's address is where it stands; a box belongs in the pay-to address.
_POST_OFFICE_BOX = re.compile(r"\W*(P\W*O\W*BOX|POST\s+OFFICE\s+BOX|LOCK\s*BOX)\b", re.IGNORECASE)


def kind_of(payer: Payer) -> str:
    """The payer's ``kind``, as in JSON."""
    return str(payer.__struct_config__.tag)


def address(b: Builder, at: Address, path: str, *, nine_digits: bool = False) -> None:
    """N3 and N4."""
    b.add(
        "N3",
        b.text(at.street, f"{path}.street", 55, required="Give the street and number."),
        b.text(at.street2, f"{path}.street2", 55),
    )
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
    b.add("N4", city, state, zip_code)


def person(
    b: Builder, entity: str, who: Person, path: str, qualifier: str = "", number: str = ""
) -> None:
    """NM1 of a person, with a member's number where there is one."""
    b.add(
        "NM1",
        entity,
        "1",
        b.text(who.last_name, f"{path}.last_name", 60, required="Give the family name."),
        b.text(who.first_name, f"{path}.first_name", 35),
        b.text(who.middle_name, f"{path}.middle_name", 25),
        "",
        "",
        qualifier,
        number,
    )


def organisation(b: Builder, entity: str, name: str, path: str, qualifier: str, id_: str) -> None:
    """NM1 of an organisation, with its identifier."""
    told = b.text(name, path, 60, required="Give the name.")
    b.add("NM1", entity, "2", told, "", "", "", "", qualifier, id_)


def practitioner(b: Builder, entity: str, who: Practitioner, path: str) -> None:
    """NM1 of a physician, with the NPI."""
    b.add(
        "NM1",
        entity,
        "1",
        b.text(who.last_name, f"{path}.last_name", 60, required="Give the family name."),
        b.text(who.first_name, f"{path}.first_name", 35),
        "",
        "",
        "",
        "XX",
        b.checked(npi.validate, who.npi, f"{path}.npi"),
    )


def demographics(b: Builder, who: Person) -> None:
    """DMG: birth date and sex."""
    b.add("DMG", "D8", d8(who.birth_date), who.sex)


def billing_provider(b: Builder, hospital: Facility, level: int) -> None:
    """Loops 2000A and 2010AA: the hospital that bills."""
    b.add("HL", str(level), "", "20", "1")
    if hospital.taxonomy.strip():
        code = b.checked(taxonomy.validate, hospital.taxonomy, "facility.taxonomy")
        b.add("PRV", "BI", "PXC", code)
    number = b.checked(npi.validate, hospital.npi, "facility.npi")
    organisation(b, "85", hospital.name, "facility.name", "XX", number)
    if hospital.address is None:
        b.problem("facility.address", "is missing.", "Give the hospital's street address.")
    else:
        if _POST_OFFICE_BOX.match(hospital.address.street):
            b.problem(
                "facility.address.street",
                "is a post office box, and a billing provider must give where it stands.",
                "Give the street address.",
            )
        address(b, hospital.address, "facility.address", nine_digits=True)
    tax = hospital.tax_id.replace("-", "").replace(" ", "")
    if not (len(tax) == 9 and tax.isascii() and tax.isdigit()):
        b.problem(
            "facility.tax_id",
            "is not an employer identification number." if tax else "is missing.",
            "Give the hospital's nine digits.",
        )
    b.add("REF", "EI", tax)


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


def subscriber_and_payer(
    b: Builder, encounter: Encounter, payer: Payer, path: str, place: int, level: int, parent: int
) -> int:
    """Loops 2000B to 2010BB, and 2000C where the patient is not the subscriber.

    ``place`` is the payer's, from 1; ``level`` the number of the subscriber's HL under
    ``parent``. Returns the number of the last HL written.
    """
    is_self = payer.relationship == "18"
    who = subscriber_of(b, encounter, payer, path)
    who_path = "patient" if who is encounter.patient else f"{path}.subscriber"
    b.add("HL", str(level), str(parent), "22", "0" if is_self else "1")
    b.add(
        "SBR",
        RESPONSIBILITY[place - 1],
        "18" if is_self else "",
        b.text(payer.group_number, f"{path}.group_number", 50),
        "",
        "",
        "",
        "",
        "",
        claim_filing(b, payer, path),
    )
    person(b, "IL", who, who_path, "MI", member_number(b, payer, path))
    if is_self:
        _patient_details(b, encounter)
    organisation(b, "PR", payer.name, f"{path}.name", "PI", payer_number(b, payer, path))
    if payer.address is not None:
        address(b, payer.address, f"{path}.address")
    if is_self:
        return level
    b.add("HL", str(level + 1), str(level), "23", "0")
    b.add("PAT", payer.relationship)
    person(b, "QC", encounter.patient, "patient")
    _patient_details(b, encounter)
    return level + 1


def _patient_details(b: Builder, encounter: Encounter) -> None:
    if encounter.patient.address is None:
        b.problem("patient.address", "is missing.", "Give where the patient lives.")
    else:
        address(b, encounter.patient.address, "patient.address")
    demographics(b, encounter.patient)
