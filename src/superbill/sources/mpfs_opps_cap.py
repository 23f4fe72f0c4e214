"""What the hospital outpatient amount caps the technical part of imaging at, by locality.

CMS publishes the amounts with each release of the relative value file (``OPPSCAP_Mmm.csv``); the
date of service selects the quarter, which the name must state with its year
(``OPPSCAP_Jan2026.csv``) or a file beside it. The published header misspells the last column, and
is read either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.mpfs_csv import columns, head, number, quarter, rows

_KIND = "the OPPS cap of the physician fee schedule"
_HEADER = ("HCPCS", "MOD", "PROCSTAT", "CARRIER", "LOCALITY", "FACILITY PRICE")
_LAST = ("NON-FACILTY PRICE", "NON-FACILITY PRICE")


def _recognise(document: Document) -> Period | None:
    for line, cells in head(document):
        if cells[:3] == list(_HEADER[:3]):
            last = cells[6] if len(cells) > 6 and cells[6] in _LAST else _LAST[1]
            columns(cells, (*_HEADER, last), document.where, line)
            return quarter(document, _KIND)
    return None


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``mpfs.opps_cap``."""
    where = document.where
    begun = False
    for line, cells in rows(document):
        if not begun:
            begun = cells[:3] == list(_HEADER[:3])
            continue
        if not any(cells):
            continue
        if len(cells) < 7 or not re.fullmatch(r"[0-9A-Z]{5}", cells[0]):
            raise BadRow(where, line, ",".join(cells), "a code and six more cells")
        yield (
            cells[0],
            cells[1],
            cells[3].zfill(5),
            cells[4].zfill(2),
            number(cells[5], where, line, "facility price"),
            number(cells[6], where, line, "non-facility price"),
        )


LAYOUT = Layout("OPPS cap, CSV", _recognise, _parse, rows=(1, 200_000))
