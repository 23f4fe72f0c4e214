"""Every claim of the published results, edited and compared."""

from __future__ import annotations

import pytest

from tests.oracle import mce
from tests.oracle.common import SHARED

CASES = SHARED / "drg" / "cases.jsonl"


@pytest.mark.shared
def test_every_claim_is_exact() -> None:
    if not CASES.exists():
        pytest.skip("needs ../shared/oracles/drg/cases.jsonl")
    result = mce.run(CASES)
    assert result.differences == ()
    assert (result.cases, result.exact, result.not_covered) == (1200, 1200, 0)
