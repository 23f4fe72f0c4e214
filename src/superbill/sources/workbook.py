"""The cells of the first sheet of an Excel workbook (``.xlsx``), row by row, as text.

Only what published tables need: shared and inline text and plain values. Nothing is computed, and
dates stay the day numbers that Excel stores (see :func:`day_of`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from superbill.errors import BadRow
from superbill.sources.document import Document
from superbill.sources.xml_elements import Element, elements

_SHEET = "xl/worksheets/sheet1.xml"
_TEXTS = "xl/sharedStrings.xml"
_MOST = 200 * 1024**2
_EPOCH = date(1899, 12, 30)


def is_workbook(document: Document) -> bool:
    """Whether the document is a workbook, by its first bytes and its name."""
    return document.head.startswith(b"PK\x03\x04") and document.name.lower().endswith(".xlsx")


def rows(document: Document) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that is not empty: its number, and its cells' text by column letter.

    Raises :class:`~superbill.errors.BadRow` where the workbook cannot be read.
    """
    with document.open() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                names = archive.namelist()
                texts = list(_texts(archive, document.where)) if _TEXTS in names else []
                yield from _rows(archive, texts, document.where)
        except (zipfile.BadZipFile, KeyError) as fault:
            raise BadRow(document.where, 0, str(fault), "an Excel workbook") from None


def day_of(number: str) -> date:
    """The day that Excel stores as ``number``.

    >>> day_of("45017").isoformat()
    '2023-04-01'
    """
    return _EPOCH + timedelta(days=int(number))


def _member(archive: zipfile.ZipFile, name: str, where: str) -> Document:
    info = archive.getinfo(name)
    if info.file_size > _MOST:
        raise zipfile.BadZipFile(f"{name} would unpack to {info.file_size:,} bytes")
    return Document(name, partial(archive.open, info), where=f"{where}: {name}")


def _joined(element: Element) -> str:
    """The text of an element and all below it, without phonetic readings."""
    below = (_joined(child) for child in element.children if child.name != "rPh")
    return (element.text if element.name == "t" else "") + "".join(below)


def _texts(archive: zipfile.ZipFile, where: str) -> Iterator[str]:
    for text in elements(_member(archive, _TEXTS, where), "sst", "si"):
        yield _joined(text)


def _rows(
    archive: zipfile.ZipFile, texts: list[str], where: str
) -> Iterator[tuple[int, dict[str, str]]]:
    for row in elements(_member(archive, _SHEET, where), "worksheet", "row"):
        number = int(row.attributes.get("r", "0"))
        cells = {}
        for cell in row.all("c"):
            text = cell.words("v")
            if cell.attributes.get("t") == "s":
                if not text.isdigit() or int(text) >= len(texts):
                    raise BadRow(where, number, text, "the number of a text of the workbook")
                text = texts[int(text)]
            elif cell.attributes.get("t") == "inlineStr":
                text = "".join(_joined(each) for each in cell.all("is"))
            if text.strip():
                cells[re.sub(r"\d", "", cell.attributes.get("r", ""))] = text.strip()
        if cells:
            yield number, cells
