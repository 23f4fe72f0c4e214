"""``make eval``: measure the search and print the report.

    python -m tests.encoder [--store STORE] [--sample N] [--part dev|test] [--no-index]

The store must hold the alphabetic index (build it with ``superbill data build --from`` the folder
of published ICD-10-CM files); ``--no-index`` measures what a store without it would answer.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from superbill.encoder.find.corpus import Corpus, corpora
from superbill.store.home import default_store
from superbill.store.open import Store
from tests.encoder import cases, measure

GOALS = {
    "inclusion": "0.62 / 0.86 / 0.92",
    "index": "0.68 / 0.90 / 0.95",
    "lay": "0.75 / 0.90 / 0.94",
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
        report(store, held, asked.sample, asked.part, with_index=not asked.no_index)


def report(store: Store, held: list[Corpus], sample: int, part: str, *, with_index: bool) -> None:
    """Print recall for every kind of case."""
    aside = cases.left_out(held[0])
    if not aside["index dev"]:
        raise SystemExit(
            "The store holds no alphabetic index: there is nothing to leave out of it."
        )
    index = measure.without(
        held, [phrase for group in aside.values() for phrase in group], with_index=with_index
    )
    cm = held[0].nodes
    parts = ("dev", "test") if part == "both" else (part,)

    def chapter(code: str) -> str:
        node = cm.get(code)
        while node is not None and node.parent:
            node = cm.get(node.parent)
        return "?" if node is None else node.code

    kind = "with the alphabetic index" if with_index else "without the alphabetic index"
    print(f"Search {kind}; recall at 1 / 5 / 10; codes of {cases.DAY}; all systems searched")
    for name in ("inclusion", "index"):
        for each in parts:
            chosen = cases.of_phrases(aside[f"{name} {each}"])[:sample]
            _print(f"{name}, left out: {each}", name, measure.run(store, index, chosen), chapter)
    for name in ("lay", "ontology"):
        halves = dict(zip(("dev", "test"), cases.halves(cases.listed(name)), strict=True))
        for each in parts:
            _print(f"{name}: {each}", name, measure.run(store, index, halves[each]), chapter)


def _print(title: str, name: str, results: list[measure.Result], chapter: object) -> None:
    print(measure.line(title, results, GOALS[name]))
    if callable(chapter):
        print("\n".join(measure.by_chapter(results, chapter)))
    print("\n".join(measure.worst(results)))


if __name__ == "__main__":
    main()
