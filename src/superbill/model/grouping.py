"""What a grouper says of a stay: the payment group, and what drove it there."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from superbill.model.base import Value

DxSeverity = Literal[
    "MCC",
    "CC",
    "NEITHER",
    "MCC_EXCLUDED",
    "CC_EXCLUDED",
    "MCC_EXCLUDED_BY_DRG_LOGIC",
    "CC_EXCLUDED_BY_DRG_LOGIC",
]
Affects = Literal["NONE", "INITIAL", "FINAL", "BOTH"]
HacStatus = Literal[
    "NOT_APPLICABLE", "FINAL_DRG_NO_CHANGE", "FINAL_DRG_CHANGES", "FINAL_DRG_UNGROUPABLE"
]


class HacRow(Value, frozen=True, kw_only=True):
    """A hospital-acquired-condition list that a diagnosis stands in, and whether it was met."""

    category: int
    status: str
    description: str = ""


class CodeGrouping(Value, frozen=True, kw_only=True):
    """What one code did; ``where`` is its place in the input (``diagnoses[1]``).

    ``severity_before_exclusion`` is the code's own level as a secondary diagnosis,
    ``severity_initial`` and ``severity`` what of it counted before and after
    hospital-acquired conditions were taken out, and ``excluded_by`` why less did.
    """

    where: str
    code: str
    recognized: bool
    affects_drg: Affects = "NONE"
    severity: DxSeverity = "NEITHER"
    severity_before_exclusion: DxSeverity = "NEITHER"
    severity_initial: DxSeverity = "NEITHER"
    excluded_by: str = ""
    operating_room: bool | None = None
    hacs: tuple[HacRow, ...] = ()


class CodePlace(Value, frozen=True, kw_only=True):
    """A code and where it stands on the stay (``diagnoses[2]``)."""

    where: str
    code: str


class WhatIf(Value, frozen=True, kw_only=True):
    """The stay without one code: the group it would land in and what that would weigh and pay.

    ``also`` names the codes that are left out together with it, where several hold the severity
    level and none of them matters alone.
    ``weight`` and ``payment`` are ``None`` where they were not asked for or are not covered.
    """

    where: str
    code: str
    drg: str
    title: str
    changes: bool
    weight: Decimal | None = None
    payment: Decimal | None = None
    note: str = ""
    also: tuple[CodePlace, ...] = ()


class DrgOutcome(Value, frozen=True, kw_only=True):
    """A DRG with its MDC, before or after hospital-acquired conditions are taken out.

    ``drg`` has three digits; ``base_drg`` is the first DRG of its family; ``severity`` is the
    severity level of the DRG reached. ``rule`` is the line of the grouper's logic that led there,
    over the lists that its definitions manual names, where detail was asked for.
    """

    drg: str
    title: str
    mdc: str
    mdc_title: str
    base_drg: str
    return_code: str
    med_surg: Literal["MEDICAL", "SURGICAL", "NONE"]
    severity: Literal["MCC", "CC", "NON_CC", "NONE"]
    rule: str = ""


class Grouping(Value, frozen=True, kw_only=True):
    """An inpatient stay grouped under one version of the Medicare Severity DRGs."""

    system: Literal["ms-drg"] = "ms-drg"
    version: str
    initial: DrgOutcome
    final: DrgOutcome
    hac_status: HacStatus
    hacs_met: tuple[int, ...] = ()
    codes: tuple[CodeGrouping, ...] = ()
    corrections: tuple[str, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
    release: str = ""

    @property
    def drg(self) -> str:
        """The DRG that is paid, three digits."""
        return self.final.drg
