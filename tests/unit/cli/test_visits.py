"""``superbill adjudicate`` on visits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.unit.cli.conftest import Superbill

EXAMPLE = Path(__file__).parents[3] / "examples" / "office_visit.json"


def document(**more: Any) -> str:
    payers = [{"kind": "self_pay", "name": "Patient", "discount": "0.20"}]
    told = json.loads(EXAMPLE.read_text(encoding="utf-8")) | {"payers": payers}
    return json.dumps(told | more)


def test_a_visit_is_shown_whole(superbill: Superbill, stored: Path) -> None:
    shown = superbill("adjudicate", "-", stdin=document().encode())
    assert (shown.code, shown.err) == (0, "")
    for words in ("Visit VISIT-1001", "Z00.00", "G0439", "Who pays what", "$296.00", "CO-131"):
        assert words in shown.out


def test_explained(superbill: Superbill, stored: Path) -> None:
    shown = superbill("adjudicate", "-", "--explain", stdin=document().encode())
    assert "charge × discount" in shown.out
    node = json.loads(superbill("adjudicate", "-", "--explain=json", stdin=document().encode()).out)
    assert node["name"] == "Visit VISIT-1001"


def test_many_are_a_line_each(superbill: Superbill, stored: Path) -> None:
    lines = [document(id="V1"), document(id="V2", zip="1"), document(id="V3")]
    shown = superbill("adjudicate", "-", "--json", stdin="\n".join(lines).encode())
    assert shown.code == 2
    assert [json.loads(line)["visit_id"] for line in shown.out.splitlines()] == ["V1", "V3"]
    assert json.loads(shown.err)["path"] == "zip"
    table = superbill("adjudicate", "-", stdin="\n".join((lines[0], lines[2])).encode())
    assert table.code == 0
    assert table.out.splitlines()[0].startswith("visit")
    assert len(table.out.splitlines()) == 3


def test_a_list_of_visits(superbill: Superbill, stored: Path) -> None:
    whole = f"[{document(id='V1')},\n{document(id='V2')}]"
    shown = superbill("adjudicate", "-", "--json", stdin=whole.encode())
    assert [json.loads(line)["visit_id"] for line in shown.out.splitlines()] == ["V1", "V2"]


def test_without_a_fee_schedule_the_bill_is_open_and_says_how_to_get_one(
    superbill: Superbill, stored: Path
) -> None:
    shown = superbill("adjudicate", EXAMPLE)
    assert shown.code == 2
    assert "superbill data build --from DIR" in shown.err
    assert "undetermined" in shown.out


def test_a_stay_among_visits(superbill: Superbill, stored: Path) -> None:
    stay = (EXAMPLE.parent / "heart_failure.json").read_text(encoding="utf-8")
    both = document() + "\n" + json.dumps(json.loads(stay))
    shown = superbill("adjudicate", "-", "--json", stdin=both.encode())
    assert shown.code == 2
    assert "this is a stay" in shown.err
    assert len(shown.out.splitlines()) == 1


def test_the_claim_of_a_visit_is_written(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    target = tmp_path / "claim.edi"
    payers = [
        {
            "kind": "plan",
            "name": "EXAMPLE PLAN",
            "payer_id": "EX001",
            "member_id": "MBR1",
            "terms": {"method": "percent_of_charges", "percent": "0.60"},
        }
    ]
    stdin = document(payers=payers).encode()
    shown = superbill("adjudicate", "-", "--write-837", target, stdin=stdin)
    assert (shown.code, shown.err) == (0, "")
    assert f"837 written: 1 claim, {target.stat().st_size:,} bytes: {target}" in shown.out
    assert superbill("x12", "check", target, "--level", "4").code == 0
    assert b"005010X222A1" in target.read_bytes()


def test_stays_and_visits_go_into_files_of_their_own(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    target = tmp_path / "claim.edi"
    stay = EXAMPLE.parent / "heart_failure.json"
    shown = superbill("adjudicate", stay, EXAMPLE, "--write-837", target)
    assert shown.code == 2
    assert "files of their own" in shown.err
    assert b"005010X223A2" in target.read_bytes()
