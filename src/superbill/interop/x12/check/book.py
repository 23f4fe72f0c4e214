"""Sets of codes that level 5 holds a file against, each on a day.

Diagnoses, inpatient procedures and HCPCS codes come from the reference store, on the date of
service. Places of service are few and public, and stand here. What is not held is said to be not
checked: procedure codes of the AMA and the ADA, claim adjustment and remark codes, taxonomy codes,
the codes of the National Uniform Billing Committee.

Sources: CMS, place of service code set (10 since 1 January 2022, change request 12427; 58 since
1 January 2020, change request 11353); ISO 3166-1 for countries.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Literal

from superbill.codes.validity import dataset, is_valid
from superbill.dates import Span
from superbill.errors import NotCovered
from superbill.store.open import Store

type Held = bool | str
"""Whether a code is valid, or why that could not be found out."""

_SYSTEMS: dict[str, Literal["ICD-10-CM", "ICD-10-PCS"]] = {
    "cm": "ICD-10-CM",
    "pcs": "ICD-10-PCS",
}

ICD10_SINCE = date(2015, 10, 1)
"""The first day of ICD-10 (45 CFR 162.1002)."""

_PLACES = (
    "01 02 03 04 05 06 07 08 09 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34"
    " 41 42 49 50 51 52 53 54 55 56 57 60 61 62 65 66 71 72 81 99"
)
PLACES = dict.fromkeys(_PLACES.split(), date.min) | {
    "10": date(2022, 1, 1),
    "58": date(2020, 1, 1),
}
"""Places of service, and since when."""

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ"
    " BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK"
    " DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ"
    " GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH"
    " KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM"
    " MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF"
    " PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM"
    " SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US"
    " UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRIES.split())

_LEVEL_TWO = re.compile(r"[A-CE-V][0-9]{4}")
_HCPCS = "hcpcs.codes"
_DATASETS = {kind: dataset(system, "validity") for kind, system in _SYSTEMS.items()} | {
    "hcpcs": _HCPCS
}
_MOST = 20_000


class CodeBook:
    """The reference store as level 5 asks it: open, to be opened when needed, or ``None``.

    What was asked is kept, because claims repeat their codes.
    """

    __slots__ = ("_open", "_sets", "_store")

    def __init__(self, store: Store | Callable[[], Store] | None) -> None:
        # A store that is opened when it is first asked: most transactions need none.
        self._open = store if callable(store) else None
        self._store = None if callable(store) else store
        self._sets: dict[str, _Set] = {}

    def icd(self, system: str, code: str, on: date) -> Held:
        """Whether a diagnosis (``cm``) or procedure (``pcs``) may be reported on the day."""
        return self._ask(system, code, on)

    def hcpcs(self, code: str, on: date) -> Held:
        """Whether a HCPCS code is in use on the day."""
        if _LEVEL_TWO.fullmatch(code) is None:
            return "The AMA's and the ADA's procedure codes are not held."
        return self._ask("hcpcs", code, on)

    def place(self, code: str, on: date | None) -> bool:
        """Whether there is such a place of service."""
        since = PLACES.get(code)
        return since is not None and (on is None or since <= on)

    def _ask(self, kind: str, code: str, on: date) -> Held:
        if self._store is None:
            if self._open is None:
                return "No reference store was opened."
            self._store = self._open()
        held = self._sets.get(kind)
        if held is None:
            try:
                held = self._sets[kind] = _Set(self._store, _DATASETS[kind])
            except KeyError:
                return "The store was built before it held such codes."
        if held.speaks_for(on):
            return held.holds(code, on)
        try:
            if kind == "hcpcs":
                return self._store.find(_HCPCS, on=on, code=code) is not None
            return is_valid(self._store, _SYSTEMS[kind], code, on=on)
        except NotCovered as missing:
            return f"{missing.what} is not held for {on.year}."


class _Set:
    """The days on which each code of a dataset holds, as they are asked for.

    A code is looked up once, whatever the days of the claims. The most that are kept are enough
    for what is common; the rest is asked again.
    """

    __slots__ = ("_coverage", "_days", "_kept", "_spans", "_sql", "_store")

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._coverage = store.coverage(name)
        self._days: dict[date, bool] = {}
        self._kept: dict[str, tuple[Span, ...]] = {}
        self._spans: dict[tuple[object, ...], tuple[Span, ...]] = {}  # few rows differ in them
        table = store.info(name).table  # the store's own, never from a file
        self._sql = f"SELECT valid_from, valid_to, release FROM {table} WHERE code = ?"  # noqa: S608

    def speaks_for(self, on: date) -> bool:
        """Whether a release answers for the day."""
        held = self._days.get(on)
        if held is None:
            if len(self._days) >= _MOST:
                self._days.clear()
            held = self._days[on] = any(on in span for span, _ in self._coverage)
        return held

    def holds(self, code: str, on: date) -> bool:
        """Whether the code holds on the day."""
        spans = self._kept.get(code)
        if spans is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            rows = self._store.query(self._sql, code)
            spans = self._cut(rows[0]) if len(rows) == 1 else sum(map(self._cut, rows), ())
            self._kept[code] = spans
        for start, end in spans:  # noqa: SIM110 - any() takes three times as long
            if start <= on < end:
                return True
        return False

    def _cut(self, row: tuple[object, ...]) -> tuple[Span, ...]:
        """A row's days, cut to those on which its release is the one that answers."""
        spans = self._spans.get(row)
        if spans is None:
            start, end, number = row
            own = Span(date.fromisoformat(str(start)), date.fromisoformat(str(end)))
            spans = self._spans[row] = tuple(
                Span(max(span.start, own.start), min(span.end, own.end))
                for span, release in self._coverage
                if release.id == number
            )
        return spans


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """A day written CCYYMMDD; ``None`` where there is no such day (told at level 1).

    >>> day("20260301"), day("20260230")
    (datetime.date(2026, 3, 1), None)
    """
    if len(text) < 8 or not text[:8].isascii() or not text[:8].isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
