"""A tabular list that was published whole takes over from the one that addenda carried to its day.

Used by :mod:`superbill.sources.icd10cm_notes_roll`. Words decide whether two lines are the same;
where they differ in print alone, the published one stands from its day without a remark.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from superbill.sources import icd10cm_tabular as tabular
from superbill.sources.icd10cm_notes_tree import Note, Place, Placement, Tree, arrow, key_of


def take_over(
    tree: Tree,
    placements: list[Placement],
    rows: Iterable[tabular.Node | tabular.Note],
    day: date,
    release: str,
) -> None:
    """Let the list of ``rows`` stand from ``day``; differences in words join ``placements``."""
    _TakeOver(tree, placements, Tree(rows, day, release), day, release).run()


class _TakeOver:
    def __init__(
        self, tree: Tree, placements: list[Placement], new: Tree, day: date, release: str
    ) -> None:
        self._tree = tree
        self._placements = placements
        self._new = new
        self._day = day
        self._release = release

    def run(self) -> None:
        tree = self._tree
        self._lines(tree.root, self._new.root)
        for there in self._new.walk():
            above = tree.places[there.parent.code if there.parent else ""]
            here = tree.live(there.code)
            if here is None:
                self._report("add", there.code, "title", "", there.last)
                here = tree.put(there.code, there.kind, above, there.last, self._day, self._release)
            elif here.parent is not above:
                self._report("revise", there.code, "title", "", f"below {above.code}")
                tree.move(here, above, self._day)
            if here.last != there.last:
                if key_of(here.last) != key_of(there.last):
                    self._report("revise", there.code, "title", here.last, there.last)
                here.begin(there.last, self._day, self._release)
            self._lines(here, there)
        for place in tree.walk():
            if place.text is not None and place.code not in self._new.places:
                self._report("delete", place.code, "title", place.last, "")
                place.end(self._day)
                for note in place.standing():
                    note.end(self._day)
        for place in list(tree.walk()):
            self._order(place)

    def _order(self, place: Place) -> None:
        """The living places below one in their published order, the ended ones where they were."""
        there = self._new.places.get(place.code)
        if there is None:
            return
        wanted = {kid.code: number for number, kid in enumerate(there.kids)}
        living = sorted(
            (kid for kid in place.kids if kid.text is not None),
            key=lambda k: wanted.get(k.code, -1),
        )
        rest = iter(living)
        place.kids = [kid if kid.text is None else next(rest) for kid in place.kids]

    def _lines(self, here: Place, there: Place) -> None:
        left = here.standing()
        order: list[Note] = []
        for line in there.notes:
            same = [n for n in left if n.kind == line.kind and n.key == line.key]
            if same:
                note = same[0]
                left.remove(note)
                if (note.last, note.character) != (line.last, line.character):
                    note.begin(line.last, self._day, self._release)
                    note.character = line.character
            else:
                note = line
                self._report("add", here.code, line.kind, "", line.last)
            order.append(note)
        for note in left:
            self._report("delete", here.code, note.kind, note.last, "")
            note.end(self._day)
        ended = [note for note in here.notes if note.text is None]
        here.notes = [*order, *ended]

    def _report(self, action: str, node: str, kind: str, before: str, after: str) -> None:
        self._placements.append(
            Placement(
                self._release,
                self._day,
                0,
                0,
                action,
                node,
                kind,
                arrow(before, after),
                "differs",
                "in the published list",
            )
        )
