"""The JSON Schemas of the documents: stays and visits, a hospital's profile, and decisions.

Made from the types that read and write them (draft 2020-12), with the meaning of each field from
``fields.toml`` beside this module. A document that the schema refuses is refused by
:mod:`superbill.model.read` too; what only the values together can show (a discharge before the
admission, more days than the stay has) is left to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, get_args

import msgspec

from superbill.model.claim import Claim
from superbill.model.decision import Decision, VisitDecision
from superbill.model.encounter import Encounter
from superbill.model.estimate import Estimate, Order
from superbill.model.hospital import Hospital
from superbill.model.inquiry import (
    ClaimStatusAnswer,
    ClaimStatusInquiry,
    EligibilityAnswer,
    EligibilityInquiry,
)
from superbill.model.remittance import Remittance
from superbill.model.risk import Member
from superbill.model.visit import Visit

_TYPES: dict[str, tuple[type[msgspec.Struct], str]] = {
    "encounter": (Encounter, "A stay"),
    "hospital": (Hospital, "A hospital's profile"),
    "decision": (Decision, "A decision"),
    "visit": (Visit, "A visit"),
    "member": (Member, "A member of a Medicare plan"),
    "visit_decision": (VisitDecision, "A decision on a visit"),
    "order": (Order, "An order"),
    "estimate": (Estimate, "An estimate"),
    "claim": (Claim, "A claim"),
    "remittance": (Remittance, "A remittance"),
    "eligibility_inquiry": (EligibilityInquiry, "A question about coverage"),
    "eligibility": (EligibilityAnswer, "An answer about coverage"),
    "claim_status_inquiry": (ClaimStatusInquiry, "A question about a claim"),
    "claim_status": (ClaimStatusAnswer, "An answer about a claim"),
}
DOCUMENTS = tuple(_TYPES)
# What others send: amounts may be below zero.
_SENT = frozenset(
    {
        "claim",
        "remittance",
        "eligibility_inquiry",
        "eligibility",
        "claim_status_inquiry",
        "claim_status",
    }
)

_DATE = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
# An amount may be read from text or from a number; it is always written as text.
_READ = {"type": ["string", "number"], "minimum": 0, "pattern": r"^ *[0-9]+(\.[0-9]+)? *$"}
_SIGNED = {"type": ["string", "number"], "pattern": r"^ *-?[0-9]+(\.[0-9]+)? *$"}
_WRITTEN = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$"}
_CENTS = r"^ *[0-9]+(\.[0-9]{1,2})? *$"
_CENTS_FIELDS = {
    ("Line", "charge"),
    ("Line", "noncovered"),
    ("VisitLine", "charge"),
    ("OrderLine", "charge"),
}


def schema(document: str) -> dict[str, Any]:
    """The JSON Schema of one of :data:`DOCUMENTS`, as plain values; ``KeyError`` for another."""
    kind, title = _TYPES[document]
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    kinds = {each.__name__: each for each in _structs(kind)}
    reading = document not in {"decision", "visit_decision", "estimate"}
    amounts = _SIGNED if document in _SENT else _READ if reading else _WRITTEN
    for name, part in parts.items():
        _describe(part, kinds[name], reading=reading)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:superbill:schema:{document}",
        "title": title,
        **root,
        "$defs": {name: _plain(part, amounts) for name, part in parts.items()},
    }


def text(document: str) -> str:
    """The JSON Schema as it is published: indented, ending with a newline."""
    return msgspec.json.format(msgspec.json.encode(schema(document)), indent=2).decode() + "\n"


def described(kind: type[msgspec.Struct], field: str) -> dict[str, Any] | None:
    """What ``fields.toml`` says of a field; ``None`` where it says nothing."""
    table = _fields()
    for name in _tables(kind):
        said = table.get(name, {}).get(field)
        if said is not None:
            return {"about": said} if isinstance(said, str) else said
    return None


def _tables(kind: type[msgspec.Struct]) -> Iterator[str]:
    """The tables that may speak of a type: its own, then what it shares with its like."""
    yield kind.__name__
    base = kind.__base__
    if base is not None and base.__name__ in {"Visit", "VisitLine"}:
        yield base.__name__
    tag_field = kind.__struct_config__.tag_field
    if tag_field == "kind":
        yield "Payer"
    elif tag_field == "method":
        yield "Terms"


@cache
def _fields() -> dict[str, dict[str, Any]]:
    import tomllib  # noqa: PLC0415 - few commands read TOML, and all pay for an import up here

    source = resources.files("superbill.model").joinpath("fields.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _describe(part: dict[str, Any], kind: type[msgspec.Struct], *, reading: bool) -> None:
    """Add the meaning of a type and of its fields to its schema."""
    if "description" in part:
        part["description"] = _unmarked(part["description"])
    for name, field in part.get("properties", {}).items():
        said = described(kind, name)
        if said is None:
            continue
        field["description"] = said["about"]
        if "examples" in said:
            field["examples"] = said["examples"]
        if "pattern" in said and reading:
            field["pattern"] = said["pattern"]
        if "item_pattern" in said and reading:
            field["items"]["pattern"] = said["item_pattern"]
        if "at_least" in said:
            field["minItems"] = said["at_least"]
        if (kind.__name__, name) in _CENTS_FIELDS and reading:
            field["pattern"] = _CENTS


def _plain(part: Any, amounts: dict[str, Any]) -> Any:
    """The schema with amounts and dates as the documents hold them."""
    if isinstance(part, list):
        return [_plain(each, amounts) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _plain(each, amounts) for name, each in part.items()}
    if plain.get("format") == "decimal":
        del plain["format"]
        return {
            **amounts,
            **{k: v for k, v in plain.items() if k != "type"},
        }
    if plain.get("format") == "date":
        return {**_DATE, **plain}
    return plain


def _unmarked(words: str) -> str:
    """A docstring without the marks of its markup, its lines joined to paragraphs."""
    words = re.sub(r":[a-z]+:`~?[\w.]*?(\w+)`", r"\1", words).replace("``", "")
    paragraphs = re.split(r"\n\s*\n", words)
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _structs(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """A type and every type that it is made of."""
    seen: set[type[msgspec.Struct]] = set()
    waiting = [kind]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        yield each
        for field in msgspec.structs.fields(each):
            waiting += _inside(field.type)


def _inside(annotation: Any) -> list[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [found for part in get_args(annotation) for found in _inside(part)]
