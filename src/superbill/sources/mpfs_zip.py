"""Which of Medicare's carriers and payment localities a ZIP code lies in.

CMS publishes it each quarter as ``ZIP5_MMMyyyy`` and ``ZIP9_MMMyyyy``, one record of 80 characters
a line: ZIP5 holds every ZIP code, ZIP9 the nine digits of those that lie in several localities.
The other layout read here is a table of tab-separated lines with a header
(:data:`~superbill.sources.parts.HEADER`), which says for each row in which years it held. The date
of service selects the row, the ZIP code of the place of service is looked up (Medicare Claims
Processing Manual, chapter 1, section 10.1.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from superbill.dates import FOREVER, Span
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.parts import HEADER

_LAST_YEAR = 9999
_YEARS = re.compile(rb"\t([12]\d{3})\t([12]\d{3}|9999)\t\d{5}\t")
_ROW = re.compile(rb"(\d{5})\t(\d{4})?\t([12]\d{3})\t([12]\d{3}|9999)\t(\d{5})\t([0-9A-Z]{2})\r?\n")
_YEAR = re.compile(r"[12]\d{3}|9999")
# State, ZIP code, carrier, locality; then the rural marks; the year and quarter close the record.
_RECORD = re.compile(rb"[A-Z]{2}\d{5}\d{5}[0-9A-Z]{2}.{61}20\d\d[1-4]\s")


def _recognise_table(document: Document) -> Period | None:
    if not document.head.startswith(HEADER.encode()):
        return None
    with document.open() as stream:
        years = {found.groups() for found in _YEARS.finditer(stream.read())}
    starts = [int(first) for first, _ in years]
    if not starts:
        return None
    last = max(int(last) for _, last in years)
    first = min(starts)
    end = FOREVER if last == _LAST_YEAR else date(last + 1, 1, 1)
    return Period(f"from {first}", date(first, 1, 1), end)


def _cells(document: Document) -> Iterator[tuple[int, list[str]]]:
    for number, line in document.lines("ascii"):
        if number == 1:
            continue
        cells = line.split("\t")
        if (
            len(cells) != 6
            or not (len(cells[0]) == 5 and cells[0].isdigit())
            or not (cells[1] == "" or (len(cells[1]) == 4 and cells[1].isdigit()))
            or not (_YEAR.fullmatch(cells[2]) and _YEAR.fullmatch(cells[3]))
            or not (cells[2] <= cells[3] and cells[2] < "9999")
        ):
            raise BadRow(document.where, number, line, "ZIP, +4, years, carrier, locality")
        yield number, cells


def _matched(document: Document) -> Iterator[tuple[bytes, bytes | None, Span, bytes, bytes]]:
    """Each row at once, without looking at its cells one by one: there are a million.

    Raises :class:`~superbill.errors.BadRow` at the first line that is no row.
    """
    with document.open() as stream:
        data = stream.read()
    spans: dict[tuple[bytes, bytes], Span] = {}
    at = data.find(b"\n") + 1
    for found in _ROW.finditer(data, at):
        if found.start() != at:
            break
        at = found.end()
        five, four, first, last, carrier, locality = found.groups()
        span = spans.get((first, last))
        if span is None:
            end = FOREVER if int(last) == _LAST_YEAR else date(int(last) + 1, 1, 1)
            if end <= date(int(first), 1, 1):
                break
            span = spans[first, last] = Span(date(int(first), 1, 1), end)
        yield five, four, span, carrier, locality
    if at != len(data) or not spans:
        for _ in _cells(document):
            pass
        line = data.count(b"\n", 0, at) + 1
        raise BadRow(document.where, line, repr(data[at : at + 60])[2:-1], "a row, and a line end")


def _table_zip(document: Document, _: Period) -> Iterator[Row]:
    """Yield days and the columns of ``mpfs.zip``."""
    for five, four, span, carrier, locality in _matched(document):
        if four is None:
            yield (*span, five.decode(), carrier.decode(), locality.decode())


def _table_zip4(document: Document, _: Period) -> Iterator[Row]:
    """Yield days and the columns of ``mpfs.zip4``: neighbours that say the same are one row."""
    held: tuple[bytes, Span, bytes, bytes] | None = None
    first = last = -1
    for five, four, span, carrier, locality in _matched(document):
        if four is None:
            continue
        number, row = int(four), (five, span, carrier, locality)
        if row == held and number == last + 1:
            last = number
            continue
        if held is not None:
            yield _range(held, first, last)
        held, first, last = row, number, number
    if held is not None:
        yield _range(held, first, last)


def _range(row: tuple[bytes, Span, bytes, bytes], first: int, last: int) -> Row:
    code, span, carrier, locality = row
    numbers = (f"{first:04}", f"{last:04}")
    return (*span, code.decode(), *numbers, carrier.decode(), locality.decode())


def _recognise_record(document: Document, *, nine: bool) -> Period | None:
    head = document.head
    if not _RECORD.match(head) or bool(re.match(r"ZIP9", document.name, re.IGNORECASE)) is not nine:
        return None
    year, quarter = int(head[75:79]), int(head[79:80])
    start = date(year, quarter * 3 - 2, 1)
    end = date(year + (quarter == 4), quarter * 3 + 1 if quarter < 4 else 1, 1)
    return Period(f"{year} quarter {quarter}", start, end)


def _recognise_zip5(document: Document) -> Period | None:
    return _recognise_record(document, nine=False)


def _records(document: Document) -> Iterator[str]:
    for number, line in document.lines("ascii"):
        if line.strip() and not re.match(r"[A-Z]{2}\d{10}[0-9A-Z]{2}", line):
            raise BadRow(document.where, number, line, "state, ZIP code, carrier and locality")
        if line.strip():
            yield line


def _record_zip(document: Document, period: Period) -> Iterator[Row]:
    for line in _records(document):
        yield (period.valid_from, period.valid_to, line[2:7], line[7:12], line[12:14])


ZIP_TABLE = Layout("ZIP to locality, tab-separated", _recognise_table, _table_zip, (100, 200_000))
ZIP4_TABLE = Layout(
    "ZIP+4 to locality, tab-separated", _recognise_table, _table_zip4, (0, 40_000_000)
)
ZIP5 = Layout("ZIP5, records of 80 characters", _recognise_zip5, _record_zip, (100, 200_000))
