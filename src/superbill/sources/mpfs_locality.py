"""Which counties lie in which of Medicare's payment localities.

CMS publishes the list with each release of the relative value file (``yyLOCCO.csv``), for a
calendar year. A state's name stands in its first row only; an asterisk marks a locality that two
contractors serve; such a locality may be listed twice, in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.mpfs_csv import calendar_year, head, rows, year_of

_KIND = "the list of localities and counties"
_CONTRACTOR = re.compile(r"\d{5}")
_HEADER = re.compile(r"Medicare Admin\w+ Contractor", re.IGNORECASE)


def _recognise(document: Document) -> Period | None:
    top = head(document)
    for _, cells in top:
        if cells and _HEADER.match(cells[0]) and "Counties" in cells:
            titles = [" ".join(title) for _, title in top[:3]]
            year = year_of(document, _KIND, *titles)
            return calendar_year(year, f"CY {year}")
    return None


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``mpfs.localities``."""
    state = ""
    seen: set[Row] = set()
    for line, cells in rows(document):
        if not cells or not _CONTRACTOR.fullmatch(cells[0]):
            continue
        if len(cells) < 5 or not re.fullmatch(r"\d{2}", cells[1]):
            raise BadRow(document.where, line, ",".join(cells), "contractor, locality, counties")
        state = cells[2] or state
        shared = "*" in cells[3]
        area = cells[3].replace("*", "").strip()
        row = (cells[0], cells[1], state, area, shared, cells[4])
        if row not in seen:
            seen.add(row)
            yield row


LAYOUT = Layout("locality to county, CSV", _recognise, _parse, rows=(109, 130))
