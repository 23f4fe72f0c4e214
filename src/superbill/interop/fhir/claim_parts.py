"""The words of claims in FHIR (types, roles, code systems), and parts out of a claim's tree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from superbill.interop.fhir import parts
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.parts import day
from superbill.interop.fhir.text import Json
from superbill.model import ClaimLine

type Tree = dict[str, Any]

TYPES = {"837P": "professional", "837I": "institutional", "837D": "oral"}

# The classes of an institutional bill that are an inpatient's (second and third place of the type
# of bill): hospital inpatient, swing bed, skilled nursing, religious institution.
INPATIENT_BILLS = frozenset({"11", "18", "21", "41"})

DIAGNOSIS_TYPES = {
    "principal": (s.DIAGNOSIS_TYPE, "principal"),
    "admitting": (s.DIAGNOSIS_TYPE, "admitting"),
    "reason": (s.CARIN_DIAGNOSIS, "patientreasonforvisit"),
    "external_cause": (s.CARIN_DIAGNOSIS, "externalcauseofinjury"),
    "other": (s.CARIN_DIAGNOSIS, "other"),
}
ROLES = {
    "attending": (s.CARIN_ROLE, "attending"),
    "operating": (s.CARIN_ROLE, "operating"),
    "other_operating": (s.CARIN_ROLE, "otheroperating"),
    "rendering": (s.CARIN_ROLE, "rendering"),
    "referring": (s.CARIN_ROLE, "referring"),
}
GENDERS = {"M": "male", "F": "female", "U": "unknown"}
SERVICES = {"HP": s.HIPPS, "AD": s.CDT, "N4": s.NDC}
"""Whose codes a service's qualifier says these are; HC is HCPCS or CPT, by the code's form."""


def service(line: ClaimLine, part: Tree) -> Json:
    """The service's code and modifiers; FHIR wants a code, and a line may have none."""
    held = part.get("service")
    told = line.service
    if not isinstance(held, dict) or told is None or not told.code or not _names(told.qualifier):
        return {"productOrService": s.concept(s.ABSENT, "not-applicable")}
    code, qualifier = held.pop("code"), held.pop("qualifier", "HC")
    concept = s.concept(service_system(code, qualifier), code) | {
        "text": held.pop("description", "")
    }
    modifiers = held.pop("modifiers", [])
    if "" in modifiers:
        held["modifiers"] = modifiers
        modifiers = []
    return {
        "productOrService": concept,
        "modifier": [s.concept(s.modifier_system(m), m) for m in modifiers],
    }


def _names(qualifier: str) -> bool:
    """Whether a qualifier can stand in the name of a system."""
    return not qualifier or (qualifier.isascii() and qualifier.isalnum())


def service_system(code: str, qualifier: str) -> str:
    """Whose code a service is, by the qualifier of X12; of HC by the form of the code."""
    if qualifier == "HC":
        return s.service_system(code)
    return SERVICES.get(qualifier, f"{s.OURS}:service:{qualifier or 'none'}")


def serviced(line: ClaimLine, part: Tree) -> Json:
    """The day or the days of a service."""
    if line.service_from is None:
        return {}
    start, end = day(part.pop("service_from")), day(part.pop("service_to", None))
    return (
        {"servicedDate": start} if end is None else {"servicedPeriod": {"start": start, "end": end}}
    )


def drug(part: Tree) -> list[Json]:
    """The drug of a line, as a detail of it."""
    held = part.get("drug")
    if not isinstance(held, dict) or not held.get("ndc") or "qualifier" in held:
        return []
    much = quantity(held.pop("quantity", None), held.pop("unit", ""))
    product = s.concept(s.NDC, held.pop("ndc"))
    return [{"sequence": 1, "productOrService": product, "quantity": much}]


def quantity(value: Decimal | None, unit: str) -> Json:
    """A Quantity."""
    return {"value": None if value is None else s.number(value), "unit": unit}


def individual(part: Tree | None) -> Json:
    """What a person is called, and born, and where; taken out of the tree."""
    if part is None:
        return {}
    sex = GENDERS.get(part.get("sex", ""))
    if sex is not None:
        part.pop("sex")
    return {
        "name": name(part, "last_name"),
        "gender": sex,
        "birthDate": day(part.pop("birth_date", None)),
        "address": address(part),
    }


def name(part: Tree, family: str) -> list[Json]:
    """A HumanName, taken out of the tree."""
    found = [part.pop(n, "") for n in (family, "first_name", "middle_name", "suffix")]
    return parts.name(found[0], found[1], found[2], found[3])


def address(part: Tree, field: str = "address") -> list[Json]:
    """An address, taken out of the tree; one that FHIR cannot tell stays in it."""
    at = part.get(field)
    if (
        not isinstance(at, dict)
        or not any(at.values())
        or not (at["street"] or not at.get("street2"))
    ):
        return []
    del part[field]
    return [
        {
            "line": [at.get("street", ""), at.get("street2", "")],
            "city": at.get("city", ""),
            "state": at.get("state", ""),
            "postalCode": at.get("zip", ""),
        }
    ]
