from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from superbill.errors import BadRow
from superbill.sources.document import Document
from superbill.sources.icd10cm_poa_exempt import LAYOUT

HEAD = "Order26\tPOAexemptCode\tDescription\r\n"
ROWS = "01238\tB90.0\tSequelae of central nervous system tuberculosis\r\n"


def test_codes_come_undotted() -> None:
    document = Document.of("POAexemptCodesFY26.txt", HEAD + ROWS)
    period = LAYOUT.recognise(document)
    assert period is not None
    assert period.label == "FY2026"
    assert list(LAYOUT.parse(document, period)) == [("B900",)]


def test_the_heading_dates_a_file_of_another_name() -> None:
    period = LAYOUT.recognise(Document.of("poa.txt", HEAD + ROWS))
    assert period is not None
    assert period.label == "FY2026"


@pytest.mark.parametrize("kind", ["Add", "Delete", "Revise"])
def test_lists_of_changes_are_not_the_list(kind: str) -> None:
    assert LAYOUT.recognise(Document.of(f"POAexempt{kind}CodesFY26.txt", HEAD + ROWS)) is None


@pytest.mark.parametrize("bad", ["01238\tB90.0\r\n", "01238\tB9-0\tx\r\n", "01238\tB90.0\tx"])
def test_a_bad_line_is_named(bad: str) -> None:
    document = Document.of("POAexemptCodesFY26.txt", HEAD + ROWS + bad)
    period = LAYOUT.recognise(document)
    assert period is not None
    with pytest.raises(BadRow, match="line 3"):
        list(LAYOUT.parse(document, period))


@pytest.mark.shared
def test_the_published_list(published: Path) -> None:
    """38,349 codes, as the archive's own description says."""
    with zipfile.ZipFile(published / "icd10cm" / "POAexemptCodesFY26.zip") as archive:
        documents = [Document.of(n, archive.read(n)) for n in archive.namelist()]
    claimed = [(d, p) for d in documents if (p := LAYOUT.recognise(d)) is not None]
    ((document, period),) = claimed
    assert document.name == "POAexemptCodesFY26.txt"
    assert len(list(LAYOUT.parse(document, period))) == 38_349
