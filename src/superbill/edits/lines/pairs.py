"""NCCI procedure-to-procedure edits: two codes of one day that are not both paid.

CMS publishes the pairs (see :mod:`superbill.sources.ncci_ptp`); the day of service selects the
release. Indicator 0: no modifier helps. 1: a modifier that shows separate services may pass the
pair, on either code. 9: the pair does not apply. Which modifiers those are is in the NCCI Policy
Manual for Medicare Services, chapter I, section E.
"""

from __future__ import annotations

from collections.abc import Iterator

from superbill.edits.lines.rule import Pair, Question, Service
from superbill.model import Finding, NotChecked

_ANATOMICAL = (
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI"
)
_GLOBAL_SURGERY = "24 25 57 58 78 79"
_OTHER = "27 59 91 XE XS XP XU"
PASSING = frozenset(f"{_ANATOMICAL} {_GLOBAL_SURGERY} {_OTHER}".split())
"""Modifiers that may pass a pair of indicator 1: anatomical, global surgery, other."""

CITATION = "NCCI Policy Manual for Medicare Services, chapter I, section E"


def pairs(question: Question) -> Iterator[Finding | NotChecked]:
    """No two codes of a day are reported that NCCI pays only one of."""
    kind = "hospital" if question.provider == "hospital" else "practitioner"
    for day, services in sorted(question.days.items()):
        by_code: dict[str, list[Service]] = {}
        for service in services:
            by_code.setdefault(service.line.code, []).append(service)
        if len(by_code) < 2:
            continue
        for pair in question.lookup.pairs(frozenset(by_code), kind, on=day):
            if pair.modifier == "9":
                continue
            first, second = by_code[pair.column1], by_code[pair.column2]
            for service in second:
                if pair.modifier == "0" or not _passes(first, service):
                    yield _finding(pair, first[0], service)
        if missing := question.lookup.missing_pairs(kind, on=day):
            yield NotChecked(rule="ncci.pair", reason=missing)


def _passes(first: list[Service], second: Service) -> bool:
    """Whether a modifier on the code that is not paid, or on every line of the other, passes."""
    if not PASSING.isdisjoint(second.line.modifiers):
        return True
    return all(not PASSING.isdisjoint(service.line.modifiers) for service in first)


def _finding(pair: Pair, first: Service, second: Service) -> Finding:
    never = pair.modifier == "0"
    return Finding(
        rule="ncci.pair",
        where=f"{second.where}.code",
        code=pair.column2,
        message=f"{pair.column2} is not paid beside {pair.column1} ({first.where}) on the same "
        f"day{', whatever the modifier' if never else ''}.",
        remedy=f"Report {pair.column1} alone."
        if never
        else f"Report {pair.column1} alone. Only where the record shows a separate service "
        "(another session, site, organ, injury or practitioner) does a modifier say so; code what "
        "is documented.",
        facts={
            "column 1": pair.column1,
            "column 2": pair.column2,
            "modifier indicator": pair.modifier,
            "rationale": pair.rationale,
        },
        citation=CITATION,
        release=pair.release,
    )
