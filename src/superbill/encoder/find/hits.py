"""Candidates made into hits: the code of the unit, its path, and the texts that speak for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from superbill.codes.notation import dotted
from superbill.encoder.find.answer import Evidence, Hit
from superbill.encoder.find.corpus import KINDS, NAMES
from superbill.encoder.find.index import Found, System
from superbill.encoder.find.query import Reading
from superbill.encoder.find.words import stems

_LEAST = 0.004  # of the best score: what is below is not worth a line
_TEXTS = 3
# Which of several episodes of care is meant where the query does not say: the first one, else
# routine healing.
_EPISODES = ("A", "0", "9", "D")


class Ranked(NamedTuple):
    """A candidate with its score: a row of what a reading found."""

    score: float
    found: Found
    row: int


def hits_of(ranked: Sequence[Ranked], on: date, limit: int, *, billable: bool) -> list[Hit]:
    """The first ``limit`` candidates as hits; with the headings above them if asked for."""
    hits: list[Hit] = []
    seen: set[str] = set()
    for place, each in enumerate(ranked):
        if len(hits) >= limit or (place > limit and each.score < _LEAST * ranked[0].score):
            break
        hit = _hit(each, on)
        above = hit.path[-1:] if not billable and each.found.system.system == "cm" else ()
        for code, title in above:
            if code not in seen and "-" not in code and not code.isdigit():
                seen.add(code)
                hits.append(_heading(hit, code, title))
        hits.append(hit)
    return hits


def _heading(hit: Hit, code: str, title: str) -> Hit:
    return Hit(
        system=hit.system,
        code=code,
        dotted=dotted(code),
        text=title,
        score=hit.score,
        why=f"heading above {hit.dotted}: {hit.why}",
        status="heading",
        matched=hit.matched,
        evidence=hit.evidence,
        path=hit.path[:-1],
        also=(),
    )


def _hit(ranked: Ranked, on: date) -> Hit:
    found, system = ranked.found, ranked.found.system
    unit = int(found.candidates.units[ranked.row])
    code, title, also = code_of(system, unit, found.reading, on)
    evidence = _evidence(found, unit)
    matched = tuple(dict.fromkeys(word for each in evidence for word in each.words))
    parts = [
        f"{each.kind} “{each.text}”" + ("" if code.startswith(each.at) else f" at {each.at}")
        for each in evidence[:2]
    ]
    why = "; ".join(parts) or "near in meaning to its title"
    if found.reading.notes:
        why += f" (read as {'; '.join(found.reading.notes)})"
    return Hit(
        system=NAMES[system.system],
        code=code,
        dotted=dotted(code) if system.system == "cm" else code,
        text=title,
        score=int(ranked.score * 10_000) / 10_000,
        why=why,
        status="valid",
        matched=matched,
        evidence=evidence,
        path=path_of(system, unit),
        also=also,
    )


def valid_codes(system: System, unit: int, on: date) -> list[int]:
    """The places of the unit's codes that may be reported on the day."""
    arrays, day = system.engine.arrays, on.toordinal()
    found = []
    for code in range(int(arrays["code_at"][unit]), int(arrays["code_at"][unit + 1])):
        low, high = int(arrays["span_at"][code]), int(arrays["span_at"][code + 1])
        first, last = arrays["span_first"][low:high], arrays["span_last"][low:high]
        if bool(((first <= day) & (day < last)).any()):
            found.append(code)
    return found


def code_of(
    system: System, unit: int, reading: Reading | None, on: date
) -> tuple[str, str, tuple[str, ...]]:
    """The unit's code that the query means, its title, and the unit's other codes."""
    codes = valid_codes(system, unit, on)
    if not codes:
        codes = [int(system.engine.arrays["code_at"][unit])]
    best = codes[0]
    if len(codes) > 1:
        said = {stem for stem, _ in reading.terms} if reading else set()
        words = [frozenset(stems(system.title[code])) for code in codes]
        shared = frozenset.intersection(*words)

        def rank(place: int) -> tuple[int, int, int]:
            name = system.code[codes[place]]
            last = _EPISODES.index(name[-1]) if name[-1] in _EPISODES else 9
            extra = words[place] - shared
            return -len(extra & said), last, len(extra)

        best = codes[min(range(len(codes)), key=rank)]
    others = tuple(system.code[code] for code in codes if code != best)
    return system.code[best], system.title[best], others


def path_of(system: System, unit: int) -> tuple[tuple[str, str], ...]:
    """The headings above a unit with their titles, the widest first."""
    parent = system.engine.arrays["parent"]
    above: list[tuple[str, str]] = []
    node = int(parent[unit])
    while node >= 0:
        title = title_of(system, node)
        if title:
            above.append((system.name[node], title))
        node = int(parent[node])
    return tuple(reversed(above))


def title_of(system: System, node: int) -> str:
    """A node's title as printed; empty where it has none."""
    arrays = system.engine.arrays
    first, last = int(arrays["phrase_at"][node]), int(arrays["phrase_at"][node + 1])
    for phrase in range(last - 1, first - 1, -1):
        if arrays["kind"][phrase] == 0:
            text: str = system.shown[phrase]
            return text
    return ""


def _evidence(found: Found, unit: int) -> tuple[Evidence, ...]:
    """The texts at the unit, or above it, that say most of the query."""
    judged, system = found.candidates.judged, found.system
    parent = system.engine.arrays["parent"]
    rows: list[tuple[float, int, int]] = []
    node, away = unit, 0
    while node >= 0 and away < 3:
        row = int(np.searchsorted(judged.nodes, node))
        if row < len(judged.nodes) and judged.nodes[row] == node:
            for place in np.flatnonzero(judged.node == row).tolist():
                worth = judged.recall[place] * (0.35 + 0.65 * judged.precision[place])
                if worth > 0.08:
                    rows.append((float(worth) * (1 - 0.3 * away), place, node))
        node, away = int(parent[node]), away + 1
    rows.sort(key=lambda row: -row[0])
    out = []
    for _, place, node in rows[:_TEXTS]:
        phrase = int(judged.phrase[place])
        out.append(
            Evidence(
                kind=KINDS[int(judged.kind[place])],
                text=system.shown[phrase],
                at=system.name[node],
                words=_words(found, phrase),
            )
        )
    return tuple(out)


def _words(found: Found, phrase: int) -> tuple[str, ...]:
    """The words of the query that a phrase says."""
    arrays = found.system.engine.arrays
    low, high = int(arrays["token_at"][phrase]), int(arrays["token_at"][phrase + 1])
    said = set(arrays["token"][low:high].tolist())
    return tuple(slot.word for slot in found.slots if any(stem in said for stem, _ in slot.stems))
