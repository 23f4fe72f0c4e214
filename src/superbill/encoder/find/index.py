"""The index of all systems, held together: what a reading finds in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from superbill.encoder.find.compounds import apart
from superbill.encoder.find.engine import Candidates, Engine
from superbill.encoder.find.features import Slot
from superbill.encoder.find.meaning import Meaning, Space, meaning
from superbill.encoder.find.query import (
    Reading,
    Speller,
    condition_of,
    readings,
    sided,
    synonyms,
)
from superbill.encoder.find.text import Texts

type Array = np.ndarray[Any, Any]

_PART = 0.9  # how well a root stands for what it names
_SOME_UNKNOWN = 2
_RARE = 0.5  # how telling a word is that no text has


class System(NamedTuple):
    """One system's part of the index.

    ``space`` is where its nodes lie in meaning (of some systems), ``name`` the nodes' codes,
    ``code`` and ``title`` the codes of the units in order, ``shown`` and ``source`` the phrases'
    texts and where they stand, ``attributes`` what the code editor says of each unit.
    """

    system: str
    engine: Engine
    space: Space | None
    name: Texts
    code: Texts
    title: Texts
    shown: Texts
    source: Texts
    attributes: Texts
    evidence: tuple[str, ...]


class Found(NamedTuple):
    """What a reading finds in a system."""

    system: System
    reading: Reading
    slots: list[Slot]
    candidates: Candidates


def _said(system: System, number: int) -> bool:
    """Whether a text of the system has the stem."""
    frequency = system.engine.arrays["frequency"]
    return number < len(frequency) and bool(frequency[number])


class SearchIndex:
    """The searched form of a reference store."""

    def __init__(
        self, systems: Sequence[System], stems: list[str], digest: str, words: Meaning | None = None
    ) -> None:
        self.systems = {system.system: system for system in systems}
        self.stems = stems
        self.digest = digest
        self.meaning = meaning() if words is None else words
        self.numbers: Mapping[str, int] = {stem: number for number, stem in enumerate(stems)}
        heard = np.zeros(len(stems), np.int64)
        for system in systems:
            frequency = system.engine.arrays["frequency"]
            heard[: len(frequency)] += frequency
        self.speller = Speller(stems, heard)

    def foreign(self, text: str) -> bool:
        """Whether most words of a query are in no text: it is likely not in English."""
        unknown = [
            not (
                each in self.numbers
                or synonyms(each)
                or apart(word, procedure=True)
                or apart(word, procedure=False)
            )
            for each, word in readings(text)[0].terms
        ]
        return sum(unknown) >= _SOME_UNKNOWN and 2 * sum(unknown) > len(unknown)

    def corrected(self, reading: Reading) -> Reading:
        """The reading with each unknown word as the known one that it was likeliest meant for."""
        terms, notes = list(reading.terms), list(reading.notes)
        for place, (stem, word) in enumerate(terms):
            if (
                stem not in self.numbers
                and stem not in self.meaning.rows
                and word not in reading.kept
                and not apart(word, procedure=False)
                and not apart(word, procedure=True)
            ):
                near = self.speller.near(stem)
                if near:
                    terms[place] = (near[0][0], word)
                    notes.append(f"{word}: {near[0][0]}")
        if terms == list(reading.terms):
            return reading
        return reading._replace(terms=tuple(terms), notes=tuple(notes))

    def slots(self, system: System, reading: Reading) -> list[Slot]:
        """The reading's words as slots of the system's stems."""
        telling = system.engine.telling
        found: list[Slot] = []
        heard: set[str] = set()
        last = len(reading.terms) - 1
        for place, (stem, word) in enumerate(reading.terms):
            if stem in heard:
                continue
            heard.add(stem)
            number = self.numbers.get(stem)
            if system.system == "hcpcs" and number is not None and not _said(system, number):
                number = None
            known = number is not None
            options: dict[int, float] = {}
            if number is not None and number < len(telling):
                options[number] = 1.0
            others = list(synonyms(stem))
            parts = self._parts(system, stem, word, number)
            if parts:
                found += parts
                continue
            if not known and system.system == "hcpcs":
                others += self.speller.clipped(stem, system.engine.arrays["frequency"])
            elif not known and stem not in self.meaning.rows:
                others += self.speller.near(stem) or self.speller.alike(stem)
                if place == last and not others:
                    others += self.speller.beginning(stem)
            for other, weight in others:
                theirs = self.numbers.get(other)
                if theirs is not None and theirs < len(telling):
                    options[theirs] = max(options.get(theirs, 0.0), weight)
            weight = float(telling[number]) if number is not None and number < len(telling) else 0.0
            if not known:
                weight = max((float(telling[n]) for n in options), default=_RARE)
            found.append(Slot(tuple(options.items()), weight, word))
        return found

    def _parts(self, system: System, stem: str, word: str, number: int | None) -> list[Slot]:
        """The slots of a word's Greek and Latin parts, where no text has the word itself."""
        if number is not None and _said(system, number):
            return []
        found: list[Slot] = []
        for part in apart(word, procedure=system.system != "cm"):
            options = tuple(
                (place, 1.0 if not found else _PART)
                for each in part
                if (place := self.numbers.get(each)) is not None and _said(system, place)
            )
            if options:
                weight = max(float(system.engine.telling[n]) for n, _ in options)
                found.append(Slot(options, weight, word))
        return found

    def vector(self, reading: Reading) -> Array:
        """The reading's meaning; an unknown word counts as what it may have been meant for."""
        weighted: list[tuple[str, float]] = []
        for stem, written in dict(reading.terms).items():
            if stem in self.meaning.rows:
                weighted.append((stem, 1.0))
            elif stem not in self.numbers:
                parts = apart(written, procedure=False)
                if parts:
                    weighted += [(part[0], 1.0) for part in parts]
                    continue
                weighted += self.speller.near(stem)[:1] or self.speller.alike(stem)
        return self.meaning.of(weighted)

    def find(
        self,
        system: System,
        reading: Reading,
        *,
        day: int | None,
        allowed: Array | None,
        most: int = 80,
        by_meaning: int = 40,
    ) -> Found:
        """Candidates of a system for a reading, with their features.

        What is found keeps the reading whole: its words of the episode choose among codes.
        """
        whole, reading = reading, condition_of(reading)
        slots = self.slots(system, reading)
        vector = None
        if system.space is not None:
            vector = self.vector(reading)
            if not vector.any():
                vector = None
        unknown = [s for s, _ in reading.terms if s not in self.numbers]
        facts = {
            "words": float(len(slots)),
            "telling": float(sum(slot.weight for slot in slots)),
            "unknown": len(unknown) / max(len(reading.terms), 1),
            "side": float(sided(reading.terms)),
            "unspecified": float(any(s in {"unspecify", "nos"} for s, _ in reading.terms)),
        }
        candidates = system.engine.candidates(
            slots,
            day=day,
            allowed=allowed,
            space=system.space,
            vector=vector,
            facts=facts,
            most=most,
            by_meaning=by_meaning,
        )
        return Found(system, whole, slots, candidates)
