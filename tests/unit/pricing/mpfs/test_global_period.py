"""Which services another one's global payment includes: CPM chapter 12, sections 40.1 to 40.4."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from superbill.pricing.mpfs import Service, included
from tests.unit.pricing.mpfs.small import tables, values

HELD = tables(
    values("Z0000", "1", global_days="000"),
    values("Z0010", "1", global_days="010"),
    values("Z0090", "1", global_days="090"),
    values("Z0091", "1", global_days="090"),
    values("G0463", "1"),
)
SURGERY = date(2026, 5, 4)


def service(
    code: str, days: int = 0, *modifiers: str, group: str = "A", claim: str = "2"
) -> Service:
    return Service(claim, 1, code, SURGERY + timedelta(days=days), group, modifiers)


def found(*services: Service) -> list[str]:
    return [each.service.claim for each in included(services, lambda _: HELD)]


@pytest.mark.parametrize(
    ("procedure", "days", "modifiers", "expected"),
    [
        ("Z0000", 0, (), True),
        ("Z0000", 0, ("25",), False),
        ("Z0000", 1, (), False),
        ("Z0000", -1, (), False),
        ("Z0010", 0, (), True),
        ("Z0010", 10, (), True),
        ("Z0010", 10, ("24",), False),
        ("Z0010", 11, (), False),
        ("Z0010", -1, (), False),
        ("Z0090", -1, (), True),
        ("Z0090", -1, ("57",), False),
        ("Z0090", -2, (), False),
        ("Z0090", 0, ("57",), False),
        ("Z0090", 0, ("25",), True),  # 25 is for minor procedures, 57 for major ones
        ("Z0090", 90, (), True),
        ("Z0090", 90, ("24",), False),
        ("Z0090", 91, (), False),
    ],
)
def test_visits(procedure: str, days: int, modifiers: tuple[str, ...], expected: bool) -> None:
    surgery = service(procedure, claim="1")
    visit = service("G0463", days, *modifiers)
    assert found(surgery, visit) == (["2"] if expected else [])
    assert found(visit, surgery) == (["2"] if expected else [])


def test_another_physician_s_visit_is_his_own() -> None:
    assert found(service("Z0090", claim="1"), service("G0463", 5, group="B")) == []


def test_who_gives_no_later_care_has_no_period() -> None:
    surgery = service("Z0090", 0, "54", claim="1")
    assert found(surgery, service("G0463", 5)) == []


@pytest.mark.parametrize("modifier", ["58", "78", "79"])
def test_a_second_procedure(modifier: str) -> None:
    first = service("Z0090", claim="1")
    assert found(first, service("Z0091", 30)) == ["2"]
    assert found(first, service("Z0091", 30, modifier)) == []


def test_it_says_within_what_and_why() -> None:
    surgery = service("Z0090", claim="1")
    (only,) = included([surgery, service("G0463", 3)], lambda _: HELD)
    assert only.within is surgery
    assert (only.period.start, only.period.last) == (date(2026, 5, 3), date(2026, 8, 2))
    assert "without 24" in only.why


def test_an_unknown_code_is_passed_over() -> None:
    assert found(service("Z9999", claim="1"), service("G0463", 3)) == []
