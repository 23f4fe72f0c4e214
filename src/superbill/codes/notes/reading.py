"""What a machine makes of one line of a note.

The notes are CDC/NCHS's, of the tabular list's release. Most name codes and are read by the
grammar; some say in words what is meant, and ``readings.toml`` reads those by hand where the codes
are beyond doubt. What neither reads is kept as ``words`` or ``unread``, to be shown to a person and
counted: no line is dropped.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from superbill.codes.notes.grammar import Mention, named

Status = Literal[
    "codes",
    "by hand",
    "heading",
    "order",
    "acted on",
    "seventh character",
    "text",
    "words",
    "unread",
]
UNDERSTOOD: frozenset[Status] = frozenset(
    {"codes", "by hand", "heading", "order", "acted on", "seventh character", "text"}
)
"""What is read; ``words`` name no code, ``unread`` name codes in a way that is not understood."""

EXCLUDES = ("excludes1", "excludes2")
INSTRUCTIONS = ("codeFirst", "useAdditionalCode", "codeAlso")
_TEXT = frozenset({"includes", "inclusionTerm", "visualImpairment", "instruction"})
_SEVENTH = frozenset({"sevenChrNote", "sevenChrDef"})

_CONDITIONAL = re.compile(
    r"\bif\b|\bwhere applicable|\bwhen (?:applicable|specified|associated)|\bas applicable"
    r"|\bany causal\b",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(r"\bsuch as\b|\bincluding\b", re.IGNORECASE)
# External causes are reported where a State or a payer asks for them (guideline I.C.20).
# A heading that ends before it says what ("code to identify:") lists what may be added.
_OPTIONAL = re.compile(
    r"\bany\b|\bassociated\b|\bexternal cause\b"
    r"|\b(?:identify|specify|codes?|code\(s\)|\(?for\)?)\W*$",
    re.IGNORECASE,
)
_EACH = re.compile(r"\bassociated\b", re.IGNORECASE)
_STARTS = re.compile(r"\W*(?:code\b|codes\b|code\(s\)|external cause code|any code)", re.IGNORECASE)
_DIRECTS = re.compile(
    r"\bshould\b|\bto be (?:used|coded|included|sequenced)\b|\bmust\b|\bnot to be\b"
    r"|\b(?:is|are) for use\b|\brequired\b|^(?:use|code|assign|select)\b|\bcode to\b|\bpriority\b"
    r"|\bprovided for use\b",
    re.IGNORECASE,
)
_SEVENTH_FOR = re.compile(
    r"(?:The (?:following )?appropriate 7th character is to be added to"
    r"|One of the following 7th characters is to be assigned to) .*[A-Z]\d"
)


class Manner(NamedTuple):
    """How an instruction is meant, by its words.

    ``conditional``: "if applicable", "if known"; ``examples``: "such as"; ``optional``: "any",
    "associated", or a heading that leaves open what; ``each``: every associated condition counts;
    ``starts``: the line begins an instruction of its own ("code to identify …").
    """

    conditional: bool = False
    examples: bool = False
    optional: bool = False
    each: bool = False
    starts: bool = False


PLAIN = Manner()


class Reading(NamedTuple):
    """A line read.

    ``mentions`` are the codes named, ``applies`` those at the place that it speaks to (all, where
    empty). ``why`` is the reason of a reading by hand, or what stands in the way of one.
    """

    status: Status
    mentions: tuple[Mention, ...] = ()
    applies: tuple[Mention, ...] = ()
    manner: Manner = PLAIN
    why: str = ""


class _ByHand(NamedTuple):
    says: str
    codes: str
    applies: str
    nothing: bool
    heading: bool
    conditional: bool
    acted_on: str
    why: str


@cache
def _by_hand() -> Mapping[tuple[str, str], tuple[_ByHand, ...]]:
    text = files(__package__).joinpath("readings.toml").read_text(encoding="utf-8")
    found: dict[tuple[str, str], tuple[_ByHand, ...]] = {}
    for row in tomllib.loads(text)["reading"]:
        key = row["node"], row["kind"]
        one = _ByHand(
            row["says"],
            row.get("codes", ""),
            row.get("applies", ""),
            row.get("nothing", False),
            row.get("heading", False),
            row.get("conditional", False),
            row.get("acted_on", ""),
            row.get("why", ""),
        )
        found[key] = (*found.get(key, ()), one)
    return found


def read(node: str, kind: str, text: str, categories: frozenset[str]) -> Reading:
    """Read one line of the note of ``kind`` at ``node``.

    ``categories`` are those of the list of the day: what looks like a code but has no category
    there is a word (vitamin B12).
    """
    if kind in _SEVENTH:
        fits = kind == "sevenChrDef" or _SEVENTH_FOR.match(text)
        return Reading("seventh character" if fits else "unread")
    for hand in _by_hand().get((node, kind), ()):
        if text.startswith(hand.says):
            return _read_by_hand(hand, text)
    if kind in _TEXT:
        return Reading("text", _known(named(text).mentions, categories))
    if kind == "notes":
        return _note(text, categories)
    found = named(text)
    mentions = _known(found.mentions, categories)
    manner = _manner(text)
    if found.unread and mentions:
        why = f"The clause {found.unread[0]!r} is not understood."
        return Reading("unread", mentions, why=why)
    if text.rstrip().endswith(":"):
        return Reading("heading", manner=manner)
    if mentions:
        return Reading("codes", mentions, manner=manner)
    status: Status = "order" if kind == "codeFirst" else "words"
    return Reading(status, manner=manner, why="It names no code.")


def _read_by_hand(hand: _ByHand, text: str) -> Reading:
    status: Status = "by hand"
    if hand.nothing:
        status = "text"
    elif hand.heading:
        status = "heading"
    elif hand.acted_on:
        status = "acted on"
    elif not hand.codes:
        status = "words"
    return Reading(
        status,
        named(hand.codes).mentions,
        named(hand.applies).mentions,
        _manner(text)._replace(conditional=True) if hand.conditional else _manner(text),
        hand.why or hand.acted_on,
    )


def _note(text: str, categories: frozenset[str]) -> Reading:
    if _DIRECTS.search(text):
        why = "It says in words when the codes are for use."
        return Reading("words", manner=_manner(text), why=why)
    return Reading("text", _known(named(text).mentions, categories))


def _known(mentions: tuple[Mention, ...], categories: frozenset[str]) -> tuple[Mention, ...]:
    return tuple(
        mention
        for mention in mentions
        if mention.first[:3] in categories or mention.last[:3] in categories
    )


def _manner(text: str) -> Manner:
    return Manner(
        conditional=bool(_CONDITIONAL.search(text)),
        examples=bool(_EXAMPLES.search(text)),
        optional=bool(_OPTIONAL.search(text)),
        each=bool(_EACH.search(text)),
        starts=bool(_STARTS.match(text)),
    )
