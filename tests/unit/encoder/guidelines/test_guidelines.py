from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from superbill.encoder.guidelines import citing, guideline
from superbill.errors import BadRow, Invalid, NotCovered
from superbill.sources.icd10cm_guidelines import LAYOUT, sections
from superbill.sources.pdf_text import Line
from superbill.store import build
from superbill.store.catalog import by_id
from superbill.store.open import Store

DAY = date(2026, 3, 1)
FILE = "ICD-10-CM-October-2025-Guidelines.pdf"
PRINTED = """\
Section I. Rules of the book ..... 3
A. First part .......... 3
1. Only item, which is long and goes on in the
next line .... 3
a. Letter without dots 4
B. Second part . 4
Section II. Other rules ..... 5
Appendix I 6
Section I. Rules of the book
Text before the parts.
A. First part
1. Only item, which is long and goes on in the
next line
Text of the item:
1. an item of a list, which is no section
a. Letter without dots
1) Deeper, and
deeper
Words.
(a) Deepest
(i) Roman
(ii) Roman again
More words.
B. Second part
Section II. Other rules
Appendix I
On Admission
The end.
"""


def lines(text: str) -> list[Line]:
    return [Line(3 + n // 12, n, said) for n, said in enumerate(text.splitlines(), start=1)]


def test_sections_as_they_are_cited() -> None:
    found = {each.number: each for each in sections(lines(PRINTED))}
    assert list(found) == [
        "I",
        "I.A",
        "I.A.1",
        "I.A.1.a",
        "I.A.1.a.1",
        "I.A.1.a.1.a",
        "I.A.1.a.1.a.i",
        "I.A.1.a.1.a.ii",
        "I.B",
        "II",
        "Appendix I",
    ]
    assert found["I.A.1"].title == "Only item, which is long and goes on in the next line"
    assert found["I.A.1"].text == "Text of the item:\n1. an item of a list, which is no section"
    assert found["I.A.1.a.1"].title == "Deeper, and deeper"
    assert found["I.A.1.a.1.a.ii"].parent == "I.A.1.a.1.a"
    assert found["Appendix I"].title == "On Admission"


def test_a_section_that_is_missing_is_no_silence() -> None:
    with pytest.raises(BadRow, match=r"I\.B"):
        sections(lines(PRINTED.replace("\nB. Second part\nSection", "\nSection")))


@pytest.fixture(scope="module")
def guidelines(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("guidelines") / "reference.sqlite"
    wanted = [by_id("icd10cm.guidelines"), by_id("icd10cm.tabular"), by_id("icd10cm.notes")]
    build.build([published / "icd10cm" / FILE], path, catalog=wanted, comparisons=())
    with Store.open(path) as store:
        yield store


@pytest.mark.shared
def test_the_published_document(guidelines: Store) -> None:
    found = guideline(guidelines, "i.c.9.A", on=DAY)
    assert found is not None
    assert (found.number, found.title, found.page) == ("I.C.9.a", "Hypertension", 50)
    assert found.above[-1].title.startswith("Chapter 9: Diseases of the Circulatory System")
    assert [each.number for each in found.below] == [f"I.C.9.a.{n}" for n in range(1, 13)]
    assert guideline(guidelines, "I.C.9.z", on=DAY) is None


@pytest.mark.shared
def test_every_section_lies_below_another_and_has_words(guidelines: Store) -> None:
    rows = guidelines.rows("icd10cm.guidelines", on=DAY)
    numbers = {row.text("number") for row in rows}
    parents = {row.text("parent") for row in rows}
    assert parents - numbers == {""}
    for row in rows:
        assert row.text("title"), row.text("number")
        assert row.text("text") or row.text("number") in parents, row.text("number")
        assert row.integer("page") <= row.integer("last_page")
    # The chapters of the tabular list, from I.C.1 to I.C.22.
    assert {f"I.C.{n}" for n in range(1, 23)} <= numbers


@pytest.mark.shared
@pytest.mark.parametrize(
    ("code", "first", "also"),
    [
        ("I10", "I.C.9", "I.C.9.a"),
        ("E11.22", "I.C.4", "I.C.4.a.2"),
        ("G89.4", "I.C.6", "I.C.6.b"),
        ("Z79.4", "I.C.21", "I.C.4.a.3"),
    ],
)
def test_codes_are_linked_to_their_sections(
    guidelines: Store, code: str, first: str, also: str
) -> None:
    cited = [each.number for each in citing(guidelines, code, on=DAY, limit=40)]
    assert cited[0] == first
    assert also in cited or any(each.startswith(also) for each in cited)


@pytest.mark.shared
def test_other_days_and_no_numbers(guidelines: Store) -> None:
    with pytest.raises(NotCovered, match="guidelines"):
        guideline(guidelines, "I.C.9", on=date(2024, 3, 1))
    for said in ("", "…", "I.C." * 30):
        with pytest.raises(Invalid):
            guideline(guidelines, said, on=DAY)
    assert citing(guidelines, "I10", on=date(2024, 3, 1)) == ()


def test_the_layout_wants_guidelines(tmp_path: Path) -> None:
    from superbill.sources.document import Document

    assert LAYOUT.recognise(Document.of("x.pdf", b"%PDF-1.4\n")) is None
    assert LAYOUT.recognise(Document.of("x.txt", b"guidelines")) is None
