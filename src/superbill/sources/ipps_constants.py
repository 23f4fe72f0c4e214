"""Figures of CMS's inpatient pricer by fiscal year, as JSON: the project's documented layout.

An object with a member for each fiscal year, which holds figures by name; a figure is a string,
a list of strings, or an object of further figures. Pricing reads its figures from ``rates.toml``;
these are kept beside them so that the two can be held against each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from superbill.dates import fiscal_span
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ipps_csv import text_of

_MARK = b'"fixed_loss_threshold"'


def rows(document: Document) -> Iterator[tuple[int, str, str]]:
    """Fiscal year, name (``hsp_updates.FY2021.qual1_ehrY``) and figure as text."""
    try:
        years = json.loads(text_of(document))
    except json.JSONDecodeError as fault:
        raise BadRow(document.where, fault.lineno, fault.msg, "JSON") from None
    if not isinstance(years, dict):
        raise BadRow(document.where, 1, str(years), "an object with a member for each year")
    for year, figures in years.items():
        if not (isinstance(year, str) and year.isdigit() and isinstance(figures, dict)):
            raise BadRow(document.where, 1, str(year), "a fiscal year and its figures")
        for name, value in _flat("", figures):
            yield int(year), name, value


def _flat(prefix: str, figures: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        elif isinstance(value, list):
            yield prefix + name, " ".join(str(part) for part in value)
        else:
            yield prefix + name, str(value)


def _recognise(document: Document) -> Period | None:
    if not document.name.endswith(".json") or _MARK not in document.head:
        return None
    years = [fiscal_span(year) for year, _, _ in rows(document)]
    if not years:
        return None
    return Period(
        "pricer figures", min(span.start for span in years), max(span.end for span in years)
    )


def _rows(document: Document, _: Period) -> Iterator[Row]:
    for year, name, value in rows(document):
        yield (*fiscal_span(year), name, value)


JSON = Layout("IPPS pricer figures, JSON", _recognise, _rows, (1, 2_000))
