"""A fee schedule of our own making, with round figures, for rules that no Level II code shows.

The codes are of no published list. Every index is 1, and the conversion factor 10, unless a test
says otherwise: a relative value of 1.00 is worth 10 dollars.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from superbill.dates import Span
from superbill.pricing.mpfs import Line, Locality, Tables, Values
from superbill.pricing.mpfs.rates import figures

DAY = date(2026, 5, 4)
ONE = Decimal(1)


def values(
    code: str, work: str, practice: str = "0", malpractice: str = "0", **more: Any
) -> Values:
    """A row: active, office and facility the same, no indicator set."""
    given: dict[str, Any] = {
        "modifier": "",
        "status": "A",
        "nonfacility_na": "",
        "facility_na": "",
        "pctc": "0",
        "global_days": "XXX",
        "preoperative": Decimal(0),
        "intraoperative": Decimal(0),
        "postoperative": Decimal(0),
        "multiple": "0",
        "bilateral": "0",
        "assistant": "0",
        "co_surgeons": "0",
        "team": "0",
        "endoscopic_base": "",
        "imaging_family": "99",
        "nonfacility_practice": Decimal(practice),
        "facility_practice": Decimal(practice),
    } | more
    return Values(code=code, work=Decimal(work), malpractice=Decimal(malpractice), **given)


PLACE = Locality("99999", "01", "HERE", ONE, ONE, ONE, Decimal("20.00"), Decimal("20.50"))


def tables(*rows: Values, factor: str = "10", place: Locality = PLACE, **more: Any) -> Tables:
    """A release of these rows for 2026."""
    return Tables(
        figures=figures(DAY),
        values=rows,
        localities=[place],
        factor=Decimal(factor),
        apm_factor=Decimal(factor) + 1,
        release="RVU26A",
        days=Span(date(2026, 1, 1), date(2027, 1, 1)),
        **more,
    )


def line(code: str, *modifiers: str, **more: Any) -> Line:
    """A line in an office on :data:`DAY`."""
    given: dict[str, Any] = {"date": DAY, "pos": "11", "carrier": "99999", "locality": "01"} | more
    return Line(code=code, modifiers=modifiers, **given)
