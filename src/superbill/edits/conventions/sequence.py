"""Code first, use additional code, code also: which codes belong together, and in which order.

ICD-10-CM Official Guidelines, sections I.A.13, I.A.17 and I.B.7. "Code first" puts the underlying
condition before the code that bears the note, if it is known; "use additional code" asks for a
code after it, if it is known; "code also" asks for another in either order. What a note says only
"if applicable" is not missed; what it names is put in order all the same.
"""

from __future__ import annotations

from superbill.codes.notes import Instruction
from superbill.codes.notes.tree import Target
from superbill.edits.conventions.case import Case
from superbill.model.finding import Severity

_NEAR = frozenset({"category", "subcategory"})


def code_first(case: Case) -> None:
    """What a note puts first comes first, and a code that needs one before it has it."""
    for here, profile in enumerate(case.profiles):
        for each in profile.first:
            _first(case, here, each)


def _first(case: Case, here: int, each: Instruction) -> None:
    profile = case.profiles[here]
    before, after = _around(case, here, each.target)
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
    manner = each.manner
    if before or manner.conditional or manner.optional:
        return
    lone = len(each.lines) == 1 and not each.open
    if here == 0 and not profile.manifestation:
        if manner.examples or each.open or lone:
            _alone(case, here, each, f"{profile.shown} is listed first", "warning")
    elif lone and not manner.examples:
        _alone(case, here, each, f"Nothing listed before {profile.shown} fits", "warning")
    elif here and manner.examples and each.target and profile.manifestation:
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


def use_additional(case: Case) -> None:
    """What a note adds comes after, and is there where the note is not conditional."""
    told: set[tuple[str, str]] = set()
    for here, profile in enumerate(case.profiles):
        for each in profile.additional:
            if each.node.kind not in _NEAR or not each.target or each.manner.conditional:
                continue
            before, after = _around(case, here, each.target)
            if here and before and before[0] == 0 and not after and not each.manner.optional:
                if not _puts_first(case, 0, profile.code):
                    _before(case, here, each)
            elif not before and not after and _expected(each) and _once(told, each):
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


def code_also(case: Case) -> None:
    """What a note couples is there too, where the note is not conditional."""
    told: set[tuple[str, str]] = set()
    for here, profile in enumerate(case.profiles):
        for each in profile.also:
            if each.node.kind not in _NEAR or not each.target or not _expected(each):
                continue
            before, after = _around(case, here, each.target)
            if not before and not after and _once(told, each):
                case.note(
                    "code_also",
                    here,
                    f"{each.place} couples another code with {profile.shown}: {each.said}",
                    "Add the code if the record says it, in the order of the encounter.",
                    each,
                    each.said,
                    severity="information",
                )


def _once(told: set[tuple[str, str]], each: Instruction) -> bool:
    """Whether an instruction that several codes inherit is told for the first time."""
    key = each.node.code, each.said
    if key in told:
        return False
    told.add(key)
    return True


def _expected(each: Instruction) -> bool:
    manner = each.manner
    return not (manner.conditional or manner.optional or manner.examples or each.open)


def _around(case: Case, here: int, target: Target) -> tuple[list[int], list[int]]:
    """The positions before and after ``here`` of codes that ``target`` holds."""
    before: list[int] = []
    after: list[int] = []
    for there, code in enumerate(case.codes):
        if there != here and target.holds(code):
            (before if there < here else after).append(there)
    return before, after


def _puts_first(case: Case, position: int, code: str) -> bool:
    """Whether a "code first" note at ``position`` names ``code``, and so has spoken."""
    return any(each.target.holds(code) for each in case.profiles[position].first)
