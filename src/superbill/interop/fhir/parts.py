"""The people, organisations and small parts that a bundle is made of, and the bundle itself.

A resource's ``id`` is a digest of what it belongs to (a UUID of version 5): the same document gives
the same ids, and no id says anything of a patient. References are to these, and resolve inside.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.text import Json

_IDS = UUID("6f0f3a52-6f0e-5d5c-9d37-2b8c0a2f1c55")
_GENDERS = {"M": "male", "F": "female"}

# How the patient is related to the subscriber (element 1069), in HL7's words where it has one.
_RELATIONSHIPS = {"18": "self", "01": "spouse", "19": "child", "53": "common"}


class Bundle:
    """A collection of resources that refer to one another.

    ``seed`` tells one document from another: a claim's number and who billed it.
    """

    def __init__(self, *seed: str) -> None:
        self._seed = "\x1f".join(seed)
        self._entries: dict[str, Json] = {}

    def id(self, key: str) -> str:
        """The id of the resource that goes by ``key`` (``Patient``, ``Condition/2``)."""
        return str(uuid5(_IDS, f"{self._seed}\x1f{key}"))

    def reference(self, key: str, display: str = "") -> Json:
        """A reference to the resource that goes by ``key``."""
        found: Json = {"reference": f"urn:uuid:{self.id(key)}"}
        return found | ({"display": display} if display else {})

    def add(self, key: str, resource: Json) -> Json:
        """Put a resource in, and give the reference to it; what is empty in it is left out."""
        kind = key.partition("/")[0]
        self._entries[key] = full({"resourceType": kind, "id": self.id(key), **resource})
        return self.reference(key)

    def json(self) -> Json:
        """The bundle as a FHIR resource."""
        return {
            "resourceType": "Bundle",
            "id": self.id("Bundle"),
            "type": "collection",
            "entry": [
                {"fullUrl": f"urn:uuid:{self.id(key)}", "resource": resource}
                for key, resource in self._entries.items()
            ],
        }


def full(value: Any) -> Any:
    """``value`` without what is empty: FHIR allows no empty text, list or object."""
    if isinstance(value, dict):
        kept = {name: full(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [each for each in map(full, value) if each not in (None, "", [], {})]
    return value


def name(family: str, first: str, middle: str = "", suffix: str = "") -> list[Json]:
    """A HumanName; a middle name without a first one is told in an extension of ours."""
    odd = middle and not first
    return [
        {
            "extension": [{"url": s.MIDDLE_NAME, "valueString": middle}] if odd else [],
            "family": family,
            "given": [first] if odd else [first, middle],
            "suffix": [suffix],
        }
    ]


def gender(sex: str) -> str:
    """HL7's word for M, F and U."""
    return _GENDERS.get(sex, "unknown")


def address(street: str, street2: str, city: str, state: str, zip_code: str) -> list[Json]:
    """An address in the United States; a ZIP of nine digits with its dash."""
    digits = zip_code if len(zip_code) != 9 else f"{zip_code[:5]}-{zip_code[5:]}"
    return [
        {
            "line": [street, street2],
            "city": city,
            "state": state,
            "postalCode": digits,
            "country": "US",
        }
    ]


def identifier(value: str, *, system: str = "", kind: str = "", kinds: str = "") -> list[Json]:
    """An Identifier of a system or of a type (of HL7's table 0203 unless ``kinds`` says other)."""
    if not value:
        return []
    type_ = s.concept(kinds or s.IDENTIFIER_TYPE, kind) if kind else None
    return [{"type": type_, "system": system, "value": value}]


def practitioner(family: str, first: str, npi: str, taxonomy: str = "") -> Json:
    """A Practitioner with NPI and specialty."""
    skill = [{"code": s.concept(s.TAXONOMY, taxonomy)}] if taxonomy else []
    return {
        "identifier": identifier(npi, system=s.NPI, kind="NPI"),
        "name": name(family, first),
        "qualification": skill,
    }


def insurer(name_: str, payer_id: str, at: list[Json]) -> Json:
    """The Organization of a payer."""
    return {
        "identifier": identifier(payer_id, kind="payerid", kinds=s.CARIN_IDENTIFIER),
        "active": True,
        "type": [s.concept(f"{s.HL7}/organization-type", "pay")],
        "name": name_,
        "address": at,
    }


def relationship(code: str) -> Json:
    """How the patient is related to the subscriber, in HL7's word and in X12's code."""
    word = _RELATIONSHIPS.get(code, "other")
    return {"coding": [s.coding(s.SUBSCRIBER, word), s.coding(s.RELATIONSHIP, code)]}


def day(value: date | None) -> str | None:
    """A day as FHIR writes it."""
    return None if value is None else value.isoformat()


def rest(text: str) -> list[Json]:
    """The extension that carries what FHIR has no element for; nothing where there is nothing."""
    return [{"url": s.REST, "valueString": text}] if text not in {"", "{}"} else []


def information(sequence: int, code: str, value: Json, *, ours: bool = False) -> Json:
    """A piece of supporting information, by CARIN's kind or by one of ours."""
    system = s.OUR_INFORMATION if ours else s.CARIN_INFORMATION
    return {"sequence": sequence, "category": s.concept(system, code), **value}
