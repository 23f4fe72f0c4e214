"""A Medicaid schedule of any state, in a layout that you make from what the state publishes.

``MEDICAID_XX_….csv`` with the postal letters of the state, or of several
(``MEDICAID_OH_TX_2026.csv``), and the header ``state,code,modifier,rate,from,to``: modifiers
divided by blanks; dollars for one unit, or a word that says why there is no amount; first and last
day, the last left empty where the rate is open. The days of the rows are those that the file speaks
for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.medicaid_csv import Once, after, amount, code, day, modifiers
from superbill.sources.mpfs_csv import Cells, columns, head, rows

HEADER = ("state", "code", "modifier", "rate", "from", "to")

_NAME = re.compile(r"MEDICAID((?:_[A-Z]{2})+)(?=[_.])", re.IGNORECASE)


def _recognise(document: Document) -> Period | None:
    first = next(((n, cells) for n, cells in head(document) if any(cells)), None)
    if first is None or first[1][:2] != ["state", "code"]:
        return None
    columns(first[1], HEADER, document.where, first[0])
    states = _states(document)
    spans = [span for _, _, span in _body(document)]
    if not spans:
        raise BadRow(document.where, first[0], ",".join(first[1]), "rows below the header")
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return Period(f"{' '.join(states)} from {start.isoformat()}", start, end)


def _states(document: Document) -> list[str]:
    name = _NAME.match(document.name)
    if name is None:
        raise Undated(document.where, "a state's Medicaid schedule", "MEDICAID_OH_2026.csv")
    return sorted(name[1].upper().strip("_").split("_"))


def _body(document: Document) -> Iterator[tuple[int, Cells, tuple[date, date]]]:
    begun = False
    for line, cells in rows(document):
        if not any(cells):
            continue
        if not begun:
            begun = True
            continue
        if len(cells) != len(HEADER):
            raise BadRow(document.where, line, ",".join(cells), f"{len(HEADER)} cells")
        start = day(cells[4], document.where, line)
        end = after(day(cells[5], document.where, line)) if cells[5] else FOREVER
        if start >= end:
            raise BadRow(document.where, line, f"{cells[4]} to {cells[5]}", "days in order")
        yield line, cells, (start, end)


def _parse(document: Document, period: Period) -> Iterator[Row]:
    """Yield the days of each row, then state, code, modifier, rate, words, note."""
    states, once = _states(document), Once(document.where)
    for line, cells, (start, end) in _body(document):
        if cells[0] not in states:
            raise BadRow(
                document.where, line, cells[0], f"a state that the file's name bears: {states}"
            )
        found = amount(cells[3], document.where, line)
        row_code = code(cells[1], document.where, line)
        modifier = modifiers(cells[2], document.where, line)
        once(line, cells[0], row_code, modifier, start)
        yield (
            start,
            end,
            cells[0],
            row_code,
            modifier,
            found.rate,
            found.words,
            "",
        )


LAYOUT = Layout("Medicaid schedule of any state, CSV", _recognise, _parse, rows=(1, 1_000_000))
