"""Figures of law that change with time: read from the TOML file beside the rule that uses them.

A row says ``from`` when it holds, and ``source``, where it was published. It holds until the next
row of the file starts, the last one until its own ``until``.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from superbill.dates import Span
from superbill.errors import NotCovered


class Row(NamedTuple):
    """One row: its figures by name, the days it holds for, and where it was published."""

    span: Span
    figures: dict[str, Decimal]
    source: str


@cache
def rows(file: str, table: str) -> tuple[Row, ...]:
    """The rows of ``[[table]]`` in ``file``, a TOML file of this package, oldest first."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)[table]
    starts = [entry["from"] for entry in entries]
    ends = [*starts[1:], entries[-1]["until"]]
    return tuple(
        Row(
            span=Span(start, end),
            figures={
                name: Decimal(figure)
                for name, figure in entry.items()
                if name not in {"from", "until", "source"}
            },
            source=entry["source"],
        )
        for entry, start, end in zip(entries, starts, ends, strict=True)
    )


def row(file: str, table: str, what: str, day: date) -> Row:
    """The row that holds on ``day``.

    Raises :class:`~superbill.errors.NotCovered` naming ``what`` where none does.
    """
    held = rows(file, table)
    for found in reversed(held):
        if found.span.start <= day < found.span.end:
            return found
    raise NotCovered(
        what,
        on=day,
        remedy=f"It is held from {held[0].span.start} to {held[-1].span.last}: "
        f"add the published figure to benefits/{file}.",
    )
