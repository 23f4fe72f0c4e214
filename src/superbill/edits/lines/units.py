"""Medically unlikely edits: more units of a code than one patient is likely to need.

CMS publishes the most units (see :mod:`superbill.sources.ncci_mue`); the day of service selects the
table. Indicator 1 counts each line by itself; 2 (by policy) and 3 (by clinical judgment) count all
lines of the code on a day (NCCI Policy Manual for Medicare Services, chapter I, section V).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from superbill.edits.lines.rule import Question, Service, Units
from superbill.model import Finding
from superbill.money import ZERO

CITATION = "NCCI Policy Manual for Medicare Services, chapter I, section V"

_REMEDIES = {
    "1": "Check the units. Where the record shows more, report each line's own share of them, with "
    "the modifiers that the record supports.",
    "2": "Check the units: the limit follows from policy, and no more is paid.",
    "3": "Check the units. Where the record supports more, be ready to show it on appeal.",
}


def units(question: Question) -> Iterator[Finding]:
    """No code is reported with more units than are likely."""
    kind = question.provider
    for day, services in sorted(question.days.items()):
        by_code: dict[str, list[Service]] = {}
        for service in services:
            by_code.setdefault(service.line.code, []).append(service)
        for code, lines in sorted(by_code.items()):
            limit = question.lookup.units(code, kind, on=day)
            if limit is None:
                continue
            if limit.indicator == "1":
                for service in lines:
                    if service.line.units > limit.most:
                        yield _finding(code, service, service.line.units, limit)
            else:
                total = sum([service.line.units for service in lines], ZERO)
                if total > limit.most:
                    yield _finding(code, lines[-1], total, limit)


def _finding(code: str, service: Service, seen: Decimal, limit: Units) -> Finding:
    scope = "on the line" if limit.indicator == "1" else "on the day"
    return Finding(
        rule="ncci.units",
        where=f"{service.where}.units",
        code=code,
        message=f"{code} has {seen:f} units {scope}; more than {limit.most} are unlikely.",
        remedy=_REMEDIES[limit.indicator],
        facts={
            "units": f"{seen:f}",
            "most": str(limit.most),
            "adjudication indicator": limit.indicator,
            "rationale": limit.rationale,
        },
        citation=CITATION,
        release=limit.release,
    )
