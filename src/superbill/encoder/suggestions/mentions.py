"""Where a record says what a term of the lexicon says.

All classes of a term must stand in one sentence, near one another. Where one mention says all that
another says and more, the other is known to stand inside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from superbill.encoder.suggestions.context import Read, Word
from superbill.encoder.suggestions.lexicon import Lexicon
from superbill.encoder.suggestions.words import Token, meanings, tells

_MOST_GAP = 8  # words that may stand between those of a term, small words not counted
# What the books call a state that is over, or that an operation left behind.
_PAST = ("history", "status")
_ALLERGY = ("allergy", "status")
_MARKS = frozenset(",;:.()")
_NUMBER = re.compile(r"\d{2}(?:[.,]\d+)?")


class Mention(NamedTuple):
    """A term said: the term's number, the places of the words that say it, and how it is said.

    ``gap`` counts the words between that the term does not have, ``marks`` the marks between;
    ``implied`` the classes that a word only implies; ``optional`` how many of the term's
    non-essential words stand near; ``via`` the words of our tables that implied a class of it.
    """

    term: int
    places: tuple[int, ...]
    gap: int
    marks: int
    implied: int
    optional: int
    ordered: bool
    via: str
    classes: frozenset[int]


class Said(NamedTuple):
    """The classes of a record: for each class the places that say it, and which only imply it."""

    places: dict[int, list[int]]
    implied: dict[tuple[int, int], str]
    content: list[int]  # how many telling words stand before each place
    by_place: list[list[str]]  # the classes of each place
    short: dict[int, frozenset[int]]  # the classes of each abbreviation


def said(read: Read, lexicon: Lexicon) -> Said:
    """The classes that the words of a record say."""
    known = meanings()
    numbers = lexicon.numbers
    places: dict[int, list[int]] = {}
    implied: dict[tuple[int, int], str] = {}
    content: list[int] = []
    count = 0
    words = read.words
    by_place: list[list[str]] = [[] for _ in words]

    def add(name: str, place: int, by: str | None) -> None:
        if name not in _PAST:  # they are of the whole, and choose no code
            by_place[place].append(name)
        number = numbers.get(name)
        if number is None:
            return
        mine = places.setdefault(number, [])
        if (not mine or mine[-1] != place) and place not in mine:
            mine.append(place)
            if by is not None:
                implied[number, place] = by

    short: dict[int, frozenset[int]] = {}
    telling: list[int] = []
    said_words = [word.token for word in words]
    for place, word in enumerate(words):
        content.append(count)
        token = word.token
        if not tells(said_words, place):
            continue
        count += 1
        telling.append(place)
        own = known.group.get(token.stem, token.stem)
        add(own, place, None)
        if own in lexicon.aliases:
            add(lexicon.aliases[own], place, "")
        for each in known.implied.get(token.stem, ()):
            add(each, place, token.stem)
        if token.capital or token.word in known.small:
            long = known.abbreviated.get(token.word, ())
            for each in long:
                add(each, place, "")
            short[place] = frozenset(numbers[each] for each in long if each in numbers)
        for each in _mass_index(said_words, place):
            add(each, place, "bmi")
        if word.section == "allergy":
            for each in _ALLERGY:
                add(each, place, "")
        if "past" in word.states:
            for each in _PAST:
                add(each, place, "")
    content.append(count)
    _phrases(words, telling, add)
    for mine in places.values():
        mine.sort()
    return Said(places, implied, content, by_place, short)


def _mass_index(words: Sequence[Token], place: int) -> tuple[str, ...]:
    """The classes of the range that a body mass index lies in: of "BMI 31.4", 31.0 to 31.9."""
    word = words[place].word
    if not word[:1].isdigit() or not _NUMBER.fullmatch(word):
        return ()
    before = [each.word for each in words[max(0, place - 3) : place]]
    if "bmi" not in before:
        return ()
    value = float(word.replace(",", "."))
    if not 20 <= value < 70:
        return ()
    low = next((first for first in (60, 50, 45, 40) if value >= first), int(value))
    high = {60: "69.9", 50: "59.9", 45: "49.9", 40: "44.9"}.get(low, f"{low}.9")
    return ("body", "mass", "index", f"{low}.0", high, "adult")


def _phrases(words: list[Word], telling: list[int], add: object) -> None:
    """Add what several words together imply, at each of their places."""
    known = meanings()
    assert callable(add)
    stems = [words[place].token.stem for place in telling]
    for first in range(len(telling)):
        sentence = words[telling[first]].sentence
        for size in range(2, min(known.longest, len(telling) - first) + 1):
            if words[telling[first + size - 1]].sentence != sentence:
                break
            phrase = tuple(stems[first : first + size])
            for meant in known.phrases.get(phrase, ()):
                own = [known.group.get(stem, stem) for stem in phrase]
                for place, each in enumerate(meant):
                    at = own.index(each) if each in own else min(place, size - 1)
                    add(each, telling[first + at], " ".join(phrase))


def mentions(read: Read, spoken: Said, lexicon: Lexicon, day: int) -> list[Mention]:
    """Every mention of a term, before any is judged."""
    a = lexicon.arrays
    words = read.words
    filler = len(lexicon.names)
    found: list[Mention] = []
    rows = lexicon.said(spoken.places, day)
    slots = a["slots"][rows].tolist() if rows else []
    counts = a["count"][rows].tolist() if rows else []
    optional_at = a["optional_at"]
    for number, row, count in zip(rows, slots, counts, strict=True):
        mine = [each for each in row[:count] if each != filler]
        rarest = min(mine, key=lambda each: len(spoken.places[each]))
        seen: set[tuple[int, ...]] = set()
        for anchor in spoken.places[rarest]:
            sentence = words[anchor].sentence
            places = _nearest(spoken, words, mine, rarest, anchor, sentence)
            if places is None:
                continue
            key = tuple(sorted(set(places)))
            if key in seen:
                continue
            seen.add(key)
            low, high = key[0], key[-1]
            gap = spoken.content[high + 1] - spoken.content[low] - len(key)
            if gap > _MOST_GAP:
                continue
            if _parts_of_short(spoken, mine, places):
                continue
            marks = sum(words[at].token.word in _MARKS for at in range(low, high))
            by = [spoken.implied.get(pair) for pair in zip(mine, places, strict=True)]
            implied = sum(each is not None for each in by)
            via = "+".join(sorted({each for each in by if each}))
            extra = a["optional"][optional_at[number] : optional_at[number + 1]].tolist()
            near = _near(spoken, words, extra, low, high)
            ordered = all(x <= y for x, y in pairwise(places))
            found.append(
                Mention(number, key, gap, marks, implied, near, ordered, via, frozenset(mine))
            )
    return found


def _parts_of_short(spoken: Said, mine: list[int], places: list[int]) -> bool:
    """Whether the less of an abbreviation is used: the heart of "CHF", the disease of "CAD"."""
    for place in set(places):
        whole = spoken.short.get(place)
        if whole:
            used = sum(at == place and each in whole for each, at in zip(mine, places, strict=True))
            own = any(
                at == place and each not in whole for each, at in zip(mine, places, strict=True)
            )
            if not own and 2 * used < len(whole):
                return True
    return False


def _nearest(
    spoken: Said, words: list[Word], mine: list[int], rarest: int, anchor: int, sentence: int
) -> list[int] | None:
    """For each class the place nearest to ``anchor`` in its sentence, if each has one."""
    places: list[int] = []
    for each in mine:
        if each == rarest:
            places.append(anchor)
            continue
        best, away = -1, 1 << 30
        for place in spoken.places[each]:
            if words[place].sentence == sentence and abs(place - anchor) < away:
                best, away = place, abs(place - anchor)
        if best < 0:
            return None
        places.append(best)
    return places


def _near(spoken: Said, words: list[Word], extra: list[int], low: int, high: int) -> int:
    """How many of a term's non-essential words stand within three words of it."""
    sentence = words[low].sentence
    count = 0
    for each in extra:
        for place in spoken.places.get(each, ()):
            if low - 3 <= place <= high + 3 and words[place].sentence == sentence:
                count += 1
                break
    return count


def narrower(found: Sequence[Mention]) -> list[tuple[int, ...]]:
    """For each mention the numbers of those that say all that it says and more, tightly."""
    by_place: dict[int, list[int]] = {}
    sets = [frozenset(each.places) for each in found]
    for number, each in enumerate(found):
        if len(each.classes) > 1 and each.gap <= 1 and each.marks == 0:
            for place in each.places:
                by_place.setdefault(place, []).append(number)
    return [
        tuple(
            other
            for other in by_place.get(each.places[0], ())
            if sets[number] <= sets[other]
            and (
                # One abbreviation says many words: the words count, and not the places.
                each.classes < found[other].classes
                if each.implied == len(each.classes) > len(each.places)
                else len(sets[other]) > len(sets[number])
                or (each.implied and each.classes < found[other].classes)
            )
        )
        for number, each in enumerate(found)
    ]
