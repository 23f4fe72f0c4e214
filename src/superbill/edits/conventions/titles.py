"""What a code's title says in words: side, trimester, "unspecified", "in diseases classified".

The tabular list of ICD-10-CM (CDC/NCHS) has no columns for these; its titles follow fixed customs,
which are read here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from superbill.codes.notes import Node

Side = Literal["right", "left", "bilateral", "unspecified"]

_WORDS = re.compile(r"[a-z0-9-]+")
_DROPPED = frozenset({"of", "the", "in", "a", "and", "with", "unilateral"})
_DROPPED |= {"eye", "eyes", "ear", "ears", "side", "sides"}
_SIDES: dict[str, Side] = {
    "right": "right",
    "left": "left",
    "bilateral": "bilateral",
    "bilaterally": "bilateral",
    "both": "bilateral",
}
_TRIMESTER = re.compile(r"\b(first|second|third|unspecified) trimester\b")
_ELSEWHERE = re.compile(r"\bin\b[^,;]*\bclassified elsewhere\b")
_WHOLLY = re.compile(r"^unspecified\b|, unspecified\b|not specified", re.IGNORECASE)
_UNSPECIFIED = re.compile(r"\bunspecified\b|\bnot specified\b", re.IGNORECASE)


class Sided(NamedTuple):
    """A side, and the words that codes of the same condition on another side share."""

    key: tuple[str, ...]
    side: Side


def sided(category: str, title: str) -> Sided | None:
    """The side that a title names, or that it leaves open; ``None`` where it names none.

    >>> sided("H25", "Age-related nuclear cataract, right eye")
    Sided(key=('H25', 'age-related', 'nuclear', 'cataract'), side='right')
    >>> sided("M17", "Bilateral primary osteoarthritis of knee")
    Sided(key=('M17', 'primary', 'osteoarthritis', 'knee'), side='bilateral')
    >>> sided("M17", "Unilateral primary osteoarthritis, left knee")
    Sided(key=('M17', 'primary', 'osteoarthritis', 'knee'), side='left')

    A title that names none may be the one for a side not specified; what it is matters only where
    another code shares its words.

    >>> sided("M25", "Pain in unspecified knee")
    Sided(key=('M25', 'pain', 'knee'), side='unspecified')
    """
    words: list[str] = _WORDS.findall(title.lower())
    found: list[Side] = [_SIDES[word] for word in words if word in _SIDES]
    if len(set(found)) > 1:
        return None
    if found:
        side = found[0]
        words = [word for word in words if word not in _SIDES]
    elif "unspecified" in words:
        side = "unspecified"
        last = len(words) - 1 - words[::-1].index("unspecified")
        del words[last]
    else:
        return None
    return Sided((category, *(word for word in words if word not in _DROPPED)), side)


def trimester(title: str) -> str:
    """``first``, ``second``, ``third``, ``unspecified``, or empty where the title names none.

    >>> trimester("Gestational edema, second trimester")
    'second'
    """
    found = _TRIMESTER.findall(title.lower())
    # O60.13, "second trimester with preterm delivery third trimester", names two.
    return found[0] if len(set(found)) == 1 else ""


def says_manifestation(path: tuple[Node, ...]) -> bool:
    """Whether a title on the way to a code has "in … classified elsewhere"."""
    return any(
        _ELSEWHERE.search(node.title) for node in path if node.kind in {"category", "subcategory"}
    )


class Vague(NamedTuple):
    """Where the way to a code turns to what is not specified.

    ``place`` says "unspecified" and the place ``above`` it does not. ``wholly`` says that it is
    the residual place ("…, unspecified"), and not specific in some other way ("due to unspecified
    occlusion of right middle cerebral artery").
    """

    above: str
    place: str
    wholly: bool


def unspecified(path: tuple[Node, ...]) -> tuple[Vague, ...]:
    """The turns to what is not specified on the way to a code, from above."""
    return tuple(
        Vague(above.code, node.code, _WHOLLY.search(node.title) is not None)
        for above, node in pairwise(path)
        if node.kind == "subcategory"
        and _UNSPECIFIED.search(node.title)
        and not _UNSPECIFIED.search(above.title)
    )
