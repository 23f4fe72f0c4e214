"""What a term of the index may be called, so that references and people's words find it.

The index prints several words for one thing ("Abdomen, abdominal"; "acute or subacute"), leaves
"NEC" away when it refers to a term, and counts one thing or many of them as it pleases. A name
has a tier: 0 the title as printed, 1 the title without modifiers, 2 the first of its words, 3
another of them, 4 the same but for endings and fillers. The lowest tier that answers is meant.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from superbill.sources.icd10cm_printed import essential_title, title_key

_FILLER = re.compile(r"\b(?:nec|nos|unspecified|any|the)\b|\(s\)|\(es\)")
_ALTERNATIVES = re.compile(r",|\bor\b|/|\band\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_OPENED = re.compile(r"[()]")

TIERS = 5

_SMALL = frozenset(
    (
        "of",
        "to",
        "in",
        "by",
        "for",
        "on",
        "at",
        "a",
        "an",
        "and",
        "the",
        "specified",
        "site",
        "type",
    )
)


def _one(word: str) -> str:
    """A word in the singular, and without the ending that makes an adjective of a noun."""
    word = word.removesuffix("'s")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("xes", "ches", "shes")) else word[:-1]
    return word


@functools.lru_cache(maxsize=1 << 16)
def loose(text: str) -> str:
    """The words of ``text`` in the singular, without fillers, punctuation and modifiers.

    >>> loose("Complications (from) (of) NEC"), loose("Cushing's, syndrome")
    ('complication', 'cushing syndrome')
    """
    key = _FILLER.sub(" ", title_key(essential_title(text)))
    return " ".join(_one(word) for word in _WORD.findall(key))


@functools.lru_cache(maxsize=1 << 16)
def names(title: str) -> tuple[frozenset[str], ...]:
    """The names of a term by tier, for comparing with :func:`called`.

    >>> "abdominal" in names("Abdomen, abdominal (wall)")[3]
    True
    """
    essential = essential_title(title)
    key = title_key(essential)
    parts = [part for part in map(title_key, _ALTERNATIVES.split(essential)) if part]
    # "Legg (-Calvé)-Perthes": the modifier may be part of the name.
    opened = _OPENED.sub("", re.sub(r"\s*\(-", "(-", title))
    endings = {loose(essential), loose(opened), *(loose(part) for part in parts)} - {""}
    return (
        frozenset({title_key(title)}),
        frozenset({key}),
        frozenset(parts[:1]),
        frozenset(parts[1:]),
        frozenset(endings),
    )


def called(title: str, wanted: str) -> int:
    """The tier at which a term may be called ``wanted``; :data:`TIERS` where it may not."""
    tiers = names(title)
    key = title_key(wanted)
    bare = title_key(essential_title(wanted))
    for tier in range(TIERS - 1):
        if key in tiers[tier] or bare in tiers[tier]:
            return tier
    return TIERS - 1 if loose(wanted) in tiers[TIERS - 1] else TIERS


def stems(text: str) -> Iterator[str]:
    """The words of ``text``, modifiers included, cut to what their endings leave alone."""
    for word in loose(text.replace("(", " ").replace(")", " ")).split():
        if word not in _SMALL:
            yield word[:5] if len(word) > 6 else word


def said_by(parts: Sequence[str], titles: Sequence[str]) -> int | None:
    """The place of the one title that words name, or ``None`` where none or several are.

    A title is named where all its words are said, or where it has every word of one of the parts;
    of several the one that answers more words, and then the one with fewer words besides.

    >>> said_by(["acute on chronic"], ["acute", "chronic", "acute and chronic", "senile"])
    2
    >>> said_by(["upper outer"], ["upper-outer quadrant", "upper", "outer"])
    0
    """
    wanted = [frozenset(stems(part)) for part in parts]
    said = frozenset().union(*wanted)
    if not said:
        return None
    scores = []
    for title in titles:
        own = frozenset(stems(title))
        answers = len(own) if own <= said else 0
        answers = max([answers, *(len(part) for part in wanted if part and part <= own)])
        scores.append((answers, -len(own - said)))
    best = max(scores, default=(0, 0))
    return scores.index(best) if best[0] and scores.count(best) == 1 else None
