"""The notes of any day, from the list of FY2017 and the addenda since, as published.

What is expected of a code on a day was read in the addenda (PDF) of CDC/NCHS that each test names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from superbill.codes.differences import between
from superbill.codes.editions import edition
from superbill.codes.notes import Notes, Tree, open_notes
from superbill.edits.conventions import Conventions
from superbill.edits.conventions.codes import check_codes
from superbill.store import build
from superbill.store.catalog import datasets
from superbill.store.open import Store

pytestmark = pytest.mark.shared

HELD = {
    "icd10cm.order",
    "icd10cm.validity",
    "icd10cm.tabular",
    "icd10cm.notes",
    "icd10cm.tabular_addenda",
    "icd10cm.tabular_by_day",
    "icd10cm.notes_by_day",
    "icd10cm.notes_placements",
}
FILES = ("ICD10CM_FY2017_Full_XML.zip", "addenda", "cms_2025_dx.zip", "cms_2026_dx.zip")


@pytest.fixture(scope="module")
def carried(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("by_day") / "reference.sqlite"
    wanted = [dataset for dataset in datasets() if dataset.id in HELD]
    brought = [published / "icd10cm" / name for name in FILES]
    build.build(brought, path, catalog=wanted, comparisons=(), skip_unrecognised=True)
    with Store.open(path) as store:
        yield store


def said(carried: Store, code: str, day: date) -> list[tuple[str, str]]:
    """Kind and text of each excludes note at a code on a day."""
    tree = Tree.on(carried, day)
    assert tree is not None
    node = tree.node(code)
    assert node is not None
    notes = Notes(carried, tree).at(node)
    return [(one.kind, one.said) for one in notes.excludes1 + notes.excludes2]


def test_a_note_stands_from_the_day_of_its_addenda(carried: Store) -> None:
    """2024 Addenda, J44: bronchiectasis goes from Excludes1 to Excludes2 on 1 October 2023."""
    line = "bronchiectasis (J47.-)"
    assert ("excludes1", line) in said(carried, "J44", date(2023, 9, 30))
    assert ("excludes1", line) not in said(carried, "J44", date(2023, 10, 1))
    assert ("excludes2", line) in said(carried, "J44", date(2023, 10, 1))


def test_a_place_stands_from_the_day_of_its_addenda(carried: Store) -> None:
    """2024 Addenda, chapter 9: I1A is added, and the block then reaches to it."""
    before, after = Tree.on(carried, date(2023, 9, 30)), Tree.on(carried, date(2023, 10, 1))
    assert before is not None
    assert after is not None
    assert before.node("I1A") is None
    assert [node.code for node in after.path("I1A0")] == ["9", "I10-I1A", "I1A", "I1A0"]
    assert [node.code for node in before.path("I10")] == ["9", "I10-I16", "I10"]
    order = after.categories
    assert order.index("I16") + 1 == order.index("I1A")


def test_which_list_serves_a_day(carried: Store) -> None:
    def source(day: date) -> tuple[str, str, bool]:
        held = edition(carried, day)
        assert held is not None
        return held.source.dataset, held.source.label, held.source.exact

    # A published list speaks for its own days; the addenda carry it to the others.
    assert source(date(2017, 9, 30)) == ("icd10cm.tabular", "FY2017", True)
    assert source(date(2026, 4, 1)) == ("icd10cm.tabular", "April 2026", True)
    by_addenda = "by the addenda since FY2017"
    carrying = "icd10cm.notes_by_day"
    assert source(date(2025, 3, 31)) == (carrying, f"FY2025, {by_addenda}", True)
    assert source(date(2025, 4, 1)) == (carrying, f"April 2025, {by_addenda}", True)
    assert source(date(2027, 1, 1)) == ("icd10cm.tabular", "April 2026", False)
    # The days between two changes have one list.
    first, second = edition(carried, date(2025, 4, 1)), edition(carried, date(2025, 9, 30))
    assert first == second
    assert first != edition(carried, date(2025, 10, 1))


def test_the_carried_list_is_the_published_one(carried: Store) -> None:
    """FY2017 and 14 addenda give April 2026: every place, and all but few lines of notes."""
    release = carried.release("icd10cm.notes_by_day", on=date(2026, 3, 31)).id
    exact = carried.release("icd10cm.notes", on=date(2026, 4, 1)).id

    def line(*parts: object) -> tuple[str, ...]:
        return tuple(re.sub(r"[^a-z0-9]", "", str(part).lower()) for part in parts)

    here = Counter(
        line(*row)
        for row in carried.query(
            "SELECT node, kind, character || text FROM icd10cm_notes_by_day "
            "WHERE release = ? AND valid_from <= '2026-03-31' AND valid_to > '2026-03-31'",
            release,
        )
    )
    there = Counter(
        line(*row)
        for row in carried.query(
            "SELECT node, kind, character || text FROM icd10cm_notes WHERE release = ?", exact
        )
    )
    assert there.total() == 26_975
    assert (here - there).total() <= 60
    assert (there - here).total() <= 62
    places = [
        {
            (node.code, node.parent)
            for category in tree.categories
            for node in tree.below(category).values()
        }
        for day in (date(2026, 3, 31), date(2026, 4, 1))
        if (tree := Tree.on(carried, day)) is not None
    ]
    assert len(places[0]) > 46_000
    assert places[0] == places[1]


def test_every_line_of_the_addenda_is_accounted_for(carried: Store) -> None:
    edits = carried.query("SELECT count(*) FROM icd10cm_tabular_addenda")
    listed = carried.query(
        "SELECT count(*) FROM icd10cm_notes_placements WHERE page > 0 AND action != 'no change'"
    )
    assert edits == listed
    outcomes = Counter(
        str(outcome) for (outcome,) in carried.query("SELECT outcome FROM icd10cm_notes_placements")
    )
    assert outcomes["placed"] > 8_300
    assert outcomes["not placed"] <= 3
    unplaced = carried.query(
        "SELECT reason FROM icd10cm_notes_placements WHERE outcome = 'not placed'"
    )
    assert all(reason for (reason,) in unplaced)


def test_checks_read_the_notes_of_the_day(carried: Store) -> None:
    conventions = Conventions(carried)
    found = {
        day: check_codes(["J44.9", "J47.9"], on=day, conventions=conventions)
        for day in (date(2023, 9, 30), date(2023, 10, 1))
    }
    rules = [[one.rule for one in each.findings] for each in found.values()]
    assert rules == [["conventions.excludes1"], []]
    for each in found.values():
        left = {one.rule for one in each.not_checked}
        assert "conventions.notes_of_the_day" not in left
    (finding,) = found[date(2023, 9, 30)].findings
    assert "icd10cm.notes_by_day April 2023" in finding.release
    outside = check_codes(["J44.9"], on=date(2027, 1, 1), conventions=conventions)
    assert "conventions.notes_of_the_day" in {one.rule for one in outside.not_checked}


def test_seventh_characters_are_those_of_the_day(carried: Store) -> None:
    notes = open_notes(carried, on=date(2019, 1, 1))
    assert notes is not None
    assert list(notes.sevenths("S72001")) == list("ABCDEFGHJKMNPQRS")


def test_differences_show_the_notes_that_changed(carried: Store) -> None:
    """2026 Addenda: Z98 gains an Excludes2 line; N61's carcinoma moves to C50.A-."""
    found = between(carried, "icd10cm", "FY2025", "FY2026")
    assert "icd10cm.notes_by_day FY2017 to April 2026" in found.after.sources
    notes = [change for change in found.changes if change.kind == "notes"]
    assert 380 < len(notes) < 450

    def at(code: str) -> list[tuple[str, str, str]]:
        return [(c.of, c.before, c.after) for c in notes if c.code == code]

    assert at("Z98") == [("excludes2", "", "Fontan related circulation (I27.84-)")]
    carcinoma = "inflammatory carcinoma of breast "
    assert at("N61") == [("excludes1", carcinoma + "(C50.9)", carcinoma + "(C50.A-)")]
    # What differs in print alone is no change.
    for change in notes:
        words = [re.sub(r"[^a-z0-9]", "", t.lower()) for t in (change.before, change.after)]
        assert words[0] != words[1]
