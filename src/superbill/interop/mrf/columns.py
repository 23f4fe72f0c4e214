"""The columns of a hospital's table: what row 3 names, in the tall form or the wide one.

Tall has a row for each payer and plan; wide has columns for each (CMS's templates of version 3).
"""

from __future__ import annotations

from typing import NamedTuple

from superbill.interop.mrf.cells import name
from superbill.interop.mrf.checks import Problems

COMMON = (
    "description",
    "setting",
    "modifiers",
    "drug_unit_of_measurement",
    "drug_type_of_measurement",
    "standard_charge|gross",
    "standard_charge|discounted_cash",
    "standard_charge|min",
    "standard_charge|max",
    "additional_generic_notes",
)
TALL = (
    "payer_name",
    "plan_name",
    "standard_charge|negotiated_dollar",
    "standard_charge|negotiated_percentage",
    "standard_charge|negotiated_algorithm",
    "standard_charge|methodology",
    "median_amount",
    "10th_percentile",
    "90th_percentile",
    "count",
)
# What a payer's plan has columns of, in the wide form: before and after "payer|plan".
WIDE = (
    ("standard_charge", "negotiated_dollar"),
    ("standard_charge", "negotiated_percentage"),
    ("standard_charge", "negotiated_algorithm"),
    ("standard_charge", "methodology"),
    ("median_amount", ""),
    ("10th_percentile", ""),
    ("90th_percentile", ""),
    ("count", ""),
    ("additional_payer_notes", ""),
)


class Payer(NamedTuple):
    """A payer's plan, and the column of each thing that is said of it."""

    payer: str
    plan: str
    columns: dict[str, str]


class Layout(NamedTuple):
    """The columns of a table: their places by name, and the payers where it is wide."""

    columns: dict[str, int]
    codes: tuple[tuple[str, str], ...]
    payers: tuple[Payer, ...]
    tall: bool
    width: int


def layout(headings: list[str], problems: Problems) -> Layout:
    """What the headings of row 3 name; what is missing is noted."""
    columns: dict[str, int] = {}
    said: dict[str, str] = {}
    width = 0
    for at, heading in enumerate(headings):
        column = name(heading)
        if not column:
            continue
        width = at + 1
        lower = column.lower()
        if lower in columns:
            problems.add(f"row 3, column {column}", "stands twice.", "Name each column once.")
        columns.setdefault(lower, at)
        said.setdefault(lower, column)
    tall = "payer_name" in columns or "plan_name" in columns
    codes = []
    number = 1
    while f"code|{number}" in columns or f"code|{number}|type" in columns:
        codes.append((f"code|{number}", f"code|{number}|type"))
        number += 1
    payers = () if tall else _payers(said)
    needed = [*COMMON, *(TALL if tall else ()), *(c for pair in codes or [_FIRST] for c in pair)]
    needed += [column for each in payers for column in each.columns.values()]
    for column in needed:
        if column.lower() not in columns:
            problems.add(f"row 3, column {column}", "is missing.", "CMS's template names it.")
    if not tall and not payers:
        fix = "Tall: payer_name and plan_name. Wide: standard_charge|[payer]|[plan]|…"
        problems.add("row 3", "No column tells a payer's charges.", fix)
    return Layout(columns, tuple(codes), payers, tall, width)


_FIRST = ("code|1", "code|1|type")


def _payers(said: dict[str, str]) -> tuple[Payer, ...]:
    """The payers' plans that the wide form has columns of, in their order."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for heading in said.values():
        parts = heading.split("|")
        kind = parts[0].lower()
        if (len(parts) == 4 and kind == "standard_charge") or (
            len(parts) == 3 and (kind, "") in WIDE
        ):
            found.setdefault((parts[1].lower(), parts[2].lower()), (parts[1], parts[2]))
    return tuple(
        Payer(
            payer,
            plan,
            {
                after or before: "|".join(filter(None, (before, payer, plan, after)))
                for before, after in WIDE
            },
        )
        for payer, plan in found.values()
    )
