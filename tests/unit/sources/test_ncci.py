"""NCCI's files in the layouts that CMS publishes: what is read, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources import ncci_addon, ncci_mue, ncci_ptp
from superbill.sources.document import Document, Layout, Period, Row
from tests.unit.edits.lines.reference import ADD_ON_HEADINGS, pairs_text, units_text, workbook


def parsed(layout: Layout, document: Document) -> list[Row]:
    period = layout.recognise(document)
    assert period is not None
    return list(layout.parse(document, period))


def pairs(text: str, name: str = "ccipra-v321r0-f1.txt") -> list[Row]:
    return parsed(ncci_ptp.layout("practitioner", 1), Document.of(name, text))


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("ccipra-v320r0-f1.txt", Period("2026 Q1", date(2026, 1, 1), date(2026, 4, 1))),
        ("ccipra-v323r1-f1.TXT", Period("2026 Q4", date(2026, 10, 1), date(2027, 1, 1))),
        ("ccipra-v320r0-f2.txt", None),
        ("ccioph-v320r0-f1.txt", None),
        ("pairs.txt", None),
    ],
)
def test_the_name_says_which_quarter_and_part(name: str, period: Period | None) -> None:
    layout = ncci_ptp.layout("practitioner", 1)
    document = Document.of(name, pairs_text([("G0001", "G0002", "20260101", "*", "1")]))
    assert layout.recognise(document) == period


def test_a_pair_holds_to_its_deletion_date() -> None:
    rows = pairs(
        pairs_text(
            [
                ("G0001", "G0002", "20260101", "*", "1"),
                ("G0001", "G0003", "20250101", "20260331", "0"),
                ("G0001", "G0004", "20260101", "20260101", "9"),
            ]
        )
    )
    assert [row[:5] for row in rows] == [
        (date(2026, 1, 1), FOREVER, "G0001", "G0002", "1"),
        (date(2025, 1, 1), date(2026, 4, 1), "G0001", "G0003", "0"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        ("G0001", "G002", "20260101", "*", "1"),
        ("G0001", "G0002", "20261301", "*", "1"),
        ("G0001", "G0002", "20260101", "2026", "1"),
        ("G0001", "G0002", "20260101", "*", "2"),
    ],
)
def test_a_bad_pair_is_named_by_its_line(wrong: tuple[str, ...]) -> None:
    text = pairs_text([("G0001", "G0009", "20260101", "*", "1"), wrong])
    with pytest.raises(BadRow, match=r"ccipra-v321r0-f1\.txt") as refusal:
        pairs(text)
    assert "modifier indicator" in str(refusal.value)


def test_a_column_that_is_missing_is_named() -> None:
    text = pairs_text([("G0001", "G0009", "20260101", "*", "1")]) + "G0001\tG0010\t20260101\t*\t1\n"
    with pytest.raises(BadRow, match="rationale"):
        pairs(text)


def test_a_file_without_a_pair_is_refused() -> None:
    with pytest.raises(BadRow, match="no pair"):
        pairs(pairs_text([]))


def test_the_workbook_says_the_same(tmp_path: Path) -> None:
    row = ("G0001", "G0002", "", "20260101", "*", "1", "Misuse of column two code")
    path = workbook(tmp_path / "ccipra-v321r0-f1.xlsx", [("Column 1", "Column 2"), row])
    assert parsed(ncci_ptp.layout("practitioner", 1), Document.at(path)) == pairs(
        pairs_text([("G0001", "G0002", "20260101", "*", "1")])
    )


@pytest.mark.parametrize("kind", list(ncci_mue.KINDS))
def test_units_of_each_kind(kind: str) -> None:
    name = f"MCR_MUE_{ncci_mue.KINDS[kind]}_Eff_04-01-2026.csv"
    text = units_text(kind, [("G0001", "2", "1"), ("G0002", "0", "3")])
    layout = ncci_mue.layout(kind)
    document = Document.of(name, text)
    assert layout.recognise(document) == Period("2026 Q2", date(2026, 4, 1), date(2026, 7, 1))
    assert parsed(layout, document) == [
        ("G0001", 2, "1", "Nature of service"),
        ("G0002", 0, "3", "Nature of service"),
    ]
    others = [ncci_mue.layout(other) for other in ncci_mue.KINDS if other != kind]
    assert all(other.recognise(document) is None for other in others)


@pytest.mark.parametrize("wrong", [("G0001", "", "1"), ("G0001", "two", "1"), ("G1", "2", "1")])
def test_bad_units_are_named(wrong: tuple[str, ...]) -> None:
    name = "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
    with pytest.raises(BadRow, match="number of units"):
        parsed(
            ncci_mue.layout("practitioner"),
            Document.of(name, units_text("Practitioner", [("G0009", "1", "1"), wrong])),
        )


def test_add_on_codes(tmp_path: Path) -> None:
    rows = [
        *ADD_ON_HEADINGS,
        ("1", "G0102", "", "G0101", "", "2026001", "", ""),
        ("3", "G0104", "2026090", "G0101", "", "2025001", "", "Some are listed"),
        ("2", "G0106", "", "CCCCC", "", "2025001", "", ""),
        ("1", "G0108", "", "G0101", "", "2026001", "2025365", ""),
    ]
    path = workbook(tmp_path / "AOC_V2026Q2-MCR.xlsx", rows)
    assert parsed(ncci_addon.LAYOUT, Document.at(path)) == [
        (date(2026, 1, 1), FOREVER, "G0102", "G0101", "1", ""),
        (date(2025, 1, 1), date(2026, 4, 1), "G0104", "G0101", "3", "Some are listed"),
        (date(2025, 1, 1), FOREVER, "G0106", "CCCCC", "2", ""),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        ("4", "G0102", "", "G0101", "", "2026001", "", ""),
        ("1", "G0102", "", "G0101", "", "", "", ""),
        ("1", "G0102", "", "G0101", "", "20260101", "", ""),
        ("1", "G0102", "", "", "", "2026001", "", ""),
    ],
)
def test_a_bad_add_on_code_is_named(tmp_path: Path, wrong: tuple[str, ...]) -> None:
    good = ("1", "G0102", "", "G0101", "", "2026001", "", "")
    path = workbook(tmp_path / "AOC_V2026Q2-MCR.xlsx", [*ADD_ON_HEADINGS, good, wrong])
    with pytest.raises(BadRow, match="YYYYDDD"):
        parsed(ncci_addon.LAYOUT, Document.at(path))
