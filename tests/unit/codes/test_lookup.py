from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from superbill.codes import icd10cm, icd10pcs, near
from superbill.errors import NotCovered
from superbill.store.build import BuildReport, build
from superbill.store.comparisons import COMPARISONS
from superbill.store.open import Store

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "codes.toml").read_text("utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(embedded_store: Store, case: dict[str, Any]) -> None:
    found = near.lookup(embedded_store, case["code"], on=case["on"])
    assert found is not None
    assert found.lock == embedded_store.digest
    assert found.system == case.get("system", "ICD-10-CM")
    assert found.status == case["status"]
    assert found.billable == (case["status"] == "valid")
    title = found.title
    if "title" in case:
        assert (title.text if title else "") == case["title"]
    if "title_from" in case:
        assert title is not None
        assert title.source.label == case["title_from"]
    if "title_exact" in case:
        assert title is not None
        assert title.source.exact == case["title_exact"]
    if "validity" in case:
        assert [str(span) for span in found.validity] == case["validity"]
    if "severity" in case:
        assert found.severity is not None
        assert found.severity.level == case["severity"]
        assert found.severity.version == case["version"]
        assert found.severity.mdc == case.get("mdc", found.severity.mdc)
    if "parents" in case:
        assert [place.code for place in found.parents] == case["parents"]
    for kind, at, text in case.get("inherits", ()):
        assert any(
            (note.kind, note.at, note.text, note.inherited) == (kind, at, text, True)
            for note in found.notes
        )
    if "below" in case:
        assert list(found.billable_below) == case["below"]
        assert found.billable_count == len(case["below"])
    if "edits" in case:
        assert list(found.edits) == case["edits"]
    for line in case.get("not_held", ()):
        assert any(missing.startswith(line) for missing in found.not_held)
    assert near.explain(found) == case.get("explained", near.explain(found))


def test_unknown_codes_are_none(embedded_store: Store) -> None:
    on = date(2026, 5, 1)
    for code in ("I50.99", "Z", "", "123", "XXXXXXX", "A00.0.0.0.0", "ÄÖÜ", "I50.23" * 30_000):
        assert near.lookup(embedded_store, code, on=on) is None


def test_a_day_that_nothing_speaks_for(embedded_store: Store) -> None:
    for day in (date(2015, 9, 30), date(2027, 4, 1)):
        for look in (icd10cm.lookup, icd10cm.valid):
            with pytest.raises(NotCovered, match=r"The store holds 2015-10-01 to 2027-03-31\."):
                look(embedded_store, "I10", on=day)
        with pytest.raises(NotCovered):
            near.suggestions(embedded_store, "I1O", on=day)


def test_what_is_not_held_for_the_day_is_said_and_not_guessed(embedded_store: Store) -> None:
    found = icd10cm.lookup(embedded_store, "I50.23", on=date(2020, 1, 1))
    assert found is not None
    assert found.billable
    assert found.severity is None
    assert found.poa_exempt is None
    severity, poa = found.not_held
    assert severity.startswith(
        "The dataset icd10cm.severity (CC and MCC levels of diagnoses by MS-DRG version) is not"
    )
    assert "superbill data build --from DIR" in poa


def test_an_inclusion_term_holds_only_where_it_stands(embedded_store: Store) -> None:
    stem = icd10cm.lookup(embedded_store, "I50.2", on=date(2026, 5, 1))
    below = icd10cm.lookup(embedded_store, "I50.20", on=date(2026, 5, 1))
    assert stem is not None
    assert below is not None
    own = [note.text for note in stem.notes if note.kind == "inclusionTerm"]
    assert any("Heart failure with reduced ejection fraction" in term for term in own), own
    assert not any(note.inherited for note in below.notes if note.kind == "inclusionTerm")


def test_a_code_of_ones_stem_has_its_inclusion_terms(embedded_store: Store) -> None:
    found = icd10cm.lookup(embedded_store, "T07.XXXA", on=date(2026, 5, 1))
    assert found is not None
    assert ("excludes1", "injury NOS (T14.90)", False) in [
        (note.kind, note.text, note.inherited) for note in found.notes
    ]


def test_a_retired_code_stands_below_the_longest_beginning_that_the_list_has(
    embedded_store: Store,
) -> None:
    found = icd10cm.lookup(embedded_store, "G35", on=date(2026, 5, 1))
    assert found is not None
    assert found.status == "no longer valid"
    assert found.billable_below


@pytest.mark.parametrize(
    ("code", "first", "why"),
    [
        ("I5O.23", "I5023", "differs by one character"),  # the letter O for the digit
        ("T07A", "T07XXXA", "has the placeholder X in its place"),
        ("I50.24", "I5020", "differs by one character"),
        ("S72.001", "S72001A", "is below it"),
        ("I50", "I501", "is below it"),
        ("001607O", "0016070", "differs by one character"),
        ("B88.0", "B8801", "is below it"),
    ],
)
def test_did_you_mean(embedded_store: Store, code: str, first: str, why: str) -> None:
    offered = near.suggestions(embedded_store, code, on=date(2026, 5, 1))
    assert (offered[0].code, offered[0].why) == (first, why)
    assert len(offered) <= 10
    for suggestion in offered:
        system = icd10pcs if suggestion.dotted == suggestion.code and len(code) == 7 else icd10cm
        if system is icd10pcs:
            assert near.lookup(embedded_store, suggestion.code, on=date(2026, 5, 1))
        else:
            assert icd10cm.valid(embedded_store, suggestion.code, on=date(2026, 5, 1))


def test_nothing_is_offered_for_nonsense(embedded_store: Store) -> None:
    for code in ("", "?", "🙂🙂🙂", "Z" * 200_000):
        assert near.suggestions(embedded_store, code, on=date(2026, 5, 1)) == ()


def test_a_look_up_takes_less_than_30_milliseconds(reference_store: Path) -> None:
    """Opening the store included, for the first look-up of a process."""
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        with Store.open(reference_store) as store:
            icd10cm.lookup(store, "I50.23", on=date(2026, 3, 1))
        best = min(best, time.perf_counter() - started)
    assert best < 0.030


@pytest.fixture(scope="module")
def full_report(published: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    """A store with the published files of FY2024 to FY2026 beside what is embedded."""
    cm = published / "icd10cm"
    return build(
        [
            *(cm / f"cms_{year}_dx.zip" for year in (2024, 2025, 2026)),
            cm / "Code-desciptions-April-2025.zip",
            cm / "POAexemptCodesFY26.zip",
            *(published / "icd10pcs" / f"cms_{year}_pr.zip" for year in (2024, 2025, 2026)),
        ],
        tmp_path_factory.mktemp("full") / "reference.sqlite",
    )


@pytest.fixture(scope="module")
def full_store(full_report: BuildReport) -> Iterator[Store]:
    """That store, opened."""
    with Store.open(Path(full_report.path)) as store:
        yield store


@pytest.mark.shared
def test_published_files_answer_on_their_days(full_store: Store) -> None:
    on = date(2026, 3, 1)
    found = icd10cm.lookup(full_store, "I50.23", on=on)
    assert found is not None
    assert found.title is not None
    assert (found.title.source.label, found.title.source.exact) == ("FY2026", True)
    assert found.title.short == "Acute on chronic systolic (congestive) heart failure"
    assert found.poa_exempt is False
    exempt = icd10cm.lookup(full_store, "B90.0", on=on)
    assert exempt is not None
    assert exempt.poa_exempt is True
    assert not found.not_held
    procedure = icd10pcs.lookup(full_store, "00503Z4", on=on)
    assert procedure is not None
    assert procedure.title is not None
    assert procedure.title.text.startswith("Destruction of Brain using Stereoelectroenceph")
    assert procedure.parents[0].title == "Central Nervous System and Cranial Nerves, Destruction"
    table = icd10pcs.lookup(full_store, "005", on=on)
    assert table is not None
    assert table.status == "heading"
    assert table.billable_count > 25


@pytest.mark.shared
def test_the_editor_decides_after_an_update_that_octobers_file_does_not_hold(
    full_store: Store,
) -> None:
    """order_addenda_2026.txt counts 78,986 codes before it: 78,948 of October, +50, -12."""
    assert not icd10pcs.valid(full_store, "XNS40GA", on=date(2025, 3, 31))
    assert icd10pcs.valid(full_store, "XNS40GA", on=date(2025, 4, 1))
    assert icd10pcs.valid(full_store, "0SG604Z", on=date(2025, 3, 31))
    assert not icd10pcs.valid(full_store, "0SG604Z", on=date(2025, 4, 1))
    found = icd10pcs.lookup(full_store, "XNS40GA", on=date(2025, 4, 1))
    assert found is not None
    assert found.title is not None
    assert (found.title.source.label, found.title.source.exact) == ("FY2026", False)


@pytest.mark.shared
def test_every_source_agrees_but_for_what_is_listed(full_report: BuildReport) -> None:
    """Order files, code lists, tabular list and POA list against the editor's table, by row."""
    differing = {
        (c.left, c.left_release, str(c.on), len(c.only_left), len(c.only_right), len(c.differ))
        for c in full_report.comparisons
        if c.outcome != "agree"
    }
    assert differing == {
        ("icd10pcs.order", "FY2025", "2025-04-01", 12, 50, 0),
        ("icd10pcs.order", "FY2026", "2026-04-01", 2, 80, 0),
    }
    compared = {(c.left, c.right) for c in full_report.comparisons}
    icd10 = {
        (c.left.dataset, c.right.dataset)
        for c in COMPARISONS
        if c.left.dataset.startswith(("icd10cm.", "icd10pcs."))
    }
    assert compared >= icd10
    assert sum(c.compared for c in full_report.comparisons) > 3_000_000


@pytest.mark.shared
def test_what_an_archive_of_april_repeats_does_not_take_october_away(
    full_report: BuildReport,
) -> None:
    """The update of April 2025 changed nothing: its file is byte for byte October's."""
    answers = {r.what: r.answers for r in full_report.recognised if r.dataset == "icd10cm.order"}
    assert answers == {
        "ICD-10-CM order file, FY2024 (2023-10-01 to 2024-09-30)": ("2023-10-01/2024-09-30",),
        "ICD-10-CM order file, FY2025 (2024-10-01 to 2025-09-30)": ("2024-10-01/2025-03-31",),
        "ICD-10-CM order file, April 2025 (2025-04-01 to 2025-09-30)": ("2025-04-01/2025-09-30",),
        "ICD-10-CM order file, FY2026 (2025-10-01 to 2026-09-30)": ("2025-10-01/2026-09-30",),
    }
