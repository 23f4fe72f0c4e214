"""What of a claim can bear on its group, so that the program need not be given the rest.

The program's time grows with the number of codes, and most secondary diagnoses change nothing.
What one can do is in the tables that the program reads:

- be a hospital-acquired condition: it stands in a list of them;
- meet a line of the logic by name: it stands in a list that a line asks of other diagnoses than
  the principal one, in a category (MDC) that the principal diagnosis leads to;
- be a CC or MCC.

Lines ask whether there is such a code, and never which or how many, so that one code stands for all
that do the same beside this principal diagnosis: of one level, in the same lists that are asked
for, and excluded or not (the program names the highest level of a claim by excluded ones too).

Everything else is left out; so is the sex where the category does not turn on it, and the discharge
status where no line could ask for it. In doubt a diagnosis is kept: a code that the tables do not
know, a list that no line names. The group, the return codes and the hospital-acquired conditions
are those of the whole claim; what each code did can only be read from an answer to the whole claim,
so this serves bulk work alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from superbill.grouping.msdrg.claim import GrouperClaim
from superbill.grouping.msdrg.logic import Node, parse
from superbill.grouping.msdrg.reference import (
    categories_by_sex,
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
ANY_SEX = "F"

PAIRS_KEPT = 100_000
"""So many pairs of a principal and another diagnosis are kept at most, so that memory is flat."""

_REPORTING = frozenset({"NON_EXEMPT", "EXEMPT"})
_PRE_MDC = 0
_PRESENT = "Y"  # the indicator is looked at on hospital-acquired conditions alone
_NAME = re.compile(r"(?:([A-Z]+):)?([a-z]\w*)")
_CONDITION = re.compile(r"[A-Z]+(?:_[A-Z]+)*")


class _Secondary(NamedTuple):
    """What a code can do beside a principal diagnosis.

    ``stand`` is the code that stands for all that do the same. ``acquired``: it stands in a list of
    hospital-acquired conditions. ``status``: what it does can turn on the discharge status.
    ``leads``: a way to another category asks for it.
    """

    stand: str
    acquired: bool
    status: bool
    leads: bool


class _Principal:
    """Where a principal diagnosis leads, and what others do beside it.

    ``status``: lines of its categories turn on the discharge status. ``sex``: its category turns on
    the sex. ``further`` is the same with the categories that it leads to only beside a code that
    ``leads``, where there are some.
    """

    __slots__ = ("beside", "further", "sex", "status")

    def __init__(
        self, beside: _Beside, further: _Principal | None, *, status: bool, sex: bool
    ) -> None:
        self.beside = beside
        self.further = further
        self.status = status
        self.sex = sex


def bearing(claim: GrouperClaim) -> GrouperClaim:
    """``claim`` with what can bear on its group, in an order of its own.

    Claims that differ in nothing that matters become the same. A claim is left as it is where
    every diagnosis counts: at a hospital whose reporting status is unknown, and with a principal
    diagnosis that is not known, or beside which a line asks for *only* codes of a list (newborns).
    """
    diagnoses, procedures = claim.diagnoses, claim.procedures
    if not diagnoses or claim.hospital_poa_status not in _REPORTING:
        return claim
    code = diagnoses[0][0]
    principal = _logic(claim.version, bool(procedures)).principals[code]
    if principal is None:
        return claim
    others = diagnoses[1:]
    told = principal.beside
    does = [told[other] for other, _ in others]
    if principal.further is not None and _leads(does):
        principal = principal.further
        told = principal.beside
        does = [told[other] for other, _ in others]
    status_counts = principal.status
    stands = set()
    acquired = []
    for can, billed in zip(does, others, strict=True):
        if can is not None:
            if can.acquired:
                acquired.append(billed)
            else:
                stands.add((can.stand, _PRESENT))
            status_counts = status_counts or can.status
    return GrouperClaim(
        claim.version,
        ((code, _PRESENT), *sorted([*stands, *acquired])),
        procedures,
        ANY_AGE,
        claim.sex if principal.sex else ANY_SEX,
        claim.discharge_status if status_counts else ANY_STATUS,
        claim.hospital_poa_status,
    )


def _leads(does: list[_Secondary | None]) -> bool:
    return any(can is not None and can.leads for can in does)


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
        self.ways: dict[int, list[tuple[Node, int]]] = {}
        """The ways from one category to another, and what each asks for."""
        self.leading: set[str] = set()
        """The lists that a way asks of other diagnoses than the principal one."""
        for line in lines(version):
            asked = _read(line.formula)
            self.known |= asked.names
            if operated or asked.possible:
                self._take(line, asked)
        self.principals = _Principals(self)
        self.pairs = 0

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
            self.ways.setdefault(mdc, []).append((parse(line.formula), line.reroute_mdc))
            self.leading |= asked.others


class _Asked(NamedTuple):
    """What a formula asks for.

    ``names`` are all lists in it, ``others`` those of other diagnoses than the principal one and of
    procedures. ``status``: it turns on the discharge status. ``possible``: a claim without
    procedures could meet it.
    """

    names: frozenset[str]
    others: frozenset[str]
    status: bool
    possible: bool


@cache
def _read(formula: str) -> _Asked:
    asked = _NAME.findall(formula)
    return _Asked(
        names=frozenset([name for _, name in asked]),
        others=frozenset([name for scope, name in asked if scope != "PDX"]),
        status=not STATUS_CONDITIONS.isdisjoint(_CONDITION.findall(formula)),
        possible=_possible(parse(formula)),
    )


@cache
def _logic(version: int, operated: bool) -> _Logic:
    return _Logic(version, operated=operated)


class _Principals(dict[str, _Principal | None]):
    """What each code is as the principal diagnosis; ``None`` where every other one counts."""

    def __init__(self, logic: _Logic) -> None:
        self._logic = logic

    def __missing__(self, code: str) -> _Principal | None:
        row = diagnosis(code, self._logic.version)
        if row is None:
            return None  # and not kept: what does not exist must not fill the memory
        by_sex = categories_by_sex(code)
        lists = frozenset(row.lists)
        starts = {_PRE_MDC, row.mdc} | by_sex
        near, far = (self._reached(starts, lists, beside=beside) for beside in (False, True))
        further = None if near == far else self._principal(code, lists, far, None, bool(by_sex))
        found = self[code] = (
            None
            if self._logic.counting & far
            else self._principal(code, lists, near, further, bool(by_sex))
        )
        return found

    def _principal(
        self,
        code: str,
        lists: frozenset[str],
        mdcs: frozenset[int],
        further: _Principal | None,
        sex: bool,
    ) -> _Principal:
        logic = self._logic
        status = bool(logic.by_status & mdcs) or not logic.with_status.isdisjoint(lists)
        return _Principal(_Beside(logic, code, mdcs), further, status=status, sex=sex)

    def _reached(self, starts: set[int], lists: frozenset[str], *, beside: bool) -> frozenset[int]:
        """The categories that a principal diagnosis leads to, ``beside`` others or by itself."""
        reached: set[int] = set()
        waiting = list(starts)
        while waiting:
            mdc = waiting.pop()
            if mdc not in reached:
                reached.add(mdc)
                waiting += [
                    other
                    for asked, other in self._logic.ways.get(mdc, ())
                    if _open(asked, lists, beside=beside)
                ]
        return frozenset(reached)


class _Beside(dict[str, _Secondary | None]):
    """What each code can do beside one principal diagnosis; ``None`` where that is nothing."""

    def __init__(self, logic: _Logic, principal: str, mdcs: frozenset[int]) -> None:
        self._logic = logic
        self._principal = principal
        self._mdcs = mdcs
        self._stands: dict[tuple[object, ...], str] = {}

    def __missing__(self, code: str) -> _Secondary | None:
        logic, mdcs = self._logic, self._mdcs
        row = diagnosis(code, logic.version)
        if row is None:
            return _UNKNOWN
        level = "" if row.severity == "NEITHER" else row.severity
        asked = frozenset(
            [
                name
                for name in row.lists
                if name not in logic.known
                or not mdcs.isdisjoint(logic.named.get(name, ()))
                or (level and not mdcs.isdisjoint(logic.suppressed.get(name, ())))
            ]
        )
        status = not logic.with_status.isdisjoint(row.lists)
        leads = not logic.leading.isdisjoint(row.lists)
        acquired = bool(row.hac_lists)
        found = None
        if level or asked or status or leads or acquired:
            excluded = bool(level) and (
                excluding_collection(code, self._principal, logic.version) is not None
            )
            does = (level, excluded, asked, status, leads)
            stand = code if acquired else self._stands.setdefault(does, code)
            found = _Secondary(stand, acquired, status, leads)
        if logic.pairs >= PAIRS_KEPT:
            logic.principals.clear()
            logic.pairs = 0
        logic.pairs += 1
        self[code] = found
        return found


_UNKNOWN = _Secondary("", acquired=True, status=True, leads=False)


def _possible(node: Node) -> bool:
    """Whether a condition could hold for a claim without procedures, everything else granted."""
    if node.kind == "name":
        # Without a scope and not in capitals, it names a list of either kind.
        name = node.name
        return ":" in name or name == name.upper() or name in diagnosis_lists()
    if node.kind == "not":
        return True
    return (any if node.kind == "or" else all)(_possible(part) for part in node.parts)


def _open(node: Node, principal: frozenset[str], *, beside: bool) -> bool:
    """Whether a condition could hold for a principal diagnosis of these lists, all else granted.

    Without ``beside``, for one that has no other diagnosis beside it.
    """
    if node.kind == "name":
        scope, colon, name = node.name.partition(":")
        if not colon or scope == "ONLY":
            return True
        return (scope != "SDX" and name in principal) or (scope != "PDX" and beside)
    if node.kind == "not":
        return True
    parts = [_open(part, principal, beside=beside) for part in node.parts]
    return any(parts) if node.kind == "or" else all(parts)
