"""Words that skip a level: "pain, knee", where the index has Pain, joint, knee.

People leave out what goes without saying. Where words have found no place among the terms below
an entry, all that lies further down is looked through for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from superbill.encoder.index.day import DayIndex
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.index.names import stems

_MOST = 9
SIDES = frozenset(stems("left right bilateral both"))


class Deeper(NamedTuple):
    """An entry further down, with the path that leads to it, and the words still without place."""

    path: tuple[IndexEntry, ...]
    unused: tuple[str, ...]


def deeper(index: DayIndex, path: tuple[IndexEntry, ...], unused: Sequence[str]) -> list[Deeper]:
    """The entries below the last of ``path`` that say most of the words left, the nearest only.

    Empty where none says any, or where too many say the same to be asked about.
    """
    # The side is for the tabular list to ask.
    wanted = frozenset(stem for part in unused for stem in stems(part)) - SIDES
    if not wanted:
        return []
    last = path[-1]
    ways: dict[int, tuple[IndexEntry, ...]] = {last.node: ()}
    said: dict[int, frozenset[str]] = {last.node: frozenset()}
    extra: dict[int, int] = {last.node: 0}
    ranked: list[tuple[int, int, int, IndexEntry]] = []
    for entry in index.below(last):
        own = frozenset(stems(entry.essential))
        before = said[entry.parent]
        ways[entry.node] = (*ways[entry.parent], entry)
        said[entry.node] = before | (own & wanted)
        extra[entry.node] = extra[entry.parent] + len(own - wanted)
        # A term counts where it says itself what is asked for, not what stands below it.
        if said[entry.node] > before and (entry.code or entry.see or any(entry.cells)):
            rank = (-len(said[entry.node]), extra[entry.node], entry.level)
            ranked.append((*rank, entry))
    best = min((each[:3] for each in ranked), default=None)
    found = [entry for *rank, entry in ranked if tuple(rank) == best]
    if not 0 < len(found) <= _MOST:
        return []
    return [Deeper((*path, *ways[entry.node]), _left(unused, said[entry.node])) for entry in found]


def _left(unused: Sequence[str], said: frozenset[str]) -> tuple[str, ...]:
    kept = []
    for part in unused:
        words = [word for word in part.split() if not frozenset(stems(word)) & said]
        kept += [" ".join(words)] if words else []
    return tuple(kept)
