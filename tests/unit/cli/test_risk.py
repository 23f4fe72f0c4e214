"""``superbill risk``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.conftest import Superbill

MEMBER = Path(__file__).parents[3] / "examples" / "member.json"
ARGS = ("--model", "v28", "--year", "2026")


def test_the_example(superbill: Superbill) -> None:
    shown = superbill("risk", MEMBER, *ARGS)
    assert (shown.code, shown.err) == (0, "")
    for words in ("HCC 37", "E11.22", "2.064", "in no category: I10", "raw score"):
        assert words in shown.out


def test_many_and_a_bad_one(superbill: Superbill) -> None:
    one = json.loads(MEMBER.read_text())
    lines = [one, one | {"id": "M2", "diagnoses": ["?"]}, one | {"id": "M3", "sex": "U"}]
    stdin = "\n".join(map(json.dumps, lines)).encode()
    shown = superbill("risk", "-", *ARGS, "--json", stdin=stdin)
    assert shown.code == 2
    assert [json.loads(line)["member_id"] for line in shown.out.splitlines()] == ["MEMBER-1"]
    told = [json.loads(line) for line in shown.err.splitlines()]
    assert [(each["line"], each["path"]) for each in told] == [(2, "diagnoses[0]"), (3, "sex")]


def test_wrong_use(superbill: Superbill) -> None:
    assert superbill("risk", MEMBER, "--model", "v29", "--year", "2026").code == 2
    assert superbill("risk", MEMBER, "--model", "v28", "--year", "2031").code == 2
    assert superbill("risk", "-", *ARGS, stdin=b"").code == 2
    assert superbill("risk", "-", *ARGS, stdin=b"[1]").code == 2
