"""Codes, modifiers and repeats of services by line, as anybody who looks at the claim sees them.

HCPCS Level II codes and modifiers are looked up in CMS's quarterly file, diagnoses in the code set
of the day; the day of each line counts. Codes of the American Medical Association (five digits, or
four and a letter) are in no file that the project has, and are said to be not checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from superbill.edits.lines.rule import Question, Service
from superbill.errors import NotCovered
from superbill.model import Finding, NotChecked

_LEVEL_TWO = re.compile(r"[A-CE-V][0-9]{4}")
_MOST_MODIFIERS = 4
_MOST_POINTERS = 4

CONFLICTS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"26", "TC"}), "The professional and the technical component are two lines."),
    (frozenset({"LT", "RT"}), "Report each side on a line, or both as one bilateral service (50)."),
    (frozenset({"50", "LT"}), "A bilateral service (50) has no side."),
    (frozenset({"50", "RT"}), "A bilateral service (50) has no side."),
    (frozenset({"GA", "GZ"}), "A notice of noncoverage was signed (GA) or was not (GZ)."),
    (
        frozenset({"54", "55"}),
        "Surgery and the care after it by one practitioner are the whole.",
    ),
    (frozenset({"76", "77"}), "The service was repeated by the same practitioner (76) or another."),
    (frozenset({"CO", "CQ"}), "An assistant of occupational therapy (CO) or of physical (CQ)."),
)
"""Modifiers that contradict one another on a line, and how to mend it. What each means is in the
Medicare Claims Processing Manual, chapters 12, 5 and 30."""

_REPEATED = "59 76 77 91 XE XS XP XU LT RT"
REPEATABLE = frozenset(_REPEATED.split())


def codes_known(question: Question) -> Iterator[Finding | NotChecked]:
    """Every Level II code may be used on its day."""
    unknown: set[str] = set()
    for service in question.services:
        code = service.line.code
        if not _LEVEL_TWO.fullmatch(code):
            unknown.add(code)
            continue
        standing = question.lookup.hcpcs(code, on=service.day)
        if standing.valid:
            continue
        when = f" It was last used on {standing.last}." if standing.last is not None else ""
        yield Finding(
            rule="lines.code",
            where=f"{service.where}.code",
            code=code,
            message=f"{code} is no HCPCS Level II code that may be used on {service.day}.{when}",
            remedy="Report the code of the day that names the service."
            if standing.known
            else "Check the five characters.",
            citation="CMS, HCPCS quarterly update",
            release=standing.release,
        )
    for code in sorted(unknown):
        yield NotChecked(
            rule="lines.code", reason=f"{code} is not of Level II: no list that holds it is read."
        )


def diagnoses_known(question: Question) -> Iterator[Finding]:
    """Every diagnosis may be billed on the first day of service."""
    on = min((service.day for service in question.services), default=question.visit.service_date)
    for place, code in enumerate(question.visit.diagnoses):
        if not question.lookup.diagnosis(code, on=on):
            yield Finding(
                rule="lines.diagnosis",
                where=f"diagnoses[{place}]",
                code=code,
                message=f"{code} is no ICD-10-CM code that may be billed on {on}.",
                remedy=f"See what is known of it: superbill code {code} --on {on}",
            )


def diagnoses_linked(question: Question) -> Iterator[Finding]:
    """Every professional line says which diagnoses it was for, four at most."""
    if question.visit.form == "outpatient":
        return
    for service in question.services:
        count = len(service.line.diagnoses) or len(question.visit.diagnoses)
        if count > _MOST_POINTERS:
            told = "names" if service.line.diagnoses else "names none, and the visit has"
            yield Finding(
                rule="lines.linked",
                where=f"{service.where}.diagnoses",
                code=service.line.code,
                message=f"The line {told} {count} diagnoses; a line points to four at most.",
                remedy="Give the places of the diagnoses that the service was for, most important "
                "first.",
                severity="error" if service.line.diagnoses else "warning",
                citation="CMS-1500, item 24E; 837P, SV107",
            )


def modifiers_known(question: Question) -> Iterator[Finding | NotChecked]:
    """Every Level II modifier may be used on its day; none stands twice; four at most."""
    numbers: set[str] = set()
    for service in question.services:
        given = service.line.modifiers
        if len(given) > _MOST_MODIFIERS:
            yield _modifiers(
                service, f"The line has {len(given)} modifiers; four fit.", "Keep four."
            )
        for modifier, times in sorted(Counter(given).items()):
            if times > 1:
                yield _modifiers(service, f"{modifier} stands {times} times.", "Give it once.")
            if modifier.isdigit():
                numbers.add(modifier)
                continue
            try:
                standing = question.lookup.modifier(modifier, on=service.day)
            except NotCovered as missing:
                yield NotChecked(rule="lines.modifier", reason=str(missing))
                continue
            if not standing.valid:
                yield _modifiers(
                    service,
                    f"{modifier} is no HCPCS modifier that may be used on {service.day}.",
                    "Check the two characters.",
                )
    if numbers:
        yield NotChecked(
            rule="lines.modifier",
            reason=f"{', '.join(sorted(numbers))}: no list that holds the numbered modifiers is "
            "read.",
        )


def modifiers_agree(question: Question) -> Iterator[Finding]:
    """No modifiers of a line contradict one another."""
    for service in question.services:
        given = set(service.line.modifiers)
        for both, remedy in CONFLICTS:
            if both <= given:
                first, second = sorted(both)
                yield _modifiers(
                    service, f"{first} and {second} contradict one another on a line.", remedy
                )


def _modifiers(service: Service, message: str, remedy: str) -> Finding:
    return Finding(
        rule="lines.modifier",
        where=f"{service.where}.modifiers",
        code=service.line.code,
        message=message,
        remedy=remedy,
        citation="Medicare Claims Processing Manual, chapter 12",
    )


def lines_once(question: Question) -> Iterator[Finding]:
    """No service is reported twice without a modifier that says so."""
    seen: dict[tuple[object, ...], Service] = {}
    for service in question.services:
        line = service.line
        key = (
            line.code,
            service.day,
            line.service_end,
            tuple(sorted(line.modifiers)),
            line.place_of_service,
            line.revenue_code,
            line.ndc,
        )
        first = seen.setdefault(key, service)
        if first is not service and REPEATABLE.isdisjoint(line.modifiers):
            yield Finding(
                rule="lines.duplicate",
                where=service.where,
                code=line.code,
                message=f"{line.code} stands on {first.where} too, for the same day and with the "
                "same modifiers.",
                remedy="Leave it out, or put the units together; where it was done again, say so "
                "as the record does.",
                citation="Medicare Claims Processing Manual, chapter 1, section 120",
            )
