"""Other names of diseases, from Medical Subject Headings.

MeSH is the vocabulary of the US National Library of Medicine: a heading for each disease, and the
names under which papers write of it. It knows nothing of ICD-10-CM. Where a text of the
classification is one of a heading's names, the heading's other names lead to the same code.

``synonyms.txt.xz`` (made by ``python -m tests.encoder.synonyms``) holds a heading a line.
"""

from __future__ import annotations

import lzma
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

from superbill.encoder.find.corpus import INCLUSION, INDEX, SYNONYM, TITLE, Corpus, Phrase
from superbill.encoder.find.words import stems

type Key = frozenset[str]

# Words that a name may have or not have without being another.
_EMPTY = frozenset(("unspecify", "no", "nec", "condition", "other", "specify"))
_ALIKE = 5  # the index puts forms of a word in one term: those that begin so far alike
_WORTH = {TITLE: 2, INCLUSION: 2, INDEX: 1}


def headings() -> list[list[str]]:
    """The names of each heading, the heading first."""
    packed = (files("superbill.encoder.find") / "synonyms.txt.xz").read_bytes()
    return [line.split("\t") for line in lzma.decompress(packed).decode().splitlines()]


def with_synonyms(corpus: Corpus) -> Corpus:
    """The corpus with the other names of its diseases."""
    if corpus.system != "cm":
        return corpus
    return corpus._replace(phrases=[*corpus.phrases, *_phrases(corpus)])


def _key(text: str) -> Key:
    """What makes two names the same: their words in any order, each once whatever its ending."""
    kept: list[str] = []
    for stem in stems(text):
        if stem not in _EMPTY and not any(
            len(each) >= _ALIKE and each[:_ALIKE] == stem[:_ALIKE] for each in kept
        ):
            kept.append(stem)
    return frozenset(kept)


def _plain(text: str) -> Key:
    return frozenset(stems(text)) - _EMPTY


def _phrases(corpus: Corpus) -> Iterator[Phrase]:
    """The names of each heading as phrases of the code that its names lead to."""
    said: dict[Key, dict[str, int]] = {}
    for phrase in corpus.phrases:
        worth = _WORTH.get(phrase.kind, 0)
        if worth and phrase.node in corpus.nodes:
            for key in {_key(phrase.essential), _plain(phrase.essential)}:
                at = said.setdefault(key, {})
                at[phrase.node] = max(at.get(phrase.node, 0), worth)
    for number, names in enumerate(headings()):
        keys = [_plain(name) for name in names]
        votes: Counter[str] = Counter()
        for place, key in enumerate(keys):
            for node, worth in said.get(key, said.get(_key(names[place]), {})).items():
                votes[node] += worth * (2 if place == 0 else 1)
        for node in _meant(corpus, votes):
            for place, (name, key) in enumerate(zip(names, keys, strict=True)):
                if key and node not in said.get(key, {}):
                    source = ("mesh", f"{number} {place}")
                    yield Phrase(node, SYNONYM, name, "", name, "0001-01-01", "9999-12-31", source)


def _meant(corpus: Corpus, votes: Counter[str]) -> list[str]:
    """The code or codes that most names lead to; none where they lead apart."""
    if not votes:
        return []
    most = max(votes.values())
    best = [node for node, count in votes.items() if count == most]
    codes = [node for node in best if corpus.nodes[node].spans]
    if len({node[:3] for node in best}) > 1 or len(codes) > 2:
        return []
    return codes or best
