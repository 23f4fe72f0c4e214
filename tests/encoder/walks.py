"""Every entry of the index walked to its code: how many get there, and how.

Two walks are taken to each entry with a code. The first begins at the entry itself, and asks
whether the tabular list can be reached from it; the second begins with the words of its path, as a
person would write them, and asks whether the entry is found at all. Questions on the way are
answered with the choice that leads to the entry's own code, so a walk that does not offer it fails.

An entry whose code is none of the day must be marked as such, and end in a code that took its
place; one that takes another code than its own is a miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from superbill.encoder.index import BOOKS, Walk, Walker
from superbill.encoder.index.entry import IndexEntry
from superbill.sources.icd10cm_printed import essential_title
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
