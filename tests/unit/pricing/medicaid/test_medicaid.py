"""States' schedules: the table of cases, every published amount, and a facility's claim."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from superbill.errors import NotCovered
from superbill.model import Biller, Person, Recorder, Visit, VisitLine
from superbill.pricing import medicaid
from superbill.store import build
from superbill.store.datasets.medicaid import DATASETS
from superbill.store.open import Store

TABLE = tomllib.loads(
    (Path(__file__).parents[3] / "cases" / "medicaid.toml").read_text(encoding="utf-8")
)
CASES: list[dict[str, Any]] = TABLE["case"]


def opened(files: list[Path], folder: Path) -> Iterator[Store]:
    path = folder / "reference.sqlite"
    build.build(files, path, catalog=DATASETS, comparisons=())
    with Store.open(path) as store:
        yield store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("made")
    file = folder / "MEDICAID_OH_TX_CO_2026.csv"
    file.write_text(TABLE["schedule"], encoding="utf-8")
    yield from opened([file], folder)


@pytest.fixture(scope="module")
def states(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    files = sorted((published / "medicaid").glob("*.csv"))
    yield from opened(files, tmp_path_factory.mktemp("states"))


def run(case: dict[str, Any], store: Store) -> None:
    assert case["source"].strip()
    ask = case["ask"]
    modifiers, units = tuple(ask.get("modifiers", ())), Decimal(ask.get("units", "1"))

    def price() -> Any:
        return medicaid.price(
            store,
            ask["state"],
            ask["code"],
            modifiers,
            units,
            on=ask["on"],
            line=1,
            trace=Recorder(),
        )

    if "why" in case:
        with pytest.raises(NotCovered) as refusal:
            price()
        assert case["why"] in refusal.value.remedy
    else:
        found = price()
        assert str(found.allowed) == case["allowed"]
        assert found.trace[0].inputs[0].source == found.release


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", [c for c in CASES if "published" not in c], ids=named)
def test_case(case: dict[str, Any], made: Store) -> None:
    run(case, made)


@pytest.mark.shared
@pytest.mark.parametrize("case", [c for c in CASES if "published" in c], ids=named)
def test_published_case(case: dict[str, Any], states: Store) -> None:
    run(case, states)


def rows(published: Path, state: str) -> list[list[str]]:
    (path,) = (published / "medicaid").glob(f"{state}_*.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("state", "code", "modifier", "rate", "on", "priced", "open_"),
    [
        # P9047 stands twice, once with an amount: 231 amounts make 230 prices.
        ("AK", 0, 1, 7, date(2026, 5, 4), 230, 988),
        ("AZ", 0, None, 2, date(2026, 2, 1), 1134, 15),
        ("CO", 0, None, 2, date(2026, 2, 1), 849, 127),
        ("CO", 0, None, 3, date(2026, 5, 4), 847, 129),
    ],
)
def test_every_published_amount(
    states: Store,
    published: Path,
    state: str,
    code: int,
    modifier: int | None,
    rate: int,
    on: date,
    priced: int,
    open_: int,
) -> None:
    """Ten units cost ten times what the cell, shown in cents as a workbook does, says."""
    counted = [0, 0]
    for cells in rows(published, state):
        given = (cells[modifier],) if modifier and cells[modifier] else ()
        text = cells[rate].strip().lstrip("$").replace(",", "")
        try:
            found = medicaid.price(states, state, cells[code], given, Decimal(10), on=on, line=1)
        except NotCovered:
            assert not text[0].isdigit() or cells[code] == "P9047"
            counted[1] += 1
        else:
            assert f"{found.allowed / 10:.2f}" == f"{float(text):.2f}"
            counted[0] += 1
    assert counted == [priced, open_]


def test_a_facilitys_claim_is_not_priced_by_a_schedule_for_professionals(made: Store) -> None:
    visit = Visit(
        id="V1",
        patient=Person(last_name="EXAMPLE", first_name="PAT", birth_date=date(1990, 1, 1), sex="F"),
        biller=Biller(name="EXAMPLE HOSPITAL", npi="1234567893"),
        service_date=date(2026, 5, 4),
        diagnoses=("Z0000",),
        lines=(VisitLine(code="G0001", charge=Decimal("50.00")),),
        form="outpatient",
    )
    (found,) = medicaid.prices(made, visit, "OH")
    assert found.status == "open"
    assert "professional claims" in found.meaning
