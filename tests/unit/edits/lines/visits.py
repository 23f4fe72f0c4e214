"""Visits for the edits by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from superbill.model import Biller, Person, Visit, VisitLine

DAY = date(2026, 5, 4)


def visit(lines: list[dict[str, Any]], **more: Any) -> Visit:
    """A visit; each line is a code, with units, modifiers and day where they are given."""
    return Visit(
        id="V1",
        patient=Person(last_name="EXAMPLE", first_name="PAT", birth_date=date(1950, 1, 1), sex="F"),
        biller=Biller(name="EXAMPLE PRACTICE", npi="1234567893"),
        service_date=DAY,
        diagnoses=("Z0000",),
        lines=tuple(line(**each) for each in lines),
        **more,
    )


def line(
    code: str, units: int = 1, modifiers: Any = (), day: date | None = None, **more: Any
) -> VisitLine:
    return VisitLine(
        code=code,
        charge=Decimal("100.00"),
        units=Decimal(units),
        modifiers=tuple(modifiers),
        service_date=day,
        **more,
    )
