"""The drug of a line: its national drug code and how much of it was given."""

from __future__ import annotations

import re

from superbill.interop.x12.segments import Builder
from superbill.model import Drug, Line, VisitLine

_NDC = re.compile(r"[0-9]{11}")


def drug(b: Builder, line: Line | VisitLine, path: str) -> Drug | None:
    """Which drug, and how much of it; ``None`` where the line names none."""
    if not line.ndc:
        return None
    bare = line.ndc.replace("-", "").strip()
    ndc = b.coded(_NDC, bare, f"{path}.ndc", "Give eleven digits (5-4-2).")
    if line.ndc_quantity is None or not line.ndc_unit:
        b.problem(
            f"{path}.ndc_quantity",
            "is missing, or its unit is; a drug is billed with how much of it was given.",
            "Give ndc_quantity and ndc_unit, or leave out ndc.",
        )
    else:
        b.quantity(line.ndc_quantity, f"{path}.ndc_quantity")
    return Drug(ndc=ndc, quantity=line.ndc_quantity, unit=line.ndc_unit)
