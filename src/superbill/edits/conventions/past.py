"""What is past beside what is present: personal history, sequelae, later encounters.

ICD-10-CM Official Guidelines, sections I.C.2.d and I.C.2.m (a former malignancy), I.B.10 and
I.C.19.a (sequelae and the seventh characters of injuries), I.C.20.a.2 (external causes follow the
injury's seventh character).
"""

from __future__ import annotations

from superbill.edits.conventions.case import Case
from superbill.edits.conventions.table import section

_INJURY = frozenset("ST")
_EXTERNAL = frozenset("VWXY")
_BURNS = tuple(f"T{number}" for number in range(20, 33))
_PHASES = {
    **dict.fromkeys("ABC", "initial"),
    **dict.fromkeys("DEFGHJKMNPQR", "subsequent"),
    "S": "sequela",
}


def history(case: Case) -> None:
    """What a code of history says is past is not reported as present at the same site."""
    for here, profile in enumerate(case.profiles):
        if profile.history is None:
            continue
        for there, other in enumerate(case.profiles):
            pair = (here, there) if here < there else (there, here)
            if pair not in case.excluded and profile.history.holds(other.code):
                case.found(
                    "conventions.history",
                    here,
                    f"{profile.shown} says that a condition is past, and {other.shown} reports it"
                    " as present at the same site.",
                    "Keep the history only if treatment is complete and there is no sign of the"
                    f" disease at the site; otherwise keep {other.shown} alone.",
                    section("I.C.2.m"),
                    severity="warning",
                    other=there,
                    release=case.release,
                )
                break


def encounters(case: Case, doubled: list[tuple[int, int]]) -> None:
    """One injury is in one phase of care, and what it left is not beside it while it is acute."""
    for one, two in doubled:
        phases = {_PHASES.get(case.codes[each][6]) for each in (one, two)}
        if None in phases or case.codes[one][0] not in _INJURY | {"M"}:
            continue
        sequela = "sequela" in phases
        if sequela and case.codes[one].startswith(_BURNS):
            continue  # I.C.19.d.8: burns heal at different rates
        first, second = case.profiles[one].shown, case.profiles[two].shown
        if sequela:
            message = (
                f"{first} and {second} report one injury as present and as the cause of a sequela."
            )
            remedy = "Report the condition that it left and the code with S, or the injury alone."
        else:
            message = f"{first} and {second} are one injury with two seventh characters."
            remedy = "Keep the one for the care of this encounter, unless two injuries are meant."
        case.found(
            "conventions.seventh_characters_agree",
            two,
            message,
            remedy,
            section("I.B.10" if sequela else "I.C.19.a"),
            severity="warning",
            other=one,
        )


def external_phase(case: Case) -> None:
    """The seventh character of an external cause is that of an injury on the record."""
    injuries: set[str] = set()
    causes: list[int] = []
    for position, code in enumerate(case.codes):
        if len(code) != 7 or code[6] not in _PHASES:
            continue
        if code[0] in _EXTERNAL:
            causes.append(position)
        elif code[0] in _INJURY or code[0] == "M":
            injuries.add(_PHASES[code[6]])
    if not injuries:
        return
    for position in causes:
        phase = _PHASES[case.codes[position][6]]
        if phase not in injuries:
            case.found(
                "conventions.seventh_characters_agree",
                position,
                f"{case.profiles[position].shown} is of the {phase} encounter or stage, and no"
                " injury on the record is.",
                "Give the external cause the seventh character of the injury that it explains.",
                section("I.C.20.a.2"),
                severity="warning",
            )
