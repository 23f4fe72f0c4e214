"""Injuries, burns and ulcers of one site: the order and the degree that are reported.

ICD-10-CM Official Guidelines, sections I.C.19.b.1 (superficial injuries), I.C.19.c.3 (physeal
fractures), I.C.19.d.1 and I.C.19.d.2 (burns), I.C.12.a (pressure ulcers), I.C.5.b.2 (use, abuse and
dependence) and I.C.20.f (which external cause comes first).
"""

from __future__ import annotations

from itertools import pairwise, permutations

from superbill.edits.conventions.alike import SUBSTANCES
from superbill.edits.conventions.case import Case
from superbill.edits.conventions.table import section

_BURN = tuple(f"T{number}" for number in range(20, 26))
_DEGREES = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 0, "5": 1, "6": 2, "7": 3}
_STAGES = frozenset("1234")
_PHYSEAL = {
    "S422": "S490",
    "S424": "S491",
    "S526": "S590",
    "S521": "S591",
    "S525": "S592",
    "S720": "S790",
    "S721": "S790",
    "S722": "S790",
    "S724": "S791",
    "S821": "S890",
    "S823": "S891",
    "S826": "S893",
    "S920": "S990",
    "S923": "S991",
    "S924": "S992",
    "S925": "S992",
}
"""The end of a bone, and the fracture of its growth plate."""
_PATTERNS = {"1": "abuse", "2": "dependence", "9": "use"}
_ACTIVITY = ("Y92", "Y93", "Y99")


def burns(case: Case, pairs: list[tuple[int, int]]) -> None:
    """The burn of the highest degree is the first of the burns, and the only one of its site."""
    found = [
        (position, _DEGREES.get(code[3], 0))
        for position, code in enumerate(case.codes)
        if code.startswith(_BURN) and code[6:7] != "S"
    ]
    if not found:
        return
    first, degree = found[0]
    worst, highest = max(found, key=lambda each: each[1])
    if highest > degree:
        case.found(
            "conventions.burn_degree",
            first,
            f"{case.profiles[first].shown} is listed before {case.profiles[worst].shown}, a burn"
            " of a higher degree.",
            "List the burn of the highest degree first.",
            section("I.C.19.d.1"),
            severity="warning",
            other=worst,
        )
    for one, two in pairs:
        a, b = case.codes[one], case.codes[two]
        same_site = a.startswith(_BURN) and a[4:6] == b[4:6] and "S" not in {a[6:7], b[6:7]}
        same_cause = (a[3:4] < "4") == (b[3:4] < "4")
        if same_site and same_cause and _DEGREES.get(a[3]) != _DEGREES.get(b[3]):
            lower = one if _DEGREES.get(a[3], 0) < _DEGREES.get(b[3], 0) else two
            higher = two if lower == one else one
            case.found(
                "conventions.burn_degree",
                lower,
                f"{case.profiles[lower].shown} and {case.profiles[higher].shown} are burns of one"
                " site in two degrees.",
                f"Keep {case.profiles[higher].shown}, of the higher degree, alone.",
                section("I.C.19.d.2"),
                severity="warning",
                other=higher,
            )


def pressure_ulcers(case: Case, pairs: list[tuple[int, int]]) -> None:
    """An ulcer has one stage, unless it grew worse during the stay."""
    for one, two in pairs:
        a, b = case.codes[one], case.codes[two]
        if not (a.startswith("L89") and len(a) == len(b) == 6 and a[:5] == b[:5]):
            continue
        stages = {a[5], b[5]}
        if "9" in stages:
            continue  # not specified beside specified is said elsewhere
        if "0" in stages and stages & _STAGES:
            open_one = one if a[5] == "0" else two
            _stage(
                case,
                open_one,
                two if open_one == one else one,
                "is of a stage that could not be seen, and",
                "gives the stage of the same site",
                "Keep the stage that was seen, unless there are two ulcers.",
                "I.C.12.a.2",
            )
        elif case.poa(one) == case.poa(two) == "Y":
            _stage(
                case,
                two,
                one,
                "and",
                "give one site two stages, both present on admission",
                "Keep the stage on admission; the other one is for a stage reached later in the"
                " stay, or for another ulcer.",
                "I.C.12.a.6",
            )


def _stage(
    case: Case, here: int, there: int, link: str, tail: str, remedy: str, number: str
) -> None:
    case.found(
        "conventions.pressure_ulcer_stage",
        here,
        f"{case.profiles[here].shown} {link} {case.profiles[there].shown} {tail}.",
        remedy,
        section(number),
        severity="warning",
        other=there,
    )


def substances(case: Case, pairs: list[tuple[int, int]]) -> None:
    """One pattern for each substance: dependence before abuse, abuse before use."""
    rank = {"use": 0, "abuse": 1, "dependence": 2}
    for one, two in pairs:
        if case.profiles[one].category not in SUBSTANCES:
            continue
        first = _PATTERNS.get(case.codes[one][3:4])
        second = _PATTERNS.get(case.codes[two][3:4])
        if first is None or second is None or first == second:
            continue
        less, more = (one, two) if rank[first] < rank[second] else (two, one)
        pattern = second if more == two else first
        case.found(
            "conventions.substance_pattern",
            less,
            f"{case.profiles[less].shown} and {case.profiles[more].shown} report two patterns of"
            " use of one substance.",
            f"Keep {case.profiles[more].shown}, the {pattern}, alone.",
            section("I.C.5.b.2"),
            severity="warning",
            other=more,
        )


def physeal_fractures(case: Case) -> None:
    """A fracture of a growth plate is reported without a code for the bone."""
    for plate, bone in _acute(case):
        a, b = case.codes[plate], case.codes[bone]
        if a.startswith(_PHYSEAL.get(b[:4], "-")) and a[5] == b[5]:
            case.found(
                "conventions.physeal_fracture",
                bone,
                f"{case.profiles[bone].shown} is the fracture of the end of a bone whose growth"
                f" plate {case.profiles[plate].shown} reports as broken.",
                "Report the fracture of the growth plate alone, unless the bone broke elsewhere"
                " too.",
                section("I.C.19.c.3"),
                severity="warning",
                other=plate,
            )


def superficial_injuries(case: Case) -> None:
    """A superficial injury is not reported beside a graver one of the same site."""
    told: set[int] = set()
    for slight, grave in _acute(case):
        a, b = case.codes[slight], case.codes[grave]
        if slight not in told and a[1] == b[1] and a[2] == "0" and b[2] != "0":
            told.add(slight)
            case.found(
                "conventions.superficial_injury",
                slight,
                f"{case.profiles[slight].shown} is a superficial injury of the part of the body"
                f" where {case.profiles[grave].shown} is a graver one.",
                "Leave the superficial injury out if it is of the same site.",
                section("I.C.19.b.1"),
                severity="information",
                other=grave,
            )


def _acute(case: Case) -> list[tuple[int, int]]:
    """Ordered pairs of positions of injuries (S00-S99) under active treatment."""
    acute = [
        position
        for position, code in enumerate(case.codes)
        if code[0] == "S" and len(code) == 7 and code[6] in "ABC"
    ]
    return list(permutations(acute, 2))


def external_causes(case: Case) -> None:
    """Abuse, terrorism, cataclysm and transport come before other causes, in this order."""
    ranks = [
        (position, _rank(code))
        for position, code in enumerate(case.codes)
        if code[0] in "VWXY" and not code.startswith((*_ACTIVITY, "Y90", "Y95", "Y62", "Y63"))
    ]
    for (here, mine), (there, other) in pairwise(ranks):
        if other < mine:
            case.found(
                "conventions.external_cause_order",
                here,
                f"{case.profiles[here].shown} is listed before {case.profiles[there].shown}, which"
                " takes priority among external causes.",
                "List abuse first, then terrorism, cataclysms, transport accidents, and the rest.",
                section("I.C.20.f"),
                severity="information",
                other=there,
            )
            return


def _rank(code: str) -> int:
    if code.startswith("Y07"):
        return 0
    if code.startswith("Y38"):
        return 1
    if "X34" <= code[:3] <= "X39":
        return 2
    return 3 if code[0] == "V" else 4
