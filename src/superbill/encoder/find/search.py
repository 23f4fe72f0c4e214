"""Search for codes by what people write: codes, beginnings of codes, words in any order.

The day counts: codes that may be reported on it are found, by the texts that hold on it. A code
that was retired is found by the code alone, and the answer says since when.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from superbill.encoder.find.answer import Answer, Hit
from superbill.encoder.find.bycode import by_code, instead
from superbill.encoder.find.corpus import NAMES, SYSTEMS
from superbill.encoder.find.engine import FEATURES
from superbill.encoder.find.file import load, place, prepare
from superbill.encoder.find.hits import Ranked, hits_of
from superbill.encoder.find.index import SearchIndex, System
from superbill.encoder.find.limits import allowed, checked
from superbill.encoder.find.plain import plainly_said
from superbill.encoder.find.query import Reading, readings, without_side
from superbill.encoder.find.ranker import ranker
from superbill.encoder.find.words import stems
from superbill.errors import Invalid
from superbill.store.open import Store

type Array = np.ndarray[Any, Any]

MOST_CHARACTERS = 2_000
_KEPT = 60
_NEAR = 0.45  # a code none of whose texts says a word of the query must be this near in meaning
_OWN_MATCH = FEATURES.index("best match")
# How well the best text matches, at the unit or above it.
_MATCHES = [n for n, name in enumerate(FEATURES) if " match " in name and "mean" not in name]
_TABLE_MATCH = FEATURES.index("parent match index")
_SIDES = [FEATURES.index(name) for name in ("left", "right", "bilateral")]
_SIDE_ASKED = FEATURES.index("query side")
_SIDED = 0.4
_COSINE = FEATURES.index("cosine")
# A procedure or supply comes first where its text says clearly more of the query.
_CLEARLY = 0.2
_ALL = 0.9
_LEAST_MATCH = 0.12
MOST = {"cm": 80, "pcs": 32, "hcpcs": 24}  # candidates by words


@functools.lru_cache(maxsize=4)
def _loaded(path: Path) -> SearchIndex:
    return load(path)


def index_of(store: Store) -> SearchIndex:
    """The search index of ``store``, made first where it is not there yet.

    Where it cannot be kept beside the store (a folder that may only be read), it is made in
    memory, once for a process.
    """
    where = place(store.path, store.digest)
    if not where.exists():
        _loaded.cache_clear()
        try:
            where = prepare(store.path)
        except OSError:
            return _in_memory(store.path, store.digest)
    return _loaded(where)


@functools.lru_cache(maxsize=1)
def _in_memory(path: Path, _digest: str) -> SearchIndex:
    from superbill.encoder.find.make import make  # noqa: PLC0415 - not needed to search

    with Store.open(path) as store:
        return make(store)


def search(
    store: Store,
    query: str,
    *,
    on: date,
    system: str | None = None,
    limit: int = 10,
    billable: bool = True,
    chapter: int | None = None,
    sex: str | None = None,
    age: int | None = None,
) -> list[Hit]:
    """The codes that ``query`` means on the day, likeliest first.

    ``system`` is ``cm``, ``pcs`` or ``hcpcs``, or ``None`` for all. ``billable`` false offers the
    headings above the codes found, too. ``chapter`` (1 to 22) and ``sex`` (``male``, ``female``)
    and ``age`` (years) narrow the diagnosis codes. Raises :class:`~superbill.errors.Invalid` for
    a filter that there is none of, and :class:`~superbill.errors.NotCovered` where nothing held
    speaks for the day.
    """
    return list(
        answer(
            store,
            query,
            on=on,
            system=system,
            limit=limit,
            billable=billable,
            chapter=chapter,
            sex=sex,
            age=age,
        ).hits
    )


def answer(
    store: Store,
    query: str,
    *,
    on: date,
    system: str | None = None,
    limit: int = 10,
    billable: bool = True,
    chapter: int | None = None,
    sex: str | None = None,
    age: int | None = None,
    index: SearchIndex | None = None,
) -> Answer:
    """As :func:`search`, with what the search made of the query and which texts it had."""
    if system is not None and system not in SYSTEMS:
        raise Invalid.at("system", f"{system!r} is no system.", f"Use one of {', '.join(SYSTEMS)}.")
    if limit < 1:
        raise Invalid.at("limit", f"{limit} is not a number of hits.", "Ask for 1 or more.")
    checked(chapter, sex, age)
    held = index_of(store) if index is None else index
    chosen = _chosen(held, store, system, on)
    text = " ".join(query[:MOST_CHARACTERS].split())
    hits: list[Hit] = []
    read_as: tuple[str, ...] = ()
    message = ""
    coded = by_code(held, text, system, on=on, limit=limit, billable=billable)
    if coded is not None:
        hits, message = coded
        if hits and hits[0].status == "retired" and hits[0].system == NAMES["cm"]:
            message = f"{message}. {instead(store, hits[0], on)}".rstrip()
    if not hits and not message and len(text) > 1:
        masks = {s.system: allowed(s, on, chapter, sex, age) for s in chosen}
        ranked, read_as = _ranked(held, chosen, text, on, masks, limit)
        hits = hits_of(ranked, on, limit, billable=billable)
        if hits and held.foreign(text):
            message = (
                "Most of these words are in no text: what is shown is near in spelling or in "
                "meaning. The classification is in English."
            )
    if not hits and not message:
        message = _nothing(text)
    if len(query) > MOST_CHARACTERS:
        message = (
            f"Only the first {MOST_CHARACTERS:,} of {len(query):,} characters were read. {message}"
        ).strip()
    return Answer(
        query=query[:MOST_CHARACTERS],
        on=on.isoformat(),
        hits=tuple(hits[:limit]),
        searched={s.system: s.evidence for s in chosen},
        read_as=read_as,
        message=message,
        lock=held.digest,
    )


_SPEAKS = {
    "cm": ("icd10cm.validity", "icd10cm.order"),
    "pcs": ("icd10pcs.validity", "icd10pcs.order"),
    "hcpcs": ("hcpcs.codes",),
}


def _chosen(held: SearchIndex, store: Store, system: str | None, on: date) -> list[System]:
    """The systems to search: the one asked for, else all that the store covers on the day.

    Raises :class:`~superbill.errors.NotCovered` where there is none.
    """
    wanted = SYSTEMS if system is None else (system,)
    covered = [
        name for name in wanted if any(store.covers(dataset, on=on) for dataset in _SPEAKS[name])
    ]
    found = [held.systems[name] for name in covered if name in held.systems]
    if not found:
        raise store.not_covered(_SPEAKS[wanted[0]][0], on=on)
    return found


def _nothing(text: str) -> str:
    if len(text) == 1 and text.isalnum():
        return (
            "One letter says too little. Write a code, a few words of a condition, or a procedure."
        )
    if not text:
        return "The query is empty. Write a code, a few words of a condition, or a procedure."
    if not stems(text):
        return (
            f"{text[:40]!r} has no word to search for. Write a code, or the condition in English."
        )
    return "No code's text has these words, nor any near them. Try fewer or other words."


def _ranked(
    held: SearchIndex,
    chosen: Iterable[System],
    text: str,
    on: date,
    masks: dict[str, Array],
    limit: int,
) -> tuple[list[Ranked], tuple[str, ...]]:
    """All candidates of the systems, best first, and what was expanded."""
    notes: dict[str, None] = {}
    by_system: dict[str, list[Ranked]] = {}
    said: dict[str, float] = {}
    for system in chosen:
        best: dict[int, Ranked] = {}
        for reading in _ways(held, text, system.system):
            for each in _of_reading(held, system, reading, on, masks[system.system]):
                unit = int(each.found.candidates.units[each.row])
                if unit not in best or each.score > best[unit].score:
                    best[unit] = each
        order = sorted(best.values(), key=lambda each: -each.score)[:_KEPT]
        if order:
            by_system[system.system] = order
            top = order[0]
            said[system.system] = _match(top)
            if not notes:
                notes |= dict.fromkeys(top.found.reading.notes)
    return _merged(by_system, said, limit), tuple(notes)


def _match(ranked: Ranked) -> float:
    """How well a text of the code says the query; an index entry of its table, if it says all."""
    values = ranked.found.candidates.values[ranked.row]
    entry = float(values[_TABLE_MATCH])
    return max(float(values[_OWN_MATCH]), entry if entry > _ALL else 0.0)


def _ways(held: SearchIndex, text: str, system: str) -> list[Reading]:
    """The ways to read the query, with and without the side of the body that it names."""
    found: list[Reading] = []
    for reading in readings(text, system):
        known = held.corrected(reading) if system != "hcpcs" else reading
        found.append(known)
        sideless = without_side(known) if system == "cm" else None
        if sideless is not None:
            found.append(sideless)
    return [reading for reading in found if reading.terms]


def _merged(by_system: dict[str, list[Ranked]], said: dict[str, float], limit: int) -> list[Ranked]:
    """The systems' candidates in one order.

    Diagnoses come first: most of what is asked is one. Procedures and supplies come before them
    where a text of theirs says clearly more of the query; otherwise they follow.
    """
    ahead = {
        name: said[name] > said.get("cm", 0.0) + _CLEARLY for name in by_system if name != "cm"
    }
    order = sorted(by_system, key=lambda name: 1 if name == "cm" else 0 if ahead[name] else 2)
    merged: list[Ranked] = []
    for name in order:
        rows = by_system[name]
        if merged:
            top, last = rows[0].score, merged[min(limit, len(merged)) - 1].score
            scale = min(1.0, 0.9 * last / top) if top else 1.0
            rows = [each._replace(score=each.score * scale) for each in rows]
            merged = merged[:limit]
        merged += rows
    return merged


def _of_reading(
    held: SearchIndex, system: System, reading: Reading, on: date, mask: Array
) -> list[Ranked]:
    few = system.system != "cm"
    found = held.find(
        system,
        reading,
        day=on.toordinal(),
        allowed=mask,
        most=MOST[system.system],
        by_meaning=8 if few else 40,
    )
    values = found.candidates.values
    if not len(values):
        return []
    if few:
        shares = ranker(system.system).shares(values)
        keep = values[:, _MATCHES].max(axis=1) > _LEAST_MATCH
    else:
        name = "index" if "index entry" in system.evidence else "text"
        shares = ranker(name).shares(values)
        plain = plainly_said(found, held.numbers)
        if plain.any():
            shares = np.where(plain, shares + shares.max(), shares)
        if not values[0, _SIDE_ASKED]:
            # Who names no side is not asking for one.
            shares = np.where(values[:, _SIDES].any(axis=1), shares * _SIDED, shares)
        shares /= shares.sum()
        keep = shares > 0
        # Nothing that is said and nothing that is near: a guess is no answer.
        near = (values[:, _OWN_MATCH] > 0) | (values[:, _COSINE] > _NEAR)
        keep &= near
    shares = shares * reading.weight
    return [Ranked(float(shares[row]), found, row) for row in np.flatnonzero(keep).tolist()]
