"""Where a walk begins: the main term that people's words name, and how far they lead down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from superbill.encoder.index.day import DayIndex
from superbill.encoder.index.deeper import deeper
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.index.names import TIERS, called, loose, names
from superbill.encoder.index.reference import HEADINGS
from superbill.sources.icd10cm_printed import title_key

# How many beginnings are looked into further down.
_TRIED = 4


class Start(NamedTuple):
    """A way to begin: the entries named, the words left over, and how good it is (less: better)."""

    path: tuple[IndexEntry, ...]
    unused: tuple[str, ...]
    rank: tuple[int, int, int]


def best_starts(index: DayIndex, text: str, *, book: str) -> list[Start]:
    """The best ways to begin with ``text``: parts set apart by commas, or plain words.

    The way that leaves the fewest words over is the best; of those the one that names terms
    most closely, and then the one that goes deepest.
    """
    found: list[Start] = []
    seen = set()
    for name, rest in _beginnings(text):
        for main in index.main_terms(name, book=book):
            path, left, loosely = _descend(index, (main,), rest)
            key = tuple(entry.node for entry in path)
            if key in seen and not left:
                continue
            seen.add(key)
            rank = (
                sum(len(part.split()) for part in left),
                called(main.plain_title, name) + loosely,
                len(path),
            )
            found.append(Start(path, tuple(left), rank))
    if found and min(start.rank for start in found)[0]:
        found = _leading([*found, *_further(index, found)])
    best = min((start.rank for start in found), default=None)
    unique: dict[int, Start] = {}
    for start in found:
        if start.rank == best:
            unique.setdefault(start.path[-1].node, start)
    return list(unique.values())


def _further(index: DayIndex, found: Sequence[Start]) -> Iterator[Start]:
    """The ways that go on below, where words left over are said further down."""
    ends = set()
    for start in sorted(found, key=lambda each: each.rank)[:_TRIED]:
        if start.path[-1].node in ends:
            continue
        ends.add(start.path[-1].node)
        for path, unused in deeper(index, start.path, start.unused):
            words = sum(len(part.split()) for part in unused)
            yield Start(path, unused, (words, start.rank[1], len(path)))


def _leading(found: Sequence[Start]) -> list[Start]:
    """Without those that only say to look elsewhere ("Knee, see condition"), if any are left."""
    leading = [start for start in found if not _only_condition(start.path[-1])]
    return leading or list(found)


def _only_condition(entry: IndexEntry) -> bool:
    told = [text.lower() for _, text in entry.references()]
    return not entry.code and bool(told) and all(text.startswith("condition") for text in told)


def _beginnings(text: str) -> Iterator[tuple[str, list[str]]]:
    """What may be the main term, and the parts left: whole parts, then single words."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    for size in range(len(parts), 0, -1):
        yield ", ".join(parts[:size]), parts[size:]
    words = parts[0].split() if parts else []
    if len(words) < 2 or len(words) > 8:
        return
    # "acute bronchitis": any run of words may be the main term, its last ones rather.
    for size in range(len(words) - 1, 0, -1):
        for first in range(len(words) - size, -1, -1):
            rest = [*words[:first], *words[first + size :]]
            yield " ".join(words[first : first + size]), [*rest, *parts[1:]]


def _descend(
    index: DayIndex, path: tuple[IndexEntry, ...], parts: Sequence[str]
) -> tuple[tuple[IndexEntry, ...], list[str], int]:
    """Go down as far as the parts name terms; the path, the parts left, how loosely named."""
    left = list(parts)
    loosely = 0
    while left:
        children = _opened(index, index.children(path[-1]))
        best: tuple[int, tuple[IndexEntry, ...], list[str]] | None = None
        for taken, rest in _takes(left):
            tiers = [(called(child[-1].plain_title, taken), child) for child in children]
            tier, child = min(tiers, key=lambda pair: pair[0], default=(TIERS, ()))
            if tier < TIERS:
                best = (tier, child, rest)
                break
        if best is None:
            said = _not_said(path[-1], left)
            if len(said) == len(left):
                break
            left = said
            continue
        path, left = (*path, *best[1]), best[2]
        loosely += best[0]
    return path, left, loosely


def _not_said(entry: IndexEntry, parts: Sequence[str]) -> list[str]:
    """The parts that are not among the modifiers of the entry, which say nothing new."""
    said = {loose(modifier) for modifier in _modifiers(entry.title)}
    return [part for part in parts if loose(part) not in said]


def _modifiers(title: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, character in enumerate(title):
        if character == "(":
            depth += 1
            if depth == 1:
                start = place + 1
        elif character == ")" and depth:
            depth -= 1
            if depth == 0:
                yield title[start:place]


def _opened(index: DayIndex, children: Iterable[IndexEntry]) -> list[tuple[IndexEntry, ...]]:
    """Children, with those of headings such as "with" and "due to" beside them."""
    opened: list[tuple[IndexEntry, ...]] = []
    for child in children:
        opened.append((child,))
        if title_key(child.essential) in HEADINGS:
            below = _opened(index, index.children(child))
            opened.extend((child, *each) for each in below)
    return opened


def _takes(parts: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What may name the next term: several parts, one part wherever it stands, some words."""
    for size in range(len(parts), 1, -1):
        yield ", ".join(parts[:size]), list(parts[size:])
        yield " ".join(parts[:size]), list(parts[size:])
    for place, part in enumerate(parts):
        yield part, [*parts[:place], *parts[place + 1 :]]
    words = parts[0].split()
    for size in range(len(words) - 1, 0, -1):
        yield " ".join(words[:size]), [" ".join(words[size:]), *parts[1:]]


__all__ = ["Start", "best_starts", "names"]
