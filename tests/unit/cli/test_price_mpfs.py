"""``superbill price mpfs`` as a stranger would call it, on a small store of files made here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Superbill
from tests.unit.pricing.mpfs.small import small_store

LINE: dict[str, Any] = {
    "code": "Z0001",
    "modifiers": [],
    "date": "2026-05-04",
    "carrier": "00001",
    "locality": "00",
    "pos": "11",
    "units": 1,
    "apm": False,
}
PLACE = ("--carrier", "00001", "--locality", "00", "--pos", "11")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two codes, 109 localities with an index of 1, no ZIP codes: one relative value is 33.4009."""
    return small_store(tmp_path_factory.mktemp("mpfs"))


def test_one_line_as_text_and_json(superbill: Superbill, small: Path) -> None:
    ran = superbill("price", "mpfs", "z0001", "--on", "2026-05-04", *PLACE, "--store", small)
    assert ran.code == 0
    assert "allowed                    $53.44" in ran.out  # 1.60 × 33.4009 = 53.4414
    ran = superbill(
        "price", "mpfs", "Z0001", "--on", "2026-05-04", *PLACE, "--store", small, "--json", "--apm"
    )
    assert json.loads(ran.out)["allowed"] == "53.71"  # 1.60 × 33.5675 = 53.7080


def test_explained_to_the_file(superbill: Superbill, small: Path) -> None:
    ran = superbill(
        "price", "mpfs", "Z0001", "--on", "2026-05-04", *PLACE, "--store", small, "--explain"
    )
    assert ran.code == 0
    for said in ("work × index: 1.00", "PPRRVU2026_Jan_nonQPP.csv", "GPCI2026.csv", "half up"):
        assert said in ran.out


def test_what_is_not_paid_says_so(superbill: Superbill, small: Path) -> None:
    ran = superbill("price", "mpfs", "Z0002", "--on", "2026-05-04", *PLACE, "--store", small)
    assert ran.code == 0
    assert "denied: not covered by Medicare; the patient is liable" in ran.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "Name one code, or --batch FILE."),
        (("Z0001", "--batch", "-"), "Name one code, or --batch FILE."),
        (("Z0001",), "--on: it is missing"),
        (("Z0001", "--on", "2026-05-04"), "--pos: it is missing"),
        (("Z0001", "--on", "May", *PLACE), "'May' is not a date"),
        (("Z0001", "--on", "2026-05-04", "--pos", "11"), "nothing says where"),
        (("Z0001", "--on", "2026-05-04", *PLACE, "--zip", "10001"), "both a ZIP code"),
        (("Z0001", "--on", "2026-05-04", *PLACE, "--units", "0"), "0 units"),
        (("Z0001", "--on", "2026-05-04", *PLACE, "--charge", "much"), "not an amount"),
        (("Z0001", "--on", "2026-05-04", *PLACE, "--modifier", "26,TC"), "26 and TC"),
        (("Z0001", "--on", "2026-05-04", *PLACE, "--practitioner", "king"), "practitioner"),
        (("Z0001", "--on", "2027-05-04", *PLACE), "not covered on 2027-05-04"),
        (("Z9999", "--on", "2026-05-04", *PLACE), "Z9999 is not in RVU26A"),
        (("Z0001", "--on", "2026-05-04", "--zip", "10001", "--pos", "11"), "ZIP5_MMMyyyy"),
    ],
)
def test_bad_input(args: tuple[str, ...], said: str, superbill: Superbill, small: Path) -> None:
    ran = superbill("price", "mpfs", *args, "--store", small)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err


def test_a_batch_answers_each_line_in_its_place(superbill: Superbill, small: Path) -> None:
    given = [
        json.dumps(LINE),
        json.dumps(LINE | {"pos": "22", "units": 2}),
        "not json",
        json.dumps(LINE | {"units": 10**9, "carrier": "1"}),
        "",
        json.dumps(LINE | {"colour": "red"}),
        json.dumps({key: value for key, value in LINE.items() if key != "date"}),
        json.dumps(LINE | {"code": "Z9999"}),
        json.dumps(LINE | {"modifiers": None, "zip": None, "pos": 11, "units": "3"}),
    ]
    ran = superbill(
        "price", "mpfs", "--batch", "-", "--json", "--store", small, stdin="\n".join(given).encode()
    )
    assert ran.code == 2
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [one.get("allowed") for one in found] == [
        "53.44",
        "90.18",  # 1.35 × 33.4009 = 45.0912, two units
        None,
        None,
        None,
        None,
        None,
        "160.32",
    ]
    assert [one.get("facility") for one in found[:2]] == [False, True]
    assert found[0]["release"] == "RVU26A"
    bad = found[2:7]
    assert [one["line"] for one in bad] == [3, 4, 6, 7, 8]
    assert [one["error"] for one in bad] == ["invalid"] * 5
    assert [one.get("path") for one in bad] == [None, "units", "colour", "date", "code"]
    assert bad[1]["others"][0]["path"] == "carrier"
    assert all(one["message"] and one["fix"] for one in bad)


def test_a_clean_batch_ends_well(superbill: Superbill, small: Path) -> None:
    ran = superbill(
        "price", "mpfs", "--batch", "-", "--store", small, stdin=json.dumps(LINE).encode()
    )
    assert ran.code == 0
    assert json.loads(ran.out)["allowed"] == "53.44"


def test_a_file_that_is_not_there(superbill: Superbill, small: Path) -> None:
    ran = superbill("price", "mpfs", "--batch", "absent.jsonl", "--store", small)
    assert ran.code == 2
    assert "absent.jsonl" in ran.err


def test_lines_of_one_id_are_one_claim(superbill: Superbill, small: Path) -> None:
    given = [
        json.dumps(LINE | {"code": "Z0004", "id": 1}),
        json.dumps(LINE | {"code": "Z0005", "id": 1, "units": 2}),
        json.dumps(LINE | {"code": "Z0005", "id": 2}),
        json.dumps(LINE | {"code": "Z0005"}),
        json.dumps(LINE | {"code": "Z0005"}),
        "not json",
        json.dumps(LINE | {"code": "Z9999", "id": 3}),
        json.dumps(LINE | {"code": "Z0005", "id": 3}),
    ]
    ran = superbill(
        *("price", "mpfs", "--batch", "-", "--together", "--store", small),
        stdin="\n".join(given).encode(),
    )
    assert ran.code == 2
    found = [json.loads(line) for line in ran.out.splitlines()]
    # Therapy: one unit of the three in full (53.44), of the others half the practice expense:
    # (1.00 + 0.25 + 0.10) × 33.4009 = 45.0912.
    assert [one.get("allowed") for one in found] == [
        "53.44",
        "90.18",
        "53.44",
        "53.44",
        "53.44",
        None,
        None,
        "53.44",
    ]
    assert [one["line"] for one in found if "error" in one] == [6, 7]
    ran = superbill("price", "mpfs", "Z0001", "--together", "--store", small)
    assert "--batch FILE" in ran.err
