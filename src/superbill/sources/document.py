"""A published document, and what a parser says about one.

A document is a file as its publisher made it, or one member of a zip archive. A *layout* is the
publisher's record layout of one kind of document: how to recognise it, which days it speaks
for, and how to read its rows. Nothing here knows of a database or of the network.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from superbill.errors import BadRow, SuperbillError

HEAD_BYTES = 8192

Cell = object
Row = tuple[Cell, ...]


class Period(NamedTuple):
    """What a document says of itself: which release it is, and the days that it speaks for.

    ``label`` is the publisher's name of the release (``FY2026``, ``April 2025``). The days are
    half-open ``[valid_from, valid_to)``. ``published`` is the day of publication where the
    document states it.
    """

    label: str
    valid_from: date
    valid_to: date
    published: date | None = None


class Undated(SuperbillError):
    """A document of a known kind that does not say which days it speaks for."""

    def __init__(self, where: str, kind: str, expected: str) -> None:
        super().__init__(
            f"{where} reads as {kind}, but does not say which days it speaks for: {expected}. "
            f"Give it its published name, or write the days beside it in {where}.source.json: "
            '{"valid_from": "2025-10-01", "valid_to": "2026-10-01"}'
        )


class Doubtful(SuperbillError):
    """A document of a known kind that cannot be what it says: it is passed over with the reason."""


class Document:
    """One document to read: its file name, where it lies, and its bytes.

    ``where`` is how it is shown to people (``cms_2026_dx.zip: icd10cm_order_2026.txt``).
    ``opener`` returns a fresh binary stream. ``beside`` are the other documents of the same
    archive or folder, for layouts whose companion file dates them. ``path`` is the file on disk,
    where the document is a whole file (for formats that cannot be read as a stream).
    """

    __slots__ = ("_head", "_opener", "beside", "name", "path", "size", "where")

    def __init__(
        self,
        name: str,
        opener: Callable[[], IO[bytes]],
        *,
        where: str = "",
        size: int = 0,
        beside: tuple[Document, ...] = (),
        path: Path | None = None,
    ) -> None:
        self.name = name
        self.path = path
        self.where = where or name
        self.size = size
        self.beside = beside
        self._opener = opener
        self._head: bytes | None = None

    @classmethod
    def at(cls, path: Path, beside: tuple[Document, ...] = ()) -> Document:
        """The document that is the whole file at ``path``."""
        return cls(
            path.name,
            lambda: path.open("rb"),
            size=path.stat().st_size,
            beside=beside,
            path=path,
        )

    @classmethod
    def of(cls, name: str, content: str | bytes, beside: tuple[Document, ...] = ()) -> Document:
        """A document held in memory.

        >>> Document.of("codes.txt", "A000 Cholera").head
        b'A000 Cholera'
        """
        data = content.encode() if isinstance(content, str) else content
        return cls(name, lambda: io.BytesIO(data), size=len(data), beside=beside)

    def open(self) -> IO[bytes]:
        """A fresh binary stream from the start."""
        return self._opener()

    @property
    def head(self) -> bytes:
        """The first bytes, for recognisers (at most 8 kB)."""
        if self._head is None:
            with self.open() as stream:
                self._head = stream.read(HEAD_BYTES)
        return self._head

    def lines(
        self, encoding: str = "utf-8-sig", *, cut_short: bool = True
    ) -> Iterator[tuple[int, str]]:
        """Each line with its number from 1, without its line end.

        Raises :class:`~superbill.errors.BadRow` at the first line that is not in ``encoding``,
        and, unless ``cut_short`` is allowed, at a last line that has no line end.
        """
        with self.open() as stream:
            for number, raw in enumerate(stream, start=1):
                try:
                    text = raw.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
                except UnicodeDecodeError:
                    raise BadRow(
                        self.where, number, repr(raw[:60])[2:-1], f"text in {encoding}"
                    ) from None
                if not cut_short and not text.endswith("\n"):
                    raise BadRow(
                        self.where, number, text, "a line end: the file seems to be cut short"
                    )
                yield number, text.rstrip("\r\n")


class Layout(NamedTuple):
    """One publisher's record layout.

    ``recognise`` looks at name and head and returns the :class:`Period`, or ``None`` where the
    document is of another kind. ``parse`` yields rows in the column order of the dataset's
    table (for a dataset with dated rows, ``valid_from`` and ``valid_to`` first), and raises
    :class:`~superbill.errors.BadRow` with line, what was seen and what was expected.
    ``rows`` is the range that the number of rows must lie in. ``version`` rises whenever the
    rows that come out of the same bytes change: it is part of the lock.
    """

    name: str
    recognise: Callable[[Document], Period | None]
    parse: Callable[[Document, Period], Iterator[Row]]
    rows: tuple[int, int]
    version: int = 1
