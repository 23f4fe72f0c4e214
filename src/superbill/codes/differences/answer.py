"""What a comparison of two releases answers."""

from __future__ import annotations

from datetime import date
from typing import Literal

from superbill.model.base import Value

System = Literal["icd10cm", "icd10pcs", "msdrg", "hcpcs"]
Kind = Literal[
    "new",
    "retired",
    "revised",
    "moved",
    "notes",
    "weight",
    "severity",
    "operating room",
]

SYSTEMS: tuple[System, ...] = ("icd10cm", "icd10pcs", "msdrg", "hcpcs")
TITLES: dict[System, str] = {
    "icd10cm": "ICD-10-CM",
    "icd10pcs": "ICD-10-PCS",
    "msdrg": "MS-DRG",
    "hcpcs": "HCPCS Level II",
}


class Change(Value, frozen=True, kw_only=True):
    """One thing that the later release changes of a code, a heading or a group.

    ``new`` and ``retired`` codes have their ``text``; ``revised`` ones what was ``before`` and
    ``after``. ``moved`` names the ``codes`` (dotted) that took the place of ``code``. ``notes`` are
    lines of the tabular list at ``code``: ``before`` is empty where the line was added, ``after``
    where it was deleted, and ``of`` is the note's kind. ``weight``, ``severity`` (MCC, CC,
    NEITHER) and ``operating room`` have both values.
    """

    kind: Kind
    code: str
    dotted: str
    text: str = ""
    before: str = ""
    after: str = ""
    of: str = ""
    codes: tuple[str, ...] = ()


class Compared(Value, frozen=True, kw_only=True):
    """One of the two releases: its name, its first day, and the files that were read for it."""

    label: str
    on: date
    sources: tuple[str, ...]


class Differences(Value, frozen=True, kw_only=True):
    """Every change between two releases, and what could not be compared.

    ``counts`` has every kind that was compared, with 0 where nothing changed.
    """

    system: System
    before: Compared
    after: Compared
    counts: dict[str, int]
    changes: tuple[Change, ...]
    not_checked: tuple[str, ...]
    lock: str


class ByCode:
    """The changes of a comparison by the code that they bear on."""

    def __init__(self, differences: Differences) -> None:
        self.system = differences.system
        self._own: dict[str, list[Change]] = {}
        self._notes: dict[str, list[Change]] = {}
        for change in differences.changes:
            held = self._notes if change.kind == "notes" else self._own
            held.setdefault(change.code, []).append(change)

    def on(self, code: str) -> tuple[Change, ...]:
        """The changes of ``code`` (undotted) itself, and of notes at it and its headings."""
        found = list(self._own.get(code, ()))
        for size in range(len(code), 2, -1):
            found += self._notes.get(code[:size], ())
        return tuple(found)

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes (dotted) that took the place of one that is retired; none where it is not.

        By the conversion table; failing that, the new codes below it.
        """
        own = self._own.get(code, ())
        if not any(change.kind == "retired" for change in own):
            return ()
        moved = [new for change in own if change.kind == "moved" for new in change.codes]
        below = [
            change.dotted
            for new, changes in self._own.items()
            if new.startswith(code) and new != code
            for change in changes
            if change.kind == "new"
        ]
        return tuple(dict.fromkeys(moved or below))
