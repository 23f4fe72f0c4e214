"""What the ranker is told of each candidate: how its phrases and the query cover one another.

A query is a list of slots, one a word; a slot holds the stems that may stand for the word, each
with how well it does. Of a phrase two things count: how much of the query it says, and how much
of it the query says, both weighed by how telling the words are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from superbill.encoder.find.corpus import HEADING_NOTE, INCLUSION, INDEX, SYNONYM, TITLE

type Array = np.ndarray[Any, Any]


class Slot(NamedTuple):
    """A word of the query: stems by number with their weights, how telling it is, as it stood."""

    stems: tuple[tuple[int, float], ...]
    weight: float
    word: str


class Judged(NamedTuple):
    """Phrases of some nodes against a query.

    ``recall`` is the part of the query that each phrase says, ``precision`` the part of the
    phrase that the query says; ``node`` is the row of ``nodes`` that the phrase belongs to.
    """

    nodes: Array
    phrase: Array
    node: Array
    kind: Array
    recall: Array
    precision: Array


def ranges(starts: Array, ends: Array) -> tuple[Array, Array]:
    """All places of several ranges one after another, and how long each range is."""
    lengths = ends - starts
    total = int(lengths.sum())
    if total == 0:
        return np.zeros(0, np.int64), lengths
    offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.arange(total) + offsets, lengths


def judge(
    arrays: dict[str, Array], telling: Array, slots: list[Slot], nodes: Array, day: int | None
) -> Judged:
    """Every phrase of ``nodes`` that holds on ``day``, against the query."""
    at = arrays["phrase_at"]
    phrase, lengths = ranges(at[nodes].astype(np.int64), at[nodes + 1].astype(np.int64))
    row = np.repeat(np.arange(len(nodes)), lengths)
    if day is not None and len(phrase):
        held = (arrays["start"][phrase] <= day) & (day < arrays["end"][phrase])
        phrase, row = phrase[held], row[held]
    token_at = arrays["token_at"]
    first = token_at[phrase].astype(np.int64)
    place, counts = ranges(first, token_at[phrase + 1].astype(np.int64))
    token = arrays["token"][place]
    size = len(telling)
    gain, share = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for slot in slots:
        for stem, weight in slot.stems:
            gain[stem] = max(gain[stem], slot.weight * weight)
            share[stem] = max(share[stem], weight)
    whole = sum(slot.weight for slot in slots) or 1.0
    bounds = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
    if not len(phrase):
        empty = np.zeros(0, np.float32)
        return Judged(nodes, phrase, row, np.zeros(0, np.int8), empty, empty)
    said = np.add.reduceat(gain[token], bounds) / whole
    # A word that may be there or not counts for the phrase only where the query has it.
    needed = (np.arange(len(place)) - np.repeat(bounds, counts)) < np.repeat(
        arrays["essential"][phrase], counts
    )
    mass = telling[token] * needed
    covered = np.add.reduceat(mass * share[token], bounds)
    total = np.add.reduceat(mass, bounds)
    return Judged(
        nodes,
        phrase,
        row,
        arrays["kind"][phrase],
        np.minimum(said, 1.0),
        covered / np.maximum(total, 1e-6),
    )


_KINDS = (TITLE, INCLUSION, INDEX, HEADING_NOTE, SYNONYM)
PER_KIND = ("match", "recall", "precision")
PER_NODE = (
    *(
        f"{name} {kind}"
        for kind in ("title", "inclusion", "index", "note", "synonym")
        for name in PER_KIND
    ),
    "mean match",
    "phrases",
)


def by_node(judged: Judged) -> Array:
    """For each node and kind of phrase: the best match, with its recall and precision.

    A match is the product of both, favouring recall; columns are :data:`PER_NODE`.
    """
    count = len(judged.nodes)
    out = np.zeros((count, len(PER_NODE)), np.float32)
    if not len(judged.phrase):
        return out
    match = judged.recall * (0.35 + 0.65 * judged.precision)
    key = judged.node * len(_KINDS) + judged.kind
    order = np.lexsort((match, key))
    keys = key[order]
    last = np.flatnonzero(np.concatenate((keys[1:] != keys[:-1], [True])))
    best = order[last]
    node, kind = judged.node[best], judged.kind[best].astype(np.int64)
    out[node, kind * 3] = match[best]
    out[node, kind * 3 + 2] = judged.precision[best]
    recall = np.zeros((count, len(_KINDS)), np.float32)
    starts = np.concatenate(([0], last[:-1] + 1))
    recall_max = np.maximum.reduceat(judged.recall[order], starts)
    recall[node, kind] = recall_max
    out[:, 1 : 3 * len(_KINDS) : 3] = recall
    sums = np.bincount(judged.node, weights=match, minlength=count)
    counts = np.bincount(judged.node, minlength=count)
    out[:, -2] = sums / np.maximum(counts, 1)
    out[:, -1] = np.log1p(counts)
    return out
