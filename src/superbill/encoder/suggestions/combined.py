"""Codes that two findings of one record make together: hypertension with heart failure is I11.0.

The official guidelines presume some conditions to be related (I.C.9.a for hypertension, the "with"
of I.A.15 for diabetes): the pairs are in ``combined.toml``, each with its section.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Container, Iterable
from importlib.resources import files
from typing import NamedTuple


class Combination(NamedTuple):
    """A code made of others: what it takes the place of, the parts that it rests on, and why."""

    code: str
    replaces: str
    parts: tuple[str, ...]
    why: str


class _Rule(NamedTuple):
    one: tuple[str, ...]
    beside: tuple[tuple[str, ...], ...]
    code: str
    why: str


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    text = (files("superbill.encoder.suggestions") / "combined.toml").read_text("utf-8")

    def undotted(codes: list[str]) -> tuple[str, ...]:
        return tuple(code.replace(".", "") for code in codes)

    return tuple(
        _Rule(
            undotted(row["one"]),
            tuple(
                undotted(codes)
                for codes in (row.get("only", row["with"]), row.get("more"))
                if codes
            ),
            row["code"].replace(".", ""),
            f"{row['says']}: presumed related ({row['section']})",
        )
        for row in tomllib.loads(text)["combined"]
    )


def combinations(codes: Iterable[str], valid: Container[str]) -> list[Combination]:
    """What ``codes`` make together; of each code that is replaced the first combination.

    >>> combinations(["I10", "N1832", "I5023"], {"I130", "I110"})[0].code
    'I130'
    >>> combinations(["I10", "E119"], {"I130"})
    []
    """
    held = list(codes)
    found: dict[str, Combination] = {}
    for rule in _rules():
        replaced = next((code for code in held if code in rule.one), None)
        if replaced is None or replaced in found or rule.code not in valid:
            continue
        parts = [
            next((code for code in held if code.startswith(starts)), None) for starts in rule.beside
        ]
        if None not in parts:
            named = tuple(part for part in parts if part is not None)
            found[replaced] = Combination(rule.code, replaced, (replaced, *named), rule.why)
    return list(found.values())
