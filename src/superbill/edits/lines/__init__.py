"""Edits of services by line: office visits, outpatient days, laboratories, suppliers.

NCCI's pairs, most units and add-on codes, codes and modifiers of the day, repeats, diagnoses that
belong to a line, timely filing. Each finding says where it is, the facts, the release, and how it
is properly mended; a rule that cannot be run is reported as not checked, never as passed. The day
of each line selects the releases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from superbill.edits.lines import add_on, coding, filing, pairs, units
from superbill.edits.lines.lookup import StoreLookup
from superbill.edits.lines.rule import Lookup, Question, Rule
from superbill.errors import NotCovered
from superbill.model import EditReport, Finding, NotChecked, Visit

__all__ = ["RULES", "Lookup", "Question", "Rule", "StoreLookup", "check"]


def _rule(finds: str, run: Callable[[Question], Iterable[Finding | NotChecked]]) -> Rule:
    return Rule(tuple(finds.split()), run)


RULES: tuple[Rule, ...] = (
    _rule("lines.code", coding.codes_known),
    _rule("lines.diagnosis", coding.diagnoses_known),
    _rule("lines.linked", coding.diagnoses_linked),
    _rule("lines.modifier", coding.modifiers_known),
    _rule("lines.modifier", coding.modifiers_agree),
    _rule("lines.duplicate", coding.lines_once),
    _rule("ncci.pair", pairs.pairs),
    _rule("ncci.units", units.units),
    _rule("ncci.add_on", add_on.add_on),
    _rule("lines.timely", filing.timely),
)
"""Every rule, in the order in which its findings are reported."""


def check(visit: Visit, *, lookup: Lookup, filed_on: date | None = None) -> EditReport:
    """Run every rule of :data:`RULES` on a visit.

    ``filed_on`` is the day on which the claim is or was filed. Raises nothing: what cannot be
    looked up is not checked, with the reason.
    """
    question = Question(visit, lookup, filed_on)
    findings: list[Finding] = []
    unanswered: dict[NotChecked, None] = {}
    ran: dict[str, None] = {}
    for finds, run in RULES:
        try:
            for found in list(run(question)):
                if isinstance(found, NotChecked):
                    unanswered[found] = None
                else:
                    findings.append(found)
        except NotCovered as missing:
            unanswered.update({NotChecked(rule=name, reason=str(missing)): None for name in finds})
        else:
            ran.update(dict.fromkeys(finds))
    return EditReport(ran=tuple(ran), findings=tuple(findings), not_checked=tuple(unanswered))
