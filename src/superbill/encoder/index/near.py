"""Where words lead nowhere: the entries of the index that a search finds for them.

The index knows "fracture", not "broken wrist". The search knows everyday words, abbreviations and
misspellings; the codes that it finds are looked up in the index, and the entries that lead to them
are offered as places to begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from superbill.encoder.index.below import Codes
from superbill.encoder.index.day import DayIndex
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.index.names import stems
from superbill.encoder.index.state import Offer, Walk
from superbill.sources.icd10cm_printed import dotted
from superbill.store.open import Store

_HITS = 8
_MOST = 6
# Of the best hit's score; what is below it is another matter.
_LEAST = 0.02
_UNSURE = 0.03


def near_offers(
    store: Store, index: DayIndex, codes: Codes, text: str, *, on: date
) -> tuple[list[Offer], tuple[str, ...]]:
    """Entries to begin at, the likeliest first, and what the search read the words as."""
    from superbill.encoder.find import answer  # noqa: PLC0415 - it loads numbers

    found = answer(store, text, on=on, system="cm", limit=_HITS)
    read_as = " ".join(note.partition(": ")[2] for note in found.read_as)
    asked = frozenset(stems(f"{text} {read_as}"))
    offers: dict[str, Offer] = {}
    for hit in found.hits:
        if hit.score < max(_UNSURE, _LEAST * found.hits[0].score) or len(offers) == _MOST:
            break
        # The text that led there says it in the classification's own words and spelling.
        told = " ".join(each.text for each in hit.evidence[:1])
        said = asked | frozenset(stems(" ".join((*hit.matched, told))))
        offer = _offer(index, codes, hit.code, said)
        offers.setdefault(offer.to, offer)
    return list(offers.values()), found.read_as


def with_near(walk: Walk, found: Sequence[Offer], read_as: Sequence[str]) -> Walk:
    """The walk with these places offered, behind the choices that it has."""
    asked = walk.question
    known = {choice.to for choice in asked.choices} if asked else set()
    # Where one is already is no place to go.
    here = {walk.default} - {""}
    new = [
        offer
        for offer in found
        if offer.to not in known and {dotted(code) for code in offer.codes} != here
    ]
    if not new:
        return walk
    for said in read_as:
        walk = walk.marked(f"read as {said}")
    if asked is None:
        question = f"{walk.stuck} Is one of these meant?"
        return replace(walk, stuck="", path=()).ask("main term", question, new)
    more = walk.ask(asked.asks, asked.text, new).question
    assert more is not None
    first = len(asked.choices)
    added = [
        replace(choice, number=first + choice.number, text=f"elsewhere: {choice.text}")
        for choice in more.choices
    ]
    return replace(walk, question=replace(asked, choices=(*asked.choices, *added)))


def _offer(index: DayIndex, codes: Codes, code: str, said: frozenset[str]) -> Offer:
    """The entry that leads to ``code`` in the words most like those said; else the tabular."""
    best: tuple[tuple[int, int], tuple[IndexEntry, ...]] | None = None
    for entry in index.for_code(code)[:60]:
        path = index.path(entry)
        own = frozenset(stems(" ".join(each.essential for each in path)))
        rank = (-2 * len(own & said) + len(own - said), len(path))
        if best is None or rank < best[0]:
            best = rank, path
    if best is None:
        stem = next(
            (code[:size] for size in range(3, len(code)) if len(codes.starting(code[:size])) == 1),
            code,
        )
        return Offer(f"{dotted(stem)} {codes.title(stem)}", f"code:{stem}", frozenset({stem}))
    path = best[1]
    last = path[-1]
    title = ", ".join(each.essential for each in path)
    return Offer(title, f"term:{last.book}:{last.node}", frozenset({last.code}))
