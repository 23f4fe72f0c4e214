"""Surgical centres: published rates under every wage index, rankings, devices, and what is open."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from superbill.errors import BadRow, Invalid, NotCovered
from superbill.model import LinePrice
from superbill.pricing import asc
from superbill.pricing.asc.price import WITHOUT_WAGES
from superbill.sources.asc import ANCILLARY, PROCEDURES, WAGES
from superbill.sources.document import Document
from superbill.store import build
from superbill.store.datasets.asc import DATASETS
from superbill.store.open import Store

DAY = date(2026, 5, 4)
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def store(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("asc") / "reference.sqlite"
    build.build([published / "asc"], path, catalog=DATASETS, comparisons=())
    with Store.open(path) as opened:
        yield opened


def rows(published: Path, addendum: str) -> list[list[str]]:
    (path,) = (published / "asc").glob(f"*_{addendum}_*.csv")
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))[1:]


def cents(text: str) -> int:
    return int(text.strip().replace("$", "").replace(",", "").replace(".", ""))


def service(
    code: str,
    number: int = 1,
    *,
    units: int = 1,
    modifiers: tuple[str, ...] = (),
    charge: int = 10**7,
) -> asc.Service:
    return asc.Service(number, code, modifiers, units, Decimal(charge))


def priced(store: Store, *services: asc.Service, cbsa: str = "10420") -> list[LinePrice]:
    found = asc.price(services, cbsa, asc.tables(store, on=DAY))
    assert all(each is not None for each in found)
    return [each for each in found if each is not None]


def rounded(value: Fraction) -> Decimal:
    """Half up to the cent, in whole numbers."""
    return Decimal(int(value * 2 + 1) // 2).scaleb(-2)


def test_every_published_rate_under_every_wage_index(store: Store, published: Path) -> None:
    (wages,) = (published / "asc").glob("*wage*.csv")
    areas = [line.rsplit(",", 1) for line in wages.read_text("cp1252", "replace").splitlines()[1:]]
    sample = [(area.split(",")[0], Fraction(index)) for area, index in areas][::23]
    assert len(sample) > 20
    checked = 0
    for row in rows(published, "AA"):
        if not row[6].strip() or not row[4].strip():
            continue
        for cbsa, index in sample:
            rate = Fraction(cents(row[6]))
            (found,) = priced(store, service(row[0]), cbsa=cbsa)
            assert found.allowed == rounded(rate / 2 * index + rate / 2), row
            checked += 1
    assert checked > 2000


def test_drugs_and_devices_are_paid_as_published(store: Store, published: Path) -> None:
    checked = 0
    for row in rows(published, "BB"):
        indicator = row[4].strip().upper()
        if not row[6].strip() or indicator not in WITHOUT_WAGES:
            continue
        operated, item = priced(store, service("G0105"), service(row[0], 2, units=3))
        assert operated.allowed > 0
        assert item.allowed * 100 == cents(row[6]) * 3
        if row[7].strip():
            assert item.copayment is not None
            assert item.copayment * 100 == cents(row[7]) * 3
        else:
            assert item.copayment is None
        checked += 1
    assert checked > 600


def test_the_highest_procedure_is_paid_in_full_and_the_others_by_half(store: Store) -> None:
    low, high = service("G0186"), service("C7504", 2, units=2)
    first, second = priced(store, low, high)
    (alone,) = priced(store, low)
    (one,) = priced(store, service("C7504"))
    # Akron, 0.8254: 301.90 and 3,695.53 × (0.5 × 0.8254 + 0.5), half of them where not the highest.
    assert (alone.allowed, one.allowed) == (Decimal("275.54"), Decimal("3372.91"))
    assert first.allowed == Decimal("137.77")
    assert second.allowed == Decimal("5059.37")  # 3,372.910231 × 1.5
    assert [each.allowed for each in priced(store, high, low)] == [second.allowed, first.allowed]


def test_the_charge_where_it_is_less(store: Store) -> None:
    (found,) = priced(store, service("C7504", charge=1000))
    assert found.allowed == Decimal("1000.00")
    # Ranked by the lesser: the charge of 200 makes C7504 the lower one.
    low, high = priced(store, service("C7504", charge=200), service("G0186", 2))
    assert (low.allowed, high.allowed) == (Decimal("100.00"), Decimal("275.54"))


def test_broken_off_and_without_device(store: Store) -> None:
    whole = Decimal("6308.81")
    wage = Decimal("0.8254") / 2 + Decimal("0.5")
    offset = Decimal("1921.93")
    (full,) = priced(store, service("C7532"))
    assert full.allowed == Decimal("5758.05")  # 6,308.81 × 0.9127 = 5,758.050887
    for modifier, expected in (
        ("73", (whole - offset) * wage / 2),
        ("52", whole * wage / 2),
        ("74", whole * wage),
        ("FB", (whole - offset) * wage),
        ("FC", (whole - offset / 2) * wage),
    ):
        (found,) = priced(store, service("C7532", modifiers=(modifier,)))
        assert abs(found.allowed - expected) <= Decimal("0.005"), modifier


def test_a_procedure_broken_off_is_not_ranked(store: Store) -> None:
    broken, other = priced(store, service("C7504", modifiers=("73",)), service("G0186", 2))
    assert other.allowed == Decimal("275.54")
    assert broken.allowed == Decimal("1686.46")


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("C9601", "bundled", "packaged"),
        ("C1600", "open", "contractor"),
        ("V2785", "open", "invoice"),
        ("J0121", "open", "covered surgical procedure"),
        ("G0341", "open", "addendum EE"),
    ],
)
def test_what_has_no_price_of_its_own(store: Store, code: str, status: str, words: str) -> None:
    (found,) = priced(store, service(code))
    assert found.status == status
    assert found.allowed == Decimal(0)
    assert words in found.meaning


def test_codes_areas_and_days_that_are_not_held(store: Store) -> None:
    assert asc.price([service("G0439")], "10420", asc.tables(store, on=DAY)) == (None,)
    for cbsa in ("99999", ""):
        with pytest.raises(Invalid, match="CBSA"):
            asc.price([service("C7504")], cbsa, asc.tables(store, on=DAY))
    for day in (date(2026, 3, 31), date(2027, 1, 1)):
        with pytest.raises(NotCovered, match="addendum AA"):
            asc.price([service("C7504")], "10420", asc.tables(store, on=day))


def test_the_trace_names_rate_and_wage_index(store: Store) -> None:
    (found,) = asc.price([service("C7504")], "10420", asc.tables(store, on=DAY), explain=True)
    assert found is not None
    sources = {each.source for step in found.trace for each in step.inputs if each.source}
    assert sources == {"asc.procedures April 2026", "asc.wage_index CY2026"}
    assert found.trace[-1].value == "3372.91"


HEAD_AA = (
    "HCPCS Code,,Short Descriptor,Subject to Multiple Procedure Discounting,"
    "April 2026 Payment Indicator,April 2026  Payment Weight  ,April 2026 Payment Rate \n"
)


@pytest.mark.parametrize(
    "row",
    [
        'C7502,,x,Q,G2,22.1647,"$1,248.36 "',
        "C7502,,x,Y,G2,22.1647,free",
        "C750,,x,Y,G2,22.1647,$1.00",
        "C7502,,x,Y",
    ],
)
def test_a_bad_row_is_named(row: str) -> None:
    document = Document.of("AA.csv", HEAD_AA + row + "\n")
    period = PROCEDURES.recognise(document)
    assert period is not None
    assert period.label == "April 2026"
    with pytest.raises(BadRow, match=r"AA\.csv"):
        list(PROCEDURES.parse(document, period))


def test_titles_and_notes_around_the_table_are_passed_over() -> None:
    text = "Addendum AA,,\nA notice,,\n" + HEAD_AA + "C7502,,x,Y,G2,22.1647,$1.00\n,,\n* A note,,\n"
    document = Document.of("AA.csv", text)
    period = PROCEDURES.recognise(document)
    assert period is not None
    assert len(list(PROCEDURES.parse(document, period))) == 1
    assert ANCILLARY.recognise(document) is None
    assert WAGES.recognise(document) is None


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadRow, match="Payment Indicator"):
        PROCEDURES.recognise(
            Document.of("AA.csv", HEAD_AA.replace("April 2026 Payment Indicator,", ""))
        )
