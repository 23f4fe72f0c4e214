"""Anaesthesia: 42 CFR 414.46 and chapter 12, section 50, of the Medicare Claims Processing Manual.

The locality's factor is 20.00 dollars, 20.50 for qualifying participants.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from superbill.errors import Invalid, NotCovered
from superbill.model import Recorder
from superbill.pricing.mpfs import price
from superbill.pricing.mpfs.anesthesia import amount, time_units
from superbill.pricing.mpfs.rates import figures
from tests.unit.pricing.mpfs.small import DAY, PLACE, line, tables, values

HELD = tables(values("Z0800", "0", status="J"))


@pytest.mark.parametrize(
    ("minutes", "units"),
    [(0, "0.0"), (15, "1.0"), (16, "1.1"), (17, "1.1"), (62, "4.1"), (65, "4.3"), (9, "0.6")],
)
def test_time_to_one_decimal(minutes: int, units: str) -> None:
    assert str(time_units(minutes, figures(DAY))) == units


@pytest.mark.parametrize(
    ("modifiers", "more", "allowed"),
    [
        # (5 + 62 / 15 = 4.1) × 20.00
        (("AA",), {}, "182.00"),
        (("QZ",), {}, "182.00"),
        (("AA",), {"apm": True}, "186.55"),
        # Directed, or directing: half of it.
        (("QK",), {}, "91.00"),
        (("QX",), {}, "91.00"),
        (("QY",), {}, "91.00"),
        # More than four at once: three base units each.
        (("AD",), {}, "60.00"),
        (("AA", "QS"), {}, "182.00"),
        (("AA",), {"participating": False}, "172.90"),
        (("AA",), {"charge": Decimal("100.00")}, "100.00"),
    ],
)
def test_by_direction(modifiers: tuple[str, ...], more: dict[str, Any], allowed: str) -> None:
    given = line("Z0800", *modifiers, minutes=62, base_units=5, **more)
    found = price(given, tables=HELD, locality=PLACE, trace=Recorder())
    assert str(found.allowed) == allowed
    assert found.trace[-1].value == allowed


def test_a_tie_goes_up() -> None:
    # (3 + 2.1) × 20.05 × 0.5 = 51.1275 → 51.13; 5.1 × 19.95 × 0.5 = 50.8725 → 50.87
    for factor, cents in (("20.05", "51.13"), ("19.95", "50.87"), ("20.10", "51.26")):
        paid, _ = amount(3, 32, "QK", factor=Decimal(factor), figures=figures(DAY))
        assert str(paid) == cents  # 5.1 × 20.10 × 0.5 = 51.255, a tie


def test_presence_at_induction_adds_a_unit() -> None:
    paid, _ = amount(
        9, 60, "AD", factor=Decimal(20), figures=figures(DAY), present_at_induction=True
    )
    assert paid == Decimal("80.00")


@pytest.mark.parametrize(
    ("modifiers", "more", "paths"),
    [
        ((), {}, ["minutes", "base_units", "modifiers"]),
        (("AA",), {"minutes": 30}, ["base_units"]),
        (("AA",), {"base_units": 3}, ["minutes"]),
        (("AA",), {"minutes": 30, "base_units": 3, "units": 2}, ["units"]),
    ],
)
def test_what_is_missing(
    modifiers: tuple[str, ...], more: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        price(line("Z0800", *modifiers, **more), tables=HELD, locality=PLACE)
    assert [problem.path for problem in refused.value.problems] == paths


def test_a_locality_without_its_factor() -> None:
    bare = PLACE._replace(anesthesia=None)
    with pytest.raises(NotCovered, match="ANESyyyy"):
        price(line("Z0800", "AA", minutes=15, base_units=3), tables=HELD, locality=bare)
