"""The tabular list of any day: a published list, carried forward by the addenda that followed it.

CDC/NCHS publishes the list as XML, and with each release the addenda that say what changes. Here
the changes are applied one release after the other, in the order of their days, and every title
and every line of a note keeps the days on which it stood. Where a newer list is published as a
whole, it takes over from its day, and what differs from the carried one is listed.

Every change that could not be placed is listed with the reason, and so is every one that was
placed although the line does not read exactly as the list does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from superbill.sources import icd10cm_tabular as tabular
from superbill.sources.icd10cm_index_tree import SIMILAR, Outcome
from superbill.sources.icd10cm_notes_takeover import take_over
from superbill.sources.icd10cm_notes_tree import (
    Note,
    Place,
    Placement,
    Tree,
    arrow,
    bare,
    key_of,
)
from superbill.sources.icd10cm_tabular_addenda import TabularEdit

_SEVENTH = "sevenChrDef"


class Published(NamedTuple):
    """A whole list as published: it holds from ``day``."""

    release: str
    day: date
    rows: Sequence[tabular.Node | tabular.Note]


class Addenda(NamedTuple):
    """The changes of one release, in force from ``day``; lines without change say where."""

    release: str
    day: date
    lines: Sequence[TabularEdit]


class History:
    """A tabular list as it was on every day since the first that was published whole.

    ``placements`` says what became of every line of the addenda.
    """

    def __init__(self, first: Published) -> None:
        self.start = first.day
        self.placements: list[Placement] = []
        self.tree = Tree(first.rows, first.day, first.release)


def roll(first: Published, steps: Iterable[Published | Addenda]) -> History:
    """The history that ``first`` begins and ``steps`` carry on.

    Steps are put in the order of their days, a published list after the addenda of its day.
    Addenda no later than ``first`` are in it already, and are left out.
    """
    history = History(first)
    later = [step for step in steps if step.day > first.day]
    for step in sorted(later, key=lambda s: (s.day, isinstance(s, Published))):
        if isinstance(step, Published):
            take_over(history.tree, history.placements, step.rows, step.day, step.release)
        else:
            _Applier(history, step).run()
    return history


class _Applier:
    """Applies the addenda of one release, line by line."""

    def __init__(self, history: History, addenda: Addenda) -> None:
        self._tree = history.tree
        self._placements = history.placements
        self._addenda = addenda
        self._day = addenda.day
        self._chapter = ""
        self._section = ""
        self._named: Place | None = None  # the last place named
        self._cursor: Note | None = None  # the last line named at its place
        self._deleted: list[Place] = []
        # A line may be added below before it is deleted above.
        self._to_delete = Counter(
            (line.node, line.kind, key_of(line.before))
            for line in addenda.lines
            if line.action == "delete"
        )

    def run(self) -> None:
        for line in self._addenda.lines:
            if line.kind in {"title", "block"}:
                self._cursor = None
                self._place(line)
            else:
                self._note(line)
        for place in self._deleted:
            if place.text is None:  # what still stands at it or below went with it, unnamed
                _end_below(place, self._day)

    # -- titles

    def _place(self, line: TabularEdit) -> None:
        if line.kind == "title" and line.node.isdigit():
            self._chapter, self._section = line.node, ""
        elif line.kind == "title" and "-" in line.node:
            self._section = line.node
        place = self._tree.live(line.node)
        if place is None and "-" in line.node:
            place = self._other_range(line)
            if place is not None:
                return
        if line.kind == "block" and line.action == "delete":
            self._report(line, "already so", "a line of the chapter's list of blocks, no block")
        elif place is not None:
            self._titled(line, place)
        elif line.action == "delete":
            known = line.node in self._tree.places
            self._report(
                line,
                "already so" if known else "not placed",
                "the place was deleted before" if known else "no such place",
            )
        elif line.action == "add" or not line.node[:1].isalpha() or "-" in line.node:
            how = "" if line.action == "add" else "the list did not have it"
            place = self._open(line, how)
        else:
            self._report(line, "not placed", "no such place")
        self._named = place or self._named

    def _titled(self, line: TabularEdit, place: Place) -> None:
        """A line on a place that stands."""
        same = key_of(place.last) == key_of(line.after)
        if line.action == "delete":
            how = "" if key_of(place.last) == key_of(line.before) else _reads(place)
            place.end(self._day)
            self._deleted.append(place)
            self._done(line, how)
        elif line.action == "add" or (line.action == "revise" and line.after):
            if same and line.action == "add":
                self._report(line, "already so", "the place stands there already")
                return
            as_said = key_of(place.last) == key_of(line.before)
            if place.last != line.after:
                place.begin(line.after, self._day, self._addenda.release)
            if same and not as_said:
                self._report(line, "already so", "the title reads so already")
            else:
                self._done(line, "" if as_said else _reads(place))
        elif line.action == "revise":
            self._report(line, "not placed", "there is no line that says revise to")

    def _other_range(self, line: TabularEdit) -> Place | None:
        """A section that goes on under another range, as its title or the block's line says."""
        title = line.after or line.before
        for other in self._tree.places.values():
            if (
                other.kind == "section"
                and other.text is not None
                and other.code[:3] == line.node[:3]
                and bare(other.text) == bare(title)
                and line.action != "delete"
            ):
                made = self._tree.rename(other, line.node, title, self._day, self._addenda.release)
                self._done(line, "" if line.action == "revise" else "it had another range")
                return made
        return None

    def _open(self, line: TabularEdit, how: str) -> Place | None:
        kind = _kind(line.node)
        parent = self._parent(line.node, kind)
        if parent is None:
            self._report(line, "not placed", "no place of the list lies above it")
            return None
        before = self._tree.places.get(line.node)
        if before is not None and before.parent is parent:
            before.begin(line.after, self._day, self._addenda.release)
        else:
            before = self._tree.put(
                line.node,
                kind,
                parent,
                line.after,
                self._day,
                self._addenda.release,
                place=self._among(parent, line.node),
            )
        self._done(line, how)
        return before

    def _parent(self, code: str, kind: str) -> Place | None:
        if kind == "chapter":
            return self._tree.root
        if kind == "subcategory":
            shorter = (code[:length] for length in range(len(code) - 1, 2, -1))
            return next(filter(None, map(self._tree.live, shorter)), None)
        first, last = (code[:3], code[-3:])
        around = [
            place
            for place in self._tree.places.values()
            if place.kind == "section"
            and place.text is not None
            and place.code[:3] <= first <= last <= place.code[-3:]
        ]
        narrow = [place for place in around if not any(other.parent is place for other in around)]
        if narrow:
            return narrow[0]
        above = self._chapter if kind == "section" else self._section
        return self._tree.live(above) if above else None

    def _among(self, parent: Place, code: str) -> int:
        """Where a new place stands below its parent: by its code, or after the one named last.

        A category whose third character is a letter may stand anywhere (J4A before J45).
        """
        kids = parent.kids
        named = self._named
        while named is not None and named.parent is not parent:
            named = named.parent
        if named is not None and _kind(code) == "category" and code[2].isalpha():
            return kids.index(named) + 1
        before = (n for n, kid in enumerate(kids, 1) if kid.code.zfill(2) < code.zfill(2))
        return max(before, default=0)

    # -- notes

    def _note(self, line: TabularEdit) -> None:
        place = self._tree.live(line.node)
        if place is None:
            gone = self._tree.places.get(line.node)
            if line.action == "delete" and gone is not None:
                for ended in gone.standing():
                    if ended.key == key_of(line.before):
                        ended.end(self._day)
                        self._done(line, "")
                        return
            self._report(line, "not placed", "no such place")
            return
        if line.action == "add":
            self._add(line, place)
        elif line.action == "delete":
            self._delete(line, place)
        elif line.action == "revise":
            self._revise(line, place)
        else:
            note, _ = _find(place, line.kind, line.after)
            if note is not None:
                self._cursor = note
            elif not _only_heading(line):
                self._report(line, "not placed", f"no such line at {line.node}")

    def _add(self, line: TabularEdit, place: Place) -> None:
        key = key_of(line.after)
        twice = self._to_delete[line.node, line.kind, key] > 0
        for there in place.standing():
            if there.kind == line.kind and there.key == key and not twice:
                self._cursor = there
                self._report(line, "already so", "the line stands there already")
                return
        self._insert(line, place)
        self._done(line, "")

    def _insert(self, line: TabularEdit, place: Place) -> None:
        character, text = _split(line.kind, line.after)
        note = Note(line.kind, character, text, self._day, self._addenda.release)
        cursor = self._cursor
        if cursor is None or cursor.kind != line.kind or cursor not in place.notes:
            same = [note for note in place.notes if note.kind == line.kind]
            cursor = same[-1] if same else None
        at = len(place.notes) if cursor is None else place.notes.index(cursor) + 1
        place.notes.insert(at, note)
        self._cursor = note

    def _delete(self, line: TabularEdit, place: Place) -> None:
        self._to_delete[line.node, line.kind, key_of(line.before)] -= 1
        note, how = _find(place, line.kind, line.before)
        if note is None:
            self._missing(line, place, line.before, "deleted")
            return
        note.end(self._day)
        self._cursor = note
        self._done(line, how)

    def _revise(self, line: TabularEdit, place: Place) -> None:
        if not line.before or not line.after:
            side = "to" if line.before else "from"
            self._report(line, "not placed", f"there is no line that says revise {side}")
            return
        note, how = _find(place, line.kind, line.before)
        if note is None:
            done, other = _find(place, line.kind, line.after)
            if done is not None and not other:
                self._cursor = done
                self._report(line, "already so", "the line reads so already")
                return
            self._missing(line, place, line.before, "changed")
            return
        character, text = _split(line.kind, line.after)
        note.begin(text, self._day, self._addenda.release)
        note.kind, note.character = line.kind, character
        self._cursor = note
        self._done(line, how)

    def _missing(self, line: TabularEdit, place: Place, text: str, what: str) -> None:
        key = key_of(text)
        gone = any(note.text is None and note.key == key for note in place.notes)
        if gone:
            self._report(line, "already so", f"the line was {what} before")
        else:
            self._report(line, "not placed", f"no such line at {line.node}")

    def _done(self, line: TabularEdit, how: str) -> None:
        if line.action != "no change" or how:
            self._report(line, "placed nearby" if how else "placed", how)

    def _report(self, line: TabularEdit, outcome: Outcome, reason: str) -> None:
        if line.action == "no change" and outcome == "already so":
            return
        self._placements.append(
            Placement(
                self._addenda.release,
                self._day,
                line.page,
                line.line,
                line.action,
                line.node,
                line.kind,
                arrow(line.before, line.after),
                outcome,
                reason,
            )
        )


def _kind(code: str) -> str:
    if code.isdigit():
        return "chapter"
    if "-" in code:
        return "section"
    return "category" if len(code) == 3 else "subcategory"


def _reads(place: Place) -> str:
    return f"the title reads “{place.past[-1][2] if place.past else place.last}”"


def _only_heading(line: TabularEdit) -> bool:
    """Whether an unchanged line may be the heading alone, which is no line in the XML."""
    return len(key_of(line.after)) < 12 or line.kind == "notes"


def _end_below(place: Place, day: date) -> None:
    for note in place.standing():
        note.end(day)
    for kid in place.kids:
        kid.end(day)
        _end_below(kid, day)


def _split(kind: str, text: str) -> tuple[str, str]:
    """The seventh character that a line defines, and the rest of it."""
    if kind != _SEVENTH:
        return "", text
    character, rest = text[:1], text[1:].strip()
    return character, rest.lstrip("-:–").strip()


def _find(place: Place, kind: str, text: str) -> tuple[Note | None, str]:
    """The line at a place that a line of the addenda means, and in what it reads otherwise.

    Among lines of its kind, then of any; then the one that is most alike, of its kind.
    """
    key = key_of(text)
    standing = place.standing()
    same = [note for note in standing if note.key == key]
    for note in same:
        if note.kind == kind:
            return note, ""
    if same:
        return same[0], f"it stands there as {same[0].kind}"
    ratios = [
        (SequenceMatcher(None, note.key, key).ratio(), note)
        for note in standing
        if note.kind == kind
    ]
    alike = sorted((pair for pair in ratios if pair[0] >= SIMILAR), key=lambda pair: -pair[0])
    if alike and (len(alike) == 1 or alike[0][0] > alike[1][0]):
        return alike[0][1], f"the line reads “{alike[0][1].last}”"
    return None, ""
