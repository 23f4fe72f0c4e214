"""Every published amount, recomputed from the files' own columns in whole numbers.

Nothing here calls the pricer's arithmetic: the CSV files are read as they are, relative values are
hundredths, indices thousandths, factors ten-thousandths, and the cent is rounded by whole-number
division.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from superbill.pricing.mpfs import Line, Pricer

pytestmark = pytest.mark.shared

RELEASES = {
    "PPRRVU2026_Jan_nonQPP_HCPCS-LevelII-only.csv": (date(2026, 1, 1), date(2026, 6, 30), "RVU26A"),
    "PPRRVU2026_Jul_nonQPP_HCPCS-LevelII-only.csv": (
        date(2026, 7, 1),
        date(2026, 12, 31),
        "RVU26C",
    ),
}
APM_FACTOR = 335675  # 33.5675, CY 2026 final rule
PAYABLE = {"A", "R", "T"}


def scaled(text: str, places: int) -> int:
    """A published decimal as a whole number of its smallest unit."""
    whole, _, fraction = text.strip().partition(".")
    assert len(fraction) <= places
    return int(whole + fraction.ljust(places, "0"))


class Place(NamedTuple):
    carrier: str
    locality: str
    work: int
    practice: int
    malpractice: int


def localities(folder: Path) -> list[Place]:
    with (folder / "GPCI2026.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0].strip().isdigit()]
    return [
        Place(row[0].strip(), row[2].strip(), *(scaled(row[i], 3) for i in (5, 6, 7)))
        for row in rows
    ]


def cents(work: int, practice: int, malpractice: int, at: Place, factor: int) -> int:
    """Hundredths × thousandths × ten-thousandths are billionths: half up to the cent."""
    billionths = (work * at.work + practice * at.practice + malpractice * at.malpractice) * factor
    return (billionths + 5_000_000) // 10_000_000


@pytest.mark.parametrize("name", RELEASES)
@pytest.mark.parametrize("last_day", [False, True])
def test_every_payable_row_in_every_locality(
    name: str, last_day: bool, folder: Path, pricer: Pricer
) -> None:
    first, last, release = RELEASES[name]
    day = last if last_day else first
    places = localities(folder)
    assert len({place[:2] for place in places}) == 109
    checked = 0
    wrong = []
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    for row in rows:
        code, modifier, status = row[0], row[1], row[3]
        work, outside, inside, malpractice = (scaled(row[i], 2) for i in (5, 6, 8, 10))
        if status not in PAYABLE or not work + outside + inside + malpractice:
            continue
        for at in places if not last_day else places[::37]:
            for pos, practice in (("11", outside), ("22", inside)):
                for apm, factor in ((False, scaled(row[25], 4)), (True, APM_FACTOR)):
                    found = pricer.price(
                        Line(
                            code=code,
                            modifiers=(modifier,) if modifier else (),
                            date=day,
                            carrier=at.carrier,
                            locality=at.locality,
                            pos=pos,
                            apm=apm,
                        )
                    )
                    expected = cents(work, practice, malpractice, at, factor)
                    checked += 1
                    if found.allowed != Decimal(expected).scaleb(-2) or found.release != release:
                        wrong.append((code, modifier, at, pos, apm, expected, found.allowed))
    assert not wrong, wrong[:5]
    assert checked == len([r for r in rows if payable(r)]) * (3 if last_day else 109) * 4
    assert checked > (200_000 if not last_day else 5_000)


def payable(row: list[str]) -> bool:
    return row[3] in PAYABLE and any(scaled(row[i], 2) for i in (5, 6, 8, 10))
