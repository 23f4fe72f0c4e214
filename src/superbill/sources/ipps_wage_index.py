"""IPPS wage index by area, and what amends it: CSV layouts of CMS's tables.

Published by CMS with each year's final rule (Tables 2, 3 and 4) and inside its pricer. The
discharge date selects the row: an area's index counts from its effective date to the end of
that federal fiscal year. The Indian Health Service rows (98 Alaska, 99 elsewhere) run on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from superbill.dates import FOREVER, Span, fiscal_span, fiscal_year
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ipps_csv import (
    day,
    flag,
    has_header,
    headed,
    lines,
    number,
    period_of_rows,
    text_of,
    year_in_name,
)

AREA_COLUMNS = (
    "cbsa",
    "rural",
    "size_code",
    "eff_date",
    "wage_index_1_geographic",
    "wage_index_2_reclassified",
    "wage_index_3_rural_floor",
    "name",
)
AREA_COLUMNS_IMPUTED = (*AREA_COLUMNS[:-1], "wage_index_4_imputed_floor", "name")
OUT_MIGRATION_COLUMNS = ("county_code", "adjustment", "eff_date")
RURAL_FLOOR_COLUMNS = ("cbsa", "eff_date", "wage_index_3")
PRIOR_YEAR_COLUMNS = ("provider_no", "wage_index")

INDIAN_HEALTH_SERVICE = ("98", "99")

_AREA = re.compile(r"\d{2}|\d{5}")
_CCN = re.compile(r"[0-9A-Z]{6}")
_COUNTY = re.compile(r"\d{5}")

Size = Literal["L", "O", "R"]


class AreaWageIndex(NamedTuple):
    """A labour-market area on a span of days.

    ``cbsa`` has five digits for an urban area and the two-digit state code for a rural one;
    ``size`` is L (large urban), O (other urban) or R (rural). ``geographic`` is the index of
    the hospitals in the area, ``reclassified`` that of hospitals reclassified into it, and
    ``rural_floor`` (of a rural area) the floor of its state; 0 means none. ``imputed_floor`` (of
    a rural area) is the floor of a state that has no rural hospitals, ``None`` where the file has
    no such column (it is needed from FY 2022 on).
    """

    cbsa: str
    size: Size
    span: Span
    geographic: Decimal
    reclassified: Decimal
    rural_floor: Decimal
    name: str
    imputed_floor: Decimal | None = None


class OutMigration(NamedTuple):
    """What a county's commuting adds to the index of its hospitals."""

    county: str
    span: Span
    adjustment: Decimal


class RuralFloor(NamedTuple):
    """The rural floor that an area sets, where it is published apart from the area's index."""

    cbsa: str
    span: Span
    floor: Decimal


class PriorYearIndex(NamedTuple):
    """The index that a hospital was paid by in the year before."""

    ccn: str
    wage_index: Decimal


def areas(text: str) -> Iterator[AreaWageIndex]:
    """The rows of an area wage index file, by area and day.

    The columns are :data:`AREA_COLUMNS`, or with the imputed floor
    :data:`AREA_COLUMNS_IMPUTED`. A row holds until the area's next one, at most to the end of
    its fiscal year.
    """
    dataset = "IPPS wage index by area"
    imputed = has_header(text, AREA_COLUMNS_IMPUTED)
    found: dict[str, list[AreaWageIndex]] = {}
    for line, cells in lines(text, dataset, AREA_COLUMNS_IMPUTED if imputed else AREA_COLUMNS):
        cbsa, rural_mark, size_mark, effective, own, reclassified, floor = cells[:7]
        _matches(_AREA, cbsa, dataset, line, "a CBSA of five digits or a state code of two")
        rural = flag(rural_mark, dataset, line, "rural", no="N")
        if rural != (len(cbsa) == 2):
            raise BadRow(dataset, line, f"{cbsa},{rural_mark}", "two digits where rural")
        large = flag(size_mark, dataset, line, "size_code", yes="L")
        start = day(effective, dataset, line, "eff_date")
        row = AreaWageIndex(
            cbsa,
            "R" if rural else "L" if large else "O",
            Span(start, FOREVER) if cbsa in INDIAN_HEALTH_SERVICE else _to_year_end(start),
            number(own, dataset, line, "wage_index_1_geographic"),
            number(reclassified, dataset, line, "wage_index_2_reclassified"),
            number(floor, dataset, line, "wage_index_3_rural_floor"),
            cells[-1],
            number(cells[7], dataset, line, "wage_index_4_imputed_floor") if imputed else None,
        )
        found.setdefault(cbsa, []).append(row)
    for rows in found.values():
        yield from _without_overlap(rows)


def _without_overlap(rows: list[AreaWageIndex]) -> Iterator[AreaWageIndex]:
    """One area's rows in order of days, each ended by the next."""
    rows.sort(key=lambda row: row.span.start)
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if after is not None and after.span.start < row.span.end:
            yield row._replace(span=Span(row.span.start, after.span.start))
        else:
            yield row


def out_migration(text: str) -> Iterator[OutMigration]:
    """The rows of an out-migration file (columns :data:`OUT_MIGRATION_COLUMNS`)."""
    dataset = "IPPS out-migration adjustment"
    for line, (county, adjustment, effective) in lines(text, dataset, OUT_MIGRATION_COLUMNS):
        _matches(_COUNTY, county, dataset, line, "a county code of five digits")
        yield OutMigration(
            county,
            _to_year_end(day(effective, dataset, line, "eff_date")),
            number(adjustment, dataset, line, "adjustment"),
        )


def rural_floors(text: str) -> Iterator[RuralFloor]:
    """The rows of a rural floor file (columns :data:`RURAL_FLOOR_COLUMNS`)."""
    dataset = "IPPS rural floor"
    for line, (cbsa, effective, floor) in lines(text, dataset, RURAL_FLOOR_COLUMNS):
        _matches(_AREA, cbsa, dataset, line, "a CBSA of five digits or a state code of two")
        yield RuralFloor(
            cbsa,
            _to_year_end(day(effective, dataset, line, "eff_date")),
            number(floor, dataset, line, "wage_index_3"),
        )


def prior_year(text: str) -> Iterator[PriorYearIndex]:
    """The rows of a file of hospitals' prior-year indexes (:data:`PRIOR_YEAR_COLUMNS`)."""
    dataset = "IPPS prior-year wage index"
    for line, (ccn, index) in lines(text, dataset, PRIOR_YEAR_COLUMNS):
        _matches(_CCN, ccn, dataset, line, "a CMS certification number of six characters")
        yield PriorYearIndex(ccn, number(index, dataset, line, "wage_index"))


def _to_year_end(start: date) -> Span:
    return Span(start, fiscal_span(fiscal_year(start)).end)


def _matches(pattern: re.Pattern[str], cell: str, dataset: str, line: int, expected: str) -> None:
    if not pattern.fullmatch(cell):
        raise BadRow(dataset, line, cell, expected)


# --- As releases of the reference store ----------------------------------------------------------


def _recognise_areas(document: Document) -> Period | None:
    if not headed(document, AREA_COLUMNS, AREA_COLUMNS_IMPUTED):
        return None
    return period_of_rows(
        (row.span for row in areas(text_of(document)) if row.cbsa not in INDIAN_HEALTH_SERVICE),
        "wage index",
    )


def _area_rows(document: Document, _: Period) -> Iterator[Row]:
    for row in areas(text_of(document)):
        yield (*row.span, row.cbsa, row.size, *row[3:6], row.imputed_floor, row.name)


def _recognise_out_migration(document: Document) -> Period | None:
    if not headed(document, OUT_MIGRATION_COLUMNS):
        return None
    return period_of_rows((row.span for row in out_migration(text_of(document))), "out-migration")


def _out_migration_rows(document: Document, _: Period) -> Iterator[Row]:
    for row in out_migration(text_of(document)):
        yield (*row.span, row.county, row.adjustment)


def _recognise_rural_floors(document: Document) -> Period | None:
    if not headed(document, RURAL_FLOOR_COLUMNS):
        return None
    return period_of_rows((row.span for row in rural_floors(text_of(document))), "rural floor")


def _rural_floor_rows(document: Document, _: Period) -> Iterator[Row]:
    for row in rural_floors(text_of(document)):
        yield (*row.span, row.cbsa, row.floor)


def _recognise_prior_year(document: Document) -> Period | None:
    if not headed(document, PRIOR_YEAR_COLUMNS):
        return None
    named = year_in_name(document, "hospitals' wage indexes of the year before")
    return Period(f"{named.label} indexes", *fiscal_span(fiscal_year(named.valid_from) + 1))


def _prior_year_rows(document: Document, _: Period) -> Iterator[Row]:
    yield from prior_year(text_of(document))


AREAS = Layout("IPPS wage index by area, CSV", _recognise_areas, _area_rows, (100, 20_000))
OUT_MIGRATION = Layout(
    "IPPS out-migration adjustment, CSV",
    _recognise_out_migration,
    _out_migration_rows,
    (50, 20_000),
)
RURAL_FLOORS = Layout(
    "IPPS rural floor, CSV", _recognise_rural_floors, _rural_floor_rows, (50, 5_000)
)
PRIOR_YEAR = Layout(
    "IPPS prior-year wage index, CSV", _recognise_prior_year, _prior_year_rows, (500, 10_000)
)
