"""The people, providers and payers of a claim, from their loops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superbill.interop.x12.claims.loops import Effect, Loop, Parse, Unfit
from superbill.interop.x12.claims.values import adjustments, at, day, maybe, number
from superbill.model import Address, Contact, Individual, Provider, Reference, Role

ROLES: Mapping[str, Role] = {
    "85": "billing",
    "PE": "pay_to_plan",
    "71": "attending",
    "72": "operating",
    "ZZ": "other_operating",
    "82": "rendering",
    "DN": "referring",
    "P3": "primary_care",
    "DQ": "supervising",
    "DK": "ordering",
    "QB": "purchased",
    "DD": "assistant_surgeon",
    "77": "facility",
    "PW": "pick_up",
    "45": "drop_off",
}
"""What part a provider has, by the entity code of its name (element 98)."""

TAXONOMY_OF: Mapping[Role, str] = {
    "billing": "BI",
    "attending": "AT",
    "rendering": "PE",
    "referring": "RF",
    "assistant_surgeon": "AS",
}
"""The provider code (element 1221) that the speciality of a role is sent with; OT of any other."""

_NAME = frozenset({1, 2, 3, 4, 5, 7, 8, 9})
_INSURED_NAME = frozenset({1, 2, 3, 4, 5, 7})
_PAYER_NAME = frozenset({1, 3, 8, 9})
_PARTS_OF_ADDRESS = ("street", "street2", "city", "state", "zip")
_CALLED = {"TE": "phone", "EX": "extension", "FX": "fax", "EM": "email"}


def provider_name(e: list[str], loop: Loop) -> Effect:
    """NM1 of a provider."""
    role = ROLES[e[1]]
    qualifier, number_ = at(e, 8), at(e, 9)
    fields: dict[str, Any] = {"role": role, "person": at(e, 2) == "1", "name": at(e, 3)}
    if len(e) > 4:
        fields |= {"first_name": e[4], "middle_name": at(e, 5), "suffix": at(e, 7)}
        if qualifier == "XX" and number_:
            fields["npi"] = number_
        else:
            fields |= {"id_qualifier": qualifier, "id": number_}
    held = _NAME if at(e, 2) in {"1", "2"} else _NAME - {2}
    return "", fields | loop.rest(e, held)


def individual_name(e: list[str], loop: Loop) -> Effect:
    """NM1 of a patient or subscriber, whose number is the member's with the payer."""
    fields: dict[str, Any] = {"last_name": at(e, 3), "first_name": at(e, 4)}
    if len(e) > 5:
        fields |= {"middle_name": e[5], "suffix": at(e, 7)}
    held = _INSURED_NAME
    if at(e, 2) == "2":
        fields["organisation"] = True
    elif at(e, 2) != "1":
        held -= {2}
    if e[1] == "IL":
        fields["member_id"] = at(e, 9)
        held |= {9, 8} if at(e, 8) == "MI" and at(e, 9) else {9}
    return "", fields | (loop.rest(e, held) if len(e) != 10 or e[6] or 8 not in held else {})


def _pay_to_name(e: list[str], loop: Loop) -> Effect:
    return "", {"entity": at(e, 2)} | loop.rest(e, {1, 2})


def payer_name(e: list[str], loop: Loop) -> Effect:
    """NM1 of a payer."""
    fields = {"payer_name": at(e, 3), "payer_id_qualifier": at(e, 8), "payer_id": at(e, 9)}
    held = _PAYER_NAME | ({2} if at(e, 2) == "2" else frozenset())
    return "", fields | loop.rest(e, held)


def street(e: list[str], loop: Loop) -> Effect:
    """N3."""
    fields: dict[str, Any] = {"street": at(e, 1), "street2": at(e, 2)}
    return "", fields if len(e) <= 3 else fields | loop.rest(e, {1, 2})


def city(e: list[str], loop: Loop) -> Effect:
    """N4."""
    fields: dict[str, Any] = {"city": at(e, 1), "state": at(e, 2), "zip": at(e, 3)}
    return "", fields if len(e) <= 4 else fields | loop.rest(e, {1, 2, 3})


def address_of(fields: dict[str, Any]) -> Address | None:
    """The address among the fields of a loop, which it is taken from."""
    parts = {name: fields.pop(name, "") for name in _PARTS_OF_ADDRESS}
    return Address(**parts) if any(parts.values()) else None


def demographics(e: list[str], loop: Loop) -> Effect | None:
    """DMG: birth date and sex."""
    if at(e, 1) != "D8":
        return None
    fields: dict[str, Any] = {"birth_date": day(e[2]), "sex": at(e, 3)}
    return "", fields if len(e) <= 4 else fields | loop.rest(e, {1, 2, 3})


def patient_facts(e: list[str], loop: Loop) -> Effect | None:
    """PAT: relationship, day of death, weight, pregnancy."""
    fields: dict[str, Any] = {}
    held = set()
    if at(e, 1) and loop.id == "2000C":
        fields["pat_relationship"] = e[1]
        held.add(1)
    if at(e, 5) == "D8":
        fields["death_date"] = day(at(e, 6))
        held |= {5, 6}
    if at(e, 7) == "01":
        fields["weight"] = number(at(e, 8))
        held |= {7, 8}
    if at(e, 9) == "Y":
        fields["pregnant"] = True
        held |= {9}
    return "", fields | loop.rest(e, held)


def reference(e: list[str], loop: Loop) -> Effect | None:
    """REF; its fourth element may name the payer that the number is meant for."""
    if len(e) == 3:
        return "references", (Reference(qualifier=e[1], value=e[2]),)
    payer = at(e, 4).split(loop.component)
    if len(e) != 5 or e[3] or len(payer) != 2 or payer[0] != "2U" or not payer[1]:
        return None
    return "references", (Reference(qualifier=e[1], value=e[2], payer_id=payer[1]),)


def contact(e: list[str], loop: Loop) -> Effect | None:
    """PER: whom to call."""
    fields = {"name": at(e, 2)}
    for kind, value in zip(e[3::2], [*e[4::2], ""], strict=False):
        if kind and value and kind in _CALLED and _CALLED[kind] not in fields and len(e) <= 9:
            fields[_CALLED[kind]] = value
        elif kind or value:
            return None
    return ("contacts", (Contact(**fields),)) if at(e, 1) == "IC" else None


def _taxonomy(role: Role) -> Parse:
    wanted = TAXONOMY_OF.get(role, "OT")

    def speciality(e: list[str], loop: Loop) -> Effect | None:
        if len(e) != 4 or e[1] != wanted or e[2] != "PXC":
            return None
        return "", {"taxonomy": e[3]}

    return speciality


def _tax_reference(e: list[str], loop: Loop) -> Effect | None:
    if len(e) == 3 and e[1] in {"EI", "SY"} and e[2]:
        return "", {"tax_id" if e[1] == "EI" else "ssn": e[2]}
    return reference(e, loop)


def provider_parsers(role: Role) -> Mapping[str, Parse]:
    """How the segments of a provider's loop are read."""
    return {
        "NM1": provider_name,
        "PRV": _taxonomy(role),
        "N3": street,
        "N4": city,
        "REF": _tax_reference if role in {"billing", "pay_to_plan"} else reference,
        "PER": contact,
    }


def provider(fields: dict[str, Any]) -> Provider:
    """A provider from the fields of its loop."""
    fields["address"] = address_of(fields)
    return Provider(**fields)


INDIVIDUAL: Mapping[str, Parse] = {
    "NM1": individual_name,
    "N3": street,
    "N4": city,
    "DMG": demographics,
    "REF": reference,
    "PER": contact,
}


PAY_TO: Mapping[str, Parse] = {"NM1": _pay_to_name, "N3": street, "N4": city}


def individual(fields: dict[str, Any]) -> Individual:
    """A person from the fields of the loop."""
    fields["address"] = address_of(fields)
    return Individual(**fields)


def _payer_reference(e: list[str], loop: Loop) -> Effect | None:
    if len(e) == 3 and e[1] in _COVERAGE_NUMBERS and e[2] and loop.id == "2330B":
        return "", {_COVERAGE_NUMBERS[e[1]]: e[2]}
    return reference(e, loop)


_COVERAGE_NUMBERS = {"G1": "prior_authorization", "9F": "referral", "F8": "claim_control_number"}


def _answered(e: list[str], loop: Loop) -> Effect | None:
    if len(e) == 4 and e[1] == "573" and e[2] == "D8":
        return "", {"paid_on": day(e[3])}
    return None


PAYER: Mapping[str, Parse] = {
    "NM1": payer_name,
    "N3": street,
    "N4": city,
    "REF": _payer_reference,
    "DTP": _answered,
}


def _insurance(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "sequence": at(e, 1),
        "relationship": at(e, 2),
        "group_number": at(e, 3),
        "group_name": at(e, 4),
        "insurance_type": at(e, 5),
        "coordination": at(e, 6),
        "filing": at(e, 9),
    }
    return "", fields | loop.rest(e, {1, 2, 3, 4, 5, 6, 9})


SUBSCRIBER_LEVEL: Mapping[str, Parse] = {"SBR": _insurance, "PAT": patient_facts}
PATIENT_LEVEL: Mapping[str, Parse] = {"PAT": patient_facts}


def _adjusted(e: list[str], loop: Loop) -> Effect:
    return "adjustments", adjustments(e)


_PAID = {"D": "paid", "A8": "noncovered", "EAF": "remaining_liability"}


def _paid(e: list[str], loop: Loop) -> Effect | None:
    if len(e) != 3 or e[1] not in _PAID:
        return None
    return "", {_PAID[e[1]]: number(e[2])}


def _other_insurance(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "benefits_assigned": at(e, 3),
        "patient_signature": at(e, 4),
        "release_of_information": at(e, 6),
    }
    return "", fields | loop.rest(e, {3, 4, 6})


def _inpatient(e: list[str], loop: Loop) -> Effect:
    return "", {"covered_days": maybe(at(e, 1))} | loop.rest(e, {1})


OTHER_PAYER: Mapping[str, Parse] = {
    "SBR": _insurance,
    "CAS": _adjusted,
    "AMT": _paid,
    "OI": _other_insurance,
    "MIA": _inpatient,
}

__all__ = [
    "INDIVIDUAL",
    "OTHER_PAYER",
    "PATIENT_LEVEL",
    "PAYER",
    "PAY_TO",
    "ROLES",
    "SUBSCRIBER_LEVEL",
    "TAXONOMY_OF",
    "Unfit",
    "address_of",
    "city",
    "individual",
    "provider",
    "provider_parsers",
    "reference",
    "street",
]
