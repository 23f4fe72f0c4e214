"""The wage index of a hospital on the day of discharge.

The index of the area that the hospital lies in or is reclassified into, raised to the state's
rural floor, increased for commuting out of its county, and held from falling too fast
(42 CFR 412.64(h) and 412.230 to 412.280). CMS publishes the areas' indexes each year; the
discharge date selects the row. The order of the steps is that of CMS's pricer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from superbill.dates import Span, fiscal_span, fiscal_year
from superbill.errors import Invalid, NotCovered
from superbill.model.hospital import Hospital
from superbill.model.trace import SILENT, Trace
from superbill.money import half_up, truncate
from superbill.pricing.ipps.codes import Refused
from superbill.sources.ipps_wage_index import AreaWageIndex, OutMigration, RuralFloor, Size

if TYPE_CHECKING:
    from superbill.pricing.ipps.tables import Tables

CITE = "42 CFR 412.64(h)"
CBSA_FROM = date(2004, 10, 1)
RURAL_LENGTH = 2
ZERO = Decimal(0)


class WageIndex(NamedTuple):
    """A hospital's index (four decimals), the day its row took effect, and the area's size."""

    value: Decimal
    effective: date
    size: Size
    source: str = ""


class _Found(NamedTuple):
    """An index on its way, with the day of the row it stands in."""

    value: Decimal
    effective: date


type Floor = Callable[[_Found, str, Hospital, date, Tables], _Found]
type Cap = Callable[[Decimal, Hospital, Tables], Decimal | Refused]


class _Dated(Protocol):
    @property
    def span(self) -> Span: ...


def find(
    hospital: Hospital, on: date, tables: Tables, trace: Trace = SILENT
) -> WageIndex | Refused:
    """The hospital's wage index on the day of discharge, or why there is none (code 52).

    An index that the hospital's profile gives outright is taken as it is.
    Raises :class:`~superbill.errors.NotCovered` where the year's wage tables are not held.
    """
    if hospital.wage_index is not None:
        return _given(hospital, trace)
    if not tables.areas:
        raise NotCovered(
            f"The wage index of hospital {hospital.ccn or '(no CCN)'} for fiscal year "
            f"{tables.figures.year}",
            on=on,
            remedy="Give wage_index in the hospital's profile, or load the wage index by area: "
            "superbill data build --from DIR.",
        )
    if hospital.effective_date < CBSA_FROM or "*" in hospital.cbsa_geographic:
        return Refused("52", "the hospital's record is not in terms of core-based areas")
    indicator = _blank(hospital.special_payment_indicator, "0")
    geographic = hospital.cbsa_geographic.strip()
    reclassified = _blank(hospital.cbsa_wage_index, "00000")
    standard = _blank(hospital.cbsa_standardized_amount, "00000")
    commuting = ZERO
    if not (reclassified or standard or indicator):
        commuting = _out_migration(hospital, on, tables)
    reclassified = reclassified or geographic
    standard = standard or geographic

    if indicator in ("1", "2"):
        found = _special(hospital, on)
        if trace is not SILENT and isinstance(found, _Found):
            trace(
                "special wage index",
                found.value,
                cite="42 CFR 412.64(h)",
                special_wage_index=(found.value, "hospital record"),
            )
    else:
        search = reclassified if indicator in ("Y", "D") else standard
        found = _in_area(search, on, tables, second=indicator == "Y")
        if trace is not SILENT and isinstance(found, _Found):
            trace(
                f"index of area {search}",
                found.value,
                cite=CITE,
                column="reclassified hospitals" if indicator == "Y" else "hospitals of the area",
                table=(found.value, tables.sources.get("areas", "wage index by area")),
            )
        if isinstance(found, _Found):
            found = _amended(found, search, commuting, hospital, on, tables, trace)
    if isinstance(found, Refused):
        return found
    if hospital.provider_type == "08":
        found = _indian_health_service(found, hospital, on, tables, second=indicator == "Y")
        trace("index of the Indian Health Service", found.value, cite=CITE)
    if not found.value:
        return Refused("52", "the wage index is zero")
    if standard not in tables.areas:
        return Refused("52", f"area {standard} of the standardized amount is not in the table")
    return WageIndex(found.value, found.effective, tables.areas[standard][0].size)


def _given(hospital: Hospital, trace: Trace) -> WageIndex:
    area = (hospital.cbsa_standardized_amount or hospital.cbsa_geographic).strip()
    if not area:
        raise Invalid.at(
            "hospital.cbsa_geographic",
            "is empty: whether the hospital is rural cannot be told.",
            "Give five digits for an urban area, the two-digit state code for a rural one.",
        )
    value = hospital.wage_index
    assert value is not None
    source = f"given by the hospital's profile: {hospital.wage_index_source}".rstrip(": ")
    trace("wage index", value, cite=CITE, wage_index=(value, source))
    return WageIndex(
        value, hospital.effective_date, "R" if len(area) == RURAL_LENGTH else "O", source
    )


def _blank(text: str, zeros: str) -> str:
    """The text, or nothing where it is blank or all zeros."""
    stripped = text.strip()
    return "" if stripped == zeros else stripped


def _row[R: _Dated](rows: list[R], on: date) -> R | None:
    """The last row dated in the fiscal year of ``on`` and not after it."""
    window = fiscal_span(fiscal_year(on))
    return next(
        (row for row in reversed(rows) if row.span.start in window and row.span.start <= on), None
    )


def _out_migration(hospital: Hospital, on: date, tables: Tables) -> Decimal:
    row: OutMigration | None = _row(tables.out_migration.get(hospital.county_code, []), on)
    return ZERO if row is None else row.adjustment


def _special(hospital: Hospital, on: date) -> _Found | Refused:
    value = hospital.special_wage_index
    if not value or hospital.effective_date not in fiscal_span(fiscal_year(on)):
        return Refused("52", "the special wage index is missing, or not of this fiscal year")
    return _Found(value, hospital.effective_date)


def _in_area(cbsa: str, on: date, tables: Tables, *, second: bool) -> _Found | Refused:
    row: AreaWageIndex | None = _row(tables.areas.get(cbsa, []), on)
    if row is None:
        return Refused("52", f"area {cbsa} has no wage index on the day")
    value = row.reclassified if second else row.geographic
    if not value:
        return Refused("52", f"area {cbsa} has no wage index on the day")
    return _Found(value, row.span.start)


def _amended(
    found: _Found,
    search: str,
    commuting: Decimal,
    hospital: Hospital,
    on: date,
    tables: Tables,
    trace: Trace,
) -> _Found | Refused:
    """Floors, out-migration, the low-wage rule and the cap on decreases."""
    before = found.value
    for floor in tables.law.floors:
        found = floor(found, search, hospital, on, tables)
    value = found.value
    if trace is not SILENT and value != before:
        trace("raised to the floor", value, cite=CITE, state=hospital.state_code)
    if commuting:
        value = truncate(value + commuting, 4)
        if trace is not SILENT:
            trace(
                "plus the out-migration adjustment",
                value,
                rounding="cut after 4 decimals",
                cite="42 CFR 412.64(i)",
                adjustment=(commuting, tables.sources.get("out_migration", "county table")),
            )
    quartile = tables.figures.low_wage_quartile
    if quartile is not None and value < quartile:
        value = half_up((quartile - value) / 2 + value, 4)
        if trace is not SILENT:
            trace(
                "raised half the way to the lowest quartile",
                value,
                formula="(quartile - index) / 2 + index",
                rounding="half up, 4 decimals",
                quartile=(quartile, tables.figures.sources["low_wage_quartile"]),
            )
    capped = tables.law.cap(value, hospital, tables)
    if isinstance(capped, Refused):
        return capped
    if trace is not SILENT and capped != value:
        trace(
            "held at 95 percent of the year before",
            capped,
            rounding="half up, 4 decimals",
            cite="42 CFR 412.64(h)(7)",
        )
    return _Found(capped, found.effective)


def _indian_health_service(
    found: _Found, hospital: Hospital, on: date, tables: Tables, *, second: bool
) -> _Found:
    rows = tables.areas.get("98" if hospital.state_code == "02" else "99", [])
    row = next((row for row in reversed(rows) if row.span.start <= on), None)
    if row is None:
        return found
    return _Found(row.reclassified if second else row.geographic, row.span.start)


# --- Law that changed: each is named in versions.py ----------------------------------------------


def floor_2019(found: _Found, search: str, hospital: Hospital, on: date, tables: Tables) -> _Found:
    """The index of the state's own rural area; FY 2019, for every area."""
    row: AreaWageIndex | None = _row(tables.areas.get(_rural_area(hospital), []), on)
    if row is not None and row.geographic > found.value:
        return _Found(row.geographic, row.span.start)
    return found


def floor_2020(found: _Found, search: str, hospital: Hospital, on: date, tables: Tables) -> _Found:
    """The floor published apart from the index; FY 2020, for urban areas."""
    if len(search) == RURAL_LENGTH:
        return found
    row: RuralFloor | None = _row(tables.rural_floors.get(_rural_area(hospital), []), on)
    if row is not None and row.floor > found.value:
        return _Found(row.floor, row.span.start)
    return found


def floor_2021(found: _Found, search: str, hospital: Hospital, on: date, tables: Tables) -> _Found:
    """The floor in the state's row of the table; from FY 2021, for urban areas."""
    if len(search) == RURAL_LENGTH:
        return found
    row: AreaWageIndex | None = _row(tables.areas.get(_rural_area(hospital), []), on)
    if row is not None and row.rural_floor > found.value:
        return _Found(row.rural_floor, row.span.start)
    return found


def imputed_floor_2022(
    found: _Found, search: str, hospital: Hospital, on: date, tables: Tables
) -> _Found:
    """The floor of a state without rural hospitals, in the state's row; from FY 2022."""
    row: AreaWageIndex | None = _row(tables.areas.get(_rural_area(hospital), []), on)
    if row is None:
        return found
    if row.imputed_floor is None:
        raise NotCovered(
            f"The imputed floor of state {hospital.state_code}",
            on=on,
            remedy="Load a wage index by area with the column wage_index_4_imputed_floor, or give "
            "wage_index in the hospital's profile.",
        )
    if row.imputed_floor > found.value:
        return _Found(row.imputed_floor, row.span.start)
    return found


def _rural_area(hospital: Hospital) -> str:
    """The code of the state's rural area; state code 00 stands for Arizona in the old program."""
    return "03" if hospital.state_code == "00" else hospital.state_code


def cap_none(value: Decimal, hospital: Hospital, tables: Tables) -> Decimal | Refused:
    """No cap on decreases: before FY 2020."""
    return value


def cap_2020(value: Decimal, hospital: Hospital, tables: Tables) -> Decimal | Refused:
    """Against the table of hospitals' FY 2019 indexes; a hospital not in it cannot be priced."""
    before = tables.prior_year.get(hospital.ccn)
    if before is None:
        return Refused("52", "the hospital has no wage index of the year before in the table")
    return _capped(value, before, tables)


def cap_2021(value: Decimal, hospital: Hospital, tables: Tables) -> Decimal | Refused:
    """Against the index of the year before in the hospital's record, which must be there."""
    before = hospital.supplemental_wage_index
    if hospital.supplemental_wage_index_indicator != "1" or before is None or before <= 0:
        return Refused("52", "the hospital's record lacks the wage index of the year before")
    return _capped(value, before, tables)


def cap_2023(value: Decimal, hospital: Hospital, tables: Tables) -> Decimal | Refused:
    """As from FY 2021, where the record says that it holds such an index."""
    if hospital.supplemental_wage_index_indicator != "1":
        return value
    return cap_2021(value, hospital, tables)


def _capped(value: Decimal, before: Decimal, tables: Tables) -> Decimal:
    share = tables.figures.wage_index_cap
    assert share is not None
    if (value - before) / before < share - 1:
        return half_up(before * share, 4)
    return value
