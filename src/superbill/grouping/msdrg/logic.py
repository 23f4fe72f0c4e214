"""The line of the grouper's logic that a stay met, read back to the codes that met it.

A DRG is reached through a line such as ``(MCC & PDX:dxc0505)``: a major complication and a
principal diagnosis on the list of heart failure codes. ``PDX:`` means the principal diagnosis,
``SDX:`` a secondary one, ``ANY:`` either; a bare name in lower case is a list of procedures; names
in capitals are conditions (``ALIVE``, ``MULTST`` for multiple significant trauma). Which line was
met is decided by the program; here only its codes are found. Among several codes that would do,
CMS's grouper names the first by severity, then by code.

Source: MS-DRG Definitions Manual, the logic of each MDC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

Level = str  # MCC, CC, or anything else for neither

_TOKEN = re.compile(r"[A-Za-z0-9_:]+|[()&|~]")

_COUNTS = frozenset(
    {
        "BILATERAL",
        "FOUR_DRUG_ELUTING_STENTS",
        "FOUR_NON_DRUG_ELUTING_STENTS",
        "FOUR_STENTS",
        "FOUR_VESSELS",
        "MULTFUSE",
    }
)

TRAUMA_SITES = frozenset(
    {"sthead", "stchest", "stabdom", "stkidney", "sturin", "stpel", "stuplimb", "stlolimb"}
)
"""The body site categories of MDC 24, as the grouper's lists name them."""


class Node(NamedTuple):
    """A parsed condition: ``kind`` is ``name``, ``not``, ``and`` or ``or``."""

    kind: str
    name: str = ""
    parts: tuple[Node, ...] = ()


class Secondary(NamedTuple):
    """A secondary diagnosis as a line sees it; ``place`` is its position in the claim."""

    place: int
    lists: frozenset[str]
    level: Level


class Stay(NamedTuple):
    """What a line is held against. ``secondary`` is in the order in which codes are preferred,
    ``procedures`` are the lists of each procedure in billed order, which is theirs.

    Some lists are of combinations of procedures (a device with its lead, kidney with pancreas),
    which the procedures alone do not show: ``assume_procedures`` takes every such list as met.
    """

    principal_lists: frozenset[str]
    secondary: Sequence[Secondary]
    procedures: Sequence[frozenset[str]]
    assume_procedures: bool = False


class Met(NamedTuple):
    """Whether a line holds, and the codes that it holds by.

    ``places`` are of diagnoses (0: principal), ``procedures`` of procedures (0: the first).
    """

    holds: bool
    places: frozenset[int] = frozenset()
    procedures: frozenset[int] = frozenset()


@cache
def parse(formula: str) -> Node:
    """``formula`` as a tree.

    >>> parse("MCC & ~PDX:hiv").parts[1].kind
    'not'
    """
    tokens = _TOKEN.findall(formula)
    node, rest = _either(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"{formula!r} does not end where its condition does")
    return node


def _either(tokens: list[str], at: int) -> tuple[Node, int]:
    return _joined(tokens, at, "|", "or", _both)


def _both(tokens: list[str], at: int) -> tuple[Node, int]:
    return _joined(tokens, at, "&", "and", _single)


def _joined(
    tokens: list[str],
    at: int,
    sign: str,
    kind: str,
    read: Callable[[list[str], int], tuple[Node, int]],
) -> tuple[Node, int]:
    node, at = read(tokens, at)
    parts = [node]
    while at < len(tokens) and tokens[at] == sign:
        node, at = read(tokens, at + 1)
        parts.append(node)
    return (parts[0] if len(parts) == 1 else Node(kind, parts=tuple(parts))), at


def _single(tokens: list[str], at: int) -> tuple[Node, int]:
    sign = tokens[at]
    if sign == "~":
        node, at = _single(tokens, at + 1)
        return Node("not", parts=(node,)), at
    if sign == "(":
        node, at = _either(tokens, at + 1)
        return node, at + 1
    return Node("name", sign), at + 1


def met(node: Node, stay: Stay) -> Met:
    """Whether ``stay`` meets the condition, and by which diagnoses.

    Conditions in capitals that are not decided here (age, death, counts of procedures) are taken
    as they must have been for the program to get this far: as holding.
    """
    if node.kind == "name":
        return _name(node.name, stay)
    if node.kind == "not":
        inner = node.parts[0]
        if inner.kind == "name" and inner.name.isupper() and inner.name not in {"MCC", "CC"}:
            return Met(True)
        return Met(not met(inner, stay).holds)
    places = frozenset[int]()
    procedures = frozenset[int]()
    for part in node.parts:
        result = met(part, stay)
        if node.kind == "or" and result.holds:
            return result
        if node.kind == "and":
            if not result.holds:
                return Met(False)
            places |= result.places
            procedures |= result.procedures
    return Met(node.kind == "and", places, procedures)


def _name(name: str, stay: Stay) -> Met:
    scope, colon, listed = name.partition(":")
    if colon:
        if scope in {"PDX", "ANY", "ONLY"} and listed in stay.principal_lists:
            return Met(True, frozenset({0}))
        if scope in {"SDX", "ANY"}:
            for code in stay.secondary:
                if listed in code.lists:
                    return Met(True, frozenset({code.place}))
        return Met(False)
    if name in {"MCC", "CC"}:
        for code in stay.secondary:
            if code.level == name:
                return Met(True, frozenset({code.place}))
        return Met(False)
    if name == "MULTST":
        return multiple_significant_trauma(stay)
    if name == "ORPROC":
        return _operating_room(stay)
    if name.isupper():
        return Met(True)
    for place, lists in enumerate(stay.procedures):
        if name in lists:
            return Met(True, procedures=frozenset({place}))
    return Met(stay.assume_procedures)


def _operating_room(stay: Stay) -> Met:
    for place, lists in enumerate(stay.procedures):
        if lists and "nonor" not in lists:
            return Met(True, procedures=frozenset({place}))
    return Met(stay.assume_procedures)


def counts_procedures(node: Node) -> bool:
    """Whether the condition counts procedures (``FOUR_STENTS``, ``BILATERAL``): which of them
    it holds by is then not read from it.

    >>> counts_procedures(parse("MCC & (ptca | FOUR_STENTS)"))
    True
    """
    if node.kind == "name":
        return node.name in _COUNTS or node.name.endswith("CTR")
    return any(counts_procedures(part) for part in node.parts)


def multiple_significant_trauma(stay: Stay) -> Met:
    """Significant trauma of two or more body sites, the principal diagnosis's own included."""
    sites = set(TRAUMA_SITES & stay.principal_lists)
    places = {0} if sites else set()
    for code in stay.secondary:
        here = TRAUMA_SITES & code.lists
        if len(sites) < 2 and here - sites:
            sites |= here
            places.add(code.place)
    return Met(len(sites) > 1, frozenset(places))
