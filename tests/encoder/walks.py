"""Every entry of the index walked to its code, every procedure code built: how many get there.

    python -m tests.encoder.walks [--store STORE] [--on DAY] [--every N]

Two walks are taken to each entry with a code. The first begins at the entry itself, and asks
whether the tabular list can be reached from it; the second begins with the words of its path, as a
person would write them, and asks whether the entry is found at all. Questions on the way are
answered with the choice that leads to the entry's own code, so a walk that does not offer it fails.

An entry whose code is none of the day must be marked as such, and end in a code that took its
place; one that takes another code than its own is a miss.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from superbill.encoder.index import BOOKS, Walk, Walker
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.pcs import Builder, read_code
from superbill.encoder.pcs.tables import AXES
from superbill.sources.icd10cm_printed import essential_title
from superbill.store.home import default_store
from superbill.store.open import Store

Ended = Literal["code", "successor", "missed"]
MOST_ANSWERS = 12
LONGEST = 500


class Walked(NamedTuple):
    """An entry, which of the two walks was taken, how it ended, and in what."""

    path: tuple[str, ...]
    entry: IndexEntry
    by: Literal["entry", "words"]
    ended: Ended
    code: str


def to_its_code(walker: Walker, walk: Walk, stem: str) -> tuple[Ended, str]:
    """Answer every question on the way to ``stem`` (undotted); how the walk ended, and its code."""
    for _ in range(MOST_ANSWERS):
        if walk.question is None:
            break
        asked = walk.question.choices
        # In the tabular list any of the codes below the stem will do.
        fits = [c.number for c in asked if _leads(c.to, stem)] or [
            c.number for c in asked if walk.question.asks == "successor"
        ]
        if not fits:
            return "missed", ""
        walk = walker.choose(walk, fits[0])
    if walk.outcome is None:
        return "missed", ""
    if walk.outcome.code.startswith(stem):
        return "code", walk.outcome.code
    marked = any("is no code of" in mark or "followed by" in mark for mark in walk.marks)
    return ("successor" if marked else "missed"), walk.outcome.code


def _leads(to: str, stem: str) -> bool:
    kind, _, place = to.partition(":")
    code = place.rstrip("-")
    return kind in {"code", "default"} and (code.startswith(stem) or stem.startswith(code))


def walks(
    store: Store, *, on: date, every: int = 1, words_every: int = 1, book: str = "diseases"
) -> Iterator[Walked]:
    """Each ``every``-th entry with a code, and each ``words_every``-th by its words."""
    walker = Walker(store, on=on)
    number = 0
    for path, entry in walker.index.entries(book=book):
        if not entry.code:
            continue
        number += 1
        if number % every == 0:
            ended = to_its_code(walker, walker.start_at(entry), entry.stem)
            yield Walked(path, entry, "entry", *ended)
        text = ", ".join(essential_title(title) for title in path)
        if number % words_every == 0 and len(text) <= LONGEST:
            ended = to_its_code(walker, walker.start(text, book=book), entry.stem)
            yield Walked(path, entry, "words", *ended)


def report(store: Store, *, on: date, every: int = 1, words_every: int = 1) -> Iterator[str]:
    """The figures of each book, and the misses, as lines."""
    for book in BOOKS[:2]:
        counts: Counter[tuple[str, str]] = Counter()
        missed = []
        for walked in walks(store, on=on, every=every, words_every=words_every, book=book):
            counts[walked.by, walked.ended] += 1
            if walked.ended == "missed":
                missed.append(walked)
        for by in ("entry", "words"):
            total = sum(n for (each, _), n in counts.items() if each == by)
            code, successor = counts[by, "code"], counts[by, "successor"]
            yield (
                f"{book}, from the {by}: {total:,} entries, {code:,} to their code, "
                f"{successor:,} to a marked successor, {total - code - successor:,} missed"
            )
        for each in missed[:20]:
            yield f"  missed by {each.by}: {', '.join(each.path)} {each.entry.code} → {each.code}"


def pcs_report(store: Store, *, on: date) -> Iterator[str]:
    """Every ICD-10-PCS code reached through the builder's choices, and read back."""
    builder = Builder(store, on=on)
    reached: dict[str, tuple[str, ...]] = {}
    waiting = [""]
    while waiting:
        step = builder.choices(waiting.pop())
        for choice in step.choices:
            prefix = step.prefix + choice.value
            if len(prefix) == AXES:
                reached[prefix] = (*step.labels, choice.label)
            else:
                waiting.append(prefix)
    expected = set(builder.codes())
    read = 0
    for code, labels in reached.items():
        reading = read_code(store, code, on=on)
        pairs = zip((axis.label for axis in reading.axes), labels, strict=True)
        # A choice that means one thing or another, by what comes after it, names both.
        alike = all(own == said or own in said.split(" or ") for own, said in pairs)
        read += reading.valid and alike
    yield (
        f"ICD-10-PCS, tables of {builder.tables.source.label}: {len(expected):,} codes allowed, "
        f"{len(expected & reached.keys()):,} reached choice by choice, "
        f"{len(reached.keys() - expected):,} others built, {read:,} read back alike"
    )


def main() -> None:
    """Print the figures of the whole index and of all procedure codes: some minutes."""
    parser = argparse.ArgumentParser(prog="python -m tests.encoder.walks")
    parser.add_argument("--store", type=Path, default=None)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 3, 1))
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    with Store.open(asked.store or default_store()) as store:
        if not store.covers("icd10cm.index", on=asked.on):
            print("walks: the store holds no alphabetic index")
            return
        for line in report(store, on=asked.on, every=asked.every, words_every=asked.every):
            print(line, flush=True)
        if store.coverage("icd10pcs.tables"):
            for line in pcs_report(store, on=asked.on):
                print(line, flush=True)


if __name__ == "__main__":
    main()
