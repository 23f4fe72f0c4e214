"""835s out of a file, one remittance a transaction, as the text goes by.

Only 005010X221 is read (45 CFR 162.1602, in force for remittances since 1 January 2012). What
cannot be read is told with its place, and what stands beside it comes all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from superbill.errors import Invalid, Problem
from superbill.interop.x12.passages import End, Head, Passage, passages
from superbill.interop.x12.remits.claim import Memo
from superbill.interop.x12.remits.read import Reading
from superbill.interop.x12.sources import Source
from superbill.interop.x12.typed import Refused as Tell
from superbill.model import Remittance

VERSION = "005010X221"
SET = "835"


class Refused(NamedTuple):
    """A transaction that could not be read as a remittance, and every reason why.

    ``control`` is its ST02; empty where it is no transaction but text that cannot be read.
    """

    control: str
    problems: tuple[Problem, ...]


class Spot:
    """A segment of a passage; its elements and its place are worked out when they are asked for."""

    __slots__ = ("_at", "_elements", "_mark", "_passage", "text")

    def __init__(self, text: str, mark: str, passage: Passage, at: int) -> None:
        self.text = text
        self._mark = mark
        self._passage = passage
        self._at = at
        self._elements: list[str] | None = None

    @property
    def elements(self) -> list[str]:
        """The elements, the identifier first."""
        if self._elements is None:
            self._elements = self.text.split(self._mark)
        return self._elements

    @property
    def id(self) -> str:
        """The identifier, such as ``CLP``."""
        return self.elements[0]

    @property
    def offset(self) -> int:
        """The byte where it begins."""
        return self._passage.place(self._at)

    @property
    def number(self) -> int:
        """Its place in the file, from 1."""
        return self._passage.block.number + self._passage.first + self._at


class RemittanceReader:
    """Reads one 835, whose remittance is whole at the end of the transaction."""

    def __init__(self, guide: str, head: Head, refused: Tell) -> None:
        self._head = head
        self._refused = refused
        self._mark = head.isa.delimiters.element
        component = head.isa.delimiters.component
        memo = _MEMOS.setdefault((self._mark, component), Memo())
        self._reading = Reading(component, memo)

    def take(self, passage: Passage) -> Iterable[Remittance]:
        """Read on; nothing is whole yet."""
        reading, mark = self._reading, self._mark
        for at, text in enumerate(passage.block.texts[passage.first : passage.last]):
            claim = reading.claim
            if claim is None or not claim.known(text):
                reading.take(Spot(text, mark, passage, at))
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


_MEMOS: dict[tuple[str, str], Memo] = {}
"""By delimiters, of which there are few."""


def remittances(source: Source) -> Iterator[Remittance]:
    """The remittances of ``source``, one for each 835 in it.

    Raises :class:`~superbill.errors.Invalid`, naming the byte, at the first that cannot be read,
    and where text cannot be read as X12; ``OSError`` where the source cannot be.
    """
    for found in each(source):
        if isinstance(found, Refused):
            raise Invalid(found.problems)
        yield found


def each(source: Source) -> Iterator[Remittance | Refused]:
    """Every 835 of ``source``, read or refused; other transactions are passed over.

    Text that cannot be read is refused as well. Raises :class:`~superbill.errors.Invalid` where the
    source is no X12 text at all, ``OSError`` where it cannot be read.
    """
    reader: RemittanceReader | None = None
    control = ""
    told: list[Invalid] = []
    for part in passages(source):
        if isinstance(part, Passage):
            if reader is not None:
                reader.take(part)
        elif isinstance(part, Head):
            control = part.st[2] if len(part.st) > 2 else ""
            reader = None
            if part.set_id == SET:
                if part.version.startswith(VERSION):
                    reader = RemittanceReader(SET, part, told.append)
                else:
                    yield Refused(control, (_old(part),))
        elif isinstance(part, End):
            if reader is not None:
                yield from reader.end(part)
            reader = None
        else:
            problem = Problem(f"byte {part.offset}", part.message, part.mend)
            yield Refused("", (problem,))
        for error in told:
            yield Refused(control, error.problems)
        told.clear()


def _old(head: Head) -> Problem:
    return Problem(
        f"byte {head.offset}",
        f"This 835 is of version {head.version[:20]!a}, which is not read.",
        f"Ask the payer for {VERSION}A1, which HIPAA names since 2012.",
    )
