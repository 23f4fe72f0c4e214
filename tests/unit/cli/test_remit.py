"""The command ``superbill remit``: what it shows, what it compares, and how it ends."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from superbill.cli.remit import command
from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.remits import remittances_of, write_835
from superbill.model import Remittance
from tests.unit.interop.reader.files import SAMPLES
from tests.unit.interop.remits.test_compare import PAID
from tests.unit.interop.remits.test_decided import settled_stay, settled_visit
from tests.unit.interop.stays import PARTNER

CREATED = datetime(2026, 3, 20, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)


def written(folder: Path, *found: Remittance) -> Path:
    path = folder / "payment.835"
    path.write_bytes(
        write_835(found, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED)
    )
    return path


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    path = tmp_path / "decisions.jsonl"
    made = [settled_visit().decision, settled_stay().decision]
    path.write_bytes(b"\n".join(map(msgspec.json.encode, made)))
    return path


@pytest.fixture
def payment(tmp_path: Path) -> Path:
    return written(tmp_path, *remittances_of([settled_visit(), settled_stay()], paid_on=PAID))


def test_it_tells_claims_lines_reasons_and_sums(payment: Path) -> None:
    done = CliRunner().invoke(command, [str(payment)], standalone_mode=False)
    assert done.return_value == 0
    for said in (
        "Claim V-1, Eleanor Sample: processed as first payer",
        "line 2: J1100-JZ, 2026-03-02",
        "CO-45",
        "the provider may collect it from nobody",
        "patient owes",
        "Everything adds up to the payment.",
    ):
        assert said in done.output


def test_what_is_as_expected_ends_with_0(payment: Path, decisions: Path) -> None:
    asked = [str(payment), "--expected", str(decisions), "--json"]
    done = CliRunner().invoke(command, asked, standalone_mode=False)
    assert done.return_value == 0
    told = json.loads(done.stdout)
    assert told["comparison"]["same"]
    assert len(told["remittances"]) == 3


def test_a_difference_ends_with_1_and_is_told_to_the_line(tmp_path: Path, decisions: Path) -> None:
    first, second, *rest = remittances_of([settled_visit(), settled_stay()], paid_on=PAID)
    claim = first.claims[0]
    line = claim.lines[0]
    cut = replace(
        line, adjustments=(*line.adjustments[:1], replace(line.adjustments[1], reason="50"))
    )
    changed = replace(first, claims=(replace(claim, lines=(cut, claim.lines[1])),))
    path = written(tmp_path, changed, second, *rest)
    done = CliRunner().invoke(
        command, [str(path), "--expected", str(decisions)], standalone_mode=False
    )
    assert done.return_value == 1
    assert "line 1: CO-50 is $2.80; $0.00 was expected" in done.output
    assert "1 not as expected" in done.output


def test_amounts_that_do_not_add_up_end_with_1(tmp_path: Path) -> None:
    first = remittances_of([settled_visit()], paid_on=PAID)[0]
    path = written(tmp_path, replace(first, amount=first.amount + 1))
    done = CliRunner().invoke(command, [str(path)], standalone_mode=False)
    assert done.return_value == 1
    assert "payment does not add up: -$1.00 is unexplained" in done.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is nothing"),
        (b"hello", "does not begin with ISA"),
        (b"PK\x03\x04", "zip archive"),
    ],
)
def test_what_is_no_835_ends_with_2(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.835"
    path.write_bytes(content)
    done = CliRunner().invoke(command, [str(path)], standalone_mode=False)
    assert done.return_value == 2
    assert said in done.stderr or "holds no 835" in done.stderr


def test_a_line_of_the_expected_that_cannot_be_used_is_named(
    payment: Path, decisions: Path
) -> None:
    lines = decisions.read_bytes() + b'\n{"visit_id": 3}\nnonsense\n'
    decisions.write_bytes(lines)
    asked = [str(payment), "--expected", str(decisions), "--json"]
    done = CliRunner().invoke(command, asked, standalone_mode=False)
    assert done.return_value == 2
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [one["line"] for one in told] == [3, 4]
    assert json.loads(done.stdout)["comparison"]["same"]


def test_an_amount_that_is_none_is_told_with_its_place(payment: Path) -> None:
    payment.write_bytes(payment.read_bytes().replace(b"*180*137.2*", b"*180*1x7.2*"))
    done = CliRunner().invoke(command, [str(payment)], standalone_mode=False)
    assert done.return_value == 2
    assert "SVC03 is '1x7.2', which is no amount" in done.stderr
    # The remittances beside it are shown.
    assert "Medicare Part A to" in done.stdout


@pytest.mark.shared
def test_every_sample_is_shown_or_refused() -> None:
    for path in sorted((SAMPLES / "835").glob("*")):
        done = CliRunner().invoke(command, [str(path), "--json"], standalone_mode=False)
        assert done.return_value in {0, 1, 2}, (path, done.exception)
        assert json.loads(done.stdout)["remittances"] or done.stderr
