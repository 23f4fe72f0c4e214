"""Pregnancy: the trimester of a code against the weeks of gestation and against other codes.

The note of chapter 15 counts trimesters from the last menstrual period: the first is less than 14
weeks 0 days, the second less than 28 weeks 0 days, the third until delivery. Category Z3A gives the
completed weeks. ICD-10-CM Official Guidelines, sections I.C.15.a.3 to I.C.15.a.5 and
I.C.21.c.11: a stay that spans trimesters may bear more than one.
"""

from __future__ import annotations

from superbill.edits.conventions.case import Case
from superbill.edits.conventions.table import section

_WEEKS = "Z3A"
_FIRST_ENDS, _SECOND_ENDS = 14, 28


def trimester(case: Case) -> None:
    """The trimester of each code is that of the weeks of gestation, and one for the stay."""
    named = [
        (position, profile.trimester)
        for position, profile in enumerate(case.profiles)
        if profile.trimester and profile.category[0] == "O"
    ]
    if not named:
        return
    weeks = [position for position, code in enumerate(case.codes) if code.startswith(_WEEKS)]
    if weeks:
        _against_weeks(case, named, weeks[0])
    first: dict[str, int] = {}
    for position, name in named:
        if name == "unspecified":
            continue
        for other, there in first.items():
            if other != name:
                case.found(
                    "conventions.trimester",
                    position,
                    f"{case.profiles[position].shown} is of the {name} trimester, and"
                    f" {case.profiles[there].shown} of the {other}.",
                    "Give every code the trimester of the encounter; both may stay where the stay"
                    " spans the two and each condition began in its own.",
                    section("I.C.15.a.4"),
                    severity="warning",
                    other=there,
                )
                break
        first.setdefault(name, position)


def _against_weeks(case: Case, named: list[tuple[int, str]], at: int) -> None:
    weeks = case.codes[at][3:]
    if not weeks.isdigit() or weeks == "00":
        return
    right = of_weeks(int(weeks))
    for position, name in named:
        shown = case.profiles[position].shown
        if name == "unspecified":
            message = f"{shown} leaves the trimester open, and {case.profiles[at].shown} gives it."
            remedy = f"Use the code of the {right} trimester."
            number = "I.C.15.a.5"
        elif name != right:
            message = (
                f"{shown} is of the {name} trimester, and {case.profiles[at].shown} of the {right}."
            )
            remedy = (
                f"Use the code of the {right} trimester, or correct the weeks; the condition may"
                " have begun in another trimester of the same stay."
            )
            number = "I.C.15.a.3"
        else:
            continue
        case.found(
            "conventions.trimester",
            position,
            message,
            remedy,
            section(number),
            severity="warning",
            other=at,
        )


def of_weeks(weeks: int) -> str:
    """The trimester of so many completed weeks.

    >>> of_weeks(13), of_weeks(14), of_weeks(28)
    ('first', 'second', 'third')
    """
    if weeks < _FIRST_ENDS:
        return "first"
    return "second" if weeks < _SECOND_ENDS else "third"
