"""The way in for all typed values reads remittances as the reader of 835s does."""

from __future__ import annotations

import pytest

from superbill.errors import Invalid
from superbill.interop.x12.remits import remittances
from superbill.interop.x12.typed import read
from superbill.model import Remittance
from tests.unit.interop.reader.files import clean

GOOD = clean("835")


def test_the_same_remittances_come_by_either_way() -> None:
    found = list(read(GOOD))
    assert found == list(remittances(GOOD))
    assert all(isinstance(one, Remittance) and one.balance == 0 for one in found)


def test_a_bad_amount_is_told_with_its_byte_and_segment() -> None:
    at = GOOD.index(b"CLP*")
    line = GOOD[at : GOOD.index(b"~", at)]
    elements = line.split(b"*")
    elements[4] = b"12.3.4"
    bad = GOOD.replace(line, b"*".join(elements))
    by_either = []
    for reading in (read, remittances):
        with pytest.raises(Invalid) as caught:
            list(reading(bad))
        (problem,) = caught.value.problems
        assert problem.path.startswith(f"byte {at}, segment ")
        assert "CLP04 is '12.3.4'" in problem.message
        by_either.append(problem)
    assert by_either[0] == by_either[1]


def test_one_that_breaks_off_is_refused() -> None:
    cut = GOOD[: GOOD.index(b"SE*")]
    told: list[Invalid] = []
    assert list(read(cut, refused=told.append)) == []
    assert "has no SE" in str(told[0])


def test_a_segment_that_comes_twice_is_not_taken_for_the_first_of_the_next_claim() -> None:
    at = GOOD.index(b"CLP*")
    head = GOOD[at : GOOD.index(b"~", at) + 1]
    twice = head + b"NM1*QC*1*A~" + b"MOA***MA01~" * 2
    again = head + b"NM1*QC*1*A~" + b"MOA***MA01~"
    for content in (GOOD[:at] + twice + again + GOOD[at:], GOOD[:at] + again + twice + GOOD[at:]):
        found = [claim for one in read(content) for claim in one.claims][:2]
        assert all(c.outpatient is not None and c.remarks == ("MA01",) for c in found)
        assert sorted(len(c.extra) for c in found) == [0, 1]
