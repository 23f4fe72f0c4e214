"""A FHIR Bundle with a Claim as a claim of the model: professional, institutional or dental.

What a claim of ours carries in its extension is put back, so that it comes back as it was. A Claim
of somebody else gives what its elements say.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from superbill.codes.notation import compact
from superbill.errors import Invalid, Problem
from superbill.interop.fhir import claim_values as values
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.claim_parts import DIAGNOSIS_TYPES, ROLES, TYPES
from superbill.interop.fhir.index import Found, Index
from superbill.interop.fhir.insured import relationship
from superbill.interop.fhir.people import day_of, number
from superbill.interop.fhir.text import Json
from superbill.model import Claim
from superbill.money import ZERO

_KINDS = {word: kind for kind, word in TYPES.items()}
_DIAGNOSES = {code: kind for kind, (_, code) in DIAGNOSIS_TYPES.items()}
_ROLES = {code: role for role, (_, code) in ROLES.items()}
_OURS_ROLE = f"{s.OURS}:provider-role"


class ClaimReading(NamedTuple):
    """A claim that was read, and what of the bundle was passed over."""

    claim: Claim
    notes: tuple[str, ...]


def read_claim(document: bytes | str | Json) -> ClaimReading:
    """The claim of a FHIR R4 Bundle, or of a Claim alone.

    Raises :class:`~superbill.errors.Invalid` with every problem, each with its place in FHIR.
    """
    index = Index(document)
    claims = index.of("Claim")
    if len(claims) != 1:
        raise Invalid.at(
            "Bundle.entry",
            f"{len(claims)} Claims are in it; one is expected.",
            "Give one claim a bundle.",
        )
    return _In(index, claims[0]).reading()


class _In:
    def __init__(self, index: Index, found: Found) -> None:
        self.index = index
        self.found = found
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def reading(self) -> ClaimReading:
        tree = values.full(self._tree())
        carried = self._carried()
        tree = values.merged(tree, carried)
        if self.problems:
            raise Invalid(self.problems)
        try:
            claim = msgspec.convert(tree, Claim)
        except msgspec.ValidationError as wrong:
            what, _, where = str(wrong).partition(" - at `$.")
            place = f"{self.found.path} ({where.rstrip('`')})" if where else self.found.path
            remedy = "Compare it with superbill schema claim."
            raise Invalid.at(place, f"{what}.", remedy) from None
        return ClaimReading(claim, tuple(self.notes))

    def _tree(self) -> Json:
        claim, path = self.found.resource, self.found.path
        types = [c.get("code") for c in s.listed(claim.get("type"), "coding")]
        kind = next((_KINDS[t] for t in types if t in _KINDS), None)
        if kind is None:
            self.problems.append(
                Problem(
                    f"{path}.type",
                    "it is no professional, institutional or oral claim.",
                    f"Give a coding with the system {s.CLAIM_TYPE}.",
                )
            )
        numbers = [i.get("value") for i in s.listed(claim, "identifier") if i.get("value")]
        period = claim.get("billablePeriod") or {}
        lines = [self._line(item, n) for n, item in enumerate(s.listed(claim, "item"), 1)]
        total = self._dollars(claim.get("total"), f"{path}.total")
        if total is None:
            total = format(sum((Decimal(line["charge"]) for line in lines), ZERO), "f")
        ours = s.extension(claim, s.REST) is not None
        places = {str(line.get("place_of_service")) for line in lines}
        tree: Json = {
            "kind": kind,
            "id": numbers[0] if numbers else "",
            "charge": total,
            "statement_from": day_of(period.get("start")),
            "statement_to": day_of(period.get("end")),
            "patient": self._person(claim.get("patient"), "patient"),
            "billing": self._provider(claim.get("provider"), "billing"),
            "providers": self._team(),
            "coverages": self._coverages(),
            "lines": lines,
            **self._information(),
            **self._codes(),
        }
        if ours or len(places) == 1:
            # Ours tells the place of the claim, and of a line where it is another, by itself.
            if not ours:
                tree["place_of_service"] = next(iter(places))
            for line in lines:
                del line["place_of_service"]
        if not ours and kind == "837I":
            tree["frequency"] = str(tree.get("type_of_bill", ""))[3:]
        return tree

    def _carried(self) -> Json:
        extension = s.extension(self.found.resource, s.REST)
        if extension is None:
            return {}
        try:
            return msgspec.json.decode(extension.get("valueString", ""), type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeError, TypeError):
            self.problems.append(
                Problem(
                    f"{self.found.path}.extension",
                    f"the text of {s.REST} is not JSON.",
                    "Write it as it was given, or leave the extension out.",
                )
            )
            return {}

    def _person(self, reference: Any, what: str) -> Json:
        found = self.index.resolve(reference, self.found)
        if found is None:
            if isinstance(reference, dict) and "reference" in reference:
                self.notes.append(f"The {what} that {self.found.path} names is not here.")
            return {}
        return values.individual(found.resource)

    def _provider(self, reference: Any, role: str) -> Json | None:
        found = self.index.resolve(reference, self.found)
        if found is None:
            if isinstance(reference, dict) and "reference" in reference:
                self.notes.append(f"A provider ({role or 'of no role'}) that is named is not here.")
            return None
        resource = found.resource
        person = found.kind == "Practitioner"
        skills = (
            [q.get("code") for q in s.listed(resource, "qualification")]
            if person
            else resource.get("type", [])
        )
        named = values.name(resource, "name") if person else {"name": resource.get("name", "")}
        return {
            "role": role,
            "person": person,
            **named,
            "npi": number(resource, s.NPI, "NPI"),
            "tax_id": number(resource, s.EIN, "TAX"),
            "taxonomy": next((c for each in skills for c in s.codes(each, s.TAXONOMY)), ""),
            "address": values.address(resource),
        }

    def _team(self) -> list[Json]:
        team = []
        for each in s.listed(self.found.resource, "careTeam"):
            ours = next(s.codes(each.get("role"), _OURS_ROLE), "")
            codings = [c.get("code") for c in s.listed(each.get("role"), "coding")]
            role = ours or next((_ROLES[c] for c in codings if c in _ROLES), "")
            team.append(self._provider(each.get("provider"), role) or {"role": role})
        return team

    def _coverages(self) -> list[Json]:
        listed = []
        for each in s.listed(self.found.resource, "insurance"):
            found = self.index.resolve(each.get("coverage"), self.found)
            if found is None:
                if "reference" in (each.get("coverage") or {}):
                    self.notes.append(f"A coverage that {self.found.path} names is not here.")
                continue
            coverage = found.resource
            payor = next(iter(s.listed(coverage, "payor")), {})
            payer = self.index.resolve(payor, found)
            by = payer.resource if payer is not None else {}
            subscriber = self.index.resolve(coverage.get("subscriber"), found)
            related = subscriber is not None and subscriber.kind == "RelatedPerson"
            groups = [
                c for c in s.listed(coverage, "class") if s.has_code([c.get("type")], "group")
            ]
            group = groups[0] if groups else {}
            ids = s.listed(by, "identifier")
            listed.append(
                {
                    "billed": each.get("focal", False),
                    "payer_name": by.get("name") or payor.get("display", ""),
                    "payer_id": ids[0].get("value", "") if ids else "",
                    "payer_address": values.address(by),
                    "member_id": coverage.get("subscriberId") or number(coverage, s.MBI, "MB"),
                    "filing": next(s.codes(coverage.get("type"), s.CLAIM_FILING), ""),
                    "group_number": group.get("value", ""),
                    "group_name": group.get("name", ""),
                    "relationship": relationship(coverage),
                    "prior_authorization": next(iter(each.get("preAuthRef", [])), ""),
                    "subscriber": values.individual(subscriber.resource)
                    if related and subscriber is not None
                    else {},
                }
            )
        return listed

    def _information(self) -> Json:
        fields: Json = {}
        kinds = {
            "typeofbill": "type_of_bill",
            "pointoforigin": "admission_source",
            "admtype": "admission_type",
            "discharge-status": "discharge_status",
            "drg": "drg",
        }
        for each in s.listed(self.found.resource, "supportingInfo"):
            category = next((str(c.get("code")) for c in values.codings(each, "category")), "")
            code = next((str(c["code"]) for c in values.codings(each, "code") if c.get("code")), "")
            period = each.get("timingPeriod") or {}
            start, end = day_of(period.get("start")), day_of(period.get("end"))
            if category in kinds:
                fields[kinds[category]] = code
            elif category == "admissionperiod":
                fields |= {"admission_date": start, "discharge_date": end}
            elif category in {"admission-hour", "discharge-hour"}:
                fields[category.replace("-", "_")] = each.get("valueString", "")
            elif category == "condition-code":
                fields.setdefault("condition_codes", []).append(code)
            elif category == "occurrence-code":
                told = {"code": code, "date": day_of(each.get("timingDate"))}
                fields.setdefault("occurrence_codes", []).append(told)
            elif category == "occurrence-span":
                told = {"code": code, "start": start, "end": end}
                fields.setdefault("occurrence_spans", []).append(told)
            elif category == "value-code":
                value = (each.get("valueQuantity") or {}).get("value", 0)
                told = {"code": code, "amount": format(value, "f")}
                fields.setdefault("value_codes", []).append(told)
            else:
                self.notes.append(f"Supporting information {category[:40]!r} is passed over.")
        return fields

    def _codes(self) -> Json:
        diagnoses, procedures = [], []
        for each in s.listed(self.found.resource, "diagnosis"):
            concept = self._concept(each, "diagnosis")
            ten = next(s.codes(concept, s.ICD10CM), None)
            code = compact(ten) if ten is not None else next(s.codes(concept, s.ICD9CM), "")
            if not code and s.listed(concept, "coding"):
                self._passed_over("diagnosis", each)
            types = [c.get("code") for t in each.get("type", []) for c in s.listed(t, "coding")]
            present = values.codings(each, "onAdmission")
            diagnoses.append(
                {
                    "code": code,
                    "icd": "10" if ten is not None or not code else "9",
                    "kind": next((_DIAGNOSES[t] for t in types if t in _DIAGNOSES), "other"),
                    "poa": next((c.get("code", "") for c in present), ""),
                }
            )
        for each in s.listed(self.found.resource, "procedure"):
            concept = self._concept(each, "procedure")
            ten = next(s.codes(concept, s.ICD10PCS), None)
            principal = s.has_code(each.get("type", []), "principal")
            procedures.append(
                {
                    "code": ten if ten is not None else next(s.codes(concept, s.ICD9CM), ""),
                    "icd": "9" if ten is None and next(s.codes(concept, s.ICD9CM), "") else "10",
                    "kind": "principal" if principal else "other",
                    "date": day_of(each.get("date")),
                }
            )
        return {"diagnoses": diagnoses, "procedures": procedures}

    def _passed_over(self, what: str, part: Json) -> None:
        number = part.get("sequence", "?")
        self.notes.append(f"The code of {what} {number} is of a system that is not read.")

    def _concept(self, each: Json, name: str) -> Any:
        if f"{name}CodeableConcept" in each:
            return each[f"{name}CodeableConcept"]
        found = self.index.resolve(each.get(f"{name}Reference"), self.found)
        return None if found is None else found.resource.get("code")

    def _line(self, item: Json, n: int) -> Json:
        path = f"{self.found.path}.item[{n - 1}]"
        charge = self._dollars(item.get("net"), f"{path}.net")
        if charge is None:
            self.problems.append(
                Problem(f"{path}.net", "the charge is missing.", "Give it as Money, in dollars.")
            )
        noncovered = (s.extension(item, s.NONCOVERED) or {}).get("valueMoney")
        period = item.get("servicedPeriod") or {}
        quantity = item.get("quantity") or {}
        place = item.get("locationCodeableConcept")
        drugs = [
            {
                "ndc": next(s.codes(each.get("productOrService"), s.NDC), ""),
                "quantity": values.plain((each.get("quantity") or {}).get("value")),
                "unit": (each.get("quantity") or {}).get("unit", ""),
            }
            for each in s.listed(item, "detail")
        ]
        service = values.service(item)
        codings = s.listed(item.get("productOrService"), "coding")
        if not service and any(c.get("system") != s.ABSENT for c in codings):
            self._passed_over("item", item)
        return {
            "number": n,
            "charge": charge or "0.00",
            "revenue_code": next((str(c.get("code")) for c in values.codings(item, "revenue")), ""),
            "service": service,
            "service_from": day_of(item.get("servicedDate") or period.get("start")),
            "service_to": day_of(period.get("end")),
            "place_of_service": next(s.codes(place, s.PLACE_OF_SERVICE), ""),
            "diagnosis_pointers": [int(p) for p in item.get("diagnosisSequence", [])],
            "units": values.plain(quantity.get("value")),
            "unit": quantity.get("unit") or "UN",
            "noncovered": self._dollars(noncovered, f"{path}.extension"),
            "drug": drugs[0] if drugs and drugs[0]["ndc"] else {},
        }

    def _dollars(self, money: Any, place: str) -> str | None:
        if not isinstance(money, dict) or money.get("value") is None:
            return None
        if money.get("currency", "USD") != "USD":
            says = "the amount is not in US dollars."
            self.problems.append(Problem(f"{place}.currency", says, "Give US dollars."))
        return format(money["value"], "f")
