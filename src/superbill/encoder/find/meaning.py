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
