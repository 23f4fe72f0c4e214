"""Columns give what lines give, to the cent, ties and refusals included."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from superbill.errors import SuperbillError
from superbill.pricing.mpfs import Line, Priced, Pricer
from superbill.pricing.mpfs.bulk import BUNDLED, DENIED, PRICED, REFUSED, Bulk, Columns
from superbill.pricing.mpfs.line import check
from superbill.store.open import Store
from tests.unit.pricing.mpfs.small import small_store

SETS: list[list[str]] = [
    [],
    [],
    *([each] for each in ("26", "TC", "50", "54", "62", "80", "78", "51", "53", "GY", "GZ", "ZZ")),
    ["55", "59"],
    ["AS", "82"],
    ["LT", "59", "GA"],
    ["26", "TC"],
    ["66"],
    ["CQ", "GP", "KX", "59"],
    ["59", "59"],
]
STATUS = {PRICED: "priced", BUNDLED: "bundled", DENIED: "denied"}


def columns(lines: Sequence[dict[str, Any]], kind: str = "S", *, by_zip: bool = False) -> Columns:
    def text(name: str) -> Any:
        return np.array([line[name] for line in lines], np.bytes_ if kind == "S" else np.str_)

    return Columns(
        code=text("code"),
        date=np.array([line["date"] for line in lines], "datetime64[D]"),
        pos=text("pos"),
        modifiers=np.array(
            [("" if kind == "S" else " ").join(line["modifiers"]) for line in lines],
            np.bytes_ if kind == "S" else np.str_,
        ),
        units=np.array([line["units"] for line in lines]),
        apm=np.array([line["apm"] for line in lines]),
        zip=text("zip") if by_zip else None,
        carrier=None if by_zip else text("carrier"),
        locality=None if by_zip else text("locality"),
    )


def alone(pricer: Pricer, given: dict[str, Any], *, by_zip: bool) -> Priced | SuperbillError:
    fields = {name: value for name, value in given.items() if by_zip or name != "zip"}
    if by_zip:
        fields |= {"carrier": "", "locality": ""}
    line = Line(**fields | {"modifiers": tuple(given["modifiers"])})
    try:
        check(line)
        return pricer.price(line)
    except SuperbillError as error:
        return error


def compare(store: Store, lines: Sequence[dict[str, Any]], *, by_zip: bool = False) -> list[int]:
    """Hold columns against lines; how many of each status there were."""
    pricer, bulk = Pricer(store), Bulk(store)
    seen = [0, 0, 0, 0]
    singly = [alone(pricer, line, by_zip=by_zip) for line in lines]
    for kind in "SU":
        given = columns(lines, kind, by_zip=by_zip)
        found = bulk.price(given)
        for at, one in enumerate(singly):
            seen[found.status[at]] += 1
            if isinstance(one, SuperbillError):
                assert found.status[at] == REFUSED, (lines[at], one)
                assert found.allowed[at] == 0
                assert str(bulk.refusal(given, at)) == str(one)
                continue
            assert STATUS.get(int(found.status[at])) == one.status, lines[at]
            assert Decimal(int(found.allowed[at])).scaleb(-2) == one.allowed, lines[at]
            assert Decimal(int(found.fee[at])).scaleb(-2) == one.fee, lines[at]
            assert bool(found.facility[at]) == one.facility
            assert found.releases[found.release[at]] == one.release
            assert bulk.refusal(given, at) is None
    return seen


@pytest.mark.shared
def test_columns_equal_lines_on_the_published_schedule(folder: Path, store: Store) -> None:
    chance = random.Random(7)
    with (folder / "PPRRVU2026_Jul_nonQPP_HCPCS-LevelII-only.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    payable = [row for row in rows if row[3] in "ART"]
    marked = [row for row in rows if row[14] in ("000", "010", "090") or row[1]]
    with (folder / "GPCI2026.csv").open(newline="", encoding="utf-8-sig") as file:
        places = [(row[0], row[2]) for row in csv.reader(file) if row and row[0].isdigit()]
    lines: list[dict[str, Any]] = []
    for _ in range(6000):
        row = chance.choice(chance.choice((payable, marked, rows)))
        carrier, locality = chance.choice(places)
        lines.append(
            {
                "code": row[0],
                "modifiers": [row[1]] if row[1] else chance.choice(SETS),
                "date": date(2025, 12, 20) + timedelta(days=chance.randrange(390)),
                "carrier": chance.choices((carrier, "99999", "1"), (50, 1, 1))[0],
                "locality": locality,
                "pos": chance.choice(("11", "22", "21", "12", "02", "98", "1")),
                "units": chance.choices((1, 2, 37, 9999, 0, 10**9), (50, 9, 3, 1, 1, 1))[0],
                "apm": chance.random() < 0.5,
            }
        )
    # A technical component on old equipment depends on the locality: each is asked for alone.
    tests = [
        lines[0]
        | {"code": code, "modifiers": modifiers, "date": date(2026, 5, 4), "units": 2}
        | {"carrier": carrier, "locality": locality, "pos": "11"}
        for code in ("G0279", "G0130", "G0416")
        for modifiers in (["FX"], ["TC", "FY"], ["26", "CT"])
        for carrier, locality in places[::20]
    ]
    assert compare(store, tests)[PRICED] == 2 * len(tests)
    assert min(compare(store, lines)) > 50


@pytest.mark.shared
def test_columns_equal_lines_by_zip(store: Store) -> None:
    zips = ["10001", "30011", "300111176", "300111300", "300119999", "00000", "99501", "1000", ""]
    lines: list[dict[str, Any]] = [
        {
            "code": code,
            "modifiers": [],
            "date": day,
            "zip": each,
            "pos": "11",
            "units": 1,
            "apm": False,
        }
        for code in ("G0439", "G0105", "A2004")
        for day in (date(2026, 1, 1), date(2026, 7, 31), date(2027, 1, 1))
        for each in zips
    ]
    priced, _, _, refused = compare(store, lines, by_zip=True)
    assert priced
    assert refused


def line(code: str, *modifiers: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "modifiers": list(modifiers),
        "date": date(2026, 5, 4),
        "carrier": "00001",
        "locality": "00",
        "pos": "11",
        "units": 1,
        "apm": False,
    } | more


@pytest.mark.parametrize(
    ("factor", "expected"),
    # 1.60 outside a facility, 1.35 inside.
    [("33.4063", 5345), ("33.4062", 5345), ("33.4031", 5344)],
)
def test_cents_round_half_up(factor: str, expected: int, tmp_path: Path) -> None:
    # 1.60 × 33.4063 = 53.45008, 33.4062 × 1.60 = 53.44992, 33.4031 × 1.60 = 53.44496
    with Store.open(small_store(tmp_path, factor)) as store:
        assert compare(store, [line("Z0001"), line("Z0001", pos="22")])[REFUSED] == 0
        assert Bulk(store).price(columns([line("Z0001")])).allowed[0] == expected


def test_ties_go_up(tmp_path: Path) -> None:
    # 1.35 × 33.1000 = 44.685, a tie; 44.69 × 1.5 = 67.035, another.
    with Store.open(small_store(tmp_path, "33.1000")) as store:
        given = [line("Z0001", pos="22"), line("Z0001", "50", pos="22")]
        assert Bulk(store).price(columns(given)).allowed.tolist() == [4469, 6704]
        assert compare(store, given)[PRICED] == 4


@pytest.mark.parametrize(("cap", "expected"), [("0.20", 4008), ("3.00", 5344)])
def test_the_cap_on_a_test(cap: str, expected: int, tmp_path: Path) -> None:
    # The OPPS amount is (1.00 + 0.20) × 33.4009 = 40.0811 or 4.00 × 33.4009, the other 53.4414.
    with Store.open(small_store(tmp_path, cap=cap)) as store:
        given = [line("Z0003"), line("Z0003", "TC"), line("Z0003", "TC", pos="22")]
        assert Bulk(store).price(columns(given)).allowed[0] == expected
        assert compare(store, given)[PRICED] == 6


def test_text_that_is_nothing(tmp_path: Path) -> None:
    given = [
        line("Z00012345678"),
        line("z0001"),
        line("Ümlaut"),
        line("Z0001", pos="11x"),
        line("Z0001", carrier="0000100000"),
        line("Z0001", locality="001"),
        line("Z0001", "?"),
        line(""),
    ]
    with Store.open(small_store(tmp_path)) as store:
        found = Bulk(store).price(columns(given, "U"))
        assert found.status.tolist() == [REFUSED] * len(given)
        assert not found.allowed.any()
