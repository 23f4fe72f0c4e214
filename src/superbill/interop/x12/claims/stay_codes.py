"""The codes of a stay, as they stand on its claim: diagnoses, DRG, procedures, codes of the form.

A kind of code that has more members than the claim has places for is refused: nothing is left out
silently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from superbill.interop.x12.coordination import Placed, medicare_secondary_values
from superbill.interop.x12.segments import Builder
from superbill.model import (
    ClaimDiagnosis,
    ClaimProcedure,
    Decision,
    Diagnosis,
    Encounter,
    OccurrenceCode,
    OccurrenceSpan,
    Procedure,
    ValueCode,
)

STILL_A_PATIENT = "30"

# What a claim holds at most.
MOST_OTHER_DIAGNOSES = 24
MOST_EXTERNAL_CAUSES = 12
MOST_OTHER_PROCEDURES = 24
MOST_CODES = 24

# Chapter 20 of ICD-10-CM, external causes of morbidity: V00 to Y99.
_EXTERNAL_CAUSE = frozenset("VWXY")

_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_PROCEDURE = re.compile(r"[0-9A-Z]{7}")
_NUBC = re.compile(r"[0-9A-Z]{2}")


class Codes(NamedTuple):
    """All codes of a claim."""

    diagnoses: tuple[ClaimDiagnosis, ...]
    drg: str
    procedures: tuple[ClaimProcedure, ...]
    occurrence_spans: tuple[OccurrenceSpan, ...]
    occurrence_codes: tuple[OccurrenceCode, ...]
    value_codes: tuple[ValueCode, ...]
    condition_codes: tuple[str, ...]


def health_care_codes(
    b: Builder,
    encounter: Encounter,
    decision: Decision | None,
    placed: Sequence[Placed],
    position: int,
    total: Decimal,
) -> Codes:
    """Every code of the claim."""
    diagnoses, drg = _diagnoses(b, encounter, decision)
    procedures = _procedures(b, encounter.procedures)
    spans = tuple(
        OccurrenceSpan(
            code=_form_code(b, span.code, f"occurrence_spans[{i}].code"),
            start=span.start,
            end=span.end,
        )
        for i, span in enumerate(encounter.occurrence_spans)
    )
    _fits(b, spans, "occurrence_spans", MOST_CODES)
    events = tuple(
        OccurrenceCode(
            code=_form_code(b, event.code, f"occurrence_codes[{i}].code"), date=event.date
        )
        for i, event in enumerate(encounter.occurrence_codes)
    )
    _fits(b, events, "occurrence_codes", MOST_CODES)
    values = medicare_secondary_values(placed, position, total)
    values = _values(b, encounter, values, placed)
    conditions = tuple(
        _form_code(b, code, f"condition_codes[{i}]")
        for i, code in enumerate(encounter.condition_codes)
    )
    _fits(b, conditions, "condition_codes", MOST_CODES)
    return Codes(diagnoses, drg, procedures, spans, events, values, conditions)


def _form_code(b: Builder, code: str, path: str) -> str:
    return b.coded(_NUBC, code, path, "Give two characters.")


def _diagnoses(
    b: Builder, encounter: Encounter, decision: Decision | None
) -> tuple[tuple[ClaimDiagnosis, ...], str]:
    if not encounter.diagnoses:
        b.problem("diagnoses", "has none.", "Give the principal diagnosis.")
        return (), ""
    found = [_diagnosis(b, "principal", encounter.diagnoses[0], 0)]
    admitting = (encounter.admitting_diagnosis or "").strip()
    if admitting:
        code = _icd(b, _DIAGNOSIS, admitting, "admitting_diagnosis")
        found.append(ClaimDiagnosis(code=code, kind="admitting"))
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
    causes: list[ClaimDiagnosis] = []
    others: list[ClaimDiagnosis] = []
    for i, diagnosis in enumerate(encounter.diagnoses[1:], 1):
        outside = diagnosis.code[:1].upper() in _EXTERNAL_CAUSE
        if outside and len(causes) < MOST_EXTERNAL_CAUSES:
            causes.append(_diagnosis(b, "external_cause", diagnosis, i))
        else:
            others.append(_diagnosis(b, "other", diagnosis, i))
    drg = ""
    if decision is not None and decision.grouping is not None:
        drg = b.text(decision.grouping.drg, "decision.grouping.drg", 30)
    _fits(b, others, "diagnoses", MOST_OTHER_DIAGNOSES, "other diagnoses")
    return (*found, *causes, *others), drg


def _diagnosis(
    b: Builder, kind: Literal["principal", "external_cause", "other"], diagnosis: Diagnosis, i: int
) -> ClaimDiagnosis:
    code = _icd(b, _DIAGNOSIS, diagnosis.code, f"diagnoses[{i}].code")
    # A code that is exempt from the indicator has none in 5010: the 1 of older claims is left
    # blank (CMS, change request 7024, transmittal 756 of Pub. 100-20).
    return ClaimDiagnosis(code=code, kind=kind, poa="" if diagnosis.poa == "1" else diagnosis.poa)


def _procedures(b: Builder, procedures: Sequence[Procedure]) -> tuple[ClaimProcedure, ...]:
    found = []
    for i, procedure in enumerate(procedures):
        code = _icd(b, _PROCEDURE, procedure.code, f"procedures[{i}].code")
        if procedure.date is None:
            b.problem(f"procedures[{i}].date", "is missing.", "Give the day of the procedure.")
            continue
        found.append(
            ClaimProcedure(code=code, date=procedure.date, kind="other" if i else "principal")
        )
    _fits(b, procedures[1:], "procedures", MOST_OTHER_PROCEDURES, "other procedures")
    return tuple(found)


def _values(
    b: Builder, encounter: Encounter, secondary: Sequence[ValueCode], placed: Sequence[Placed]
) -> tuple[ValueCode, ...]:
    given = {value.code for value in encounter.value_codes}
    found = []
    for i, value in enumerate(encounter.value_codes):
        code = _form_code(b, value.code, f"value_codes[{i}].code")
        b.amount(value.amount, f"value_codes[{i}].amount")
        found.append(ValueCode(code=code, amount=value.amount))
    for value in secondary:
        if value.code not in given:
            b.amount(value.amount, "value_codes")
            found.append(value)
    found += [
        ValueCode(code=code, amount=Decimal(days))
        for code, days in _days(b, encounter, placed)
        if code not in given
    ]
    _fits(b, found, "value_codes", MOST_CODES)
    return tuple(found)


def _days(b: Builder, encounter: Encounter, placed: Sequence[Placed]) -> list[tuple[str, int]]:
    """Value codes 80 to 83: covered, not covered, coinsurance and lifetime reserve days.

    As Medicare counted them where the decision says so and the record does not. Covered and not
    covered days together are the days of the statement: the day of discharge does not count,
    unless the patient stays (First Coast Service Options, reason code 12206), nor does a stay
    within one day count as none.
    """
    stated = next((v.amount for v in encounter.value_codes if v.code == "80"), None)
    counted = next((p.decision.days for p in placed if p.decision and p.decision.days), None)
    if counted is not None and stated is None:
        days = [("80", counted.covered), ("81", counted.noncovered)]
        days += [("82", counted.coinsurance), ("83", counted.lifetime_reserve)]
    else:
        stayed = max(encounter.length_of_stay, 1)
        if encounter.discharge_status == STILL_A_PATIENT and encounter.length_of_stay:
            stayed += 1
        covered = _covered(b, encounter, stated, stayed)
        days = [("80", covered), ("81", stayed - covered)]
        days += [("83", encounter.lifetime_reserve_days)]
    return [(code, n) for code, n in days if n or code == "80"]


def _covered(b: Builder, encounter: Encounter, stated: Decimal | None, stayed: int) -> int:
    """The covered days of a stay of ``stayed`` days; ``stated`` is what code 80 says already."""
    covered = encounter.covered_days
    if stated is not None and not (stated.is_finite() and stated in range(stayed + 1)):
        b.problem(
            "value_codes",
            f"say {stated} covered days (code 80), and the stay has {stayed}.",
            "Give the covered days of this stay.",
        )
    elif stated is not None and covered is not None and stated != covered:
        b.problem(
            "value_codes",
            f"say {stated} covered days (code 80), and covered_days is {covered}.",
            "Mend one of the two.",
        )
    elif stated is not None:
        return int(stated)
    elif covered is not None and not 0 <= covered <= stayed:
        b.problem(
            "covered_days",
            f"is {covered}, and the stay has {stayed} days.",
            "Give the covered days of this stay.",
        )
    elif covered is not None:
        return covered
    return stayed


def _icd(b: Builder, form: re.Pattern[str], code: str, path: str) -> str:
    return b.coded(form, code.replace(".", ""), path, "Give the code as it is published.")


def _fits(b: Builder, items: Sequence[object], path: str, most: int, what: str = "") -> None:
    if len(items) > most:
        b.problem(
            path,
            f"has {len(items)}{f' {what}' if what else ''}; a claim holds {most}.",
            "Leave out those that matter least: nothing is cut off silently.",
        )
