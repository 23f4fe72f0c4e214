"""Look-ups on a day that the addenda carry the tabular list to, against the published list."""

from __future__ import annotations

import random
from datetime import date

import pytest

from superbill.codes.icd10cm import lookup
from superbill.codes.tabular import Carried, Published, Tabular
from superbill.store.open import Store
from tests.unit.codes.test_notes_by_day import carried

__all__ = ["carried"]

pytestmark = pytest.mark.shared

BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def codes(carried: Store) -> list[str]:
    """Places of every kind, drawn by lot from the list of April 2026."""
    rows = carried.query(
        "SELECT DISTINCT t.code FROM icd10cm_tabular t JOIN icd10cm_tabular u USING (code) "
        "WHERE t.kind IN ('category', 'subcategory', 'extended', 'code') ORDER BY t.code"
    )
    return random.Random(20260331).sample([str(code) for (code,) in rows], 600)


def opened(carried: Store, day: date, code: str) -> Tabular:
    found = Tabular.on(carried, day, code)
    assert found is not None
    return found


def test_places_are_those_of_the_published_list(carried: Store, codes: list[str]) -> None:
    seen = 0
    for code in codes:
        here, there = opened(carried, BEFORE, code), opened(carried, AFTER, code)
        assert isinstance(here, Carried)
        assert isinstance(there, Published)
        assert here.source.exact
        if there.place(code) is None:
            continue
        seen += 1
        assert [(p.code, p.billable) for p in here.path(code)] == [
            (p.code, p.billable) for p in there.path(code)
        ]
        assert [(p.code, p.billable) for p in here.children(code)] == [
            (p.code, p.billable) for p in there.children(code)
        ]
        assert here.billable_below(code, 5) == there.billable_below(code, 5)
    assert seen > 400


def test_a_look_up_shows_the_notes_of_the_day(carried: Store) -> None:
    """2024 Addenda, J44: bronchiectasis goes from Excludes1 to Excludes2 on 1 October 2023."""
    kinds = []
    for day in (date(2023, 9, 30), date(2023, 10, 1)):
        answer = lookup(carried, "J449", on=day)
        assert answer is not None
        assert answer.tabular is not None
        assert answer.tabular.exact
        kinds += [note.kind for note in answer.notes if note.text == "bronchiectasis (J47.-)"]
    assert kinds == ["excludes1", "excludes2"]


def test_a_seventh_character_stands_below_its_code(carried: Store) -> None:
    answer = lookup(carried, "S72001A", on=date(2019, 1, 1))
    assert answer is not None
    assert [place.code for place in answer.parents][-3:] == ["S720", "S7200", "S72001"]
    assert "A" in {note.character for note in answer.notes}
    heading = lookup(carried, "S72001", on=date(2019, 1, 1))
    assert heading is not None
    assert [place.code[-1] for place in heading.children] == list("ABCDEFGHJKMNPQRS")
    assert not heading.billable
    assert heading.billable_count == 16
