"""What an edit says: facts about a claim, never a denial, a payment or a change."""

from __future__ import annotations

from typing import Literal

from superbill.model.base import Value

Severity = Literal["error", "warning", "information"]
Stage = Literal["prepayment", "postpayment", "none"]


class Finding(Value, frozen=True, kw_only=True):
    """A rule that a claim trips.

    ``rule`` names it (``mce.invalid_code``), ``where`` is the place in the input document
    (``diagnoses[2]``), ``message`` says in plain words what it means, ``remedy`` how it is
    properly resolved, ``facts`` what was read, ``release`` the table that was read.
    """

    rule: str
    where: str
    message: str
    severity: Severity = "error"
    stage: Stage = "prepayment"
    code: str | None = None
    remedy: str = ""
    facts: dict[str, str] = {}
    citation: str = ""
    release: str = ""


class NotChecked(Value, frozen=True, kw_only=True):
    """A rule that could not be run, and why. A claim is never reported clean on it."""

    rule: str
    reason: str


class EditReport(Value, frozen=True, kw_only=True):
    """The outcome of running edits: which rules ran, what they found, which could not run."""

    ran: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()

    @property
    def clean(self) -> bool:
        """No finding, and nothing left unchecked."""
        return not self.findings and not self.not_checked


class Scrubbed(Value, frozen=True, kw_only=True):
    """The outcome of a claim's edits under the claim's own identifier."""

    id: str
    ran: tuple[str, ...]
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]

    @classmethod
    def of(cls, claim: str, report: EditReport) -> Scrubbed:
        """The report on ``claim``."""
        return cls(
            id=claim, ran=report.ran, findings=report.findings, not_checked=report.not_checked
        )
