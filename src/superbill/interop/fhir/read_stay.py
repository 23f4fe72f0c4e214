"""A FHIR Bundle of one stay as a stay: encounter, conditions, procedures, patient, hospital, claim.

Billing comes from the bundle's Claim (or, without one, its ExplanationOfBenefit); where there is
neither, diagnoses and procedures come from the Encounter with its Conditions and Procedures. What
is missing or of no use is said with its place in FHIR and what would mend it; what was passed over
is said in notes.
"""

from __future__ import annotations

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.billed import Billed
from superbill.interop.fhir.draft import Draft, Reading
from superbill.interop.fhir.index import Found, Index
from superbill.interop.fhir.insured import payers
from superbill.interop.fhir.people import day_of, hospital, person, practitioner
from superbill.interop.fhir.stay import CLAIM_REST
from superbill.interop.fhir.text import Json


def read_stay(document: bytes | str | Json) -> Reading:
    """The stay of a FHIR R4 Bundle, as text or as plain values.

    Raises :class:`~superbill.errors.Invalid` with every problem, each with its place in FHIR
    (``Bundle.entry[2].resource.birthDate``) and what would mend it.
    """
    draft = Draft(Index(document))
    claim, encounter = draft.index.stay()
    billed = Billed(draft, claim, encounter)
    _numbers(draft, claim, encounter, billed)
    _patient(draft, claim, encounter)
    _hospital(draft, claim, encounter)
    _days(draft, encounter, billed)
    _form(draft, encounter, billed)
    billed.codes()
    billed.lines()
    billed.committee()
    _physicians(draft, claim, encounter)
    draft.put("payers", payers(draft, claim), claim.path if claim else "Bundle.entry")
    if claim is not None:
        _rest(draft, claim)
    return draft.finish()


def _numbers(draft: Draft, claim: Found | None, encounter: Found | None, billed: Billed) -> None:
    value = billed.told("patientaccountnumber", "valueString")
    if not value:
        for each in (claim, encounter):
            if each is not None and not value:
                listed = [i.get("value") for i in s.listed(each.resource, "identifier")]
                value = next((v for v in listed if v), "") or each.resource.get("id", "")
    place = (claim or encounter or Found({}, "Bundle")).path
    if not value:
        draft.problem(
            f"{place}.identifier", "the stay has no number.", "Give the patient account number."
        )
    draft.put("id", value, f"{place}.identifier")


def _patient(draft: Draft, claim: Found | None, encounter: Found | None) -> None:
    found = None
    for each, name in ((claim, "patient"), (encounter, "subject")):
        if each is not None and found is None:
            found = draft.index.resolve(each.resource.get(name), each)
    here = draft.index.of("Patient")
    if found is None and len(here) == 1:
        found = here[0]
    if found is None or found.kind != "Patient":
        draft.problem(
            "Bundle.entry",
            "the Patient is not in it, or it is not said which of several is meant.",
            "Put the Patient in, and refer to it from Encounter.subject.",
        )
        return
    draft.put("patient", person(draft, found, "patient"), found.path)
    records = [
        i for i in s.listed(found.resource, "identifier") if s.has_code([i.get("type")], "MR")
    ]
    if records and records[0].get("value"):
        draft.put("medical_record_number", records[0]["value"], f"{found.path}.identifier")


def _hospital(draft: Draft, claim: Found | None, encounter: Found | None) -> None:
    found = None
    for each, name in ((claim, "provider"), (encounter, "serviceProvider")):
        if each is not None and found is None:
            found = draft.index.resolve(each.resource.get(name), each)
    if found is None or found.kind != "Organization":
        where = (claim or encounter or Found({}, "Bundle")).path
        name = "provider" if claim is not None else "serviceProvider"
        draft.problem(
            f"{where}.{name}",
            "it does not lead to the hospital's Organization.",
            "Put the Organization in the bundle, and refer to it here.",
        )
        return
    hospital(draft, found)


def _days(draft: Draft, encounter: Found | None, billed: Billed) -> None:
    period, place = billed.period("admissionperiod")
    if period is None and encounter is not None:
        period, place = encounter.resource.get("period"), f"{encounter.path}.period"
    if period is None and billed.claim is not None:
        period = billed.claim.resource.get("billablePeriod")
        place = f"{billed.claim.path}.billablePeriod"
    for field, end, word in (
        ("admission_date", "start", "admission"),
        ("discharge_date", "end", "discharge"),
    ):
        day = day_of(period.get(end) if period else None)
        if day is None:
            draft.problem(
                f"{place or 'Encounter.period'}.{end}",
                f"the day of {word} is missing.",
                "Give it as YYYY-MM-DD, for example 2026-03-01.",
            )
        draft.put(field, day, f"{place}.{end}")
    if billed.claim is not None:
        first = day_of((billed.claim.resource.get("billablePeriod") or {}).get("start"))
        if first is not None and first != draft.document["admission_date"]:
            draft.put("statement_from", first, f"{billed.claim.path}.billablePeriod.start")


def _form(draft: Draft, encounter: Found | None, billed: Billed) -> None:
    """Discharge status, type of bill, type and source of the admission, hours."""
    inside: Json = {} if encounter is None else encounter.resource.get("hospitalization") or {}
    place = f"{'Encounter' if encounter is None else encounter.path}.hospitalization"
    for field, kind, system, name in (
        ("type_of_bill", "typeofbill", s.TYPE_OF_BILL, ""),
        ("admission_type", "admtype", s.ADMISSION_TYPE, ""),
        ("admission_source", "pointoforigin", s.POINT_OF_ORIGIN, "admitSource"),
        ("discharge_status", "discharge-status", s.DISCHARGE_STATUS, "dischargeDisposition"),
    ):
        code, at = billed.coded(kind)
        if not code and name:
            code, at = next(s.codes(inside.get(name), system), ""), f"{place}.{name}"
        if code:
            draft.put(field, code, at)
    if "discharge_status" not in draft.document:
        status = "" if encounter is None else encounter.resource.get("status")
        if encounter is not None and status == "in-progress":
            draft.put("discharge_status", "30", f"{encounter.path}.status")
        else:
            draft.problem(
                f"{place}.dischargeDisposition",
                "the discharge status is missing: where the patient went, in two digits.",
                f"Give it in the code system {s.DISCHARGE_STATUS}, for example 01 for home.",
            )
            draft.put("discharge_status", "", place)
    if "type_of_bill" not in draft.document:
        draft.note("No type of bill is given: 0111, a whole inpatient stay, is taken.")
    for field, kind in (("admission_hour", "admission-hour"), ("discharge_hour", "discharge-hour")):
        if hour := billed.told(kind, "valueString"):
            draft.put(field, hour, billed.place(kind))


def _physicians(draft: Draft, claim: Found | None, encounter: Found | None) -> None:
    named: dict[str, Found] = {}
    if encounter is not None:
        for each in s.listed(encounter.resource, "participant"):
            types = [t for t in each.get("type", []) if isinstance(t, dict)]
            for role, code in (("attending", "ATND"), ("operating", "PPRF")):
                who = draft.index.resolve(each.get("individual"), encounter)
                if who is not None and s.has_code(types, code):
                    named[role] = who
    if claim is not None:
        for each in s.listed(claim.resource, "careTeam"):
            who = draft.index.resolve(each.get("provider"), claim)
            for role in ("attending", "operating"):
                if who is not None and s.has_code([each.get("role")], role):
                    named[role] = who
    for role, who in named.items():
        if who.kind == "Practitioner":
            draft.put(role, practitioner(draft, who), who.path)
            draft.from_(f"{role}.npi", f"{who.path}.identifier")
        else:
            draft.note(f"The {role} physician is a {who.kind}, which is not read.")


def _rest(draft: Draft, claim: Found) -> None:
    """What travels in our own extension of the claim."""
    for name, value in draft.carried(claim, CLAIM_REST).items():
        draft.put(name, value, f"{claim.path}.extension")
