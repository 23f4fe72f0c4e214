"""Alaska's Medicaid schedule for physicians and other professionals.

The Alaska Department of Health publishes it for each state fiscal year, which runs from July to
June and is named by the year it ends in (AS 37.05.920); its name bears it (``SFY2026``). Saved as
CSV, its header is that of the anaesthesia section alone: five columns, over rows of nine cells.
These are code, modifier, description, four columns of marks, the amount (or ``By Report``,
``Priced by NDC``), and nothing. The marks are not read, since the file does not say what they mean.
A row of five cells is one of anaesthesia. The day of service selects the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.medicaid_csv import Cell, amount, code, modifiers
from superbill.sources.mpfs_csv import head, rows

HEADER = ["Proc Code", "Procedure Description", "Base Units", "Per Unit", "Base Value"]
ANESTHESIA = "priced by base units and time"

_WIDTH = 9
_AMOUNT_AT = 7
_NAME = re.compile(r"SFY[ _-]?(20\d\d)", re.IGNORECASE)


def _recognise(document: Document) -> Period | None:
    if not any(cells[: len(HEADER)] == HEADER for _, cells in head(document)):
        return None
    name = _NAME.search(document.name)
    if name is None:
        raise Undated(
            document.where, "Alaska's Medicaid schedule for physicians", "AK_physician_SFY2026.csv"
        )
    year = int(name[1])
    return Period(f"SFY{year}", date(year - 1, 7, 1), date(year, 7, 1))


def _parse(document: Document, period: Period) -> Iterator[Row]:
    """Yield code, modifier, rate, words, note."""
    found: dict[tuple[str, str], Cell] = {}
    for line, cells in rows(document):
        if not any(cells) or cells[0] == HEADER[0]:
            continue
        if len(cells) >= _WIDTH:
            key = (
                code(cells[0], document.where, line),
                modifiers(cells[1], document.where, line),
            )
            cell = amount(cells[_AMOUNT_AT], document.where, line)
        elif len(cells) == len(HEADER) and cells[2].isdigit():
            key = code(cells[0], document.where, line), ""
            cell = Cell(None, ANESTHESIA)
        else:
            raise BadRow(document.where, line, ",".join(cells), f"{_WIDTH} cells")
        held = found.get(key)
        found[key] = cell if held is None or held == cell else _both(held, cell)
    for (row_code, modifier), cell in found.items():
        yield row_code, modifier, cell.rate, cell.words, ""


def _both(first: Cell, second: Cell) -> Cell:
    """Two rows of one code that say different things: no amount, and what each says."""
    said = [each.words or f"${each.rate}" for each in (first, second)]
    return Cell(None, f"{said[0]} in one row and {said[1]} in another")


LAYOUT = Layout("Alaska Medicaid physician schedule, CSV", _recognise, _parse, rows=(1, 50_000))
