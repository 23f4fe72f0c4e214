"""The figures of ``rates.toml`` on a day: factors and percentages that law and CMS set.

Published by CMS in each year's physician fee schedule rule and in its Claims Processing Manual; the
date of service selects the year.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from superbill.dates import FOREVER, Span
from superbill.errors import NotCovered

REMEDY = "Only calendar year 2026 can be priced: for other years no figures are held."


class Figure(NamedTuple):
    """A figure and where it is from."""

    value: Decimal
    source: str


class Figures(NamedTuple):
    """The figures of a calendar year; ``standing`` are percentages by name."""

    span: Span
    apm_conversion_factor: Figure
    work_floor_until: date
    work_floor_source: str
    standing: dict[str, Figure]


@cache
def _document() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only where a figure is read: start-up stays short

    text = Path(__file__).with_name("rates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


@cache
def figures(on: date) -> Figures:
    """The figures of the day's calendar year.

    Raises :class:`~superbill.errors.NotCovered` where the year is not held.
    """
    for year in _document()["year"]:
        span = Span(year["from"], year["to"])
        if on in span:
            return Figures(
                span,
                Figure(**year["apm_conversion_factor"]),
                year["work_floor_until"]["value"],
                year["work_floor_until"]["source"],
                {
                    row["name"]: Figure(Decimal(row["value"]), row["source"])
                    for row in _document()["standing"]
                    if span.start in Span(row["from"], row.get("to", FOREVER))
                },
            )
    raise NotCovered("Payment by the physician fee schedule", on=on, remedy=REMEDY)
