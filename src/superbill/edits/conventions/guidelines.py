"""The table of guidelines, run on a record: each rule on the codes that it speaks of."""

from __future__ import annotations

from superbill.edits.conventions.case import Case
from superbill.edits.conventions.table import Guideline, Table


def guidelines(case: Case, table: Table) -> None:
    """What the official guidelines say of these codes together, and in this order."""
    waiting = case.present & table.triggers
    while waiting:
        bit = waiting & -waiting
        waiting ^= bit
        for rule in table.by_bit[bit]:
            _run(case, rule)


def left_over(case: Case) -> None:
    """Conflicts that no Excludes1 note says too."""
    for (here, there), rules in case.pairs.items():
        for rule in rules:
            case.guideline(rule, here, there)


def _run(case: Case, rule: Guideline) -> None:
    written = rule.written
    present = case.present
    if written.setting and written.setting != case.record.setting:
        return
    kind = written.kind
    if kind == "only_first":
        _only_first(case, rule)
        return
    if present & rule.unless or (rule.given and not present & rule.given):
        return
    if kind == "never_first":
        if case.profiles[0].roles & rule.codes:
            case.guideline(rule, 0)
    elif kind == "conflict":
        if present & rule.beside:
            _conflict(case, rule)
    elif kind == "order":
        if present & rule.beside:
            _order(case, rule)
    elif kind == "missing":
        _missing(case, rule)
    elif kind == "at_most_one":
        found = _holding(case, rule.codes)
        if len(found) > 1:
            case.guideline(rule, found[1], found[0])
    elif kind == "alone":
        if len(case.codes) > 1:
            here = _holding(case, rule.codes)[0]
            case.guideline(rule, here, 1 if here == 0 else 0)
    elif kind == "age":
        age = case.record.age
        youngest, oldest = written.ages
        if age is not None and not youngest <= age <= oldest:
            case.guideline(rule, _holding(case, rule.codes)[0])
    elif case.record.sex == written.sex:
        case.guideline(rule, _holding(case, rule.codes)[0])


def _holding(case: Case, bit: int) -> list[int]:
    """The positions of the codes that a set holds."""
    return [position for position, profile in enumerate(case.profiles) if profile.roles & bit]


def _only_first(case: Case, rule: Guideline) -> None:
    if case.profiles[0].roles & rule.unless:
        return
    for position in _holding(case, rule.codes):
        if position:
            case.guideline(rule, position, 0)
            return


def _conflict(case: Case, rule: Guideline) -> None:
    beside = _holding(case, rule.beside)
    for here in _holding(case, rule.codes):
        for there in beside:
            if there != here:
                if (there, here) not in case.pairs:
                    case.pairs.setdefault((here, there), []).append(rule)
                break


def _order(case: Case, rule: Guideline) -> None:
    """The first of ``codes`` belongs before the first of ``beside``."""
    here = _holding(case, rule.codes)[0]
    there = _holding(case, rule.beside)[0]
    if there >= here or (rule.written.when_first and there):
        return
    poa = rule.written.poa
    if poa and not case.poa(here) == case.poa(there) == poa:
        return
    case.guideline(rule, here, there)


def _missing(case: Case, rule: Guideline) -> None:
    if rule.beside and not case.present & rule.beside:
        return
    needed = _holding(case, rule.needs)
    for here in _holding(case, rule.codes):
        if rule.written.earlier:
            met = any(there < here for there in needed)
        else:
            met = any(there != here for there in needed)
        if not met:
            case.guideline(rule, here)
            return
