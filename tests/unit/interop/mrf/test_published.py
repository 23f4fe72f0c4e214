"""The examples that CMS publishes for both schemas: all read, with counts taken by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.interop import mrf

pytestmark = pytest.mark.shared

# items, prices and provider references of each, counted in the file by eye.
RATES = {
    "all-negotiated-types-sample": (6, 8, 2),
    "bundle-single-plan-sample": (1, 2, 2),
    "capitation-single-plan-sample": (1, 2, 2),
    "fee-for-service-single-plan-sample": (2, 5, 2),
    "multiple-plans-sample": (2, 6, 2),
    "no-npi": (1, 1, 1),
}
REFUSED = {
    "in-network-rates/in-network-rates-bundle-sample.xml": "XML with <in_network>",
    "in-network-rates/in-network-rates-capitation-sample.xml": "XML with <in_network>",
    "in-network-rates/in-network-rates-fee-for-service-sample.xml": "XML with <in_network>",
    "allowed-amounts/allowed-amounts-single-plan-sample.json": "an allowed-amounts file",
    "allowed-amounts/allowed-amounts-multiple-plan-sample.json": "an allowed-amounts file",
    "table-of-contents/table-of-contents-sample.json": "a table of contents",
}
# items as each form counts them; charges are the same 45, since they depict the same contracts:
# 39 of items (12 of them drugs) and 6 of modifiers.
CHARGES = {
    "JSON/v3_json_format_example.json": (22, "JSON"),
    "CSV/Tall_Format_Examples/V3.0.0_Tall_CSV_Format_Example.csv": (45, "tall CSV"),
    "CSV/Wide_Format_Examples/V3.0.0_Wide_CSV_Format_Example.csv": (26, "wide CSV"),
}


@pytest.fixture
def tic(published: Path) -> Path:
    return published / "contracts" / "tic" / "examples"


@pytest.fixture
def hpt(published: Path) -> Path:
    return published / "contracts" / "hpt" / "examples"


@pytest.mark.parametrize("name", RATES)
def test_rates(tic: Path, tmp_path: Path, name: str) -> None:
    file = tic / "in-network-rates" / f"in-network-rates-{name}.json"
    found = mrf.import_file(file, tmp_path / "book")
    assert found.problems == ()
    assert (found.items, found.prices, found.groups) == RATES[name]
    assert found.kept == found.prices


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_named(tic: Path, name: str) -> None:
    with pytest.raises(Invalid, match=REFUSED[name]):
        mrf.check(tic / name)


@pytest.mark.parametrize("name", CHARGES)
def test_charges(hpt: Path, tmp_path: Path, name: str) -> None:
    found = mrf.import_file(hpt / name, tmp_path / "book")
    assert found.problems == ()
    assert (found.items, found.header and found.header.form) == CHARGES[name]
    assert (found.prices, found.kept) == (45, 45)


@pytest.mark.parametrize(
    ("code", "payer", "dollar", "percentage", "median", "count"),
    [  # each read in the table by eye
        ("611", "Region", "250", None, None, ""),
        ("470", "Platform", "49000", None, None, ""),
        ("001", "Platform", None, None, "230554.65", "12"),
        ("450", "Region", None, "75", "6502.54", "175"),
        ("10135072962", "Platform", "0.75", None, None, ""),
    ],
)
def test_a_charge_in_each_form(
    hpt: Path,
    code: str,
    payer: str,
    dollar: str | None,
    percentage: str | None,
    median: str | None,
    count: str,
) -> None:
    for name in CHARGES:
        with mrf.prices(hpt / name, codes=frozenset({code})) as (book, _):
            (charge,) = book.charges(code, payer=payer)
        written = [
            None if v is None else str(v) for v in (charge.dollar, charge.percentage, charge.median)
        ]
        assert (*written, charge.count) == (dollar, percentage, median, count), name


def test_what_differs_between_the_forms_is_the_place_of_notes_alone(hpt: Path) -> None:
    """Tall tables have one column of notes, and tell shares of modifiers as a percentage."""
    seen = []
    for name in CHARGES:
        with mrf.prices(hpt / name, codes=frozenset({"885", "H0017", "762"})) as (book, _):
            found = [c for code in ("885", "H0017", "762") for c in book.charges(code)]
            # The forms list the two payers of a service in different orders.
            seen.append(
                sorted(
                    msgspec.json.encode(
                        msgspec.structs.replace(
                            c, path="", notes="", payer_notes=(c.payer_notes + c.notes).strip()
                        )
                    )
                    for c in found
                )
            )
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == 9


def test_a_bundle_names_what_is_in_it(tic: Path) -> None:
    file = tic / "in-network-rates" / "in-network-rates-bundle-single-plan-sample.json"
    with mrf.prices(file, codes=frozenset({"8154"})) as (book, _):
        rates = list(book.rates("81.54", code_type="ICD", on=None))
    assert [rate.rate for rate in rates] == [Decimal("20000.0"), Decimal("25000.0")]
    bundled = json.loads(file.read_text())["in_network"][0]["bundled_codes"]
    assert [code.code for code in rates[0].bundled] == [each["billing_code"] for each in bundled]
    assert len(bundled) == 2
    assert [len(group.npis) for group in rates[0].providers] == [5, 5]


def test_each_kind_of_rate_comes_to_what_it_says(tic: Path) -> None:
    """Sums by hand: 65% and 75.5% of $200, $5,500 a day for 3 days, and dollars as they stand."""
    file = tic / "in-network-rates" / "in-network-rates-all-negotiated-types-sample.json"
    case = mrf.Case(charges=Decimal(200), days=3)
    expected = [
        ["150.00"],
        ["130.00"],
        ["16500.00"],
        [None],
        ["8500.00", "12000.00"],
        ["151.00", "2500.00"],
    ]
    items = json.loads(file.read_text())["in_network"]
    for item, amounts in zip(items, expected, strict=True):
        code = item["billing_code"]
        with mrf.prices(file, codes=frozenset({code})) as (book, _):
            quotes = [mrf.rate_quote(rate, case) for rate in book.rates(code, on=None)]
        assert [q.amount and str(q.amount) for q in quotes] == amounts
