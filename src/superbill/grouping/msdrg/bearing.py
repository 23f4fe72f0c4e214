"""What of a claim can bear on its group, so that the program need not be given the rest.

The program's time grows with the number of codes, and most secondary diagnoses change nothing.
What one can do is in the tables that the program reads:

- be a hospital-acquired condition: it stands in a list of them;
- meet a line of the logic by name: it stands in a list that a line asks of other diagnoses than
  the principal one, in a category (MDC) that the principal diagnosis leads to;
- be a CC or MCC. Lines ask whether there is one, and never which or how many, so that one MCC and
  one CC stand for all that do nothing else, and one each for those that the principal diagnosis
  excludes (the program names the highest level of a claim by these too).

Everything else is left out, and so is the discharge status where no line could ask for it. In
doubt a diagnosis is kept: a code that the tables do not know, a list that no line names. The group,
the return codes and the hospital-acquired conditions are those of the whole claim; what each code
did can only be read from an answer to the whole claim, so this serves bulk work alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from superbill.grouping.msdrg.claim import GrouperClaim
from superbill.grouping.msdrg.logic import Node, parse
from superbill.grouping.msdrg.reference import (
    diagnosis,
    diagnosis_lists,
    excluding_collection,
    lines,
)
from superbill.sources.msdrg_values import DrgRule

PRINCIPAL_ONLY = frozenset({"ecode"})
"""Lists that no line names, and that are known to concern the principal diagnosis alone: an
external cause of injury cannot be one (return code DX_CANNOT_BE_PDX)."""

STATUS_CONDITIONS = frozenset({"ALIVE", "AMA", "DIED", "INVALID_DSTAT", "XFRNBA"})
"""The conditions of lines that turn on the discharge status."""

ANY_AGE = 65
"""Age has no effect in any version held."""

ANY_STATUS = "01"

_REPORTING = frozenset({"NON_EXEMPT", "EXEMPT"})
_PRE_MDC = 0
_PRESENT = "Y"  # the indicator is looked at on hospital-acquired conditions alone
_NAME = re.compile(r"(?:([A-Z]+):)?([a-z]\w*)")
_CONDITION = re.compile(r"[A-Z]+(?:_[A-Z]+)*")


class _Principal(NamedTuple):
    """Where a principal diagnosis leads: the categories, and whether the status counts there.

    ``mdcs`` is empty where every diagnosis counts. ``stand`` are the codes that stand for all that
    are nothing but a CC or an MCC: one by level, and by whether it counts beside this one.
    """

    mdcs: frozenset[int]
    status: bool
    stand: dict[tuple[str, bool], str]


class _Secondary(NamedTuple):
    """What a code can do as a secondary diagnosis.

    ``level`` is MCC, CC or empty, ``mdcs`` the categories whose lines ask for one of its lists,
    ``acquired`` whether it stands in a list of hospital-acquired conditions, ``status`` whether
    what it does can turn on the discharge status.
    """

    level: str
    mdcs: frozenset[int]
    acquired: bool
    status: bool


def bearing(claim: GrouperClaim) -> GrouperClaim:
    """``claim`` with what can bear on its group, in an order of its own.

    Claims that differ in nothing that matters become the same. A claim is left as it is where
    every diagnosis counts: at a hospital whose reporting status is unknown, and with a principal
    diagnosis that is not known, or beside which a line asks for *only* codes of a list (newborns).
    """
    version, diagnoses, procedures = claim.version, claim.diagnoses, claim.procedures
    if not diagnoses or claim.hospital_poa_status not in _REPORTING:
        return claim
    logic = _logic(version, bool(procedures))
    principal = diagnoses[0][0]
    mdcs, status_counts, stand = logic.principals[principal]
    if not mdcs:
        return claim
    secondaries = logic.secondaries
    kept = []
    levels = set()
    for code, poa in diagnoses[1:]:
        can = secondaries[code]
        if can is None:
            continue
        level, asking, acquired, turns = can
        status_counts = status_counts or turns
        if acquired:
            kept.append((code, poa))
        elif not asking.isdisjoint(mdcs):
            kept.append((code, _PRESENT))
        elif level:
            counts = excluding_collection(code, principal, version) is None
            levels.add(stand.setdefault((level, counts), code))
    kept += [(code, _PRESENT) for code in levels]
    kept.sort()
    return GrouperClaim(
        version,
        ((principal, _PRESENT), *kept),
        procedures,
        ANY_AGE,
        claim.sex,
        claim.discharge_status if status_counts else ANY_STATUS,
        claim.hospital_poa_status,
    )


class _Logic:
    """What the lines of a version ask of diagnoses; codes are looked up as they come.

    For a claim without procedures, lines that cannot be met without one are passed over.
    """

    def __init__(self, version: int, *, operated: bool) -> None:
        self.version = version
        self.named: dict[str, set[int]] = {}
        """The categories whose lines ask for a list, of other diagnoses than the principal one."""
        self.suppressed: dict[str, set[int]] = {}
        """The categories where a line takes the level of a list's codes away."""
        self.known = set(PRINCIPAL_ONLY)
        """The lists that lines name at all."""
        self.with_status: set[str] = set()
        """Lists named by lines that turn on the discharge status."""
        self.by_status: set[int] = set()
        """The categories with lines that turn on the discharge status alone."""
        self.counting: set[int] = set()
        """The categories where every diagnosis counts."""
        self.ways: dict[int, list[tuple[frozenset[str], int]]] = {}
        """The ways from one category to another, and the lists of principal diagnoses for each."""
        for line in lines(version):
            asked = _read(line.formula)
            self.known |= asked.names
            if operated or asked.possible:
                self._take(line, asked)
        self.principals = _Principals(self)
        self.secondaries = _Secondaries(self)

    def _take(self, line: DrgRule, asked: _Asked) -> None:
        mdc = line.mdc
        for name in asked.others:
            self.named.setdefault(name, set()).add(mdc)
        for name in line.suppresses:
            self.suppressed.setdefault(name, set()).add(mdc)
        if asked.status:
            self.with_status |= asked.names
            if not asked.names:
                self.by_status.add(mdc)
        if "ONLY:" in line.formula:
            self.counting.add(mdc)
        if line.reroute_mdc:
            self.ways.setdefault(mdc, []).append((asked.principal, line.reroute_mdc))


class _Asked(NamedTuple):
    """What a formula asks for.

    ``names`` are all lists in it, ``principal`` those of the principal diagnosis and ``others`` the
    rest, those of procedures included. ``status``: it turns on the discharge status. ``possible``:
    a claim without procedures could meet it.
    """

    names: frozenset[str]
    principal: frozenset[str]
    others: frozenset[str]
    status: bool
    possible: bool


@cache
def _read(formula: str) -> _Asked:
    asked = _NAME.findall(formula)
    return _Asked(
        names=frozenset([name for _, name in asked]),
        principal=frozenset([name for scope, name in asked if scope == "PDX"]),
        others=frozenset([name for scope, name in asked if scope != "PDX"]),
        status=not STATUS_CONDITIONS.isdisjoint(_CONDITION.findall(formula)),
        possible=_possible(parse(formula)),
    )


@cache
def _logic(version: int, operated: bool) -> _Logic:
    return _Logic(version, operated=operated)


class _Principals(dict[str, _Principal]):
    """Where each code leads as the principal diagnosis."""

    def __init__(self, logic: _Logic) -> None:
        self._logic = logic

    def __missing__(self, code: str) -> _Principal:
        logic = self._logic
        row = diagnosis(code, logic.version)
        if row is None:
            return _NOWHERE  # and not kept: what does not exist must not fill the memory
        reached: set[int] = set()
        waiting = [_PRE_MDC, row.mdc]
        while waiting:
            mdc = waiting.pop()
            if mdc not in reached:
                reached.add(mdc)
                waiting += [
                    other
                    for principal, other in logic.ways.get(mdc, ())
                    if not principal or not principal.isdisjoint(row.lists)
                ]
        status = bool(logic.by_status & reached) or not logic.with_status.isdisjoint(row.lists)
        counting = bool(logic.counting & reached)
        found = _NOWHERE if counting else _Principal(frozenset(reached), status, {})
        self[code] = found
        return found


class _Secondaries(dict[str, _Secondary | None]):
    """What each code can do as a secondary diagnosis; ``None`` where that is nothing."""

    def __init__(self, logic: _Logic) -> None:
        self._logic = logic

    def __missing__(self, code: str) -> _Secondary | None:
        logic = self._logic
        row = diagnosis(code, logic.version)
        if row is None:
            return _UNKNOWN
        level = "" if row.severity == "NEITHER" else row.severity
        mdcs: set[int] = set()
        for name in row.lists:
            if name in logic.named:
                mdcs |= logic.named[name]
            elif name not in logic.known:
                mdcs.add(_PRE_MDC)  # which every claim goes through
            if level:
                mdcs |= logic.suppressed.get(name, set())
        status = not logic.with_status.isdisjoint(row.lists)
        can = _Secondary(level, frozenset(mdcs), bool(row.hac_lists), status)
        found = self[code] = can if any(can) else None
        return found


_NOWHERE = _Principal(frozenset(), status=True, stand={})
_UNKNOWN = _Secondary("", frozenset(), acquired=True, status=True)


def _possible(node: Node) -> bool:
    """Whether a condition could hold for a claim without procedures, everything else granted."""
    if node.kind == "name":
        # Without a scope and not in capitals, it names a list of either kind.
        name = node.name
        return ":" in name or name == name.upper() or name in diagnosis_lists()
    if node.kind == "not":
        return True
    return (any if node.kind == "or" else all)(_possible(part) for part in node.parts)
