"""A record's words with their places, each as the classes of words that it may stand for.

A *class* is what is compared: the stem of a word, or of the first of a group of words that mean
the same. A word may stand for several ("adenocarcinoma" is itself and a cancer). The groups are
those of the search (``find/words.toml``), the words that imply others are in ``words.toml`` here.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from superbill.encoder.find.query import tables
from superbill.encoder.find.words import STOP, fold, stem

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}/[A-Za-z]{1,2}(?![A-Za-z0-9/])"
    r"|[^\W\d_]+(?:['’][a-z]+)?\d*|\d[ab](?![A-Za-z0-9])|\d+(?:[.,]\d+)*|[^\w\s]"
)
_PLURALS = (
    (re.compile(r"(?<=[a-z]{3})oses$"), "osis"),
    (re.compile(r"(?<=[a-z]{3})yses$"), "ysis"),
    (re.compile(r"(?<=[a-z]{3}t)ases$"), "asis"),
    (re.compile(r"(?<=[a-z]{3})itides$"), "itis"),
    (re.compile(r"(?<=[a-z]{3})omata$"), "oma"),
    (
        re.compile(r"^(calcul|thromb|embol|bronch|fung|bacill|stimul|diverticul|infarct|nev)i$"),
        "us",
    ),
    (re.compile(r"(?<=[a-z]{4})ae$"), "a"),
)


_COURSE = re.compile(r"\b(?:acute|chronic|primary|unspecified|lower|upper)\b")


class Token(NamedTuple):
    """A word, number or mark: where it stands in the text, as it stands (folded), its stem.

    ``capital`` says that it is written in capitals, as abbreviations are.
    """

    start: int
    end: int
    word: str
    stem: str
    capital: bool


def tokens(text: str, offset: int = 0) -> list[Token]:
    """The words, numbers and marks of ``text``; places count from ``offset``.

    >>> [t.word for t in tokens("Fever of 38.5 °C, w/o cough.")]
    ['fever', 'of', '38.5', '°', 'c', ',', 'w/o', 'cough', '.']
    """
    found = []
    for match in _TOKEN.finditer(text):
        word = _EYES.get(match[0]) or fold(match[0])
        start, end = match.start() + offset, match.end() + offset
        capital = sum(character.isupper() for character in match[0]) >= 2
        found.append(Token(start, end, word, stemmed(word), capital))
    return found


# Oculus dexter, sinister, uterque: the side is what they say.
_EYES = {"OD": "right", "OS": "left", "OU": "both"}


@functools.lru_cache(maxsize=1 << 16)
def stemmed(word: str) -> str:
    """The stem of a folded word, Greek and Latin plurals made singular.

    >>> stemmed("metastases"), stemmed("calculi"), stemmed("haemorrhages")
    ('metastasis', 'calculus', 'hemorrhag')
    """
    for pattern, ending in _PLURALS:
        found = pattern.search(word)
        if found:
            head = found[1] if pattern.groups else word[: found.start()]
            word = head + ending
            break
    return stem(word)


class Meanings(NamedTuple):
    """The tables by stems.

    ``group`` maps a stem to the class that stands for all of its group; ``implied`` a stem to
    further classes; ``abbreviated`` an abbreviation (where it is written as one) to the classes
    of what it is short for, and ``small`` are those read in small letters, too; ``phrases``
    several stems to the classes that they stand for together.
    """

    group: dict[str, str]
    implied: dict[str, tuple[str, ...]]
    abbreviated: dict[str, tuple[str, ...]]
    small: frozenset[str]
    phrases: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    longest: int


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text without small words and marks.

    >>> stems_of("Viral hepatitis A, with a rash")
    ('viral', 'hepatitis', 'a', 'with', 'rash')
    """
    found = tokens(text)
    return tuple(token.stem for place, token in enumerate(found) if tells(found, place))


_BETWEEN = frozenset((",", "/", "and", "or", "virus"))
_LETTERED = frozenset(("hepatitis", "type", "group", "vitamin", "factor", "class", "influenza"))


def tells(words: Sequence[Token], place: int) -> bool:
    """Whether a token says something: no mark and no small word, unless a letter of a kind."""
    word = words[place].word
    if not word[:1].isalnum():
        return False
    if word not in STOP:
        return True
    return len(word) == 1 and _lettered(words, place)


def _lettered(words: Sequence[Token], place: int) -> bool:
    """Whether a letter names a kind: "hepatitis A", and each of "hepatitis A, B and C"."""
    at = place - 1
    while at > 0 and (words[at].word in _BETWEEN or len(words[at].word) == 1):
        at -= 1
    return at >= 0 and words[at].word in _LETTERED


@functools.cache
def meanings() -> Meanings:
    """The tables, read once."""
    text = (files("superbill.encoder.suggestions") / "words.toml").read_text("utf-8")
    held: dict[str, Any] = tomllib.loads(text)
    group = _groups(held)

    def classes(said: str) -> tuple[str, ...]:
        return tuple(group.get(each, each) for each in stems_of(said))

    implied: dict[str, tuple[str, ...]] = {}
    phrases: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}

    def add(said: str, meant: Iterable[str]) -> None:
        stems = stems_of(said)
        means = tuple(classes(each) for each in meant)
        if len(stems) == 1:
            known = implied.get(stems[0], ())
            implied[stems[0]] = tuple(dict.fromkeys((*known, *(c for m in means for c in m))))
        elif stems:
            phrases[stems] = (*phrases.get(stems, ()), *means)

    for said, meant in held["implied"].items():
        add(said, [meant] if isinstance(meant, str) else meant)
    abbreviated = {
        said: classes(meant[0])
        for said, meant in tables().abbreviations.items()
        if said not in held["not_here"]
    }
    abbreviated |= {said: classes(meant) for said, meant in held["abbreviated"].items()}
    lay = {said: meant for said, meant in tables().lay.values() if said not in held["not_here"]}
    for said, meant in lay.items():
        # An everyday name says the condition, and nothing of its course.
        add(said, [_COURSE.sub(" ", meant)])
    longest = max(map(len, phrases), default=1)
    small = frozenset(held["small"]["words"])
    return Meanings(group, implied, abbreviated, small, phrases, longest)


def _groups(held: dict[str, Any]) -> dict[str, str]:
    """Each stem's class: the first stem of the groups that it belongs to, joined."""
    above: dict[str, str] = {}

    def root(one: str) -> str:
        while above.get(one, one) != one:
            one = above[one]
        return one

    kept_apart = {stemmed(word) for word in held["apart"]}
    for one, others in tables().synonyms.items():
        for other, weight in others:
            if weight > 0.8 and one not in kept_apart and other not in kept_apart:
                above[root(other)] = root(one)
    for words in held["same"]:
        first, *rest = (stemmed(fold(word)) for word in words)
        for other in rest:
            above[root(other)] = root(first)
    return {one: root(one) for one in above}
