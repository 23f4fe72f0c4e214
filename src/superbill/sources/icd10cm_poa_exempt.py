"""The ICD-10-CM codes that are exempt from reporting whether they were present on admission.

Published by CMS each fiscal year as ``POAexemptCodesFY26.zip``: a tab-delimited list with the
order number, the dotted code and its long title, beside lists of what was added, deleted and
revised. The list of the fiscal year of the discharge counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of

_HEADING = re.compile(rb"(?:\xef\xbb\xbf)?Order(\d\d)\tPOAexemptCode\tDescription\s")
_CHANGED = re.compile(r"exempt(add|delete|revise)", re.IGNORECASE)
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")


def _recognise(document: Document) -> Period | None:
    heading = _HEADING.match(document.head)
    if heading is None or _CHANGED.search(document.name):
        return None
    period = period_of(document.name) or period_of(f"FY{heading[1].decode()}")
    if period is None:
        raise Undated(document.where, "the list of POA-exempt codes", "its name states no year")
    return period


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``code``, undotted."""
    for number, line in document.lines(cut_short=False):
        if number == 1 or not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != 3 or not _CODE.fullmatch(cells[1].strip()):
            raise BadRow(document.where, number, line, "order number, code, description")
        yield (cells[1].strip().replace(".", ""),)


LAYOUT = Layout("POA-exempt list", _recognise, _parse, rows=(20_000, 60_000))
