"""Tables and localities of the physician fee schedule from the reference store."""

from __future__ import annotations

from datetime import date
from weakref import WeakKeyDictionary

from superbill.errors import Invalid, NotCovered
from superbill.pricing.mpfs.rates import Figures, figures
from superbill.pricing.mpfs.tables import Cap, Locality, Tables, Values
from superbill.store.open import Row, Store

VALUES = "mpfs.relative_values"
APM_FACTOR = "mpfs.apm_conversion_factor"
GPCI = "mpfs.gpci"
ANESTHESIA = "mpfs.anesthesia"
CAP = "mpfs.opps_cap"
ZIP = "mpfs.zip"
ZIP4 = "mpfs.zip4"
HCPCS = "hcpcs.codes"

_DATASETS = (VALUES, GPCI, APM_FACTOR, ANESTHESIA, CAP)
_MANY = 500
"""So many ZIP codes looked up one by one, and the rest of the quarter's are read at once."""

_OLD_STORE = "The reference store is older than this dataset. Build it anew: superbill data build"


class _Held:
    """What was read of one store."""

    __slots__ = ("asked", "by_day", "by_release", "zips")

    def __init__(self) -> None:
        self.by_day: dict[date, Tables] = {}
        self.by_release: dict[tuple[object, ...], Tables] = {}
        self.zips: dict[tuple[str, int], tuple[str, str]] = {}
        self.asked: dict[int, int] = {}


_held: WeakKeyDictionary[Store, _Held] = WeakKeyDictionary()


def tables(store: Store, *, on: date) -> Tables:
    """The tables of the release that answers on the date of service, read once for a store.

    Raises :class:`~superbill.errors.NotCovered` for a day whose figures, relative values or cost
    indices are not held.
    """
    held = _held.setdefault(store, _Held())
    found = held.by_day.get(on)
    if found is None:
        year = figures(on)
        floored = on < year.work_floor_until
        key = (floored, *(_release(store, dataset, on) for dataset in _DATASETS))
        found = held.by_release.get(key)
        if found is None:
            found = held.by_release[key] = _read(store, year, on, floored=floored)
        held.by_day[on] = found
    return found


def locality(store: Store, zip_code: str, *, on: date, path: str = "zip") -> tuple[str, str]:
    """The carrier and locality of a ZIP code of five or nine digits on a day.

    Raises :class:`~superbill.errors.Invalid` for a ZIP code that Medicare's file does not know, and
    for five digits that lie in several localities.
    """
    held = _held.setdefault(store, _Held())
    # The rows of the ZIP files hold for quarters or years.
    quarter = on.year * 4 + (on.month - 1) // 3
    key = (zip_code, quarter)
    found = held.zips.get(key)
    if found is None:
        asked = held.asked[quarter] = held.asked.get(quarter, 0) + 1
        if asked == _MANY:
            held.zips.update(_whole_zips(store, on, quarter))
        found = held.zips.get(key)
        if found is None:
            found = held.zips[key] = _locality(store, zip_code, on, path)
    return found


def _whole_zips(store: Store, on: date, quarter: int) -> dict[tuple[str, int], tuple[str, str]]:
    """Every ZIP code of five digits that lies in one locality, read at once."""
    _known(store, ZIP, on)
    several: dict[str, set[tuple[str, str]]] = {}
    if store.covers(ZIP4, on=on):
        for five, *place in _cells(store, ZIP4, on):
            several.setdefault(five, set()).add((place[0], place[1]))
    return {
        (five, quarter): (carrier, locality)
        for five, carrier, locality in _cells(store, ZIP, on)
        if several.get(five, set()) <= {(carrier, locality)}
    }


def _cells(store: Store, dataset: str, on: date) -> list[tuple[str, str, str]]:
    day = on.isoformat()
    rows = store.query(
        f"SELECT DISTINCT zip, carrier, locality FROM {store.info(dataset).table} "  # noqa: S608
        "WHERE release = ? AND valid_from <= ? AND valid_to > ?",
        store.release(dataset, on=on).id,
        day,
        day,
    )
    return [(str(five), str(carrier), str(locality)) for five, carrier, locality in rows]


def _locality(store: Store, zip_code: str, on: date, path: str) -> tuple[str, str]:
    five, four = zip_code[:5], zip_code[5:]
    _known(store, ZIP, on)
    row = store.find(ZIP, on=on, zip=five)
    if row is None:
        raise Invalid.at(
            path,
            f"ZIP code {five} is not in Medicare's list of ZIP codes on {on.isoformat()}.",
            "Give the ZIP code of the place of service, or carrier and locality.",
        )
    whole = row.text("carrier"), row.text("locality")
    parts = store.rows(ZIP4, on=on, zip=five) if store.covers(ZIP4, on=on) else []
    if four:
        for part in parts:
            if part.text("plus4_from") <= four <= part.text("plus4_to"):
                return part.text("carrier"), part.text("locality")
    several = {(part.text("carrier"), part.text("locality")) for part in parts} | {whole}
    if len(several) > 1:
        names = ", ".join(" ".join(each) for each in sorted(several))
        what = f"{five}-{four} is not in the list, and {five}" if four else five
        raise Invalid.at(
            path,
            f"ZIP code {what} lies in several payment localities ({names}).",
            "Give all nine digits, or carrier and locality.",
        )
    return whole


def _known(store: Store, dataset: str, on: date) -> None:
    """Raise unless the store holds the dataset for the day."""
    try:
        store.release(dataset, on=on)
    except KeyError:
        raise NotCovered("The physician fee schedule", on=on, remedy=_OLD_STORE) from None


def _release(store: Store, dataset: str, on: date) -> int:
    if dataset in (VALUES, GPCI):
        _known(store, dataset, on)
    return store.release(dataset, on=on).id if store.covers(dataset, on=on) else 0


def _read(store: Store, year: Figures, on: date, *, floored: bool) -> Tables:
    release = store.release(VALUES, on=on)
    span = next(span for span, answering in store.coverage(VALUES) if on in span)
    sources = {"values": f"{release.label} {release.file}", "gpci": str(store.release(GPCI, on=on))}
    rows = store.rows(VALUES, on=on)
    factor = rows[0].decimal("conversion_factor")
    apm = (
        next(iter(store.rows(APM_FACTOR, on=on)), None) if store.covers(APM_FACTOR, on=on) else None
    )
    sources["factor"] = sources["values"]
    sources["apm_factor"] = year.apm_conversion_factor.source if apm is None else str(apm.release)

    def elsewhere(code: str) -> str:
        """What is known of a code that the release does not hold, in words."""
        found = sorted({row.release.label for row in store.history(VALUES, code=code)})
        if found:
            return f"it is in {', '.join(found)}"
        ended = _last_day(store, code)
        return f"its last day of use was {ended}" if ended and ended < on.isoformat() else ""

    return Tables(
        figures=year,
        values=map(_values, rows),
        localities=_localities(store, on, floored=floored),
        factor=factor,
        apm_factor=year.apm_conversion_factor.value
        if apm is None
        else apm.decimal("conversion_factor"),
        release=release.label,
        days=span,
        sources=sources,
        caps=_caps(store, on),
        elsewhere=elsewhere,
    )


def _last_day(store: Store, code: str) -> str:
    """The last day of a code of HCPCS Level II, where a file of these codes was brought."""
    try:
        table = store.info(HCPCS).table
    except KeyError:
        return ""
    rows = store.query(
        f"SELECT max(terminated) FROM {table} WHERE code = ? AND kind = 'code'",  # noqa: S608
        code,
    )
    return str(rows[0][0] or "")


def _values(row: Row) -> Values:
    return Values(
        row.text("code"),
        row.text("modifier"),
        row.text("status"),
        row.decimal("work"),
        row.decimal("nonfacility_practice"),
        row.text("nonfacility_na"),
        row.decimal("facility_practice"),
        row.text("facility_na"),
        row.decimal("malpractice"),
        row.text("pctc"),
        row.text("global_days"),
        row.decimal("preoperative"),
        row.decimal("intraoperative"),
        row.decimal("postoperative"),
        row.text("multiple"),
        row.text("bilateral"),
        row.text("assistant"),
        row.text("co_surgeons"),
        row.text("team"),
        row.text("endoscopic_base"),
        row.text("imaging_family"),
        row.decimal("nonfacility_opps"),
        row.decimal("facility_opps"),
        row.decimal("malpractice_opps"),
    )


def _localities(store: Store, on: date, *, floored: bool) -> list[Locality]:
    factors: dict[tuple[str, str], Row] = {}
    if store.covers(ANESTHESIA, on=on):
        factors = {
            (row.text("carrier"), row.text("locality")): row
            for row in store.rows(ANESTHESIA, on=on)
        }
    found = []
    for row in store.rows(GPCI, on=on):
        key = row.text("carrier"), row.text("locality")
        work = row.decimal("work")
        if not floored:
            bare = row.maybe_decimal("work_unfloored")
            if bare is None:
                raise NotCovered(
                    "The work index without its floor",
                    on=on,
                    remedy="Bring the practice cost indices of the day (GPCIyyyy.csv).",
                )
            work = bare
        anesthesia = factors.get(key)
        found.append(
            Locality(
                *key,
                row.text("name"),
                work,
                row.decimal("practice"),
                row.decimal("malpractice"),
                None if anesthesia is None else anesthesia.decimal("factor"),
                None if anesthesia is None else anesthesia.decimal("apm_factor"),
            )
        )
    return found


def _caps(store: Store, on: date) -> dict[tuple[str, str, str, str], Cap]:
    if not store.covers(CAP, on=on):
        return {}
    return {
        (
            row.text("code"),
            row.text("modifier"),
            row.text("carrier"),
            row.text("locality"),
        ): Cap(row.decimal("facility"), row.decimal("nonfacility"))
        for row in store.rows(CAP, on=on)
    }
