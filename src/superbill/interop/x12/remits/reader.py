"""The reader of 835s that the way in for typed values calls: one remittance a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.x12.passages import End, Head, Passage
from superbill.interop.x12.remits.read import Reading
from superbill.interop.x12.typed import Refused
from superbill.model import Remittance


class Spot(NamedTuple):
    """A segment of a passage, whose place is worked out when it is asked for."""

    elements: list[str]
    passage: Passage
    at: int

    @property
    def id(self) -> str:
        """The identifier, such as ``CLP``."""
        return self.elements[0]

    @property
    def offset(self) -> int:
        """The byte where it begins."""
        return self.passage.place(self.at)

    @property
    def number(self) -> int:
        """Its place in the file, from 1."""
        return self.passage.block.number + self.passage.first + self.at


class RemittanceReader:
    """Reads one 835, whose remittance is whole at the end of the transaction."""

    def __init__(self, guide: str, head: Head, refused: Refused) -> None:
        self._head = head
        self._refused = refused
        self._reading = Reading(head.isa.delimiters.component)
        self._mark = head.isa.delimiters.element

    def take(self, passage: Passage) -> Iterable[Remittance]:
        """Read on; nothing is whole yet."""
        texts = passage.block.texts[passage.first : passage.last]
        take, mark = self._reading.take, self._mark
        for index, text in enumerate(texts):
            take(Spot(text.split(mark), passage, index))
        return ()

    def end(self, end: End) -> Iterable[Remittance]:
        """The remittance, unless something in it cannot be read."""
        reading = self._reading
        reading.close()
        problems = list(reading.problems)
        if not end.whole:
            at = f"byte {self._head.offset}"
            problems.append(Problem(at, "The 835 that begins here has no SE.", "Fetch it anew."))
        if problems:
            self._refused(Invalid(problems))
            return ()
        return (reading.remittance(),)
