"""The index of any day: a published index, carried forward by the addenda that followed it.

The whole index was last to be had as XML for one year; since then each release says in its
addenda what changes. Here the changes are applied one release after the other, in the order of
their days, and every entry keeps the days on which it stood. Where a newer index is published as
a whole, it takes over from its day, and what differs from the carried one is listed.

Every change that could not be placed is listed with the reason, and so is every one that was
placed although the line does not read exactly as the entry does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from superbill.sources.icd10cm_addenda import Edit
from superbill.sources.icd10cm_index import Entry, IndexTerm, undot
from superbill.sources.icd10cm_index_tree import (
    DatedEntry,
    Node,
    Outcome,
    Placement,
    dated_entries,
    find,
    grow,
    live,
    place_of,
    same_entry,
)
from superbill.sources.icd10cm_printed import parse_printed, print_entry, title_key

_NOTE = re.compile(r"Note:", re.IGNORECASE)


class Published(NamedTuple):
    """A whole index as published: it holds from ``day``."""

    release: str
    day: date
    terms: Sequence[IndexTerm]


class Addenda(NamedTuple):
    """The changes of one release, in force from ``day``."""

    release: str
    day: date
    edits: Sequence[Edit]


class History:
    """An index as it was on every day since the first that was published whole.

    ``placements`` says what became of every line of the addenda.
    """

    def __init__(self, first: Published) -> None:
        self.start = first.day
        self.placements: list[Placement] = []
        self.root = Node(None, Entry(""), first.day, first.release)
        grow(self.root, first.terms, first.day, first.release)

    def entries(self) -> Iterator[DatedEntry]:
        """Every entry that ever stood, in the order of print; those of one place by day."""
        return dated_entries(self.root)


def roll(first: Published, steps: Iterable[Published | Addenda]) -> History:
    """The history that ``first`` begins and ``steps`` carry on.

    Steps are put in the order of their days, a published index after the addenda of its day.
    Addenda no later than ``first`` are in it already, and are left out.
    """
    history = History(first)
    later = [step for step in steps if step.day > first.day]
    for step in sorted(later, key=lambda s: (s.day, isinstance(s, Published))):
        if isinstance(step, Published):
            _TakeOver(history, step).run()
        else:
            _Applier(history, step).run()
    return history


class _Applier:
    """Applies the addenda of one release, line by line."""

    def __init__(self, history: History, addenda: Addenda) -> None:
        self._placements = history.placements
        self._addenda = addenda
        # The places above the line, by level; None where a superior line was not found.
        self._above: list[Node | None] = [history.root]
        self._deleted: list[Node] = []

    def run(self) -> None:
        edits = self._addenda.edits
        for edit, following in zip_longest(edits, edits[1:]):
            self._one(edit, following)
        for node in self._deleted:
            if node.entry is None:  # what still stands below it went with it, unnamed
                node.end_below(self._addenda.day)

    def _one(self, edit: Edit, following: Edit | None) -> None:
        if edit.level >= len(self._above):
            self._report(edit, "not placed", f"no line above it has {edit.level - 1} dashes")
            return
        # A note is an aside: the lines after it stand under the term before it.
        aside = self._above[edit.level + 1 :] if _NOTE.match(edit.before or edit.after) else []
        del self._above[edit.level + 1 :]
        parent = self._above[edit.level]
        if parent is None:
            self._report(edit, "not placed", "the line above it was not placed")
            self._above.append(None)
            return
        before, after = parse_row(edit.before), parse_row(edit.after)
        if edit.action == "add":
            node = self._add(edit, parent, after)
        elif edit.action == "delete":
            node = self._delete(edit, parent, before, following)
        elif edit.action == "revise":
            node = self._revise(edit, parent, before, after)
        else:
            node, how = find(parent, after)
            if node is None:
                self._report(edit, "not placed", f"no such entry under {parent.path}")
            else:
                self._note(edit, how)
        self._above += aside or [node]

    def _add(self, edit: Edit, parent: Node, after: Entry) -> Node | None:
        if not after.title:
            self._report(edit, "not placed", "the line has no title")
            return None
        key = title_key(after.title)
        for node in live(parent):
            if node.key != key or node.entry is None:
                continue
            if same_entry(node.entry, after):
                self._report(edit, "already so", "the entry stands there already")
                return node
            if not _leads_anywhere(node.entry):
                node.begin(after, self._addenda.day, self._addenda.release)
                self._report(edit, "placed nearby", "the term stood there without a code")
                return node
        node = Node(parent, after, self._addenda.day, self._addenda.release)
        parent.kids.insert(place_of(parent, after), node)
        self._report(edit, "placed", "")
        return node

    def _delete(
        self, edit: Edit, parent: Node, before: Entry, following: Edit | None
    ) -> Node | None:
        node, how = find(parent, before)
        if node is None:
            gone = [kid for kid in parent.kids if kid.key == title_key(before.title)]
            if gone:
                self._report(edit, "already so", "the entry was deleted before")
                return gone[0]
            self._report(edit, "not placed", f"no such entry under {parent.path}")
            return None
        if following is not None:
            # An entry printed twice: one is deleted, and the line after it says that one stays.
            stays = (following.action, following.level, following.before) == (
                "no change",
                edit.level,
                edit.before,
            )
            if stays and sum(kid.key == node.key for kid in live(parent)) == 1:
                self._report(edit, "already so", "the entry stands there only once")
                return node
        node.end(self._addenda.day)
        self._deleted.append(node)
        self._note(edit, how)
        return node

    def _revise(self, edit: Edit, parent: Node, before: Entry, after: Entry) -> Node | None:
        if not edit.before or not edit.after:
            side = "to" if edit.before else "from"
            self._report(edit, "not placed", f"there is no line that says revise {side}")
            return find(parent, before if edit.before else after)[0]
        node, how = find(parent, before)
        if node is None or node.entry is None:
            done, _ = find(parent, after)
            if done is not None and done.entry is not None and same_entry(done.entry, after):
                self._report(edit, "already so", "the entry reads so already")
                return done
            self._report(edit, "not placed", f"no such entry under {parent.path}")
            return None
        if not after.cells and not before.cells:
            after = after._replace(cells=node.entry.cells)
        node.begin(after, self._addenda.day, self._addenda.release)
        self._note(edit, how)
        return node

    def _note(self, edit: Edit, how: str) -> None:
        self._report(edit, "placed nearby" if how else "placed", how)

    def _report(self, edit: Edit, outcome: Outcome, reason: str) -> None:
        self._placements.append(
            Placement(
                self._addenda.release,
                self._addenda.day,
                edit.page,
                edit.line,
                edit.action,
                edit.level,
                _arrow(edit.before, edit.after),
                outcome,
                reason,
            )
        )


class _TakeOver:
    """Lets an index that was published whole take over from the carried one."""

    def __init__(self, history: History, index: Published) -> None:
        self._placements = history.placements
        self._root = history.root
        self._index = index

    def run(self) -> None:
        published = Node(None, Entry(""), self._index.day, self._index.release)
        grow(published, self._index.terms, self._index.day, self._index.release)
        self._lines = _lines(published, self._index.terms)
        self._match(self._root, published, 0)

    def _match(self, carried: Node, published: Node, level: int) -> None:
        left = live(carried)
        pairs: list[tuple[Node, Node | None]] = []
        for there in published.kids:
            here = self._partner(left, there)
            if here is not None:
                left.remove(here)
            pairs.append((there, here))
        for here in left:
            self._report(level, "delete", here.entry, None, 0, here.path)
            here.end(self._index.day)
            here.end_below(self._index.day)
        carried.kids = _ordered(carried.kids, [here or there for there, here in pairs])
        for there, here in pairs:
            line = self._lines[id(there)]
            if here is None:
                self._report(level, "add", None, there.entry, line, published.path)
                there.parent = carried
                continue
            if here.entry is not None and there.entry is not None:
                if not same_entry(here.entry, there.entry):
                    self._report(level, "revise", here.entry, there.entry, line, here.path)
                if here.entry != there.entry:
                    here.begin(there.entry, self._index.day, self._index.release)
            self._match(here, there, level + 1)

    @staticmethod
    def _partner(left: list[Node], there: Node) -> Node | None:
        entry = there.entry
        same = [k for k in left if k.key == there.key]
        exact = [k for k in same if entry and k.entry and same_entry(k.entry, entry)]
        near = [k for k in left if k.essential == there.essential]
        return next(iter(exact or same or near), None)

    def _report(
        self, level: int, action: str, old: Entry | None, new: Entry | None, line: int, path: str
    ) -> None:
        before, after = (print_entry(e) if e else "" for e in (old, new))
        self._placements.append(
            Placement(
                self._index.release,
                self._index.day,
                0,
                line,
                action,
                level,
                _arrow(before, after),
                "differs",
                f"in the published index, under {path}",
            )
        )


def _ordered(before: list[Node], live_now: list[Node]) -> list[Node]:
    """The living places in their published order, each followed by the ended ones it had."""
    ended_after: dict[int, list[Node]] = {}
    last = 0
    now = {id(node) for node in live_now}
    for node in before:
        if id(node) in now:
            last = id(node)
        else:
            ended_after.setdefault(last, []).append(node)
    ordered = list(ended_after.get(0, ()))
    for node in live_now:
        ordered.append(node)
        ordered.extend(ended_after.get(id(node), ()))
    return ordered


def _lines(root: Node, terms: Sequence[IndexTerm]) -> dict[int, int]:
    """The line of the file of each place of a tree that was grown from ``terms``."""
    found: dict[int, int] = {}
    stack = list(reversed(root.kids))
    for term in terms:
        node = stack.pop()
        found[id(node)] = term.line
        stack.extend(reversed(node.kids))
    return found


def _arrow(before: str, after: str) -> str:
    return before if before == after else " → ".join(text for text in (before, after) if text)


def _leads_anywhere(entry: Entry) -> bool:
    return bool(entry.code or entry.see or entry.see_also or any(entry.cells))


def parse_row(text: str) -> Entry:
    """The entry of a printed line, with the cells of a table's row after bars.

    >>> parse_row("Gadolinium | T56.821 | T56.822 | T56.823 | T56.824 | - | -").cells[3:]
    ('T56824', '', '')
    """
    head, *cells = text.split(" | ")
    entry = parse_printed(head)
    if cells:
        entry = entry._replace(cells=tuple("" if cell == "-" else undot(cell) for cell in cells))
    return entry
