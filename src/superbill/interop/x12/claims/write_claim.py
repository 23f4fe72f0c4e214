"""The head of a claim (loop 2300) and its codes, as segments."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from superbill.interop.x12.claims import extras, write_parties
from superbill.interop.x12.segments import Builder, d8, rd8
from superbill.model import (
    Ambulance,
    Attachment,
    Certification,
    Claim,
    ClaimDate,
    ClaimDiagnosis,
    ClaimProcedure,
    Contract,
    Coverage,
    Figure,
    Note,
    Repricing,
)

_IN_A_SEGMENT = 12
_RANK = ("principal", "admitting", "reason", "external_cause", "other")
_DIAGNOSES = {
    "principal": "BK",
    "admitting": "BJ",
    "reason": "PR",
    "external_cause": "BN",
    "other": "BF",
}
_PROCEDURES = {"principal": ("BR", "BBR"), "other": ("BQ", "BBQ")}
MOST_OTHER = 24
_MOST_DIAGNOSES = {"principal": 1, "admitting": 1, "reason": 3, "external_cause": 24, "other": 24}


def head(b: Builder, claim: Claim, billed: Coverage, path: str) -> None:
    """CLM to HCP: the claim itself."""
    start = len(b.segments)
    _clm(b, claim)
    _dates(b, claim)
    if claim.admission_type or claim.admission_source or claim.discharge_status:
        b.add(
            "CL1",
            b.text(claim.admission_type, "admission_type", 1),
            b.text(claim.admission_source, "admission_source", 1),
            b.text(claim.discharge_status, "discharge_status", 2),
        )
    if (
        claim.orthodontic
        or claim.orthodontic_months is not None
        or claim.orthodontic_months_left is not None
    ):
        b.add(
            "DN1",
            _maybe(b, claim.orthodontic_months, "orthodontic_months"),
            _maybe(b, claim.orthodontic_months_left, "orthodontic_months_left"),
            "Y" if claim.orthodontic else "",
        )
    for i, tooth in enumerate(claim.teeth):
        at = f"teeth[{i}]"
        status = b.text(tooth.status, f"{at}.status", 2)
        b.add("DN2", b.text(tooth.number, f"{at}.number", 50), status, "", "", "", "JP")
    attachments(b, claim.attachments, "")
    contract(b, claim.contract, "contract")
    amounts(b, claim.amounts, "amounts")
    write_parties.own_numbers(b, billed, path)
    write_parties.references(b, claim.references, "")
    fixed_format(b, claim.fixed_format, "fixed_format")
    notes(b, claim.notes, "notes")
    ambulance(b, claim.ambulance, "ambulance")
    certifications(b, claim.certifications, "certifications")
    _codes(b, claim)
    repricing(b, claim.repricing, "repricing")
    extras.own(b, start, claim.extra, "", kind=claim.kind, loops={"2300"}, head="2300")


def _clm(b: Builder, claim: Claim) -> None:
    if claim.kind == "837I":
        bill, qualifier = b.text(claim.type_of_bill, "type_of_bill", 4), "A"
        frequency = claim.frequency or ("" if b.lenient else bill[3:])
        place = bill[1:].removesuffix(frequency)
        if not bill.endswith(frequency):
            b.problem("frequency", "is not the last of the type of bill.", "Mend one of the two.")
    else:
        place, qualifier = b.text(claim.place_of_service, "place_of_service", 2), "B"
        frequency = claim.frequency or ("" if b.lenient else "1")
    frequency = b.text(frequency, "frequency", 1)
    causes = ["", "", ""]
    if len(claim.related_causes) > 3:
        b.problem("related_causes", "has more than three.", "Leave three.")
    for i, cause in enumerate(claim.related_causes[:3]):
        causes[i] = b.text(cause, f"related_causes[{i}]", 3)
    b.add(
        "CLM",
        b.text(claim.id, "id", 38, required="Give the patient control number."),
        b.amount(claim.charge, "charge", negative=True),
        "",
        "",
        b.composite(place, qualifier if place or frequency else "", frequency),
        b.text(claim.provider_signature, "provider_signature", 1),
        b.text(claim.accepts_assignment, "accepts_assignment", 1),
        b.text(claim.benefits_assigned, "benefits_assigned", 1),
        b.text(claim.release_of_information, "release_of_information", 1),
        b.text(claim.patient_signature, "patient_signature", 1),
        b.composite(
            *causes,
            b.text(claim.accident_state, "accident_state", 2),
            b.text(claim.accident_country, "accident_country", 3),
        ),
        b.text(claim.special_program, "special_program", 3),
        "",
        "",
        "",
        "",
        "",
        "",
        "PB" if claim.predetermination else "",
        b.text(claim.delay_reason, "delay_reason", 2),
    )


def _dates(b: Builder, claim: Claim) -> None:
    if claim.discharge_hour:
        b.add("DTP", "096", "TM", _hour(b, claim.discharge_hour, "discharge_hour"))
    if claim.discharge_date is not None:
        b.add("DTP", "096", "D8", d8(claim.discharge_date))
    if claim.statement_from is not None and claim.statement_to is not None:
        b.add("DTP", "434", "RD8", rd8(claim.statement_from, claim.statement_to))
    elif claim.statement_from is not None or claim.statement_to is not None:
        b.problem("statement_from", "needs statement_to, and the other way.", "Give both.")
    if claim.admission_date is not None:
        hour = _hour(b, claim.admission_hour, "admission_hour")
        b.add("DTP", "435", "DT" if hour else "D8", d8(claim.admission_date) + hour)
    elif claim.admission_hour:
        b.problem("admission_date", "is missing, and its hour is given.", "Give the date.")
    dates(b, claim.dates, "dates")


def _hour(b: Builder, hour: str, path: str) -> str:
    if hour and not (len(hour) == 4 and hour.isascii() and hour.isdecimal()):
        return b.problem(path, "is not hour and minute.", "Give four digits, for example 1430.")
    return hour


def dates(b: Builder, given: Sequence[ClaimDate], path: str) -> None:
    """DTP of each day that has no field of its own."""
    for i, when in enumerate(given):
        code = b.text(when.code, f"{path}[{i}].code", 3, required="Say which day it is.")
        if when.end is None:
            b.add("DTP", code, "D8", d8(when.start))
        else:
            b.add("DTP", code, "RD8", rd8(when.start, when.end))


def attachments(b: Builder, given: Sequence[Attachment], path: str) -> None:
    """PWK."""
    for i, paper in enumerate(given):
        at = f"{path}attachments[{i}]"
        number = b.text(paper.control_number, f"{at}.control_number", 80)
        b.add(
            "PWK",
            b.text(paper.report_type, f"{at}.report_type", 2, required="Say what paper it is."),
            b.text(paper.transmission, f"{at}.transmission", 2, required="Say how it comes."),
            "",
            "",
            "AC" if number else "",
            number,
        )


def contract(b: Builder, given: Contract | None, path: str) -> None:
    """CN1."""
    if given is not None:
        b.add(
            "CN1",
            b.text(given.type, f"{path}.type", 2, required="Give the kind of contract."),
            _maybe(b, given.amount, f"{path}.amount"),
            _maybe(b, given.percent, f"{path}.percent"),
            b.text(given.code, f"{path}.code", 50),
            _maybe(b, given.discount, f"{path}.discount"),
            b.text(given.version, f"{path}.version", 30),
        )


def amounts(b: Builder, given: Sequence[Figure], path: str, segment: str = "AMT") -> None:
    """AMT or QTY."""
    for i, figure in enumerate(given):
        code = b.text(figure.code, f"{path}[{i}].code", 3, required="Say what it is.")
        b.add(segment, code, _maybe(b, figure.value, f"{path}[{i}].value"))


def fixed_format(b: Builder, given: Sequence[str], path: str) -> None:
    """K3."""
    for i, text in enumerate(given):
        b.add("K3", b.text(text, f"{path}[{i}]", 80, required="Leave it out."))


def notes(b: Builder, given: Sequence[Note], path: str) -> None:
    """NTE."""
    for i, note in enumerate(given):
        code = b.text(note.code, f"{path}[{i}].code", 3, required="Say what it is about.")
        b.add("NTE", code, b.text(note.text, f"{path}[{i}].text", 80, required="Give the words."))


def ambulance(b: Builder, given: Ambulance | None, path: str) -> None:
    """CR1."""
    if given is not None:
        b.add(
            "CR1",
            "" if given.weight is None else "LB",
            _maybe(b, given.weight, f"{path}.weight"),
            "",
            b.text(given.reason, f"{path}.reason", 1, required="Give the reason."),
            "DH",
            _maybe(b, given.miles, f"{path}.miles"),
            "",
            "",
            b.text(given.round_trip, f"{path}.round_trip", 80),
            b.text(given.stretcher, f"{path}.stretcher", 80),
        )


def certifications(b: Builder, given: Sequence[Certification], path: str) -> None:
    """CRC."""
    for i, one in enumerate(given):
        at = f"{path}[{i}]"
        if len(one.conditions) > 5:
            b.problem(f"{at}.conditions", "has more than five.", "Leave five.")
        b.add(
            "CRC",
            b.text(one.category, f"{at}.category", 2, required="Say what is certified."),
            b.text(one.applies, f"{at}.applies", 1, required="Say Y or N."),
            *(
                b.text(code, f"{at}.conditions[{k}]", 3, required="Leave it out.")
                for k, code in enumerate(one.conditions[:5])
            ),
        )


def repricing(b: Builder, given: Repricing | None, path: str) -> None:
    """HCP."""
    if given is None:
        return
    b.add(
        "HCP",
        b.text(given.method, f"{path}.method", 2, required="Say how it was repriced."),
        _maybe(b, given.allowed, f"{path}.allowed"),
        _maybe(b, given.savings, f"{path}.savings"),
        b.text(given.organization_id, f"{path}.organization_id", 50),
        _maybe(b, given.rate, f"{path}.rate"),
        b.text(given.group_code, f"{path}.group_code", 50),
        _maybe(b, given.group_amount, f"{path}.group_amount"),
        b.text(given.revenue_code, f"{path}.revenue_code", 48),
        b.text(given.service_qualifier, f"{path}.service_qualifier", 2),
        b.text(given.service_code, f"{path}.service_code", 48),
        b.text(given.unit, f"{path}.unit", 2),
        _maybe(b, given.units, f"{path}.units"),
        b.text(given.reject_reason, f"{path}.reject_reason", 2),
        b.text(given.compliance, f"{path}.compliance", 2),
        b.text(given.exception, f"{path}.exception", 2),
    )


def _maybe(b: Builder, value: Decimal | None, path: str) -> str:
    """A number of up to three decimals, which may be below zero; empty where there is none."""
    return "" if value is None else b.figure(value, path)


def _codes(b: Builder, claim: Claim) -> None:
    """Every HI."""
    if claim.kind != "837I":
        items = [
            _diagnosis(b, d, f"diagnoses[{i}]", claim.kind) for i, d in enumerate(claim.diagnoses)
        ]
        most = 12 if claim.kind == "837P" else 4
        _hi(b, items, "diagnoses", most)
        surgery = [
            b.composite("BO" if i else "BP", _code(b, code, f"anesthesia_procedures[{i}]"))
            for i, code in enumerate(claim.anesthesia_procedures)
        ]
        _hi(b, surgery, "anesthesia_procedures", 2)
    else:
        _institutional(b, claim)
    conditions = [
        b.composite("BG", _code(b, code, f"condition_codes[{i}]"))
        for i, code in enumerate(claim.condition_codes)
    ]
    _hi(b, conditions, "condition_codes", MOST_OTHER)
    treatments = [
        b.composite("TC", _code(b, code, f"treatment_codes[{i}]"))
        for i, code in enumerate(claim.treatment_codes)
    ]
    _hi(b, treatments, "treatment_codes", MOST_OTHER)


def _institutional(b: Builder, claim: Claim) -> None:
    for kind in _RANK:
        if kind == "other" and claim.drg:
            b.add("HI", b.composite("DR", b.text(claim.drg, "drg", 30)))
        items = [
            _diagnosis(b, d, f"diagnoses[{i}]", claim.kind)
            for i, d in enumerate(claim.diagnoses)
            if d.kind == kind
        ]
        _hi(b, items, "diagnoses", _MOST_DIAGNOSES[kind], f"{kind} diagnoses")
    for main in ("principal", "other"):
        items = [
            _procedure(b, p, f"procedures[{i}]")
            for i, p in enumerate(claim.procedures)
            if p.kind == main
        ]
        _hi(b, items, "procedures", MOST_OTHER if main == "other" else 1, f"{main} procedures")
    spans = [
        b.composite(
            "BI", _code(b, s.code, f"occurrence_spans[{i}].code"), "RD8", rd8(s.start, s.end)
        )
        for i, s in enumerate(claim.occurrence_spans)
    ]
    _hi(b, spans, "occurrence_spans", MOST_OTHER)
    events = [
        b.composite("BH", _code(b, o.code, f"occurrence_codes[{i}].code"), "D8", d8(o.date))
        for i, o in enumerate(claim.occurrence_codes)
    ]
    _hi(b, events, "occurrence_codes", MOST_OTHER)
    values = [
        b.composite(
            "BE",
            _code(b, v.code, f"value_codes[{i}].code"),
            "",
            "",
            b.amount(v.amount, f"value_codes[{i}].amount", negative=True),
        )
        for i, v in enumerate(claim.value_codes)
    ]
    _hi(b, values, "value_codes", MOST_OTHER)


def _diagnosis(b: Builder, given: ClaimDiagnosis, path: str, kind: str) -> str:
    qualifier = _DIAGNOSES[given.kind]
    if kind != "837I" and given.kind not in {"principal", "other"}:
        b.problem(f"{path}.kind", f"{given.kind!r} has no place on an {kind}.", "Leave it out.")
    if given.icd == "10":
        qualifier = f"A{qualifier}"
    code = _code(b, given.code.replace(".", ""), f"{path}.code")
    poa = b.text(given.poa, f"{path}.poa", 1)
    return b.composite(qualifier, code, "", "", "", "", "", "", poa)


def _procedure(b: Builder, given: ClaimProcedure, path: str) -> str:
    qualifier = _PROCEDURES[given.kind][given.icd == "10"]
    return b.composite(
        qualifier, _code(b, given.code.replace(".", ""), f"{path}.code"), "D8", d8(given.date)
    )


def _code(b: Builder, code: str, path: str) -> str:
    return b.text(code, path, 30, required="Give the code.")


def _hi(b: Builder, items: Sequence[str], path: str, most: int, what: str = "") -> None:
    """HI segments of twelve codes each."""
    if len(items) > most:
        b.problem(
            path,
            f"has {len(items)}{f' {what}' if what else ''}; a claim holds {most}.",
            "Leave out those that matter least: nothing is cut off silently.",
        )
        return
    for start in range(0, len(items), _IN_A_SEGMENT):
        b.add("HI", *items[start : start + _IN_A_SEGMENT])
