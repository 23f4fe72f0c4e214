"""The words that an estimate has in common on paper and on the terminal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.identifiers import postal
from superbill.model import Biller, Due, Estimate, EstimateLine
from superbill.money import ZERO, dollars

TITLES = {"good_faith": "Good-faith estimate", "insured": "Estimate of costs with coverage"}
NOT_PRICED = "not priced"


def phone(number: str) -> str:
    """A telephone number of ten digits as it is written, any other as it was given.

    >>> phone("2125550100"), phone("+44 20")
    ('212-555-0100', '+44 20')
    """
    if len(number) == 10 and number.isdigit():
        return f"{number[:3]}-{number[3:6]}-{number[6:]}"
    return number


def place(biller: Biller) -> str:
    """Where a provider or facility is."""
    at = biller.address
    if at is None:
        return ""
    street = ", ".join(filter(None, (at.street, at.street2)))
    return f"{street}, {at.city}, {at.state} {postal.format(at.zip)}"


def span(day: date) -> str:
    """A day in words.

    >>> span(date(2026, 12, 5))
    'December 5, 2026'
    """
    return f"{day:%B} {day.day}, {day.year}"


def when(found: Estimate) -> str:
    """The day of the care, or that there is none."""
    if found.scheduled:
        return span(found.service_date)
    return f"not scheduled; at the charges of {span(found.service_date)}"


def amount(value: Decimal | None) -> str:
    """An amount, or that there is none."""
    return NOT_PRICED if value is None else dollars(value)


def owed(found: Estimate) -> str:
    """What the patient is expected to pay in all."""
    if found.patient is None or found.complete:
        return amount(found.patient)
    return f"{'at least' if found.at_least else 'in part'} {amount(found.patient)}"


def limit(due: Due) -> str:
    """A time limit in words."""
    days = "day" if due.business_days == 1 else "days"
    return (
        f"{span(due.on)}: {due.business_days} business {days} after {span(due.since)}, "
        f"{due.because}"
    )


def paid(line: EstimateLine) -> Decimal | None:
    """What the payers of a line pay together; ``None`` where that is not known."""
    return None if line.patient is None else sum([each.paid for each in line.payers], ZERO)


def parts(line: EstimateLine) -> list[tuple[str, Decimal]]:
    """What the patient's share of a line is made of."""
    if line.patient is None:
        return []
    told = (
        ("deductible", line.deductible),
        ("coinsurance", line.coinsurance),
        ("copay", line.copay),
        ("other", line.other),
    )
    return [(name, value) for name, value in told if value]
