"""``superbill contract``."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Superbill
from tests.unit.interop.mrf.made import HOSPITAL, RATES, TALL, changed, table, written


@pytest.fixture
def rates(tmp_path: Path) -> Path:
    return written(tmp_path, RATES, "rates.json")


def test_check_says_what_a_file_is(superbill: Superbill, rates: Path, tmp_path: Path) -> None:
    charges = written(tmp_path, table(TALL), "charges.csv")
    shown = superbill("contract", "check", rates, charges)
    assert (shown.code, shown.err) == (0, "")
    for words in ("A Payer, in-network rates", "HIOS 0000000000", "Any Hospital", "tall CSV"):
        assert words in shown.out
    stdin = gzip.compress(rates.read_bytes())
    found = json.loads(superbill("contract", "check", "-", "--json", stdin=stdin).out)
    assert (found["file"], found["items"], found["prices"], found["problems"]) == (
        "stdin",
        1,
        1,
        [],
    )


def test_check_tells_problems_and_what_cannot_be_read(
    superbill: Superbill, rates: Path, tmp_path: Path
) -> None:
    wrong = written(tmp_path, changed(RATES, "plan_market_type", "large"), "wrong.json")
    shown = superbill("contract", "check", wrong)
    assert shown.code == 1
    assert "wrong.json: plan_market_type: 'large' is not allowed." in shown.err
    assert "fix: One of: group, individual." in shown.err
    told = json.loads(superbill("contract", "check", wrong, "--json").out)
    assert told["problems"][0]["path"] == "plan_market_type"
    cut = written(tmp_path, rates.read_bytes()[:-40], "cut.json")
    shown = superbill("contract", "check", cut, rates)
    assert shown.code == 2
    assert "cut.json: in_network[0]" in shown.err
    assert "cut off" in shown.err
    assert "A Payer" in shown.out
    assert superbill("contract", "check", tmp_path / "none.json").code == 2
    assert superbill("contract", "check", tmp_path).code == 2
    assert superbill("contract", "check", "-", stdin=b"").code == 2


def test_import_and_price(superbill: Superbill, rates: Path, tmp_path: Path) -> None:
    book = tmp_path / "plan.rates"
    assert "1 prices in" in superbill("contract", "import", rates, "-o", book).out
    for file in (rates, book):
        shown = superbill("contract", "price", file, "--code", "G0439", "--npi", "1234567893")
        assert (shown.code, shown.err) == (0, "")
        for words in ("$120.50", "HCPCS G0439: Wellness visit", "until 2026-12-31", "Any Clinic"):
            assert words in shown.out
        (line,) = superbill(
            "contract", "price", file, "--code", "g0439", "--units", 2, "--json"
        ).out.splitlines()
        answer = json.loads(line)
        assert (answer["amount"], answer["rate"]["rate"]) == ("241.00", "120.5")


def test_price_of_a_hospital(superbill: Superbill, tmp_path: Path) -> None:
    term = {
        "description": "Bilateral",
        "code": "50",
        "modifier_payer_information": [
            {"payer_name": "Region", "plan_name": "HMO", "description": "150% of the amount"}
        ],
    }
    file = written(tmp_path, HOSPITAL | {"modifier_information": [term]}, "charges.json")
    shown = superbill(
        "contract", "price", file, "--code", "510", "--payer", "reg", "--modifier", "50"
    )
    assert shown.code == 0
    for words in ("$80.25", "Region HMO, fee schedule", "gross $200.00", "150% of the amount"):
        assert words in shown.out
    assert superbill("contract", "price", file, "--code", "510", "--npi", "1000000004").code == 1


def test_nothing_is_found(superbill: Superbill, rates: Path) -> None:
    shown = superbill("contract", "price", rates, "--code", "G0400")
    assert (shown.code, shown.out) == (1, "")
    assert "publishes no price of G0400" in shown.err
    assert superbill("contract", "price", rates, "--code", "G0439", "--on", "2027-01-01").code == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--npi", "123"), "--npi: '123' is no NPI"),
        (("--on", "tomorrow"), "--on: 'tomorrow' is not a date"),
        (("--charges", "$5"), "--charges: '$5' is no amount"),
        (("--charges", "-5"), "--charges"),
        (("--days", "-1"), "--days"),
        (("--units", "0"), "--units"),
        (("--setting", "home"), "--setting"),
    ],
)
def test_wrong_options(
    superbill: Superbill, rates: Path, options: tuple[str, ...], said: str
) -> None:
    shown = superbill("contract", "price", rates, "--code", "G0439", *options)
    assert (shown.code, shown.out) == (2, "")
    assert said in shown.err
    assert superbill("contract", "price", rates, "--code", " ").code == 2
    assert superbill("contract", "price", rates).code == 2


def test_what_is_wrong_is_left_out_only_where_that_is_asked(
    superbill: Superbill, tmp_path: Path
) -> None:
    services = [*RATES["in_network"], RATES["in_network"][0] | {"negotiation_arrangement": "?"}]
    file = written(tmp_path, RATES | {"in_network": services}, "part.json")
    shown = superbill("contract", "price", file, "--code", "G0439")
    assert (shown.code, shown.out) == (2, "")
    assert "part.json: in_network[1].negotiation_arrangement" in shown.err
    shown = superbill("contract", "price", file, "--code", "G0439", "--leave-out")
    assert shown.code == 0
    assert shown.out.count("G0439") == 1
    assert "1 prices are left out" in shown.err
    book = tmp_path / "book"
    assert superbill("contract", "import", file, "-o", book).code == 2
    assert not book.exists()
    assert superbill("contract", "import", file, "-o", tmp_path / "no" / "book").code == 2
    assert superbill("contract", "import", file, "-o", book, "--leave-out", "--json").code == 0
    assert book.exists()
