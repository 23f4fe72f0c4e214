"""What suggestions learn from clinical case texts with codes: see :mod:`tests.encoder.notes`.

Weights by logistic regression (Newton's method), shares by an isotonic table over scores of notes
that were held out, and counts of what the coders took. Everything is a function of the texts of
``train``; only the threshold looks at ``dev``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np

from superbill.encoder.suggestions import Suggester
from superbill.encoder.suggestions import model as learning
from superbill.encoder.suggestions.candidates import FACTS, LEARNED, Candidate
from superbill.encoder.suggestions.model import Learned, Model, Taken
from superbill.encoder.suggestions.patient import patient
from superbill.encoder.suggestions.rules import by_patient, by_words
from superbill.store.open import Store
from tests.encoder.notes import ROOT, Note, conversions, meant, notes, predicted, score

type Array = np.ndarray[Any, Any]

LEARNED_AT = ROOT / "src" / "superbill" / "encoder" / "suggestions" / "learned.json"
PLOT_AT = ROOT / "docs" / "suggest-reliability.svg"
FOLDS = 5
RIDGE = 5.0


class Row(NamedTuple):
    """A candidate of a note, and whether the note's coders took it."""

    note: int
    candidate: Candidate
    taken: bool


def rows(held: Sequence[Note], suggester: Suggester, store: Store) -> list[Row]:
    """The candidates of notes that no rule sets aside."""
    found = []
    previous = conversions(store)
    for number, note in enumerate(held):
        person = patient(note.text)
        for each in suggester.candidates(note.text)[1]:
            attributes = suggester.attributes(each.code)
            if by_words(each, "inpatient") or by_patient(each.code, attributes, person):
                continue
            found.append(Row(number, each, meant(note, each.code, previous)))
    return found


def matrix(held: Sequence[Row], counts: dict[str, tuple[int, int]], base: float) -> Array:
    """The facts of candidates; each note's own records are left out of what coders took."""
    out = []
    for row in held:
        own = Taken(row.candidate.code, row.candidate.signature, row.taken)
        last = learning.experience(
            counts, base, own.code, own.signature, without=own if row.note >= 0 else None
        )
        out.append((*row.candidate.facts[:-LEARNED], *last))
    return np.array(out)


def weigh(values: Array, taken: Array, ridge: float = RIDGE) -> tuple[Array, float]:
    """Logistic regression by Newton's method; the intercept is not held back."""
    x = np.column_stack((values, np.ones(len(values))))
    hold = np.full(x.shape[1], ridge)
    hold[-1] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        share = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (taken - share) - hold * weights
        curve = (x * (share * (1 - share))[:, None]).T @ x + np.diag(hold + 1e-9)
        step = np.linalg.solve(curve, gradient)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-7:
            break
    return weights[:-1], float(weights[-1])


def steps(sums: Array, taken: Array) -> tuple[list[float], list[float]]:
    """An isotonic table of shares by sums (pool adjacent violators), thinned out."""
    order = np.argsort(sums)
    blocks: list[list[float]] = []
    for total, hit in zip(sums[order].tolist(), taken[order].tolist(), strict=True):
        blocks.append([total, hit, 1.0])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            size = blocks[-1][2] + last[2]
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][2] + last[0] * last[2]) / size,
                blocks[-1][1] + last[1],
                size,
            ]
    merged: list[list[float]] = []
    for block in blocks:  # few cases say little: at least forty to a step
        if merged and merged[-1][2] < 40:
            size = merged[-1][2] + block[2]
            merged[-1] = [
                (merged[-1][0] * merged[-1][2] + block[0] * block[2]) / size,
                merged[-1][1] + block[1],
                size,
            ]
        else:
            merged.append(block)
    return (
        [float(f"{each[0]:.4f}") for each in merged],
        [float(f"{min(max(each[1] / each[2], 0.002), 0.995):.4f}") for each in merged],
    )


def fit(suggester: Suggester, store: Store) -> None:
    """Fit on ``train``; the threshold is the one that serves ``dev`` best."""
    held = notes("train", suggester)
    found = rows(held, suggester, store)
    counts: dict[str, tuple[int, int]] = {}
    learning.count(counts, (_taken(row) for row in found))
    taken = np.array([row.taken for row in found], float)
    base = float(taken.mean())
    values = matrix(found, counts, base)
    mean, scale = values.mean(0), values.std(0) + 1e-6
    weight, intercept = weigh((values - mean) / scale, taken)
    fold = np.array([row.note % FOLDS for row in found])
    sums = np.zeros(len(found))
    for each in range(FOLDS):
        inside, outside = fold == each, fold != each
        w, b = weigh((values[outside] - mean) / scale, taken[outside])
        sums[inside] = (values[inside] - mean) / scale @ w + b
    at, shares = steps(sums, taken)
    learned = Learned(
        made_by="python -m tests.encoder.notes fit",
        notes=len(held),
        facts=list(FACTS),
        mean=_short(mean),
        scale=_short(scale),
        weight=_short(weight),
        intercept=float(f"{intercept:.6g}"),
        base=float(f"{base:.6g}"),
        sums=at,
        shares=shares,
        threshold=0.3,
        counts={key: pair for key, pair in sorted(counts.items()) if pair[0] > 1 or " " not in key},
    )
    suggester.model = Model(learned)
    dev = notes("dev", suggester)
    # Of thresholds that do as well, to three places, the highest: precision before volume.
    best = max(
        (int(1000 * score(dev, predicted(dev, suggester, least)).f1), least)
        for least in (0.2, 0.25, 0.27, 0.3, 0.35, 0.4, 0.45, 0.5)
    )
    learned = msgspec.structs.replace(learned, threshold=best[1])
    LEARNED_AT.write_bytes(msgspec.json.format(msgspec.json.encode(learned), indent=0) + b"\n")
    print(f"{len(found)} candidates of {len(held)} notes; threshold {best[1]}", file=sys.stderr)


def _taken(row: Row) -> Taken:
    return Taken(row.candidate.code, row.candidate.signature, row.taken)


def _short(values: Array) -> list[float]:
    return [float(f"{each:.5g}") for each in values.tolist()]


def reliability(
    suggester: Suggester, store: Store, part: str = "dev"
) -> list[tuple[float, float, int]]:
    """Mean score, share taken and number of the candidates of ``part``, by tenths of the score."""
    held = notes(part, suggester)
    found = rows(held, suggester, store)
    scores = np.array(suggester.model.scores([row.candidate for row in found]))
    taken = np.array([row.taken for row in found], float)
    out = []
    for low in range(10):
        mine = (scores >= low / 10) & (scores < (low + 1) / 10 + (low == 9))
        if mine.any():
            out.append((float(scores[mine].mean()), float(taken[mine].mean()), int(mine.sum())))
    return out


def plot(suggester: Suggester, store: Store) -> None:
    """Draw the reliability on ``dev``."""
    points = reliability(suggester, store)
    size, edge = 300, 48
    far, whole = edge + size, size + 2 * edge
    marks = []
    for mean, share, count in points:
        x, y = edge + mean * size, edge + (1 - share) * size
        radius = 2.5 + 4 * min(count, 900) ** 0.5 / 30
        marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#1f6f8b">'
            f"<title>score {mean:.2f}: {share:.2f} of {count} taken</title></circle>"
        )
    ticks = "".join(
        f'<text x="{edge + v * size:.0f}" y="{far + 18}" text-anchor="middle">{v:.1f}</text>'
        f'<text x="{edge - 8}" y="{edge + (1 - v) * size + 4:.0f}" text-anchor="end">{v:.1f}</text>'
        for v in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    PLOT_AT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" '
        'font-family="sans-serif" font-size="12" role="img">\n'
        "<title>Reliability of the score on the 250 dev notes</title>\n"
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>\n'
        f'<path d="M{edge} {edge}V{far}H{far}" fill="none" stroke="#333"/>\n'
        f'<path d="M{edge} {far}L{far} {edge}" stroke="#999" stroke-dasharray="4 4"/>\n'
        f"{ticks}\n{chr(10).join(marks)}\n"
        f'<text x="{edge + size / 2}" y="{whole - 8}" text-anchor="middle">score</text>\n'
        f'<text x="14" y="{edge + size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {edge + size / 2})">share that the coders took</text>\n</svg>\n',
        encoding="utf-8",
    )


def blank() -> Learned:
    """A model that knows nothing, to begin with."""
    zeros = [0.0] * len(FACTS)
    return Learned(
        "", 0, list(FACTS), zeros, [1.0] * len(FACTS), zeros, 0.0, 0.5, [0.0], [0.5], 0.3, {}
    )
