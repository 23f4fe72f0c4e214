"""The tabular list as places whose titles and notes remember on which days they stood.

Used by :mod:`superbill.sources.icd10cm_notes_roll`, which carries the list from day to day. Codes
spelled out with a seventh character are no places here; they belong to the code without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from superbill.dates import FOREVER
from superbill.sources import icd10cm_tabular as tabular
from superbill.sources.icd10cm_index_tree import Outcome

PlaceKind = Literal["chapter", "section", "category", "subcategory"]

_NO_WORD = re.compile(r"[^a-z0-9]")
_RANGE = re.compile(r" *\([A-Z0-9]{3}(?:-[A-Z0-9]{3})?\)$")


class DatedPlace(NamedTuple):
    """A place as it was titled on the days ``[valid_from, valid_to)``; ``position`` orders them.

    ``release`` is the one that brought it into this form.
    """

    valid_from: date
    valid_to: date
    code: str
    kind: str
    parent: str
    position: int
    title: str
    release: str


class DatedNote(NamedTuple):
    """A line of a note as it read on the days ``[valid_from, valid_to)``.

    ``position`` orders the lines that ever stood at a place.
    """

    valid_from: date
    valid_to: date
    node: str
    kind: str
    position: int
    character: str
    text: str
    release: str


class Placement(NamedTuple):
    """What became of one line of the addenda, or of one of a list that was published anew.

    ``page`` and ``line`` are those of the addenda, and 0 for a published list.
    """

    release: str
    day: date
    page: int
    line: int
    action: str
    node: str
    kind: str
    text: str
    outcome: Outcome
    reason: str


def key_of(text: str) -> str:
    """A text for comparing: what differs only in print is the same.

    >>> key_of("Conditions in B20-B24 ") == key_of("conditions in B20–B24")
    True
    """
    return _NO_WORD.sub("", text.lower())


def bare(title: str) -> str:
    """A section's title for comparing, without its range.

    >>> bare("Hypertensive diseases (I10-I16)")
    'hypertensivediseases'
    """
    return key_of(_RANGE.sub("", title))


def arrow(before: str, after: str) -> str:
    """Old and new as one text.

    >>> arrow("mild", "severe"), arrow("", "severe")
    ('mild → severe', 'severe')
    """
    return before if before == after else " → ".join(text for text in (before, after) if text)


class Dated:
    """A text with the days on which it stood, ``[since, …)``; ``None`` where it no longer does."""

    __slots__ = ("past", "release", "since", "text")

    def __init__(self, text: str, since: date, release: str) -> None:
        self.past: list[tuple[date, date, str, str]] = []
        self.text: str | None = text
        self.since = since
        self.release = release

    def begin(self, text: str, since: date, release: str) -> None:
        """Let ``text`` stand from ``since``."""
        self.end(since)
        self.text, self.since, self.release = text, since, release

    def end(self, day: date) -> None:
        """Let what stands end before ``day``."""
        if self.text is not None and self.since < day:
            self.past.append((self.since, day, self.text, self.release))
        self.text = None

    def stretches(self) -> Iterator[tuple[date, date, str, str]]:
        """First day, day after the last, text and release, in the order of the days."""
        yield from self.past
        if self.text is not None:
            yield self.since, FOREVER, self.text, self.release

    @property
    def last(self) -> str:
        """What stands, or else what stood last."""
        return self.past[-1][2] if self.text is None else self.text


class Note(Dated):
    """A line of a note at a place."""

    __slots__ = ("character", "kind")

    def __init__(self, kind: str, character: str, text: str, since: date, release: str) -> None:
        super().__init__(text, since, release)
        self.kind = kind
        self.character = character

    @property
    def key(self) -> str:
        """The line for comparing, with the seventh character that it defines."""
        return key_of(self.character + self.last)


class Place(Dated):
    """A chapter, section, category or subcategory: its text is its title."""

    __slots__ = ("code", "kids", "kind", "moved", "notes", "parent")

    def __init__(
        self, code: str, kind: str, parent: Place | None, title: str, since: date, release: str
    ) -> None:
        super().__init__(title, since, release)
        self.code = code
        self.kind = kind
        self.parent = parent
        self.kids: list[Place] = []
        self.notes: list[Note] = []
        # The places that it stood below before, each with the day on which that ended.
        self.moved: list[tuple[date, Place]] = []

    def standing(self) -> list[Note]:
        """The lines that stand here now, in order."""
        return [note for note in self.notes if note.text is not None]


class Tree:
    """Every place that ever stood. The root is no place itself."""

    def __init__(self, rows: Iterable[tabular.Node | tabular.Note], day: date, label: str) -> None:
        self.root = Place("", "root", None, "", day, label)
        self.places: dict[str, Place] = {"": self.root}
        self.introduction: list[Note] = self.root.notes
        for row in rows:
            if isinstance(row, tabular.Note):
                note = Note(row.kind, row.character, row.text, day, label)
                self.places[row.node].notes.append(note)
            elif row.kind != "extended":
                self.put(row.code, row.kind, self.places[row.parent], row.title, day, label)

    def put(
        self,
        code: str,
        kind: str,
        parent: Place,
        title: str,
        day: date,
        label: str,
        *,
        place: int | None = None,
    ) -> Place:
        """A new place below ``parent``, at ``place`` of its order, by default the last."""
        made = Place(code, kind, parent, title, day, label)
        self.places[code] = made
        parent.kids.insert(len(parent.kids) if place is None else place, made)
        return made

    def live(self, code: str) -> Place | None:
        """The place of ``code`` where something stands."""
        found = self.places.get(code)
        return found if found is not None and found.text is not None else None

    def rename(self, place: Place, code: str, title: str, day: date, label: str) -> Place:
        """Let a section go on under another range, with all that stands in it."""
        above = place.parent or self.root
        made = self.put(
            code, place.kind, above, title, day, label, place=above.kids.index(place) + 1
        )
        for note in place.standing():
            made.notes.append(Note(note.kind, note.character, note.last, day, label))
            note.end(day)
        for kid in [kid for kid in place.kids if kid.text is not None]:
            self.move(kid, made, day)
        place.end(day)
        return made

    def move(self, place: Place, to: Place, day: date) -> None:
        """Let ``place`` stand below another from ``day``; before, it stood where it did."""
        before = place.parent
        assert before is not None
        place.moved.append((day, before))
        before.kids.remove(place)
        place.parent = to
        to.kids.append(place)

    def walk(self) -> Iterator[Place]:
        """Every place that ever stood, in the order of the list; what moved, where it is now."""
        stack = list(reversed(self.root.kids))
        while stack:
            place = stack.pop()
            yield place
            stack.extend(reversed(place.kids))

    def dated_places(self) -> Iterator[DatedPlace]:
        """Every title of every place with its days, anew where it came to stand below another."""
        for position, place in enumerate(self.walk(), start=1):
            head = (place.code, place.kind)
            for first, last, title, release in place.stretches():
                start = first
                for day, before in place.moved:
                    if start < day:
                        end = min(day, last)
                        yield DatedPlace(start, end, *head, before.code, position, title, release)
                        start = end
                if start < last:
                    above = place.parent.code if place.parent else ""
                    yield DatedPlace(start, last, *head, above, position, title, release)

    def dated_notes(self) -> Iterator[DatedNote]:
        """Every line of every note with its days."""
        for place in (self.root, *self.walk()):
            for position, note in enumerate(place.notes, start=1):
                for start, end, text, release in note.stretches():
                    yield DatedNote(
                        start, end, place.code, note.kind, position, note.character, text, release
                    )
