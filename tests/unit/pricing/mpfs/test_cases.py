"""Lines worked by hand (tests/cases/mpfs.toml), read from JSON as a batch is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from superbill.errors import Invalid, NotCovered
from superbill.model import Recorder
from superbill.pricing.mpfs import Pricer, read

pytestmark = pytest.mark.shared

CASES = tomllib.loads(
    Path(__file__).parents[3].joinpath("cases", "mpfs.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_as_worked_by_hand(case: dict[str, Any], pricer: Pricer) -> None:
    text = json.dumps(case["line"]).encode()
    if "error" in case:
        with pytest.raises((Invalid, NotCovered)) as refused:
            pricer.price(read(text))
        kind = {"invalid": Invalid, "not_covered": NotCovered}[case["error"]]
        assert isinstance(refused.value, kind)
        assert case["says"] in str(refused.value)
        if "path" in case:
            assert isinstance(refused.value, Invalid)
            assert [problem.path for problem in refused.value.problems] == [case["path"]]
        return
    found = pricer.price(read(text))
    assert str(found.allowed) == case["allowed"]
    for name, value in case.get("expect", {}).items():
        seen = getattr(found, name)
        assert (seen if isinstance(seen, bool) else str(seen)) == value, name

    # With every step recorded: the same amounts, and steps that end in what is allowed.
    explained = pricer.price(read(text), trace=Recorder())
    assert explained.allowed == found.allowed
    assert explained.trace[-1].value == str(found.allowed)
