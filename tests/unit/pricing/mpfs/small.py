"""A fee schedule of our own making, with round figures, for rules that no Level II code shows.

The codes are of no published list. Every index is 1, and the conversion factor 10, unless a test
says otherwise: a relative value of 1.00 is worth 10 dollars.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from superbill.dates import Span
from superbill.pricing.mpfs import Line, Locality, Tables, Values
from superbill.pricing.mpfs.rates import figures
from superbill.store.build import build
from superbill.store.datasets import hcpcs, mpfs
from tests.unit.sources.test_mpfs import GPCI_HEADER, HEADER_31

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


def small_store(folder: Path, factor: str = "33.4009", cap: str = "0.00") -> Path:
    """A store of files made here: codes Z0001 to Z0009, and 109 localities with an index of 1.

    Z0002 is not covered (N), Z0003 has both components of a capped test, Z0004
    and Z0005 are therapy. ``cap`` is the practice
    expense that its cap is calculated with.
    """
    row = "{},{},A service,{},,1.00,0.50,,0.25,,0.10,1.60,1.35,{},XXX,0.00,0.00,0.00,{},1,0,1,0,"
    tail = f",{factor},09,0,99,{{0}},{{0}},0.00"
    rows = [
        row.format(
            f"Z{number:04}",
            "",
            "N" if number == 2 else "A",
            "1" if number == 3 else "0",
            "5" if number in (4, 5) else "0",
        )
        + tail.format(cap if number == 3 else "0.00")
        for number in range(1, 10)
    ]
    rows.append(row.format("Z0003", "TC", "A", "1", "0") + tail.format(cap))
    (folder / "PPRRVU2026_Jan_nonQPP.csv").write_text("\n".join([HEADER_31, *rows]) + "\n")
    places = [f"{number:05},ST,00,PLACE,1.000,1.000,1.000,1.000" for number in range(109)]
    (folder / "GPCI2026.csv").write_text("\n".join([GPCI_HEADER, *places]) + "\n")
    store = folder / "store.sqlite"
    catalog = [
        each._replace(
            anchors=(), layouts=tuple(layout._replace(rows=(0, 1000)) for layout in each.layouts)
        )
        for each in (*mpfs.DATASETS, hcpcs.CODES)
    ]
    build([folder], store, catalog=catalog, comparisons=())
    return store
