"""The codes that a record's words may lead to, with what is known of each.

Every mention of a term is resolved to a code that may be reported on the day. A code's *facts*
are numbers: how telling and how tight its best mention is, how often it is said, in which parts of
the record, whether absent, uncertain or past, and what other codes claim the same words.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from superbill.encoder.suggestions.codes import DayCodes, Resolved, side_of
from superbill.encoder.suggestions.context import STATES, Read, Word
from superbill.encoder.suggestions.lexicon import EXTERNAL, NEOPLASM, Lexicon
from superbill.encoder.suggestions.mentions import Mention, Said, mentions, narrower, said
from superbill.encoder.suggestions.words import meanings

_NEAR = 6  # words around a mention that choose among codes
_SIDE_NEAR = 4
_BESIDE = 2
_SHORT, _LONG = 200, 900  # words: the development notes say little of shorter and longer ones
_CHAPTERS = "ACDEFGHIJKLMNOPQRSTVZ"
_SECTIONS = ("history", "family", "present", "examination", "results", "diagnosis", "plan")

FACTS = (
    "telling",
    "classes",
    "gap",
    "marks",
    "implied",
    "optional",
    "ordered",
    "title",
    "inclusion",
    "index",
    "external",
    "neoplasm",
    "choices",
    "fit",
    "exact words",
    "mentions",
    "asserted",
    *(f"share {state}" for state in STATES),
    *(f"best {state}" for state in STATES),
    "first",
    "last",
    "words in record",
    "terms",
    "same words elsewhere",
    "best of same words",
    "category elsewhere",
    "unspecified",
    "other",
    "see",
    "length",
    "word before",
    "word after",
    "inside a narrower term",
    "always inside",
    "narrower in category",
    *(f"in {section}" for section in _SECTIONS),
    *(f"chapter {letter}" for letter in _CHAPTERS),
    "code known",
    "code accepted",
    "term known",
    "term accepted",
    "category accepted",
)
"""What is told of each candidate, in order. The last five are filled in from what coders took."""

LEARNED = 5
_NOT_SO = frozenset(("absent", "family", "hypothetical"))


class Support(NamedTuple):
    """One mention that leads to a code: how, and how the words stand.

    ``inside`` are the codes of narrower terms that say all that it says and more.
    """

    mention: Mention
    resolved: Resolved
    states: frozenset[str]
    section: str
    strength: float
    inside: frozenset[str]


class Candidate(NamedTuple):
    """A code with the mentions that lead to it, the best first, and its facts."""

    code: str
    support: tuple[Support, ...]
    facts: tuple[float, ...]
    signature: str


def candidates(read: Read, lexicon: Lexicon, codes: DayCodes, day: int) -> list[Candidate]:
    """The candidates of a record, by code."""
    words = read.words
    spoken = said(read, lexicon)
    found = mentions(read, spoken, lexicon, day)
    over = narrower(found)
    sides = _sides(words)
    resolved = [_resolve(mention, words, spoken, lexicon, codes, sides) for mention in found]
    by_code: dict[str, list[Support]] = {}
    claims: dict[tuple[int, ...], dict[str, float]] = {}
    for number, mention in enumerate(found):
        mine = resolved[number]
        if mine is None:
            continue
        above = (resolved[other] for other in over[number])
        inside = frozenset(other.code for other in above if other is not None)
        if mine.code in inside:
            continue
        strength = _strength(mention, lexicon) + 0.3 * min(mine.fit, 2.0)
        section = words[mention.places[0]].section
        support = Support(mention, mine, _states(mention, words), section, strength, inside)
        by_code.setdefault(mine.code, []).append(support)
        claim = claims.setdefault(mention.places, {})
        claim[mine.code] = max(claim.get(mine.code, -99.0), strength)
    categories: dict[str, int] = {}
    for code in by_code:
        categories[code[:3]] = categories.get(code[:3], 0) + 1
    out: list[Candidate] = []
    for code, supports in by_code.items():
        supports.sort(key=_order)
        facts = _facts(code, supports, read, lexicon, codes, claims, categories)
        out.append(Candidate(code, tuple(supports), facts, signature(supports[0], lexicon)))
    return out


def _order(support: Support) -> tuple[bool, bool, float, tuple[int, ...]]:
    """The best support first: what is so, what stands for itself, what is strong."""
    places = support.mention.places
    return bool(support.states & _NOT_SO), bool(support.inside), -support.strength, places


def is_so(support: Support) -> bool:
    """Whether a mention is neither denied, of a relative nor only thought of."""
    return not support.states & _NOT_SO


def signature(support: Support, lexicon: Lexicon) -> str:
    """What a term is counted under: its classes, and the words of our tables that implied them.

    They are words of the reference data and of ``words.toml``, none of a record's own.
    """
    row = lexicon.arrays["slots"][support.mention.term]
    count = lexicon.arrays["count"][support.mention.term]
    term = " ".join(sorted(lexicon.names[each] for each in row[:count].tolist()))
    return f"{term} < {support.mention.via}" if support.mention.via else term


def _resolve(
    mention: Mention,
    words: list[Word],
    spoken: Said,
    lexicon: Lexicon,
    codes: DayCodes,
    sides: dict[str, frozenset[str]],
) -> Resolved | None:
    stem = lexicon.code[mention.term]
    low, high = mention.places[0], mention.places[-1]
    sentence = words[low].sentence
    side = _side(words, low, high) or _side_elsewhere(words, mention, sides)
    if stem in codes:
        sided = codes.other_side(stem, side)
        return Resolved(sided, 1, "", 1.0) if sided else Resolved(stem, 1, "", 1.0)
    first = max(0, low - _NEAR)
    near = {
        each
        for place, word in enumerate(words[first : high + _NEAR + 1], start=first)
        if word.sentence == sentence
        for each in spoken.by_place[place]
    }
    return codes.resolve(stem, near, side)


def _side(words: list[Word], low: int, high: int) -> str:
    """The side that a mention speaks of: said beside it, else the one side of its sentence."""
    sentence = words[low].sentence
    near = (
        word.token.word
        for word in words[max(0, low - _SIDE_NEAR) : high + _SIDE_NEAR + 1]
        if word.sentence == sentence
    )
    side = side_of(near)
    if side:
        return side
    return side_of(word.token.word for word in _sentence(words, low, high, clause=True))


def _sentence(words: list[Word], low: int, high: int, *, clause: bool = False) -> list[Word]:
    """The words of the sentence that a mention is in, or of its clause between commas."""
    sentence = words[low].sentence

    def goes_on(place: int) -> bool:
        if not 0 <= place < len(words) or words[place].sentence != sentence:
            return False
        return not (clause and words[place].token.word in ",;")

    first, last = low, high
    while goes_on(first - 1):
        first -= 1
    while goes_on(last + 1):
        last += 1
    return words[first : last + 1]


def _sides(words: list[Word]) -> dict[str, frozenset[str]]:
    """The sides that a record names beside each class of word: of "the left kidney", left."""
    group = meanings().group
    found: dict[str, set[str]] = {}
    for place, word in enumerate(words):
        side = side_of((word.token.word,))
        if not side:
            continue
        for other in words[place + 1 : place + 1 + _BESIDE]:
            if other.sentence != word.sentence or not other.token.word[:1].isalpha():
                break
            found.setdefault(group.get(other.token.stem, other.token.stem), set()).add(side)
    return {each: frozenset(sides) for each, sides in found.items()}


def _side_elsewhere(words: list[Word], mention: Mention, sides: dict[str, frozenset[str]]) -> str:
    """The side that the rest of the record gives a part named in a mention, if always the same.

    Not where the mention's own sentence speaks of sides.
    """
    low, high = mention.places[0], mention.places[-1]
    if any(side_of((word.token.word,)) for word in _sentence(words, low, high)):
        return ""
    group = meanings().group
    stems = (words[place].token.stem for place in mention.places)
    beside = [sides[c] for c in (group.get(stem, stem) for stem in stems) if c in sides]
    both = frozenset().union(*beside)
    if len(both) != 1:
        return ""
    return next(iter(both))


def _states(mention: Mention, words: list[Word]) -> frozenset[str]:
    """What holds of all words of a mention."""
    states = set(words[mention.places[0]].states)
    for place in mention.places[1:]:
        states &= words[place].states
    return frozenset(states)


def _strength(mention: Mention, lexicon: Lexicon) -> float:
    a = lexicon.arrays
    mine = a["slots"][mention.term][: a["count"][mention.term]]
    telling = float(a["telling"][mine].sum())
    return telling - 2.0 * mention.gap - 1.5 * mention.marks - 1.0 * mention.implied


def _facts(
    code: str,
    supports: list[Support],
    read: Read,
    lexicon: Lexicon,
    codes: DayCodes,
    claims: dict[tuple[int, ...], dict[str, float]],
    categories: dict[str, int],
) -> tuple[float, ...]:
    words = read.words
    best = supports[0]
    mention = best.mention
    a = lexicon.arrays
    mine = a["slots"][mention.term][: a["count"][mention.term]]
    kind = int(a["kind"][mention.term])
    title = codes.title(code).lower()
    group = meanings().group
    heard = {group.get(words[p].token.stem, words[p].token.stem) for p in mention.places}
    own = set(codes.words(code))
    total = len(supports)
    claim = claims[mention.places]
    better = sum(score > claim[code] for other, score in claim.items() if other != code)
    low, high = mention.places[0], mention.places[-1]
    sections = {support.section for support in supports}
    facts = [
        float(a["telling"][mine].sum()),
        float(len(mine)),
        float(mention.gap),
        float(mention.marks),
        float(mention.implied),
        float(mention.optional),
        float(mention.ordered),
        float(kind == 0),
        float(kind == 1),
        float(kind == 2),
        float(kind == EXTERNAL),
        float(kind == NEOPLASM),
        math.log(best.resolved.of),
        best.resolved.fit,
        len(heard & own) / max(len(own), 1),
        math.log1p(total),
        math.log1p(sum(not support.states & _NOT_SO for support in supports)),
        *(sum(state in s.states for s in supports) / total for state in STATES),
        *(float(state in best.states) for state in STATES),
        low / max(len(words), 1),
        supports[-1].mention.places[0] / max(len(words), 1),
        math.log1p(min(max(len(words), _SHORT), _LONG)),
        math.log1p(len({support.mention.term for support in supports})),
        math.log1p(len(claim) - 1),
        float(better),
        math.log1p(categories[code[:3]] - 1),
        float("unspecified" in title),
        float("other" in title),
        float(" – see " in lexicon.shown[mention.term]),
        float(len(code)),
        _neighbour(words, low, -1),
        _neighbour(words, high, 1),
        math.log1p(len(best.inside)),
        float(all(support.inside for support in supports)),
        float(any(other[:3] == code[:3] for other in best.inside)),
        *(float(section in sections) for section in _SECTIONS),
        *(float(letter == _chapter(code)) for letter in _CHAPTERS),
        *([0.0] * LEARNED),
    ]
    return tuple(facts)


def _neighbour(words: list[Word], place: int, step: int) -> float:
    """Whether a telling word stands right beside a mention: it may name something narrower."""
    at = place + step
    if not 0 <= at < len(words) or words[at].sentence != words[place].sentence:
        return 0.0
    word = words[at].token.word
    return float(word[:1].isalpha() and len(word) > 3)


def _chapter(code: str) -> str:
    """The letter that stands for a code's chapter.

    >>> _chapter("B189"), _chapter("D509"), _chapter("T814"), _chapter("H659")
    ('A', 'D', 'T', 'H')
    """
    letter = code[0]
    return {"B": "A", "W": "V", "X": "V", "Y": "V"}.get(letter, letter)
