"""The name of the detail that decides between codes of the tabular: the side, the encounter, …"""

from __future__ import annotations

import re
from collections.abc import Sequence

from superbill.encoder.index.names import loose

_SIDES = re.compile(r"\b(?:right|left|bilateral|both)\b", re.IGNORECASE)
_ENCOUNTERS = re.compile(r"\b(?:initial encounter|subsequent encounter|sequela)\b", re.IGNORECASE)
_NAMED = (
    (re.compile(r"\btrimester\b", re.IGNORECASE), "trimester"),
    (re.compile(r"\bfetus \d|\bother fetus\b", re.IGNORECASE), "fetus"),
    (re.compile(r"\bstage\b", re.IGNORECASE), "stage"),
    (re.compile(r"\b(?:mild|moderate|severe)\b", re.IGNORECASE), "severity"),
    (re.compile(r"\b(?:upper|lower)\b.*\beyelid\b", re.IGNORECASE), "eyelid"),
    (re.compile(r"\bdisplaced|nondisplaced\b", re.IGNORECASE), "displacement"),
    (re.compile(r"\b(?:acute|chronic)\b", re.IGNORECASE), "course"),
)
_SIDE_OF = re.compile(
    r"\b(?:right|left) (?:(?:fe)?male )?([a-z]+)(?=,|;|$| with| due)", re.IGNORECASE
)
_NO_ORGAN = frozenset({"side", "dominant", "nondominant"})
_UNSPECIFIED = re.compile(r"\bunspecified\b|\bNOS\b", re.IGNORECASE)


def missing_detail(codes: Sequence[str], titles: Sequence[str]) -> str:
    """What has to be known to choose between codes; empty where it has no short name.

    >>> missing_detail(["H401211", "H401212"], ["mild stage", "moderate stage"])
    'stage'
    >>> missing_detail(["H2511", "H2512"], ["cataract, right eye", "cataract, left eye"])
    'side'
    """
    seventh = len({code[:6] for code in codes}) == 1 and all(len(code) == 7 for code in codes)
    if seventh and all(_ENCOUNTERS.search(title) for title in titles):
        return "encounter"
    sided = [title for title in titles if _SIDES.search(title)]
    if len(sided) >= 2 and len(sided) >= len(titles) - 2:
        return "side"
    for pattern, name in _NAMED:
        if sum(bool(pattern.search(title)) for title in titles) >= len(titles) - 1 > 0:
            return name
    return ""


def specify(missing: str, titles: Sequence[str]) -> str:
    """How to ask for the detail that is missing: of a side, of what it is the side.

    >>> specify("side", ["cataract, right eye", "cataract, left eye", "cataract, bilateral"])
    'specify which eye'
    >>> specify("stage", ["mild stage", "severe stage"]), specify("", ["one", "another"])
    ('which stage?', 'which?')
    """
    if missing != "side":
        return f"which {missing}?" if missing else "which?"
    sided = [found for title in titles for found in _SIDE_OF.findall(title)]
    whose = {loose(word) for word in sided if word.lower() not in _NO_ORGAN}
    return f"specify which {whose.pop()}" if len(whose) == 1 else "specify which side"


def unspecified_one(titles: Sequence[str]) -> int | None:
    """The place of the one title that says "unspecified" where the others do not.

    Where all share an "unspecified" of their heading, the ones with most of them are compared.
    """
    counts = [len(_UNSPECIFIED.findall(title)) for title in titles]
    most = max(counts, default=0)
    places = [place for place, count in enumerate(counts) if count == most]
    return places[0] if most and len(places) == 1 else None
