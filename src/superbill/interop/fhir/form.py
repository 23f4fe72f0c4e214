"""The parts of a Claim that a stay's form gives: its fields, diagnoses, procedures and lines."""

from __future__ import annotations

from datetime import date

from superbill.codes.notation import dotted
from superbill.interop.fhir import parts
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.parts import Bundle, day, full
from superbill.interop.fhir.text import Json
from superbill.model import Encounter, Line


def information(stay: Encounter) -> list[Json]:
    """The form's own fields (type of bill, codes of the billing committee) as CARIN has them."""
    told: list[tuple[str, bool, Json]] = [
        ("typeofbill", False, {"code": coded(s.TYPE_OF_BILL, stay.type_of_bill)}),
        (
            "admissionperiod",
            False,
            {"timingPeriod": period(stay.admission_date, stay.discharge_date)},
        ),
        ("pointoforigin", False, {"code": coded(s.POINT_OF_ORIGIN, stay.admission_source)}),
        ("admtype", False, {"code": coded(s.ADMISSION_TYPE, stay.admission_type)}),
        ("discharge-status", False, {"code": coded(s.DISCHARGE_STATUS, stay.discharge_status)}),
        ("medicalrecordnumber", False, {"valueString": stay.medical_record_number}),
        ("patientaccountnumber", False, {"valueString": stay.id}),
        ("admission-hour", True, {"valueString": stay.admission_hour}),
        ("discharge-hour", True, {"valueString": stay.discharge_hour}),
    ]
    told += [
        ("condition-code", True, {"code": _ours("condition-code", c)}) for c in stay.condition_codes
    ]
    told += [
        (
            "occurrence-code",
            True,
            {"code": _ours("occurrence-code", each.code), "timingDate": day(each.date)},
        )
        for each in stay.occurrence_codes
    ]
    told += [
        (
            "occurrence-span",
            True,
            {
                "code": _ours("occurrence-span", each.code),
                "timingPeriod": period(each.start, each.end),
            },
        )
        for each in stay.occurrence_spans
    ]
    told += [
        (
            "value-code",
            True,
            {
                "code": _ours("value-code", each.code),
                "valueQuantity": {"value": s.number(each.amount)},
            },
        )
        for each in stay.value_codes
    ]
    given = [(code, ours, full(value)) for code, ours, value in told]
    return [
        parts.information(n, code, value, ours=ours)
        for n, (code, ours, value) in enumerate([each for each in given if each[2]], 1)
    ]


def diagnoses(stay: Encounter) -> list[Json]:
    """The diagnoses in billed order, then that at admission and the reasons for a visit."""
    told: list[tuple[str, Json, str]] = []
    for n, diagnosis in enumerate(stay.diagnoses):
        if n == 0:
            kind = s.concept(s.DIAGNOSIS_TYPE, "principal")
        elif diagnosis.code[:1] in "VWXY":
            kind = s.concept(s.CARIN_DIAGNOSIS, "externalcauseofinjury")
        else:
            kind = s.concept(s.CARIN_DIAGNOSIS, "other")
        told.append((diagnosis.code, kind, diagnosis.poa))
    if stay.admitting_diagnosis:
        told.append((stay.admitting_diagnosis, s.concept(s.DIAGNOSIS_TYPE, "admitting"), ""))
    reason = s.concept(s.CARIN_DIAGNOSIS, "patientreasonforvisit")
    told += [(code, reason, "") for code in stay.reason_for_visit]
    return [
        {
            "sequence": n,
            "diagnosisCodeableConcept": s.concept(s.ICD10CM, dotted(code)),
            "type": [kind],
            "onAdmission": s.concept(s.POA, poa) if poa else None,
        }
        for n, (code, kind, poa) in enumerate(told, 1)
    ]


def procedures(stay: Encounter) -> list[Json]:
    """The procedures, the principal one first."""
    return [
        {
            "sequence": n,
            "type": [s.concept(s.CARIN_PROCEDURE, "principal" if n == 1 else "other")],
            "date": day(each.date),
            "procedureCodeableConcept": s.concept(s.ICD10PCS, each.code),
        }
        for n, each in enumerate(stay.procedures, 1)
    ]


def item(line: Line, n: int, into: Bundle) -> Json:
    """A service line."""
    absent = s.concept(s.ABSENT, "not-applicable")
    noncovered = [{"url": s.NONCOVERED, "valueMoney": s.money(line.noncovered)}]
    drug: Json = {
        "sequence": 1,
        "productOrService": coded(s.NDC, line.ndc),
        "quantity": None
        if line.ndc_quantity is None and not line.ndc_unit
        else {
            "value": None if line.ndc_quantity is None else s.number(line.ndc_quantity),
            "unit": line.ndc_unit,
        },
    }
    if not line.ndc:
        drug["productOrService"] = absent
    service = s.service_system(line.hcpcs, line.revenue_code)
    return {
        "extension": noncovered if line.noncovered else [],
        "sequence": n,
        "revenue": s.concept(s.REVENUE, line.revenue_code),
        "productOrService": s.concept(service, line.hcpcs) if line.hcpcs else absent,
        "modifier": [s.concept(s.modifier_system(m), m) for m in line.modifiers],
        "servicedDate": day(line.service_date),
        "quantity": {"value": s.number(line.units)},
        "unitPrice": None if line.rate is None else s.money(line.rate),
        "net": s.money(line.charge),
        "encounter": [into.reference("Encounter")],
        "detail": [drug] if line.ndc or line.ndc_unit or line.ndc_quantity is not None else [],
    }


def period(start: date, end: date) -> Json:
    """A Period of whole days."""
    return {"start": day(start), "end": day(end)}


def coded(system: str, code: str) -> Json | None:
    """A concept, or nothing where there is no code."""
    return s.concept(system, code) if code else None


def _ours(kind: str, code: str) -> Json:
    return s.concept(f"{s.OURS}:nubc:{kind}", code)
