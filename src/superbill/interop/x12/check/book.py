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

from superbill.codes.validity import is_valid
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
_MOST = 20_000


class CodeBook:
    """The reference store as level 5 asks it: open, to be opened when needed, or ``None``.

    Answers are kept, up to a number, because claims repeat their codes.
    """

    __slots__ = ("_kept", "_open", "_store")

    def __init__(self, store: Store | Callable[[], Store] | None) -> None:
        # A store that is opened when it is first asked: most transactions need none.
        self._open = store if callable(store) else None
        self._store = None if callable(store) else store
        self._kept: dict[tuple[str, str, date], Held] = {}

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
        asked = (kind, code, on)
        held = self._kept.get(asked)
        if held is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            try:
                if kind == "hcpcs":
                    held = self._store.find(_HCPCS, on=on, code=code) is not None
                else:
                    held = is_valid(self._store, _SYSTEMS[kind], code, on=on)
            except NotCovered as missing:
                held = f"{missing.what} is not held for {on.year}."
            self._kept[asked] = held
        return held


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
