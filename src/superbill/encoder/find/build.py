"""Builds the searched form of a corpus: postings for finding, phrases for judging.

Codes that differ in their seventh character alone are one *unit* (the episode of care is said in
words of its own), so that a search answers with different conditions and not with one condition
many times. Every other code is a unit by itself. What names a heading names the units below it,
with less weight.
"""

from __future__ import annotations

import array
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from superbill.encoder.find.corpus import (
    HEADING_NOTE,
    INCLUSION,
    INDEX,
    SYNONYM,
    TITLE,
    Corpus,
    Phrase,
)
from superbill.encoder.find.words import stems

type Arrays = dict[str, np.ndarray[Any, Any]]

# How much a word counts for finding a unit, by where it stands: at the unit or above it.
_OWN = {TITLE: 1.0, INCLUSION: 1.0, INDEX: 1.0, HEADING_NOTE: 0.8, SYNONYM: 0.9}
_ABOVE = {TITLE: 0.6, INCLUSION: 0.5, INDEX: 0.5, HEADING_NOTE: 0.4, SYNONYM: 0.4}
_OPTIONAL = 0.5
_SCALE = 200


class Vocabulary:
    """Stems by number, in order of first sight."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self.numbers: dict[str, int] = dict(known or {})

    def of(self, text: str) -> list[int]:
        """The numbers of a text's stems, each once, in order."""
        numbers = self.numbers
        return list(dict.fromkeys(numbers.setdefault(stem, len(numbers)) for stem in stems(text)))


def unit_code(system: str, code: str) -> str:
    """The unit that a code belongs to.

    >>> unit_code("cm", "S52531A"), unit_code("cm", "I5023"), unit_code("pcs", "0FT44ZZ")
    ('S52531', 'I5023', '0FT44ZZ')
    """
    return code[:6] if system == "cm" and len(code) == 7 and "-" not in code else code


def build(corpus: Corpus, vocabulary: Vocabulary) -> tuple[Arrays, dict[str, list[str]]]:
    """The arrays of a system's index, and its lists of text.

    Nodes are numbered with the units first. Arrays whose names end in ``_at`` hold the places at
    which the rows of a list begin, one more than there are rows.
    """
    system = corpus.system
    codes = [node for node in corpus.nodes.values() if node.spans]
    units: dict[str, list[str]] = {}
    for node in codes:
        units.setdefault(unit_code(system, node.code), []).append(node.code)
    numbers = {unit: number for number, unit in enumerate(units)}
    phrases: dict[int, list[Phrase]] = {}
    extensions: dict[str, str] = {}
    parents: list[int] = []
    names: list[str] = list(units)

    def number_of(code: str) -> int:
        """The node that bears the phrases of ``code``; a heading gets a number when first met."""
        unit = unit_code(system, code)
        if unit not in numbers:
            numbers[unit] = len(names)
            names.append(unit)
        return numbers[unit]

    known = corpus.nodes.keys()
    for phrase in corpus.phrases:
        code = phrase.node
        if code in known or system == "pcs":
            phrases.setdefault(number_of(code), []).append(phrase)
            if phrase.kind == TITLE and unit_code(system, code) != code:
                extensions[code] = phrase.essential
    # Every heading above a node that has phrases, too.
    place = 0
    while place < len(names):
        parents.append(_parent(corpus, names[place], numbers, number_of))
        place += 1
    return _arrays(corpus, vocabulary, units, names, parents, phrases)


def _parent(corpus: Corpus, code: str, numbers: Mapping[str, int], number_of: Any) -> int:
    if corpus.system == "pcs":
        for size in range(len(code) - 1, 2, -1):
            if code[:size] in numbers:
                return numbers[code[:size]]
        return -1
    node = corpus.nodes.get(code)
    if node is None:  # the stem of seventh characters that bears no title of its own
        above = next(
            (c for n in range(len(code) - 1, 2, -1) if (c := code[:n]) in corpus.nodes), ""
        )
        return number_of(above) if above else -1
    return number_of(node.parent) if node.parent else -1


def _arrays(
    corpus: Corpus,
    vocabulary: Vocabulary,
    units: dict[str, list[str]],
    names: list[str],
    parents: list[int],
    phrases: dict[int, list[Phrase]],
) -> tuple[Arrays, dict[str, list[str]]]:
    tokens, token_at = array.array("i"), array.array("i", [0])
    essentials = array.array("i")
    kinds, starts, ends, shown = array.array("b"), array.array("i"), array.array("i"), []
    sources: list[str] = []
    phrase_at = array.array("i", [0])
    own: list[dict[int, float]] = []
    below: list[dict[int, float]] = []
    for number in range(len(names)):
        mine: dict[int, float] = {}
        under: dict[int, float] = {}
        for phrase in _merged(corpus.system, sorted(phrases.get(number, ()), key=_kind)):
            needed = vocabulary.of(phrase.essential)
            extra = [t for t in vocabulary.of(phrase.optional) if t not in needed]
            if not needed:
                continue
            tokens.extend(needed + extra)
            essentials.append(len(needed))
            token_at.append(len(tokens))
            kinds.append(phrase.kind)
            starts.append(date.fromisoformat(phrase.valid_from).toordinal())
            ends.append(date.fromisoformat(phrase.valid_to).toordinal())
            shown.append(phrase.shown)
            sources.append("\t".join(phrase.source))
            weight, light = _OWN[phrase.kind], _ABOVE[phrase.kind]
            for token in needed:
                mine[token] = max(mine.get(token, 0.0), weight)
                under[token] = max(under.get(token, 0.0), light)
            for token in extra:
                mine[token] = max(mine.get(token, 0.0), weight * _OPTIONAL)
                under[token] = max(under.get(token, 0.0), light * _OPTIONAL)
        phrase_at.append(len(kinds))
        own.append(mine)
        below.append(under)
    arrays: Arrays = {
        "parent": np.array(parents, np.int32),
        "phrase_at": np.array(phrase_at, np.int32),
        "token": np.array(tokens, np.int32),
        "token_at": np.array(token_at, np.int32),
        "essential": np.array(essentials, np.int32),
        "kind": np.array(kinds, np.int8),
        "start": np.array(starts, np.int32),
        "end": np.array(ends, np.int32),
    }
    arrays |= _postings(len(units), parents, own, below, len(vocabulary.numbers))
    arrays |= _codes(corpus, units)
    lists = {
        "name": names,
        "shown": shown,
        "source": sources,
        "code": [code for group in units.values() for code in group],
    }
    return arrays, lists


def _kind(phrase: Phrase) -> int:
    return phrase.kind


def _merged(system: str, phrases: list[Phrase]) -> list[Phrase]:
    """A unit's phrases; of titles that differ in the episode alone, what they share."""
    titles = [p for p in phrases if p.kind == TITLE]
    if system != "cm" or len(titles) < 2 or len({p.node for p in titles}) < 2:
        return phrases
    stem = [p for p in titles if len(p.node) < 7]
    if stem:
        return [*stem, *(p for p in phrases if p.kind != TITLE)]
    split = [p.essential.split() for p in titles]
    shared = []
    for column in zip(*split, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    text = " ".join(shared).rstrip(",") or titles[0].essential
    title = titles[0]._replace(essential=text, shown=text, node=titles[0].node[:6])
    return [title, *(p for p in phrases if p.kind != TITLE)]


def _postings(
    units: int,
    parents: list[int],
    own: list[dict[int, float]],
    below: list[dict[int, float]],
    size: int,
) -> Arrays:
    """For each stem the units that it finds, with its weight there."""
    inherited: dict[int, dict[int, float]] = {}

    def above(node: int) -> dict[int, float]:
        if node < 0:
            return {}
        if node not in inherited:
            merged = dict(above(parents[node]))
            for token, weight in below[node].items():
                if weight > merged.get(token, 0.0):
                    merged[token] = weight
            inherited[node] = merged
        return inherited[node]

    rows, columns, weights = array.array("i"), array.array("i"), array.array("B")
    frequency = np.zeros(size, np.int32)
    for unit in range(units):
        merged = above(parents[unit])
        mine = own[unit]
        for token, weight in mine.items():
            rows.append(token)
            columns.append(unit)
            weights.append(int(_SCALE * max(weight, merged.get(token, 0.0))))
        for token, weight in merged.items():
            if token not in mine:
                rows.append(token)
                columns.append(unit)
                weights.append(int(_SCALE * weight))
    by_term = np.array(rows, np.int32)
    order = np.argsort(by_term, kind="stable")
    counts = np.bincount(by_term, minlength=size)
    heard = np.zeros(size, np.int32)
    for mine in own:
        for token in mine:
            heard[token] += 1
    frequency = heard
    return {
        "posting_at": np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        "posting_unit": np.array(columns, np.int32)[order],
        "posting_weight": np.frombuffer(weights, np.uint8)[order].copy(),
        "frequency": frequency,
    }


def _codes(corpus: Corpus, units: dict[str, list[str]]) -> Arrays:
    """The codes of each unit with the days on which they may be reported."""
    code_at, span_at = [0], [0]
    first: list[int] = []
    last: list[int] = []
    for group in units.values():
        for code in group:
            for start, end in corpus.nodes[code].spans:
                first.append(date.fromisoformat(start).toordinal())
                last.append(date.fromisoformat(end).toordinal())
            span_at.append(len(first))
        code_at.append(len(span_at) - 1)
    return {
        "code_at": np.array(code_at, np.int32),
        "span_at": np.array(span_at, np.int32),
        "span_first": np.array(first, np.int32),
        "span_last": np.array(last, np.int32),
    }
