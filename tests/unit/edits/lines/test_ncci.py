"""NCCI's pairs, units and add-on codes, from the table, and what must hold of any visit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.edits import lines
from superbill.edits.lines import StoreLookup
from superbill.edits.lines.pairs import PASSING
from superbill.model import EditReport, Visit
from superbill.store.open import Store
from tests.unit.edits.lines.conftest import TABLE, built, files
from tests.unit.edits.lines.visits import visit


def ncci(found: EditReport) -> list[str]:
    return [f"{each.rule} {each.where}" for each in found.findings if each.rule.startswith("ncci")]


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["name"])
def test_case(case: dict[str, Any], lookup: StoreLookup) -> None:
    assert case["source"]
    found = lines.check(visit(case["lines"], form=case.get("form", "professional")), lookup=lookup)
    assert ncci(found) == case["found"]
    for finding in found.findings:
        assert finding.message
        assert finding.remedy
        if finding.rule.startswith("ncci"):
            assert finding.release.endswith("2026 Q2")
            assert finding.severity == case.get("severity", "error")
            assert "59" not in finding.remedy
    unchecked = {each.rule for each in found.not_checked}
    assert ("not_checked" in case) <= (case.get("not_checked") in unchecked)
    if case.get("form") != "outpatient":
        assert {"ncci.pair", "ncci.units", "ncci.add_on"} <= set(found.ran)


CODES = sorted({row[place] for row in TABLE["pairs"] for place in (0, 1)} | {"G0201", "G0203"})
some = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from(CODES),
            "units": st.integers(1, 3),
            "modifiers": st.lists(st.sampled_from(["59", "XE", "76", "LT"]), max_size=2),
        }
    ),
    min_size=1,
    max_size=6,
)
held = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def told(seen: Visit, lookup: StoreLookup) -> list[str]:
    """What NCCI finds, by line rather than by place."""
    found = lines.check(seen, lookup=lookup)
    return sorted(
        f"{each.rule} {each.code} {sorted(each.facts.items())}"
        for each in found.findings
        if each.rule.startswith("ncci")
    )


@given(some, st.randoms())
@held
def test_the_order_of_lines_does_not_matter(
    lookup: StoreLookup, drawn: list[dict[str, Any]], random: Any
) -> None:
    seen = visit(drawn)
    mixed = list(seen.lines)
    random.shuffle(mixed)
    assert told(seen, lookup) == told(replace(seen, lines=tuple(mixed)), lookup)


@given(some, st.integers(0, 5), st.sampled_from(sorted(PASSING)))
@held
def test_a_permitted_modifier_never_makes_a_finding(
    lookup: StoreLookup, drawn: list[dict[str, Any]], place: int, modifier: str
) -> None:
    seen = visit(drawn)
    chosen = seen.lines[place % len(seen.lines)]
    more = replace(chosen, modifiers=(*chosen.modifiers, modifier))
    changed = tuple(more if each is chosen else each for each in seen.lines)
    assert len(told(replace(seen, lines=changed), lookup)) <= len(told(seen, lookup))


def test_a_day_without_a_release_is_not_checked(lookup: StoreLookup) -> None:
    day = date(2026, 7, 1)
    found = lines.check(
        visit([{"code": "G0101", "day": day}, {"code": "G0103", "day": day}]), lookup=lookup
    )
    reasons = {each.rule: each.reason for each in found.not_checked}
    assert {"ncci.pair", "ncci.units", "ncci.add_on"} <= reasons.keys()
    assert "2026-07-01" in reasons["ncci.pair"]
    assert "superbill data build" in reasons["ncci.pair"]


def test_a_part_that_is_not_held_is_said(tmp_path: Path) -> None:
    files(tmp_path, TABLE)
    (tmp_path / "ccipra-v321r0-f3.txt").unlink()
    with Store.open(built(tmp_path, tmp_path / "store" / "reference.sqlite")) as store:
        found = lines.check(
            visit([{"code": "G0101"}, {"code": "G0103"}]), lookup=StoreLookup(store)
        )
    assert ncci(found) == ["ncci.pair lines[1].code"]
    assert any("Part 3" in each.reason for each in found.not_checked if each.rule == "ncci.pair")
