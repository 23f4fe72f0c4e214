"""Values of a claim as FHIR's elements tell them, and how they are put together with the rest."""

from __future__ import annotations

from typing import Any

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.claim_parts import GENDERS, SERVICES
from superbill.interop.fhir.people import day_of
from superbill.interop.fhir.text import Json

_SEXES = {word: letter for letter, word in GENDERS.items()}
_QUALIFIERS = {system: qualifier for qualifier, system in SERVICES.items()}
_OURS_SERVICE = f"{s.OURS}:service:"
_MUST = frozenset({"id", "code", "qualifier", "street", "city", "state", "zip"})


def service(item: Json) -> Json:
    """The service of an item, by the system of its code; nothing where it has none that is known.

    A code without a system is taken for HCPCS or CPT.
    """
    concept = item.get("productOrService")
    for coding in s.listed(concept, "coding"):
        system, code = str(coding.get("system", "")), coding.get("code")
        if system == s.ABSENT or not code:
            continue
        qualifier = _qualifier(system)
        if qualifier is None:
            continue
        codings = [s.listed(m, "coding") for m in s.listed(item, "modifier")]
        return {
            "code": code,
            "qualifier": "" if qualifier == "none" else qualifier,
            "modifiers": [str(c[0].get("code", "")) for c in codings if c],
            "description": concept.get("text", "") if isinstance(concept, dict) else "",
        }
    return {}


def _qualifier(system: str) -> str | None:
    if not system or s.same_system(system, s.HCPCS) or s.same_system(system, s.CPT):
        return "HC"
    if system.startswith(_OURS_SERVICE):
        return system.removeprefix(_OURS_SERVICE)
    return next((its for known, its in _QUALIFIERS.items() if s.same_system(system, known)), None)


def individual(resource: Json) -> Json:
    """A Patient or RelatedPerson as a person of a claim."""
    return {
        **name(resource, "last_name"),
        "sex": _SEXES.get(resource.get("gender", ""), ""),
        "birth_date": day_of(resource.get("birthDate")),
        "address": address(resource),
    }


def name(resource: Json, family: str) -> Json:
    """The first name of a resource, the family's under the field ``family``."""
    told = next(iter(s.listed(resource, "name")), {})
    given = [g for g in told.get("given", []) if isinstance(g, str)]
    alone = (s.extension(told, s.MIDDLE_NAME) or {}).get("valueString")
    return {
        family: told.get("family", ""),
        "first_name": given[0] if given else "",
        "middle_name": alone or " ".join(given[1:]),
        "suffix": " ".join(told.get("suffix", [])),
    }


def address(resource: Json) -> Json:
    """The first address of a resource; nothing where it has none."""
    at = next(iter(s.listed(resource, "address")), None)
    if at is None:
        return {}
    line = at.get("line", [])
    return {
        "street": line[0] if line else "",
        "street2": ", ".join(line[1:]),
        "city": at.get("city", ""),
        "state": at.get("state", ""),
        "zip": at.get("postalCode", ""),
    }


def full(value: Any) -> Any:
    """A tree without what is empty, but for texts that must be there."""
    if isinstance(value, dict):
        told = {name: full(inner) for name, inner in value.items()}
        return {n: v for n, v in told.items() if n in _MUST or v not in (None, "", {}, [])}
    if isinstance(value, list):
        return [full(each) for each in value]
    return value


def merged(tree: Any, carried: Any) -> Any:
    """What FHIR told with what was carried beside it; a list in step with the other."""
    if isinstance(tree, dict) and isinstance(carried, dict):
        both = {name: merged(tree[name], carried[name]) for name in tree if name in carried}
        return {**tree, **carried, **both}
    if isinstance(tree, list) and isinstance(carried, list) and len(tree) == len(carried):
        return [merged(one, other) for one, other in zip(tree, carried, strict=True)]
    if isinstance(tree, list) and tree and all(isinstance(each, dict) for each in tree):
        # Entries were added or taken away: what was carried of them belongs to none for sure.
        return tree
    return carried


def codings(value: Json, name: str) -> list[Json]:
    """The codings of a concept."""
    return s.listed(value.get(name), "coding")


def plain(value: Any) -> str | None:
    """A number as text."""
    return None if value is None else format(value, "f")
