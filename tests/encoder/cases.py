"""The cases that the search is measured by, each a query with the codes that are right.

Left out of the searched text: inclusion terms, index entries, names of MeSH, entries of the index
of procedures, short descriptions of supplies. Collected apart: everyday names and abbreviations
(``lay.toml``), names drawn by lot from two public lists (``names.toml``), synonyms of a public
ontology (``ontology.toml``). Which text serves for what is decided by a hash of its place alone.
The vectors and the rankers were fitted without ``dev`` and ``test``; ``test`` was looked at last.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from superbill.encoder.find.corpus import INCLUSION, INDEX, SYNONYM, TITLE, Corpus, Phrase
from superbill.encoder.find.synonyms import with_synonyms

DAY = "2026-03-01"
HERE = Path(__file__).parent
INDEX_SIZES = {"train": 7_000, "dev": 1_500, "test": 1_500}
INCLUSION_SIZES = {"train": 1_500, "dev": 1_000, "test": 1_000}
SYNONYM_SIZES = {"train": 1_500, "dev": 500, "test": 500}
OTHER_SIZES = {"train": 2_000, "dev": 500, "test": 500}


class Case(NamedTuple):
    """A query, the beginnings of the codes that are right (undotted), and where it is from.

    Of diagnoses a seventh character is not looked at, unless ``whole``.
    """

    query: str
    codes: tuple[str, ...]
    source: str
    whole: bool = False

    def right(self, code: str) -> bool:
        """Whether a code found is one that the case accepts."""
        return any(code.startswith(each if self.whole else each[:6]) for each in self.codes)


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
    return _parted("index", list(entries.values()), INDEX_SIZES) | _parted(
        "inclusion", inclusions, INCLUSION_SIZES
    )


def names_left_out(corpus: Corpus) -> dict[str, list[Phrase]]:
    """Names of Medical Subject Headings that lead to a code, set aside in the same way.

    ``corpus`` is without the texts of :func:`left_out`: these are names that the texts which are
    left do not have.
    """
    names = [p for p in with_synonyms(corpus).phrases if p.kind == SYNONYM and len(p.essential) > 4]
    return _parted("synonym", names, SYNONYM_SIZES)


def others_left_out(corpus: Corpus) -> dict[str, list[Phrase]]:
    """Of procedures the entries of the index, of supplies the short descriptions, set aside."""
    if corpus.system == "pcs":
        phrases = [p for p in corpus.phrases if p.kind == INDEX]
    else:
        phrases = [p for p in corpus.phrases if p.kind == TITLE and p.source[1].endswith(" 1")]
    return _parted(corpus.system, phrases, OTHER_SIZES)


def _parted(name: str, phrases: list[Phrase], sizes: dict[str, int]) -> dict[str, list[Phrase]]:
    phrases = sorted(phrases, key=_order)
    found: dict[str, list[Phrase]] = {}
    place = 0
    for part, size in sizes.items():
        found[f"{name} {part}"] = phrases[place : place + size]
        place += size
    return found


def _order(phrase: Phrase) -> int:
    said = f"s1{phrase.source[0]}|{phrase.source[1]}"
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big")


def of_phrases(phrases: Sequence[Phrase], *, whole: bool = False) -> list[Case]:
    """Phrases as cases: their words are the query, their code is right.

    An entry that only refers to another has no code of its own and is no case.
    """
    return [
        Case(p.essential, (p.node,), "/".join(p.source), whole)
        for p in phrases
        if " – see " not in p.shown
    ]


def listed(name: str) -> list[Case]:
    """The cases of a list in this folder, each with the part of the list that it is from."""
    held = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    return [
        Case(query, tuple(code.replace(".", "") for code in codes.split()), f"{name} {part}")
        for part, chosen in held.items()
        for query, codes in chosen
    ]


def halves(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """The development half and the held-out half of a list."""
    parts: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        parts[hashlib.sha256(case.query.encode()).digest()[0] % 2].append(case)
    return parts
