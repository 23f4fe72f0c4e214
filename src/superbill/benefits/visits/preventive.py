"""Which services of Part B are free of deductible, and of all or part of the coinsurance.

The law, the codes and the steps by year are in ``preventive.toml`` beside the rules; the day of
service selects them.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from superbill.benefits import dated
from superbill.money import ZERO

COLORECTAL = "PT"
"""Modifier: a screening of the colon that became another service."""


class Terms(NamedTuple):
    """What is taken of a preventive service: no deductible, and this coinsurance."""

    coinsurance: Decimal
    source: str


@cache
def _services() -> tuple[tuple[date, frozenset[str], str], ...]:
    text = Path(dated.__file__).with_name("preventive.toml").read_text(encoding="utf-8")
    table: list[dict[str, Any]] = tomllib.loads(text)["service"]
    return tuple((row["from"], frozenset(row["codes"].split()), row["source"]) for row in table)


def terms(code: str, modifiers: tuple[str, ...], *, on: date) -> Terms | None:
    """The terms of a preventive service; ``None`` for any other.

    >>> terms("G0439", (), on=date(2026, 5, 4)).coinsurance
    Decimal('0.00')
    """
    for since, codes, source in _services():
        if code in codes and on >= since:
            return Terms(ZERO, source)
    if COLORECTAL in modifiers:
        row = dated.row(
            "preventive.toml", "colorectal", "The coinsurance of a colorectal screening", on
        )
        return Terms(row.figures["coinsurance"], row.source)
    return None
