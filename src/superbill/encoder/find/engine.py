"""Finds candidates in one system's index and tells what is known of each.

Two ways lead to a candidate: its words (postings, weighed by how telling a word is), and its
meaning (vectors learned from the classification's own texts, which also place a word that the
code's texts do not use).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from superbill.encoder.find.features import PER_NODE, Judged, Slot, by_node, judge
from superbill.encoder.find.meaning import Space, top

type Array = np.ndarray[Any, Any]

_NEAREST = 4  # levels above a unit whose phrases are judged with it


class Candidates(NamedTuple):
    """Units found, with the features of each: ``values`` has a column for each of FEATURES."""

    units: Array
    values: Array
    judged: Judged
    lexical: Array


FEATURES = (
    "lexical",
    "lexical to best",
    *(f"own {name}" for name in PER_NODE),
    *(f"parent {name}" for name in PER_NODE),
    *(f"above {name}" for name in PER_NODE[:-2]),
    "best match",
    "best match to best",
    "category score",
    "cosine",
    "cosine to best",
    "category cosine",
    "unspecified",
    "other",
    "title words",
    "title unsaid",
    "level",
    "siblings",
    "codes",
    "left",
    "right",
    "bilateral",
    "query words",
    "query telling",
    "query unknown",
    "query side",
    "query unspecified",
)


class Engine:
    """One system's index, ready to be asked."""

    def __init__(self, arrays: dict[str, Array], stems: dict[str, int]) -> None:
        self.arrays = arrays
        self.units = len(arrays["code_at"]) - 1
        frequency = arrays["frequency"].astype(np.float32)
        n = float(max(len(arrays["phrase_at"]) - 1, 1))
        self.telling = np.log1p(n / (frequency + 1.0)).astype(np.float32)
        self.telling /= float(np.log1p(n))
        self._scratch = np.zeros(self.units, np.float32)
        self.kept: dict[tuple[object, ...], Array] = {}
        if "fact:level" in arrays:
            self._facts = {key[5:]: arrays.pop(key) for key in list(arrays) if key[:5] == "fact:"}
        else:
            self._facts = self._work_out(stems)

    def facts(self) -> dict[str, Array]:
        """What is known of each unit beforehand, for keeping with the arrays."""
        return {f"fact:{key}": array for key, array in self._facts.items()}

    def _work_out(self, stems: dict[str, int]) -> dict[str, Array]:
        parent = self.arrays["parent"]
        above = np.maximum(parent[: self.units], 0)
        return {
            "level": self._levels(),
            "above": self._ancestor_rows(),
            "siblings": np.bincount(above)[above],
            "chapter": self._chapters(),
            **self._title_facts(stems),
        }

    @property
    def chapter(self) -> Array:
        """For each unit the node at the very top above it."""
        return self._facts["chapter"]

    def _chapters(self) -> Array:
        parent = self.arrays["parent"]
        top = np.arange(len(parent), dtype=np.int32)
        while True:
            above = np.where(parent[top] >= 0, parent[top], top)
            if (above == top).all():
                return top[: self.units].astype(np.int32)
            top = above

    def _levels(self) -> Array:
        parent = self.arrays["parent"]
        level = np.zeros(len(parent), np.int32)
        above = parent.copy()
        while (above >= 0).any():
            level += above >= 0
            above = np.where(above >= 0, parent[np.maximum(above, 0)], -1)
        return level

    def _ancestor_rows(self) -> Array:
        """For each unit the nodes above it, nearest first, up to four; -1 where there are none."""
        parent = self.arrays["parent"]
        rows = np.full((self.units, _NEAREST), -1, np.int32)
        above = parent[: self.units].copy()
        for place in range(_NEAREST):
            rows[:, place] = above
            above = np.where(above >= 0, parent[np.maximum(above, 0)], -1)
        return rows

    def _title_facts(self, stems: dict[str, int]) -> dict[str, Array]:
        """What a unit's own title says: how long it is, whether it leaves something open."""
        a = self.arrays
        words = {
            name: stems.get(stem, -1)
            for name, stem in (
                ("unspecified", "unspecify"),
                ("other", "other"),
                ("left", "left"),
                ("right", "right"),
                ("bilateral", "bilateral"),
            )
        }
        first = a["phrase_at"][: self.units].astype(np.int64)
        has = first < a["phrase_at"][1 : self.units + 1]
        phrase = np.minimum(first, len(a["kind"]) - 1)
        start = a["token_at"][phrase].astype(np.int64)
        count = np.where(has & (a["kind"][phrase] == 0), a["essential"][phrase], 0)
        facts = {"length": count.astype(np.float32)}
        token, owner = _gather(a["token"], start, count)
        mass = self.telling[token] if len(token) else np.zeros(0, np.float32)
        facts["mass"] = np.bincount(owner, weights=mass, minlength=self.units).astype(np.float32)
        for name, number in words.items():
            facts[name] = (np.bincount(owner[token == number], minlength=self.units) > 0).astype(
                np.float32
            )
        return facts

    def lexical(self, slots: list[Slot]) -> Array:
        """How much of the query each unit's words say, 0 to 1."""
        a = self.arrays
        at, unit, weight = a["posting_at"], a["posting_unit"], a["posting_weight"]
        score = np.zeros(self.units, np.float32)
        whole = sum(slot.weight for slot in slots) or 1.0
        for slot in slots:
            single = len(slot.stems) == 1
            here = score if single else self._scratch
            if not single:
                here[:] = 0.0
            for stem, share in slot.stems:
                if stem + 1 >= len(at):
                    continue
                low, high = at[stem], at[stem + 1]
                rows = unit[low:high]
                value = weight[low:high] * np.float32(share * slot.weight / (200.0 * whole))
                if single:
                    here[rows] += value
                else:
                    here[rows] = np.maximum(here[rows], value)
            if not single:
                score += here
        return score

    def candidates(
        self,
        slots: list[Slot],
        *,
        day: int | None,
        allowed: Array | None,
        space: Space | None,
        vector: Array | None,
        facts: dict[str, float],
        most: int = 80,
        by_meaning: int = 40,
    ) -> Candidates:
        """The best units by words and by meaning, with their features.

        ``allowed`` says which units may be found; ``vector`` is the meaning of the query in the
        ``space`` of the nodes.
        """
        score = self.lexical(slots)
        ranked = score + self._prior()
        if allowed is not None:
            ranked[~allowed] = -1.0
        units = top(ranked, most)
        units = units[score[units] > 0]
        if allowed is not None:
            units = units[allowed[units]]
        if space is not None and vector is not None:
            units = np.union1d(units, space.nearest(vector, by_meaning, allowed))
        units = units.astype(np.int64)
        return self._describe(units, score, slots, day, space, vector, facts)

    def _prior(self) -> Array:
        """Between units that say as much: the shorter title, and the one that leaves more open."""
        if ("prior",) not in self.kept:
            self.kept["prior",] = (
                0.01 * self._facts["unspecified"] - 0.004 * np.minimum(self._facts["length"], 20)
            ).astype(np.float32)
        return self.kept["prior",]

    def _describe(
        self,
        units: Array,
        score: Array,
        slots: list[Slot],
        day: int | None,
        space: Space | None,
        vector: Array | None,
        facts: dict[str, float],
    ) -> Candidates:
        above = self._facts["above"][units]
        nodes = np.unique(np.concatenate((units, above[above >= 0])))
        judged = judge(self.arrays, self.telling, slots, nodes, day)
        table = by_node(judged)
        place = np.searchsorted(nodes, units)
        own = table[place]
        zero = np.zeros((1, table.shape[1]), np.float32)
        padded = np.concatenate((table, zero))
        rows = np.where(above >= 0, np.searchsorted(nodes, np.maximum(above, 0)), len(nodes))
        over = padded[rows]
        parent = over[:, 0]
        higher = over.max(axis=1)[:, :-2]
        lexical = score[units]
        match = np.maximum.reduce([own[:, 0], own[:, 3], own[:, 6], own[:, 12]])
        values = np.zeros((len(units), len(FEATURES)), np.float32)
        columns: list[Array | float] = [lexical, lexical / max(float(lexical.max(initial=0)), 1e-6)]
        columns += [own[:, i] for i in range(own.shape[1])]
        columns += [parent[:, i] for i in range(parent.shape[1])]
        columns += [higher[:, i] for i in range(higher.shape[1])]
        best = float(match.max(initial=0))
        columns += [match, match / max(best, 1e-6)]
        columns.append(_category_score(above, lexical))
        if space is None or vector is None:
            columns += [0.0, 0.0, 0.0]
        else:
            mine = space.at(units, vector)
            parents = np.where(above[:, 0] >= 0, space.at(np.maximum(above[:, 0], 0), vector), 0.0)
            columns += [mine, mine - float(mine.max(initial=0)), parents]
        title = self._facts
        columns += [title["unspecified"][units], title["other"][units], title["length"][units]]
        columns.append(title["mass"][units] * (1.0 - own[:, 2]))
        columns.append(self._facts["level"][units])
        columns.append(np.log1p(self._facts["siblings"][units]))
        at = self.arrays["code_at"]
        columns.append(np.log1p(at[units + 1] - at[units]))
        columns += [title["left"][units], title["right"][units], title["bilateral"][units]]
        columns += [facts[name] for name in ("words", "telling", "unknown", "side", "unspecified")]
        for place_, column in enumerate(columns):
            values[:, place_] = column
        return Candidates(units, values, judged, lexical)


def _category_score(above: Array, lexical: Array) -> Array:
    """How well the candidates of the same category match on the whole."""
    top = above[:, 0]
    _, group = np.unique(top, return_inverse=True)
    sums = np.bincount(group, weights=lexical)
    counts = np.bincount(group)
    return (sums / np.maximum(counts, 1))[group]


def _gather(tokens: Array, start: Array, count: Array) -> tuple[Array, Array]:
    owner = np.repeat(np.arange(len(start)), count)
    offsets = np.repeat(start - np.concatenate(([0], np.cumsum(count)[:-1])), count)
    return tokens[np.arange(len(owner)) + offsets], owner
