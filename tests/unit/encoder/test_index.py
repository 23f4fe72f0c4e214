from __future__ import annotations

from datetime import date

import pytest

from superbill.encoder.index import DayIndex, Index, resolve
from superbill.encoder.index.names import called
from superbill.store.open import Store

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def index(small: Store) -> DayIndex:
    return Index(small).on(DAY)


def test_a_main_term_by_any_of_its_words(index: DayIndex) -> None:
    assert [e.title for e in index.main_terms("abdominal")] == ["Abdomen, abdominal (wall)"]
    assert [e.title for e in index.main_terms("complications")] == ["Complication(s) (from) (of)"]
    assert index.main_terms("no such thing") == []


def test_children_parent_and_path(index: DayIndex) -> None:
    (bronchitis,) = index.main_terms("Bronchitis")
    acute, chronic = index.children(bronchitis)
    assert [acute.code, chronic.code] == ["J209", "J42"]
    (viral,) = [e for e in index.children(acute) if e.essential == "viral NEC"]
    assert [e.title for e in index.path(viral)] == [
        "Bronchitis (diffuse)",
        "acute or subacute (with bronchospasm)",
        "viral NEC",
    ]
    assert [e.title for e in index.below(acute)] == ["with", "bronchiectasis", "viral NEC"]


def test_entries_that_lead_to_a_code(index: DayIndex) -> None:
    assert [e.title for e in index.for_code("J20.8")] == ["viral NEC"]
    # A stem with a dash leads to every code below it.
    assert [e.title for e in index.for_code("S52.531A")] == ["Colles' fracture"]


def test_references_lead_to_entries_tables_and_conditions(index: DayIndex) -> None:
    def leads(term: str) -> list[tuple[str, str]]:
        entry = index.main_terms(term)[0]
        return [
            (target.leads, ", ".join(e.title for e in target.entries) or target.book)
            for target in resolve(index, entry)
        ]

    assert leads("round") == [("entries", "Trip")]
    assert leads("heart") == [("condition", "")]
    assert leads("poisoning") == [("book", "drugs")]
    assert leads("wart") == [("entries", "skin")]


def test_the_tables_have_a_cell_for_each_column(index: DayIndex) -> None:
    (aspirin,) = index.main_terms("aspirin", book="drugs")
    assert aspirin.cells == ("T39011", "T39012", "", "", "T39015", "")
    (air,) = index.main_terms("air", book="drugs")
    assert air.cells == ("",) * 6


def test_every_entry_with_its_path_in_order(index: DayIndex) -> None:
    entries = list(index.entries())
    assert [entry.node for _, entry in entries] == sorted(e.node for _, e in entries)
    paths = {path for path, _ in entries}
    assert ("Dementia", "in", "Parkinson's disease") in paths


@pytest.mark.parametrize(
    ("title", "wanted", "tier"),
    [
        ("Abscess (acute)", "abscess (acute)", 0),
        ("Abscess (acute)", "Abscess", 1),
        ("Abdomen, abdominal", "abdomen", 2),
        ("Abdomen, abdominal", "abdominal", 3),
        ("acute or subacute (with bronchospasm)", "subacute", 3),
        ("drug NEC", "drugs", 4),
        ("Legg (-Calvé)-Perthes disease", "Legg-Calvé-Perthes disease", 4),
        ("Abscess", "boil", 5),
    ],
)
def test_names_have_tiers(title: str, wanted: str, tier: int) -> None:
    assert called(title, wanted) == tier
