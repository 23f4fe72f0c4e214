"""What the store says of where its rows come from."""

from __future__ import annotations

from datetime import date

from superbill.dates import FOREVER, Span
from superbill.model.base import Value


class Release(Value, frozen=True, kw_only=True):
    """An import of one published file into one dataset; immutable.

    ``[valid_from, valid_to)`` are the days that the file speaks for. ``sha256`` is that of the
    file as published, ``content_sha256`` that of the document inside it (the same where the file
    is no archive). ``member`` names the document inside an archive. ``embedded`` says that it
    came with an installed package. ``supersedes`` is the ``content_sha256`` of the release of the
    same days whose place it took.
    """

    id: int
    dataset: str
    label: str
    publisher: str
    address: str
    file: str
    member: str
    sha256: str
    content_sha256: str
    layout: str
    parser_version: int
    row_count: int
    valid_from: date
    valid_to: date
    published: date | None
    retrieved: date | None
    licence: str
    embedded: bool
    supersedes: str | None

    @property
    def span(self) -> Span:
        """The days that the file speaks for."""
        return Span(self.valid_from, self.valid_to)

    def __str__(self) -> str:
        return f"{self.dataset} {self.label} ({self.file}, sha256 {self.content_sha256[:12]})"


class Covered(Value, frozen=True, kw_only=True):
    """The days on which a release answers for its dataset, ``[valid_from, valid_to)``."""

    valid_from: date
    valid_to: date
    release: int

    @property
    def span(self) -> Span:
        """The days."""
        return Span(self.valid_from, self.valid_to)


def days(span: tuple[date, date]) -> str:
    """A span as people read it.

    >>> days(Span(date(2025, 10, 1), date(2026, 10, 1))), days(Span(date(2025, 10, 1), FOREVER))
    ('2025-10-01 to 2026-09-30', 'from 2025-10-01')
    """
    start, end = span
    if end == FOREVER:
        return f"from {start.isoformat()}"
    return f"{start.isoformat()} to {Span(start, end).last.isoformat()}"
