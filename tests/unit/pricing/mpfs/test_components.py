"""Technical components on old equipment, and their caps, on a schedule of round figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from superbill.errors import Invalid
from superbill.model import Recorder
from superbill.pricing.mpfs import price, price_together
from superbill.pricing.mpfs.result import Priced
from superbill.pricing.mpfs.tables import Cap
from tests.unit.pricing.mpfs.small import PLACE, line, tables, values

TEST = [
    values("Z0400", "1", "4", pctc="1"),
    values("Z0400", "1", modifier="26", pctc="1"),
    values("Z0400", "0", "4", modifier="TC", pctc="1"),
    values("Z0401", "0", "3", pctc="3"),
    values("Z0402", "1", pctc="0"),
]


@pytest.mark.parametrize(
    ("code", "modifiers", "allowed"),
    [
        # 42 U.S.C. 1395w-4(b)(9), 1395m(p): of the technical 40.00; the physician's 10.00 is whole.
        ("Z0400", ("FX",), "42.00"),
        ("Z0400", ("FY",), "46.00"),
        ("Z0400", ("CT",), "44.00"),
        ("Z0400", ("TC", "FX"), "32.00"),
        ("Z0400", ("26", "FX"), "10.00"),
        ("Z0401", ("FX",), "24.00"),
        ("Z0400", ("FX", "50"), "42.00"),
    ],
)
def test_old_equipment(code: str, modifiers: tuple[str, ...], allowed: str) -> None:
    held = tables(*TEST)
    given = line(code, *modifiers)
    assert str(price(given, tables=held, locality=PLACE).allowed) == allowed
    explained = price(given, tables=held, locality=PLACE, trace=Recorder())
    assert explained.trace[-1].value == allowed


def test_no_test_no_equipment() -> None:
    with pytest.raises(Invalid, match="no technical component"):
        price(line("Z0402", "FX"), tables=tables(*TEST), locality=PLACE)


def test_film_and_computed_radiography() -> None:
    with pytest.raises(Invalid, match="on film or by computed radiography"):
        price(line("Z0400", "FX", "FY"), tables=tables(*TEST), locality=PLACE)


def test_a_published_cap_is_the_locality_s() -> None:
    row = values("Z0410", "0", "4", modifier="TC", pctc="1", nonfacility_opps=Decimal(9))
    key = ("Z0410", "TC", PLACE.carrier, PLACE.locality)
    held = tables(row, caps={key: Cap(Decimal("25.00"), Decimal("30.00"))})
    assert str(price(line("Z0410", "TC"), tables=held, locality=PLACE).allowed) == "30.00"
    inside = line("Z0410", "TC", pos="22")
    assert str(price(inside, tables=held, locality=PLACE).allowed) == "25.00"
    high = tables(row, caps={key: Cap(Decimal("99.00"), Decimal("99.00"))})
    assert str(price(line("Z0410", "TC"), tables=high, locality=PLACE).allowed) == "40.00"


def test_the_cap_is_in_the_trace() -> None:
    row = values("Z0410", "0", "4", modifier="TC", pctc="1", nonfacility_opps=Decimal(3))
    found = price(line("Z0410", "TC"), tables=tables(row), locality=PLACE, trace=Recorder())
    assert str(found.allowed) == "30.00"
    step = next(step for step in found.trace if step.name == "at most the OPPS amount")
    assert step.value == "30.00"
    assert "5102(b)" in step.citation


def test_equipment_counts_before_the_day_s_further_tests() -> None:
    # Technical 32.00 (film) and 20.00: the second is halved.
    rows = [
        row._replace(multiple="4")
        for row in (*TEST, values("Z0420", "0", "2", modifier="TC", pctc="1"))
    ]
    held = tables(*rows)
    given = [line("Z0400", "TC", "FX"), line("Z0420", "TC")]
    found = price_together([(each, held, PLACE) for each in given])
    assert [str(each.allowed) for each in found if isinstance(each, Priced)] == ["32.00", "10.00"]
