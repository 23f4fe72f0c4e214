"""Basic integrity of a claim: what anybody who looks at it would find, before any payer's rule.

Codes known on the day, dates within the stay, a status that fits the bill, nothing twice, present
on admission where it is needed, identifiers with their check digits, days and charges that add
up. Each finding says where it is, what was seen, and how it is properly mended; a rule that
cannot be run is reported as not checked, never as passed.

The discharge date (``on``) selects the releases of the code sets.

Findings of the rules in :data:`FATAL` make a claim unfit for any answer: no group or payment
should be computed from it. :func:`fatal` turns them into the problems of an
:class:`~superbill.errors.Invalid`, which the command line ends on with exit code 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from superbill.edits.integrity import billing, coding, parties, timing
from superbill.edits.integrity.rule import Codes, CodeSet, NoCodes, Question, Rule, Standing
from superbill.errors import Invalid, NotCovered, Problem
from superbill.model import EditReport, Encounter, Finding, NotChecked

__all__ = [
    "FATAL",
    "RULES",
    "CodeSet",
    "Codes",
    "Question",
    "Rule",
    "Standing",
    "check",
    "fatal",
    "refuse",
]


def _rule(finds: str, run: Callable[[Question], Iterable[Finding] | NotCovered]) -> Rule:
    return Rule(tuple(f"integrity.{name}" for name in finds.split()), run)


RULES: tuple[Rule, ...] = (
    _rule("unknown_code code_not_valid_on_day incomplete_code", coding.known),
    _rule("duplicate_diagnosis", coding.diagnoses_once),
    _rule("duplicate_procedure", coding.procedures_once),
    _rule("too_many_codes", coding.not_too_many),
    _rule("poa_missing", coding.poa_given),
    _rule("poa_on_exempt_code", coding.poa_not_needed),
    _rule("procedure_date_missing procedure_outside_stay", timing.procedures_within),
    _rule("service_outside_stay", timing.services_within),
    _rule("occurrence_after_discharge", timing.occurrences_within),
    _rule("days_exceed_stay covered_days_disagree", timing.value_code_days),
    _rule("accommodation_exceeds_stay", timing.accommodation_days),
    _rule("age_disagrees age_implausible", timing.age_fits),
    _rule("bill_type", billing.type_of_bill),
    _rule("discharge_status", billing.status_known),
    _rule("status_contradicts_bill", billing.status_fits_bill),
    _rule("death_not_dated death_outside_stay", billing.death_dated),
    _rule("admission_type admission_source newborn_age", billing.admission),
    _rule("revenue_code", billing.revenue_codes),
    _rule("duplicate_line", billing.lines_once),
    _rule("no_charges too_many_lines", billing.charged),
    _rule("rate_disagrees", billing.rates_fit),
    _rule("claim_code", billing.claim_codes),
    _rule("npi", parties.npis),
    _rule("ccn ccn_disagrees", parties.certification_number),
    _rule("mbi", parties.beneficiary),
    _rule("duplicate_payer", parties.payers_once),
    _rule("state zip", parties.places),
    _rule("taxonomy", parties.taxonomies),
    _rule("reserve_days_exceed_left", parties.reserve_days),
)
"""Every rule, in the order in which its findings are reported."""

FATAL = frozenset(
    {
        "integrity.unknown_code",
        "integrity.code_not_valid_on_day",
        "integrity.incomplete_code",
        "integrity.duplicate_line",
        "integrity.days_exceed_stay",
    }
)
"""Findings with which no answer should be given: the claim says something that cannot be."""

_RAN = tuple(name for rule in RULES for name in rule.finds)
_NO_CODES = NoCodes()


def check(stay: Encounter, *, on: date, codes: Codes | None = None) -> EditReport:
    """Run every rule of :data:`RULES` on a stay.

    ``on`` is the discharge date, which selects the code sets that ``codes`` looks into. Without
    ``codes``, the rules that need them are reported as not checked. Raises nothing: what cannot
    be looked up is not checked, with the reason.
    """
    case = Question(stay, on, _NO_CODES if codes is None else codes)
    findings: list[Finding] = []
    unanswered: tuple[NotChecked, ...] = ()
    for finds, run in RULES:
        try:
            if found := run(case):  # type: ignore[truthy-bool]  # an empty list mostly
                if isinstance(found, NotCovered):
                    unanswered += _not_checked(finds, str(found))
                else:
                    # As a list: what a rule finds before it is raised that it cannot look
                    # something up does not count.
                    findings += list(found)
        except NotCovered as missing:
            unanswered += _not_checked(finds, str(missing))
    return EditReport(
        ran=_without(tuple([each.rule for each in unanswered])) if unanswered else _RAN,
        findings=tuple(findings),
        not_checked=unanswered,
    )


@lru_cache(maxsize=1024)
def _not_checked(names: tuple[str, ...], reason: str) -> tuple[NotChecked, ...]:
    return tuple(NotChecked(rule=name, reason=reason) for name in names)


@lru_cache(maxsize=64)
def _without(skipped: tuple[str, ...]) -> tuple[str, ...]:
    """The rules that ran where these could not."""
    return tuple(name for name in _RAN if name not in skipped)


def fatal(report: EditReport) -> tuple[Problem, ...]:
    """The findings of :data:`FATAL` rules as problems of the document: place, message, way out."""
    return tuple(
        [
            Problem(finding.where, finding.message, finding.remedy)
            for finding in report.findings
            if finding.rule in FATAL
        ]
    )


def refuse(report: EditReport) -> None:
    """Raise :class:`~superbill.errors.Invalid` where a finding is fatal, with all that are."""
    if found := fatal(report):
        raise Invalid(found)
