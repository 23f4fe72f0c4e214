"""The cases that the search is measured by, each a query with the codes that are right.

Four kinds: inclusion terms and index entries, each left out of the searched text; everyday names
and abbreviations (``lay.toml``); synonyms of a public ontology (``ontology.toml``). Which index
entries and inclusion terms serve for what is decided by a hash of their place alone. The vectors
and the rankers were fitted without those of ``dev`` and ``test``; ``test`` was looked at last.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from superbill.encoder.find.corpus import INCLUSION, INDEX, Corpus, Phrase

DAY = "2026-03-01"
HERE = Path(__file__).parent
INDEX_SIZES = {"train": 7_000, "dev": 1_500, "test": 1_500}
INCLUSION_SIZES = {"train": 1_500, "dev": 1_000, "test": 1_000}


class Case(NamedTuple):
    """A query, the beginnings of the codes that are right (undotted), and where it is from."""

    query: str
    codes: tuple[str, ...]
    source: str

    def right(self, code: str) -> bool:
        """Whether a code found is one that the case accepts."""
        return any(code.startswith(each[:6]) for each in self.codes)


def left_out(corpus: Corpus) -> dict[str, list[Phrase]]:
    """The index entries and inclusion terms that are set aside, by what they serve for."""
    known = corpus.nodes.keys()
    entries: dict[tuple[str, str], Phrase] = {}
    inclusions = []
    for phrase in corpus.phrases:
        if phrase.node not in known:
            continue
        if phrase.kind == INCLUSION:
            inclusions.append(phrase)
        elif (
            phrase.kind == INDEX
            and phrase.source[0] in {"icd10cm.index", "icd10cm.external_causes"}
            and phrase.valid_from <= DAY < phrase.valid_to
        ):
            entries.setdefault(phrase.source, phrase)
    found: dict[str, list[Phrase]] = {}
    for name, phrases, sizes in (
        ("index", list(entries.values()), INDEX_SIZES),
        ("inclusion", inclusions, INCLUSION_SIZES),
    ):
        phrases.sort(key=_order)
        place = 0
        for part, size in sizes.items():
            found[f"{name} {part}"] = phrases[place : place + size]
            place += size
    return found


def _order(phrase: Phrase) -> int:
    said = f"s1{phrase.source[0]}|{phrase.source[1]}"
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big")


def of_phrases(phrases: Sequence[Phrase]) -> list[Case]:
    """Phrases as cases: their words are the query, their code is right.

    An entry that only refers to another has no code of its own and is no case.
    """
    return [
        Case(p.essential, (p.node,), "/".join(p.source))
        for p in phrases
        if " – see " not in p.shown
    ]


def listed(name: str) -> list[Case]:
    """The cases of a list in this folder."""
    held = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    return [
        Case(query, tuple(code.replace(".", "") for code in codes.split()), name)
        for query, codes in held["cases"]
    ]


def halves(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """The development half and the held-out half of a list."""
    parts: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        parts[hashlib.sha256(case.query.encode()).digest()[0] % 2].append(case)
    return parts
