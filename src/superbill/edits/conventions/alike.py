"""Codes of one condition side by side: left and right, and specified and not.

ICD-10-CM Official Guidelines, sections I.B.13 (laterality), I.B.2 and I.A.9.b (unspecified codes).
Only codes of the same category can be alike, so that most records have nothing to compare.
"""

from __future__ import annotations

from itertools import combinations

from superbill.edits.conventions.case import Case
from superbill.edits.conventions.profile import Profile
from superbill.edits.conventions.table import section
from superbill.edits.conventions.titles import Vague

_BY_EYE = "H40"  # glaucoma has a stage for each eye (I.C.7.a.3)
_EXTERNAL = frozenset("VWXY")
SUBSTANCES = frozenset(f"F{number}" for number in (*range(10, 17), 18, 19))
"""Categories of substances whose fourth character is use, abuse or dependence."""


def neighbours(case: Case) -> list[tuple[int, int]]:
    """Pairs of positions whose codes share a category."""
    profiles = case.profiles
    if len({profile.bit for profile in profiles}) == len(profiles):
        return []
    return [
        (one, two)
        for one, two in combinations(range(len(profiles)), 2)
        if profiles[one].category == profiles[two].category
        and profiles[one].code != profiles[two].code
    ]


def laterality(case: Case, pairs: list[tuple[int, int]]) -> None:
    """Sides do not contradict each other, and a bilateral code is used where there is one."""
    for one, two in pairs:
        first, second = case.profiles[one], case.profiles[two]
        if first.side is None or second.side is None or first.side.key != second.side.key:
            continue
        if first.seventh != second.seventh and first.side.side != second.side.side:
            by_eye = first.category == _BY_EYE and "bilateral" in {
                first.side.side,
                second.side.side,
            }
            if not by_eye and not _names_side(first):
                continue
        _sides(case, one, two)


def _names_side(profile: Profile) -> bool:
    """Whether the seventh character is the side, so that it differs where the side does."""
    return profile.category in {"E08", "E09", "E10", "E11", "E13"}


def _sides(case: Case, one: int, two: int) -> None:
    first, second = case.profiles[one], case.profiles[two]
    assert first.side is not None
    assert second.side is not None
    sides = {first.side.side, second.side.side}
    if len(sides) == 1:
        return
    if "unspecified" in sides:
        open_one = one if first.side.side == "unspecified" else two
        other = two if open_one == one else one
        _found(
            case,
            open_one,
            other,
            f"{case.profiles[open_one].shown} leaves the side open, which"
            f" {case.profiles[other].shown} names for the same condition.",
            "Keep the code that names the side; report both only if one more side is affected"
            " and the record cannot tell which.",
        )
    elif "bilateral" in sides:
        single = one if first.side.side != "bilateral" else two
        other = two if single == one else one
        _found(
            case,
            single,
            other,
            f"{case.profiles[single].shown} names one side of a condition that"
            f" {case.profiles[other].shown} reports for both.",
            "Keep the bilateral code, or the code of each side where the two sides differ.",
        )
    elif both := case.book.bilateral(first):
        _found(
            case,
            two,
            one,
            f"{first.shown} and {second.shown} report both sides of a condition for which there"
            f" is a bilateral code, {both}.",
            f"Report {both} in place of the two.",
        )


def _found(case: Case, position: int, other: int, message: str, remedy: str) -> None:
    glaucoma = case.profiles[position].category == _BY_EYE
    case.found(
        "conventions.laterality",
        position,
        message,
        remedy,
        section("I.C.7.a.2" if glaucoma else "I.B.13"),
        severity="warning",
        other=other,
        release=case.release,
    )


def unspecified(case: Case, pairs: list[tuple[int, int]]) -> None:
    """What is not specified by one code is not specified by another beside it."""
    told: set[int] = set()
    for one, two in pairs:
        for here, there in ((one, two), (two, one)):
            if here in told or case.codes[here][0] in _EXTERNAL:
                continue
            vague, plain = case.profiles[here], case.profiles[there]
            if vague.side and plain.side and vague.side.key == plain.side.key:
                continue  # a matter of sides
            if vague.category in SUBSTANCES and vague.code[3] != plain.code[3]:
                continue  # a matter of patterns of use
            for turn in vague.unspecified:
                if _specified(plain, turn):
                    told.add(here)
                    _vague(case, here, there)
                    break


def _specified(plain: Profile, turn: Vague) -> bool:
    """Whether a code specifies what another leaves open at ``turn``."""
    return (
        turn.above in plain.places
        and turn.place not in plain.places
        and not any(each.wholly and each.above == turn.above for each in plain.unspecified)
    )


def _vague(case: Case, here: int, there: int) -> None:
    vague, plain = case.profiles[here].shown, case.profiles[there].shown
    case.found(
        "conventions.unspecified",
        here,
        f"{vague} leaves open what {plain} specifies.",
        f"Leave {vague} out, unless it is another condition that the record does not specify.",
        section("I.A.9.b"),
        severity="warning",
        other=there,
        release=case.release,
    )


def doubled(case: Case, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs that are one code but for the seventh character."""
    return [
        (one, two)
        for one, two in pairs
        if len(case.codes[one]) == len(case.codes[two]) == 7
        and case.codes[one][:6] == case.codes[two][:6]
    ]
