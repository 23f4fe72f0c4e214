"""How the notes of the tabular list name codes: the grammar of what stands in parentheses.

CDC/NCHS writes the notes of ICD-10-CM by hand, with a few customs that hold throughout: a single
code (``I11.0``), everything below one (``K55.-``, ``H01.8-``), a list, a range (``A00-B99``,
``M05.00 to M05.8A``, ``E05.0-E05.9-``), and a clause that narrows what was named (``with fifth
or sixth character 5``, ``with .51-.52``, ``with final characters -91``, ``with 7th character B
or C``). Nothing here looks a code up: whether a code exists is asked later, of the list of the day.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

How = Literal["place", "intent", "ends", "goes on"]


class Clause(NamedTuple):
    """What narrows the codes named.

    ``how`` is ``place`` (what stands from ``place`` on, counted from 1, is one of ``values``),
    ``intent`` (the fifth or sixth character is), ``ends`` (the code ends so) or ``goes on`` (what
    follows the category begins so).
    """

    how: How
    values: tuple[str, ...]
    place: int = 0


class Mention(NamedTuple):
    """Codes that a note names: all from ``first`` to ``last`` and below, plain (undotted).

    A single code or category is a range of one. Without a clause nothing narrows them.
    """

    first: str
    last: str
    clause: Clause | None = None


class Named(NamedTuple):
    """What a text names, and the clauses in it that could not be read."""

    mentions: tuple[Mention, ...]
    unread: tuple[str, ...] = ()


_CODE = re.compile(
    r"(?<![A-Za-z0-9.])[A-Z](?:[0-9][0-9A-Z]|A[0-9])(?:\.[0-9A-Z]{1,4})?(?![0-9A-Za-z])"
)
_ORDINALS = {"fourth": 4, "fifth": 5, "sixth": 6, "six": 6, "seventh": 7}
_ORDINALS |= {"4th": 4, "5th": 5, "6th": 6, "7th": 7}
_ORDINAL = "|".join(_ORDINALS)
_CLAUSE = re.compile(r"[\s,.-]*\bwith\b\s+(?P<what>[^();]*)")
_AFTER = re.compile(
    rf"\s*with\s+(?P<what>(?:final|{_ORDINAL})\b[^();]*?characters?\s+[-.0-9A-Z]+(?:-[0-9A-Z])?)"
)
_CHARACTER = re.compile(
    rf"(?P<one>{_ORDINAL})(?:\s+or\s+(?P<other>{_ORDINAL}))?[\s-]+characters?\s+(?P<values>.+)"
)
_TO = re.compile(r"fifth\s+to\s+sixth\s+characters?\s+(?P<values>[0-9A-Z]{2})")
_FINAL = re.compile(r"final\s+characters?\s+(?P<values>.+)")
_VALUES = re.compile(
    r"[A-Z0-9](?:\s*-\s*[A-Z0-9])?(?:(?:\s*,\s*|\s+or\s+)[A-Z0-9](?:\s*-\s*[A-Z0-9])?)*"
)
_ENDINGS = re.compile(r"\.?[0-9A-Z]+-?(?:(?:\s*,\s*|\.\s+|\s+or\s+|-)\.?[0-9A-Z]+-?)*")
_TO_INTENT = "to indicate intent"
_POISONING = ("1", "2", "3", "4")
_GAP_RANGE = re.compile(r"\.?-*\s*-\s*-*|\.?-*\s+to\s+")


def named(text: str) -> Named:
    """The codes that ``text`` names, in its order.

    >>> named("pancreatitis (K85-K86.-), except alcoholic").mentions
    (Mention(first='K85', last='K86', clause=None),)
    >>> named("drug (T36-T50 with fifth or sixth character 5)").mentions[0].clause
    Clause(how='intent', values=('5',), place=0)
    >>> named("gangrene (E08-E13 with .51-.52)").mentions[0].clause
    Clause(how='goes on', values=('51', '52'), place=0)

    >>> named("underdosing (T36-T50) with fifth or sixth character 6").mentions[0].clause
    Clause(how='intent', values=('6',), place=0)

    Where parentheses name codes, what stands outside them describes a condition:

    >>> named("pneumoconiosis with tuberculosis, any type in A15 (J65)").mentions
    (Mention(first='J65', last='J65', clause=None),)
    """
    found: list[Mention] = []
    unread: list[str] = []
    parts = re.split(r"[(){}]", text)
    listed = [_list(part) for part in parts]
    places = range(1, len(parts), 2)
    if not any(listed[place][0] for place in places):
        places = range(len(parts))
    for place in places:
        mentions, rest = listed[place]
        if not mentions:
            continue
        # A clause may follow the parentheses: (T36-T50) with fifth or sixth character 6.
        after = parts[place + 1] if place % 2 and place + 1 < len(parts) else ""
        clause = _CLAUSE.match(rest) or _AFTER.match(after)
        if clause is not None:
            what = clause["what"].strip().rstrip(",.")
            narrowed = _clause(what)
            if narrowed is None:
                unread.append(f"with {what}")
            found += [mention._replace(clause=narrowed) for mention in mentions]
        else:
            found += mentions
    return Named(tuple(found), tuple(unread))


def _list(part: str) -> tuple[list[Mention], str]:
    """The codes of one part, ranges joined, and what follows the last of them."""
    codes = list(_CODE.finditer(part))
    mentions: list[Mention] = []
    index = 0
    while index < len(codes):
        code = _plain(codes[index].group())
        gap = part[codes[index].end() : codes[index + 1].start()] if index + 1 < len(codes) else ""
        if gap and _GAP_RANGE.fullmatch(gap):
            mentions.append(Mention(code, _plain(codes[index + 1].group())))
            index += 2
        else:
            mentions.append(Mention(code, code))
            index += 1
    return mentions, part[codes[-1].end() :] if codes else ""


def _plain(code: str) -> str:
    return code.replace(".", "")


def _clause(what: str) -> Clause | None:
    """A narrowing clause after the word "with", or ``None`` where it cannot be read."""
    if found := _TO.fullmatch(what):
        return Clause("place", (found["values"],), 5)
    if found := _CHARACTER.fullmatch(what):
        said = found["values"].lstrip(".")
        values = _POISONING if said == _TO_INTENT else _spread(said)
        if not values:
            return None
        if found["other"]:
            return Clause("intent", values)
        return Clause("place", values, _ORDINALS[found["one"]])
    if found := _FINAL.fullmatch(what):
        ends = found["values"].strip()
        if ends.startswith("."):
            return _goes_on(ends)
        if ends.startswith("-"):
            return Clause("ends", (ends[1:],)) if ends[1:].isalnum() else None
        return Clause("intent", (ends,)) if len(ends) == 1 and ends.isalnum() else None
    return _goes_on(what) if what.startswith(".") else None


def _spread(text: str) -> tuple[str, ...]:
    """``1-4 or 6`` as single characters; empty where it is none."""
    if not _VALUES.fullmatch(text):
        return ()
    found: list[str] = []
    for item in re.split(r"\s*,\s*|\s+or\s+", text):
        first, _, last = item.replace(" ", "").partition("-")
        found += (chr(n) for n in range(ord(first), ord(last or first) + 1))
    return tuple(found)


def _goes_on(text: str) -> Clause | None:
    """``.51-.52``, ``.150, .250, .950``, ``.62-``: what follows the category."""
    if not _ENDINGS.fullmatch(text):
        return None
    values: list[str] = []
    for item in re.split(r"\s*,\s*|\.\s+|\s+or\s+", text):
        first, _, last = item.strip(".").partition("-")
        last = last.strip(".") or first
        if len(first) != len(last):
            return None
        # Only the last character counts up: .51-.52.
        if first[:-1] != last[:-1]:
            return None
        values += (first[:-1] + chr(n) for n in range(ord(first[-1]), ord(last[-1]) + 1))
    return Clause("goes on", tuple(values))
