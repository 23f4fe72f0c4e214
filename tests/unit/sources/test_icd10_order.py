from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from superbill.errors import BadRow
from superbill.sources import icd10_order, icd10_titles
from superbill.sources.document import Document, Layout, Undated
from superbill.sources.release_names import period_of

LINES = (
    "00001 A00     0 Cholera                                                      Cholera\r\n"
    "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           "
    "Cholera due to Vibrio cholerae 01, biovar cholerae\r\n"
)
PCS_LINES = (
    "00001 001     0 Central Nervous System and Cranial Nerves, Bypass            "
    "Central Nervous System and Cranial Nerves, Bypass\r\n"
    "00002 0016070 1 Bypass Cereb Vent to Nasophar with Autol Sub, Open Approach  "
    "Bypass Cerebral Ventricle to Nasopharynx with Autologous Tissue Substitute, Open Approach\r\n"
)


def addenda(
    before: tuple[int, int],
    after: tuple[int, int],
    old: str = "icd10cm_order_2024",
    new: str = "icd10cm_order_2024",
    changes: int = 0,
) -> Document:
    text = "Headers\r\n"
    for kind, had, has, changed in (
        ("headers", before[0], after[0], 0),
        ("codes", before[1], after[1], changes),
    ):
        text += f"  {had} {kind} in {old}.txt\r\n  {has} {kind} in {new}.txt\r\n"
        text += f"  {changed} additions\r\n  0 deletions\r\n  0 revisions\r\nof which\r\n"
    return Document.of("icd10cm_order_addenda_2024.txt", text)


def test_a_line_of_each_system() -> None:
    document = Document.of("icd10cm_order_2026.txt", LINES)
    period = icd10_order.CM.recognise(document)
    assert period is not None
    assert (period.label, period.valid_from, period.valid_to) == (
        "FY2026",
        date(2025, 10, 1),
        date(2026, 10, 1),
    )
    assert list(icd10_order.CM.parse(document, period)) == [
        ("A00", 1, 0, "Cholera", "Cholera"),
        (
            "A000",
            2,
            1,
            "Cholera due to Vibrio cholerae 01, biovar cholerae",
            "Cholera due to Vibrio cholerae 01, biovar cholerae",
        ),
    ]
    pcs = Document.of("icd10pcs_order_2026.txt", PCS_LINES)
    assert icd10_order.CM.recognise(pcs) is None
    period = icd10_order.PCS.recognise(pcs)
    assert period is not None
    rows = list(icd10_order.PCS.parse(pcs, period))
    assert [row[:3] for row in rows] == [("001", 1, 0), ("0016070", 2, 1)]


@pytest.mark.parametrize(
    ("bad", "line", "expected"),
    [
        (LINES.replace("00002", "00003"), 2, "order number 00002"),
        (LINES.replace(" 1 Cholera", " 2 Cholera"), 2, "a line of the ICD-10-CM order file"),
        (LINES.replace("A000 ", "a000 "), 2, "a line of the ICD-10-CM order file"),
        (LINES.replace("A000 ", "0000 "), 2, "an ICD-10-CM code"),
        (LINES.rstrip(), 2, "a line end: the file seems to be cut short"),
        (LINES + "00003 A0", 3, "a line end: the file seems to be cut short"),
        (LINES.replace("biovar cholerae\r\n", "biovar choler\xe6\r\n"), 2, "text in ascii"),
    ],
)
def test_a_bad_line_is_named(bad: str, line: int, expected: str) -> None:
    document = Document.of("icd10cm_order_2026.txt", bad)
    period = period_of(document.name)
    assert period is not None
    with pytest.raises(BadRow) as caught:
        list(icd10_order.CM.parse(document, period))
    assert (caught.value.line, caught.value.expected) == (line, expected)


def test_an_update_under_octobers_name_is_dated_by_its_addenda() -> None:
    """The names before and after are the same, and something changed: it is April's file."""
    document = Document.of("icd10cm_order_2024.txt", LINES, (addenda((1, 0), (1, 1), changes=1),))
    period = icd10_order.CM.recognise(document)
    assert period is not None
    assert (period.label, period.valid_from) == ("April 2024", date(2024, 4, 1))


def test_an_update_that_changed_nothing_speaks_for_the_year() -> None:
    document = Document.of("icd10cm_order_2024.txt", LINES, (addenda((1, 1), (1, 1)),))
    period = icd10_order.CM.recognise(document)
    assert period is not None
    assert period.label == "FY2024"


def test_addenda_of_another_file_say_nothing() -> None:
    other = addenda((1, 1), (1, 1), "icd10cm_order_2025", "icd10cm_order_2026", 9)
    document = Document.of("icd10cm_order_2024.txt", LINES, (other,))
    period = icd10_order.CM.recognise(document)
    assert period is not None
    assert period.label == "FY2024"


def test_a_file_with_fewer_lines_than_its_addenda_count_is_cut() -> None:
    counted = addenda((1, 1), (1, 2), "icd10cm_order_2023", "icd10cm_order_2024", 1)
    document = Document.of("icd10cm_order_2024.txt", LINES, (counted,))
    period = icd10_order.CM.recognise(document)
    assert period is not None
    with pytest.raises(BadRow, match="expected 3, as its addenda count, saw '2 lines'"):
        list(icd10_order.CM.parse(document, period))


def test_addenda_are_not_an_order_file() -> None:
    for layout in (icd10_order.CM, icd10_order.PCS, icd10_titles.CM_TEXT):
        assert layout.recognise(addenda((1, 1), (1, 1))) is None


def test_a_name_without_a_year_is_undated() -> None:
    with pytest.raises(Undated, match="reads as an ICD-10-CM order file"):
        icd10_order.CM.recognise(Document.of("codes.txt", LINES))


@pytest.mark.parametrize(
    ("name", "label", "start"),
    [
        ("icd10cm_order_2026.txt", "FY2026", "2025-10-01"),
        ("icd10cm-order-2026.txt", "FY2026", "2025-10-01"),
        ("icd10cm-order-April-2025.txt", "April 2025", "2025-04-01"),
        ("icd10cm-order-April 1 2023.txt", "April 2023", "2023-04-01"),
        ("icd10cm-tabular-April-1-2026.xml", "April 2026", "2026-04-01"),
        ("icd10c-tabular-April-1-2026.xml", "April 2026", "2026-04-01"),
        ("icd10cm_tabular_2017.xml", "FY2017", "2016-10-01"),
        ("icd10cm-tabular-Jan-2021.xml", "January 2021", "2021-01-01"),
        ("POAexemptCodesFY26.txt", "FY2026", "2025-10-01"),
        ("POAexemptCodesApr23.txt", "April 2023", "2023-04-01"),
        ("icd10cm-order-October-2026.txt", "FY2027", "2026-10-01"),
    ],
)
def test_the_release_that_a_name_states(name: str, label: str, start: str) -> None:
    period = period_of(name)
    assert period is not None
    assert (period.label, period.valid_from.isoformat()) == (label, start)


def test_a_code_list() -> None:
    text = "A000    Cholera due to Vibrio cholerae 01, biovar cholerae\nA001    B\n"
    document = Document.of("icd10cm-codes-2024.txt", text)
    period = icd10_titles.CM_TEXT.recognise(document)
    assert period is not None
    assert list(icd10_titles.CM_TEXT.parse(document, period))[1] == ("A001", "B")
    assert icd10_titles.PCS_TEXT.recognise(document) is None
    comma = Document.of("codes_2024.csv", 'A000,"Cholera, of a kind"\r\nA001,B\r\n')
    period = icd10_titles.CM_CSV.recognise(comma)
    assert period is not None
    assert next(iter(icd10_titles.CM_CSV.parse(comma, period))) == ("A000", "Cholera, of a kind")
    broken = Document.of("codes_2024.csv", "A000,B\r\nA001\r\n")
    with pytest.raises(BadRow, match="line 2"):
        list(icd10_titles.CM_CSV.parse(broken, period))


def members(path: Path) -> list[Document]:
    with zipfile.ZipFile(path) as archive:
        documents = [Document.of(name, archive.read(name)) for name in archive.namelist()]
    for document in documents:
        document.beside = tuple(other for other in documents if other is not document)
    return documents


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "layout", "label", "start", "lines", "codes"),
    # Lines and codes: the counts at the end of the order addenda in each archive.
    [
        ("icd10cm/cms_2024_dx.zip", icd10_order.CM, "FY2024", "2023-10-01", 97_296, 74_044),
        ("icd10cm/cms_2025_dx.zip", icd10_order.CM, "FY2025", "2024-10-01", 97_584, 74_260),
        (
            "icd10cm/Code-desciptions-April-2025.zip",
            icd10_order.CM,
            "April 2025",
            "2025-04-01",
            97_584,
            74_260,
        ),
        ("icd10cm/cms_2026_dx.zip", icd10_order.CM, "FY2026", "2025-10-01", 98_186, 74_719),
        ("icd10pcs/cms_2024_pr.zip", icd10_order.PCS, "April 2024", "2024-04-01", 79_543, 78_638),
        ("icd10pcs/cms_2025_pr.zip", icd10_order.PCS, "FY2025", "2024-10-01", 79_856, 78_948),
        ("icd10pcs/cms_2026_pr.zip", icd10_order.PCS, "FY2026", "2025-10-01", 80_029, 79_115),
    ],
)
def test_the_published_archives(
    published: Path, file: str, layout: Layout, label: str, start: str, lines: int, codes: int
) -> None:
    claimed = [
        (document, period)
        for document in members(published / file)
        if (period := layout.recognise(document)) is not None
    ]
    ((document, period),) = claimed
    assert (period.label, period.valid_from.isoformat()) == (label, start)
    rows = list(layout.parse(document, period))
    assert len(rows) == lines
    assert sum(1 for row in rows if row[2]) == codes
    low, high = layout.rows
    assert low <= lines <= high
