"""Recall of the search at 1, 5 and 10, by kind of case and by chapter, with the worst misses."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from superbill.encoder.find.answer import Hit
from superbill.encoder.find.corpus import Corpus, Phrase
from superbill.encoder.find.index import SearchIndex
from superbill.encoder.find.make import assemble, leaving_out
from superbill.encoder.find.search import answer
from superbill.store.open import Store
from tests.encoder.cases import DAY, Case

ON = date.fromisoformat(DAY)
CUTS = (1, 5, 10)


class Result(NamedTuple):
    """A case, the place of the first right hit (from 0; 99 where none of ten is), and the first."""

    case: Case
    place: int
    first: str
    milliseconds: float


def without(
    held: Sequence[Corpus], phrases: Sequence[Phrase], *, with_index: bool = True
) -> SearchIndex:
    """The index of the corpora without these phrases; without any index entry if so told."""
    sources = {phrase.source for phrase in phrases}
    kept = leaving_out(
        held,
        lambda p: (
            p.source in sources
            or (not with_index and p.source[0].startswith("icd10cm.") and p.kind == 2)
        ),
    )
    if not with_index:
        kept = [
            corpus._replace(evidence=tuple(e for e in corpus.evidence if e != "index entry"))
            for corpus in kept
        ]
    return assemble(kept, "measured", left_out=lambda p: p.source in sources)


def run(
    store: Store, index: SearchIndex, cases: Sequence[Case], system: str | None = None
) -> list[Result]:
    """Ask every case."""
    found = []
    for case in cases:
        start = time.perf_counter()
        hits = answer(store, case.query, on=ON, index=index, system=system).hits
        spent = (time.perf_counter() - start) * 1000
        found.append(Result(case, place_of(case, hits), _shown(hits), spent))
    return found


def place_of(case: Case, hits: Sequence[Hit]) -> int:
    """The place of the first right hit, from 0; 99 where there is none."""
    return next((n for n, hit in enumerate(hits) if case.right(hit.code)), 99)


def _shown(hits: Sequence[Hit]) -> str:
    return f"{hits[0].dotted} {hits[0].text}" if hits else "nothing"


def recall(results: Sequence[Result]) -> tuple[float, ...]:
    """The share of cases with a right hit among the first 1, 5 and 10."""
    return tuple(sum(r.place < cut for r in results) / max(len(results), 1) for cut in CUTS)


def line(name: str, results: Sequence[Result], goal: str = "") -> str:
    """One line of the report."""
    figures = " / ".join(f"{share:.3f}" for share in recall(results))
    spent = sorted(r.milliseconds for r in results)
    middle, slow = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    aim = f"  (goal {goal})" if goal else ""
    return f"{name:44} {len(results):5}  {figures}{aim}  p50 {middle:.1f} ms, p95 {slow:.1f} ms"


def by_chapter(results: Sequence[Result], chapter: Callable[[str], str]) -> list[str]:
    """Recall for each chapter of the right code."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(chapter(result.case.codes[0]), []).append(result)
    lines = []
    for name in sorted(groups, key=lambda key: (len(key), key)):
        figures = " / ".join(f"{share:.2f}" for share in recall(groups[name]))
        lines.append(f"    chapter {name:2} {len(groups[name]):5}  {figures}")
    return lines


def worst(results: Sequence[Result], most: int = 20) -> list[str]:
    """Cases of which no right code was found, and what was found first."""
    missed = [r for r in results if r.place >= 10]
    counted = Counter(r.case.codes[0][:3] for r in missed)
    missed.sort(key=lambda r: (-counted[r.case.codes[0][:3]], r.case.query))
    return [
        f"    {r.case.query!r}: {', '.join(r.case.codes)}; found {r.first}" for r in missed[:most]
    ]
