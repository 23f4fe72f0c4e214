"""The quarterly file of HCPCS Level II, as CMS publishes it: small files in its layout."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources.document import Document, Row
from superbill.sources.hcpcs import LAYOUT

NAME = "HCPC2026_JAN_ANWEB_01122026.txt"


def record(
    code: str, kind: str, text: str, *, sequence: int = 1, detail: bool = True, last: str = ""
) -> str:
    """A record of the layout: columns as ``HCPC2026_recordlayout.txt`` gives them."""
    line = [" "] * 320

    def put(column: int, value: str) -> None:
        line[column - 1 : column - 1 + len(value)] = value

    put(1, code.rjust(5))
    put(6, f"{sequence:03d}00{kind}")
    put(12, text[:80])
    if detail:
        put(92, text[:28])
        put(120, "33")
        put(128, "A")
        put(230, "D")
        put(257, "D1C")
        put(261, "R")
        put(269, "19930101")
        put(277, "20010101")
        put(285, last)
        put(293, "N")
    return "".join(line) + "\r\n"


def rows(content: str) -> list[Row]:
    document = Document.of(NAME, content)
    period = LAYOUT.recognise(document)
    assert period is not None
    return list(LAYOUT.parse(document, period))


def test_the_quarter_is_in_the_name() -> None:
    content = record("A1", "7", "Dressing for one wound")
    period = LAYOUT.recognise(Document.of(NAME, content))
    assert period is not None
    assert (period.valid_from, period.valid_to) == (date(2026, 1, 1), date(2026, 4, 1))
    autumn = LAYOUT.recognise(Document.of("HCPC2026_OCT_ANWEB.txt", content))
    assert autumn is not None
    assert (autumn.valid_from, autumn.valid_to) == (date(2026, 10, 1), date(2027, 1, 1))
    assert LAYOUT.recognise(Document.of("other.txt", content)) is None
    assert LAYOUT.recognise(Document.of(NAME, "something else")) is None


def test_a_description_of_several_records_is_one_text() -> None:
    (row,) = rows(
        record("E0439", "3", "Stationary liquid oxygen system, rental; includes container,")
        + record("E0439", "4", "regulator, flowmeter", sequence=2, detail=False)
    )
    assert row[2:5] == (
        "E0439",
        "code",
        "Stationary liquid oxygen system, rental; includes container, regulator, flowmeter",
    )
    assert row[:2] == (date(1993, 1, 1), FOREVER)
    assert row[6:12] == ("33", "A", "D", "D1C", "R", "")
    assert row[12:] == (date(1993, 1, 1), date(2001, 1, 1), None, "N")


def test_the_last_day_of_use_is_inclusive() -> None:
    (row,) = rows(record("A0021", "3", "Ambulance service", last="20251231"))
    assert row[1] == date(2026, 1, 1)
    assert row[14] == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (record("A1", "9", "x"), "a record of kind 3, 4, 7 or 8"),
        (record("E0439", "4", "x"), "a record of kind 3, 4, 7 or 8"),
        (record("12345", "3", "x"), "a HCPCS Level II code or modifier"),
        (record("E0439", "3", "x", last="2025ABCD"), "the last day of use"),
    ],
)
def test_a_damaged_record_is_named(content: str, expected: str) -> None:
    period = LAYOUT.recognise(Document.of(NAME, record("A1", "7", "x")))
    assert period is not None
    with pytest.raises(BadRow, match=expected) as failed:
        list(LAYOUT.parse(Document.of(NAME, content), period))
    assert failed.value.line == 1


@pytest.mark.shared
def test_the_published_file(published: Path) -> None:
    import zipfile

    with zipfile.ZipFile(published / "hcpcs" / "hcpc2026_jan_anweb_01122026.zip") as archive:
        content = archive.read(NAME)
    document = Document.of(NAME, content)
    period = LAYOUT.recognise(document)
    assert period is not None
    found = list(LAYOUT.parse(document, period))
    # 8,623 records of kind 3 and 383 of kind 7 stand in the file.
    assert sum(row[3] == "code" for row in found) == 8_623
    assert sum(row[3] == "modifier" for row in found) == 383
