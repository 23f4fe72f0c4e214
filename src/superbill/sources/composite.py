"""A document that is made of others: rows that follow from several published files together.

The reference store puts one together from the releases that it is to hold, so that what follows
from them is parsed, checked and locked as every published file is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

from superbill.sources.document import Document, Period


class Part(NamedTuple):
    """One of the documents: the dataset that it is a release of, and the days it speaks for."""

    dataset: str
    document: Document
    period: Period


def as_one(parts: Sequence[Part]) -> Sequence[tuple[tuple[Part, ...], Period]]:
    """All parts as one release, from the first of their days to the last; none of none."""
    if not parts:
        return ()
    first = min(part.period.valid_from for part in parts)
    last = max(part.period.valid_to for part in parts)
    return ((tuple(parts), Period(f"{first.year} to {last.year}", first, last)),)


class Composite(Document):
    """Several documents as one. It has no bytes of its own."""

    __slots__ = ("parts",)

    def __init__(self, name: str, parts: tuple[Part, ...]) -> None:
        super().__init__(name, lambda: io.BytesIO(b""), where=f"{name} ({len(parts)} files)")
        self.parts = parts
