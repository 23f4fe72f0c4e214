"""Small stays and payments for the tests of the split."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from superbill.model import Adjustment, Encounter, Payer, Payment

ADMITTED = date(2026, 2, 23)
DISCHARGED = date(2026, 2, 28)


def payers(*documents: dict[str, Any]) -> tuple[Payer, ...]:
    """Payers written as in an encounter's JSON."""
    return msgspec.convert(documents, tuple[Payer, ...], strict=False)


def stay(**fields: Any) -> Encounter:
    """A stay in February 2026 of 20,000 dollars, with ``fields`` (as in JSON) in place."""
    document = {
        "id": "T-1",
        "patient": {
            "last_name": "Test",
            "first_name": "Pat",
            "birth_date": date(1950, 1, 1),
            "sex": "F",
        },
        "facility": {"name": "Test Hospital", "ccn": "360001", "npi": "1234567893"},
        "admission_date": ADMITTED,
        "discharge_date": DISCHARGED,
        "discharge_status": "01",
        "diagnoses": [{"code": "I5023", "poa": "Y"}],
        "lines": [{"revenue_code": "0120", "charge": "20000.00"}],
    } | fields
    return msgspec.convert(document, Encounter, strict=False)


def payment(total: str | Decimal, return_code: str = "00") -> Payment:
    """What Medicare's system yields."""
    return Payment(
        system="ipps",
        version="test",
        return_code=return_code,
        meaning="test payment" if return_code == "00" else "covered days are not possible",
        total=Decimal(total),
    )


def by_code(adjustments: tuple[Adjustment, ...]) -> dict[str, Decimal]:
    """Amounts by group and reason, such as ``PR-1``; a code that occurs twice is a failure."""
    found = {f"{a.group}-{a.reason}": a.amount for a in adjustments}
    assert len(found) == len(adjustments), adjustments
    return found
