"""Which release a file of code titles is, from the name that its publisher gave it.

ICD-10-CM and ICD-10-PCS are released each year for the federal fiscal year (discharges from
1 October), and are updated on 1 April. Names say so in several ways: ``icd10cm_order_2026.txt``,
``icd10cm-order-April-2025.txt``, ``icd10cm-tabular-April-1-2026.xml``.
"""

from __future__ import annotations

import re
from datetime import date

from superbill.dates import fiscal_span
from superbill.sources.document import Period

_MONTHS = {"jan": 1, "january": 1, "apr": 4, "april": 4, "oct": 10, "october": 10}
# A month opens a word (-April-2025) or a word inside one (POAexemptCodesApr23).
_MONTH_AND_YEAR = re.compile(
    r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    r"(?i:(jan|january|apr|april|oct|october))[-_ ]*(?:0?1[-_ ,]+)?(20\d\d|(?<=[a-z])\d\d)(?!\d)"
)
_YEAR = re.compile(
    r"(?<![a-z])(jan|january|apr|april|oct|october)[-_ ]*(?:0?1[-_ ,]+)?(20\d\d)(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)|(?<=fy)(\d\d)(?!\d)", re.IGNORECASE)


def fiscal_year_period(year: int) -> Period:
    """The release of a federal fiscal year.

    >>> fiscal_year_period(2026).label, fiscal_year_period(2026).valid_from.isoformat()
    ('FY2026', '2025-10-01')
    """
    return Period(f"FY{year}", *fiscal_span(year))


def update_period(start: date) -> Period:
    """An update within a fiscal year, from ``start`` to the end of that year.

    >>> update_period(date(2024, 4, 1))[:2]
    ('April 2024', datetime.date(2024, 4, 1))
    """
    year = start.year + (start.month >= 10)
    return Period(f"{start:%B} {start.year}", start, fiscal_span(year).end)


def period_of(name: str) -> Period | None:
    """The release that a file name states, or ``None`` where it states none.

    >>> period_of("icd10cm-order-April-2025.txt").valid_from.isoformat()
    '2025-04-01'
    >>> period_of("POAexemptCodesFY26.txt").label, period_of("icd10pcs_order_2024.txt").label
    ('FY2026', 'FY2024')
    >>> period_of("codes.txt") is None
    True
    """
    month = _MONTH_AND_YEAR.search(name)
    if month:
        start = date(int(month[2][-2:]) + 2000, _MONTHS[month[1].lower()], 1)
        if start.month == 10:
            return fiscal_year_period(start.year + 1)
        return update_period(start)
    year = _YEAR.search(name)
    if year is None:
        return None
    return fiscal_year_period(int(year[1] or f"20{year[2]}"))
