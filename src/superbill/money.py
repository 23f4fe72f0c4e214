"""The only rounding in the project.

CMS rounds half away from zero at the steps where its rules or programs say so (COBOL
``ROUNDED``), and truncates where a COBOL program stores a result without saying ``ROUNDED``.
Amounts are :class:`~decimal.Decimal` dollars; nothing here accepts a float.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")

_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(13))


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """``value`` rounded to ``places`` decimals, ties away from zero.

    >>> half_up(Decimal("2.345")), half_up(Decimal("-2.345")), half_up(Decimal("0.84695"), 4)
    (Decimal('2.35'), Decimal('-2.35'), Decimal('0.8470'))
    """
    return value.quantize(_QUANTA[places], ROUND_HALF_UP)


def truncate(value: Decimal, places: int = 2) -> Decimal:
    """``value`` cut after ``places`` decimals, towards zero.

    >>> truncate(Decimal("2.349")), truncate(Decimal("-2.349"))
    (Decimal('2.34'), Decimal('-2.34'))
    """
    return value.quantize(_QUANTA[places], ROUND_DOWN)


def dollars(value: Decimal) -> str:
    """An amount as people read it.

    >>> dollars(Decimal("1234567.8")), dollars(Decimal("-3"))
    ('$1,234,567.80', '-$3.00')
    """
    cents = half_up(value)
    return f"-${-cents:,}" if cents < 0 else f"${cents:,}"
