"""The reader of inquiries that the way in for typed values calls: one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterable

from superbill.errors import Invalid
from superbill.interop.x12.inquiries.read import NO_LEVELS, Read, values
from superbill.interop.x12.passages import End, Head, Passage
from superbill.interop.x12.typed import Refused


class InquiryReader:
    """Reads one 270, 271, 276, 277 or 277CA, whose values are whole at its end."""

    def __init__(self, guide: str, head: Head, refused: Refused) -> None:
        self._guide = guide
        self._head = head
        self._refused = refused
        self._segments: list[list[str]] = []

    def take(self, passage: Passage) -> Iterable[Read]:
        """Read on; nothing is whole yet."""
        mark = self._head.isa.delimiters.element
        texts = passage.block.texts[passage.first : passage.last]
        self._segments += [text.split(mark) for text in texts]
        return ()

    def end(self, end: End) -> Iterable[Read]:
        """What the transaction asks or answers."""
        at = f"byte {self._head.offset}"
        if not end.whole:
            message = "The transaction that begins here has no SE."
            self._refused(Invalid.at(at, message, "Fetch it anew."))
            return ()
        found = list(values(self._guide, self._segments, self._head.isa.delimiters))
        if not found:
            self._refused(Invalid.at(at, NO_LEVELS, "Ask its sender for a whole one."))
        return found
