"""Learn what the search carries: the vectors of stems, and the two rankers.

    python -m tests.encoder.train vectors STORE --words WORDS.npz
    python -m tests.encoder.train ranker STORE

Needs scipy and lightgbm beside the project (``uv pip install scipy lightgbm``), and a store with
the alphabetic index. The pairs are index entries, inclusion terms and includes notes with the
titles of their codes; those that :mod:`tests.encoder.cases` sets aside are left out, the rankers
are fitted on its ``train`` parts and calibrated on ``dev``. ``WORDS.npz`` holds ``stems`` and, for
each, ``E``: the vector that all-MiniLM-L6-v2 gives the word alone (mean of its last layer), for
the stems of the store and the whole words of that model's vocabulary. The steps are those of a
dual encoder: the cosine of two sums of word vectors, in batches in which neighbours in the
classification are each other's wrong answers.
"""

from __future__ import annotations

import argparse
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from superbill.encoder.find.build import unit_code
from superbill.encoder.find.corpus import (
    INCLUSION,
    INDEX,
    SYNONYM,
    TITLE,
    Corpus,
    Phrase,
    corpora,
)
from superbill.encoder.find.index import SearchIndex, System
from superbill.encoder.find.limits import allowed
from superbill.encoder.find.query import Reading, readings, synonyms, tables
from superbill.encoder.find.ranker import Ranker
from superbill.encoder.find.search import MOST
from superbill.encoder.find.synonyms import headings, with_synonyms
from superbill.encoder.find.words import STOP, stem, stems, words
from superbill.store.open import Store
from tests.encoder import cases, measure

type Array = np.ndarray[Any, Any]

HERE = Path(__file__).parents[2] / "src" / "superbill" / "encoder" / "find"
WIDTH, EPOCHS, BATCH, SHARP, RATE = 128, 24, 768, 0.05, 2e-3
NEIGHBOURS = 8


def vectors(held: list[Corpus], given: Path) -> None:
    """Fit the vectors and write ``vectors.npz``."""
    sparse: Any = import_module("scipy.sparse")

    rng = np.random.default_rng(0)
    with np.load(given) as file:
        known, plain = [str(each) for each in file["stems"]], file["E"].astype(np.float32)
    plain -= plain.mean(0)
    plain /= np.linalg.norm(plain, axis=1, keepdims=True)
    number = {each: row for row, each in enumerate(known)}
    corpus, others = _texts(held[0])
    new = {
        each
        for text in (*(p.essential for p in corpus.phrases), *(t for pair in others for t in pair))
        for each in stems(text)
    }
    known += sorted(new - number.keys())
    plain = np.concatenate(
        (plain, np.zeros((len(known) - len(number), plain.shape[1]), np.float32))
    )
    number = {each: row for row, each in enumerate(known)}
    titles, pairs = _pairs(corpus, number, rng)
    _add(others, number, titles, pairs)
    size = len(known)
    heard = np.zeros(size, np.float32)
    for said, _ in pairs:
        heard[list(set(said))] += 1
    weight = np.log1p(len(pairs) / (heard + 5))
    weight = np.where(heard > 0, weight / weight.max(), 0.8).astype(np.float32)
    turn = (np.linalg.svd(plain[heard > 0], full_matrices=False)[2][:WIDTH].T * 3).astype(
        np.float32
    )
    own = np.zeros((size, WIDTH), np.float32)
    moments = {
        key: (np.zeros_like(a), np.zeros_like(a))
        for key, a in (("turn", turn), ("own", own), ("weight", weight))
    }
    by_node: dict[str, list[int]] = {}
    for place, (_, node) in enumerate(pairs):
        by_node.setdefault(node, []).append(place)
    step = 0
    for epoch in range(EPOCHS):
        starts = rng.permutation(np.arange(0, len(pairs), NEIGHBOURS))
        shift = int(rng.integers(0, NEIGHBOURS))
        for low in range(0, len(starts) - BATCH // NEIGHBOURS, BATCH // NEIGHBOURS):
            chosen = np.concatenate(
                [
                    np.arange(s + shift, min(s + shift + NEIGHBOURS, len(pairs)))
                    for s in starts[low : low + BATCH // NEIGHBOURS]
                ]
            )
            asked = [[(x, 1.0) for x in pairs[i][0] if rng.random() > 0.1] for i in chosen]
            asked = [
                a or [(x, 1.0) for x in pairs[i][0]] for a, i in zip(asked, chosen, strict=True)
            ]
            meant = [_other(pairs, by_node, titles, int(i), rng) for i in chosen]
            bags = asked + meant
            at = np.concatenate(([0], np.cumsum([len(bag) for bag in bags])))
            token = np.array([x for bag in bags for x, _ in bag])
            share = np.array([w for bag in bags for _, w in bag], np.float32)
            used, places = np.unique(token, return_inverse=True)
            table = plain[used] @ turn + own[used]
            bag_of = sparse.csr_matrix(
                (share * weight[token], places, at), shape=(len(bags), len(used))
            )
            total = bag_of @ table
            length = np.linalg.norm(total, axis=1, keepdims=True) + 1e-6
            unit = total / length
            count = len(chosen)
            left, right = unit[:count], unit[count:]
            near = left @ right.T / SHARP
            code = np.unique([pairs[i][1] for i in chosen], return_inverse=True)[1]
            near[(code[:, None] == code) & ~np.eye(count, dtype=bool)] = -1e4
            pull = _pull(near, count) + 0.5 * _pull(near.T, count).T
            slope = np.concatenate((pull @ right, pull.T @ left))
            slope = (slope - unit * (unit * slope).sum(1, keepdims=True)) / length
            of_table = bag_of.T @ slope
            row = np.repeat(np.arange(len(bags)), np.diff(at))
            of_weight = np.bincount(
                places, (slope[row] * table[places]).sum(1) * share, minlength=len(used)
            ).astype(np.float32)
            step += 1
            rate = RATE * min(1, step / 50) * (1 - 0.9 * (epoch + low / len(starts)) / EPOCHS)
            everything = np.arange(len(turn))
            _adam(turn, plain[used].T @ of_table, moments["turn"], everything, rate, step)
            _adam(own, of_table, moments["own"], used, rate, step)
            own[used] -= rate * 0.02 * own[used]
            _adam(weight, of_weight, moments["weight"], used, rate, step)
            np.maximum(weight, 0.02, out=weight)
        print(f"epoch {epoch + 1} of {EPOCHS}", flush=True)
    final = (plain @ turn + own) * weight[:, None]
    scale = np.abs(final).max(1) / 127 + 1e-9
    np.savez_compressed(
        HERE / "vectors.npz",
        vectors=np.rint(final / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        stems=np.frombuffer("\n".join(known).encode(), np.uint8),
    )


def _texts(corpus: Corpus) -> tuple[Corpus, list[tuple[str, str]]]:
    """The corpus without what is set aside, with synonyms; and pairs of texts from elsewhere.

    Those are the names of headings of MeSH that lead to no code, and what the search's own table
    of words puts for one another.
    """
    aside = {p.source for group in cases.left_out(corpus).values() for p in group}
    kept = corpus._replace(phrases=[p for p in corpus.phrases if p.source not in aside])
    joined = with_synonyms(kept)
    led = {p.source[1].split()[0] for p in joined.phrases if p.kind == SYNONYM}
    pairs = [
        (other, names[0])
        for number, names in enumerate(headings())
        if str(number) not in led
        for other in names[1:]
    ]
    words_ = tables()
    for table in (words_.lay_asked, words_.alone):
        pairs += list(table.values())
    pairs += [(said, meant[0]) for said, meant in words_.asked.items()]
    return joined, pairs


def _add(
    others: list[tuple[str, str]],
    number: dict[str, int],
    titles: dict[str, list[tuple[int, float]]],
    pairs: list[tuple[list[int], str]],
) -> None:
    """Add pairs of texts from elsewhere: the second is to the first as a title."""
    for said, meant in others:
        first = [number[each] for each in stems(said)]
        second = [(number[each], 1.0) for each in stems(meant)]
        if first and second and set(first) != {x for x, _ in second}:
            node = f"~{meant}"
            titles[node] = second
            pairs.append((first, node))
    pairs.sort(key=lambda pair: pair[1])


def _pairs(
    corpus: Corpus, number: dict[str, int], rng: np.random.Generator
) -> tuple[dict[str, list[tuple[int, float]]], list[tuple[list[int], str]]]:
    """The texts of each title with its heading's, and (text, node) pairs in the order of codes."""
    live = [
        p
        for p in corpus.phrases
        if p.valid_from <= cases.DAY < p.valid_to and p.node in corpus.nodes
    ]

    def numbered(text: str) -> list[int]:
        return [number[each] for each in stems(text) if each in number]

    named = {p.node: p.essential for p in live if p.kind == TITLE}
    titles = {}
    for node, text in named.items():
        above = corpus.nodes[node].parent
        bag = [(x, 1.0) for x in numbered(text)]
        if above in named and len(above) >= 3 and "-" not in above:
            bag += [(x, 0.35) for x in numbered(named[above])]
        titles[node] = bag
    pairs = [
        (numbered(p.essential), p.node)
        for p in live
        if p.kind != TITLE or (len(p.node) < 7 and rng.random() < 0.5)
    ]
    pairs = [(said, node) for said, node in pairs if said and titles.get(node)]
    return titles, sorted(pairs, key=lambda pair: pair[1])


def _other(
    pairs: list[tuple[list[int], str]],
    by_node: dict[str, list[int]],
    titles: dict[str, list[tuple[int, float]]],
    place: int,
    rng: np.random.Generator,
) -> list[tuple[int, float]]:
    """What a text is to lie near: mostly its code's title, now and then another text of it."""
    node = pairs[place][1]
    others = by_node[node]
    if len(others) > 1 and rng.random() < 0.3:
        other = others[int(rng.integers(len(others)))]
        if other != place:
            return [(x, 1.0) for x in pairs[other][0]]
    return titles[node]


def _pull(near: Array, count: int) -> Array:
    """The slope of the cross-entropy of which column goes with each row."""
    share = np.exp(near - near.max(1, keepdims=True))
    share /= share.sum(1, keepdims=True)
    share[np.arange(count), np.arange(count)] -= 1
    out: Array = share / (count * SHARP)
    return out


def _adam(
    values: Array, slope: Array, moments: tuple[Array, Array], rows: Array, rate: float, step: int
) -> None:
    """A step of Adam on some rows of ``values``, in place."""
    first, second = moments
    first[rows] = 0.9 * first[rows] + 0.1 * slope
    second[rows] = 0.999 * second[rows] + 0.001 * slope**2
    size = np.sqrt(second[rows] / (1 - 0.999**step)) + 1e-8
    values[rows] -= rate * first[rows] / (1 - 0.9 ** min(step, 1000)) / size


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
            kinds = ("index", "inclusion", "synonym", "kept")
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


def main() -> None:
    """Fit what is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.encoder.train")
    parser.add_argument("what", choices=("vectors", "ranker"))
    parser.add_argument("store", type=Path)
    parser.add_argument("--words", type=Path)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    with Store.open(asked.store) as store:
        held = corpora(store)
    if not any(phrase.kind == INDEX for phrase in held[0].phrases):
        raise SystemExit("The store holds no alphabetic index.")
    if asked.what == "vectors":
        if asked.words is None:
            parser.error("vectors need --words")
        vectors(held, asked.words)
    else:
        rankers(held, asked.only)


if __name__ == "__main__":
    main()
