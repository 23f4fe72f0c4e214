"""The tables that a day's services are priced by, in memory.

Published by CMS in the relative value files of a year; the date of service selects the release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from superbill.dates import Span
from superbill.pricing.mpfs.rates import Figures


class Values(NamedTuple):
    """A row of the relative value file: a code, or one component of it (``26``, ``TC``, ``53``).

    The fields are those of the dataset ``mpfs.relative_values``; the last three are the values that
    the hospital outpatient amount is calculated with, where it caps the technical component.
    """

    code: str
    modifier: str
    status: str
    work: Decimal
    nonfacility_practice: Decimal
    nonfacility_na: str
    facility_practice: Decimal
    facility_na: str
    malpractice: Decimal
    pctc: str
    global_days: str
    preoperative: Decimal
    intraoperative: Decimal
    postoperative: Decimal
    multiple: str
    bilateral: str
    assistant: str
    co_surgeons: str
    team: str
    endoscopic_base: str
    imaging_family: str
    nonfacility_opps: Decimal = Decimal(0)
    facility_opps: Decimal = Decimal(0)
    malpractice_opps: Decimal = Decimal(0)

    @property
    def valued(self) -> bool:
        """Whether there is any relative value."""
        return bool(
            self.work or self.nonfacility_practice or self.facility_practice or self.malpractice
        )


class Locality(NamedTuple):
    """A payment locality with its indices on a day, the floor of the law applied."""

    carrier: str
    locality: str
    name: str
    work: Decimal
    practice: Decimal
    malpractice: Decimal
    anesthesia: Decimal | None = None
    apm_anesthesia: Decimal | None = None


class Cap(NamedTuple):
    """What the OPPS amount caps a technical component at, in dollars."""

    facility: Decimal
    nonfacility: Decimal


def _nothing(_: str) -> str:
    return ""


class Tables:
    """One release of the fee schedule, ready for look-up.

    ``release`` is CMS's name (``RVU26A``), ``days`` are the days of service it answers for.
    ``sources`` names what each kind of row was read from. ``elsewhere`` says, for a code that is
    not in this release, in which other one it is.
    """

    __slots__ = (
        "apm_factor",
        "apm_source",
        "caps",
        "days",
        "elsewhere",
        "factor",
        "figures",
        "localities",
        "release",
        "sources",
        "values",
    )

    def __init__(
        self,
        *,
        figures: Figures,
        values: Iterable[Values],
        localities: Iterable[Locality],
        factor: Decimal,
        apm_factor: Decimal,
        release: str,
        days: Span,
        sources: Mapping[str, str] | None = None,
        caps: Mapping[tuple[str, str, str, str], Cap] | None = None,
        elsewhere: Callable[[str], str] = _nothing,
    ) -> None:
        self.figures = figures
        self.values = {(row.code, row.modifier): row for row in values}
        self.localities = {(row.carrier, row.locality): row for row in localities}
        self.factor = factor
        self.apm_factor = apm_factor
        self.release = release
        self.days = days
        self.sources = dict(sources or {})
        self.caps = dict(caps or {})
        self.elsewhere = elsewhere
