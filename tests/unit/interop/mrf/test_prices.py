"""Prices in a book: which are found, and what each comes to."""

from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from superbill.errors import Invalid
from superbill.interop import mrf
from superbill.interop.mrf.book import writing
from tests.unit.interop.mrf.made import (
    CHARGE,
    GROUP,
    HOSPITAL,
    ITEM,
    PRICE,
    RATES,
    SERVICE,
    changed,
    written,
)

OTHER_GROUP: dict[str, Any] = {
    "provider_group_id": 8,
    "network_name": ["Narrow"],
    "provider_groups": [GROUP | {"npi": [1000000012]}],
}
PRICES = [
    PRICE,
    PRICE | {"negotiated_rate": 1, "billing_code_modifier": ["95"]},
    PRICE | {"negotiated_rate": 2, "expiration_date": "2026-03-31"},
    PRICE | {"negotiated_rate": 3, "service_code": ["CSTM-00"], "setting": "both"},
    {**PRICE, "negotiated_rate": 4, "billing_class": "institutional", "setting": "inpatient"},
]
del PRICES[4]["service_code"]
BOOK = RATES | {
    "provider_references": [*RATES["provider_references"], OTHER_GROUP],
    "in_network": [
        ITEM
        | {
            "negotiated_rates": [
                {"provider_references": [7], "negotiated_prices": PRICES},
                {"provider_references": [8], "negotiated_prices": [PRICE | {"negotiated_rate": 5}]},
            ]
        },
        ITEM
        | {
            "billing_code": "CSTM-00",
            "negotiated_rates": [
                {"provider_references": [7], "negotiated_prices": [PRICE | {"negotiated_rate": 9}]}
            ],
        },
        ITEM | {"billing_code_type": "LOCAL", "negotiated_rates": ITEM["negotiated_rates"]},
    ],
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["120.5", "1", "2", "3", "4", "5", "120.5"]),
        ({"code_type": "HCPCS"}, ["120.5", "1", "2", "3", "4", "5", "9"]),
        ({"code_type": "LOCAL"}, ["120.5"]),
        ({"code_type": "CPT"}, []),
        ({"npi": "1000000012"}, ["5"]),
        ({"npi": "1234567885"}, []),
        ({"on": date(2026, 3, 31), "code_type": "LOCAL"}, ["120.5"]),
        ({"on": date(2026, 3, 31)}, ["120.5", "1", "2", "3", "4", "5", "120.5"]),
        ({"on": date(2026, 4, 1)}, ["120.5", "1", "3", "4", "5", "120.5"]),
        ({"on": date(2027, 1, 1)}, []),
        ({"modifiers": frozenset({"95"})}, ["1"]),
        ({"modifiers": frozenset()}, ["120.5", "2", "3", "4", "5", "120.5"]),
        ({"place": "11", "code_type": "HCPCS"}, ["120.5", "1", "2", "3", "4", "5", "9"]),
        ({"place": "12"}, ["3", "4"]),
        ({"setting": "inpatient"}, ["3", "4"]),
        ({"billed_as": "institutional"}, ["4"]),
        ({"payer": "a PAYER"}, ["120.5", "1", "2", "3", "4", "5", "120.5"]),
        ({"payer": "an issuer", "plan": "plan b"}, []),
        ({"payer": "somebody"}, []),
    ],
)
def test_rates_that_fit_what_is_asked(
    tmp_path: Path, asked: dict[str, Any], found: list[str]
) -> None:
    mrf.import_file(written(tmp_path, BOOK), tmp_path / "book")
    with mrf.Prices.open(tmp_path / "book") as book:
        rates = list(book.rates("g0439", **({"on": None} | asked)))
        assert [str(rate.rate) for rate in rates] == found
        assert [*book.rates("G0400", on=None)] == []


def test_a_book_and_the_file_answer_alike(tmp_path: Path) -> None:
    file = written(tmp_path, BOOK)
    mrf.import_file(file, tmp_path / "book")
    answers = []
    for path in (file, tmp_path / "book"):
        with mrf.prices(path, codes=frozenset({"G0439"})) as (book, _):
            answers.append(list(book.rates("G0439", code_type="HCPCS", on=None)))
    assert answers[0] == answers[1]
    assert len(answers[0]) == 7


def test_a_book_that_was_there_stays_when_the_next_is_bad(tmp_path: Path) -> None:
    into = tmp_path / "book"
    mrf.import_file(written(tmp_path, RATES), into)
    before = into.read_bytes()
    with pytest.raises(Invalid):
        mrf.import_file(written(tmp_path, changed(RATES, "version", "9")), into)
    assert into.read_bytes() == before


def test_what_is_no_book(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE a (b)")
    with pytest.raises(Invalid, match="no book of prices"), mrf.Prices.open(tmp_path / "other"):
        pass
    mrf.import_file(written(tmp_path, RATES), tmp_path / "book")
    with sqlite3.connect(tmp_path / "book") as book:
        book.execute("PRAGMA user_version = 9")
    with pytest.raises(Invalid, match="form 9"), mrf.Prices.open(tmp_path / "book"):
        pass


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        _write_into_little_room(tmp_path / "book")
    assert list(tmp_path.iterdir()) == []


def _write_into_little_room(into: Path) -> None:
    with writing(into) as book:
        book.connection.execute("PRAGMA max_page_count = 1")
        for number in range(10_000):
            book.add_reference(str(number), ("A network",), ())


def test_a_damaged_book_is_told_as_one(tmp_path: Path) -> None:
    mrf.import_file(written(tmp_path, BOOK), tmp_path / "book")
    whole = (tmp_path / "book").read_bytes()
    page = 4096
    (tmp_path / "book").write_bytes(whole[: 2 * page] + b"x" * (len(whole) - 2 * page))
    with pytest.raises(Invalid, match="book"), mrf.Prices.open(tmp_path / "book") as book:
        list(book.rates("G0439", on=None))


def _rate(**said: Any) -> mrf.Rate:
    common: dict[str, Any] = {
        "payer": "A",
        "plan": "",
        "arrangement": "ffs",
        "code_type": "HCPCS",
        "code_version": "2026",
        "code": "G0439",
        "name": "",
        "description": "",
        "negotiated_type": "negotiated",
        "rate": Decimal("10.005"),
        "expires": date(2026, 12, 31),
        "billed_as": "both",
        "setting": "both",
    }
    return mrf.Rate(**(common | said))


# By hand; ties go up: 10.005 → 10.01, and 10.005 × 3 = 30.015 → 30.02.
@pytest.mark.parametrize(
    ("said", "case", "amount"),
    [
        ({}, {}, "10.01"),
        ({}, {"units": 3}, "30.02"),
        ({"negotiated_type": "fee schedule"}, {"units": 2}, "20.01"),
        ({"negotiated_type": "per diem"}, {"days": 3, "units": 9}, "30.02"),
        ({"negotiated_type": "per diem"}, {"days": 0}, "0.00"),
        ({"negotiated_type": "per diem"}, {}, None),
        (
            {"negotiated_type": "percentage", "rate": Decimal("62.5")},
            {"charges": Decimal("99.99")},
            "62.49",
        ),
        ({"negotiated_type": "percentage"}, {}, None),
        ({"negotiated_type": "derived"}, {}, None),
        ({"arrangement": "capitation"}, {}, None),
        ({"arrangement": "bundle"}, {"units": 3}, "10.01"),
    ],
)
def test_what_a_rate_comes_to(said: Any, case: Any, amount: str | None) -> None:
    quote = mrf.rate_quote(_rate(**said), mrf.Case(**case))
    assert quote.amount == (None if amount is None else Decimal(amount))
    assert quote.how


@pytest.mark.parametrize(
    ("said", "case", "amount"),
    [
        ({"gross": Decimal(200)}, {"units": 2}, "400.00"),
        ({}, {}, None),
        (
            {"payer": "R", "dollar": Decimal(80), "methodology": "fee schedule"},
            {"units": 2},
            "160.00",
        ),
        ({"payer": "R", "dollar": Decimal(80), "methodology": "case rate"}, {"units": 2}, "80.00"),
        ({"payer": "R", "dollar": Decimal(80), "methodology": "per diem"}, {"days": 4}, "320.00"),
        ({"payer": "R", "dollar": Decimal(80), "methodology": "per diem"}, {}, None),
        ({"payer": "R", "percentage": Decimal(75)}, {"charges": Decimal(1000)}, "750.00"),
        ({"payer": "R", "algorithm": "x", "median": Decimal(5), "count": "12"}, {}, None),
    ],
)
def test_what_a_charge_comes_to(said: Any, case: Any, amount: str | None) -> None:
    charge = mrf.StandardCharge(description="", setting="both", **said)
    quote = mrf.charge_quote(charge, mrf.Case(**case))
    assert quote.amount == (None if amount is None else Decimal(amount))
    assert ("median" in quote.how) == ("algorithm" in said)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 2),
        ({"payer": "region"}, 2),
        ({"plan": "ppo"}, 0),
        ({"code_type": "HCPCS"}, 2),
        ({"code_type": "NDC"}, 0),
        ({"setting": "inpatient"}, 1),
        ({"modifiers": frozenset({"50"})}, 1),
        ({"modifiers": frozenset()}, 1),
    ],
)
def test_charges_that_fit_what_is_asked(tmp_path: Path, asked: dict[str, Any], count: int) -> None:
    second = CHARGE | {"setting": "both", "modifier_code": ["50"]}
    service = SERVICE | {"standard_charges": [CHARGE, second]}
    file = written(tmp_path, HOSPITAL | {"standard_charge_information": [service]})
    with mrf.prices(file, codes=frozenset({"G0439"})) as (book, _):
        assert len(list(book.charges("G0439", **asked))) == count
