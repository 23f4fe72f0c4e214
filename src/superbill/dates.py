"""Valid time: half-open spans of days, and look-ups on a day.

Publishers give inclusive end dates; parsers convert them, and everywhere else a span is
``[start, end)``. An open end is :data:`FOREVER`, never ``None``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from superbill.errors import Invalid

FOREVER = date(9999, 12, 31)


class Span(NamedTuple):
    """The days from ``start`` up to, but not including, ``end``.

    >>> year = Span(date(2025, 10, 1), date(2026, 10, 1))
    >>> date(2025, 10, 1) in year, date(2026, 10, 1) in year
    (True, False)
    """

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a day."""
        return self.start < other.end and other.start < self.end

    @property
    def last(self) -> date:
        """The last day inside the span, as publishers and people write it."""
        return self.end if self.end == FOREVER else self.end - timedelta(days=1)


def fiscal_year(day: date) -> int:
    """The federal fiscal year that a day falls in (1 October to 30 September).

    >>> fiscal_year(date(2025, 9, 30)), fiscal_year(date(2025, 10, 1))
    (2025, 2026)
    """
    return day.year + (day.month >= 10)


def fiscal_span(year: int) -> Span:
    """The days of a federal fiscal year.

    >>> fiscal_span(2026).start.isoformat(), fiscal_span(2026).last.isoformat()
    ('2025-10-01', '2026-09-30')
    """
    return Span(date(year - 1, 10, 1), date(year, 10, 1))


def on[T](history: Iterable[tuple[Span, T]], day: date) -> T | None:
    """What held on ``day``, or ``None`` where nothing did.

    >>> rates = [(fiscal_span(2025), "old"), (fiscal_span(2026), "new")]
    >>> on(rates, date(2026, 1, 1)), on(rates, date(2027, 1, 1))
    ('new', None)
    """
    for span, value in history:
        if day in span:
            return value
    return None


def parse_day(text: str, path: str) -> date:
    """A day written ``2026-03-01`` or ``20260301``.

    Raises :class:`~superbill.errors.Invalid` naming ``path`` otherwise.

    >>> parse_day("20260301", "on") == parse_day("2026-03-01", "on")
    True
    """
    compact = text.strip()
    try:
        return date.fromisoformat(compact)
    except ValueError:
        raise Invalid.at(
            path, f"{text[:40]!r} is not a date.", "Write it as YYYY-MM-DD, for example 2026-03-01."
        ) from None
