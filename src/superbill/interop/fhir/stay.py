"""A stay as a FHIR Bundle: patient, hospital, encounter, conditions, procedures, coverage, claim.

With a decision, also each payer's ClaimResponse and ExplanationOfBenefit. The shape of the claim is
that of the CARIN guide for Blue Button (C4BB Inpatient Institutional). What FHIR has no element for
(a contract's terms, the hospital's payment profile) travels in extensions of ours, so that
:func:`superbill.interop.fhir.read_stay` gives the same stay back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from superbill.codes.notation import dotted
from superbill.interop.fhir import form, parts
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.benefit import Benefits
from superbill.interop.fhir.parts import Bundle, day, full
from superbill.interop.fhir.text import Json
from superbill.model import (
    Address,
    Decision,
    Encounter,
    Facility,
    Payer,
    Person,
    Practitioner,
    SelfPay,
)

STILL_A_PATIENT = "30"

CLAIM_REST = (
    "age_years",
    "age_days",
    "covered_days",
    "lifetime_reserve_days",
    "hospital_poa_status",
    "accepts_assignment",
    "benefits_assigned",
    "release_of_information",
    "type_of_bill",
    "admission_type",
    "admission_source",
)
"""Fields of a stay that FHIR has no element for, and three that cannot be empty there."""

PAYER_HELD = frozenset(
    {
        "kind",
        "name",
        "payer_id",
        "member_id",
        "group_number",
        "relationship",
        "subscriber",
        "claim_filing",
        "address",
        "prior_authorization",
    }
)
"""Fields of a payer that a Coverage and its Organization hold."""

# Source of payment typology (Public Health Data Standards Consortium): 1 Medicare, 2 Medicaid,
# 5 private, 523 Medicare supplement, 81 self-pay.
PAYER_TYPES = {
    "medicare_part_a": "1",
    "medigap": "523",
    "medicaid": "2",
    "plan": "5",
    "self_pay": "81",
}


def bundle(stay: Encounter, decision: Decision | None = None, *, created: date) -> Json:
    """The stay, and what was decided of it, as a Bundle of type ``collection``.

    ``created`` is the day that claim and answers bear, which FHIR wants of both.
    """
    return _Stay(stay, decision, created).json()


class _Stay:
    def __init__(self, stay: Encounter, decision: Decision | None, created: date) -> None:
        self.stay = stay
        self.decision = decision
        self.created = created
        self.bundle = Bundle(stay.facility.npi or stay.facility.ccn, stay.id)

    def json(self) -> Json:
        stay, into = self.stay, self.bundle
        into.add("Patient", _patient(stay))
        into.add("Organization/facility", _facility(stay))
        for role, who in (("attending", stay.attending), ("operating", stay.operating)):
            if who is not None:
                into.add(f"Practitioner/{role}", _practitioner(who))
        conditions = self._conditions()
        self._procedures()
        into.add("Encounter", self._encounter(conditions))
        for index, payer in enumerate(stay.payers, 1):
            self._coverage(index, payer)
        claim = self._claim()
        into.add("Claim", claim)
        if self.decision is not None:
            answers = Benefits(into, claim, self.created)
            answers.add(self.decision.payers, self.decision.grouping)
        return into.json()

    def _conditions(self) -> list[Json]:
        """A Condition for each diagnosis; the encounter's references to them, in billed order."""
        stay = self.stay
        found: list[Json] = []
        listed: list[tuple[str, str, str, int | None]] = [
            (str(n), d.code, "billing", n) for n, d in enumerate(stay.diagnoses, 1)
        ]
        if stay.admitting_diagnosis:
            listed.append(("admitting", stay.admitting_diagnosis, "AD", None))
        for key, code, use, rank in listed:
            reference = self.bundle.add(
                f"Condition/{key}",
                {
                    "category": [s.concept(f"{s.HL7}/condition-category", "encounter-diagnosis")],
                    "code": s.concept(s.ICD10CM, dotted(code)),
                    "subject": self.bundle.reference("Patient"),
                    "encounter": self.bundle.reference("Encounter"),
                },
            )
            use_ = s.concept(f"{s.HL7}/diagnosis-role", use)
            found.append({"condition": reference, "use": use_, "rank": rank})
        return found

    def _procedures(self) -> None:
        for n, procedure in enumerate(self.stay.procedures, 1):
            self.bundle.add(
                f"Procedure/{n}",
                {
                    "status": "completed",
                    "code": s.concept(s.ICD10PCS, procedure.code),
                    "subject": self.bundle.reference("Patient"),
                    "encounter": self.bundle.reference("Encounter"),
                    "performedDateTime": day(procedure.date),
                },
            )

    def _encounter(self, conditions: list[Json]) -> Json:
        stay, into = self.stay, self.bundle
        roles = (("attending", "ATND", stay.attending), ("operating", "PPRF", stay.operating))
        return {
            "identifier": parts.identifier(stay.id),
            "status": "in-progress" if stay.discharge_status == STILL_A_PATIENT else "finished",
            "class": s.coding(s.ACT_CODE, "IMP"),
            "subject": into.reference("Patient"),
            "participant": [
                {
                    "type": [s.concept(f"{s.HL7}/v3-ParticipationType", code)],
                    "individual": into.reference(f"Practitioner/{role}"),
                }
                for role, code, who in roles
                if who is not None
            ],
            "period": form.period(stay.admission_date, stay.discharge_date),
            "diagnosis": conditions,
            "hospitalization": {
                "admitSource": form.coded(s.POINT_OF_ORIGIN, stay.admission_source),
                "dischargeDisposition": form.coded(s.DISCHARGE_STATUS, stay.discharge_status),
            },
            "serviceProvider": into.reference("Organization/facility"),
        }

    def _coverage(self, index: int, payer: Payer) -> None:
        into, kind = self.bundle, str(payer.__struct_config__.tag)
        patient = into.reference("Patient")
        subscriber = patient
        if payer.subscriber is not None:
            subscriber = into.add(
                f"RelatedPerson/{index}",
                {"patient": patient, **_person(payer.subscriber)},
            )
        insurer = patient
        if not isinstance(payer, SelfPay):
            at = _address(payer.address)
            insurer = into.add(
                f"Organization/payer-{index}", parts.insurer(payer.name, payer.payer_id, at)
            )
        system = s.MBI if kind == "medicare_part_a" else ""
        group = {
            "type": s.concept(f"{s.HL7}/coverage-class", "group"),
            "value": payer.group_number,
        }
        filing = [s.coding(s.CLAIM_FILING, payer.claim_filing)] if payer.claim_filing else []
        into.add(
            f"Coverage/{index}",
            {
                "extension": parts.rest(_payer_rest(payer)),
                "identifier": parts.identifier(payer.member_id, system=system, kind="MB"),
                "status": "active",
                "type": {
                    "coding": [
                        s.coding(s.PAYER_TYPE, PAYER_TYPES[kind]),
                        s.coding(s.PAYER_KIND, kind),
                        *filing,
                    ],
                    "text": payer.name,
                },
                "subscriber": subscriber,
                "subscriberId": payer.member_id,
                "beneficiary": patient,
                "relationship": parts.relationship(payer.relationship),
                "payor": [insurer],
                "class": [group] if payer.group_number else [],
                "order": index,
            },
        )

    def _claim(self) -> Json:
        stay, into = self.stay, self.bundle
        first = stay.payers[0] if stay.payers else None
        insured = first is not None and not isinstance(first, SelfPay)
        team = [
            {
                "sequence": n,
                "provider": into.reference(f"Practitioner/{role}"),
                "role": s.concept(s.CARIN_ROLE, role),
            }
            for n, role in enumerate(
                [r for r in ("attending", "operating") if getattr(stay, r) is not None], 1
            )
        ]
        insurance: list[Json] = [
            {
                "sequence": n,
                "focal": n == 1,
                "coverage": into.reference(f"Coverage/{n}"),
                "preAuthRef": [payer.prior_authorization],
            }
            for n, payer in enumerate(stay.payers, 1)
        ]
        nobody = [{"sequence": 1, "focal": True, "coverage": {"display": "none is known"}}]
        claim: Json = full(
            {
                "extension": parts.rest(_rest(stay, CLAIM_REST[:-3])),
                "identifier": parts.identifier(stay.id),
                "status": "active",
                "type": s.concept(s.CLAIM_TYPE, "institutional"),
                "subType": s.concept(s.CARIN_SUBTYPE, "inpatient"),
                "use": "claim",
                "patient": into.reference("Patient"),
                "billablePeriod": form.period(
                    stay.statement_from or stay.admission_date, stay.discharge_date
                ),
                "created": day(self.created),
                "insurer": into.reference("Organization/payer-1") if insured else None,
                "provider": into.reference("Organization/facility"),
                "priority": s.concept(f"{s.HL7}/processpriority", "normal"),
                "payee": {"type": s.concept(f"{s.HL7}/payeetype", "provider")},
                "careTeam": team,
                "supportingInfo": form.information(stay),
                "diagnosis": form.diagnoses(stay),
                "procedure": form.procedures(stay),
                "insurance": insurance or nobody,
                "item": [form.item(line, n, into) for n, line in enumerate(stay.lines, 1)],
                "total": s.money(stay.total_charges),
            }
        )
        return claim


def _person(who: Person) -> Json:
    return {
        "name": parts.name(who.last_name, who.first_name, who.middle_name),
        "gender": parts.gender(who.sex),
        "birthDate": day(who.birth_date),
        "address": _address(who.address),
    }


def _patient(stay: Encounter) -> Json:
    record = parts.identifier(stay.medical_record_number, kind="MR")
    return {"identifier": record, **_person(stay.patient)}


def _address(at: Address | None) -> list[Json]:
    if at is None:
        return []
    return parts.address(at.street, at.street2, at.city, at.state, at.zip)


def _facility(stay: Encounter) -> Json:
    hospital: Facility = stay.facility
    carried: Json = {} if stay.hospital is None else {"hospital": stay.hospital}
    if not hospital.taxonomy:
        carried["taxonomy"] = ""
    return {
        "extension": parts.rest(_json(carried)),
        "identifier": [
            *parts.identifier(hospital.npi, system=s.NPI, kind="NPI"),
            *parts.identifier(hospital.ccn, system=s.CCN),
            *parts.identifier(hospital.tax_id, system=s.EIN, kind="TAX"),
        ],
        "active": True,
        "type": [form.coded(s.TAXONOMY, hospital.taxonomy)],
        "name": hospital.name,
        "telecom": [{"system": "phone", "value": hospital.phone}] if hospital.phone else [],
        "address": _address(hospital.address),
    }


def _practitioner(who: Practitioner) -> Json:
    return parts.practitioner(who.last_name, who.first_name, who.npi, who.taxonomy)


def _rest(value: msgspec.Struct, names: Iterable[str]) -> str:
    """The named fields that are not as they would be without being given, as JSON."""
    defaults = {field.name: field.default for field in msgspec.structs.fields(value)}
    held = {name: getattr(value, name) for name in names}
    # An empty text has no place in FHIR; where it is not what is taken without it, it is told here.
    held |= {name: "" for name in value.__struct_fields__ if getattr(value, name) == ""}
    return _json({name: each for name, each in held.items() if each != defaults[name]})


def _payer_rest(payer: Payer) -> str:
    held = PAYER_HELD - {"payer_id", "address"} if isinstance(payer, SelfPay) else PAYER_HELD
    return _rest(payer, [n for n in payer.__struct_fields__ if n not in held])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
