"""Tables on the command line: from claims, from X12, and back."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from superbill.model import Claim, ClaimLine, Remittance, RemittanceParty
from tests.unit.cli.conftest import Superbill

CLAIM = Claim(
    kind="837P",
    id="1",
    charge=Decimal("10.00"),
    lines=(ClaimLine(number=1, charge=Decimal("10.00"), service_from=date(2026, 3, 1)),),
)
REMITTANCE = Remittance(
    payer=RemittanceParty(name="One"),
    payee=RemittanceParty(name="Two"),
    number="9",
    amount=Decimal("0.00"),
    paid_on=None,
)
LINES = b"".join(msgspec.json.encode(each) + b"\n" for each in (CLAIM, REMITTANCE, CLAIM))


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_claims_become_tables_and_come_back(
    superbill: Superbill, tmp_path: Path, form: str
) -> None:
    folder = tmp_path / "tables"
    done = superbill("table", "write", "-", "--to", form, "-o", folder, "--json", stdin=LINES)
    assert (done.code, done.err) == (0, "")
    told = {Path(t["path"]).name: t["rows"] for t in map(json.loads, done.out.splitlines())}
    assert told == {f"claims.{form}": 2, f"claim_lines.{form}": 2, f"remittances.{form}": 1}
    back = superbill("table", "read", folder)
    kinds = [Claim, Claim, Remittance]
    found = [
        msgspec.json.decode(line, type=kind)
        for line, kind in zip(back.out.splitlines(), kinds, strict=True)
    ]
    assert found == [CLAIM, CLAIM, REMITTANCE]


def test_bad_lines_are_told_and_the_rest_written(superbill: Superbill, tmp_path: Path) -> None:
    given = msgspec.json.encode(CLAIM) + b'\n{"kind": "837P"}\n{"payee": 1}\nnonsense\n'
    done = superbill("table", "write", "-", "--to", "csv", "-o", tmp_path, "--json", stdin=given)
    assert done.code == 2
    assert {json.loads(e)["line"] for e in done.err.splitlines()} == {2, 3, 4}
    assert len(superbill("table", "read", tmp_path).out.splitlines()) == 1


def test_a_bad_cell_is_told_with_its_place(superbill: Superbill, tmp_path: Path) -> None:
    superbill("table", "write", "-", "--to", "csv", "-o", tmp_path, stdin=LINES)
    path = tmp_path / "claim_lines.csv"
    path.write_text(path.read_text().replace("10.00", "ten", 1))
    done = superbill("table", "read", tmp_path, "--json")
    assert done.code == 2
    (error,) = map(json.loads, done.err.splitlines())
    assert error["path"] == "claim_lines.csv row 1, charge"
    assert len(done.out.splitlines()) == 2


def test_a_stranger_s_calls_are_refused_in_words(superbill: Superbill, tmp_path: Path) -> None:
    for args, says in (
        (("read", tmp_path / "none"), "is no folder"),
        (("read", tmp_path), "there is no table"),
        (("schema", "nothing"), "There is no table"),
        (("write", "-", "--to", "csv", "-o", tmp_path), "nothing in it"),
        (("write", tmp_path / "none", "--to", "csv", "-o", tmp_path), "No such file"),
    ):
        done = superbill("table", *args)
        assert done.code == 2
        assert says in done.err
        assert "Traceback" not in done.err


def test_the_schema_tells_every_column(superbill: Superbill) -> None:
    done = superbill("table", "schema", "claim_lines", "--json")
    told = json.loads(done.out)
    assert [c["name"] for c in told["columns"]][:3] == ["claim", "line", "line_number"]
    assert "claims: one row a claim" in superbill("table", "schema").out
