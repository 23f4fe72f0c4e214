"""The laboratory schedule: the published amount, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.errors import BadRow, NotCovered
from superbill.model import Recorder
from superbill.pricing import clfs
from superbill.sources.clfs import LAYOUT
from superbill.sources.document import Document, Undated
from superbill.store import build
from superbill.store.datasets.clfs import RATES
from superbill.store.open import Store

DAY = date(2026, 5, 4)
HEADER = "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC\n"


@pytest.fixture(scope="module")
def store(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("clfs") / "reference.sqlite"
    files = sorted((published / "mpfs").glob("CLFS*.csv"))
    build.build(files, path, catalog=[RATES], comparisons=())
    with Store.open(path) as opened:
        yield opened


@pytest.mark.shared
def test_every_published_amount(store: Store, published: Path) -> None:
    (path,) = (published / "mpfs").glob("CLFS*.csv")
    priced = 0
    for text in path.read_text(encoding="utf-8-sig").splitlines()[1:]:
        _, code, modifier, _, indicator, rate = text.split(",")[:6]
        if indicator == "L":
            continue
        modifiers = (modifier,) if modifier else ()
        found = clfs.price(store, code, modifiers, Decimal(3), on=DAY, line=1)
        assert found is not None
        assert found.allowed * 100 == int(rate.replace(".", "")) * 3
        assert (found.deductible, found.coinsurance) == (False, Decimal(0))
        priced += 1
    assert priced == 47


@pytest.mark.shared
def test_the_contractors_own_price_is_not_covered(store: Store) -> None:
    with pytest.raises(NotCovered, match="contractor"):
        clfs.price(store, "G0327", (), Decimal(1), on=DAY, line=1)


@pytest.mark.shared
def test_codes_and_days_that_the_schedule_does_not_hold(store: Store) -> None:
    assert clfs.price(store, "G0439", (), Decimal(1), on=DAY, line=1) is None
    for day in (date(2026, 3, 31), date(2027, 1, 1)):
        with pytest.raises(NotCovered, match="laboratory"):
            clfs.price(store, "G0103", (), Decimal(1), on=day, line=1)


@pytest.mark.shared
def test_the_trace_says_where_the_rate_is_from(store: Store) -> None:
    found = clfs.price(store, "G0103", (), Decimal(1), on=DAY, line=1, trace=Recorder())
    assert found is not None
    assert found.trace[0].value == "19.31"
    assert found.trace[0].inputs[0].source == "clfs.rates CY2026 Q2"


@pytest.mark.parametrize(
    "row",
    [
        "2026,G010,,20260101,N,00019.31,a,b,c",
        "2026,G0103,,20260101,X,00019.31,a,b,c",
        "2026,G0103,,20261301,N,00019.31,a,b,c",
        "2026,G0103,,20260101,N,free,a,b,c",
        "2026,G0103,,20260101,N",
    ],
)
def test_a_bad_row_is_named(row: str) -> None:
    document = Document.of("CLFS_CY2026Q2.csv", HEADER + row + "\n")
    period = LAYOUT.recognise(document)
    assert period is not None
    with pytest.raises(BadRow, match=r"CLFS_CY2026Q2\.csv"):
        list(LAYOUT.parse(document, period))


def test_a_column_missing_and_a_name_without_a_quarter() -> None:
    with pytest.raises(BadRow, match="EFF_DATE"):
        LAYOUT.recognise(Document.of("CLFS_CY2026Q2.csv", HEADER.replace("EFF_DATE,", "")))
    with pytest.raises(Undated):
        LAYOUT.recognise(Document.of("lab.csv", HEADER))
