"""What is made ready of a guide before a transaction is checked: patterns, and who listens where.

Made once for a guide, its delimiters and its rules, and kept for the transactions that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from superbill.interop.x12.check.finding import NotChecked
from superbill.interop.x12.check.rules import Rules
from superbill.interop.x12.guides import Guide, Node, Step
from superbill.interop.x12.guides.pattern import segment_pattern
from superbill.interop.x12.segments import Delimiters

type Match = Callable[[str], object]
type Hear = Callable[[list[str]], None]


class Forms:
    """The patterns of a guide for one set of delimiters, each made when it is first needed."""

    __slots__ = ("_guide", "_marks", "match")

    def __init__(self, guide: Guide, marks: Delimiters) -> None:
        self._guide = guide
        self._marks = marks
        self.match: list[Match | None] = [None] * len(guide.forms)

    def make(self, form: int) -> Match:
        """The pattern of a form, from now on in ``match`` too."""
        made = segment_pattern(self._guide.forms[form], self._marks).fullmatch
        self.match[form] = made
        return made


@lru_cache(maxsize=64)
def forms(guide: Guide, marks: Delimiters) -> Forms:
    """The patterns of a guide for these delimiters."""
    return Forms(guide, marks)


type Hears = tuple[tuple[int, Callable[[Any, list[str]], None]], ...]
"""Pairs of a rule's number and the function of it that hears a segment."""


class Plan(NamedTuple):
    """Which rules hear what, worked out once for a guide and a choice of rules.

    ``hears[node.index]`` hear every segment, ``judges[node.index]`` judge a text once.
    """

    rules: tuple[type[Rules], ...]
    hears: tuple[Hears, ...]
    judges: tuple[Hears, ...]
    ends: Mapping[str, tuple[tuple[int, Callable[[Any], None]], ...]]


def plan(guide: Guide, rules: Iterable[type[Rules]]) -> Plan:
    """The plan for those of ``rules`` that are for this guide."""
    for_it = tuple(r for r in rules if guide.name in r.SETS or "*" in r.SETS)
    hears: list[list[tuple[int, Callable[[Any, list[str]], None]]]] = []
    judges: list[list[tuple[int, Callable[[Any, list[str]], None]]]] = []
    for node in guide.nodes:
        hears.append([])
        judges.append([])
        for i, rule in enumerate(for_it):
            hear = rule.ON.get((node.loop.id, node.id)) or rule.ON.get(("*", node.id))
            if hear is not None:
                (judges if rule.PURE else hears)[-1].append((i, hear))
    ends: dict[str, tuple[tuple[int, Callable[[Any], None]], ...]] = {}
    for i, rule in enumerate(for_it):
        for loop, end in rule.AT_END.items():
            ends[loop] = (*ends.get(loop, ()), (i, end))
    return Plan(for_it, tuple(map(tuple, hears)), tuple(map(tuple, judges)), ends)


class Known:
    """Texts that were found right in their places, and need not be looked at again.

    From a place, a text leads to a step, with what could not be checked in it. Claims repeat
    themselves: payer, provider, dates, procedures. What is each patient's own is not kept.
    """

    __slots__ = ("by_node",)

    _MOST = 1_000
    _OWN = frozenset({"HL", "CLM", "CLP", "TRN", "REF", "N3", "DMG", "PLB", "SE"})
    _OWN_NAMES = frozenset({"IL", "QC", "74"})

    def __init__(self, guide: Guide) -> None:
        self.by_node: list[dict[str, tuple[Step, tuple[NotChecked, ...]]]]
        self.by_node = [{} for _ in guide.nodes]

    def keep(self, node: Node, text: str, step: Step, notes: tuple[NotChecked, ...]) -> None:
        """Keep that after ``node`` comes ``text``, and that it is right."""
        name = step.node.id
        if name in self._OWN:
            return
        if name == "NM1" and self._OWN_NAMES.intersection(step.node.spec.key_codes):
            return
        known = self.by_node[node.index]
        if len(known) >= self._MOST:
            known.clear()
        known[text] = (step, notes)
