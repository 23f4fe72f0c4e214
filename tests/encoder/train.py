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
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from superbill.encoder.find.corpus import (
    INDEX,
    SYNONYM,
    TITLE,
    Corpus,
    corpora,
)
from superbill.encoder.find.query import tables
from superbill.encoder.find.synonyms import headings, with_synonyms
from superbill.encoder.find.words import stems
from superbill.store.open import Store
from tests.encoder import cases
from tests.encoder.train_rankers import rankers

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
