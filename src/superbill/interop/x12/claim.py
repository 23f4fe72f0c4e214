"""The body of an institutional claim: loop 2300 with its codes, physicians and service lines.

See :mod:`superbill.interop.x12.institutional` for what governs it. The order of segments is the
implementation's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from superbill.identifiers import bill_type, revenue_code, taxonomy
from superbill.interop.x12 import parties
from superbill.interop.x12.coordination import Placed, medicare_secondary_values
from superbill.interop.x12.segments import Builder, d8, rd8
from superbill.model import Decision, Diagnosis, Encounter, Line, Procedure

# What a claim holds at most: HI segments carry twelve codes, and most kinds may come twice.
_IN_A_SEGMENT = 12
MOST_OTHER_DIAGNOSES = 24
MOST_EXTERNAL_CAUSES = 12
MOST_OTHER_PROCEDURES = 24
MOST_CODES = 24
MOST_LINES = 999

# Frequencies that refer to an earlier claim, whose number at the payer must be given.
_REFERS_BACK = frozenset("78")
STILL_A_PATIENT = "30"

# Chapter 20 of ICD-10-CM, external causes of morbidity: V00 to Y99.
_EXTERNAL_CAUSE = frozenset("VWXY")

# Revenue codes whose HCPCS field holds a HIPPS rate code: skilled nursing, home health and
# inpatient rehabilitation (Medicare Claims Processing Manual, chapter 25, section 75.4).
_HIPPS = frozenset({"0022", "0023", "0024"})

_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_PROCEDURE = re.compile(r"[0-9A-Z]{7}")
_NUBC = re.compile(r"[0-9A-Z]{2}")
_ONE = re.compile(r"[0-9A-Z]")
_STATUS = re.compile(r"[0-9]{2}")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_HOUR = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])?")
_HOUR_UNKNOWN = "99"
_NDC = re.compile(r"[0-9]{11}")


def information(b: Builder, encounter: Encounter, to: Placed, total: Decimal) -> None:
    """CLM, the dates, CL1 and REF: what stands at the head of loop 2300."""
    bill = b.checked(bill_type.validate, encounter.type_of_bill, "type_of_bill")
    frequency = bill[3:]
    b.add(
        "CLM",
        b.text(encounter.id, "id", 38, required="Give the patient control number."),
        b.amount(total, "lines"),
        "",
        "",
        b.composite(bill[1:3], "A", frequency),
        "",
        encounter.accepts_assignment,
        encounter.benefits_assigned,
        encounter.release_of_information,
    )
    _dates(b, encounter)
    b.add(
        "CL1",
        _coded(b, _ONE, encounter.admission_type, "admission_type", "Give one character."),
        _coded(b, _ONE, encounter.admission_source, "admission_source", "Give one character."),
        _coded(b, _STATUS, encounter.discharge_status, "discharge_status", "Give two digits."),
    )
    _references(b, encounter, to, frequency)


def _dates(b: Builder, encounter: Encounter) -> None:
    admitted, discharged = encounter.admission_date, encounter.discharge_date
    first = encounter.statement_from or admitted
    if discharged < admitted:
        b.problem("discharge_date", "is before the admission.", "Mend one of the two dates.")
    if first > admitted:
        b.problem(
            "statement_from",
            "is after the admission.",
            "Leave it out, or give an earlier day.",
        )
    if encounter.discharge_status != STILL_A_PATIENT:
        hour = _hour(b, encounter.discharge_hour, "discharge_hour")
        if hour:
            b.add("DTP", "096", "TM", hour)
        elif not encounter.discharge_hour.strip() or encounter.discharge_hour == _HOUR_UNKNOWN:
            b.problem(
                "discharge_hour",
                "is missing, and the claim for a stay that has ended must tell it.",
                "Give two digits, 00 to 23.",
            )
    b.add("DTP", "434", "RD8", rd8(first, discharged))
    hour = _hour(b, encounter.admission_hour, "admission_hour")
    if hour:
        b.add("DTP", "435", "DT", d8(admitted) + hour)
    else:
        b.add("DTP", "435", "D8", d8(admitted))


def _hour(b: Builder, hour: str, path: str) -> str:
    """Hour and minute of an NUBC hour code, or of four digits; empty where it is not known."""
    bare = hour.strip()
    if not bare or bare == _HOUR_UNKNOWN:
        return ""
    if _HOUR.fullmatch(bare) is None:
        return b.problem(path, "is not an hour.", "Give two digits, 00 to 23, or 99 if unknown.")
    return bare if len(bare) == 4 else bare + "00"


def _references(b: Builder, encounter: Encounter, to: Placed, frequency: str) -> None:
    authorization = b.text(to.payer.prior_authorization, f"{to.path}.prior_authorization", 50)
    if authorization:
        b.add("REF", "G1", authorization)
    if frequency and frequency in _REFERS_BACK:
        original = b.text(
            to.payer.claim_control_number,
            f"{to.path}.claim_control_number",
            50,
            required="Give the payer's number of the claim that this one replaces or voids.",
        )
        b.add("REF", "F8", original)
    record = b.text(encounter.medical_record_number, "medical_record_number", 50)
    if record:
        b.add("REF", "EA", record)


def health_care_codes(
    b: Builder,
    encounter: Encounter,
    decision: Decision | None,
    placed: Sequence[Placed],
    position: int,
) -> None:
    """Every HI segment: diagnoses, DRG, procedures, and the codes of the form."""
    _diagnoses(b, encounter, decision)
    _procedures(b, encounter.procedures)
    spans = [
        b.composite(
            "BI",
            _coded(b, _NUBC, span.code, f"occurrence_spans[{i}].code", "Give two characters."),
            "RD8",
            rd8(span.start, span.end),
        )
        for i, span in enumerate(encounter.occurrence_spans)
    ]
    _hi(b, spans, "occurrence_spans", MOST_CODES)
    occurrences = [
        b.composite(
            "BH",
            _coded(b, _NUBC, event.code, f"occurrence_codes[{i}].code", "Give two characters."),
            "D8",
            d8(event.date),
        )
        for i, event in enumerate(encounter.occurrence_codes)
    ]
    _hi(b, occurrences, "occurrence_codes", MOST_CODES)
    _values(b, encounter, placed, position)
    conditions = [
        b.composite("BG", _coded(b, _NUBC, code, f"condition_codes[{i}]", "Give two characters."))
        for i, code in enumerate(encounter.condition_codes)
    ]
    _hi(b, conditions, "condition_codes", MOST_CODES)


def _diagnoses(b: Builder, encounter: Encounter, decision: Decision | None) -> None:
    if not encounter.diagnoses:
        b.problem("diagnoses", "has none.", "Give the principal diagnosis.")
        return
    b.add("HI", _diagnosis(b, "ABK", encounter.diagnoses[0], 0))
    admitting = (encounter.admitting_diagnosis or "").strip()
    if admitting:
        code = _icd(b, _DIAGNOSIS, admitting, "admitting_diagnosis")
        b.add("HI", b.composite("ABJ", code))
    else:
        b.problem(
            "admitting_diagnosis",
            "is missing, and an inpatient claim must tell it.",
            "Give the diagnosis at the time of admission.",
        )
    if encounter.reason_for_visit:
        b.problem(
            "reason_for_visit",
            "belongs on an outpatient claim, and this is an inpatient one.",
            "Leave it out; the admitting diagnosis takes its place.",
        )
    causes: list[str] = []
    others: list[str] = []
    for i, diagnosis in enumerate(encounter.diagnoses[1:], 1):
        outside = diagnosis.code[:1].upper() in _EXTERNAL_CAUSE
        if outside and len(causes) < MOST_EXTERNAL_CAUSES:
            causes.append(_diagnosis(b, "ABN", diagnosis, i))
        else:
            others.append(_diagnosis(b, "ABF", diagnosis, i))
    _hi(b, causes, "diagnoses", MOST_EXTERNAL_CAUSES)
    if decision is not None and decision.grouping is not None:
        b.add("HI", b.composite("DR", b.text(decision.grouping.drg, "decision.grouping.drg", 30)))
    _hi(b, others, "diagnoses", MOST_OTHER_DIAGNOSES, "other diagnoses")


def _diagnosis(b: Builder, qualifier: str, diagnosis: Diagnosis, i: int) -> str:
    code = _icd(b, _DIAGNOSIS, diagnosis.code, f"diagnoses[{i}].code")
    # A code that is exempt from the indicator has none in 5010: the 1 of older claims is left
    # blank (CMS, change request 7024, transmittal 756 of Pub. 100-20).
    poa = diagnosis.poa
    if not poa or poa == "1":
        return b.composite(qualifier, code)
    return b.composite(qualifier, code, "", "", "", "", "", "", poa)


def _procedures(b: Builder, procedures: Sequence[Procedure]) -> None:
    items = [
        b.composite(
            "BBQ" if i else "BBR",
            _icd(b, _PROCEDURE, procedure.code, f"procedures[{i}].code"),
            "D8",
            d8(procedure.date)
            if procedure.date is not None
            else b.problem(
                f"procedures[{i}].date", "is missing.", "Give the day of the procedure."
            ),
        )
        for i, procedure in enumerate(procedures)
    ]
    _hi(b, items[:1], "procedures", 1)
    _hi(b, items[1:], "procedures", MOST_OTHER_PROCEDURES, "other procedures")


def _values(b: Builder, encounter: Encounter, placed: Sequence[Placed], position: int) -> None:
    given = {value.code for value in encounter.value_codes}
    items = [
        b.composite(
            "BE",
            _coded(b, _NUBC, value.code, f"value_codes[{i}].code", "Give two characters."),
            "",
            "",
            b.amount(value.amount, f"value_codes[{i}].amount"),
        )
        for i, value in enumerate(encounter.value_codes)
    ]
    items += [
        b.composite("BE", value.code, "", "", b.amount(value.amount, "value_codes"))
        for value in medicare_secondary_values(placed, position, encounter.total_charges)
        if value.code not in given
    ]
    items += [
        b.composite("BE", code, "", "", str(days))
        for code, days in _days(b, encounter, placed)
        if code not in given
    ]
    _hi(b, items, "value_codes", MOST_CODES)


def _days(b: Builder, encounter: Encounter, placed: Sequence[Placed]) -> list[tuple[str, int]]:
    """Value codes 80 to 83: covered, not covered, coinsurance and lifetime reserve days.

    As Medicare counted them where the decision says so. Covered and not covered days together
    are the days of the statement: the day of discharge does not count, unless the patient stays
    (First Coast Service Options, reason code 12206), nor does a stay within one day count as none.
    """
    counted = next((p.decision.days for p in placed if p.decision and p.decision.days), None)
    if counted is not None:
        days = [("80", counted.covered), ("81", counted.noncovered)]
        days += [("82", counted.coinsurance), ("83", counted.lifetime_reserve)]
    else:
        stayed = max(encounter.length_of_stay, 1)
        if encounter.discharge_status == STILL_A_PATIENT and encounter.length_of_stay:
            stayed += 1
        stated = next((v.amount for v in encounter.value_codes if v.code == "80"), None)
        covered = encounter.covered_days
        if covered is None:
            covered = stayed if stated is None else int(stated)
        elif stated is not None and stated != covered:
            b.problem(
                "value_codes",
                f"say {stated} covered days (code 80), and covered_days is {covered}.",
                "Mend one of the two.",
            )
        days = [("80", covered), ("81", stayed - covered)]
        days += [("82", 0), ("83", encounter.lifetime_reserve_days)]
        if not 0 <= covered <= stayed:
            b.problem(
                "covered_days",
                f"{covered} do not fit into a stay of {stayed} days.",
                "Give the covered days of this stay.",
            )
    return [(code, n) for code, n in days if n or code == "80"]


def practitioners(b: Builder, encounter: Encounter) -> None:
    """Loops 2310A and 2310B: who attended and who operated."""
    attending = encounter.attending
    if attending is None:
        b.problem(
            "attending",
            "is missing, and an inpatient claim must name the attending physician.",
            "Give name and NPI.",
        )
    else:
        parties.practitioner(b, "71", attending, "attending")
        if attending.taxonomy.strip():
            code = b.checked(taxonomy.validate, attending.taxonomy, "attending.taxonomy")
            b.add("PRV", "AT", "PXC", code)
    if encounter.operating is not None:
        parties.practitioner(b, "72", encounter.operating, "operating")


def service_lines(b: Builder, encounter: Encounter) -> None:
    """Loop 2400: the lines, in the order given. The rate is not sent: 5010 has no place for it."""
    if not encounter.lines:
        b.problem("lines", "has none.", "Give the charges by revenue code.")
    if len(encounter.lines) > MOST_LINES:
        b.problem(
            "lines",
            f"has {len(encounter.lines):,}; a claim holds {MOST_LINES}.",
            "Roll charges up by revenue code, or split the bill.",
        )
    for i, line in enumerate(encounter.lines):
        _line(b, line, i)


def _line(b: Builder, line: Line, i: int) -> None:
    path = f"lines[{i}]"
    revenue = b.checked(revenue_code.validate, line.revenue_code, f"{path}.revenue_code")
    b.add("LX", str(i + 1))
    b.add(
        "SV2",
        revenue,
        _service(b, line, revenue, path) if line.hcpcs or line.modifiers else "",
        b.amount(line.charge, f"{path}.charge"),
        "DA" if revenue and revenue_code.is_accommodation(revenue) else "UN",
        b.quantity(line.units, f"{path}.units"),
        "",
        b.amount(line.noncovered, f"{path}.noncovered") if line.noncovered else "",
    )
    if line.noncovered > line.charge:
        b.problem(f"{path}.noncovered", "is more than the charge.", "Give at most the charge.")
    if line.service_date is not None:
        b.add("DTP", "472", "D8", d8(line.service_date))
    if line.ndc:
        _drug(b, line, path)


def _service(b: Builder, line: Line, revenue: str, path: str) -> str:
    if len(line.modifiers) > 4:
        b.problem(f"{path}.modifiers", f"has {len(line.modifiers)}; four fit.", "Leave four.")
    return b.composite(
        "HP" if revenue in _HIPPS else "HC",
        _coded(b, _HCPCS, line.hcpcs, f"{path}.hcpcs", "Give five characters."),
        *(
            _coded(b, _MODIFIER, m, f"{path}.modifiers[{k}]", "Give two characters.")
            for k, m in enumerate(line.modifiers)
        ),
    )


def _drug(b: Builder, line: Line, path: str) -> None:
    """Loop 2410: which drug, and how much of it."""
    ndc = line.ndc.replace("-", "").strip()
    b.add("LIN", "", "N4", _coded(b, _NDC, ndc, f"{path}.ndc", "Give eleven digits (5-4-2)."))
    if line.ndc_quantity is None or not line.ndc_unit:
        b.problem(
            f"{path}.ndc_quantity",
            "is missing, or its unit is; a drug is billed with how much of it was given.",
            "Give ndc_quantity and ndc_unit, or leave out ndc.",
        )
        return
    b.add("CTP", "", "", "", b.quantity(line.ndc_quantity, f"{path}.ndc_quantity"), line.ndc_unit)


def _icd(b: Builder, form: re.Pattern[str], code: str, path: str) -> str:
    return _coded(b, form, code.replace(".", ""), path, "Give the code as it is published.")


def _coded(b: Builder, form: re.Pattern[str], value: str, path: str, remedy: str) -> str:
    """A short code of a known form, in upper case."""
    bare = value.strip().upper()
    if form.fullmatch(bare) is None:
        shown = f"{value[:20]!a} has not the form of this code." if bare else "is missing."
        return b.problem(path, shown, remedy)
    return bare


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
