"""Add-on codes: services that are reported only beside a primary one, of the same day.

CMS publishes which primaries belong to which (see :mod:`superbill.sources.ncci_addon`); the day of
service selects the release. Type 1: only those that are listed. Type 2: the contractor defines
them. Type 3: those that are listed, and others that the contractor accepts.
"""

from __future__ import annotations

from collections.abc import Iterator

from superbill.edits.lines.rule import Primaries, Question, Service
from superbill.model import Finding, NotChecked

CITATION = "CMS, Medicare NCCI Add-on Code Edits"
_SHOWN = 6


def add_on(question: Question) -> Iterator[Finding | NotChecked]:
    """Every add-on code has one of its primaries beside it."""
    for day, services in sorted(question.days.items()):
        present = {service.line.code for service in services}
        for service in services:
            found = question.lookup.primaries(service.line.code, on=day)
            if found is None:
                continue
            if found.type == "2":
                yield NotChecked(
                    rule="ncci.add_on",
                    reason=f"The primaries of {service.line.code} are the contractor's to define.",
                )
            elif not present & (found.codes - {service.line.code}):
                yield _finding(service, found)


def _finding(service: Service, found: Primaries) -> Finding:
    code = service.line.code
    listed = sorted(found.codes)
    shown = ", ".join(listed[:_SHOWN]) + (
        f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    )
    sure = found.type == "1"
    return Finding(
        rule="ncci.add_on",
        where=f"{service.where}.code",
        code=code,
        message=f"{code} is reported only beside a primary service, and none of those listed is "
        "on the same day.",
        remedy=f"Report the primary service that was given, if the record shows it: {shown}."
        + ("" if sure else " The contractor may accept others."),
        severity="error" if sure else "warning",
        facts={"type": found.type, "primaries": shown},
        citation=CITATION,
        release=found.release,
    )
