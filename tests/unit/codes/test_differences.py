"""What releases change of one another, against the publishers' own counts."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from superbill.codes.differences import (
    ByCode,
    Change,
    Compared,
    Differences,
    System,
    between,
    held,
    release_named,
    system_named,
)
from superbill.errors import Invalid
from superbill.store import build
from superbill.store.catalog import datasets
from superbill.store.open import Store
from tests.unit.encoder.small import catalog
from tests.unit.sources.test_hcpcs import record


@pytest.mark.parametrize(
    ("system", "before", "after", "counts"),
    [
        # CMS, "2025 ICD-10-CM": 252 new codes, 36 deleted, 13 revised.
        ("icd10cm", "April 2024", "FY2025", {"new": 252, "retired": 36, "revised": 13}),
        # CMS, "2026 ICD-10-CM": 487 new codes, 28 deleted.
        ("icd10cm", "FY2025", "FY2026", {"new": 487, "retired": 28}),
        # CMS, "2025 ICD-10-PCS": 371 new codes, 61 deleted; 2026: 156 new.
        ("icd10pcs", "April 2024", "FY2025", {"new": 371, "retired": 61}),
        ("icd10pcs", "April 2025", "FY2026", {"new": 156}),
        # IPPS final rule FY 2026, section II.C: DRG 209, 213, 318, 359 and 360 are new.
        ("msdrg", "FY2025", "FY2026", {"new": 5}),
    ],
)
def test_counts_are_those_that_the_publisher_states(
    embedded_store: Store, system: System, before: str, after: str, counts: dict[str, int]
) -> None:
    found = between(embedded_store, system, before, after)
    assert {kind: found.counts[kind] for kind in counts} == counts
    assert (found.before.label, found.after.label) == (before, after)
    assert sum(found.counts.values()) == len(found.changes)


def test_what_cannot_be_compared_is_said(embedded_store: Store) -> None:
    found = between(embedded_store, "icd10cm", "FY2025", "FY2026")
    assert [left.split(":")[0] for left in found.not_checked] == ["revised", "moved", "notes"]
    assert "no titles of 2025-10-01 are held" in found.not_checked[0]
    assert not {"revised", "moved", "notes"} & found.counts.keys()
    groups = between(embedded_store, "msdrg", "FY2025", "FY2026")
    assert groups.not_checked[0].startswith("weight: The dataset ipps.drg_weights (MS-DRG weights")


def test_the_group_s_own_changes(embedded_store: Store) -> None:
    found = between(embedded_store, "msdrg", "FY2025", "FY2026")
    assert {c.code for c in found.changes if c.kind == "new"} == {"209", "213", "318", "359", "360"}
    # Capitals and blanks are no revision.
    for change in found.changes:
        if change.kind == "revised":
            plain = "".join(change.before.split()).casefold()
            assert plain != "".join(change.after.split()).casefold()
    (one,) = [c for c in found.changes if c.kind == "operating room" and c.code == "0T9680Z"]
    assert (one.before, one.after) == ("no operating room", "operating room")


@pytest.mark.parametrize(
    ("text", "label", "start"),
    [
        ("FY2026", "FY2026", date(2025, 10, 1)),
        ("fy26", "FY2026", date(2025, 10, 1)),
        ("2026", "FY2026", date(2025, 10, 1)),
        ("April 2026", "April 2026", date(2026, 4, 1)),
        ("apr-2026", "April 2026", date(2026, 4, 1)),
        ("October 2025", "FY2026", date(2025, 10, 1)),
        ("2026-05-12", "April 2026", date(2026, 4, 1)),
    ],
)
def test_releases_go_by_several_names(
    embedded_store: Store, text: str, label: str, start: date
) -> None:
    found = release_named(embedded_store, "icd10cm", text, "before")
    assert (found.label, found.span.start) == (label, start)


def test_a_version_of_the_groups_is_a_release(embedded_store: Store) -> None:
    assert release_named(embedded_store, "msdrg", "43", "before").label == "FY2026"
    assert release_named(embedded_store, "msdrg", "v43.1", "before").label == "April 2026"


@pytest.mark.parametrize(
    "text", ["", "x", "FY2035", "2015-02-30", "word " * 10_000, "🦴", "I50.23"]
)
def test_an_unknown_release_lists_those_that_are_held(embedded_store: Store, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        release_named(embedded_store, "icd10cm", text, "before")
    (problem,) = refused.value.problems
    assert len(problem.message) < 120
    assert "Held: FY2016, FY2017" in problem.remedy


def test_the_earlier_release_comes_first(embedded_store: Store) -> None:
    with pytest.raises(Invalid, match="Name the earlier one first"):
        between(embedded_store, "icd10cm", "FY2026", "FY2025")
    same = between(embedded_store, "icd10cm", "FY2026", "FY2026")
    assert same.changes == ()


def test_systems_go_by_several_names() -> None:
    assert [system_named(t) for t in ("ICD-10-CM", "pcs", "MS-DRG", "hcpcs")] == [
        "icd10cm",
        "icd10pcs",
        "msdrg",
        "hcpcs",
    ]
    with pytest.raises(Invalid, match="Use one of icd10cm"):
        system_named("snomed")


def test_notes_of_a_heading_bear_on_the_codes_below_it() -> None:
    side = Compared(label="x", on=date(2026, 1, 1), sources=())
    own = Change(kind="retired", code="B880", dotted="B88.0")
    note = Change(kind="notes", code="B88", dotted="B88", of="excludes1", after="scabies (B86)")
    found = ByCode(
        Differences(
            system="icd10cm",
            before=side,
            after=side,
            counts={},
            changes=(own, note),
            not_checked=(),
            lock="",
        )
    )
    assert found.on("B880") == (own, note)
    assert found.on("B8801") == (note,)
    assert found.on("B87") == ()


@pytest.fixture(scope="module")
def order_store(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Order files, the conversion table and two whole tabular lists, as published."""
    names = (
        "cms_2025_dx.zip",
        "cms_2026_dx.zip",
        "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx",
        "ICD10CM_FY2017_Full_XML.zip",
    )
    wanted = [
        d
        for d in datasets()
        if d.id
        in {
            "icd10cm.order",
            "icd10cm.validity",
            "icd10cm.conversion",
            "icd10cm.tabular",
            "icd10cm.notes",
            "icd10cm.tabular_addenda",
            "hcpcs.codes",
        }
    ]
    path = tmp_path_factory.mktemp("differences") / "order.sqlite"
    folder = published / "icd10cm"
    brought = [folder / name for name in names] + [published / "hcpcs", folder / "addenda"]
    build.build(brought, path, catalog=wanted, comparisons=(), skip_unrecognised=True)
    return path


@pytest.mark.shared
def test_the_published_files_of_2026(order_store: Path) -> None:
    """CMS, "2026 ICD-10-CM": 487 new, 28 deleted, 38 revised."""
    with Store.open(order_store) as store:
        found = between(store, "icd10cm", "FY2025", "FY2026")
        assert [found.counts[k] for k in ("new", "retired", "revised")] == [487, 28, 38]
        (acarians,) = [c for c in found.changes if c.kind == "moved" and c.code == "B880"]
        assert acarians.codes == ("B88.01", "B88.09")
        retired = {c.code: c for c in found.changes if c.kind == "retired"}
        assert retired["B880"].after == "a heading now"
        # Nine in ten retired codes have a successor in the conversion table, or became headings.
        moved = {c.code for c in found.changes if c.kind == "moved"}
        assert len(retired.keys() & moved) >= 25
        sources = [s for s in found.after.sources if "addenda" in s]
        assert sources == [
            "icd10cm.tabular_addenda April 2025",
            "icd10cm.tabular_addenda FY2026",
        ]
        fontan = [c for c in found.changes if c.kind == "notes" and c.code == "Z98"]
        assert [(c.of, c.before, c.after) for c in fontan] == [
            ("excludes2", "", "Fontan related circulation (I27.84-)")
        ]
        notes = between(store, "icd10cm", "FY2017", "April 2026")
        assert notes.counts["notes"] > 5_000
        added = [c for c in notes.changes if c.kind == "notes" and c.code == "U07"]
        assert all(c.after and not c.before for c in added)
        assert [h.label for h in held(store, "hcpcs")] == ["January 2026"]
        with pytest.raises(Invalid, match=r"Held: January 2026\."):
            between(store, "hcpcs", "October 2025", "January 2026")


@pytest.mark.shared
def test_the_addenda_say_what_changed_in_the_notes(order_store: Path) -> None:
    """The notes of FY2017 changed as the addenda of nine years say are those of April 2026."""

    def line(*parts: object) -> tuple[str, ...]:
        return tuple(re.sub(r"[^a-z0-9]", "", str(part).lower()) for part in parts)

    with Store.open(order_store) as store:

        def lines(day: date) -> set[tuple[str, ...]]:
            release = store.release("icd10cm.notes", on=day).id
            rows = store.query(
                "SELECT node, kind, text FROM icd10cm_notes WHERE release = ?", release
            )
            return {line(*row) for row in rows}

        carried, published = lines(date(2017, 9, 1)), lines(date(2026, 4, 1))
        unmet = edits = 0
        addenda = sorted(store.releases("icd10cm.tabular_addenda"), key=lambda r: r.valid_from)
        for release in addenda:
            rows = store.query(
                "SELECT node, kind, before, after FROM icd10cm_tabular_addenda "
                "WHERE release = ? AND kind != 'title' ORDER BY position",
                release.id,
            )
            for node, kind, before, after in rows:
                edits += 1
                if before:
                    unmet += line(node, kind, before) not in carried
                    carried.discard(line(node, kind, before))
                if after:
                    carried.add(line(node, kind, after))
    # FY2018 to FY2026, and updates of January 2021 and April 2022 to 2025.
    assert len(addenda) == 14
    assert edits > 4_500
    assert unmet <= 20
    same = len(carried & published)
    assert same / len(carried) > 0.995
    assert same / len(published) > 0.995


def test_two_quarterly_files_of_hcpcs(tmp_path: Path) -> None:
    """A2000 ends with March, A3000 is added on 1 April, the text of A1000 changes."""
    files = tmp_path / "files"
    files.mkdir()
    january = [
        record("A1000", "3", "Dressing, small"),
        record("A2000", "3", "Splint", last="20260331"),
        record("A1", "7", "Dressing for one wound"),
    ]
    april = [
        record("A1000", "3", "Dressing, any size"),
        record("A2000", "3", "Splint", last="20260331"),
        record("A3000", "3", "Brace").replace("19930101", "20260401"),
    ]
    (files / "HCPC2026_JAN_ANWEB_01122026.txt").write_text("".join(january), "ascii")
    (files / "HCPC2026_APR_ANWEB_04012026.txt").write_text("".join(april), "ascii")
    path = tmp_path / "hcpcs.sqlite"
    build.build([files], path, catalog=catalog("hcpcs."), comparisons=())
    with Store.open(path) as store:
        assert [release.label for release in held(store, "hcpcs")] == ["January 2026", "April 2026"]
        found = between(store, "hcpcs", "January 2026", "2026-04-15")
    assert found.counts == {"new": 1, "retired": 1, "revised": 1}
    said = [(c.kind, c.code, c.text, c.before, c.after) for c in found.changes]
    assert said == [
        ("new", "A3000", "Brace", "", ""),
        ("retired", "A2000", "Splint", "", ""),
        ("revised", "A1000", "Dressing, any size", "Dressing, small", "Dressing, any size"),
    ]
    assert found.not_checked == ()
