"""The text of a PDF, page by page and line by line, as its publisher's program laid it down.

Reading is done by ``pypdf``, loaded only when a PDF is read.
"""

from __future__ import annotations

import functools
import io
import logging
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document

# What the reader stumbles over in a file whose bytes are damaged.
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, zlib.error, RecursionError)


class Line(NamedTuple):
    """A line of text with its page and its number on the page, both from 1."""

    page: int
    number: int
    text: str


def is_pdf(document: Document) -> bool:
    """Whether the document is a PDF, by its first bytes."""
    return document.head.startswith(b"%PDF-")


@functools.lru_cache(maxsize=4)  # several layouts look at the same page, one after the other
def first_page(document: Document) -> str:
    """The text of the first page, empty where it cannot be read."""
    try:
        return "\n".join(line.text for line in lines(document, pages=1))
    except BadRow:
        return ""


def lines(document: Document, *, pages: int | None = None) -> Iterator[Line]:
    """Each line that is not blank, of the first ``pages`` pages or of all.

    Raises :class:`~superbill.errors.BadRow`, whose line is the page, where the file is damaged or
    encrypted.
    """
    from pypdf import PdfReader  # noqa: PLC0415 - slow to load, and few files are PDFs
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    # What it would mend by itself is no business of the reader of a build's report.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with document.open() as stream:
        data = io.BytesIO(stream.read())
    if pages is None and b"%%EOF" not in data.getvalue()[-1024:]:
        # The reader would mend such a file, and might leave pages out.
        raise BadRow(
            document.where, 0, "no end of file mark", "a PDF whose text can be read to its end"
        )
    page = 0
    try:
        for sheet in PdfReader(data).pages[:pages]:
            page += 1
            for number, text in enumerate(sheet.extract_text().split("\n"), start=1):
                if text.strip():
                    yield Line(page, number, text.strip())
    except (PyPdfError, *_DAMAGE) as fault:
        raise BadRow(document.where, page, str(fault), "a PDF whose text can be read") from None
