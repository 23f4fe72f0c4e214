"""The CMS certification number: which certified facility it is, and of what kind.

Six characters, issued by CMS when a facility is certified for Medicare or Medicaid (it was once
called the OSCAR or Medicare provider number). The first two name the state, and the last four the
kind of facility by their range: 0001 to 0879 a short-term hospital, 1300 to 1399 a critical
access hospital. A letter in the third place marks a unit of a hospital outside the inpatient
payment system (``T`` rehabilitation, ``S`` psychiatric, ``U`` swing beds …) or a facility of
Medicaid only; a final ``E`` or ``F`` a hospital paid for emergencies alone.

Source: CMS State Operations Manual (Pub. 100-07), chapter 2, section 2779A; state codes as
extended from April 2016 (S&C 16-09).

>>> validate("36-0870")
'360870'
>>> facility("360870"), state("360870")
('short-term hospital', 'OH')
>>> facility("36T870")  # a unit of hospital 360870
'rehabilitation unit'
>>> is_valid("36087")  # five characters
False
>>> is_valid("600001")  # no state has the code 60
False
>>> is_valid("360000")  # ranges start at 0001
False
>>> is_valid("36Q001")  # Q marks nothing
False
>>> format("360870")
'36-0870'
"""

from __future__ import annotations

from bisect import bisect_right

from superbill.errors import Invalid

# State code on the left of the number, postal abbreviation. Foreign hospitals: 56 Canada,
# 59 Mexico, 99 elsewhere.
_CODES_OF_STATE = {
    "AL": "01",
    "AK": "02",
    "AZ": "03 00",
    "AR": "04 89",
    "CA": "05 55 75 92 A0 A1 B2",
    "CO": "06 91",
    "CT": "07 81",
    "DE": "08",
    "DC": "09",
    "FL": "10 68 69 A2",
    "GA": "11 85",
    "HI": "12",
    "ID": "13 54",
    "IL": "14 78",
    "IN": "15",
    "IA": "16 76",
    "KS": "17 70",
    "KY": "18 B0",
    "LA": "19 71 95 A3",
    "ME": "20",
    "MD": "21 80",
    "MA": "22 82",
    "MI": "23 A4",
    "MN": "24 77",
    "MS": "25 A5",
    "MO": "26 79",
    "MT": "27",
    "NE": "28",
    "NV": "29",
    "NH": "30",
    "NJ": "31 83",
    "NM": "32 96",
    "NY": "33 57",
    "NC": "34 86",
    "ND": "35",
    "OH": "36 72 A6",
    "OK": "37 90",
    "OR": "38 93",
    "PA": "39 73 A7",
    "PR": "40 84",
    "RI": "41",
    "SC": "42 87",
    "SD": "43",
    "TN": "44 88 A8",
    "TX": "45 67 74 97 A9",
    "UT": "46",
    "VT": "47",
    "VI": "48",
    "VA": "49",
    "WA": "50 94",
    "WV": "51 58 B1",
    "WI": "52",
    "WY": "53",
    "AS": "64",
    "GU": "65",
    "MP": "66",
    "Canada": "56",
    "Mexico": "59",
    "other country": "99",
}
_STATES = {code: name for name, codes in _CODES_OF_STATE.items() for code in codes.split()}

# First number of each range, and the kind of facility.
_RANGES = (
    (1, "short-term hospital"),
    (880, "hospital in a demonstration"),
    (900, "component of a medical complex (no longer issued)"),
    (1000, "federally qualified health center"),
    (1200, "alcohol and drug hospital (no longer issued)"),
    (1225, "medical assistance facility"),
    (1300, "critical access hospital"),
    (1400, "community mental health center"),
    (1500, "hospice"),
    (1800, "federally qualified health center"),
    (1990, "religious nonmedical health care institution"),
    (2000, "long-term care hospital"),
    (2300, "renal dialysis facility in a hospital"),
    (2500, "independent renal dialysis facility"),
    (2900, "independent special-purpose renal dialysis facility"),
    (3000, "tuberculosis hospital (no longer issued)"),
    (3025, "rehabilitation hospital"),
    (3100, "home health agency"),
    (3200, "comprehensive outpatient rehabilitation facility"),
    (3300, "children's hospital"),
    (3400, "rural health clinic of a provider"),
    (3500, "satellite renal dialysis facility of a hospital"),
    (3700, "special-purpose renal dialysis facility of a hospital"),
    (3800, "freestanding rural health clinic"),
    (3975, "rural health clinic of a provider"),
    (4000, "psychiatric hospital"),
    (4500, "comprehensive outpatient rehabilitation facility"),
    (4600, "community mental health center"),
    (4800, "comprehensive outpatient rehabilitation facility"),
    (4900, "community mental health center"),
    (5000, "skilled nursing facility"),
    (6500, "outpatient physical therapy provider"),
    (6990, "reserved"),
    (7000, "home health agency"),
    (8500, "rural health clinic of a provider"),
    (8900, "freestanding rural health clinic"),
    (9000, "home health agency"),
    (9800, "transplant center"),
    (9900, "opioid treatment program"),
)
_STARTS = tuple(start for start, _ in _RANGES)

_LETTERS = {
    "A": "Medicaid nursing facility",
    "B": "Medicaid nursing facility",
    "E": "Medicaid nursing facility",
    "F": "Medicaid nursing facility",
    "G": "intermediate care facility for people with intellectual disabilities",
    "H": "intermediate care facility for people with intellectual disabilities",
    "J": "hospital of Medicaid only",
    "K": "home health agency of Medicaid only",
    "L": "psychiatric residential treatment facility",
    "M": "psychiatric unit of a critical access hospital",
    "P": "organ procurement organization",
    "R": "rehabilitation unit of a critical access hospital",
    "S": "psychiatric unit",
    "T": "rehabilitation unit",
    "U": "swing beds of a short-term hospital",
    "W": "swing beds of a long-term care hospital",
    "Z": "swing beds of a critical access hospital",
}
# A unit within a unit keeps a letter in the fourth place too, as in 21TA26.
_UNITS = frozenset("MRSTUWZ")

_EMERGENCY = {
    "E": "emergency hospital, not federal",
    "F": "emergency hospital, federal",
}


def compact(number: str) -> str:
    """The number without blanks and hyphens, in upper case."""
    return number.replace("-", "").replace(" ", "").upper()


def state(number: str) -> str | None:
    """The postal abbreviation of the state (or the country abroad); ``None`` if no code fits."""
    return _STATES.get(compact(number)[:2])


def facility(number: str) -> str | None:
    """The kind of facility, in words; ``None`` where the number fits no range."""
    bare = compact(number)
    if len(bare) != 6 or not bare.isascii():
        return None
    third, rest = bare[2], bare[2:]
    if rest.isdigit():
        at = bisect_right(_STARTS, int(rest))
        return _RANGES[at - 1][1] if at else None
    if bare[2:5].isdigit():
        return _EMERGENCY.get(bare[5])
    tail = bare[3:]
    if tail.isdigit() or (third in _UNITS and tail[0].isalpha() and tail[1:].isdigit()):
        return _LETTERS.get(third)
    return None


def is_valid(number: str) -> bool:
    """Whether the state and the kind of facility are such as CMS issues."""
    return _fault(compact(number)) is None


def validate(number: str, path: str = "ccn") -> str:
    """The compact number; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong."""
    bare = compact(number)
    fault = _fault(bare)
    if fault is not None:
        raise Invalid.at(path, f"This is not a CMS certification number: {fault}.", REMEDY)
    return bare


def format(number: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The number as people read it, state and facility apart."""
    bare = compact(number)
    return f"{bare[:2]}-{bare[2:]}"


REMEDY = "Compare it with the hospital's certification letter or its cost report."


def _fault(bare: str) -> str | None:
    if len(bare) != 6:
        return f"it has {len(bare)} characters, and 6 are expected"
    if bare[:2] not in _STATES:
        return f"no state has the code {bare[:2]!a}"
    if facility(bare) is None:
        return f"{bare[2:]!a} fits no kind of facility"
    return None
