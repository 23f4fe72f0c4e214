"""What a text means, as a vector: near for texts that lead to the same code.

The vectors of stems were learned by ``python -m tests.encoder.train`` from pairs of the reference
data's own texts (an index entry or inclusion term, and the title of its code), starting from the
vectors that all-MiniLM-L6-v2 (Apache-2.0) gives each single word, so that everyday words have a
place, too. A text is the sum of its words: no model runs when a query is asked.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import numpy as np

type Array = np.ndarray[Any, Any]


class Meaning:
    """Vectors of stems, and of texts as sums of them."""

    def __init__(self, vectors: Array, scale: Array, stems: list[str]) -> None:
        self._vectors = vectors
        self._scale = scale
        self.rows = {stem: row for row, stem in enumerate(stems)}
        self.width = vectors.shape[1]

    def of(self, weighted: Iterable[tuple[str, float]]) -> Array:
        """The unit vector of stems with weights; zero where none is known."""
        rows, weights = [], []
        for stem, weight in weighted:
            row = self.rows.get(stem)
            if row is not None:
                rows.append(row)
                weights.append(weight)
        if not rows:
            return np.zeros(self.width, np.float32)
        share = np.array(weights, np.float32) * self._scale[rows]
        total = share @ self._vectors[rows].astype(np.float32)
        norm = float(np.linalg.norm(total))
        return (total / norm if norm else total).astype(np.float32)

    def table(self, stems: list[str]) -> Array:
        """A row of float32 for each of ``stems``; zero for one that is not known."""
        out = np.zeros((len(stems), self.width), np.float32)
        places = [(i, self.rows[stem]) for i, stem in enumerate(stems) if stem in self.rows]
        if places:
            mine, theirs = (np.array(column) for column in zip(*places, strict=True))
            out[mine] = self._vectors[theirs] * self._scale[theirs][:, None]
        return out


@functools.cache
def meaning() -> Meaning:
    """The vectors that come with the package."""
    with (files("superbill.encoder.find") / "vectors.npz").open("rb") as stream:
        held = np.load(stream)
        stems = held["stems"].tobytes().decode().split("\n")
        return Meaning(held["vectors"], held["scale"], stems)


def node_vectors(arrays: dict[str, Array], stems: list[str], source: Meaning) -> Array:
    """A unit vector for each node: its title with those above it, and the mean of its phrases."""
    table = source.table(stems)
    token_at = arrays["token_at"].astype(np.int64)
    phrases = len(arrays["kind"])
    count = arrays["essential"].astype(np.int64)
    vectors = np.zeros((phrases, source.width), np.float32)
    for low in range(0, phrases, 8192):  # in parts, to hold the memory down
        high = min(low + 8192, phrases)
        counts = count[low:high]
        owner = np.repeat(np.arange(high - low), counts)
        start = token_at[low:high]
        offsets = np.repeat(start - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        token = arrays["token"][np.arange(len(owner)) + offsets]
        bounds = np.concatenate(([0], np.cumsum(counts)[:-1]))
        vectors[low:high] = np.add.reduceat(table[token], bounds, axis=0)
    at = arrays["phrase_at"].astype(np.int64)
    nodes = len(at) - 1
    owner = np.repeat(np.arange(nodes), np.diff(at))
    is_title = arrays["kind"] == 0
    title = np.zeros((nodes, source.width), np.float32)
    first = np.full(nodes, -1)
    rows = np.flatnonzero(is_title)[::-1]  # the last titles count, as the newest
    first[owner[rows[::-1]]] = rows[::-1]
    held = first >= 0
    title[held] = vectors[first[held]]
    parent = arrays["parent"].astype(np.int64)
    above = np.where(parent >= 0, parent, 0)
    over = np.where(parent >= 0, parent[above], -1)
    text = title + 0.35 * title[above] * (parent >= 0)[:, None]
    text += 0.2 * title[np.maximum(over, 0)] * (over >= 0)[:, None]
    text = normed(text)
    said = normed(vectors)
    other = np.flatnonzero(~is_title)
    mean = np.zeros((nodes, source.width), np.float32)
    if len(other):
        starts = np.flatnonzero(np.concatenate(([True], np.diff(owner[other]) > 0)))
        mean[owner[other][starts]] = np.add.reduceat(said[other], starts, axis=0)
    return normed(text + normed(mean))


def normed(rows: Array) -> Array:
    """Each row with length one; zero stays zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    out: Array = (rows / np.maximum(length, 1e-6)).astype(np.float32)
    return out


_COARSE = 40
_CLOSER = 8  # so many times as many units are looked at closely as are wanted


class Space:
    """Where the nodes of a system lie in meaning, and the units near a query.

    All units are looked at in the few directions in which they differ most, and the best of those
    in all: the whole would take longer than everything else.
    """

    def __init__(self, vectors: Array, coarse: Array, turn: Array) -> None:
        self.vectors = vectors
        self.coarse = coarse
        self.turn = turn

    @classmethod
    def of(cls, vectors: Array, units: int) -> Space:
        """The space of nodes, of which the first ``units`` are units."""
        mine = vectors[:units]
        _, directions = np.linalg.eigh(mine.T @ mine)
        turn = np.ascontiguousarray(directions[:, ::-1][:, :_COARSE], np.float32)
        return cls(vectors, np.ascontiguousarray((mine @ turn).T), turn)

    def at(self, nodes: Array, vector: Array) -> Array:
        """How near each of ``nodes`` is."""
        # Not "@": on a busy machine its threads wait longer for one another than the sum takes.
        near: Array = np.einsum("ij,j->i", self.vectors[nodes], vector)
        return near

    def nearest(self, vector: Array, most: int, allowed: Array | None) -> Array:
        """The nearest units of those ``allowed``."""
        rough = np.einsum("i,ij->j", np.einsum("j,ji->i", vector, self.turn), self.coarse)
        if allowed is not None:
            rough[~allowed] = -2.0
        some = top(rough, most * _CLOSER)
        if allowed is not None:
            some = some[allowed[some]]
        near = self.at(some, vector)
        chosen: Array = some[np.argsort(-near)[:most]]
        return chosen


def top(values: Array, most: int) -> Array:
    """The places of the greatest values, in no order.

    A sample tells what is surely too small, so that few values need be compared.
    """
    if len(values) <= 4 * most or len(values) < 4096:
        if len(values) <= most:
            return np.arange(len(values))
        return np.argpartition(values, len(values) - most)[-most:]
    sample = values[::16]
    wanted = min(most // 4 + 8, len(sample) - 1)
    least = np.partition(sample, len(sample) - wanted)[-wanted]
    places = np.flatnonzero(values >= least)
    if len(places) < most:
        return np.argpartition(values, len(values) - most)[-most:]
    if len(places) > most:
        places = places[np.argpartition(values[places], len(places) - most)[-most:]]
    return places
