"""Geographic practice cost indices (GPCI) of Medicare's payment localities.

CMS publishes them with each year's final rule as Addendum E (``GPCIyyyy.csv``): for each locality
an index for physicians' work, practice expense and malpractice. The law's floor of 1.0 under the
work index comes and goes (42 U.S.C. 1395w-4(e)(1)(E)): a file gives the work index with the floor,
and some give it without as well. The date of service selects the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.errors import BadRow
from superbill.sources.document import Document, Doubtful, Layout, Period, Row
from superbill.sources.mpfs_csv import calendar_year, head, number, rows, year_of

_CONTRACTOR = re.compile(r"\d{5}")
_LOCALITY = re.compile(r"\d{2}")
_KIND = "geographic practice cost indices"
FEWEST = 109
"""No year's schedule has fewer payment localities (112 to 2023, 109 since 2024)."""

_WANTED = {
    "contractor": re.compile(r"Medicare Admin\w+ Contractor", re.IGNORECASE),
    "state": re.compile(r"State$", re.IGNORECASE),
    "locality": re.compile(r"Locality Number", re.IGNORECASE),
    "name": re.compile(r"Locality Name", re.IGNORECASE),
    "work": re.compile(r"\d{4} PW GPCI \(with 1\.0 Floor\)", re.IGNORECASE),
    "practice": re.compile(r"\d{4} PE GPCI", re.IGNORECASE),
    "malpractice": re.compile(r"\d{4} MP GPCI", re.IGNORECASE),
}
_UNFLOORED = re.compile(r"\d{4} PW GPCI \(without 1\.0 Floor\)", re.IGNORECASE)


def _header(document: Document) -> tuple[int, list[str]] | None:
    for line, cells in head(document):
        if cells and _WANTED["contractor"].match(cells[0]) and any("GPCI" in c for c in cells):
            return line, cells
    return None


def _places(cells: list[str], where: str, line: int) -> dict[str, int]:
    """Where each column stands."""
    found: dict[str, int] = {}
    for name, pattern in _WANTED.items():
        place = next((i for i, cell in enumerate(cells) if pattern.match(cell)), None)
        if place is None:
            raise BadRow(where, line, ",".join(cells), f"a column {name}: it is missing")
        found[name] = place
    unfloored = next((i for i, cell in enumerate(cells) if _UNFLOORED.match(cell)), None)
    if unfloored is not None:
        found["unfloored"] = unfloored
    return found


def _recognise(document: Document) -> Period | None:
    found = _header(document)
    if found is None:
        return None
    line, cells = found
    places = _places(cells, document.where, line)
    year = year_of(document, _KIND, cells[places["practice"]])
    count = sum(1 for _ in _parse(document, calendar_year(year, "")))
    if count < FEWEST:
        raise Doubtful(
            f"reads as {_KIND} of {year}, but has {count} of the schedule's {FEWEST} localities: "
            "it is cut, or no file of CMS's"
        )
    return calendar_year(year, f"CY {year}")


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``mpfs.gpci``."""
    where = document.where
    places: dict[str, int] = {}
    for line, cells in rows(document):
        if not places:
            if cells and _WANTED["contractor"].match(cells[0]):
                places = _places(cells, where, line)
            continue
        if not cells or not _CONTRACTOR.fullmatch(cells[0]):
            continue  # notes
        if len(cells) <= max(places.values()):
            raise BadRow(where, line, ",".join(cells), f"{max(places.values()) + 1} cells")
        locality = cells[places["locality"]]
        if not _LOCALITY.fullmatch(locality):
            raise BadRow(where, line, locality, "a locality of two digits")
        unfloored = (
            number(cells[places["unfloored"]], where, line, "work index without the floor")
            if "unfloored" in places
            else None
        )
        yield (
            cells[places["contractor"]],
            locality,
            cells[places["state"]],
            cells[places["name"]].rstrip("*"),
            number(cells[places["work"]], where, line, "work index with the floor"),
            unfloored,
            number(cells[places["practice"]], where, line, "practice expense index"),
            number(cells[places["malpractice"]], where, line, "malpractice index"),
        )


LAYOUT = Layout("GPCI, CSV", _recognise, _parse, rows=(FEWEST, 130))
