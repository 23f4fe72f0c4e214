"""The notes of the ICD-10-CM tabular list, read so that they can be acted on.

CDC/NCHS publishes them with each release of the list; the discharge date (or the date of service)
selects it. :class:`Notes` gives the notes that bear on a code, with the codes that they name as
sets; :func:`survey` says how many lines are read, and which are not.
"""

from __future__ import annotations

from datetime import date

from superbill.codes.notes.bearing import Instruction, Line, Notes, PlaceNotes, Unread, place
from superbill.codes.notes.survey import Survey, survey
from superbill.codes.notes.tree import Node, Target, Tree
from superbill.store.open import Store

__all__ = [
    "Instruction",
    "Line",
    "Node",
    "Notes",
    "PlaceNotes",
    "Survey",
    "Target",
    "Tree",
    "Unread",
    "open_notes",
    "place",
    "survey",
]


def open_notes(store: Store, *, on: date) -> Notes | None:
    """The notes of the tabular list of the day, as published or by the addenda, else the nearest.

    :attr:`Tree.source` says which it is, and whether it speaks for the day (``exact``). ``None``
    where the store holds no list.
    """
    tree = Tree.on(store, on)
    return None if tree is None or tree.notes is None else Notes(store, tree)
