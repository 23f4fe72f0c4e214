"""Every case of tests/cases/msdrg.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from superbill.grouping.msdrg import Engine, GrouperClaim, group_claim, label, version_on

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "msdrg.toml").read_text(encoding="utf-8")
)["case"]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_groups_as_published(case: dict[str, Any], engine: Engine) -> None:
    day: date = case["on"]
    claim = GrouperClaim(
        version_on(day),
        tuple((code, poa) for code, poa in case["diagnoses"]),
        tuple(case.get("procedures", ())),
        case.get("age", 70),
        case.get("sex", "F"),
        case.get("status", "01"),
        case.get("hospital", "NON_EXEMPT"),
    )
    grouping = group_claim(claim, engine=engine)
    final = grouping.final
    assert grouping.version == case.get("version", label(version_on(day)))
    assert (final.drg, final.mdc) == (case["drg"], case["mdc"])
    assert final.return_code == case.get("return_code", "OK")
    assert grouping.initial.drg == case.get("initial_drg", grouping.initial.drg)
    assert grouping.hac_status == case.get("hac_status", "NOT_APPLICABLE")
    assert grouping.hacs_met == tuple(case.get("hacs", ()))
    assert final.severity == case.get("severity", final.severity)
    assert [text[:2] for text in grouping.corrections] == case.get("corrections", [])
    by_place = {code.where: code for code in grouping.codes}
    for where, severity in case.get("excluded", {}).items():
        assert by_place[where].severity == severity
        assert by_place[where].excluded_by
    light = group_claim(claim, engine=engine, detail=False)
    assert (light.final.drg, light.initial.drg) == (final.drg, grouping.initial.drg)
    assert light.hacs_met == grouping.hacs_met
    assert light.codes == ()


def test_every_case_names_its_source() -> None:
    assert all(case["source"] for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)
