"""The codes of an institutional claim: every HI segment of loop 2300.

See :mod:`superbill.interop.x12.institutional` for what governs them. A kind of code that has more
members than the claim has places for is refused: nothing is left out silently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from superbill.interop.x12.claim import STILL_A_PATIENT
from superbill.interop.x12.coordination import Placed, medicare_secondary_values
from superbill.interop.x12.segments import Builder, d8, rd8
from superbill.model import Decision, Diagnosis, Encounter, Procedure, ValueCode

# What a claim holds at most: HI segments carry twelve codes, and most kinds may come twice.
_IN_A_SEGMENT = 12
MOST_OTHER_DIAGNOSES = 24
MOST_EXTERNAL_CAUSES = 12
MOST_OTHER_PROCEDURES = 24
MOST_CODES = 24

# Chapter 20 of ICD-10-CM, external causes of morbidity: V00 to Y99.
_EXTERNAL_CAUSE = frozenset("VWXY")

_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_PROCEDURE = re.compile(r"[0-9A-Z]{7}")
_NUBC = re.compile(r"[0-9A-Z]{2}")


def health_care_codes(
    b: Builder,
    encounter: Encounter,
    decision: Decision | None,
    placed: Sequence[Placed],
    position: int,
    total: Decimal,
) -> None:
    """Every HI segment: diagnoses, DRG, procedures, and the codes of the form."""
    _diagnoses(b, encounter, decision)
    _procedures(b, encounter.procedures)
    spans = [
        b.composite(
            "BI",
            b.coded(_NUBC, span.code, f"occurrence_spans[{i}].code", "Give two characters."),
            "RD8",
            rd8(span.start, span.end),
        )
        for i, span in enumerate(encounter.occurrence_spans)
    ]
    _hi(b, spans, "occurrence_spans", MOST_CODES)
    occurrences = [
        b.composite(
            "BH",
            b.coded(_NUBC, event.code, f"occurrence_codes[{i}].code", "Give two characters."),
            "D8",
            d8(event.date),
        )
        for i, event in enumerate(encounter.occurrence_codes)
    ]
    _hi(b, occurrences, "occurrence_codes", MOST_CODES)
    values = medicare_secondary_values(placed, position, total)
    _values(b, encounter, values, placed)
    conditions = [
        b.composite("BG", b.coded(_NUBC, code, f"condition_codes[{i}]", "Give two characters."))
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


def _values(
    b: Builder, encounter: Encounter, secondary: Sequence[ValueCode], placed: Sequence[Placed]
) -> None:
    given = {value.code for value in encounter.value_codes}
    items = [
        b.composite(
            "BE",
            b.coded(_NUBC, value.code, f"value_codes[{i}].code", "Give two characters."),
            "",
            "",
            b.amount(value.amount, f"value_codes[{i}].amount"),
        )
        for i, value in enumerate(encounter.value_codes)
    ]
    items += [
        b.composite("BE", value.code, "", "", b.amount(value.amount, "value_codes"))
        for value in secondary
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
