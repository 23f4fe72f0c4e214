"""Of each word of a record: in which part it stands, and whether what it names is so.

A word may be *absent* (denied, ruled out), *uncertain*, *past*, of the *family*, or
*hypothetical*. Cues and their reach are data: see ``context.toml`` and its sources.
"""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files
from typing import Any, NamedTuple

from superbill.encoder.suggestions.words import Token, tokens

STATES = ("absent", "uncertain", "past", "family", "hypothetical")
_HEADING = re.compile(r"^[ \t#*\-•]*([A-Za-z][A-Za-z/,&\- ]{1,48}?)[ \t*]*(:|$)")
_SENTENCE_END = re.compile(
    r"(?<![A-Z]\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bvs\.)(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9\"(])"
)
_AFTER_REACH = 7


class Word(NamedTuple):
    """A token with what holds of it: the sentence, the part of the record, and the states."""

    token: Token
    sentence: int
    section: str
    states: frozenset[str]


class Cue(NamedTuple):
    """A cue: its state, whether it stands before what it speaks of, and how far it reaches."""

    state: str
    before: bool
    reach: int
    pseudo: bool


class _Tables(NamedTuple):
    cues: dict[tuple[str, ...], tuple[Cue, ...]]
    longest: int
    ends: frozenset[str]
    sections: dict[str, str]


@functools.cache
def _tables() -> _Tables:
    text = (files("superbill.encoder.suggestions") / "context.toml").read_text("utf-8")
    held: dict[str, Any] = tomllib.loads(text)
    cues: dict[tuple[str, ...], tuple[Cue, ...]] = {}
    for state in STATES:
        part = held[state]
        for name in ("before", "after", "pseudo"):
            for said in part[name]:
                key = tuple(token.word for token in tokens(said))
                reach = part["reach"] if name == "before" else _AFTER_REACH
                cue = Cue(state, name == "before", reach, name == "pseudo")
                cues[key] = (*cues.get(key, ()), cue)
    sections = {said: name for name, many in held["sections"].items() for said in many}
    return _Tables(cues, max(map(len, cues)), frozenset(held["ends"]["words"]), sections)


class Read(NamedTuple):
    """A record as read: its words, and the place of each sentence's first word."""

    words: list[Word]
    starts: list[int]


def read(text: str) -> Read:
    """The words of a record with their sentences, parts and states."""
    words: list[Word] = []
    starts: list[int] = []
    section = ""
    offset = 0
    for line in text.splitlines(keepends=True):
        found = section_of(line)
        if found is not None:
            section = found
        elif not line.strip():
            # An empty line ends a list of negatives, and not the part of the record.
            pass
        begin = 0
        stripped = line.rstrip("\r\n")
        for match in [*_SENTENCE_END.finditer(stripped), None]:
            end = len(stripped) if match is None else match.start()
            mine = tokens(stripped[begin:end], offset + begin)
            if mine:
                starts.append(len(words))
                states = _states(mine, section)
                number = len(starts) - 1
                words += [
                    Word(token, number, section, held)
                    for token, held in zip(mine, states, strict=True)
                ]
            begin = end if match is None else match.end()
        offset += len(line)
    return Read(words, starts)


def section_of(line: str) -> str | None:
    """The part of a record that a line opens; ``None`` where it opens none.

    >>> section_of("Past Medical History: hypertension"), section_of("He was well.")
    ('history', None)
    """
    found = _HEADING.match(line.rstrip())
    if found is None:
        return None
    return _tables().sections.get(" ".join(found[1].lower().split()))


def _states(mine: list[Token], section: str) -> list[frozenset[str]]:
    held: list[set[str]] = [set() for _ in mine]
    if section == "family":
        for each in held:
            each.add("family")
    if section == "history":
        for each in held:
            each.add("past")
    words = [token.word for token in mine]
    cues = list(_cues(words))
    stops = {place for place, word in enumerate(words) if word == ";"}
    known = _tables()
    ends = {place for place, word in enumerate(words) if word in known.ends} | stops
    for place, size, cue in cues:
        if cue.before:
            reach = range(place + size, min(len(words), place + size + cue.reach))
        else:
            reach = range(place - 1, max(-1, place - 1 - cue.reach), -1)
        for at in reach:
            if at in ends and not place <= at < place + size:
                break
            held[at].add(cue.state)
    return [frozenset(each) for each in held]


def _cues(words: list[str]) -> list[tuple[int, int, Cue]]:
    """The cues of a sentence, the longest at each place; those that only look like one left out."""
    known = _tables()
    found: list[tuple[int, int, Cue]] = []
    place = 0
    while place < len(words):
        for size in range(min(known.longest, len(words) - place), 0, -1):
            cues = known.cues.get(tuple(words[place : place + size]))
            if cues:
                found += [(place, size, cue) for cue in cues if not cue.pseudo]
                place += size
                break
        else:
            place += 1
    return found
