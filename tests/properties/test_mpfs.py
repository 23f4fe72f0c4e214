"""What must hold of every professional claim, whatever is on it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.errors import SuperbillError
from superbill.pricing.mpfs import Line, Priced, price, price_together
from superbill.pricing.mpfs.claim import Outcome
from tests.unit.pricing.mpfs.small import PLACE, line, tables, values

ROWS = [
    *(values(f"Z1{n:03}", f"{n}.37", "1.11", multiple="2", bilateral="1") for n in (1, 2, 2, 5)),
    *(values(f"Z2{n:03}", f"{n}.13", "0.77", multiple="1") for n in (1, 3)),
    values("Z3000", "2.05", "1", multiple="3"),
    *(
        values(f"Z3{n:03}", f"{n}.19", "1", multiple="3", endoscopic_base="Z3000")
        for n in (3, 4, 6)
    ),
    *(values(f"Z5{n:03}", "0.45", f"0.{n}", multiple="5") for n in (33, 33, 48)),
    *(
        values(f"Z{rule}00{n}", worth, modifier=modifier, multiple=rule, pctc="1")
        for rule in "467"
        for n, parts in ((1, ("1.23", "4.56")), (2, ("2.22", "2.09")))
        for modifier, worth in (
            ("", str(Decimal(parts[0]) + Decimal(parts[1]))),
            ("26", parts[0]),
            ("TC", parts[1]),
        )
    ),
    values("Z8000", "1.01", status="T"),
    values("Z9000", "3.33"),
]
HELD = tables(*ROWS, factor="33.4009")
CODES = sorted({row.code for row in ROWS})

lines = st.builds(
    lambda code, modifiers, units, participating: line(
        code, *modifiers, units=units, participating=participating
    ),
    st.sampled_from(CODES),
    st.sampled_from([(), (), ("51",), ("50",), ("26",), ("TC",), ("59",)]),
    st.sampled_from([1, 1, 1, 2, 3]),
    st.booleans(),
)
claims = st.lists(lines, min_size=1, max_size=8)


def together(claim: list[Line]) -> list[Outcome]:
    return price_together([(each, HELD, PLACE) for each in claim])


def worth(outcome: Outcome) -> str:
    return str(outcome.allowed) if isinstance(outcome, Priced) else str(outcome)


@settings(max_examples=300, deadline=None)
@given(claims)
def test_together_is_never_more_than_alone(claim: list[Line]) -> None:
    for one, outcome in zip(claim, together(claim), strict=True):
        if not isinstance(outcome, Priced):
            continue
        plain = tuple(each for each in one.modifiers if each != "51")
        alone = price(
            line(one.code, *plain, units=one.units, participating=one.participating),
            tables=HELD,
            locality=PLACE,
        )
        assert Decimal(0) <= outcome.allowed <= alone.allowed
        assert outcome.units == one.units
        assert outcome.modifiers == one.modifiers


@settings(max_examples=300, deadline=None)
@given(claims, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(claim: list[Line], chance: object) -> None:
    shuffled = list(claim)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random of the strategy
    found = Counter(
        (str(one), worth(each)) for one, each in zip(claim, together(claim), strict=True)
    )
    again = Counter(
        (str(one), worth(each)) for one, each in zip(shuffled, together(shuffled), strict=True)
    )
    assert found == again


@settings(max_examples=200, deadline=None)
@given(claims)
def test_a_bad_line_is_refused_alone(claim: list[Line]) -> None:
    bad = line("Z7777")
    mixed = together([*claim, bad])
    assert isinstance(mixed[-1], SuperbillError)
    assert [worth(each) for each in mixed[:-1]] == [worth(each) for each in together(claim)]
