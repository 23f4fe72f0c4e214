"""Patients, practitioners and hospitals as FHIR names them, read into the fields of a stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.index import Found
from superbill.interop.fhir.text import Json

if TYPE_CHECKING:
    from superbill.interop.fhir.draft import Draft

BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
_SEXES = {"male": "M", "female": "F", "other": "U", "unknown": "U"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day_of(value: Any) -> str | None:
    """The day of a FHIR date or dateTime as it is written there; ``None`` for a month or a year.

    >>> day_of("2026-03-01T11:30:00-05:00"), day_of("2026-03")
    ('2026-03-01', None)
    """
    found = _DAY.match(value) if isinstance(value, str) else None
    return found[0] if found else None


def person(draft: Draft, found: Found, field: str) -> Json:
    """A Patient or RelatedPerson as a person; what is missing is told."""
    resource, path = found.resource, found.path
    names = s.listed(resource, "name")
    name = next((n for n in names if n.get("use") == "official"), names[0] if names else {})
    given = [g for g in name.get("given", []) if isinstance(g, str)]
    born = day_of(resource.get("birthDate"))
    if not name.get("family"):
        draft.problem(f"{path}.name", "the family name is missing.", "Give name.family.")
    if born is None:
        draft.problem(f"{path}.birthDate", "the day of birth is missing.", "Give it as YYYY-MM-DD.")
    sex = s.extension(resource, BIRTH_SEX)
    gender = resource.get("gender")
    code = sex.get("valueCode") if sex else None
    draft.from_(f"{field}.birth_date", f"{path}.birthDate")
    return {
        "last_name": name.get("family", ""),
        "first_name": given[0] if given else "",
        "middle_name": (s.extension(name, s.MIDDLE_NAME) or {}).get("valueString")
        or " ".join(given[1:]),
        "birth_date": born,
        "sex": code if code in {"M", "F"} else _SEXES.get(gender or "", "U"),
        "address": address(resource),
    }


def address(resource: Json) -> Json | None:
    """The address at home or at work, the first that has a line; ``None`` where there is none."""
    for at in s.listed(resource, "address"):
        lines = [line for line in at.get("line", []) if isinstance(line, str)]
        if lines or at.get("city"):
            return {
                "street": lines[0] if lines else "",
                "street2": ", ".join(lines[1:]),
                "city": at.get("city", ""),
                "state": at.get("state", ""),
                "zip": at.get("postalCode", ""),
            }
    return None


def number(resource: Json, system: str, kind: str = "") -> str:
    """The identifier of a system, or else of a type of HL7's table 0203; empty if there is none."""
    listed = s.listed(resource, "identifier")
    for each in listed:
        if s.same_system(each.get("system"), system):
            return str(each.get("value", ""))
    for each in listed:
        if kind and s.has_code([each.get("type")], kind):
            return str(each.get("value", ""))
    return ""


def practitioner(draft: Draft, found: Found) -> Json:
    """A Practitioner as a physician of the claim."""
    resource, path = found.resource, found.path
    name = next(iter(s.listed(resource, "name")), {})
    given = [g for g in name.get("given", []) if isinstance(g, str)]
    npi = number(resource, s.NPI, "NPI")
    if not npi:
        draft.problem(f"{path}.identifier", "the NPI is missing.", f"Give it with {s.NPI}.")
    if not name.get("family"):
        draft.problem(f"{path}.name", "the family name is missing.", "Give name.family.")
    skills = s.listed(resource, "qualification")
    return {
        "last_name": name.get("family", ""),
        "first_name": " ".join(given),
        "npi": npi,
        "taxonomy": next((c for q in skills for c in s.codes(q.get("code"), s.TAXONOMY)), ""),
    }


def hospital(draft: Draft, found: Found) -> None:
    """An Organization as the hospital that bills, with its payment profile where it carries one."""
    resource, path = found.resource, found.path
    ccn, npi = number(resource, s.CCN), number(resource, s.NPI, "NPI")
    for what, value, system in (
        ("CMS certification number", ccn, s.CCN),
        ("NPI", npi, s.NPI),
    ):
        if not value:
            draft.problem(
                f"{path}.identifier",
                f"the hospital's {what} is missing.",
                f'Give an identifier with the system "{system}".',
            )
    if not resource.get("name"):
        draft.problem(f"{path}.name", "the hospital's name is missing.", "Give it.")
    phones = [t for t in s.listed(resource, "telecom") if t.get("system") == "phone"]
    types = [t for t in resource.get("type", []) if isinstance(t, dict)]
    taxonomy = next((c for t in types for c in s.codes(t, s.TAXONOMY)), None)
    facility: Json = {
        "name": resource.get("name", ""),
        "ccn": ccn,
        "npi": npi,
        "tax_id": number(resource, s.EIN, "TAX"),
        "phone": phones[0].get("value", "") if phones else "",
        "address": address(resource),
    }
    carried = draft.carried(found, ("taxonomy", "hospital"))
    if taxonomy is not None or "taxonomy" in carried:
        facility["taxonomy"] = taxonomy or ""
    draft.put("facility", facility, path)
    draft.from_("facility.ccn", f"{path}.identifier")
    draft.from_("facility.npi", f"{path}.identifier")
    if "hospital" in carried:
        draft.put("hospital", carried["hospital"], f"{path}.extension")
