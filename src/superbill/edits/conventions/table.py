"""Rules of the official guidelines as data, and the sets of codes that they speak of.

The ICD-10-CM Official Guidelines for Coding and Reporting are agreed each fiscal year by CMS,
CDC/NCHS, AHA and AHIMA, and bind every setting under HIPAA. Each rule of ``guidelines/*.toml``
cites its section, and says what holds in words of our own. Sets of codes are written as the notes
of the tabular list write them (``I50.-, I51.4``, ``T36-T50 with fifth or sixth character 5``).
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from superbill.codes.notes import Notes
from superbill.codes.notes.tree import Test
from superbill.dates import Span
from superbill.model.finding import Severity

Kind = Literal[
    "never_first",
    "only_first",
    "conflict",
    "order",
    "missing",
    "at_most_one",
    "alone",
    "age",
    "sex",
]

EDITION = "FY 2026"
IN_FORCE = Span(date(2025, 10, 1), date(2026, 10, 1))
"""The days of the edition: discharges and encounters from 1 October 2025 to 30 September 2026."""

PREFIX = "conventions.guidelines."


def section(number: str) -> str:
    """How a section of the guidelines is cited, or a note of the tabular list."""
    if number.startswith("tabular list"):
        return f"ICD-10-CM {number}"
    return f"ICD-10-CM Official Guidelines for Coding and Reporting {EDITION}, section {number}"


class Written(NamedTuple):
    """A rule as it is written down; sets of codes are text, empty where there is none.

    ``kind`` says what is wrong: one of ``codes`` listed first (``never_first``) or not first
    (``only_first``, unless the first is one of ``unless``); with one of ``beside``
    (``conflict``); after one of ``beside`` (``order``: it belongs before them; with ``when_first``
    only if that one is first); without one of ``needs`` (``missing``; with ``earlier`` listed
    before it); more than one of them (``at_most_one``); with any other code (``alone``); at an
    age outside ``ages``; with ``sex``. It is silent where one of ``unless`` is present, where none
    of ``given`` is (if any is named), and where ``beside`` is named for ``missing`` and absent.
    A code that is not used at all is one that always misses something (``needs`` empty).
    """

    id: str
    section: str
    kind: Kind
    codes: str
    severity: Severity
    says: str
    remedy: str
    beside: str = ""
    needs: str = ""
    unless: str = ""
    given: str = ""
    setting: str = ""
    sex: str = ""
    ages: tuple[int, int] = (0, 0)
    when_first: bool = False
    earlier: bool = False
    poa: str = ""


class Guideline(NamedTuple):
    """A rule ready to be run: each set of codes is a bit of a code's roles (0: no set)."""

    written: Written
    name: str
    citation: str
    codes: int
    beside: int
    needs: int
    unless: int
    given: int


@cache
def written() -> tuple[Written, ...]:
    """Every rule, in the order of the guidelines' sections."""
    found: list[Written] = []
    for file in sorted(files(__package__).joinpath("guidelines").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            rows: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
            for row in rows:
                ages = tuple(row.pop("ages", (0, 0)))
                found.append(Written(**row, ages=(ages[0], ages[1])))
    return tuple(found)


class Table:
    """The guidelines with their sets of codes as the tabular list of the day holds them."""

    def __init__(self, notes: Notes) -> None:
        self._prefixes: dict[str, int] = {}
        self._tests: dict[str, list[tuple[Test, int]]] = {}
        self._bits: dict[str, int] = {"": 0}
        self._notes = notes
        self.rules = tuple(self._compiled(rule) for rule in written())
        self.by_bit: dict[int, tuple[Guideline, ...]] = {}
        for rule in self.rules:
            self.by_bit[rule.codes] = (*self.by_bit.get(rule.codes, ()), rule)
        self.triggers = 0
        for bit in self.by_bit:
            self.triggers |= bit

    def roles(self, code: str) -> int:
        """The sets that hold ``code``, as bits."""
        found = 0
        of = self._prefixes.get
        for length in range(3, len(code) + 1):
            found |= of(code[:length], 0)
        for test, bit in self._tests.get(code[:3], ()):
            if not found & bit and test.holds(code):
                found |= bit
        return found

    def _compiled(self, rule: Written) -> Guideline:
        return Guideline(
            rule,
            PREFIX + rule.id,
            section(rule.section),
            self._bit(rule.codes),
            self._bit(rule.beside),
            self._bit(rule.needs),
            self._bit(rule.unless),
            self._bit(rule.given),
        )

    def _bit(self, codes: str) -> int:
        if codes not in self._bits:
            bit = self._bits[codes] = 1 << (len(self._bits) - 1)
            target = self._notes.select(codes)
            for prefix in target.prefixes:
                self._prefixes[prefix] = self._prefixes.get(prefix, 0) | bit
            for test in target.tests:
                for category in {prefix[:3] for prefix in test.prefixes}:
                    of_category = frozenset(p for p in test.prefixes if p.startswith(category))
                    narrow = test._replace(prefixes=of_category)
                    self._tests.setdefault(category, []).append((narrow, bit))
        return self._bits[codes]
