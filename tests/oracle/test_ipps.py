"""Every record of CMS's inpatient pricer that lies beside the checkout is met in every field."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.oracle import ipps
from tests.oracle.__main__ import main
from tests.oracle.common import SHARED, Difference

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (SHARED / "ipps").is_dir(), reason="the pricer's results are not at ../shared"
    ),
]


@pytest.mark.parametrize(("year", "cases"), [(2021, 2223), (2020, 388), (2019, 362)])
def test_every_field_of_every_record(year: int, cases: int) -> None:
    result = ipps.run(SHARED / "ipps" / f"fy{year}.jsonl")
    assert [str(difference) for difference in result.differences] == []
    assert (result.cases, result.exact, result.not_covered) == (cases, cases, 0)


def test_a_difference_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (SHARED / "ipps" / "fy2021.jsonl").open(encoding="utf-8") as lines:
        record = json.loads(next(lines))
    record["outputs"]["PPS-TOTAL-PAYMENT"] = "1.00"
    path = tmp_path / "one.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(record).encode()))
    assert main(["ipps", str(path)]) == 0
    shown, summary = capsys.readouterr().out.splitlines()
    assert f"{record['id']}: PPS-TOTAL-PAYMENT: expected '1.00', got '15087.88'" == shown
    assert json.loads(summary) == {"system": "ipps", "cases": 1, "exact": 0, "not_covered": 0}


def test_either_answer_is_right_where_there_are_two() -> None:
    record = {"id": "X", "outputs": {"A": "1", "B": "2"}, "alt_outputs": {"B": "3"}}
    assert ipps.compare(record, {"A": "1", "B": "2"}) == []
    assert ipps.compare(record, {"A": "1", "B": "3"}) == []
    assert ipps.compare(record, {"A": "1", "B": "4"}) == [Difference("X", "B", "2", "4")]


def test_an_unknown_system_or_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["opps", "x.jsonl"]) == 2
    assert main(["ipps", "no-such-file.jsonl"]) == 2
    assert "no such file" in capsys.readouterr().err
