"""What a check answers: one value for each transaction, group and interchange, as each ends."""

from __future__ import annotations

from typing import NamedTuple

from superbill.interop.x12.check.finding import Finding, NotChecked
from superbill.interop.x12.check.plan import Known, Plan, plan
from superbill.interop.x12.check.rules import Rules
from superbill.interop.x12.guides import Guide
from superbill.interop.x12.interchange import Interchange
from superbill.interop.x12.segments import Delimiters

_MOST_DRESSES = 8
"""Guides and delimiters whose right texts are kept at a time."""


class Checks:
    """What to check: ``level`` is the highest, ``rules`` are those above the guide."""

    __slots__ = ("_known", "_plans", "level", "rules")

    def __init__(self, level: int = 2, rules: tuple[type[Rules], ...] = ()) -> None:
        self.level = level
        self.rules = rules
        self._plans: dict[str, Plan] = {}
        self._known: dict[tuple[str, Delimiters], Known] = {}

    def plan(self, guide: Guide) -> Plan:
        """Which rules hear what in this guide, worked out once."""
        made = self._plans.get(guide.name)
        if made is None:
            made = self._plans[guide.name] = plan(guide, self.rules)
        return made

    def known(self, guide: Guide, marks: Delimiters) -> Known:
        """What was found right in this guide and these delimiters."""
        found = self._known.get((guide.name, marks))
        if found is None:
            if len(self._known) >= _MOST_DRESSES:
                self._known.clear()
            found = self._known[guide.name, marks] = Known(guide)
        return found


class SetAnswer(NamedTuple):
    """What was found in one transaction.

    ``guide`` is empty where no table describes it. ``refused``: it is of a version that is not
    looked into. ``segments`` counts ST to SE, and ``offset`` is the byte of the ST. ``dropped``
    findings were counted and not kept.
    """

    isa: Interchange
    gs: list[str]
    st: list[str]
    offset: int
    guide: str
    segments: int
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    dropped: int
    refused: bool


class GroupAnswer(NamedTuple):
    """What was found in the envelope of a functional group.

    ``sets`` were counted in it, ``stated`` is how many it says there are (GE01).
    """

    isa: Interchange
    gs: list[str]
    sets: int
    stated: str
    findings: tuple[Finding, ...]


class InterchangeAnswer(NamedTuple):
    """What was found in the envelope of an interchange, and what it has inside."""

    isa: Interchange
    groups: int
    ta1s: int
    segments: int
    findings: tuple[Finding, ...]


class Unreadable(NamedTuple):
    """Text that could not be read as X12."""

    finding: Finding


type Answer = SetAnswer | GroupAnswer | InterchangeAnswer | Unreadable
