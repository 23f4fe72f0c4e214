"""What modifiers say about payment, and which of them contradict one another.

A modifier that changes no amount is accepted in silence only if it is listed here as one; one that
is not known is refused, never passed over. Sources: Medicare Claims Processing Manual (CPM),
chapters 5, 12 and 30, and the description of the fee schedule database (MPFSDB, addendum to
chapter 23).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from superbill.errors import Invalid, NotCovered, Problem
from superbill.pricing.mpfs.codes import words

COMPONENTS = ("26", "TC")
GLOBAL_PARTS = ("54", "55", "56")
ASSISTANTS = ("80", "81", "82", "AS")
ANESTHESIA = ("AA", "AD", "QK", "QX", "QY", "QZ")
THERAPY_ASSISTANTS = ("CO", "CQ")

BY_REPORT = {
    "22": "an unusual service is paid on a report (CPM chapter 12, section 40.2)",
    "52": "a reduced service is paid on a report (CPM chapter 12, section 40.2)",
    "66": "team surgery is paid on a report (CPM chapter 12, section 40.8)",
}

DENIALS = {
    "GY": ("96", True, "the biller says that the law does not cover it (GY)"),
    "GZ": ("50", False, "the biller expects it not to be reasonable and necessary (GZ)"),
}
"""Claim adjustment reason, whether the patient bears it, and why (CPM chapter 1, section 60)."""

EQUIPMENT = {"FX": "film_x_ray", "FY": "computed_radiography", "CT": "old_scanner"}
"""Modifiers that take a part of the technical component, and the figure of each."""

NO_EFFECT = words(
    "24 25 27 33 57 58 59 76 77 79 90 91 92 93 95 99 AF AG AH AI AJ AK AM AQ AR AT CC CR CS E1 E2"
    " E3 E4 EJ ET F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FQ FR FS FT G8 G9 GA GC GE GG GH GJ GN GO GP GQ"
    " GR GT GV GW GX J1 J2 J3 JW JZ KX LC LD LM LT PT Q0 Q1 Q3 Q4 Q5 Q6 Q7 Q8 Q9 QS QW RC RI RT"
    " SA T1 T2 T3 T4 T5 T6 T7 T8 T9 TA XE XP XS XU"
)
"""Modifiers that identify, explain or unlock, and change no amount of the fee schedule."""

_TOGETHER = (
    ({"26", "TC"}, "both components together are the service without a modifier"),
    ({"50", "LT", "RT"}, "50 says both sides, LT and RT one: a line is for one of them"),
    ({"52", "53"}, "a service is either reduced or discontinued"),
    ({"54", "55"}, "surgery and later care together are the service without a modifier"),
    ({"54", "56"}, "54 holds the care before surgery as well"),
    ({"58", "78", "79"}, "a later procedure is staged, unplanned or unrelated"),
    ({"76", "77"}, "a repeat is by the same physician or by another"),
    ({"62", "66", "80", "81", "82"}, "a surgeon is one of two, of a team, or an assistant"),
    ({"62", "66", "AS"}, "a surgeon is one of two, of a team, or an assistant"),
    ({"59", "XE"}, "XE, XP, XS and XU each stand in place of 59"),
    ({"59", "XP"}, "XE, XP, XS and XU each stand in place of 59"),
    ({"59", "XS"}, "XE, XP, XS and XU each stand in place of 59"),
    ({"59", "XU"}, "XE, XP, XS and XU each stand in place of 59"),
    ({"CO", "CQ"}, "an assistant is of occupational or of physical therapy"),
    ({"GA", "GZ"}, "a notice is on file (GA) or is not (GZ)"),
    ({"GA", "GY"}, "GA is for what may not be necessary, GY for what the law does not cover"),
    ({"GY", "GZ"}, "GZ is for what may not be necessary, GY for what the law does not cover"),
    ({"FX", "FY"}, "an X-ray is on film or by computed radiography"),
    (set(ANESTHESIA), "anaesthesia is given in one way"),
)


class Modifiers(NamedTuple):
    """A line's modifiers by what they say; ``component`` is a row of the relative value file."""

    component: str
    bilateral: bool
    second: bool
    parts: tuple[str, ...]
    returned: bool
    co_surgeon: bool
    assistant: bool
    practitioner_assistant: bool
    therapy_assistant: bool
    anesthesia: str
    equipment: tuple[str, ...]
    denial: str
    report: str
    plain: bool


@lru_cache(maxsize=65_536)
def parse(modifiers: tuple[str, ...]) -> Modifiers:
    """What the modifiers of one line say.

    Raises :class:`~superbill.errors.Invalid` where they contradict one another or one stands twice,
    and :class:`~superbill.errors.NotCovered` for one that is not known here.
    """
    given = set(modifiers)
    problems = [
        Problem("modifiers", f"{' and '.join(m for m in modifiers if m in group)}: {why}.", _CHOOSE)
        for group, why in _TOGETHER
        if len(given & group) > 1
    ]
    problems += [
        Problem(f"modifiers[{place}]", f"{modifier} stands twice.", "Give it once.")
        for place, modifier in enumerate(modifiers)
        if modifier in modifiers[:place]
    ]
    if problems:
        raise Invalid(problems)
    for modifier in modifiers:
        if modifier not in _KNOWN:
            raise NotCovered(
                f"What modifier {modifier} does to an amount of the physician fee schedule",
                on=None,
                remedy="No rule for it is held: leave it out, or price the line by hand.",
            )
    component = next((m for m in (*COMPONENTS, "53") if m in given), "")
    return Modifiers(
        component,
        "50" in given,
        "51" in given,
        tuple(m for m in GLOBAL_PARTS if m in given),
        "78" in given,
        "62" in given,
        bool(given & set(ASSISTANTS)),
        "AS" in given,
        bool(given & set(THERAPY_ASSISTANTS)),
        next((m for m in ANESTHESIA if m in given), ""),
        tuple(m for m in EQUIPMENT if m in given),
        next((m for m in DENIALS if m in given), ""),
        next((m for m in BY_REPORT if m in given), ""),
        not given - NO_EFFECT - {*COMPONENTS, "53", *EQUIPMENT},
    )


_CHOOSE = "Keep the one that the record supports."
_KNOWN = (
    NO_EFFECT
    | {*COMPONENTS, *GLOBAL_PARTS, *ASSISTANTS, *ANESTHESIA, *THERAPY_ASSISTANTS}
    | {"50", "51", "53", "62", "78", *BY_REPORT, *DENIALS, *EQUIPMENT}
)
