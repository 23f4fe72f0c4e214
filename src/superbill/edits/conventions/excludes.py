"""Excludes1: two codes that are not reported together, and Excludes2, which is a permission.

ICD-10-CM Official Guidelines, section I.A.12. An Excludes1 note at a place holds for every code
below it, and for every code that the note names. It gives way where the two conditions are
unrelated, which codes alone cannot show: so a conflict is a question to the one who knows the
record. An Excludes2 note says that both may be reported, and finds nothing.
"""

from __future__ import annotations

from superbill.codes.notes import Instruction
from superbill.edits.conventions.case import Case, graver
from superbill.edits.conventions.table import Guideline, section
from superbill.model.finding import Severity

_EXCEPTION = (
    "Both may stay only where the two conditions are unrelated: ask the provider if the record"
    " does not say."
)


def excludes1(case: Case) -> None:
    """No two codes exclude each other, unless their conditions are unrelated."""
    mask = case.mask
    profiles = case.profiles
    seen = case.excluded
    for here, profile in enumerate(profiles):
        if not profile.excludes_mask & mask:
            continue
        for there, other in enumerate(profiles):
            if not profile.excludes_mask & other.bit or there == here:
                continue
            pair = (here, there) if here < there else (there, here)
            if pair in seen or other.code == profile.code:
                continue
            for each in profile.excludes:
                if each.target.holds(other.code) and each.node.code not in other.places:
                    seen.add(pair)
                    _conflict(case, here, there, each)
                    break


def _conflict(case: Case, here: int, there: int, note: Instruction) -> None:
    code, other = case.profiles[here].shown, case.profiles[there].shown
    said = note.lines[0].text
    remedy = f"Keep the one that the record supports. {_EXCEPTION}"
    severity: Severity = "warning"
    citation = section("I.A.12.a")
    at, guidelines = _guidelines(case, here, there)
    for guideline in guidelines:
        # The guideline says which of the two, or what instead.
        first, second = (code, other) if at == here else (other, code)
        remedy = f"{guideline.written.remedy.format(code=first, other=second)} {_EXCEPTION}"
        severity = graver(severity, guideline.written.severity)
        citation = f"{guideline.citation}; {citation}"
    case.note(
        "excludes1",
        here,
        f"{code} excludes {other}: {note.place} names {said}.",
        remedy,
        note,
        said,
        severity=severity,
        other=there,
        guideline=citation,
        rules=" ".join(guideline.written.id for guideline in guidelines),
    )


def _guidelines(case: Case, here: int, there: int) -> tuple[int, list[Guideline]]:
    """What guidelines say of the pair, and at which of the two codes they say it."""
    if found := case.pairs.pop((here, there), None):
        return here, found
    return there, case.pairs.pop((there, here), [])
