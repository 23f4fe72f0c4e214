"""The releases that may be compared, by the names that people give them.

Codes are held by day, so that a release is the days from one change to the next: FY2026 from
1 October 2025, April 2026 from 1 April. HCPCS is held by the quarterly file.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from superbill.codes.differences.answer import SYSTEMS, TITLES, System
from superbill.dates import FOREVER, Span, fiscal_year
from superbill.errors import Invalid
from superbill.sources.release_names import period_of
from superbill.store.open import Store

# What says which codes or groups there are on a day, the fullest first.
_BASES: dict[System, tuple[str, ...]] = {
    "icd10cm": ("icd10cm.validity", "icd10cm.order"),
    "icd10pcs": ("icd10pcs.validity", "icd10pcs.order"),
    "msdrg": ("msdrg.drg_titles", "ipps.drg_weights"),
    "hcpcs": ("hcpcs.codes",),
}
# What changes on days of its own.
_CHANGES: dict[System, tuple[str, ...]] = {
    "icd10cm": ("icd10cm.validity",),
    "icd10pcs": ("icd10pcs.validity",),
    "msdrg": ("msdrg.drg_titles", "icd10cm.severity", "icd10pcs.operating_room"),
    "hcpcs": (),
}
_NAME = re.compile(
    r"(?:fy ?)?(?:20)?\d\d|(?:january|jan|april|apr|october|oct)[ -]?(?:1,? ?)?20\d\d",
    re.IGNORECASE,
)
_VERSION = re.compile(r"v?(?P<version>[3-9]\d)(?:\.(?P<update>[01]))?", re.IGNORECASE)
# Version 43 of the MS-DRGs is that of fiscal year 2026.
_VERSION_YEAR = 1983


class Held(NamedTuple):
    """A release that is held: its name, and the days from it to the next one."""

    label: str
    span: Span


def system_named(text: str) -> System:
    """The code system that people call ``text``.

    >>> system_named("ICD-10-CM"), system_named("pcs")
    ('icd10cm', 'icd10pcs')
    """
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    known: dict[str, System] = {
        **{system: system for system in SYSTEMS},
        "cm": "icd10cm",
        "pcs": "icd10pcs",
        "drg": "msdrg",
    }
    if plain not in known:
        raise Invalid.at("system", f"{text[:40]!r} is none.", f"Use one of {', '.join(SYSTEMS)}.")
    return known[plain]


def base(store: Store, system: System, on: date) -> str:
    """The dataset that says which codes there are on the day; ``NotCovered`` where none does."""
    for dataset in _BASES[system]:
        if store.covers(dataset, on=on):
            return dataset
    raise store.not_covered(_BASES[system][0], on=on)


def held(store: Store, system: System) -> list[Held]:
    """Every release of the system that is held, in order."""
    covered = [span for name in _BASES[system] for span, _ in store.coverage(name)]
    if not covered:
        return []
    starts = {span.start for span in covered}
    for span in covered if system != "hcpcs" else ():
        last = min(span.last, date(2100, 1, 1))
        years = range(span.start.year, last.year + 1)
        starts |= {day for year in years if (day := date(year, 10, 1)) in span}
    for name in _CHANGES[system]:
        if not store.coverage(name):
            continue
        rows = store.query(f"SELECT DISTINCT valid_from FROM {store.info(name).table}")  # noqa: S608
        starts |= {date.fromisoformat(str(row[0])) for row in rows}
    days = sorted(day for day in starts if any(day in span for span in covered))
    found = []
    for day, after in zip(days, [*days[1:], FOREVER], strict=True):
        ends = [span.end for span in covered if day in span]
        found.append(Held(_label(day, system), Span(day, min(after, max(ends)))))
    return found


def release_named(store: Store, system: System, text: str, path: str) -> Held:
    """The release called ``text``: FY2026, April 2026, 43.1 (of MS-DRG), or a day in it.

    Raises :class:`~superbill.errors.Invalid` naming ``path``, with those that are held.
    """
    releases = held(store, system)
    day = _day(text.strip(), system)
    for release in releases:
        if day is not None and day in release.span and (_is_day(text) or day == release.span.start):
            return release
    # An update that changed no code is the release that it updated.
    for release in releases:
        if day is not None and day in release.span:
            return Held(_label(day, system), Span(day, release.span.end))
    what = "is no release" if day is None else "is not held"
    names = ", ".join(release.label for release in releases) or "none"
    said = f"{text[:40]!r} {what} of {TITLES[system]}."
    bring = " Others from their files: superbill data build --from DIR"
    raise Invalid.at(path, said, f"Held: {names}.{bring}")


def _is_day(text: str) -> bool:
    return re.fullmatch(r"\d{4}-?\d\d-?\d\d", text.strip()) is not None


def _day(text: str, system: System) -> date | None:
    if _is_day(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    version = _VERSION.fullmatch(text) if system == "msdrg" else None
    if version is not None:
        year = int(version["version"]) + _VERSION_YEAR
        return date(year, 4, 1) if version["update"] == "1" else date(year - 1, 10, 1)
    if not _NAME.fullmatch(text):
        return None
    plain = re.fullmatch(r"(?:fy ?)?(?:20)?(\d\d)", text, re.IGNORECASE)
    period = period_of(f"FY20{plain[1]}" if plain else text)
    return None if period is None else period.valid_from


def _label(day: date, system: System) -> str:
    if system != "hcpcs" and (day.month, day.day) == (10, 1):
        return f"FY{fiscal_year(day)}"
    return f"{day:%B} {day.year}"
