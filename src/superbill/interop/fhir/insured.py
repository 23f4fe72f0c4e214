"""The Coverages of a bundle as the payers of a stay, in the order in which they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.index import Found
from superbill.interop.fhir.people import address, number, person
from superbill.interop.fhir.text import Json

if TYPE_CHECKING:
    from superbill.interop.fhir.draft import Draft

KINDS = ("medicare_part_a", "medigap", "medicaid", "plan", "self_pay")

# How the patient is related to the subscriber, from HL7's words where X12's code is not given.
_RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19", "common": "53", "other": "G8"}
_FILING = {"MA": "medicare_part_a", "MC": "medicaid", "09": "self_pay"}
_FILING |= dict.fromkeys(("12", "13", "14", "15", "BL", "CH", "CI", "HM"), "plan")


def payers(draft: Draft, claim: Found | None) -> list[Json]:
    """The payers, in the order of the claim's insurance; without a claim, in their own."""
    found: list[tuple[Found, Json]] = []
    named = s.listed(claim.resource, "insurance") if claim is not None else []
    for each in sorted(named, key=lambda told: told.get("sequence", 0)):
        coverage = draft.index.resolve(each.get("coverage"), claim)
        if coverage is not None and coverage.kind == "Coverage":
            found.append((coverage, each))
        elif "reference" in (each.get("coverage") or {}):
            draft.note(
                f"{claim.path if claim else ''}.insurance names a Coverage that is not here."
            )
    if not found:
        here = draft.index.of("Coverage")
        here.sort(key=lambda c: int(c.resource.get("order", 999)))
        found = [(coverage, {}) for coverage in here]
    if not found:
        draft.note("No Coverage is given: the stay has no payers, and is not split.")
    return [_payer(draft, coverage, told, n) for n, (coverage, told) in enumerate(found)]


def _payer(draft: Draft, found: Found, told: Json, n: int) -> Json:
    resource, path = found.resource, found.path
    draft.from_(f"payers[{n}]", path)
    payor = next(iter(s.listed(resource, "payor")), {})
    insurer = draft.index.resolve(payor, found)
    by = insurer.resource if insurer is not None and insurer.kind == "Organization" else {}
    carried = draft.carried(found)
    kind = _kind(draft, resource, path)
    type_ = resource.get("type") or {}
    payer: Json = {
        "kind": kind,
        "name": by.get("name") or payor.get("display") or type_.get("text") or "",
        "payer_id": _payer_id(by),
        "member_id": resource.get("subscriberId") or number(resource, s.MBI, "MB"),
        "relationship": relationship(resource),
        "claim_filing": next(s.codes(type_, s.CLAIM_FILING), ""),
        "address": address(by),
        "group_number": next(
            (
                str(c.get("value", ""))
                for c in s.listed(resource, "class")
                if s.has_code([c.get("type")], "group")
            ),
            "",
        ),
        "prior_authorization": next(iter(told.get("preAuthRef", [])), ""),
    }
    if not payer["name"]:
        draft.problem(f"{path}.payor", "the payer's name is missing.", "Refer to its Organization.")
    subscriber = draft.index.resolve(resource.get("subscriber"), found)
    if subscriber is not None and subscriber.kind == "RelatedPerson":
        payer["subscriber"] = person(draft, subscriber, f"payers[{n}].subscriber")
    if kind == "medicaid":
        payer["state"] = (payer["address"] or {}).get("state", "")
        if not payer["state"] and "state" not in carried:
            draft.problem(
                f"{path}.payor",
                "the state of the Medicaid programme is missing.",
                "Give it in the address of the payer's Organization.",
            )
    if kind == "medigap":
        plans = [c for c in s.listed(resource, "class") if s.has_code([c.get("type")], "plan")]
        if plans:
            payer["plan"] = str(plans[0].get("value", ""))
        elif "plan" not in carried:
            draft.problem(
                f"{path}.class",
                "the letter of the Medicare supplement plan is missing.",
                'Give a class of the type "plan" whose value is the letter.',
            )
    return payer | {k: v for k, v in carried.items() if k != "kind"}


def _kind(draft: Draft, resource: Json, path: str) -> str:
    """Which kind of payer it is, by our own code, the claim filing code or the payer typology."""
    type_ = resource.get("type")
    for code in s.codes(type_, s.PAYER_KIND):
        if code in KINDS:
            return code
    for code in s.codes(type_, s.CLAIM_FILING):
        if code in _FILING:
            return _FILING[code]
    for code in s.codes(type_, s.PAYER_TYPE):
        if kind := _by_typology(code):
            return kind
    if s.has_code([type_], "pay") or _is_patient(resource):
        return "self_pay"
    if number(resource, s.MBI):
        return "medicare_part_a"
    draft.problem(
        f"{path}.type",
        "it does not tell what kind of payer this is.",
        f"Give a coding with the system {s.PAYER_KIND} and one of {', '.join(KINDS)}; or with "
        f"{s.PAYER_TYPE}: 1 Medicare, 2 Medicaid, 5 private, 81 self-pay.",
    )
    return "plan"


def _by_typology(code: str) -> str:
    """The kind by the source of payment typology (nahdo.org/sopt)."""
    if code.startswith("11"):
        return "plan"  # Medicare managed care pays as a plan does
    if code == "523":
        return "medigap"
    return {
        "1": "medicare_part_a",
        "2": "medicaid",
        "5": "plan",
        "6": "plan",
        "8": "self_pay",
    }.get(code[:1], "")


def _is_patient(resource: Json) -> bool:
    payor = next(iter(s.listed(resource, "payor")), {})
    return str(payor.get("reference", "")).startswith("Patient/")


def _payer_id(by: Json) -> str:
    listed = s.listed(by, "identifier")
    for code in ("payerid", "naiccode", "NIIP"):
        for each in listed:
            if s.has_code([each.get("type")], code):
                return str(each.get("value", ""))
    return str(listed[0].get("value", "")) if listed else ""


def relationship(resource: Json) -> str:
    """X12's code of how the patient is related to the subscriber; 18 where nothing is said."""
    told: Any = resource.get("relationship")
    for code in s.codes(told, s.RELATIONSHIP):
        return code
    for code in s.codes(told, s.SUBSCRIBER):
        return _RELATIONSHIPS.get(code, "G8")
    return "18"
