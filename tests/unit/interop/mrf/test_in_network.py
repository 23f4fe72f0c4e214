"""A payer's in-network file: what is read, and what is told of a wrong one."""

from __future__ import annotations

import gzip
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from superbill.errors import Invalid
from superbill.interop import mrf
from tests.unit.interop.mrf.made import GROUP, ITEM, PRICE, RATES, changed, written


def _rates(path: Path, code: str = "G0439", **kw: Any) -> list[mrf.Rate]:
    with mrf.prices(path, codes=frozenset({code})) as (book, _):
        return list(book.rates(code, **({"on": None} | kw)))


def test_a_rate_has_everything_as_written(tmp_path: Path) -> None:
    price = json.dumps(PRICE).replace("120.5", "120.500") + "}"
    text = json.dumps(RATES).replace(json.dumps(PRICE), price[:-1])
    (rate,) = _rates(written(tmp_path, text))
    assert str(rate.rate) == "120.500"
    assert (rate.payer, rate.plan, rate.arrangement) == ("A Payer", "Plan A", "ffs")
    assert (rate.code_type, rate.code_version, rate.code) == ("HCPCS", "2026", "G0439")
    assert (rate.expires, rate.setting) == (date(2026, 12, 31), "outpatient")
    assert (rate.billed_as, rate.service_codes) == ("professional", ("11", "22"))
    assert rate.networks == ("Wide",)
    (group,) = rate.providers
    assert (group.tin, group.npis) == ("12-3456789", ("1234567893", "1000000004"))
    assert rate.path == "in_network[0].negotiated_rates[0].negotiated_prices[0]"


@pytest.mark.parametrize("last", ["provider_references", "in_network", "version"])
def test_the_order_of_what_a_file_says_does_not_matter(tmp_path: Path, last: str) -> None:
    plain = _rates(written(tmp_path, RATES))
    item = {"negotiated_rates": ITEM["negotiated_rates"], **ITEM}
    moved = {k: v for k, v in RATES.items() if k != last} | {last: RATES[last]}
    moved["in_network"] = [{k: item[k] for k in reversed(item)}]
    assert _rates(written(tmp_path, moved)) == plain


def test_codes_that_are_not_asked_for_are_not_kept(tmp_path: Path) -> None:
    other = ITEM | {"billing_code": "G0438"}
    late = {"negotiated_rates": other["negotiated_rates"]} | other
    file = written(tmp_path, RATES | {"in_network": [other, ITEM, late]})
    report = mrf.import_file(file, tmp_path / "book", codes=frozenset({"G0439"}))
    # The first is passed over; the last is read before it says what it is.
    assert (report.items, report.prices, report.kept) == (3, 2, 1)


def test_gzip_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + json.dumps(RATES).encode()
    assert mrf.check(written(tmp_path, gzip.compress(text))).problem_count == 0


def test_an_npi_of_0_is_no_npi(tmp_path: Path) -> None:
    file = written(tmp_path, changed(RATES, "provider_references.0.provider_groups.0.npi", [0]))
    (rate,) = _rates(file)
    assert rate.providers[0].npis == ()
    assert _rates(file, npi="1234567893") == []


def test_a_file_of_version_1_has_its_providers_beside_the_rates(tmp_path: Path) -> None:
    price = {k: v for k, v in PRICE.items() if k != "setting"}
    group = changed(GROUP, "tin.business_name", ...)
    rates = [{"provider_groups": [group], "negotiated_prices": [price]}]
    old = {"version": "1.3.1"} | RATES | {"version": "1.3.1"}
    old["in_network"] = [ITEM | {"negotiated_rates": rates}]
    del old["provider_references"]
    (rate,) = _rates(written(tmp_path, old), npi="1000000004")
    assert rate.providers[0].tin == "12-3456789"
    assert rate.setting == ""


P = "in_network.0.negotiated_rates.0.negotiated_prices.0."
G = "provider_references.0.provider_groups.0."
WRONG: list[tuple[str, Any, str, str]] = [
    ("version", "9.0", "version", "is not known"),
    ("version", ..., "version", "is missing"),
    ("last_updated_on", "15/01/2026", "last_updated_on", "is not a date"),
    ("last_updated_on", "2026-02-30", "last_updated_on", "is not a date"),
    ("plan_market_type", "large", "plan_market_type", "not allowed"),
    ("plan_id", ..., "plan_id", "is missing"),
    ("plan_id_type", "ein", "plan_sponsor_name", "is missing"),
    ("reporting_entity_name", "", "reporting_entity_name", "is empty"),
    ("in_network", [], "in_network", "empty list"),
    ("in_network", {}, "in_network", "is no list"),
    ("in_network.0", 5, "in_network[0]", "expected an object"),
    (
        "in_network.0.negotiation_arrangement",
        "FFS",
        "in_network[0].negotiation_arrangement",
        "'FFS'",
    ),
    ("in_network.0.billing_code_type", "DRG", "in_network[0].billing_code_type", "not allowed"),
    ("in_network.0.billing_code", 439, "in_network[0].billing_code", "expected text, saw 439"),
    ("in_network.0.negotiated_rates", [], "in_network[0].negotiated_rates", "empty list"),
    ("in_network.0.negotiated_rates", ..., "in_network[0].negotiated_rates", "is missing"),
    (P + "negotiated_type", "flat", f"{P}negotiated_type", "not allowed"),
    (P + "negotiated_rate", "120.5", f"{P}negotiated_rate", "expected a number, saw '120.5'"),
    (P + "negotiated_rate", 0, f"{P}negotiated_rate", "not above 0"),
    (P + "negotiated_rate", -5.5, f"{P}negotiated_rate", "not above 0"),
    (P + "negotiated_rate", True, f"{P}negotiated_rate", "saw true"),
    (P + "negotiated_rate", 1e300, f"{P}negotiated_rate", "no price"),
    (P + "expiration_date", "2026-12", f"{P}expiration_date", "is not a date"),
    (P + "service_code", ..., f"{P}service_code", "is missing"),
    (P + "service_code", ["11", "5"], f"{P}service_code.1", "no place of service"),
    (P + "service_code", ["11", "11"], f"{P}service_code", "twice"),
    (P + "service_code", ["CSTM-00", "11"], f"{P}service_code", "stands with others"),
    (P + "billing_class", "facility", f"{P}billing_class", "not allowed"),
    (P + "setting", ..., f"{P}setting", "is missing"),
    (P + "billing_code_modifier", [], f"{P}billing_code_modifier", "empty list"),
    (P[:-3], [PRICE, PRICE | {"negotiated_rate": 120.50}], P[:-3], "twice"),
    (P[:-3], {}, P[:-3], "expected a list, saw an object"),
    (
        "in_network.0.negotiated_rates.0.provider_references",
        [8],
        P[:-1],
        "group 8 is defined nowhere",
    ),
    (
        "in_network.0.negotiated_rates.0.provider_references",
        ["7"],
        "in_network.0.negotiated_rates.0.provider_references.0",
        "whole number",
    ),
    (
        "provider_references.0.provider_group_id",
        7.5,
        "provider_references.0.provider_group_id",
        "7.5",
    ),
    ("provider_references.0.network_name", ..., "provider_references.0.network_name", "is missing"),
    (G + "tin.value", "1-2", f"{G}tin.value", "no EIN"),
    (G + "tin.type", "ssn", f"{G}tin.type", "not allowed"),
    (G + "tin.business_name", ..., f"{G}tin.business_name", "is missing"),
    (G + "npi", [12], f"{G}npi.0", "no NPI"),
    (G + "npi", [], f"{G}npi", "saw a list"),
    (G + "npi", [1234567893, 1234567893], f"{G}npi", "twice"),
]


def _bracketed(path: str) -> str:
    parts = path.split(".")
    return "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in parts).lstrip(".")


@pytest.mark.parametrize(("path", "value", "place", "said"), WRONG)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, path: str, value: Any, place: str, said: str
) -> None:
    file = written(tmp_path, changed(RATES, path, value))
    found = [str(each) for each in mrf.check(file).problems]
    assert any(each.startswith(f"{_bracketed(place)}: ") and said in each for each in found), found
    with pytest.raises(Invalid):
        mrf.import_file(file, tmp_path / "book")
    assert not (tmp_path / "book").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = json.dumps(RATES).encode()
    for end in range(2, len(whole), 7):
        with pytest.raises(Invalid, match="cut off"):
            mrf.import_file(written(tmp_path, whole[:end]), tmp_path / "book")
        assert not (tmp_path / "book").exists()
    with pytest.raises(Invalid, match="cut off"):
        mrf.check(written(tmp_path, whole[:-1]))
    packed = gzip.compress(whole)
    for end in range(20, len(packed), 50):
        with pytest.raises(Invalid, match="cut off"):
            mrf.check(written(tmp_path, packed[:end]))


JUNK = [
    (b"", "nothing in it"),
    (b"  \n ", "nothing in it"),
    (b"hello there", "begins with 'hello there'"),
    (b"[1, 2]", "no price-transparency file"),
    (b"{}", "neither in_network"),
    (b'{"a": 1}', "neither in_network"),
    (b'{"in_network": [1,}', "not JSON"),
    (json.dumps(RATES).encode() + b"{}", "not JSON"),
    (json.dumps(RATES).encode().replace(b"A Payer", b"A \xff Payer"), "not JSON"),
    (b"PK\x03\x04....", "ZIP"),
    (b"\x1f\x8bnot gzip at all", "gzip stream"),
    (b"<?xml version='1.0'?><root><in_network/></root>", "XML"),
    (b'{"out_of_network": []}', "allowed-amounts"),
    (b'{"version": "2", "reporting_structure": []}', "table of contents"),
    (b'{"in_network": ' + b"[" * 5000, "cut off"),
    (b'{"version": 1e99999999999999999999}', "beyond any measure"),
    (b'{"version": ' + b"9" * 10_000 + b"}", "more than 1,000 digits"),
]


@pytest.mark.parametrize(("text", "said"), JUNK, ids=range(len(JUNK)))
def test_junk_is_refused_plainly(tmp_path: Path, text: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        mrf.check(written(tmp_path, text))


def test_a_group_that_stands_twice(tmp_path: Path) -> None:
    twice = RATES | {"provider_references": RATES["provider_references"] * 2}
    (problem,) = mrf.check(written(tmp_path, twice)).problems
    assert problem.path == "provider_references[1].provider_group_id"


def test_what_is_wrong_can_be_left_out(tmp_path: Path) -> None:
    bad_price = PRICE | {"negotiated_type": "flat"}
    rates = [
        {"provider_references": [7], "negotiated_prices": [PRICE]},
        {"provider_references": [7], "negotiated_prices": [bad_price]},
        {"provider_references": [8], "negotiated_prices": [PRICE]},
    ]
    items = [ITEM | {"negotiated_rates": rates}, ITEM | {"negotiation_arrangement": "x"}]
    file = written(tmp_path, RATES | {"in_network": items})
    report = mrf.import_file(file, tmp_path / "book", leave_out=True)
    assert (report.prices, report.kept, report.left_out, report.problem_count) == (4, 1, 3, 3)
    assert [rate.rate for rate in _rates(tmp_path / "book")] == [Decimal("120.5")]


def test_bytes_read_are_told(tmp_path: Path) -> None:
    file = written(tmp_path, RATES)
    told: list[int] = []
    mrf.check(file, told=told.append)
    assert told[-1] == file.stat().st_size
