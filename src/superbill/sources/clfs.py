"""The clinical laboratory fee schedule: what Medicare pays for a laboratory test.

CMS publishes it each quarter (``CLFS_CYyyyyQq`` as CSV): year, code, modifier (``QW`` for a test
waived under the Clinical Laboratory Improvement Amendments), effective date, indicator (``N`` a
national amount, ``L`` one of the contractor's), rate, and descriptions. Each file is the whole
schedule and serves until the next one, at most to the end of its year. The day of service selects
it; a row holds from its effective date. The file holds codes of the American Medical Association.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.mpfs_csv import columns, head, number, rows

HEADER = (
    *("YEAR", "HCPCS", "MOD", "EFF_DATE", "INDICATOR", "RATE"),
    *("SHORTDESC", "LONGDESC", "EXTENDEDLONGDESC"),
)

_NAME = re.compile(r"CLFS[ _]?CY(\d{4})Q([1-4])", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]{5}")


def _recognise(document: Document) -> Period | None:
    found = [(line, cells) for line, cells in head(document) if cells[:2] == ["YEAR", "HCPCS"]]
    if not found:
        return None
    line, cells = found[0]
    columns(cells, HEADER, document.where, line)
    name = _NAME.search(document.name)
    if name is None:
        raise Undated(document.where, "the clinical laboratory fee schedule", "CLFS_CYyyyyQq.csv")
    year, quarter = int(name[1]), int(name[2])
    return Period(f"CY{year} Q{quarter}", date(year, 3 * quarter - 2, 1), date(year + 1, 1, 1))


def _parse(document: Document, period: Period) -> Iterator[Row]:
    """Yield the days of each row, then the columns of ``clfs.rates``."""
    begun = False
    for line, cells in rows(document):
        if not begun:
            begun = cells[:2] == ["YEAR", "HCPCS"]
            continue
        if not any(cells):
            continue
        if len(cells) < len(HEADER):
            raise BadRow(document.where, line, ",".join(cells), f"{len(HEADER)} cells")
        year, code, modifier, effective, indicator, rate = cells[:6]
        if not _CODE.fullmatch(code) or indicator not in {"N", "L"} or year != effective[:4]:
            raise BadRow(
                document.where, line, ",".join(cells), "a code, a day of its year, and N or L"
            )
        yield (
            _day(document, line, effective),
            period.valid_to,
            code,
            modifier,
            indicator,
            number(rate, document.where, line, "the rate"),
        )


def _day(document: Document, line: int, text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise BadRow(document.where, line, text, "a day as YYYYMMDD") from None


LAYOUT = Layout("Clinical laboratory fee schedule, CSV", _recognise, _parse, rows=(1, 5_000))
