"""Checking X12: syntax, guide, balance, situation, codes, and a payer's own rules.

:func:`check_file` answers for a whole file, :func:`answers` as the file is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from superbill.errors import Invalid
from superbill.interop.x12.check import balancing, codes, payer, situational, syntax
from superbill.interop.x12.check.answers import (
    Answer,
    Checks,
    GroupAnswer,
    InterchangeAnswer,
    SetAnswer,
    Unreadable,
)
from superbill.interop.x12.check.book import CodeBook
from superbill.interop.x12.check.file import check
from superbill.interop.x12.check.finding import LEVELS, At, Finding, NotChecked
from superbill.interop.x12.check.payer import PayerFile, read_rules
from superbill.interop.x12.check.rules import Rules
from superbill.interop.x12.sources import Source
from superbill.store.open import Store

__all__ = [
    "LEVELS",
    "Answer",
    "At",
    "Checks",
    "Finding",
    "GroupAnswer",
    "InterchangeAnswer",
    "NotChecked",
    "PayerFile",
    "Report",
    "SetAnswer",
    "Unreadable",
    "answers",
    "check_file",
    "checks",
    "gather",
    "read_rules",
]

type Opening = Store | Callable[[], Store]
"""A reference store, or the way to open one when it is first needed."""

MOST_FINDINGS = 10_000
"""That a report of one file holds."""


class Report(NamedTuple):
    """What was found in a file.

    ``unreadable``: some of it could not be read as X12, or none of its transactions is of a version
    that is looked into. ``dropped`` findings were counted and not kept.
    """

    interchanges: int
    transactions: int
    segments: int
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    unreadable: bool
    dropped: int = 0

    @property
    def accepted(self) -> bool:
        """Whether nothing was found and everything could be read."""
        return not self.findings and not self.unreadable


def checks(
    level: int, *, store: Opening | None = None, payer_rules: PayerFile | None = None
) -> Checks:
    """The checks up to ``level``: 1 to 5, or 7 for a payer's rules too.

    Level 5 reads codes from ``store``; without one they are noted as not checked.
    """
    found: list[type[Rules]] = []
    if level >= 1:
        found += syntax.RULES
    if level >= 3:
        found += balancing.RULES
    if level >= 4:
        found += situational.RULES
    if level >= 5:
        found += codes.rules(CodeBook(store))
    if level >= 7 and payer_rules is not None:
        found += payer.rules(payer_rules)
    # The last to hear the end of a claim: what others say at its end is still of it.
    return Checks(level, (*found, syntax.ClaimMark))


def answers(source: Source, todo: Checks) -> Iterator[Answer]:
    """Check ``source`` as it is read: an answer for each transaction, group and interchange.

    What is no X12 text at all is answered too. Raises ``OSError`` where it cannot be read.
    """
    empty = True
    try:
        for answer in check(source, todo):
            empty = False
            yield answer
    except Invalid as error:
        empty = False
        for problem in error.problems:
            place = problem.path.removeprefix("byte ")
            byte = int(place) if place.isdigit() else 0
            at = At(byte, 0, "", "")
            yield Unreadable(Finding(1, "file.kind", problem.message, problem.remedy, at))
    if empty:
        nothing = "There is nothing in the file."
        yield Unreadable(Finding(1, "file.empty", nothing, "Give an X12 file.", At(0, 0, "", "")))


def gather(found: Iterator[Answer]) -> Report:
    """The answers as one report."""
    interchanges = transactions = segments = dropped = refused = 0
    unreadable = False
    findings: list[Finding] = []
    unchecked: dict[NotChecked, None] = {}
    for answer in found:
        more: tuple[Finding, ...]
        if isinstance(answer, Unreadable):
            unreadable = True
            more = (answer.finding,)
        else:
            more = answer.findings
        if isinstance(answer, SetAnswer):
            transactions += 1
            refused += answer.refused
            dropped += answer.dropped
            if len(unchecked) < MOST_FINDINGS:
                unchecked.update(dict.fromkeys(answer.not_checked))
        elif isinstance(answer, InterchangeAnswer):
            interchanges += 1
            segments += answer.segments
        room = MOST_FINDINGS - len(findings)
        findings += more[:room]
        dropped += len(more) - len(more[:room])
    findings.sort(key=lambda finding: finding.at.byte)
    return Report(
        interchanges,
        transactions,
        segments,
        tuple(findings),
        tuple(unchecked),
        unreadable or (refused == transactions > 0),
        dropped,
    )


def check_file(
    source: Source,
    *,
    level: int = 5,
    store: Opening | None = None,
    payer_rules: PayerFile | None = None,
) -> Report:
    """Check a whole file.

    Raises ``OSError`` where it cannot be read.
    """
    return gather(answers(source, checks(level, store=store, payer_rules=payer_rules)))
