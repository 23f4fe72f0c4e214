"""Timely filing: Medicare takes a claim for one calendar year after the service (42 CFR 424.44).

The day of filing is asked for; without it nothing is said. Services over several days count from
the last one where the claim is a facility's, from the first where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from superbill.edits.lines.rule import Question
from superbill.errors import NotCovered
from superbill.model import Finding, MedicarePartB

CITATION = "42 CFR 424.44; Medicare Claims Processing Manual, chapter 1, section 70"


def timely(question: Question) -> Iterator[Finding]:
    """The claim is filed within one year of each service."""
    if not any(isinstance(payer, MedicarePartB) for payer in question.visit.payers):
        return
    filed = question.filed_on
    if filed is None:
        raise NotCovered(
            "Timely filing", on=None, remedy="Say when the claim is filed: --filed-on DATE"
        )
    for service in question.services:
        counts = service.day
        if question.visit.form == "outpatient":
            counts = service.line.service_end or service.day
        last = _year_after(counts)
        if filed > last:
            yield Finding(
                rule="lines.timely",
                where=f"{service.where}.service_date",
                code=service.line.code,
                message=f"The service of {counts} could be filed until {last}; {filed} is later.",
                remedy="See whether one of the exceptions applies (error of the administration, "
                "retroactive entitlement), and say so on the claim; else it cannot be paid.",
                citation=CITATION,
            )


def _year_after(day: date) -> date:
    """The same day of the next year; for 29 February the last day of that month."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)
