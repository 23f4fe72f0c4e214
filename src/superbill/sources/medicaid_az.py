"""Arizona's Medicaid schedule for drugs that a physician administers.

The Arizona Health Care Cost Containment System publishes it: code, description, rate (or ``BR``, by
report), effective day as a workbook's number, and how the rate was found (``ASP``, average sales
price; ``WAC``, wholesale acquisition cost). The file states no last day. Its rates follow prices
that Medicare sets anew each quarter (42 U.S.C. 1395w-3a), so it serves to the end of the quarter
that it begins in, and no longer. The day of service selects the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.medicaid_csv import Once, amount, code, day
from superbill.sources.mpfs_csv import Numbered, columns, head, rows

HEADER = ("Code", "Description", "Fee for Service Rate", "Effective Date")
METHOD = "Methodology"

_NAME = re.compile(r"20\d\d-\d\d-\d\d")


def _recognise(document: Document) -> Period | None:
    found = [(line, cells) for line, cells in head(document) if _is_header(cells)]
    if not found:
        return None
    line, cells = found[0]
    columns(cells[: len(HEADER)], HEADER, document.where, line)
    if len(cells) != len(HEADER) + 1:
        raise BadRow(document.where, line, ",".join(cells), f"{len(HEADER) + 1} columns")
    start = _start(document)
    month = 3 * ((start.month - 1) // 3) + 4
    end = date(start.year + 1, 1, 1) if month > 12 else date(start.year, month, 1)
    return Period(f"from {start.isoformat()}", start, end)


def _is_header(cells: list[str]) -> bool:
    return cells[:1] == ["Code"] and any(cell.startswith(METHOD) for cell in cells)


def _start(document: Document) -> date:
    """The day that the name bears, or that all rows share."""
    name = _NAME.search(document.name)
    if name is not None:
        return day(name[0], document.where, 1)
    days = {
        day(cells[3], document.where, line) for line, cells in _body(document) if len(cells) > 3
    }
    if len(days) != 1:
        raise Undated(
            document.where, "Arizona's Medicaid schedule of drugs", "AZ_PAD_2026-01-01.csv"
        )
    return days.pop()


def _body(document: Document) -> Iterator[Numbered]:
    begun = False
    for line, cells in rows(document):
        if not begun:
            begun = _is_header(cells)
        elif any(cells):
            yield line, cells


def _parse(document: Document, period: Period) -> Iterator[Row]:
    """Yield the days of each row, then code, modifier, rate, words, note."""
    once = Once(document.where)
    for line, cells in _body(document):
        if len(cells) < len(HEADER) + 1:
            raise BadRow(document.where, line, ",".join(cells), f"{len(HEADER) + 1} cells")
        found = amount(cells[2], document.where, line)
        start = day(cells[3], document.where, line)
        if start >= period.valid_to:
            raise BadRow(document.where, line, cells[3], f"a day before {period.valid_to}")
        row_code = code(cells[0], document.where, line)
        once(line, row_code, start)
        yield (
            start,
            period.valid_to,
            row_code,
            "",
            found.rate,
            found.words,
            cells[4],
        )


LAYOUT = Layout("Arizona Medicaid drug schedule, CSV", _recognise, _parse, rows=(1, 20_000))
