"""Stand-ins for the layers below adjudication; each notes what it was asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.errors import NotCovered
from superbill.model import (
    DrgOutcome,
    EditReport,
    Encounter,
    Finding,
    Grouping,
    Payment,
    Trace,
    WhatIf,
)
from superbill.money import half_up
from tests.unit.benefits.stays import payment

WEIGHTS = {"291": Decimal("1.3454"), "293": Decimal("0.5899")}


def outcome(drg: str) -> DrgOutcome:
    return DrgOutcome(
        drg=drg,
        title=f"group {drg}",
        mdc="05",
        mdc_title="CIRCULATORY",
        base_drg="291",
        return_code="OK",
        med_surg="MEDICAL",
        severity="MCC",
    )


class Told:
    """Answers for the steps; a step named in ``missing`` is not covered."""

    digest = "abc123"

    def __init__(
        self,
        *,
        missing: frozenset[str] = frozenset(),
        cases: tuple[WhatIf, ...] = (),
        return_code: str = "00",
        findings: tuple[Finding, ...] = (),
    ) -> None:
        self.missing = missing
        self.cases = cases
        self.return_code = return_code
        self.findings = findings
        self.asked: list[str] = []
        self.priced: list[Encounter] = []

    def _ask(self, step: str) -> None:
        self.asked.append(step)
        if step in self.missing:
            raise NotCovered(step.capitalize(), on=date(2026, 2, 28), remedy="Load it.")

    def edits(self, encounter: Encounter, *, detail: bool = True) -> EditReport:
        self._ask("edits")
        return EditReport(ran=("integrity",), findings=self.findings)

    def group(self, encounter: Encounter, *, detail: bool, what_if: bool) -> Grouping:
        self._ask("group")
        final = outcome("291")
        return Grouping(
            version="43.1",
            initial=final,
            final=final,
            hac_status="NOT_APPLICABLE",
            what_if=self.cases if what_if else (),
        )

    def price(
        self, encounter: Encounter, grouping: Grouping, trace: Trace, *, detail: bool = True
    ) -> Payment:
        self._ask("price")
        self.priced.append(encounter)
        worth = half_up(WEIGHTS[grouping.drg] * 10000)
        trace("rate × weight", worth)
        return payment(worth, self.return_code)

    def weight(self, drg: str, *, on: date) -> Decimal:
        self._ask("weight")
        return WEIGHTS[drg]
