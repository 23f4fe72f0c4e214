"""A file of remittances kept whole: what was not changed is written byte for byte.

Delimiters, line breaks, envelopes and whatever else is in the file travel along. A remittance that
was changed is written anew in the file's own delimiters, its SE counted anew; everything around it
stays as it was sent. For files of a size that fits the memory.
"""

from __future__ import annotations

from pathlib import Path

from superbill.errors import Invalid, Problem
from superbill.interop.x12.envelope import save
from superbill.interop.x12.lossless import Document, Part
from superbill.interop.x12.remits.reader import SET, Refused, each
from superbill.interop.x12.remits.write import segments
from superbill.interop.x12.segments import Builder, Syntax
from superbill.interop.x12.sources import Source, pieces
from superbill.model import Remittance


class RemittanceFile:
    """The remittances of a file in ``remittances``, which may be changed one by one.

    ``refused`` are the 835s that could not be read; they stay as they are.
    """

    def __init__(
        self, document: Document, found: list[Remittance | Refused], spans: list[tuple[int, int]]
    ) -> None:
        self._document = document
        self._read = found
        self._spans = spans
        self._places = [i for i, each in enumerate(found) if isinstance(each, Remittance)]
        self.remittances = [each for each in found if isinstance(each, Remittance)]
        self.refused = [each for each in found if isinstance(each, Refused)]

    @classmethod
    def read(cls, source: Source) -> RemittanceFile:
        """Read ``source`` whole.

        Raises :class:`~superbill.errors.Invalid`, naming the byte, where it is no X12 text.
        """
        content = source if isinstance(source, bytes) else b"".join(pieces(source))
        found: list[Remittance | Refused] = []
        for one in each(content):
            if isinstance(one, Refused) and not one.control:
                raise Invalid(one.problems)
            found.append(one)
        document = Document.read(content)
        return cls(document, found, _spans(document))

    def bytes(self) -> bytes:
        """The file as it is sent.

        Raises :class:`~superbill.errors.Invalid` for a change that cannot be sent.
        """
        parts = list(self._document.parts)
        for at in range(len(self.remittances) - 1, -1, -1):
            place = self._places[at]
            if self.remittances[at] != self._read[place]:
                start, end = self._spans[place]
                parts[start + 1 : end + 1] = _anew(parts, start, end, self.remittances[at], at)
        return "".join(map(str, parts)).encode("latin-1")

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        save(path, self.bytes())


def _spans(document: Document) -> list[tuple[int, int]]:
    """Where each 835 begins (its ST) and ends (its SE, or what was its last segment)."""
    found: list[tuple[int, int]] = []
    start = -1
    for at, part in enumerate(document.parts):
        name = part.elements[0] if part.isa is not None else ""
        if name in _ENVELOPE and start >= 0:
            found.append((start, at if name == "SE" else at - 1))
            start = -1
        if name == "ST" and part.elements[1:2] == [SET]:
            start = at
    if start >= 0:
        found.append((start, len(document.parts) - 1))
    return found


_ENVELOPE = frozenset({"SE", "ST", "GE", "GS", "IEA", "ISA"})


def _anew(parts: list[Part], start: int, end: int, changed: Remittance, at: int) -> list[Part]:
    st, se = parts[start], parts[end]
    assert st.isa is not None
    b = Builder(Syntax(st.isa.delimiters))
    segments(b, changed)
    if b.problems:
        prefix = f"remittances[{at}]."
        raise Invalid([Problem(prefix + p.path, p.message, p.remedy) for p in b.problems])
    made = [Part(text, st.before, st.after, st.isa) for text in b.segments]
    closing = Part(se.text, se.before, se.after, se.isa)
    closing.set(1, str(len(made) + 2))
    return [*made, closing]
