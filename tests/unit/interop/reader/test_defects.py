"""Seeded defects, one a file: each is found where it is; the clean originals are accepted."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from superbill.interop.x12.check import Finding, check_file
from superbill.interop.x12.reader import transactions
from superbill.interop.x12.tree import guide_of
from superbill.store.open import Store
from tests.unit.interop.reader.files import CASES, CLEAN, clean, redressed

with (CASES / "x12_defects.toml").open("rb") as file:
    DEFECTS: list[dict[str, Any]] = tomllib.load(file)["defect"]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_file_is_accepted(name: str, embedded_store: Store) -> None:
    found = check_file(clean(name), level=5, store=embedded_store)
    assert found.accepted, [str(f) for f in found.findings]
    assert (found.interchanges, found.transactions) == (1, 1)
    assert found.segments == clean(name).count(b"~")


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_file_is_held_against_the_guide_of_its_name(name: str) -> None:
    (transaction,) = transactions(clean(name))
    along = guide_of(transaction)
    assert along is not None
    assert along.name == name


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize("marks", ["|>+\r", "\x1d\x1f\x1e\x1c", "{}|\n", "!;?'", "\xe9:^\xff"])
def test_delimiters_change_nothing(name: str, marks: str, embedded_store: Store) -> None:
    found = check_file(redressed(clean(name), *marks), level=5, store=embedded_store)
    assert found.accepted, [str(f) for f in found.findings]


def seeded(defect: dict[str, Any]) -> bytes:
    content = clean(defect["file"]).decode("latin-1")
    assert content.count(defect["find"]) == 1, content.count(defect["find"])
    changed = content.replace(defect["find"], defect["put"])
    # A change that keeps the counts is a change of one thing only.
    return changed.encode("latin-1", "xmlcharrefreplace")


def place(defect: dict[str, Any], content: bytes) -> range:
    """The bytes of the segment at which the defect must be found."""
    text = content.decode("latin-1")
    if "at" in defect:
        start = text.index(f"\n{defect['at']}") + 1
    else:
        inside = clean(defect["file"]).decode("latin-1").index(defect["find"])
        start = max(text.rfind("~\n", 0, inside + 1) + 2, 0)
        start = 0 if text.rfind("~\n", 0, inside + 1) < 0 else start
    end = text.find("~", start)
    return range(start, (len(text) if end < 0 else end) + 1)


@pytest.mark.parametrize("defect", DEFECTS, ids=[d["name"] for d in DEFECTS])
def test_a_defect_is_found_where_it_is(defect: dict[str, Any], embedded_store: Store) -> None:
    content = seeded(defect)
    found = check_file(content, level=5, store=embedded_store)
    assert not found.accepted
    said = [str(f) for f in found.findings]
    of_rule = [f for f in found.findings if f.rule == defect["rule"]]
    assert of_rule, said
    where = place(defect, content)
    here = [f for f in of_rule if f.at.byte in where or (defect.get("near") and _near(f, where))]
    assert here, (where, said)
    assert {f.snip for f in here} == {defect["snip"]}
    if "element" in defect:
        assert defect["element"] in {f.element for f in here}, said
    others = {f.rule for f in found.findings} - {defect["rule"], *defect.get("also", ())}
    assert not others, said
    assert all(f.message and f.mend for f in found.findings)


def _near(finding: Finding, where: range) -> bool:
    return abs(finding.at.byte - where.stop) <= 2


@pytest.mark.parametrize("defect", DEFECTS, ids=[d["name"] for d in DEFECTS])
def test_a_lower_level_does_not_tell_it(defect: dict[str, Any], embedded_store: Store) -> None:
    found = check_file(seeded(defect), level=defect["snip"] - 1, store=embedded_store)
    assert defect["rule"] not in {f.rule for f in found.findings if f.snip == defect["snip"]}


def test_every_level_has_its_defects() -> None:
    counts = {level: sum(d["snip"] == level for d in DEFECTS) for level in range(1, 6)}
    assert len(DEFECTS) >= 100
    assert min(counts.values()) >= 10
