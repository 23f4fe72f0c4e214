"""Anaesthesia conversion factors of Medicare's payment localities.

CMS publishes them with each release of the relative value file (``ANESyyyy.csv``), for a calendar
year. Since 2026 there are two: of qualifying participants in advanced alternative payment models,
and of all others (42 U.S.C. 1395w-4(d)(1)(A)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.mpfs_csv import calendar_year, head, number, rows, year_of

_KIND = "anaesthesia conversion factors"
_CONTRACTOR = re.compile(r"\d{5}")


def _recognise(document: Document) -> Period | None:
    for line, cells in head(document):
        if cells[:3] == ["Contractor", "Locality", "Locality Name"]:
            if not any("Anes" in cell for cell in cells):
                return None
            _factors(cells, document.where, line)
            year = year_of(document, _KIND)
            return calendar_year(year, f"CY {year}")
    return None


def _factors(cells: list[str], where: str, line: int) -> tuple[int, int]:
    """The columns of the two factors: qualifying participants, others."""
    others = next((i for i, c in enumerate(cells) if re.match(r"Non-?Qualifying APM", c)), None)
    qualifying = next((i for i, c in enumerate(cells) if c.startswith("Qualifying APM")), None)
    if qualifying is None or others is None:
        missing = "Qualifying APM" if qualifying is None else "Non-Qualifying APM"
        raise BadRow(where, line, ",".join(cells), f"a column {missing} …: it is missing")
    return qualifying, others


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``mpfs.anesthesia``."""
    where = document.where
    places: tuple[int, int] | None = None
    for line, cells in rows(document):
        if places is None:
            if cells[:2] == ["Contractor", "Locality"]:
                places = _factors(cells, where, line)
            continue
        if not cells or not _CONTRACTOR.fullmatch(cells[0]):
            continue
        qualifying, others = places
        if len(cells) <= max(places) or not re.fullmatch(r"\d{2}", cells[1]):
            raise BadRow(where, line, ",".join(cells), "contractor, locality and two factors")
        yield (
            cells[0],
            cells[1],
            cells[2].rstrip("*"),
            number(cells[qualifying], where, line, "factor of qualifying participants"),
            number(cells[others], where, line, "factor of others"),
        )


LAYOUT = Layout("anaesthesia factors, CSV", _recognise, _parse, rows=(109, 130))
