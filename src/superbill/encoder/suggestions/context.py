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
_ITEM = re.compile(r"^\s*(?:[-•*#]|\d{1,2}[.)]\s)")
_WIDE = 72  # characters: so long a line was broken by a machine
# A heading that is none of ours: it closes the part before it.
_OTHER_HEADING = re.compile(
    r"^[ \t#*\-•]*(?:[A-Z][A-Za-z/,&()\- ]{2,48}:[ \t*]*$|[A-Z][A-Z/,&()\- ]{3,48}(?::|[ \t*]*$))"
)
# "Negative nitrites": a cue before a noun does not speak of what stands before itself.
_ATTRIBUTES = frozenset(("negative", "absent", "excluded", "discarded", "suspected", "probable"))
_GOES_ON = frozenset(
    ("and", "or", "for", "in", "on", "at", "by", "but", "with", "as", "to", "after", "the", "also")
)
# What a test is to rule out is a thought; in a list of diagnoses it is still to be ruled out.
_RULE_OUT = frozenset(("rule out", "r/o", "r / o"))
_TESTS = frozenset(("serology for", "serologies for", "test for", "tests for"))


class Word(NamedTuple):
    """A token with what holds of it: the sentence, the part of the record, and the states."""

    token: Token
    sentence: int
    section: str
    states: frozenset[str]


class Cue(NamedTuple):
    """A cue: its state, whether it stands before what it speaks of, and how far it reaches."""

    said: str
    state: str
    before: bool
    reach: int
    pseudo: bool


class _Tables(NamedTuple):
    cues: dict[tuple[str, ...], tuple[Cue, ...]]
    longest: int
    ends: frozenset[tuple[str, ...]]
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
                reach = part.get("short", {}).get(said, reach)
                cue = Cue(said, state, name == "before", reach, name == "pseudo")
                cues[key] = (*cues.get(key, ()), cue)
    sections = {said: name for name, many in held["sections"].items() for said in many}
    ends = frozenset(tuple(said.split()) for said in held["ends"]["words"])
    return _Tables(cues, max(map(len, cues)), ends, sections)


class Read(NamedTuple):
    """A record as read: its words, and the place of each sentence's first word."""

    words: list[Word]
    starts: list[int]


class _Part:
    """The part of a record that is being read, by its headings."""

    def __init__(self) -> None:
        self.name = ""
        self._beside = False  # the heading had words beside it, on its line
        self._read = False  # something was read below the heading
        self._whole = True  # the last line ended its sentence

    def line(self, line: str) -> None:
        """A further line. What is told of relatives ends soonest: a patient's findings follow."""
        blank = not line.strip()
        if section_of(line) is not None:
            self._read = False
            self._beside = bool(line.partition(":")[2].strip())
        elif _OTHER_HEADING.match(line) or (
            self.name == "family"
            and (self._whole if self._beside and not blank else blank and self._read)
        ):
            self.name = ""
        if not blank:
            self._read = self._read or section_of(line) is None or self._beside
            self._whole = line.rstrip().endswith((".", ";", "?", "!"))

    def sentence(self, sentence: str) -> str:
        """The part that a sentence of the line is in, which its own heading may open."""
        found = section_of(sentence)
        if found is not None and found != self.name:
            self.name = found
        return self.name


def read(text: str) -> Read:
    """The words of a record with their sentences, parts and states."""
    words: list[Word] = []
    starts: list[int] = []
    part = _Part()
    offset = 0
    for line in _joined(text):
        begin = 0
        stripped = line.rstrip("\r\n")
        part.line(stripped)
        for match in [*_SENTENCE_END.finditer(stripped), None]:
            end = len(stripped) if match is None else match.start()
            section = part.sentence(stripped[begin:end])
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


def _joined(text: str) -> list[str]:
    """The lines of a text; a line that was only broken for its length is one with the next."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        last = found[-1].rpartition("\n")[2] if found and not found[-1].endswith("\n") else ""
        before = (found[-1].rstrip().rpartition("\n")[2] if found else last).rstrip()
        goes_on = (
            before
            and not before.endswith((".", ":", ";", "?", "!"))
            and not _ITEM.match(line)
            and section_of(line) is None
            and not _OTHER_HEADING.match(line)
            and (line.lstrip()[:1].islower() or (len(before) >= _WIDE and line.strip() != ""))
        )
        if goes_on:
            found[-1] += line
        else:
            found.append(line)
    return found


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
    known = _tables()
    stops = {place for place, word in enumerate(words) if word == ";"}
    for size in (1, 2):
        for place in range(len(words) - size + 1):
            if tuple(words[place : place + size]) in known.ends:
                stops.add(place)
    for place, size, cue in _cues(words):
        state = _meant(cue, place + size, words, section)
        if not state:
            continue
        if cue.before:
            reach = range(place + size, min(len(words), place + size + cue.reach))
        else:
            reach = range(place - 1, max(-1, place - 1 - cue.reach), -1)
        for at in reach:
            if at in stops and not place <= at < place + size:
                break
            held[at].add(state)
            if cue.state == "absent" and " out" in cue.said:
                held[at].add("ruled out")
    return [frozenset(each) for each in held]


def _meant(cue: Cue, after: int, words: list[str], section: str) -> str:
    """The state that a cue stands for where it stands; empty where it stands for none."""
    if not cue.before and words[after - 1] in _ATTRIBUTES:
        follows = words[after] if after < len(words) else "."
        if follows[0].isalpha() and follows not in _GOES_ON:
            return ""
    if cue.said in _RULE_OUT:
        return "uncertain" if section == "diagnosis" else "hypothetical"
    if cue.said in _TESTS and "positive" in words:
        return ""
    return cue.state


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
