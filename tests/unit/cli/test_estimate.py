"""``superbill estimate``: both kinds, on the terminal, as JSON and as PDF."""

from __future__ import annotations

import io
import json
import os
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from superbill.model import Estimate, schema
from tests.unit.cli.conftest import Superbill

EXAMPLES = Path(__file__).parents[3] / "examples"
SELF_PAY = EXAMPLES / "self_pay_estimate.json"
INSURED = EXAMPLES / "insured_estimate.json"


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def order(path: Path = SELF_PAY, **more: Any) -> bytes:
    return json.dumps(json.loads(path.read_text(encoding="utf-8")) | more).encode()


def words(text: str) -> str:
    return " ".join(text.split())


def paper(path: Path) -> str:
    return words(" ".join(page.extract_text() for page in PdfReader(path).pages))


def charged(charge: str, discount: str) -> Decimal:
    """The charge less the discount, which is rounded to the cent."""
    return Decimal(charge) - cents(Decimal(charge) * Decimal(discount))


def test_good_faith(superbill: Superbill, stored: Path) -> None:
    shown = superbill("estimate", SELF_PAY, "--json")
    assert (shown.code, shown.err) == (0, "")
    found = msgspec.json.decode(shown.out, type=Estimate)
    told = json.loads(SELF_PAY.read_text(encoding="utf-8"))
    own = [charged(line["charge"], "0.35") for line in told["lines"]]
    (other,) = [charged(line["charge"], "0.25") for line in told["co_providers"][0]["lines"]]
    first, second = found.providers
    assert [line.expected for line in first.lines] == own
    assert [line.expected for line in second.lines] == [other] == [Decimal("457.87")]
    assert (first.patient, second.patient) == (sum(own), other)
    assert found.patient == sum(own) + other == Decimal("1441.32")
    assert (found.allowed, found.paid, found.kind) == (None, None, "good_faith")
    assert [each.on.isoformat() for each in found.due] == ["2026-11-27"]  # the 26th is a holiday
    Draft202012Validator(schema.schema("estimate")).validate(json.loads(shown.out))


def test_insured(superbill: Superbill, stored: Path) -> None:
    found = msgspec.json.decode(superbill("estimate", INSURED, "--json").out, type=Estimate)
    told = json.loads(INSURED.read_text(encoding="utf-8"))
    copay, deductible = Decimal("25.00"), Decimal("1500.00") - Decimal("1420.00")
    patient = Decimal(0)
    for line, given in zip(found.providers[0].lines, told["lines"], strict=True):
        allowed = cents(Decimal(given["charge"]) * Decimal("0.70"))
        copays = min(copay, allowed)
        met = min(deductible, allowed - copays)
        share = cents((allowed - copays - met) * Decimal("0.20"))
        copay, deductible = copay - copays, deductible - met
        assert (line.allowed, line.copay, line.deductible) == (allowed, copays, met)
        assert (line.coinsurance, line.patient) == (share, copays + met + share)
        assert [each.paid for each in line.payers] == [allowed - copays - met - share]
        patient += copays + met + share
    assert found.patient == patient == Decimal("130.90")
    assert (found.complete, found.due, found.kind) == (True, (), "insured")


def test_the_paper_tells_what_the_rule_lists(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    target = tmp_path / "estimate.pdf"
    shown = superbill("estimate", SELF_PAY, "--pdf", target)
    assert (shown.code, shown.err) == (0, "")
    assert f"PDF written: {target}" in shown.out
    told = paper(target)
    for each in (
        *("CLARA Sample", "August 9, 1974"),  # (i) name and date of birth
        *("Colonoscopy, to look for early signs of cancer", "December 15, 2026"),  # (ii)
        *("G0105", "J2704", "Z12.11", "Z80.0", "$942.50", "$40.95", "$457.87"),  # (iii), (iv)
        *("EXAMPLE SURGERY CENTER", "NPI 1234567893", "TIN 123456789", "AKRON, OH 44308-0001"),
        *("EXAMPLE DIGESTIVE HEALTH", "NPI 2000000010", "TIN 987654321", "AKRON, OH 44302-0001"),
        *("To be scheduled separately", "Visit to talk about the results", "330-555-0100"),
        "care that is not listed here",
        "only an estimate",
        *("at least $400 more", "45 CFR 149.620", "does not affect the quality", "cms.gov"),
        "not a contract",
        *("$983.45", "$1,441.32"),
    ):
        assert each in told, each
    assert told.index("has to be scheduled on its own") < told.index("Visit to talk about the res")
    again = tmp_path / "again.pdf"
    superbill("estimate", SELF_PAY, "--pdf", again)
    assert again.read_bytes() == target.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["again.pdf", "estimate.pdf"]


def test_on_the_terminal(superbill: Superbill, stored: Path) -> None:
    shown = words(superbill("estimate", SELF_PAY).out)
    for each in ("Good-faith estimate ORDER-3001", "to be given by November 27, 2026", "$1,441.32"):
        assert each in shown
    shown = words(superbill("estimate", "-", stdin=order(INSURED)).out)
    assert "lines.timely" not in shown
    for each in ("deductible $63.00; coinsurance $19.60", "patient pays $130.90", "Not checked"):
        assert each in shown


def test_what_has_no_price_is_not_zero(superbill: Superbill, stored: Path, tmp_path: Path) -> None:
    target = tmp_path / "estimate.pdf"
    payers = [{"kind": "medicare_part_b", "name": "MEDICARE", "member_id": "1EG4TE5MK73"}]
    shown = superbill("estimate", "-", "--pdf", target, stdin=order(INSURED, payers=payers))
    assert shown.code == 2
    assert "superbill data build --from DIR" in words(shown.err)
    assert "patient pays not priced" in words(shown.out)
    assert "$0.00" not in shown.out.partition("Assumed")[0]
    assert "You are expected to pay not priced" in paper(target)
    assert "could not be priced" in paper(target)


def test_late(superbill: Superbill, stored: Path) -> None:
    shown = superbill("estimate", "-", stdin=order(scheduled_on="2026-11-02"))
    assert shown.code == 0
    assert "THE ESTIMATE IS LATE" in shown.out


def without(name: str, holder: str = "biller") -> dict[str, Any]:
    told = json.loads(SELF_PAY.read_text(encoding="utf-8"))[holder]
    return {holder: {key: value for key, value in told.items() if key != name}}


BILLER = json.loads(SELF_PAY.read_text(encoding="utf-8"))["biller"]
OTHERS = json.loads(SELF_PAY.read_text(encoding="utf-8"))["co_providers"]


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        (without("npi"), "biller.npi", "it is missing"),
        ({"biller": BILLER | {"npi": ""}}, "biller.npi", "it is empty"),
        ({"biller": BILLER | {"npi": "1234567890"}}, "biller.npi", "not a National Provider"),
        (without("tax_id"), "biller.tax_id", "it is missing"),
        (without("address"), "biller.address", "it is missing"),
        ({"service_date": "2026-11-23"}, "service_date", "before the estimate, 2026-11-24"),
        ({"service_date": "2026-13-01"}, "service_date", "a date"),
        ({"scheduled_on": "2026-11-25"}, "scheduled_on", "after the estimate"),
        (
            {"estimated_on": "9999-12-31", "service_date": "9999-12-31"},
            "estimated_on",
            "is not a day of an estimate",
        ),
        ({"estimated_on": "2021-12-31"}, "estimated_on", "when they began to be required"),
        ({"surprise": 1}, "surprise", "no such field"),
        ({"primary_service": " "}, "primary_service", "it is empty"),
        ({"payers": []}, "payers", "there is none"),
        (
            {"payers": [{"kind": "plan", "name": "P"}, {"kind": "plan", "name": "Q"}]},
            "co_providers",
            "is not carried to the next one's",
        ),
        ({"co_providers": [OTHERS[0] | {"lines": []}]}, "co_providers[0].lines", "there is none"),
        (
            {"co_providers": [OTHERS[0] | {"discount": "25"}]},
            "co_providers[0].discount",
            "not a share",
        ),
        (
            {"lines": [{"code": "G0105", "charge": "1.005", "description": "x"}]},
            "lines[0].charge",
            "more than two decimals",
        ),
        ({"lines": [{"code": "G0105", "charge": "1"}]}, "lines[0].description", "it is missing"),
    ],
)
def test_bad_orders(
    superbill: Superbill,
    stored: Path,
    tmp_path: Path,
    more: dict[str, Any],
    path: str,
    message: str,
) -> None:
    target = tmp_path / "estimate.pdf"
    shown = superbill("estimate", "-", "--json", "--pdf", target, stdin=order(**more))
    assert (shown.code, shown.out, target.exists()) == (2, "", False)
    told = [json.loads(line) for line in shown.err.splitlines()]
    assert any(each["path"] == path and message in each["message"] for each in told), told
    assert all(each["fix"] for each in told)


def test_a_place_that_cannot_be_written(
    superbill: Superbill, stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = superbill("estimate", SELF_PAY, "--pdf", tmp_path / "no" / "estimate.pdf")
    assert shown.code == 2
    assert "There is no folder" in shown.err
    target = tmp_path / "estimate.pdf"
    target.write_bytes(b"before")

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    shown = superbill("estimate", SELF_PAY, "--pdf", target)
    assert (shown.code, shown.out) == (2, "")
    assert "No space left" in shown.err
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["estimate.pdf"]
    assert target.read_bytes() == b"before"


def test_the_order_is_not_written_over(superbill: Superbill, stored: Path, tmp_path: Path) -> None:
    given = tmp_path / "order.json"
    given.write_bytes(order())
    shown = superbill("estimate", given, "--pdf", given)
    assert shown.code == 2
    assert given.read_bytes() == order()


def test_without_reportlab(
    superbill: Superbill, stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.platypus", None)
    shown = superbill("estimate", SELF_PAY, "--pdf", tmp_path / "estimate.pdf")
    assert (shown.code, shown.out) == (2, "")
    assert "pip install 'superbill[pdf]'" in shown.err


def test_letters_and_markup_on_paper(superbill: Superbill, stored: Path, tmp_path: Path) -> None:
    target = tmp_path / "estimate.pdf"
    stdin = order(primary_service="Care of Žofie & <b>Zoë</b> 検")
    assert superbill("estimate", "-", "--pdf", target, stdin=stdin).code == 0
    assert "Care of Žofie & <b>Zoë</b> ?" in paper(target)


def test_a_device_is_written_to_and_not_put_aside(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    link = tmp_path / "nothing"
    link.symlink_to(os.devnull)
    assert superbill("estimate", SELF_PAY, "--pdf", link).code == 0
    assert link.is_symlink()


def test_a_stay_is_no_order(superbill: Superbill, stored: Path) -> None:
    shown = superbill("estimate", EXAMPLES / "heart_failure.json")
    assert shown.code == 2
    assert shown.err.count("error:") == 1
    assert "this is a stay" in shown.err


def test_two_orders_in_one_file(superbill: Superbill, stored: Path) -> None:
    shown = superbill("estimate", "-", stdin=order() + b"\n" + order())
    assert shown.code == 2
    assert "Give one order a file." in shown.err


def test_an_order_is_not_a_visit_that_was(superbill: Superbill, stored: Path) -> None:
    shown = superbill("adjudicate", SELF_PAY)
    assert shown.code == 2
    assert "superbill estimate" in shown.err


def test_many_lines_go_over_pages(superbill: Superbill, stored: Path, tmp_path: Path) -> None:
    line = {"code": "G0105", "charge": "10.00", "description": "A service that is repeated"}
    target = tmp_path / "estimate.pdf"
    stdin = order(lines=[line] * 120)
    assert superbill("estimate", "-", "--pdf", target, stdin=stdin).code == 0
    pages = PdfReader(io.BytesIO(target.read_bytes())).pages
    assert len(pages) >= 5
    assert f"Page 2 of {len(pages)}" in pages[1].extract_text()
    assert "Full charge" in pages[1].extract_text()


def test_what_is_longer_than_a_page_goes_on(
    superbill: Superbill, stored: Path, tmp_path: Path
) -> None:
    target = tmp_path / "estimate.pdf"
    long = {"code": "G0105", "charge": "99999999.99", "description": "W" * 200}
    stdin = order(diagnoses=["E11.22"] * 100, lines=[long | {"modifiers": ["25"] * 4}])
    shown = superbill("estimate", "-", "--pdf", target, stdin=stdin)
    assert (shown.code, shown.err) == (0, "")
    assert paper(target).count("E11.22") >= 200
