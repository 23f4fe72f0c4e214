"""Lines of logic read back to the codes that met them."""

from __future__ import annotations

import pytest

from superbill.grouping.msdrg.logic import Secondary, Stay, met, multiple_significant_trauma, parse
from superbill.sources.msdrg_tables import VERSION_STARTS, drg_rules

STAY = Stay(
    frozenset({"dxc0505", "strauma"}),
    [
        Secondary(3, frozenset({"ami"}), "MCC"),
        Secondary(1, frozenset({"renalfail", "sthead"}), "CC"),
        Secondary(2, frozenset({"diabetes", "stpel"}), "NEITHER"),
    ],
    [frozenset({"nonor"}), frozenset({"d468", "valve"})],
)


@pytest.mark.parametrize(
    ("formula", "holds", "places", "procedures"),
    [
        ("(MCC & PDX:dxc0505)", True, {0, 3}, set()),
        ("CC & PDX:dxc0505", True, {0, 1}, set()),
        ("PDX:dxc0506", False, set(), set()),
        ("PDX:dxc0506 | SDX:diabetes", True, {2}, set()),
        ("ANY:ami", True, {3}, set()),
        ("ANY:dxc0505", True, {0}, set()),
        ("~PDX:mouthlip & valve", True, set(), {1}),
        ("~PDX:dxc0505", False, set(), set()),
        ("kidpan & ANY:renalfail", False, set(), set()),
        ("(d468 | d477) & MCC", True, {3}, {1}),
        ("ALIVE & ANY:ami", True, {3}, set()),
        ("~DIED & CC", True, {1}, set()),
        ("ORPROC & MCC", True, {3}, {1}),
        ("PDX:strauma & MULTST", True, {0, 1, 2}, set()),
    ],
)
def test_a_line_names_the_codes_it_holds_by(
    formula: str, holds: bool, places: set[int], procedures: set[int]
) -> None:
    found = met(parse(formula), STAY)
    assert found == (holds, frozenset(places), frozenset(procedures))


def test_lists_of_combinations_are_assumed_only_when_asked() -> None:
    assert not met(parse("kidpan & CC"), STAY).holds
    assumed = met(parse("kidpan & CC"), STAY._replace(assume_procedures=True))
    assert assumed.holds
    assert assumed.places == {1}


def test_trauma_of_one_site_is_not_multiple() -> None:
    one = STAY._replace(secondary=STAY.secondary[1:2])
    assert not multiple_significant_trauma(one).holds
    same = one._replace(principal_lists=frozenset({"sthead"}))
    assert not multiple_significant_trauma(same).holds


@pytest.mark.parametrize("version", [version for version, _ in VERSION_STARTS])
def test_every_published_line_can_be_read(version: int) -> None:
    lines = [rule.formula for rule in drg_rules(version)]
    assert len(lines) > 700
    for formula in lines:
        parse(formula)


def test_a_line_that_does_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match="does not end"):
        parse("MCC CC")
