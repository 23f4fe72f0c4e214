"""Codes that are never listed first: manifestations and external causes.

ICD-10-CM Official Guidelines, sections I.A.13 ("in diseases classified elsewhere") and I.C.20.a.6;
the Medicare Code Editor's lists of manifestation codes and external causes say the same of the
codes on a day.
"""

from __future__ import annotations

from superbill.edits.conventions.case import Case
from superbill.edits.conventions.table import section

_EXTERNAL = frozenset("VWXY")


def manifestation_first(case: Case) -> None:
    """A manifestation is not listed first, nor alone."""
    profile = case.profiles[0]
    if not profile.manifestation:
        return
    case.found(
        "conventions.manifestation_first",
        0,
        f"{profile.shown} is the manifestation of a disease classified elsewhere, and cannot be"
        " listed first.",
        "List the disease underneath first, and this code after it.",
        section("I.A.13"),
        severity="error",
        release=case.release,
    )


def external_cause_first(case: Case) -> None:
    """An external cause is not listed first."""
    profile = case.profiles[0]
    if profile.code[0] not in _EXTERNAL or not profile.places:
        return
    case.found(
        "conventions.external_cause_first",
        0,
        f"{profile.shown} says how something came about, and cannot be listed first.",
        "List the injury or condition first, and this code after it.",
        section("I.C.20.a.6"),
        severity="error",
    )
