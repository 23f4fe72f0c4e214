"""The index as a tree whose every place remembers what stood there on which days.

Used by :mod:`superbill.sources.icd10cm_index_roll`, which carries an index from day to day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from superbill.dates import FOREVER
from superbill.sources.icd10cm_index import Entry, IndexTerm
from superbill.sources.icd10cm_printed import essential_key, reference_key, title_key

Outcome = Literal["placed", "placed nearby", "already so", "not placed", "differs"]
"""What became of a line: ``differs`` is said of an entry of an index that was published anew."""

SIMILAR = 0.85
"""How alike two titles must be (0 to 1) to be taken for one where nothing else tells them apart."""


class DatedEntry(NamedTuple):
    """An entry on the days ``[valid_from, valid_to)``.

    ``node`` numbers the place in the order of print, ``parent`` is the place above (0 above main
    terms). ``release`` is the one that brought the entry into this form.
    """

    node: int
    parent: int
    level: int
    valid_from: date
    valid_to: date
    entry: Entry
    release: str


class Placement(NamedTuple):
    """What became of one line of the addenda, or of one entry of a newly published index.

    ``page`` and ``line`` are those of the addenda; of a published index, ``line`` is the line of
    the file and ``page`` is 0. ``text`` is the line as printed, old and new with an arrow between.
    """

    release: str
    day: date
    page: int
    line: int
    action: str
    level: int
    text: str
    outcome: Outcome
    reason: str


class Node:
    """A place in the index: what stands there now, and what stood there before."""

    __slots__ = ("entry", "essential", "key", "kids", "parent", "past", "release", "since")

    def __init__(self, parent: Node | None, entry: Entry, since: date, release: str) -> None:
        self.parent = parent
        self.kids: list[Node] = []
        self.past: list[tuple[date, date, Entry, str]] = []
        self.entry: Entry | None = None
        self.begin(entry, since, release)

    def begin(self, entry: Entry, since: date, release: str) -> None:
        """Let ``entry`` stand here from ``since``."""
        self.end(since)
        self.entry = entry
        self.since = since
        self.release = release
        self.key = title_key(entry.title)
        self.essential = essential_key(entry.title)

    def end(self, day: date) -> None:
        """Let what stands here end before ``day``."""
        if self.entry is not None and self.since < day:
            self.past.append((self.since, day, self.entry, self.release))
        self.entry = None

    def end_below(self, day: date) -> None:
        """Let what still stands below here end before ``day``."""
        for kid in self.kids:
            kid.end(day)
            kid.end_below(day)

    @property
    def last(self) -> Entry | None:
        """What stands here, or else what stood here last."""
        return self.entry or (self.past[-1][2] if self.past else None)

    @property
    def path(self) -> str:
        """The titles from the main term down to here; ``the index`` at its root."""
        titles: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            titles.append(node.last.title if node.last else node.key)
            node = node.parent
        return ", ".join(reversed(titles)) or "the index"


def live(parent: Node) -> list[Node]:
    """The places below ``parent`` at which something stands."""
    return [kid for kid in parent.kids if kid.entry is not None]


def grow(parent: Node, terms: Sequence[IndexTerm], since: date, release: str) -> None:
    """Hang ``terms``, which come in the order of print with their levels, below ``parent``."""
    above = [parent]
    for term in terms:
        del above[term.level + 1 :]
        node = Node(above[-1], term.entry, since, release)
        above[-1].kids.append(node)
        above.append(node)


def dated_entries(root: Node) -> Iterator[DatedEntry]:
    """Every entry that ever stood, in the order of print; those of one place by day."""
    number = 0
    stack = [(kid, 0, 0) for kid in reversed(root.kids)]
    while stack:
        node, parent, level = stack.pop()
        number += 1
        for start, end, entry, release in node.past:
            yield DatedEntry(number, parent, level, start, end, entry, release)
        if node.entry is not None:
            yield DatedEntry(number, parent, level, node.since, FOREVER, node.entry, node.release)
        stack.extend((kid, number, level + 1) for kid in reversed(node.kids))


def same_entry(a: Entry, b: Entry) -> bool:
    """Whether two entries say the same, however they are printed."""
    return (
        title_key(a.title) == title_key(b.title)
        and a.code == b.code
        and a.manifestation == b.manifestation
        and reference_key(a.see) == reference_key(b.see)
        and reference_key(a.see_also) == reference_key(b.see_also)
        and (a.cells or b.cells) == (b.cells or a.cells)
    )


def _leads_alike(a: Entry, b: Entry) -> bool:
    return (
        a.code.rstrip("-") == b.code.rstrip("-")
        and reference_key(a.see) == reference_key(b.see)
        and (not a.cells or not b.cells or a.cells == b.cells)
    )


def find(parent: Node, wanted: Entry) -> tuple[Node | None, str]:
    """The entry below ``parent`` that a line means, and in what it reads otherwise.

    The title with its modifiers decides, then the title without them, then likeness; among
    entries of the same title the code. Nothing is found where two answer equally well by
    likeness alone.
    """
    kids = live(parent)
    key, essential = title_key(wanted.title), essential_key(wanted.title)
    for found, how in (
        ([k for k in kids if k.key == key], ""),
        ([k for k in kids if k.essential == essential], "the modifiers are others"),
    ):
        if found:
            exact = [k for k in found if k.entry is not None and _leads_alike(k.entry, wanted)]
            return (exact or found)[0], how
    ratios = [(SequenceMatcher(None, k.essential, essential).ratio(), k) for k in kids]
    alike = sorted((pair for pair in ratios if pair[0] >= SIMILAR), key=lambda pair: -pair[0])
    if alike and (len(alike) == 1 or alike[0][0] > alike[1][0]):
        node = alike[0][1]
        return node, f"the title reads “{node.entry.title if node.entry else ''}”"
    return None, ""


def _sort_key(title: str) -> tuple[bool, str]:
    """Terms are printed in the order of the alphabet, "with" and "without" before the others."""
    key = title_key(title)
    return key not in {"with", "without"} and not key.startswith(("with ", "without ")), key


def place_of(parent: Node, entry: Entry) -> int:
    """At which place among the terms below ``parent`` a new entry is printed."""
    wanted = _sort_key(entry.title)
    for place, kid in enumerate(parent.kids):
        if kid.last is not None and _sort_key(kid.last.title) > wanted:
            return place
    return len(parent.kids)
