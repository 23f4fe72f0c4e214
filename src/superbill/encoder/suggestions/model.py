"""How likely a coder takes a candidate: a weighted sum of its facts, turned into a share.

The weights, the counts of what coders took, and the table that turns sums into shares were fitted
on development notes by ``python -m tests.encoder.notes fit`` and lie in ``learned.json``. No text
of a note is in it: terms are named by the words of the reference data. Coders' own records of
accepted and rejected codes move the shares (:func:`Model.with_records`): the fitted share counts
as so many decisions (:data:`PRIOR`), to which theirs are added.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
import numpy as np

from superbill.encoder.suggestions.candidates import FACTS, LEARNED, Candidate

type Array = np.ndarray[Any, Any]

LISTED = {"diagnosis": 2.0, "history": 1.5}
PRIOR = 5.0
"""How many decisions the fitted share counts for, beside those of a user's own coders."""
OTHER_TERM = 0.5
"""What a decision on the code counts for where another term had led to it."""
CATEGORY_WEIGHT, CODE_WEIGHT, TERM_WEIGHT = 4.0, 3.0, 3.0


class Learned(msgspec.Struct, frozen=True):
    """What was fitted. ``counts`` are for each code, category and term: seen, taken."""

    made_by: str
    notes: int
    facts: list[str]
    mean: list[float]
    scale: list[float]
    weight: list[float]
    intercept: float
    base: float
    sums: list[float]
    shares: list[float]
    threshold: float
    counts: dict[str, tuple[int, int]]


class Taken(NamedTuple):
    """A candidate that a coder took or did not."""

    code: str
    signature: str
    taken: bool


class Model:
    """Scores candidates."""

    def __init__(
        self, learned: Learned, decided: Mapping[str, tuple[int, int]] | None = None
    ) -> None:
        if tuple(learned.facts) != FACTS:
            raise ValueError("learned.json was fitted on other facts; fit it anew")
        self.learned = learned
        self.threshold = learned.threshold
        self._decided = dict(decided or {})
        self._mean = np.array(learned.mean)
        self._scale = np.array(learned.scale)
        self._weight = np.array(learned.weight)

    def with_records(self, records: Iterable[Taken]) -> Model:
        """The model with what a user's own coders took and refused added."""
        decided = dict(self._decided)
        count(decided, records)
        return Model(self.learned, decided)

    def scores(self, candidates: Sequence[Candidate], *, listed: bool = False) -> list[float]:
        """For each candidate the share of such candidates that coders took.

        ``listed`` adds what the development notes cannot say, for they are prose: that what stands
        in a list of diagnoses, or of a patient's past illnesses, is more likely meant.
        """
        if not candidates:
            return []
        base, counts = self.learned.base, self.learned.counts
        rows = np.array(
            [
                (*each.facts[:-LEARNED], *experience(counts, base, each.code, each.signature))
                for each in candidates
            ]
        )
        sums = ((rows - self._mean) / self._scale) @ self._weight + self.learned.intercept
        if listed:
            sums = sums + np.array([_listed(each) for each in candidates])
        shares = [self._share(float(each)) for each in sums]
        if not self._decided:
            return shares
        return [
            self._with_decisions(share, each)
            for share, each in zip(shares, candidates, strict=True)
        ]

    def _with_decisions(self, share: float, candidate: Candidate) -> float:
        """The share that is left when decisions are added to what was fitted (a beta prior)."""
        _, code, term = keys(candidate.code, candidate.signature)
        seen, taken = self._decided.get(code, (0, 0))
        same, same_taken = self._decided.get(term, (0, 0))
        weight = same + OTHER_TERM * (seen - same)
        accepted = same_taken + OTHER_TERM * (taken - same_taken)
        return (PRIOR * share + accepted) / (PRIOR + weight)

    def _share(self, total: float) -> float:
        """The share for a sum, between the points of the fitted table."""
        sums, shares = self.learned.sums, self.learned.shares
        at = bisect_right(sums, total)
        if at == 0:
            return shares[0]
        if at == len(sums):
            return shares[-1]
        low, high = sums[at - 1], sums[at]
        part = (total - low) / (high - low) if high > low else 0.0
        return shares[at - 1] + part * (shares[at] - shares[at - 1])


def _listed(candidate: Candidate) -> float:
    """What is added, in log odds, for a term said tightly in a part of the record that lists."""
    best = candidate.support[0]
    if best.mention.gap or best.mention.marks or best.inside:
        return 0.0
    return LISTED.get(best.section, 0.0)


def keys(code: str, signature: str) -> tuple[str, str, str]:
    """The names under which a candidate is counted: its category, code, and code with term."""
    return code[:3], f"={code}", f"{code} {signature}"


def count(counts: dict[str, tuple[int, int]], records: Iterable[Taken]) -> None:
    """Count records into ``counts``."""
    for record in records:
        for key in keys(record.code, record.signature):
            seen, taken = counts.get(key, (0, 0))
            counts[key] = (seen + 1, taken + record.taken)


def experience(
    counts: Mapping[str, tuple[int, int]],
    base: float,
    code: str,
    signature: str,
    without: Taken | None = None,
) -> tuple[float, float, float, float, float]:
    """What coders took of a code and a term so far, as the last facts of a candidate.

    Few records count little: the share of a term leans on that of its code, and that on the
    share of its category. ``without`` leaves one record out, for fitting.
    """
    less = 0 if without is None else 1
    taken_less = 0 if without is None else int(without.taken)
    pairs = []
    for key in keys(code, signature):
        seen, taken = counts.get(key, (0, 0))
        pairs.append((max(seen - less, 0), max(taken - taken_less, 0)))
    (k_seen, k_taken), (c_seen, c_taken), (t_seen, t_taken) = pairs
    category = (k_taken + CATEGORY_WEIGHT * base) / (k_seen + CATEGORY_WEIGHT)
    own = (c_taken + CODE_WEIGHT * category) / (c_seen + CODE_WEIGHT)
    term = (t_taken + TERM_WEIGHT * own) / (t_seen + TERM_WEIGHT)
    return math.log1p(c_seen), _odds(own), math.log1p(t_seen), _odds(term), _odds(category)


def _odds(share: float) -> float:
    return math.log(share / (1.0 - share))


@functools.cache
def model() -> Model:
    """The model that comes with the package."""
    held = (files("superbill.encoder.suggestions") / "learned.json").read_bytes()
    return Model(msgspec.json.decode(held, type=Learned))
