"""``make eval``: measure the search and print the report.

    python -m tests.encoder [--store STORE] [--sample N] [--part dev|test] [--no-index]

The store must hold the alphabetic index (build it with ``superbill data build --from`` the folder
of published ICD-10-CM files); ``--no-index`` measures what a store without it would answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from superbill.encoder.find.corpus import Corpus, corpora
from superbill.store.home import default_store
from superbill.store.open import Store
from tests.encoder import cases, measure

type Chapter = Callable[[str], str]

GOALS = {
    "inclusion": "0.62 / 0.86 / 0.92",
    "index": "0.68 / 0.90 / 0.95",
    "lay": "0.75 / 0.90 / 0.94",
    "names": "0.75 / 0.90 / 0.94",
    "ontology": "0.60 / 0.72 / 0.78",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.encoder")
    parser.add_argument("--store", type=Path, default=None)
    parser.add_argument("--sample", type=int, default=1_500)
    parser.add_argument("--part", choices=("dev", "test", "both"), default="both")
    parser.add_argument("--no-index", action="store_true")
    asked = parser.parse_args()
    with Store.open(asked.store or default_store()) as store:
        held = corpora(store)
        parts = ("dev", "test") if asked.part == "both" else (asked.part,)
        with_index = not asked.no_index
        kind = "with the alphabetic index" if with_index else "without the alphabetic index"
        print(f"Search {kind}; recall at 1 / 5 / 10; codes of {cases.DAY}")
        lists(store, held, parts, with_index=with_index)
        left_out(store, held, asked.sample, parts, with_index=with_index)
        others(store, held, asked.sample, parts)


def _chapter_of(corpus: Corpus) -> Chapter:
    def chapter(code: str) -> str:
        node = corpus.nodes.get(code)
        while node is not None and node.parent:
            node = corpus.nodes.get(node.parent)
        return "?" if node is None else node.code

    return chapter


def lists(store: Store, held: list[Corpus], parts: tuple[str, ...], *, with_index: bool) -> None:
    """The lists of names: nothing is left out for them, all systems are searched."""
    index = measure.without(held, [], with_index=with_index)
    nodes = held[0].nodes
    for name in ("lay", "names", "ontology"):
        # A reference to a code of WHO's ICD-10 that ICD-10-CM does not have cannot be found.
        known = [
            case
            for case in cases.listed(name)
            if any(code.startswith(each[:6]) for each in case.codes for code in nodes)
            or any("-" in each for each in case.codes)
        ]
        halves = dict(zip(("dev", "test"), cases.halves(known), strict=True))
        for each in parts:
            results = measure.run(store, index, halves[each])
            _print(f"{name}: {each}", name, results, _chapter_of(held[0]))
            for part in sorted({case.source for case in halves[each]}):
                some = [r for r in results if r.case.source == part]
                if len(some) < len(results):
                    print(measure.line(f"  of these, {part}", some))


def left_out(
    store: Store, held: list[Corpus], sample: int, parts: tuple[str, ...], *, with_index: bool
) -> None:
    """Texts of the classification and of MeSH, left out of what is searched."""
    aside = cases.left_out(held[0])
    if not aside["index dev"]:
        raise SystemExit(
            "The store holds no alphabetic index: there is nothing to leave out of it."
        )
    every = {p.source for group in aside.values() for p in group}
    rest = held[0]._replace(phrases=[p for p in held[0].phrases if p.source not in every])
    aside |= cases.names_left_out(rest)
    phrases = [phrase for group in aside.values() for phrase in group]
    index = measure.without(held, phrases, with_index=with_index)
    for name in ("inclusion", "index", "synonym"):
        for each in parts:
            chosen = cases.of_phrases(aside[f"{name} {each}"])[:sample]
            results = measure.run(store, index, chosen)
            _print(f"{name}, left out: {each}", name, results, _chapter_of(held[0]))


def others(store: Store, held: list[Corpus], sample: int, parts: tuple[str, ...]) -> None:
    """Entries of the index of procedures and short names of supplies, left out likewise."""
    for corpus in held[1:]:
        aside = cases.others_left_out(corpus)
        index = measure.without([corpus], [p for group in aside.values() for p in group])
        for each in parts:
            chosen = cases.of_phrases(aside[f"{corpus.system} {each}"], whole=True)[:sample]
            if chosen:
                results = measure.run(store, index, chosen, corpus.system)
                _print(f"{corpus.system}, left out: {each}", corpus.system, results, None)


def _print(title: str, name: str, results: list[measure.Result], chapter: Chapter | None) -> None:
    print(measure.line(title, results, GOALS.get(name, "")))
    if chapter is not None:
        print("\n".join(measure.by_chapter(results, chapter)))
    print("\n".join(measure.worst(results)))


if __name__ == "__main__":
    main()
