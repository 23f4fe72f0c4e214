"""What the indicators mean: status of a code, place of service, kind of practitioner.

The meanings are CMS's, from the description of the fee schedule database (Medicare Claims
Processing Manual, addendum to chapter 23) and from chapter 12, section 20.4.2, and chapter 26,
section 10.5, for places of service.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Outcome = Literal["paid", "bundled", "denied", "elsewhere", "contractor", "anesthesia"]


class Status(NamedTuple):
    """What a status code means for payment; ``reason`` is the claim adjustment reason code."""

    outcome: Outcome
    meaning: str
    reason: str = ""
    patient_liable: bool = False


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


CITE_STATUS = "CPM chapter 23, addendum (MPFSDB), procedure status"
STATUSES = {
    "A": Status("paid", "active: paid by its relative values where the service is covered"),
    "R": Status("paid", "restricted coverage: paid by its relative values where it has any"),
    "T": Status("paid", "paid only where nothing else is paid to the same biller that day"),
    "B": Status("bundled", "always bundled into other services: never paid on its own", "97"),
    "P": Status("bundled", "bundled or excluded: no payment by this schedule", "97"),
    "M": Status("bundled", "a measurement code, for reporting only: no payment", "246"),
    "N": Status("denied", "not covered by Medicare", "96", patient_liable=True),
    "I": Status("denied", "not valid for Medicare, which uses another code for it", "181"),
    "G": Status("denied", "not valid for Medicare, which uses another code for it", "181"),
    "D": Status("denied", "a deleted code", "181"),
    "F": Status("denied", "a deleted code", "181"),
    "H": Status("denied", "a deleted modifier", "182"),
    "Q": Status("bundled", "functional information, for reporting only: no payment", "246"),
    "C": Status("contractor", "priced by the contractor, as a rule on a report of the case"),
    "L": Status("contractor", "a local code, priced by the contractor"),
    "E": Status("elsewhere", "excluded from the physician fee schedule by regulation"),
    "X": Status("elsewhere", "not within the law's definition of physicians' services"),
    "J": Status("anesthesia", "anaesthesia: paid by base and time units"),
}

CITE_PLACE = "CPM chapter 12, section 20.4.2; chapter 26, section 10.5"
FACILITY = words("02 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61")
"""Places of service at which the facility is paid its own costs: the lower practice expense."""

NONFACILITY = words(
    "01 03 04 09 10 11 12 13 14 15 16 17 18 20 25 27 32 33 49 50 54 55 57 58 60 62 65 71 72 81 99"
)

UNRATED = words("05 06 07 08 66")
"""Places of the code set for which the manual names neither rate: Indian Health Service, PACE."""

PRACTITIONERS = {
    "physician": "",
    "nurse_practitioner": "practitioner",
    "physician_assistant": "practitioner",
    "clinical_nurse_specialist": "practitioner",
    "nurse_midwife": "",
    "psychologist": "",
    "therapist": "",
    "dietitian": "dietitian",
    "social_worker": "social_worker",
    "marriage_family_therapist": "counselor",
    "mental_health_counselor": "counselor",
}
"""Who gives the service, and the figure that their share of the fee schedule is."""
