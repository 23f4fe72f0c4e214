"""The codes against the patient: age, sex, and present on admission.

Ages are those of the Medicare Code Editor's lists on the day (newborn, pediatric, maternity,
adult); its lists of codes for one sex ended with September 2024. The list of codes exempt from
present-on-admission reporting is CMS's, of each fiscal year (Official Guidelines, appendix I).
"""

from __future__ import annotations

from datetime import date

from superbill.edits.conventions.case import Case
from superbill.edits.conventions.validity import Validity
from superbill.edits.mce import attributes
from superbill.store.open import Store

_LISTS = {
    "newborn": "a newborn",
    "pediatric": "a child",
    "maternity": "a pregnancy",
    "adult": "an adult",
}
_EDITOR = "CMS, Definitions of Medicare Code Edits, chapter 1"
_POA = "ICD-10-CM Official Guidelines for Coding and Reporting FY 2026, appendix I"
_OTHER = {"M": "female", "F": "male"}
_EXEMPT = "icd10cm.poa_exempt"


def age(case: Case, validity: Validity, on: date) -> None:
    """Every code fits the patient's age."""
    years = case.record.age
    if years is None:
        return
    groups = attributes.ages()
    day = attributes.number(on)
    for position, profile in enumerate(case.profiles):
        for name in sorted(validity.attributes(profile.code, on=on) & _LISTS.keys()):
            for start, end, youngest, oldest in groups.get(name, ()):
                if start <= day <= end and not youngest <= years <= oldest:
                    span = str(youngest) if youngest == oldest else f"{youngest} to {oldest}"
                    case.found(
                        "conventions.age",
                        position,
                        f"{profile.shown} is meant for {_LISTS[name]} (age {span}); the patient is"
                        f" {years}.",
                        "Check the age and the code; keep both only if the record shows that the"
                        " code still holds.",
                        f"{_EDITOR}, age conflict",
                        severity="error",
                        facts={"ages": span, "age": str(years)},
                    )


def sex(case: Case, validity: Validity, on: date) -> None:
    """Every code fits the patient's sex, as far as the editor's lists say on the day."""
    other = _OTHER.get(case.record.sex)
    if other is None:
        return
    for position, profile in enumerate(case.profiles):
        if other in validity.attributes(profile.code, on=on):
            case.found(
                "conventions.sex",
                position,
                f"{profile.shown} is for a {other} patient; the patient's sex is given as"
                f" {case.record.sex}.",
                "Correct the sex or the code; condition code 45 says that both are right.",
                f"{_EDITOR}, sex conflict",
                severity="error",
                facts={"sex": case.record.sex},
            )


def present_on_admission(case: Case, store: Store, on: date) -> None:
    """An indicator is given where it is needed, and not where the code is exempt.

    Asked only where the record gives any indicator at all. Raises
    :class:`~superbill.errors.NotCovered` where no list of exempt codes of the day is held.
    """
    if not any(case.record.poa) or case.record.setting != "inpatient":
        return
    for position, profile in enumerate(case.profiles):
        given = case.poa(position)
        exempt = store.find(_EXEMPT, on=on, code=profile.code) is not None
        if exempt and given in {"Y", "N", "U", "W"}:
            case.found(
                "conventions.poa",
                position,
                f"{profile.shown} is exempt from saying whether it was present on admission, and"
                f" says {given}.",
                "Leave the indicator empty.",
                _POA,
                severity="information",
            )
        elif not exempt and given not in {"Y", "N", "U", "W"}:
            case.found(
                "conventions.poa",
                position,
                f"{profile.shown} does not say whether it was present on admission, and is not"
                " exempt.",
                "Give Y (present), N (not), U (the record does not tell) or W (the physician"
                " cannot tell).",
                _POA,
                severity="warning",
            )
