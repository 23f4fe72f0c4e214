"""How many lines of the tabular list's notes are read, and which are left to a person."""

from __future__ import annotations

from collections.abc import Iterator

from superbill.codes.answer import From
from superbill.codes.notes.bearing import Notes, place
from superbill.codes.notes.reading import UNDERSTOOD, Status
from superbill.model.base import Value


class Unheeded(Value, frozen=True, kw_only=True):
    """A line that the machine does not act on: place, kind, text, and why."""

    at: str
    kind: str
    text: str
    why: str


class Survey(Value, frozen=True, kw_only=True):
    """Every line of a release counted, by kind of note and by what was made of it.

    ``lines`` = ``understood`` + ``not_understood``, and ``not_understood`` are all in ``left``.
    """

    source: From
    lines: int
    understood: int
    not_understood: int
    counts: dict[str, dict[Status, int]]
    left: tuple[Unheeded, ...]


def survey(notes: Notes) -> Survey:
    """Read every line of the release; none is left out of the count."""
    counts: dict[str, dict[Status, int]] = {}
    left = tuple(_count(notes, counts))
    total = sum(number for kind in counts.values() for number in kind.values())
    return Survey(
        source=notes.tree.source,
        lines=total,
        understood=total - len(left),
        not_understood=len(left),
        counts=counts,
        left=left,
    )


def _count(notes: Notes, counts: dict[str, dict[Status, int]]) -> Iterator[Unheeded]:
    for node, kind, text, reading in notes.lines():
        of_kind = counts.setdefault(kind, {})
        of_kind[reading.status] = of_kind.get(reading.status, 0) + 1
        if reading.status not in UNDERSTOOD:
            at = "the introduction" if node is None else place(node)
            yield Unheeded(at=at, kind=kind, text=text, why=reading.why)
