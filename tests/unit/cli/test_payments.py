"""From a stay to the payers' remittances and back, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from superbill.interop.x12.check import check_file
from superbill.interop.x12.remits import remittances
from tests.contracts.tree import ROOT
from tests.unit.cli.conftest import Superbill
from tests.unit.interop.stays import PARTNER_TOML

EXAMPLES = ROOT / "examples"
HEART = EXAMPLES / "heart_failure.json"

pytestmark = pytest.mark.usefixtures("stored")


def test_each_payer_has_its_remittance_and_it_is_as_expected(
    superbill: Superbill, tmp_path: Path
) -> None:
    path = tmp_path / "payment.835"
    shown = superbill("adjudicate", HEART, "--write-835", path, "--control-number", 7)
    assert shown.code == 0, shown.err
    assert f"835 written: 2 remittances, 2 claims, {path.stat().st_size:,} bytes" in shown.out
    assert check_file(path, level=4).accepted
    found = list(remittances(path))
    assert [one.payer.name for one in found] == [
        "Medicare Part A",
        "Example Mutual Medicare Supplement",
    ]
    back = superbill("remit", path, "--expected", HEART)
    assert (back.code, back.err) == (0, "")
    assert "2 as expected" in back.out
    decision = superbill("adjudicate", HEART, "--json")
    (tmp_path / "decisions.jsonl").write_text(decision.out, encoding="utf-8")
    told = superbill("remit", path, "--expected", tmp_path / "decisions.jsonl", "--json")
    assert told.code == 0
    assert json.loads(told.out)["comparison"]["same"]


def test_many_stays_are_paid_together(superbill: Superbill, tmp_path: Path) -> None:
    path, stays = tmp_path / "payment.835", EXAMPLES / "many_stays.jsonl"
    shown = superbill("adjudicate", stays, "--write-835", path, "--json")
    assert shown.code == 0, shown.err
    assert "835 written" in shown.err
    assert check_file(path, level=4).accepted
    back = superbill("remit", path, "--expected", stays, "--json")
    assert back.code == 0, back.out
    one_less = "\n".join(stays.read_text(encoding="utf-8").splitlines()[1:])
    less = superbill("remit", path, "--expected", "-", "--json", stdin=one_less.encode())
    assert less.code == 1
    comparison = json.loads(less.out)["comparison"]
    assert "unexpected" in {claim["outcome"] for claim in comparison["claims"]}


def test_nobody_but_the_patient_sends_no_remittance(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "payment.835"
    shown = superbill("adjudicate", EXAMPLES / "self_pay.json", "--write-835", path)
    assert shown.code == 0
    assert "No 835 was written" in shown.out
    assert not path.exists()


def test_a_partners_835_goes_the_other_way(superbill: Superbill, tmp_path: Path) -> None:
    partner, path = tmp_path / "partner.toml", tmp_path / "payment.835"
    partner.write_text(PARTNER_TOML, encoding="utf-8")
    superbill("adjudicate", HEART, "--write-835", path, "--partner", partner)
    isa = path.read_text(encoding="ascii").split("*")
    assert (isa[6].strip(), isa[8].strip()) == ("EC0001", "EGH001")


def test_claim_and_remittance_go_into_two_files(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "both.edi"
    shown = superbill("adjudicate", HEART, "--write-837", path, "--write-835", path)
    assert shown.code == 2
    assert "two files" in shown.err
    assert not path.exists()
    other = tmp_path / "payment.835"
    shown = superbill("adjudicate", HEART, "--write-837", path, "--write-835", other)
    assert shown.code == 0, shown.err
    assert path.exists()
    assert other.exists()


def test_control_numbers_go_on(superbill: Superbill, tmp_path: Path) -> None:
    numbers = []
    for name in ("one", "two"):
        superbill("adjudicate", HEART, "--write-835", tmp_path / name)
        numbers.append(int((tmp_path / name).read_text(encoding="ascii").split("*")[13]))
    assert numbers[1] == numbers[0] + 1


@pytest.mark.parametrize("where", ["no/such/folder/payment.835", "."])
def test_what_cannot_be_written_leaves_nothing(
    where: str, superbill: Superbill, tmp_path: Path
) -> None:
    shown = superbill("adjudicate", HEART, "--write-835", tmp_path / where)
    assert shown.code == 2
    assert "error: " in shown.err
    assert "Traceback" not in shown.err


def test_what_was_sent_is_tracked(superbill: Superbill, stored: Path, tmp_path: Path) -> None:
    claim = tmp_path / "claim.837"
    shown = superbill("adjudicate", HEART, "--write-837", claim, "--track")
    assert shown.code == 0, shown.err
    waiting = superbill("x12", "acks", "--ledger", "--json")
    assert [one["state"] for one in json.loads(waiting.out)["claims"]] == ["no answer"]
    answer = tmp_path / "answer.edi"
    superbill("x12", "check", claim, "--level", "4", "--ack", answer)
    taken = superbill("x12", "acks", "--ledger", "--received", answer, "--json")
    assert taken.code == 0
    assert [one["state"] for one in json.loads(taken.out)["claims"]] == ["accepted"]
    refused = superbill("adjudicate", HEART, "--track")
    assert refused.code == 2
