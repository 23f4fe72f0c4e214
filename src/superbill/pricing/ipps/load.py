"""Tables and hospitals from the reference store.

A store holds the published tables as releases, each for the days that it speaks for; what the
project carries itself (``rates.toml``) serves for a year where no file of amounts was brought.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from weakref import WeakKeyDictionary

from superbill.dates import Span, fiscal_year
from superbill.errors import Invalid
from superbill.model import read
from superbill.model.hospital import Hospital
from superbill.pricing.ipps import rates, versions
from superbill.pricing.ipps.tables import Tables, amounts_source
from superbill.sources import psf
from superbill.sources.document import Document, Period
from superbill.sources.ipps_drg_weights import DrgWeight
from superbill.sources.ipps_new_technology import IsletIsolation, Technology, read_back
from superbill.sources.ipps_rates import StandardizedAmount
from superbill.sources.ipps_wage_index import (
    AreaWageIndex,
    OutMigration,
    PriorYearIndex,
    RuralFloor,
    Size,
)
from superbill.store.open import Row, Store

WEIGHTS = "ipps.drg_weights"
AMOUNTS = "ipps.standardized_amounts"
CAPITAL_RATE = "ipps.capital_rate"
AREAS = "ipps.wage_index"
OUT_MIGRATION = "ipps.out_migration"
RURAL_FLOOR = "ipps.rural_floor"
PRIOR_YEAR = "ipps.prior_year_wage_index"
NEW_TECHNOLOGY = "ipps.new_technology"
TWO_MIDNIGHT = "ipps.two_midnight"
PROVIDER = "ipps.provider"

_DATASETS = (
    WEIGHTS,
    AMOUNTS,
    CAPITAL_RATE,
    AREAS,
    OUT_MIGRATION,
    RURAL_FLOOR,
    PRIOR_YEAR,
    NEW_TECHNOLOGY,
    TWO_MIDNIGHT,
)


class _Held:
    """What was read of one store: tables by the releases that they were read from, and by day."""

    __slots__ = ("by_day", "by_releases")

    def __init__(self) -> None:
        self.by_day: dict[date, Tables] = {}
        self.by_releases: dict[tuple[int, ...], Tables] = {}


_held: WeakKeyDictionary[Store, _Held] = WeakKeyDictionary()


def tables(store: Store, *, on: date) -> Tables:
    """The tables of the fiscal year of the discharge date ``on``, read once for a store.

    Raises :class:`~superbill.errors.NotCovered` for a year whose law, amounts or group weights
    are not held.
    """
    held = _held.get(store)
    if held is None:
        held = _held[store] = _Held()
    found = held.by_day.get(on)
    if found is None:
        year = fiscal_year(on)
        if year in versions.LOGIC_ONLY or year not in versions.VERSIONS:
            raise versions.not_covered(year, on)
        key = (year, *(_release(store, dataset, on) for dataset in _DATASETS))
        found = held.by_releases.get(key)
        if found is None:
            found = held.by_releases[key] = _read(store, year, on)
        held.by_day[on] = found
    return found


def hospital(store: Store, ccn: str, *, on: date) -> Hospital | None:
    """The hospital's record of the provider-specific file on a day, or ``None``.

    Raises :class:`~superbill.errors.NotCovered` where the store holds no such file for the day.
    """
    row = store.find(PROVIDER, on=on, ccn=ccn)
    if row is None:
        return None
    return _hospital(
        {
            item.name: {
                "text": row.text,
                "date": row.day,
                "flag": row.flag,
                "integer": row.cell,
                "decimal": row.maybe_decimal,
            }[item.type](item.name)
            for item in psf.ITEMS
        }
    )


def read_profile(path: Path, *, ccn: str = "", on: date | None = None) -> Hospital:
    """A hospital from a file: a profile in TOML or JSON, or CMS's provider-specific file.

    Of a provider-specific file, ``ccn`` names the hospital and ``on`` the discharge date (each
    may be left out where the file holds one). Raises :class:`~superbill.errors.Invalid` naming
    what is wrong.
    """
    if not path.is_file():
        raise Invalid.at(str(path), "there is no such file.")
    if path.suffix.lower() == ".toml":
        return read.hospital_profile(path.read_bytes())
    if path.suffix.lower() == ".json":
        return read.hospital(path.read_bytes())
    document = Document.at(path)
    layout = next((found for found in (psf.CSV, psf.FIXED) if found.recognise(document)), None)
    if layout is None:
        raise Invalid.at(
            str(path),
            "is neither a profile (.toml, .json) nor CMS's provider-specific file.",
            "Bring the inpatient CSV export, or records of 310 characters.",
        )
    rows = [
        row
        for row in layout.parse(document, Period("", date.min, date.max))
        if (not ccn or row[2] == ccn) and (on is None or _within(row, on))
    ]
    if len(rows) != 1:
        which = f"{len(rows)} records" + (f" of {ccn}" if ccn else "")
        raise Invalid.at(
            str(path),
            f"holds {which}{'' if on is None else f' on {on.isoformat()}'}.",
            "Name one hospital by its CCN, and the discharge date.",
        )
    return _hospital(dict(zip((item.name for item in psf.ITEMS), rows[0][2:], strict=True)))


def _within(row: tuple[object, ...], on: date) -> bool:
    start, end = row[0], row[1]
    assert isinstance(start, date)
    assert isinstance(end, date)
    return on in Span(start, end)


def _hospital(fields: dict[str, object]) -> Hospital:
    """A record of the provider-specific file as our value."""
    for item in psf.ITEMS:
        if item.type == "flag":
            fields[item.name] = bool(fields[item.name])
    return Hospital(**fields)  # type: ignore[arg-type]


def _release(store: Store, dataset: str, on: date) -> int:
    return store.release(dataset, on=on).id if store.covers(dataset, on=on) else 0


def _rows(store: Store, dataset: str, on: date) -> Iterator[Row]:
    """The rows of a dataset on a day; none where the store does not hold it for the day."""
    return iter(store.rows(dataset, on=on) if store.covers(dataset, on=on) else ())


def _read(store: Store, year: int, on: date) -> Tables:
    law = versions.law(year)
    figures = rates.figures(year)
    sources = {
        name: str(store.release(dataset, on=on))
        for name, dataset in (
            ("weights", WEIGHTS),
            ("amounts", AMOUNTS),
            ("areas", AREAS),
            ("out_migration", OUT_MIGRATION),
            ("new_technology", NEW_TECHNOLOGY),
        )
        if store.covers(dataset, on=on)
    }
    amounts: list[StandardizedAmount] = [
        StandardizedAmount(
            row.flag("quality"),
            row.flag("ehr_user"),
            row.flag("high_wage"),
            row.decimal("labor"),
            row.decimal("nonlabor"),
            row.span,
        )
        for row in _rows(store, AMOUNTS, on)
    ]
    if not amounts:
        held, cited = rates.amounts(year)
        amounts = list(held)
        sources |= {amounts_source(high=high): said for high, said in cited.items()}
    if not amounts:
        raise store.not_covered(AMOUNTS, on=on)
    capital = next(_rows(store, CAPITAL_RATE, on), None)
    technologies = None
    if store.covers(NEW_TECHNOLOGY, on=on):
        technologies = list(_technologies(store, on))
    return Tables(
        law=law,
        figures=figures
        if capital is None
        else figures._replace(
            capital_federal_rate=capital.decimal("rate"),
            sources=figures.sources | {"capital_federal_rate": str(capital.release)},
        ),
        weights=_weights(store, on),
        amounts=amounts,
        areas=_areas(store, figures.span),
        out_migration=[
            OutMigration(row.text("county"), row.span, row.decimal("adjustment"))
            for row in _history(store, OUT_MIGRATION, figures.span)
        ],
        rural_floors=[
            RuralFloor(row.text("cbsa"), row.span, row.decimal("floor"))
            for row in _history(store, RURAL_FLOOR, figures.span)
        ],
        prior_year=[
            PriorYearIndex(row.text("ccn"), row.decimal("wage_index"))
            for row in _rows(store, PRIOR_YEAR, on)
        ],
        technologies=technologies,
        two_midnight=[
            (row.text("area"), row.decimal("factor")) for row in _rows(store, TWO_MIDNIGHT, on)
        ],
        release=f"reference store {store.digest[:12]}",
        sources=sources,
    )


def _weights(store: Store, on: date) -> Iterator[DrgWeight]:
    for row in store.rows(WEIGHTS, on=on):
        yield DrgWeight(
            row.text("drg"),
            row.decimal("weight"),
            row.decimal("geometric_mean_stay"),
            row.decimal("arithmetic_mean_stay"),
            row.flag("post_acute"),
            row.flag("special_pay"),
            row.text("title"),
            row.text("mdc"),
            row.text("type"),
            row.maybe_decimal("weight_before_cap"),
        )


_SIZES: dict[str, Size] = {"L": "L", "O": "O", "R": "R"}


def _areas(store: Store, span: Span) -> Iterator[AreaWageIndex]:
    for row in _history(store, AREAS, span):
        yield AreaWageIndex(
            row.text("cbsa"),
            _SIZES[row.text("size")],
            row.span,
            row.decimal("geographic"),
            row.decimal("reclassified"),
            row.decimal("rural_floor"),
            row.text("name"),
            row.maybe_decimal("imputed_floor"),
        )


def _technologies(store: Store, on: date) -> Iterator[Technology | IsletIsolation]:
    rows = sorted(store.rows(NEW_TECHNOLOGY, on=on), key=lambda row: row.integer("position"))
    for row in rows:
        yield read_back(
            row.text("technology"),
            row.decimal("maximum"),
            row.maybe_decimal("maximum_for_more"),
            row.maybe_decimal("percent"),
            row.text("codes"),
            row.text("ndcs"),
        )


def _history(store: Store, dataset: str, span: Span) -> Iterator[Row]:
    """The rows that hold on any day of the fiscal year."""
    return (row for row in store.history(dataset, within=span) if row.span.overlaps(span))
