"""Diagnoses and procedures: known on the day, not twice, not too many, POA where it is needed.

The day of discharge selects the release of the code sets, as it selects the version of the
grouper.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from superbill.edits.integrity.rule import CodeSet, Question, Standing, dotted
from superbill.model import Finding

_NAME: dict[CodeSet, str] = {"icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS"}
_VALID = "45 CFR 162.1002: the code sets in force on the day of the service"
_POA = (
    "Social Security Act, section 1886(d)(4)(D); ICD-10-CM Official Guidelines for Coding and"
    " Reporting, appendix I"
)
_MOST = 25


def known(case: Question) -> Iterator[Finding]:
    """Every code may be billed on the day.

    Raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
    """
    standing = case.codes.standing
    stay, on = case.stay, case.on
    for index, diagnosis in enumerate(stay.diagnoses):
        answer = standing("icd10cm", diagnosis.code, on=on)
        if not answer.valid:
            yield _unusable(f"diagnoses[{index}].code", "icd10cm", diagnosis.code, answer, on)
    for index, procedure in enumerate(stay.procedures):
        answer = standing("icd10pcs", procedure.code, on=on)
        if not answer.valid:
            yield _unusable(f"procedures[{index}].code", "icd10pcs", procedure.code, answer, on)
    if stay.admitting_diagnosis:
        answer = standing("icd10cm", stay.admitting_diagnosis, on=on)
        if not answer.valid:
            code = stay.admitting_diagnosis
            yield _unusable("admitting_diagnosis", "icd10cm", code, answer, on)
    for index, code in enumerate(stay.reason_for_visit):
        answer = standing("icd10cm", code, on=on)
        if not answer.valid:
            yield _unusable(f"reason_for_visit[{index}]", "icd10cm", code, answer, on)


def _unusable(where: str, system: CodeSet, code: str, found: Standing, on: date) -> Finding:
    shown = dotted(code) if system == "icd10cm" else code
    name = _NAME[system]
    facts = {"code": shown, "on": on.isoformat()}
    instead = ", ".join(dotted(each) if system == "icd10cm" else each for each in found.instead[:5])
    if found.incomplete:
        rule = "integrity.incomplete_code"
        message = f"{shown} only heads longer {name} codes and cannot be billed itself."
        remedy = "Code to the full number of characters that the record supports."
    elif found.span is None:
        rule = "integrity.unknown_code"
        message = f"{shown} is no {name} code on {on} or on any day that is held."
        remedy = "Check it for a slip of typing."
    else:
        span = found.span
        facts |= {"valid_from": span.start.isoformat(), "valid_to": span.end.isoformat()}
        rule = "integrity.code_not_valid_on_day"
        if span.end <= on:
            message = f"{shown} could be billed until {span.last} and is retired on {on}."
            remedy = "Use the code that took its place."
        else:
            message = f"{shown} can be billed from {span.start} on, and not yet on {on}."
            remedy = "Use the code that was in force then, or correct the date of discharge."
    if instead:
        remedy += f" Perhaps {instead} is meant."
    return Finding(
        rule=rule,
        where=where,
        message=message,
        code=code,
        remedy=remedy,
        facts=facts,
        citation=_VALID,
        release=found.release,
    )


def diagnoses_once(case: Question) -> Iterator[Finding]:
    """No diagnosis stands twice."""
    diagnoses = case.stay.diagnoses
    codes = [diagnosis.code for diagnosis in diagnoses]
    if len(set(codes)) == len(codes):
        return
    first: dict[str, int] = {}
    for index, code in enumerate(codes):
        if code in first:
            yield Finding(
                rule="integrity.duplicate_diagnosis",
                where=f"diagnoses[{index}].code",
                message=f"{dotted(code)} is already diagnoses[{first[code]}].",
                code=code,
                remedy="Report each diagnosis once, with one present-on-admission indicator.",
                facts={"code": dotted(code), "first": f"diagnoses[{first[code]}]"},
                citation="ICD-10-CM Official Guidelines for Coding and Reporting, section I.B.12",
            )
        else:
            first[code] = index


def procedures_once(case: Question) -> Iterator[Finding]:
    """The same procedure twice on a day, which may be meant, is pointed out."""
    procedures = case.stay.procedures
    if len(procedures) < 2:
        return
    first: dict[object, int] = {}
    for index, procedure in enumerate(procedures):
        key = (procedure.code, procedure.date)
        if key in first:
            yield Finding(
                rule="integrity.duplicate_procedure",
                where=f"procedures[{index}].code",
                message=f"{procedure.code} is on the same day as procedures[{first[key]}].",
                severity="information",
                stage="none",
                code=procedure.code,
                remedy="Keep both only where the procedure was done at two sites or twice.",
                facts={"code": procedure.code, "first": f"procedures[{first[key]}]"},
                citation="ICD-10-PCS Official Guidelines for Coding and Reporting, B3.2",
            )
        else:
            first[key] = index


def not_too_many(case: Question) -> Iterator[Finding]:
    """A claim carries 25 diagnoses and 25 procedures."""
    for what, codes in (("diagnoses", case.stay.diagnoses), ("procedures", case.stay.procedures)):
        if len(codes) > _MOST:
            yield Finding(
                rule="integrity.too_many_codes",
                where=what,
                message=f"There are {len(codes)} {what}, and a claim carries {_MOST}. The grouper"
                " uses them all; a payer sees the first ones only.",
                severity="warning",
                remedy=f"Put the {_MOST} that bear most on the stay first, or leave the rest out.",
                facts={"count": str(len(codes)), "most": str(_MOST)},
                citation="Medicare Claims Processing Manual, chapter 3, section 20.2.1",
            )


def poa_given(case: Question) -> Iterator[Finding]:
    """Every diagnosis that is not exempt says whether it was present on admission.

    Hospitals outside the inpatient payment system need not say. Raises
    :class:`~superbill.errors.NotCovered` where a diagnosis says nothing and the list of exempt
    codes is not held.
    """
    stay = case.stay
    if stay.hospital_poa_status == "EXEMPT":
        return
    for index, diagnosis in enumerate(stay.diagnoses):
        poa = diagnosis.poa
        if poa in ("Y", "N", "U", "W") or case.codes.poa_exempt(diagnosis.code, on=case.on):
            continue
        shown = dotted(diagnosis.code)
        said = "says that it is exempt (1)" if poa == "1" else "says nothing"
        yield Finding(
            rule="integrity.poa_missing",
            where=f"diagnoses[{index}].poa",
            message=f"{shown} {said}, and its code is not exempt from saying whether it was"
            " present on admission.",
            code=diagnosis.code,
            remedy="Give Y (present), N (not), U (the record does not tell) or W (the physician"
            " cannot tell).",
            facts={"code": shown, "poa": poa},
            citation=_POA,
        )


def poa_not_needed(case: Question) -> Iterator[Finding]:
    """A present-on-admission indicator on an exempt code is pointed out."""
    if case.stay.hospital_poa_status == "EXEMPT":
        return
    for index, diagnosis in enumerate(case.stay.diagnoses):
        if diagnosis.poa in ("Y", "N", "U", "W") and case.codes.poa_exempt(
            diagnosis.code, on=case.on
        ):
            shown = dotted(diagnosis.code)
            yield Finding(
                rule="integrity.poa_on_exempt_code",
                where=f"diagnoses[{index}].poa",
                message=f"{shown} is exempt from saying whether it was present on admission,"
                f" and says {diagnosis.poa}.",
                severity="information",
                stage="none",
                code=diagnosis.code,
                remedy="Leave the indicator empty.",
                facts={"code": shown, "poa": diagnosis.poa},
                citation=_POA,
            )
