"""Code first, use additional code, code also: which codes belong together, and in which order.

ICD-10-CM Official Guidelines, sections I.A.13, I.A.17 and I.B.7. "Code first" puts the underlying
condition before the code that bears the note, if it is known; "use additional code" asks for a
code after it, if it is known; "code also" asks for another in either order. What a note says only
"if applicable" is not missed; what it names is put in order all the same.
"""

from __future__ import annotations

from superbill.codes.notes import Instruction
from superbill.edits.conventions.case import Case
from superbill.edits.conventions.profile import TOLD, Told
from superbill.model.finding import Severity


def sequence(case: Case) -> None:
    """Follow every such note on the record."""
    mask = case.mask
    seen: set[tuple[str, str]] = set()
    for here, profile in enumerate(case.profiles):
        if not profile.traits & TOLD:
            continue
        for told in profile.first:
            if told.mask & mask or told.expected:
                _first(case, here, told)
        for told in profile.additional:
            if told.mask & mask or told.expected:
                _additional(case, here, told, seen)
        for told in profile.also:
            _also(case, here, told, seen)


def _first(case: Case, here: int, told: Told) -> None:
    profile = case.profiles[here]
    each = told.note
    before, after = _around(case, here, told)
    if after and not (before and not each.manner.each):
        there = after[0]
        line = each.line(case.codes[there])
        other = case.profiles[there].shown
        case.note(
            "code_first",
            here,
            f"{profile.shown} is listed before {other}, which {each.place} puts first.",
            f"List {other} before {profile.shown}, if it is the condition underneath.",
            each,
            each.said if line is None else line.text,
            severity="error" if here == 0 and not each.manner.conditional else "warning",
            other=there,
        )
        return
    if before or not told.expected:
        return
    lone = len(each.lines) == 1 and not each.open and not each.manner.examples
    if here == 0 and not profile.manifestation:
        _alone(case, here, each, f"{profile.shown} is listed first", "warning")
    elif lone:
        _alone(case, here, each, f"Nothing listed before {profile.shown} fits", "warning")
    elif here and each.manner.examples and each.target and profile.manifestation:
        _alone(case, here, each, f"None of the examples precedes {profile.shown}", "information")


def _alone(case: Case, here: int, each: Instruction, how: str, severity: Severity) -> None:
    case.note(
        "code_first",
        here,
        f"{how}; {each.place} asks for the condition underneath first: {each.said}",
        f"List the condition underneath before {case.profiles[here].shown}, if it is known.",
        each,
        each.said,
        severity=severity,
    )


def _additional(case: Case, here: int, told: Told, seen: set[tuple[str, str]]) -> None:
    """What a note adds comes after, and is there where the note is not conditional."""
    each = told.note
    profile = case.profiles[here]
    before, after = _around(case, here, told)
    if here and before and before[0] == 0 and not after and not each.manner.optional:
        if not _puts_first(case, 0, profile.code):
            _before(case, here, each)
    elif told.expected and not before and not after and _once(seen, each):
        case.note(
            "use_additional",
            here,
            f"{each.place} asks for a further code with {profile.shown}: {each.said}",
            "Add the code if the record says it.",
            each,
            each.said,
            severity="information",
        )


def _before(case: Case, here: int, each: Instruction) -> None:
    first, shown = case.profiles[0].shown, case.profiles[here].shown
    line = each.line(case.codes[0])
    case.note(
        "use_additional",
        0,
        f"{first} is listed first, and {each.place} makes it an additional code of {shown}.",
        f"List {first} after {shown}, unless it is the reason for the encounter by itself.",
        each,
        each.said if line is None else line.text,
        severity="warning",
        other=here,
    )


def _also(case: Case, here: int, told: Told, seen: set[tuple[str, str]]) -> None:
    """What a note couples is there too, where the note is not conditional."""
    each = told.note
    before, after = _around(case, here, told)
    if not before and not after and _once(seen, each):
        case.note(
            "code_also",
            here,
            f"{each.place} couples another code with {case.profiles[here].shown}: {each.said}",
            "Add the code if the record says it, in the order of the encounter.",
            each,
            each.said,
            severity="information",
        )


def _once(seen: set[tuple[str, str]], each: Instruction) -> bool:
    """Whether an instruction that several codes inherit is told for the first time."""
    key = each.node.code, each.said
    if key in seen:
        return False
    seen.add(key)
    return True


def _around(case: Case, here: int, told: Told) -> tuple[list[int], list[int]]:
    """The positions before and after ``here`` of codes that an instruction names."""
    before: list[int] = []
    after: list[int] = []
    if not told.mask & case.mask:
        return before, after
    for there, profile in enumerate(case.profiles):
        if told.mask & profile.bit and there != here and told.note.target.holds(profile.code):
            (before if there < here else after).append(there)
    return before, after


def _puts_first(case: Case, position: int, code: str) -> bool:
    """Whether a "code first" note at ``position`` names ``code``, and so has spoken."""
    return any(told.note.target.holds(code) for told in case.profiles[position].first)
