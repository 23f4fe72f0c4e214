"""The learned ranker: trees that were fitted to put an entry's own code first.

There are four: for diagnoses one for a store with the alphabetic index and one for a store
without, one for procedures and one for supplies. Each was
fitted by ``python -m tests.encoder.train`` on index entries and other texts that were left
out of the searched text, none of which serves to measure the search. What travels here is the
trees as arrays; nothing is fitted when a query is asked.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

import numpy as np

type Array = np.ndarray[Any, Any]


class Ranker:
    """Trees over the columns of :data:`~superbill.encoder.find.engine.FEATURES`.

    Inner nodes hold a column, a bound and two further nodes; a leaf refers to itself, so that all
    trees take the same number of steps. ``sharpness`` turns scores into shares of certainty.
    """

    def __init__(self, parts: dict[str, Array]) -> None:
        self._roots = parts["roots"].astype(np.intp)
        self._column = parts["column"].astype(np.intp)
        self._bound = parts["bound"].astype(np.float32)
        self._next = np.stack((parts["right"], parts["left"]), 1).astype(np.intp).ravel()
        self._value = parts["value"].astype(np.float32)
        self._depth = int(parts["depth"])
        self.sharpness = float(parts["sharpness"])

    def scores(self, values: Array) -> Array:
        """A score for each row; the greatest is the likeliest."""
        flat = np.ascontiguousarray(values, np.float32).ravel()
        first = (np.arange(len(values)) * values.shape[1])[:, None]
        at = np.repeat(self._roots[None, :], len(values), axis=0)
        for _ in range(self._depth):
            low = flat.take(first + self._column.take(at)) <= self._bound.take(at)
            at = self._next.take(2 * at + low)
        total: Array = self._value.take(at).sum(axis=1)
        return total

    def shares(self, values: Array) -> Array:
        """How the certainty is shared out among the rows; the shares add up to one."""
        scores = self.scores(values) * self.sharpness
        grown = np.exp(scores - scores.max())
        shares: Array = grown / grown.sum()
        return shares


@functools.cache
def ranker(name: str) -> Ranker:
    """The ranker called ``index`` (diagnoses), ``text`` (without the index), ``pcs``, ``hcpcs``."""
    with (files("superbill.encoder.find") / f"ranker-{name}.npz").open("rb") as stream:
        held = np.load(stream)
        return Ranker({key: held[key] for key in held.files})
