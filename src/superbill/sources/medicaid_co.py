"""Colorado's Medicaid schedule for drugs that a physician administers.

The Colorado Department of Health Care Policy and Financing publishes it for a calendar year: code,
description, a column of rates for each quarter, headed by its days, whether a prior authorisation
request is required, and comments. A quarter still to come is empty; the file speaks for the days of
the quarters that are filled. The day of service selects the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.medicaid_csv import Once, after, amount, code, day
from superbill.sources.mpfs_csv import Numbered, head, rows

_DAYS = re.compile(r"Rate Effective (\d{1,2}/\d{1,2}/\d{4}) ?- ?(\d{1,2}/\d{1,2}/\d{4})")
_FIRST = ("Proc Code", "Service Description")
_AUTHORISATION = "PAR Required"


class _Quarter(NamedTuple):
    at: int
    start: date
    end: date


def _quarters(cells: list[str], where: str, line: int) -> list[_Quarter]:
    """The columns of rates, ``[start, end)`` each. Empty where the line is another table's."""
    if tuple(cells[:2]) != _FIRST or not any(c.startswith("Rate Effective") for c in cells):
        return []
    found: list[_Quarter] = []
    for at, cell in enumerate(cells[2:], 2):
        if cell.startswith(_AUTHORISATION):
            return found
        days = _DAYS.fullmatch(cell)
        if days is None:
            raise BadRow(where, line, cell, "a column 'Rate Effective MM/DD/YYYY-MM/DD/YYYY'")
        start, last = day(days[1], where, line), day(days[2], where, line)
        if start > last or (found and start < found[-1].end):
            raise BadRow(where, line, cell, "days in order, after those of the column before")
        found.append(_Quarter(at, start, after(last)))
    raise BadRow(where, line, cells[-1], f"a column {_AUTHORISATION!r} after the rates")


def _recognise(document: Document) -> Period | None:
    for line, cells in head(document):
        quarters = _quarters(cells, document.where, line)
        if quarters:
            break
    else:
        return None
    filled = [q for q in quarters if any(q.at < len(c) and c[q.at] for _, c in _body(document))]
    if not filled:
        raise BadRow(document.where, line, ",".join(cells), "rates in one quarter at least")
    start, end = filled[0].start, filled[-1].end
    label = f"{start.isoformat()} to {(end - timedelta(days=1)).isoformat()}"
    return Period(label, start, end)


def _body(document: Document) -> Iterator[Numbered]:
    begun = False
    for line, cells in rows(document):
        if not begun:
            begun = bool(_quarters(cells, document.where, line))
        elif any(cells):
            yield line, cells


def _parse(document: Document, period: Period) -> Iterator[Row]:
    """Yield the days of each rate, then code, modifier, rate, words, note."""
    quarters = next(q for n, cells in head(document) if (q := _quarters(cells, document.where, n)))
    last, once = quarters[-1].at, Once(document.where)
    for line, cells in _body(document):
        if len(cells) < last + 3:
            raise BadRow(document.where, line, ",".join(cells), f"{last + 3} cells")
        row_code = code(cells[0], document.where, line)
        once(line, row_code)
        authorisation = cells[last + 1]
        note = f"prior authorisation: {authorisation}" if authorisation else ""
        for quarter in quarters:
            if cells[quarter.at]:
                found = amount(cells[quarter.at], document.where, line)
                yield quarter.start, quarter.end, row_code, "", found.rate, found.words, note


LAYOUT = Layout("Colorado Medicaid drug schedule, CSV", _recognise, _parse, rows=(1, 50_000))
