"""A bundle's resources by reference, and which of them belong to one stay."""

from __future__ import annotations

from typing import Any, NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.fhir import structure, text
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.text import Json

INPATIENT_CLASSES = ("IMP", "ACUTE", "NONACUTE")


class Found(NamedTuple):
    """A resource of a bundle and where it stands (``Bundle.entry[3].resource``)."""

    resource: Json
    path: str

    @property
    def kind(self) -> str:
        """Its ``resourceType``."""
        kind = self.resource.get("resourceType")
        return kind if isinstance(kind, str) else ""


class Index:
    """The resources of a document: a Bundle, or one resource alone.

    Raises :class:`~superbill.errors.Invalid` where a part has another type than FHIR gives it, or
    a value that the type does not allow. What is missing is left to whoever needs it.
    """

    def __init__(self, document: bytes | str | Json) -> None:
        whole = document if isinstance(document, dict) else text.loads(document)
        wrong = [f for f in structure.check(whole) if f.kind in {"type", "value"}]
        if "resourceType" not in whole:
            wrong = structure.check(whole)
        if wrong:
            raise Invalid([Problem(f.path, f.message, f.remedy) for f in wrong[:50]])
        self.found = list(_resources(whole))
        self._by_name: dict[str, Found] = {}
        entries = whole.get("entry", []) if whole["resourceType"] == "Bundle" else []
        urls = [entry.get("fullUrl") for entry in entries if "resource" in entry]
        for each, url in zip(self.found, urls or [None] * len(self.found), strict=True):
            names = [url, f"{each.kind}/{each.resource.get('id')}"]
            for name in names:
                if isinstance(name, str):
                    self._by_name.setdefault(name, each)

    def of(self, *kinds: str) -> list[Found]:
        """The resources of these types, in their order."""
        return [each for each in self.found if each.kind in kinds]

    def resolve(self, reference: Any, within: Found | None = None) -> Found | None:
        """What a Reference refers to, or ``None`` where it is not in the document."""
        name = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(name, str):
            return None
        if name.startswith("#") and within is not None:
            for n, each in enumerate(s.listed(within.resource, "contained")):
                if each.get("id") == name[1:]:
                    return Found(each, f"{within.path}.contained[{n}]")
        # An absolute or versioned reference may name what is here by a relative one.
        bare = name.partition("/_history/")[0]
        short = "/".join(bare.split("/")[-2:])
        return self._by_name.get(name) or self._by_name.get(bare) or self._by_name.get(short)

    def stay(self) -> tuple[Found | None, Found | None]:
        """The claim (or explanation of benefit) and the encounter of the one stay that is here.

        Raises :class:`~superbill.errors.Invalid` where there is none, or more than one.
        """
        claim = self._claim()
        encounters = self.of("Encounter")
        if claim is not None:
            named = [
                self.resolve(reference, claim)
                for item in s.listed(claim.resource, "item")
                for reference in s.listed(item, "encounter")
            ]
            for each in named:
                if each is not None and each.kind == "Encounter":
                    return claim, each
        if len(encounters) > 1:
            inside = [e for e in encounters if _code(e.resource.get("class")) in INPATIENT_CLASSES]
            encounters = inside or encounters
        if len(encounters) > 1:
            raise Invalid.at(
                encounters[1].path,
                f"the bundle has {len(encounters)} encounters, and it is not said which is meant.",
                "Give one stay a bundle, or name it in Claim.item.encounter.",
            )
        encounter = encounters[0] if encounters else None
        if claim is None and encounter is None:
            raise Invalid.at(
                "Bundle.entry",
                "there is no Encounter and no Claim in it.",
                "Give the stay's Encounter with its Conditions, Patient and hospital.",
            )
        return claim, encounter

    def _claim(self) -> Found | None:
        claims = [c for c in self.of("Claim") if c.resource.get("use", "claim") == "claim"]
        claims = claims or self.of("ExplanationOfBenefit")
        if len(claims) > 1:
            kind = [c for c in claims if s.has_code([c.resource.get("type")], "institutional")]
            claims = kind or claims
        if len(claims) > 1:
            raise Invalid.at(
                claims[1].path,
                f"the bundle has {len(claims)} claims, and a stay has one.",
                "Give one claim a bundle.",
            )
        return claims[0] if claims else None


def _resources(whole: Json) -> list[Found]:
    if whole["resourceType"] != "Bundle":
        return [Found(whole, str(whole["resourceType"]))]
    return [
        Found(entry["resource"], f"Bundle.entry[{n}].resource")
        for n, entry in enumerate(s.listed(whole, "entry"))
        if "resource" in entry
    ]


def _code(coding: Any) -> str:
    code = coding.get("code") if isinstance(coding, dict) else None
    return code if isinstance(code, str) else ""
