"""A query as written, read into slots of stems: abbreviations, lay words, synonyms, misspellings.

A query may be read in more than one way ("MI" is an infarction or an insufficiency): each way is
a *reading*, and the best hits of all readings count.
"""

from __future__ import annotations

import functools
import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from superbill.encoder.find.words import STOP, shown, stem, words

type Array = np.ndarray[Any, Any]

MOST_WORDS = 60
_MOST_READINGS = 3
_SIDES = frozenset(("left", "right", "bilateral"))
_EPISODE = frozenset(("initial", "subsequent", "encounter"))
_SYNONYM, _FORM, _RELATED, _PART, _CORRECTED, _BEGUN = 0.85, 0.75, 0.55, 0.5, 0.8, 0.7
_CLIPPED = 0.65


class Reading(NamedTuple):
    """One way to read the query: its words as stems, and what was made of them.

    ``terms`` are (stem, word as written); ``notes`` say what was expanded, for people; ``kept``
    are words in capitals, which are no misspellings of others.
    """

    terms: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    weight: float
    kept: frozenset[str] = frozenset()


class _Tables(NamedTuple):
    everyday: frozenset[str]
    abbreviations: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[str, ...]]
    lay: Mapping[tuple[str, ...], tuple[str, str]]
    lay_asked: Mapping[tuple[str, ...], tuple[str, str]]
    alone: Mapping[tuple[str, ...], tuple[str, str]]
    procedures: Mapping[tuple[str, ...], tuple[str, str]]
    supplies: Mapping[tuple[str, ...], tuple[str, str]]
    synonyms: Mapping[str, tuple[tuple[str, float], ...]]


@functools.cache
def tables() -> _Tables:
    """The tables of ``words.toml``, by stems; what is ``asked`` is meant so in queries only."""
    text = (files("superbill.encoder.find") / "words.toml").read_text("utf-8")
    held: dict[str, Any] = tomllib.loads(text)
    near: dict[str, dict[str, float]] = {}
    groups = [(group, _SYNONYM) for group in held["synonyms"]["groups"]]
    groups += [(group, _FORM) for group in held["synonyms"]["forms"]]
    groups += [(group, _RELATED) for group in held["synonyms"]["related"]]
    for group, alike in groups:
        for one in group:
            mine = _stems(one)
            if len(mine) != 1:
                continue
            for other in group:
                theirs = _stems(other)
                for each in theirs:
                    if each != mine[0]:
                        weight = alike if len(theirs) == 1 else _PART
                        known = near.setdefault(mine[0], {})
                        known[each] = max(known.get(each, 0.0), weight)
    return _Tables(
        frozenset(held["everyday"]["words"]),
        {name: tuple(meant) for name, meant in held["abbreviations"].items()},
        {
            name: tuple(meant)
            for part in ("abbreviations", "abbreviations_asked")
            for name, meant in held[part].items()
        },
        {_stems(said): (said, meant) for said, meant in held["lay"].items()},
        {
            _stems(said): (said, meant)
            for part in ("lay", "lay_asked")
            for said, meant in held[part].items()
        },
        {_stems(said): (said, meant) for said, meant in held["alone"].items()},
        {_stems(said): (said, meant) for said, meant in held["procedures"].items()},
        {_stems(said): (said, meant) for said, meant in held["supplies"].items()},
        {one: tuple(others.items()) for one, others in near.items()},
    )


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text) if word not in STOP)


def readings(text: str, system: str = "cm") -> list[Reading]:
    """The ways to read a query, likeliest first, at most three.

    >>> [" ".join(s for s, _ in r.terms) for r in readings("CHF w/o edema")]
    ['congestiv heart failur without edema']
    """
    known = tables()
    table = {"cm": known.lay_asked, "pcs": known.procedures, "hcpcs": known.supplies}[system]
    capital = {word.lower() for word in re.findall(r"\b[A-Z][A-Z0-9/]+\b", text)}
    tokens = words(text)[:MOST_WORDS]
    alone = len(tokens) <= 1
    shouted = text.isupper() and not alone
    ways: list[tuple[list[tuple[str, str]], list[str], float]] = [([], [], 1.0)]
    for token in tokens:
        meant = known.asked.get(token, ())
        if system == "hcpcs" and "/" not in token:
            meant = ()  # supplies have abbreviations of their own
        if meant and token in known.everyday and not alone and (token not in capital or shouted):
            meant = ()
        if not meant and token in STOP:
            continue
        if not meant:
            for so_far, _, _ in ways:
                so_far.extend(_terms_of(token))
            continue
        grown = []
        for terms, notes, weight in ways:
            for place, expansion in enumerate(meant[:2]):
                added = [(each, token) for each in _stems(expansion)]
                note = f"{token}: {expansion}"
                grown.append(([*terms, *added], [*notes, note], weight * (1.0 - 0.3 * place)))
        ways = grown[:_MOST_READINGS]
    found: list[Reading] = []
    for terms, notes, likely in ways:
        weight = likely
        whole_query = known.alone.get(tuple(each for each, _ in terms))
        if whole_query is not None and system == "cm":
            said_words = " ".join(dict.fromkeys(word for _, word in terms))
            new_terms = tuple((each, said_words) for each in _stems(whole_query[1]))
            note = f"{whole_query[0]}: {whole_query[1]}"
            found.append(Reading(new_terms, (*notes, note), weight))
            continue
        replaced = _replaced(terms, table)
        if replaced is not None:
            new, said, whole = replaced
            found.append(Reading(tuple(new), (*notes, *said), weight))
            if whole:
                continue
            weight *= 0.8
        found.append(Reading(tuple(terms), tuple(notes), weight))
    kept = frozenset() if shouted else frozenset(capital)
    return [reading._replace(kept=kept) for reading in found[:_MOST_READINGS]]


# A band of a chromosome as cytogenetics writes it: "22q11", "2q32q33", "xp".
_BAND = re.compile(r"(?:[1-9]|1[0-9]|2[0-2]|x|y)[pq](?:[0-9]+)?(?:[pq][0-9]+)?")


def _terms_of(token: str) -> list[tuple[str, str]]:
    """The terms of a word: mostly its stem; the classification has no bands of chromosomes."""
    if _BAND.fullmatch(token) and token not in {"1p", "1q"}:
        return [("part", token), ("chromosom", token)]
    return [(stem(token), shown(token))]


def _replaced(
    terms: list[tuple[str, str]], table: Mapping[tuple[str, ...], tuple[str, str]]
) -> tuple[list[tuple[str, str]], list[str], bool] | None:
    """The terms with every phrase of ``table`` put into the classification's words, if any."""
    stems = [each for each, _ in terms]
    out: list[tuple[str, str]] = []
    notes: list[str] = []
    place = untouched = 0
    while place < len(stems):
        for size in range(min(6, len(stems) - place), 0, -1):
            said = table.get(tuple(stems[place : place + size]))
            if said is not None:
                word = " ".join(dict.fromkeys(w for _, w in terms[place : place + size]))
                out += [(each, word) for each in _stems(said[1])]
                notes.append(f"{said[0]}: {said[1]}")
                place += size
                break
        else:
            out.append(terms[place])
            untouched += 1
            place += 1
    if [each for each, _ in out] == stems:
        return None
    return out, notes, untouched == 0


def without_side(reading: Reading) -> Reading | None:
    """The reading without the side of the body, where it names one; some codes have none."""
    if not sided(reading.terms):
        return None
    terms = tuple(term for term in reading.terms if term[0] not in _SIDES)
    return reading._replace(terms=terms, weight=0.5 * reading.weight) if terms else None


def condition_of(reading: Reading) -> Reading:
    """The reading without the words of an episode of care, which choose among a unit's codes."""
    if not any(one == "encounter" for one, _ in reading.terms):
        return reading
    terms = tuple(term for term in reading.terms if term[0] not in _EPISODE)
    return reading._replace(terms=terms) if terms else reading


def synonyms(one: str) -> tuple[tuple[str, float], ...]:
    """Stems that may stand for ``one``, with how well they do."""
    return tables().synonyms.get(one, ())


def sided(terms: tuple[tuple[str, str], ...]) -> bool:
    """Whether the reading names a side of the body."""
    return any(each in _SIDES for each, _ in terms)


class Speller:
    """Stems of the index that an unknown stem may have been meant for."""

    def __init__(self, stems: list[str], frequency: Array) -> None:
        self._stems = stems
        self._frequency = frequency
        self._known: dict[tuple[str, str], list[tuple[str, float]]] = {}

    def near(self, word: str) -> list[tuple[str, float]]:
        """At most three stems within two edits (one in a short word), nearest first."""
        if len(word) < 4 or word.isdigit() or not word.isascii():
            return []
        return self._once("near", word)

    def alike(self, word: str) -> list[tuple[str, float]]:
        """Stems that share a long beginning or end with ``word``, as compounds of its parts do."""
        return self._once("alike", word) if len(word) >= 8 else []

    def clipped(self, word: str, heard: Array) -> list[tuple[str, float]]:
        """Stems that ``word`` shortens as supplies are shortened: some letters left out.

        ``heard`` is how often each stem is said in the texts that count.
        """
        if len(word) < 2 or not word.isalpha():
            return []
        if ("clipped", word) not in self._known:
            low, high = self._span(word[0])
            rows = [
                row
                for row in self._ordered[low:high]
                if row < len(heard) and heard[row] and _shortens(word, self._stems[row])
            ]
            rows.sort(key=lambda row: (not self._stems[row].startswith(word), -int(heard[row])))
            self._known["clipped", word] = [(self._stems[row], _CLIPPED) for row in rows[:4]]
        return self._known["clipped", word]

    def beginning(self, word: str) -> list[tuple[str, float]]:
        """The commonest stems that begin with ``word``."""
        if len(word) < 3:
            return []
        low, high = self._span(word)
        rows = sorted(self._ordered[low:high], key=lambda row: -int(self._frequency[row]))
        return [(self._stems[row], _BEGUN) for row in rows[:8]]

    def _once(self, how: str, word: str) -> list[tuple[str, float]]:
        if (how, word) not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[how, word] = self._near(word) if how == "near" else self._alike(word)
        return self._known[how, word]

    @functools.cached_property
    def _ordered(self) -> list[int]:
        """The stems' places in the order of the alphabet."""
        return sorted(range(len(self._stems)), key=self._stems.__getitem__)

    @functools.cached_property
    def _letters(self) -> Array:
        """How often each letter stands in each stem, in the order of the alphabet."""
        ordered = [self._stems[row] for row in self._ordered]
        lengths = [len(each) for each in ordered]
        owner = np.repeat(np.arange(len(lengths)), lengths)
        text = "".join(ordered).encode("ascii", "replace")
        codes = np.clip(np.frombuffer(text, np.uint8), 96, 122) - 96
        counts = np.bincount(owner * 27 + codes, minlength=27 * len(lengths))
        return counts.reshape(-1, 27).astype(np.int8)

    def _span(self, start: str) -> tuple[int, int]:
        """From where to where stems begin with ``start``, in the order of the alphabet."""
        key = self._stems.__getitem__
        low = bisect_left(self._ordered, start, key=key)
        return low, bisect_left(self._ordered, start + "\x7f", key=key)

    def _near(self, word: str) -> list[tuple[str, float]]:
        # Most mistakes leave the first letter alone; the rest is searched if that gives nothing.
        for low, high in (self._span(word[0]), (0, len(self._stems))):
            found = self._within(word, low, high)
            if found:
                return found
        return []

    def _within(self, word: str, low: int, high: int) -> list[tuple[str, float]]:
        most = 1 if len(word) < 6 else 2
        codes = np.clip(np.frombuffer(word.encode(), np.uint8), 96, 122) - 96
        mine = np.bincount(codes, minlength=27).astype(np.int8)
        away = np.abs(self._letters[low:high] - mine).sum(axis=1)
        rows = np.flatnonzero(away <= 2 * most)
        rows = rows[np.argsort(away[rows], kind="stable")][:80]
        found = []
        for place in rows.tolist():
            row = self._ordered[low + place]
            other = self._stems[row]
            edits = distance(word, other, most)
            if edits <= most:
                found.append((edits, -int(self._frequency[row]), other))
        found.sort()
        return [
            (each, _CORRECTED - 0.1 * edits) for edits, _, each in found[:3] if edits == found[0][0]
        ]

    def _alike(self, word: str) -> list[tuple[str, float]]:
        for size in range(min(len(word) - 1, 12), 5, -1):
            low, high = self._span(word[:size])
            found = [self._stems[row] for row in self._ordered[low : min(high, low + 3)]]
            low, high = self._span(word[-size:])
            if low < high and self._stems[self._ordered[low]] == word[-size:]:
                found.append(word[-size:])
            if found:
                return [(each, _PART) for each in found[:3]]
        return []


def _shortens(short: str, whole: str) -> bool:
    """Whether ``short`` is ``whole`` with letters left out, the first and the bones of it kept."""
    if len(whole) <= len(short):
        return False
    if whole.startswith(short):
        return True
    if len(short) < 3 or len(whole) > 4 * len(short):
        return False
    letters = iter(whole)
    return all(letter in letters for letter in short)


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words (a swap of neighbours is one); ``most + 1`` where there are more.

    >>> distance("pnuemonia", "pneumonia", 2), distance("cat", "dog", 2)
    (1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
