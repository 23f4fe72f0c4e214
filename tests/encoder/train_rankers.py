"""Fit the rankers of the search; called by :mod:`tests.encoder.train`."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from superbill.encoder.find.build import unit_code
from superbill.encoder.find.corpus import (
    INCLUSION,
    INDEX,
    Corpus,
    Phrase,
)
from superbill.encoder.find.index import SearchIndex, System
from superbill.encoder.find.limits import allowed
from superbill.encoder.find.query import Reading, readings, synonyms
from superbill.encoder.find.ranker import Ranker
from superbill.encoder.find.search import MOST
from superbill.encoder.find.words import STOP, stem, stems, words
from tests.encoder import cases, measure

type Array = np.ndarray[Any, Any]

HERE = Path(__file__).parents[2] / "src" / "superbill" / "encoder" / "find"


def rankers(held: list[Corpus], only: str = "") -> None:
    """Fit the rankers and write them."""
    day = date.fromisoformat(cases.DAY)
    for name in ("index", "text", "pcs", "hcpcs"):
        if only not in {"", name}:
            continue
        rows: dict[str, list[tuple[Array, Array]]] = {"train": [], "dev": []}
        if name in {"index", "text"}:
            aside = cases.left_out(held[0])
            every = {p.source for group in aside.values() for p in group}
            left = held[0]._replace(phrases=[p for p in held[0].phrases if p.source not in every])
            aside |= cases.names_left_out(left)
            kinds: tuple[str, ...] = ("index", "inclusion", "synonym", "kept")
            chosen = _kept(left, every)
            aside["kept train"], aside["kept dev"] = chosen[:2_400], chosen[2_400:]
            corpora_ = held[:1]
        else:
            corpora_ = [corpus for corpus in held if corpus.system == name]
            aside = cases.others_left_out(corpora_[0])
            kinds = (name,)
        index = measure.without(
            corpora_,
            [p for kind, group in aside.items() if kind[:4] != "kept" for p in group],
            with_index=name != "text",
        )
        system = index.systems[corpora_[0].system]
        mask = allowed(system, day, None, None, None)
        rng = np.random.default_rng(0)
        for part, judged in rows.items():
            for phrase in (p for kind in kinds for p in aside[f"{kind} {part}"]):
                for reading in _asked(phrase.essential, rng, part, name):
                    judged.extend(_judged(index, system, reading, phrase.node, mask, name))
        parts = _arrays(_fitted(rows["train"]).dump_model())
        model = Ranker({**parts, "sharpness": np.array(1.0)})
        parts["sharpness"] = np.array(_sharpness(model, rows["dev"]))
        np.savez_compressed(HERE / f"ranker-{name}.npz", **parts)  # type: ignore[arg-type]
        print(name, len(rows["train"]), parts["sharpness"], flush=True)


def _kept(left: Corpus, aside: set[tuple[str, str]]) -> list[Phrase]:
    """Short index entries and inclusion terms that stay: who asks for one means its code."""
    phrases = [
        p
        for p in left.phrases
        if p.kind in {INDEX, INCLUSION}
        and p.source not in aside
        and p.node in left.nodes
        and p.valid_from <= cases.DAY < p.valid_to
        and 0 < len(stems(p.essential)) < 4
        and " – see " not in p.shown
    ]
    order = np.random.default_rng(1).permutation(len(phrases))[:3_000]
    return [phrases[n] for n in order]


def _asked(text: str, rng: np.random.Generator, part: str, name: str) -> list[Reading]:
    """The readings of a text that is asked; of one to learn from, a version said otherwise, too.

    Some of its words left out, some put by others that stand for them, as people do.
    """
    said = [w for w in words(text) if w not in STOP]
    if not said:
        return []
    if name == "hcpcs":
        return readings(text, "hcpcs")[:1]
    terms = [(stem(w), w) for w in said]
    found = [Reading(tuple(terms), (), 1.0)]
    if part == "train" and name != "pcs" and rng.random() < 0.3:
        other = []
        for each, word in terms:
            meant = synonyms(each)
            if meant and rng.random() < 0.4:
                other.append((meant[int(rng.integers(len(meant)))][0], word))
            elif len(terms) < 3 or rng.random() > 0.2:
                other.append((each, word))
        if other and other != terms:
            found.append(Reading(tuple(other), (), 1.0))
    return found


def _judged(
    index: SearchIndex, system: System, reading: Reading, node: str, mask: Array, name: str
) -> list[tuple[Array, Array]]:
    """The features of what a reading finds, and which of it is right; nothing if none is."""
    day = date.fromisoformat(cases.DAY).toordinal()
    few = name in {"pcs", "hcpcs"}
    found = index.find(
        system,
        reading,
        day=day,
        allowed=mask,
        most=MOST[system.system],
        by_meaning=8 if few else 40,
    ).candidates
    wanted = unit_code(system.system, node)
    right = np.array([system.name[u].startswith(wanted) for u in found.units], bool)
    return [(found.values, right)] if right.any() else []


def _fitted(rows: list[tuple[Array, Array]]) -> Any:
    lightgbm: Any = import_module("lightgbm")

    return lightgbm.train(
        {
            "objective": "lambdarank",
            "lambdarank_truncation_level": 10,
            "learning_rate": 0.1,
            "num_leaves": 16,
            "max_depth": 5,
            "min_data_in_leaf": 60,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "lambda_l2": 5,
            "verbosity": -1,
            "seed": 1,
        },
        lightgbm.Dataset(
            np.concatenate([v for v, _ in rows]),
            np.concatenate([r for _, r in rows]).astype(int),
            group=[len(r) for _, r in rows],
        ),
        150,
    )


def _sharpness(model: Ranker, rows: list[tuple[Array, Array]]) -> float:
    """What makes the shares of certainty true on cases that the trees have not seen."""
    minimize_scalar: Any = import_module("scipy.optimize").minimize_scalar
    scored = [(model.scores(value), good) for value, good in rows]

    def loss(sharpness: float) -> float:
        total = 0.0
        for scores, good in scored:
            share = np.exp((scores - scores.max()) * sharpness)
            total -= float(np.log(share[good].sum() / share.sum() + 1e-9))
        return total

    return float(minimize_scalar(loss, bounds=(0.1, 5), method="bounded").x)


def _arrays(model: dict[str, Any]) -> dict[str, Array]:
    """A model's trees as :class:`superbill.encoder.find.ranker.Ranker` reads them."""
    column: list[int] = []
    bound: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []
    deepest = 0

    def walk(node: dict[str, Any], depth: int) -> int:
        nonlocal deepest
        here = len(column)
        column.append(node.get("split_feature", 0))
        bound.append(node.get("threshold", 0.0))
        left.append(here)
        right.append(here)
        value.append(node.get("leaf_value", 0.0))
        if "leaf_value" in node:
            deepest = max(deepest, depth)
        else:
            left[here] = walk(node["left_child"], depth + 1)
            right[here] = walk(node["right_child"], depth + 1)
        return here

    roots = [walk(tree["tree_structure"], 0) for tree in model["tree_info"]]
    exact = np.array(bound)
    near = exact.astype(np.float32)
    # Features are float32: a bound may only be rounded down, or a value on it changes sides.
    down = np.where(near > exact, np.nextafter(near, np.float32(-np.inf)), near)
    return {
        "roots": np.array(roots, np.int32),
        "column": np.array(column, np.int16),
        "bound": down.astype(np.float32),
        "left": np.array(left, np.int32),
        "right": np.array(right, np.int32),
        "value": np.array(value, np.float32),
        "depth": np.array(deepest),
    }
