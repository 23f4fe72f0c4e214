"""By when an estimate must be given to a patient without coverage (45 CFR 149.610(b)(1)(vi)).

Business days are Monday to Friday without the federal holidays (5 U.S.C. 6103), each on the day
on which it is observed. The rule does not define them; a state's own holidays are not left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from superbill.model import Due, Order

RULE = "45 CFR 149.610(b)(1)(vi)"


def due(order: Order) -> tuple[Due, ...]:
    """Each time limit that follows from the dates of an order, the earliest first."""
    found = []
    if order.scheduled and order.scheduled_on is not None:
        ahead = business_days(order.scheduled_on, order.service_date)
        given = 3 if ahead >= 10 else 1 if ahead >= 3 else None
        if given is not None:
            told = "10" if given == 3 else "3"
            because = f"scheduled at least {told} business days ahead"
            found.append(_due(order.scheduled_on, given, because))
    if order.requested_on is not None:
        found.append(_due(order.requested_on, 3, "asked for by the patient"))
    return tuple(sorted(found, key=lambda each: each.on))


def _due(since: date, given: int, because: str) -> Due:
    return Due(on=after(since, given), since=since, business_days=given, because=because, rule=RULE)


def is_business_day(day: date) -> bool:
    """Whether a day is neither of a weekend nor a federal holiday.

    >>> is_business_day(date(2026, 11, 25)), is_business_day(date(2026, 11, 26))
    (True, False)
    """
    return day.weekday() < 5 and day not in _holidays(day.year)


def business_days(since: date, until: date) -> int:
    """How many business days there are after ``since``, up to and with ``until``.

    >>> business_days(date(2022, 1, 3), date(2022, 1, 6))
    3
    """
    # Nobody schedules decades ahead; what is beyond ten business days changes nothing.
    count, day = 0, since
    while day < until and count < 400:
        day += timedelta(days=1)
        count += is_business_day(day)
    return count


def after(since: date, days: int) -> date:
    """The day that is so many business days after another.

    >>> after(date(2026, 11, 25), 1).isoformat()
    '2026-11-27'
    """
    day = since
    while days:
        day += timedelta(days=1)
        days -= is_business_day(day)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - few commands need it, and it is slow

    # The New Year's Day of the next year may be observed in this one.
    return frozenset(country_holidays("US", years=(year, year + 1)))
