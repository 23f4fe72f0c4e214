"""The multiple-procedure rules on a schedule of round figures: 1.00 is worth 10 dollars."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from superbill.errors import NotCovered
from superbill.pricing.mpfs import Line, Priced, Tables, Values, price_together
from tests.unit.pricing.mpfs.small import PLACE, line, tables, values

SURGERY = [values(f"Z000{n}", str(n), multiple="2", bilateral="1") for n in range(1, 8)]
BEFORE_1995 = [values(f"Z010{n}", str(n), multiple="1") for n in range(1, 7)]


def together(held: Tables, *lines: Line) -> list[str]:
    """The allowed amounts in order; the word ``open`` for a line that is not priced."""
    found = price_together([(each, held, PLACE) for each in lines])
    return [str(each.allowed) if isinstance(each, Priced) else "open" for each in found]


def test_surgery_is_ranked_by_amount() -> None:
    # MPFSDB, multiple procedure indicator 2: 100, 50, 50, 50, 50 percent, then by report.
    held = tables(*SURGERY)
    assert together(held, line("Z0003"), line("Z0007"), line("Z0001")) == [
        "15.00",
        "70.00",
        "5.00",
    ]
    six = [line(f"Z000{n}") for n in range(1, 7)]
    assert together(held, *six) == ["open", "10.00", "15.00", "20.00", "25.00", "60.00"]


def test_the_sixth_is_open_and_says_why() -> None:
    held = tables(*SURGERY)
    found = price_together([(line(f"Z000{n}"), held, PLACE) for n in range(1, 7)])
    assert isinstance(found[0], NotCovered)
    assert "on a report" in str(found[0])


def test_units_are_procedures_of_their_own() -> None:
    assert together(tables(*SURGERY), line("Z0004", units=3)) == ["80.00"]  # 40 + 20 + 20


def test_modifier_51_is_left_to_the_ranking() -> None:
    held = tables(*SURGERY)
    assert together(held, line("Z0007", "51"), line("Z0001")) == ["70.00", "5.00"]
    assert together(held, line("Z0007", "51")) == ["70.00"]


def test_both_sides_are_one_procedure_before_ranking() -> None:
    # CPM chapter 12, section 40.7: 150 percent first, then the ranking: 60 ranks before 50.
    assert together(tables(*SURGERY), line("Z0004", "50"), line("Z0005")) == ["60.00", "25.00"]


def test_rules_before_1995() -> None:
    # MPFSDB, multiple procedure indicator 1: 100, 50, 25, 25, 25 percent.
    held = tables(*BEFORE_1995)
    five = [line(f"Z010{n}") for n in range(2, 7)]
    assert together(held, *five) == ["5.00", "7.50", "10.00", "25.00", "60.00"]


def test_indicator_0_is_never_reduced() -> None:
    held = tables(*SURGERY, values("Z0900", "2"))
    assert together(held, line("Z0900"), line("Z0007")) == ["20.00", "70.00"]


def test_other_days_are_apart() -> None:
    held = tables(*SURGERY)
    later = line("Z0006", date=line("Z0006").date.replace(day=5))
    assert together(held, line("Z0007"), later) == ["70.00", "60.00"]


BASE = values("Z0200", "2", multiple="3")
ENDOSCOPIES = [values(f"Z020{n}", str(n), multiple="3", endoscopic_base="Z0200") for n in (3, 4, 6)]


def test_an_endoscopy_family() -> None:
    # The dearest in full, of the others what exceeds the base code (20): 60, 40-20, 30-20.
    held = tables(BASE, *ENDOSCOPIES)
    given = [line("Z0203"), line("Z0206"), line("Z0204")]
    assert together(held, *given) == ["10.00", "60.00", "20.00"]


def test_a_family_ranks_as_one_procedure() -> None:
    # The family is worth 60 + 20 = 80, more than the 70 of the other, which is halved.
    held = tables(BASE, *ENDOSCOPIES, *SURGERY)
    given = [line("Z0206"), line("Z0204"), line("Z0007")]
    assert together(held, *given) == ["60.00", "20.00", "35.00"]
    # A family of 40 is halved as a whole.
    assert together(held, line("Z0204"), line("Z0007")) == ["20.00", "70.00"]


def test_a_family_without_its_base_code_is_open() -> None:
    assert together(tables(*ENDOSCOPIES), line("Z0206"), line("Z0204")) == ["open", "open"]


THERAPY = [
    values("Z0301", "1", "2", multiple="5"),
    values("Z0302", "2", "1", multiple="5"),
]


def test_therapy_keeps_one_unit_s_practice_expense() -> None:
    # CPM chapter 5, section 10.7. Z0301 has the highest practice expense: one unit in full, the
    # second 10 + 10 = 20: 50 together; Z0302 is 20 + 5 = 25 a unit.
    held = tables(*THERAPY)
    assert together(held, line("Z0302"), line("Z0301", units=2)) == ["25.00", "50.00"]
    assert together(held, line("Z0301")) == ["30.00"]


def both_components(indicator: str) -> list[Values]:
    """Two diagnostic tests with both components: 10 + 40 and 20 + 20 dollars."""
    rows = []
    for code, professional, technical in (("Z0401", "1", "4"), ("Z0402", "2", "2")):
        total = str(int(professional) + int(technical))
        for modifier, worth in (("", total), ("26", professional), ("TC", technical)):
            rows.append(values(code, worth, modifier=modifier, multiple=indicator, pctc="1"))
    return rows


@pytest.mark.parametrize(
    ("indicator", "first", "second"),
    [
        # Technical: Z0401 first (40 in full), Z0402 in part. Professional: Z0402 first (20), and
        # only imaging takes 5 percent off Z0401's 10.
        ("4", "49.50", "30.00"),
        ("6", "50.00", "35.00"),
        ("7", "50.00", "36.00"),
    ],
)
def test_components_of_tests(indicator: str, first: str, second: str) -> None:
    held = tables(*both_components(indicator))
    assert together(held, line("Z0401"), line("Z0402")) == [first, second]


def test_components_billed_apart() -> None:
    held = tables(*both_components("4"))
    given = [line("Z0401", "TC"), line("Z0402", "TC"), line("Z0402", "26"), line("Z0401", "26")]
    assert together(held, *given) == ["40.00", "10.00", "20.00", "9.50"]


def test_status_t_is_paid_only_alone() -> None:
    held = tables(values("Z0501", "1", status="T"), *SURGERY)
    assert together(held, line("Z0501")) == ["10.00"]
    assert together(held, line("Z0501"), line("Z0001")) == ["0.00", "10.00"]


def test_the_charge_counts_after_the_rules() -> None:
    held = tables(*SURGERY)
    given = [line("Z0007"), line("Z0006", charge=Decimal("40.00"))]
    assert together(held, *given) == ["70.00", "30.00"]


def test_a_bad_line_leaves_the_others() -> None:
    held = tables(*SURGERY)
    assert together(held, line("Z9999"), line("Z0007")) == ["open", "70.00"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_order_does_not_matter(order: tuple[int, ...]) -> None:
    held = tables(BASE, *ENDOSCOPIES, *SURGERY, *THERAPY)
    given = [line("Z0206"), line("Z0204"), line("Z0007"), line("Z0001", "50")]
    inorder = together(held, *given)
    assert together(held, *(given[place] for place in order)) == [inorder[place] for place in order]


def test_every_step_is_explained() -> None:
    held = tables(*SURGERY)
    found = price_together(
        [(line("Z0007"), held, PLACE), (line("Z0006"), held, PLACE)], explain=True
    )
    second = found[1]
    assert isinstance(second, Priced)
    assert [step.name for step in second.trace][-2:] == [
        "procedure 2 of the day",
        "allowed, the day's services together",
    ]
    assert second.trace[-1].value == str(second.allowed) == "30.00"
    assert "40.6" in second.adjusted[0].citation
