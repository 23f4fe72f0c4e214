"""A resource held against FHIR R4's own structure: what must be there, what is a list, which type.

The elements stand in ``structure.toml`` beside this module, as HL7 publishes them for release 4
(4.0.1); no date selects them. Profiles, bindings to code systems and invariants are not checked.
An element that FHIR does not know is a finding and travels along all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from superbill.interop.fhir.text import Json

Kind = Literal["missing", "type", "value", "empty", "unknown"]


class Fault(NamedTuple):
    """One thing in which a resource is not as FHIR R4 has it.

    ``kind``: an element is missing that must be there, is of another type (a list where one value
    stands), has a value that the type does not allow, is empty, or is unknown. ``path`` begins with
    the type of the resource (``Claim.item[0].net.value``).
    """

    kind: Kind
    path: str
    message: str
    remedy: str = ""


class Element(NamedTuple):
    """An element of a type: its FHIR type, how often it stands, and the codes it may have."""

    type: str
    required: bool
    many: bool
    codes: tuple[str, ...]
    choice: str = ""


class Structure(NamedTuple):
    """A type: its elements by name, and of each choice whether it must be there."""

    elements: dict[str, Element]
    choices: dict[str, bool]


_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
# What each primitive type allows, and an example (hl7.org/fhir/R4/datatypes.html).
_TEXTS = {
    "code": (re.compile(r"[^\s]+( [^\s]+)*"), "active"),
    "date": (re.compile(_DATE), "2026-03-01"),
    "dateTime": (re.compile(rf"{_DATE}|\d{{4}}-\d\d-\d\dT{_CLOCK}{_ZONE}"), "2026-03-01"),
    "id": (re.compile(r"[A-Za-z0-9\-.]{1,64}"), "stay-1"),
    "instant": (re.compile(rf"\d{{4}}-\d\d-\d\dT{_CLOCK}{_ZONE}"), "2026-03-01T11:00:00Z"),
    "time": (re.compile(_CLOCK), "11:00:00"),
    "oid": (re.compile(r"urn:oid:[0-2](\.(0|[1-9]\d*))+"), "urn:oid:2.16.840"),
    "uuid": (
        re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
    ),
    "uri": (re.compile(r"\S*"), "http://example.org"),
    "url": (re.compile(r"\S*"), "http://example.org"),
    "canonical": (re.compile(r"\S*"), "http://example.org"),
    "string": (re.compile(r"(?s).*\S.*"), "text"),
    "markdown": (re.compile(r"(?s).*\S.*"), "text"),
    "base64Binary": (re.compile(r"[\s0-9A-Za-z+/=]*"), "aGk="),
    "xhtml": (re.compile(r"(?s)\s*<.*>\s*"), "<div>…</div>"),
}
_INTEGERS = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}
_ELEMENT = {"id": "string", "extension": "Extension", "modifierExtension": "Extension"}
_LISTS = {"extension", "modifierExtension", "contained"}
_RESOURCE = _ELEMENT | {
    "id": "id",
    "meta": "Meta",
    "implicitRules": "uri",
    "language": "code",
    "text": "Narrative",
    "contained": "Resource",
}
_MARKED = re.compile(r"(\w+)(\[x\])?([!*+]?):([\w|]+)(?:\(([^)]*)\))?")


def known(kind: str) -> bool:
    """Whether the structure of this type of resource is held."""
    return kind in _types()[0]


def check(resource: Json, path: str = "") -> list[Fault]:
    """Everything in which a resource, or a bundle of them, differs from FHIR R4's structure.

    A resource whose type is not held (:func:`known`) is not looked into: its parts are not known.
    """
    return list(_resource(resource, path))


def _resource(found: Any, path: str) -> Iterator[Fault]:
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if not isinstance(kind, str) or not kind:
        yield Fault(
            "missing",
            f"{path}.resourceType" if path else "resourceType",
            "it is missing: FHIR's JSON says here which resource this is.",
            'Write "resourceType": "Claim", or another type of FHIR R4.',
        )
        return
    held = _types()[0].get(kind)
    if held is not None:
        yield from _inside(found, held, path or kind, _RESOURCE)


def _inside(found: Json, held: Structure, path: str, base: dict[str, str]) -> Iterator[Fault]:
    seen = {name.removeprefix("_") for name in found}
    for name, value in found.items():
        if name == "resourceType" and base is _RESOURCE:
            continue
        bare = name.removeprefix("_")
        element = held.elements.get(bare)
        if element is None and bare in base:
            element = Element(base[bare], required=False, many=bare in _LISTS, codes=())
        if element is None:
            yield Fault(
                "unknown",
                f"{path}.{name}",
                "FHIR R4 has no such element here; it is kept as it is.",
                "See whether its name is misspelt, or make it an extension.",
            )
        elif name.startswith("_"):
            continue  # extensions of a primitive value
        else:
            yield from _values(value, element, f"{path}.{name}", with_gaps=f"_{name}" in found)
    for name, element in held.elements.items():
        if element.required and not element.choice and name not in seen:
            yield Fault("missing", f"{path}.{name}", "it is missing, and FHIR R4 wants it.")
    for choice, required in held.choices.items():
        given = [n for n, e in held.elements.items() if e.choice == choice and n in seen]
        if required and not given:
            yield Fault("missing", f"{path}.{choice}[x]", "it is missing, and FHIR R4 wants it.")
        if len(given) > 1:
            says = f"it is given {len(given)} times, as {' and '.join(given)}; FHIR allows one."
            yield Fault("type", f"{path}.{choice}[x]", says, "Take one out.")


def _values(value: Any, element: Element, path: str, *, with_gaps: bool) -> Iterator[Fault]:
    if not element.many:
        if isinstance(value, list):
            remedy = "Write the value without […]."
            yield Fault("type", path, "a list stands where FHIR R4 has one value.", remedy)
        else:
            yield from _one(value, element, path)
        return
    if not isinstance(value, list):
        yield Fault("type", path, "FHIR R4 has a list here.", "Write the value inside […].")
        return
    if not value:
        yield Fault("empty", path, "the list is empty, which FHIR does not allow.", "Leave it out.")
    for index, each in enumerate(value):
        if each is None and with_gaps:
            continue  # an extension alone stands in its place
        yield from _one(each, element, f"{path}[{index}]")


def _one(value: Any, element: Element, path: str) -> Iterator[Fault]:
    kind = element.type
    if kind in _TEXTS:
        yield from _text(value, element, path)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield Fault("type", path, f"{_shown(value)} is not true or false.", "Write true.")
    elif kind == "decimal" or kind in _INTEGERS:
        yield from _number(value, kind, path)
    elif not isinstance(value, dict):
        yield Fault("type", path, f"an object is expected, a {kind}; {_shown(value)} stands here.")
    elif not value:
        yield Fault("empty", path, "the object is empty, which FHIR does not allow.")
    elif kind == "Resource":
        yield from _resource(value, path)
    elif (held := _types()[1].get(kind)) is not None:
        yield from _inside(value, held, path, _ELEMENT)


def _text(value: Any, element: Element, path: str) -> Iterator[Fault]:
    pattern, example = _TEXTS[element.type]
    if not isinstance(value, str):
        says = f"text is expected, a {element.type}; {_shown(value)} stands here."
        yield Fault("type", path, says, f'For example "{example}".')
    elif not value:
        yield Fault("empty", path, "the text is empty, which FHIR does not allow.", "Leave it out.")
    elif not pattern.fullmatch(value):
        # The value itself may be a patient's.
        says = f"it is no {element.type} as FHIR R4 writes it."
        yield Fault("value", path, says, f'For example "{example}".')
    elif element.codes and value not in element.codes:
        says = f'"{value[:40]}" is none of the codes that FHIR R4 allows here.'
        yield Fault("value", path, says, f"One of {', '.join(element.codes)}.")


def _number(value: Any, kind: str, path: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        says = f"a number is expected; {_shown(value)} stands here."
        yield Fault("type", path, says, "Write it without quotes.")
    elif kind != "decimal" and (value != int(value) or value < _INTEGERS[kind]):
        says = f"{value} is no {kind}."
        yield Fault("value", path, says, f"Whole numbers from {_INTEGERS[kind]} on.")


def _shown(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"{value}"


@cache
def _types() -> tuple[dict[str, Structure], dict[str, Structure]]:
    import tomllib  # noqa: PLC0415 - read once, and only where FHIR is

    source = resources.files("superbill.interop.fhir").joinpath("structure.toml")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    kinds, parts = (
        {name: _structure(text) for name, text in tables[part].items()}
        for part in ("resources", "elements")
    )
    return kinds, parts


def _structure(text: str) -> Structure:
    elements: dict[str, Element] = {}
    choices: dict[str, bool] = {}
    for word in re.sub(r"\s*\|\s*", "|", text).split():
        said = _MARKED.fullmatch(word)
        assert said is not None, word
        name, choice, mark, types, codes = said.groups()
        if choice:
            choices[name] = mark == "!"
            for each in types.split("|"):
                typed = name + each[0].upper() + each[1:]
                elements[typed] = Element(each, required=False, many=False, codes=(), choice=name)
        else:
            listed = tuple(codes.split("|")) if codes else ()
            elements[name] = Element(types, mark in {"!", "+"}, mark in {"*", "+"}, listed)
    return Structure(elements, choices)
