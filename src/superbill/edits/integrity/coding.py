"""Diagnoses and procedures: known on the day, not twice, not too many, POA where it is needed.

The day of discharge selects the release of the code sets, as it selects the version of the
grouper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from superbill.edits.integrity.rule import NOTHING, CodeSet, Question, Standing, dotted
from superbill.errors import NotCovered
from superbill.model import Diagnosis, Encounter, Finding

_NAME: dict[CodeSet, str] = {"icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS"}
_VALID = "45 CFR 162.1002: the code sets in force on the day of the service"
_POA = (
    "Social Security Act, section 1886(d)(4)(D); ICD-10-CM Official Guidelines for Coding and"
    " Reporting, appendix I"
)
_MOST = 25


def known(case: Question) -> Iterable[Finding]:
    """Every code may be billed on the day.

    Raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
    """
    if case.codes.all_valid(case.stay, on=case.on):
        return NOTHING
    return _not_valid(case)


def _not_valid(case: Question) -> Iterator[Finding]:
    for where, system, code in _coded(case.stay):
        answer = case.codes.standing(system, code, on=case.on)
        if not answer.valid:
            yield _unusable(where, system, code, answer, case.on)


def _coded(stay: Encounter) -> Iterator[tuple[str, CodeSet, str]]:
    """Every code of a stay: its place, its system and itself."""
    for index, diagnosis in enumerate(stay.diagnoses):
        yield f"diagnoses[{index}].code", "icd10cm", diagnosis.code
    for index, procedure in enumerate(stay.procedures):
        yield f"procedures[{index}].code", "icd10pcs", procedure.code
    if stay.admitting_diagnosis:
        yield "admitting_diagnosis", "icd10cm", stay.admitting_diagnosis
    for index, code in enumerate(stay.reason_for_visit):
        yield f"reason_for_visit[{index}]", "icd10cm", code


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


def diagnoses_once(case: Question) -> Iterable[Finding]:
    """No diagnosis stands twice."""
    codes = case.stay.diagnosis_codes
    if len(set(codes)) == len(codes):
        return NOTHING
    first: dict[str, int] = {}
    return [
        Finding(
            rule="integrity.duplicate_diagnosis",
            where=f"diagnoses[{index}].code",
            message=f"{dotted(code)} is already diagnoses[{first[code]}].",
            code=code,
            remedy="Report each diagnosis once, with one present-on-admission indicator.",
            facts={"code": dotted(code), "first": f"diagnoses[{first[code]}]"},
            citation="ICD-10-CM Official Guidelines for Coding and Reporting, section I.B.12",
        )
        for index, code in enumerate(codes)
        if first.setdefault(code, index) != index
    ]


def procedures_once(case: Question) -> Iterable[Finding]:
    """The same procedure twice on a day, which may be meant, is pointed out."""
    procedures = case.stay.procedures
    if len(procedures) < 2:
        return NOTHING
    first: dict[object, int] = {}
    return [
        Finding(
            rule="integrity.duplicate_procedure",
            where=f"procedures[{index}].code",
            message=f"{procedure.code} is on the same day as procedures[{earlier}].",
            severity="information",
            stage="none",
            code=procedure.code,
            remedy="Keep both only where the procedure was done at two sites or twice.",
            facts={"code": procedure.code, "first": f"procedures[{earlier}]"},
            citation="ICD-10-PCS Official Guidelines for Coding and Reporting, B3.2",
        )
        for index, procedure in enumerate(procedures)
        if (earlier := first.setdefault((procedure.code, procedure.date), index)) != index
    ]


def not_too_many(case: Question) -> Iterable[Finding]:
    """A claim carries 25 diagnoses and 25 procedures."""
    stay = case.stay
    if len(stay.diagnoses) <= _MOST and len(stay.procedures) <= _MOST:
        return NOTHING
    return [
        Finding(
            rule="integrity.too_many_codes",
            where=what,
            message=f"There are {len(codes)} {what}, and a claim carries {_MOST}. The grouper"
            " uses them all; a payer sees the first ones only.",
            severity="warning",
            remedy=f"Put the {_MOST} that bear most on the stay first, or leave the rest out.",
            facts={"count": str(len(codes)), "most": str(_MOST)},
            citation="Medicare Claims Processing Manual, chapter 3, section 20.2.1",
        )
        for what, codes in (("diagnoses", stay.diagnoses), ("procedures", stay.procedures))
        if len(codes) > _MOST
    ]


def poa_given(case: Question) -> Iterable[Finding] | NotCovered:
    """Every diagnosis that is not exempt says whether it was present on admission.

    Hospitals outside the inpatient payment system need not say. Where a diagnosis says nothing and
    the list of exempt codes is not held, that cannot be told.
    """
    stay = case.stay
    if stay.hospital_poa_status == "EXEMPT":
        return NOTHING
    silent = [each for each in enumerate(stay.diagnoses) if each[1].poa not in _SAID]
    if not silent:
        return NOTHING
    exempt = case.codes.poa_exempt(on=case.on)
    if isinstance(exempt, NotCovered):
        return exempt
    return [_poa_missing(index, each) for index, each in silent if not exempt(each.code)]


_SAID = ("Y", "N", "U", "W")


def _poa_missing(index: int, diagnosis: Diagnosis) -> Finding:
    shown = dotted(diagnosis.code)
    said = "says that it is exempt (1)" if diagnosis.poa == "1" else "says nothing"
    return Finding(
        rule="integrity.poa_missing",
        where=f"diagnoses[{index}].poa",
        message=f"{shown} {said}, and its code is not exempt from saying whether it was"
        " present on admission.",
        code=diagnosis.code,
        remedy="Give Y (present), N (not), U (the record does not tell) or W (the physician"
        " cannot tell).",
        facts={"code": shown, "poa": diagnosis.poa},
        citation=_POA,
    )


def poa_not_needed(case: Question) -> Iterable[Finding] | NotCovered:
    """A present-on-admission indicator on an exempt code is pointed out."""
    stay = case.stay
    if stay.hospital_poa_status == "EXEMPT":
        return NOTHING
    exempt = case.codes.poa_exempt(on=case.on)
    if isinstance(exempt, NotCovered):
        said = [diagnosis for diagnosis in stay.diagnoses if diagnosis.poa in _SAID]
        return exempt if said else NOTHING
    return [
        _poa_said(index, diagnosis)
        for index, diagnosis in enumerate(stay.diagnoses)
        if diagnosis.poa in _SAID and exempt(diagnosis.code)
    ]


def _poa_said(index: int, diagnosis: Diagnosis) -> Finding:
    shown = dotted(diagnosis.code)
    return Finding(
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
