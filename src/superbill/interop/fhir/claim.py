"""A claim of any kind (837P, 837I, 837D) as a FHIR Bundle: Claim, people, payers, providers.

What FHIR has no element for travels as JSON in one extension of the Claim, so that
:func:`superbill.interop.fhir.read_claim` gives the same claim back.
"""

from __future__ import annotations

from datetime import date

import msgspec

from superbill.codes.notation import compact, dotted
from superbill.interop import trees
from superbill.interop.fhir import claim_parts as terms
from superbill.interop.fhir import parts
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.claim_parts import Tree
from superbill.interop.fhir.parts import Bundle, day, full, information
from superbill.interop.fhir.text import Json
from superbill.model import Claim, ClaimLine


def claim_bundle(claim: Claim, *, created: date) -> Json:
    """The claim as a Bundle of type ``collection``; ``created`` is the day that it bears."""
    return claim_and_bundle(claim, created=created)[1].json()


def claim_and_bundle(claim: Claim, *, created: date) -> tuple[Json, Bundle]:
    """The Claim, and the bundle that holds it, to which more may be added."""
    out = _Out(claim, created)
    return out.resource(), out.bundle


class _Out:
    """A claim under way. What was written is taken out of ``tree``; the rest travels along."""

    def __init__(self, claim: Claim, created: date) -> None:
        self.claim = claim
        self.created = created
        self.tree: Tree = trees.tree(claim)
        npi = "" if claim.billing is None else claim.billing.npi
        self.bundle = Bundle("claim", npi, claim.id)

    def resource(self) -> Json:
        """Put everything in the bundle; the Claim."""
        into = self.bundle
        into.add("Patient", terms.individual(self.tree.get("patient")))
        provider = self._billing()
        insurance = self._coverages()
        team = self._team()
        body = self._body(provider, insurance, team)
        left = trees.left(self.tree)
        carried = msgspec.json.encode(left).decode() if left else ""
        into.add("Claim", {"extension": parts.rest(carried), **body})
        return body

    def _body(self, provider: Json, insurance: list[Json], team: list[Json]) -> Json:
        claim, take = self.claim, self.tree.pop
        kind = terms.TYPES[take("kind")]
        subtype = None
        if claim.kind == "837I" and len(claim.type_of_bill) == 4:
            inside = claim.type_of_bill[1:3] in terms.INPATIENT_BILLS
            subtype = s.concept(s.CARIN_SUBTYPE, "inpatient" if inside else "outpatient")
        insurers = [n for n, each in enumerate(insurance, 1) if each["focal"]]
        return full(  # type: ignore[no-any-return]
            {
                "identifier": parts.identifier(take("id")),
                "status": "active",
                "type": s.concept(s.CLAIM_TYPE, kind),
                "subType": subtype,
                "use": "claim",
                "patient": self.bundle.reference("Patient"),
                "billablePeriod": {
                    "start": day(take("statement_from", None)),
                    "end": day(take("statement_to", None)),
                },
                "created": day(self.created),
                "insurer": self.bundle.reference(f"Organization/payer-{insurers[0]}")
                if insurers
                else None,
                "provider": provider,
                "priority": s.concept(f"{s.HL7}/processpriority", "normal"),
                "careTeam": team,
                "supportingInfo": self._information(),
                "diagnosis": self._diagnoses(),
                "procedure": self._procedures(),
                "insurance": insurance
                or [{"sequence": 1, "focal": True, "coverage": {"display": "none is known"}}],
                "item": [
                    self._item(n, line, part)
                    for n, (line, part) in enumerate(
                        zip(claim.lines, self.tree.get("lines", []), strict=True), 1
                    )
                ],
                "total": s.money(take("charge")),
            }
        )

    def _billing(self) -> Json:
        part = self.tree.get("billing")
        if part is None:
            return {"display": "not known"}
        if part.pop("role", "") != "billing":
            part["role"] = self.claim.billing.role  # type: ignore[union-attr]
        return self._provider("billing", part, with_address=True)

    def _provider(self, key: str, part: Tree, *, with_address: bool = False) -> Json:
        """A Practitioner or an Organization, and the reference to it."""
        person = part.pop("person", False)
        npi = parts.identifier(part.pop("npi", ""), system=s.NPI, kind="NPI")
        tax = parts.identifier(part.pop("tax_id", ""), system=s.EIN, kind="TAX")
        skill = part.pop("taxonomy", "")
        shared: Json = {
            "identifier": [*npi, *tax],
            "address": terms.address(part) if with_address else [],
        }
        if person:
            skilled = [{"code": s.concept(s.TAXONOMY, skill)}] if skill else []
            who = {"name": terms.name(part, "name"), "qualification": skilled}
            return self.bundle.add(f"Practitioner/{key}", {**shared, **who})
        types = [s.concept(s.TAXONOMY, skill)] if skill else []
        what: Json = {"active": True, "type": types, "name": part.pop("name", "")}
        return self.bundle.add(f"Organization/{key}", {**shared, **what})

    def _team(self) -> list[Json]:
        team = []
        for n, part in enumerate(self.tree.get("providers", []), 1):
            role = part.pop("role", "")
            system, code = terms.ROLES.get(role, (f"{s.OURS}:provider-role", role))
            who = self._provider(f"{n}", part)
            named = s.concept(system, code) if code else None
            team.append({"sequence": n, "provider": who, "role": named})
        return team

    def _coverages(self) -> list[Json]:
        insurance = []
        patient = self.bundle.reference("Patient")
        for n, part in enumerate(self.tree.get("coverages", []), 1):
            held = self.claim.coverages[n - 1]
            at = terms.address(part, "payer_address")
            payer = self.bundle.add(
                f"Organization/payer-{n}",
                parts.insurer(part.pop("payer_name", ""), part.pop("payer_id", ""), at),
            )
            subscriber = patient
            if isinstance(part.get("subscriber"), dict):
                who = {"patient": patient, **terms.individual(part["subscriber"])}
                subscriber = self.bundle.add(f"RelatedPerson/{n}", who)
            member, filing = part.pop("member_id", ""), part.pop("filing", "")
            if held.relationship:
                part.pop("relationship", None)
            group = {
                "type": s.concept(f"{s.HL7}/coverage-class", "group"),
                "value": part.pop("group_number", ""),
                "name": part.pop("group_name", "") if held.group_number else "",
            }
            system = s.MBI if filing in {"MA", "MB"} else ""
            self.bundle.add(
                f"Coverage/{n}",
                {
                    "identifier": parts.identifier(member, system=system, kind="MB"),
                    "status": "active",
                    "type": s.concept(s.CLAIM_FILING, filing) if filing else None,
                    "subscriber": subscriber,
                    "subscriberId": member,
                    "beneficiary": patient,
                    "relationship": parts.relationship(held.relationship)
                    if held.relationship
                    else None,
                    "payor": [payer],
                    "class": [group] if group["value"] else [],
                    "order": n,
                },
            )
            authorization = part.pop("prior_authorization", "")
            insurance.append(
                {
                    "sequence": n,
                    "focal": part.pop("billed", False),
                    "coverage": self.bundle.reference(f"Coverage/{n}"),
                    "preAuthRef": [authorization],
                }
            )
        return insurance

    def _information(self) -> list[Json]:
        take = self.tree.pop
        told: list[tuple[str, bool, Json]] = []
        for field, kind, system in (
            ("type_of_bill", "typeofbill", s.TYPE_OF_BILL),
            ("admission_source", "pointoforigin", s.POINT_OF_ORIGIN),
            ("admission_type", "admtype", s.ADMISSION_TYPE),
            ("discharge_status", "discharge-status", s.DISCHARGE_STATUS),
            ("drg", "drg", s.MS_DRG),
        ):
            if code := take(field, ""):
                told.append((kind, False, {"code": s.concept(system, code)}))
        start, end = take("admission_date", None), take("discharge_date", None)
        if start or end:
            told.append(
                ("admissionperiod", False, {"timingPeriod": {"start": day(start), "end": day(end)}})
            )
        for field, kind in (
            ("admission_hour", "admission-hour"),
            ("discharge_hour", "discharge-hour"),
        ):
            if text := take(field, ""):
                told.append((kind, True, {"valueString": text}))
        told += [
            ("condition-code", True, {"code": _ours("condition-code", code)})
            for code in take("condition_codes", [])
        ]
        for each in take("occurrence_codes", []):
            code = {"code": _ours("occurrence-code", each["code"])}
            told.append(("occurrence-code", True, code | {"timingDate": day(each["date"])}))
        for each in take("occurrence_spans", []):
            code = {"code": _ours("occurrence-span", each["code"])}
            period = {"start": day(each["start"]), "end": day(each["end"])}
            told.append(("occurrence-span", True, code | {"timingPeriod": period}))
        for each in take("value_codes", []):
            code = {"code": _ours("value-code", each["code"])}
            amount = {"value": s.number(each["amount"])}
            told.append(("value-code", True, code | {"valueQuantity": amount}))
        return [information(n, k, value, ours=ours) for n, (k, ours, value) in enumerate(told, 1)]

    def _diagnoses(self) -> list[Json]:
        found = []
        for n, part in enumerate(self.tree.get("diagnoses", []), 1):
            system, kind = terms.DIAGNOSIS_TYPES[part.pop("kind", "other")]
            code = part["code"]
            ten = part.get("icd", "10") == "10"
            poa = part.pop("poa", "")
            if code:
                part.pop("icd", None)
            if compact(code) == code:
                part.pop("code")
                code = dotted(code) if ten else code
            found.append(
                {
                    "sequence": n,
                    "diagnosisCodeableConcept": s.concept(s.ICD10CM if ten else s.ICD9CM, code),
                    "type": [s.concept(system, kind)],
                    "onAdmission": s.concept(s.POA, poa) if poa else None,
                }
            )
        return found

    def _procedures(self) -> list[Json]:
        found = []
        done = self.tree.get("procedures", [])
        for n, part in enumerate(done if all(p["code"] for p in done) else [], 1):
            self.tree.pop("procedures", None)
            system = s.ICD10PCS if part.get("icd", "10") == "10" else s.ICD9CM
            found.append(
                {
                    "sequence": n,
                    "type": [s.concept(s.CARIN_PROCEDURE, part.get("kind", "other"))],
                    "date": day(part["date"]),
                    "procedureCodeableConcept": s.concept(system, part["code"]),
                }
            )
        return found

    def _item(self, n: int, line: ClaimLine, part: Tree) -> Json:
        if line.number == n:
            part.pop("number", None)
        place = line.place_of_service or self.claim.place_of_service
        revenue = part.pop("revenue_code", "")
        noncovered = part.pop("noncovered", None)
        told = [{"url": s.NONCOVERED, "valueMoney": s.money(noncovered)}] if noncovered else []
        if noncovered is not None and not noncovered:
            part["noncovered"] = noncovered
        pointers: list[int] = []
        if all(0 < each <= len(self.claim.diagnoses) for each in line.diagnosis_pointers):
            pointers = part.pop("diagnosis_pointers", [])
        units, unit = part.pop("units", None), part.pop("unit", "UN")
        if not unit:
            part["unit"] = unit
        return {
            "extension": told,
            "sequence": n,
            "diagnosisSequence": pointers,
            "revenue": s.concept(s.REVENUE, revenue) if revenue else None,
            **terms.service(line, part),
            **terms.serviced(line, part),
            "locationCodeableConcept": s.concept(s.PLACE_OF_SERVICE, place) if place else None,
            "quantity": terms.quantity(units, unit),
            "net": s.money(part.pop("charge")),
            "detail": terms.drug(part),
        }


def _ours(kind: str, code: str) -> Json:
    return s.concept(f"{s.OURS}:nubc:{kind}", code)
