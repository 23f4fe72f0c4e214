from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from superbill.errors import BadRow
from superbill.sources import icd10cm_drug_neoplasm, icd10cm_index
from superbill.sources.document import Document, Undated
from superbill.sources.icd10cm_index import Entry, read_terms
from superbill.sources.icd10cm_printed import parse_printed, print_entry

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "icd10cm_printed.toml").read_text("utf-8")
)["case"]

XML = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
<version>2026</version>
<title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
<letter><title>A</title>
<mainTerm>
<title>Abandonment<nemod>(causing exposure) (with intent)</nemod> NEC</title>
<code>X58</code>
<term level="1"><title>cigar<nemod>(s) or cigarette(s)</nemod></title>
<code>S52.50-</code><manif>I43 </manif></term><term
level="1"><title>bed linen</title><seecat>T71</seecat></term>
<term level="1"><title>fumes</title><subcat>J68.0</subcat></term>
<term level="1"><title>food</title><see>categories T17 and</see><code>T18</code></term>
<term level="1"><title>sequelae</title><see>with 7th character S</see><code>Y35</code></term>
<term level="1"><title>Bends -</title><see>Air, pressure</see></term>
<term level="1"><title>Hanging</title><see>also</see><code>T71.16</code></term>
<term level="1"><title>condition - see</title><code>Z57</code></term>
</mainTerm>
</letter></ICD10CM.index>
"""

DRUGS = """<?xml version="1.0"?><ICD10CM.index><version>2026</version>
<indexHeading><head col="1">Substance</head></indexHeading><letter><title>A</title><mainTerm>
<title>Alcohol</title><cell col="2">T51.91</cell><cell col="3">--</cell><cell col="6">-</cell>
<term level="1"><title>wood</title><see>Methanol</see></term></mainTerm></letter></ICD10CM.index>
"""


@pytest.mark.parametrize("case", CASES, ids=[case["source"][:60] for case in CASES])
def test_a_printed_line_says_its_entry(case: dict[str, str]) -> None:
    entry = parse_printed(case["text"])
    fields = ("title", "code", "manifestation", "see", "see_also")
    assert entry[:5] == tuple(case.get(field, "") for field in fields)
    # What is printed again says the same.
    assert parse_printed(print_entry(entry)) == entry


def test_each_term_with_level_line_and_what_it_says() -> None:
    terms = list(read_terms(Document.of("icd10cm_index_2026.xml", XML)))
    assert [(t.level, t.line) for t in terms[:2]] == [(0, 6), (1, 9)]
    assert [t.entry for t in terms] == [
        Entry("Abandonment (causing exposure) (with intent) NEC", "X58"),
        Entry("cigar(s) or cigarette(s)", "S5250-", "I43"),
        Entry("bed linen", see="category T71"),
        Entry("fumes", see="subcategory J68.0"),
        Entry("food", see="categories T17 and T18"),
        Entry("sequelae", see="Y35 with 7th character S"),
        Entry("Bends", see="Air, pressure"),
        Entry("Hanging", see_also="T71.16"),
        Entry("condition", see="Z57"),
    ]


def test_a_row_of_a_table_has_a_cell_for_each_column() -> None:
    terms = list(read_terms(Document.of("icd10cm_drug_2026.xml", DRUGS), columns=6))
    assert terms[0].entry.cells == ("T5191", "", "", "", "", "")
    assert terms[1].entry == Entry("wood", see="Methanol")


def test_each_book_is_told_from_the_others() -> None:
    index = Document.of("icd10cm-index-April-1-2026-XML.xml", XML)
    drugs = Document.of("icd10cm-drug-2026.xml", DRUGS)
    layouts = (
        icd10cm_index.DISEASES,
        icd10cm_index.EXTERNAL_CAUSES,
        icd10cm_drug_neoplasm.DRUGS,
        icd10cm_drug_neoplasm.NEOPLASMS,
    )
    assert [bool(layout.recognise(index)) for layout in layouts] == [True, False, False, False]
    assert [bool(layout.recognise(drugs)) for layout in layouts] == [False, False, True, False]
    period = icd10cm_index.DISEASES.recognise(index)
    assert period is not None
    assert period.valid_from == date(2026, 4, 1)


def test_an_index_whose_name_has_no_year_is_refused() -> None:
    with pytest.raises(Undated, match="index to diseases and injuries of 2026"):
        icd10cm_index.DISEASES.recognise(Document.of("index.xml", XML))


@pytest.mark.parametrize(
    ("wrong", "line", "expected"),
    [
        (XML.replace("<code>X58</code>", "<code>58X</code>"), 6, "ICD-10-CM code"),
        (XML.replace('level="1"><title>bed', 'level="3"><title>bed'), 10, "level 1 here"),
        (XML.replace("<title>fumes</title>", ""), 12, "a title"),
        (XML.replace("<title>food</title>", "<diff><new>food</new></diff>"), 13, "whole index"),
        (XML[:600], 13, "well-formed XML"),
        (XML.replace("<ICD10CM.index>", "<html>"), 2, "<ICD10CM.index>"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + XML.split("?>", 1)[1].strip(), 1, "without entities"),
    ],
)
def test_a_damaged_index_is_refused_with_its_line(wrong: str, line: int, expected: str) -> None:
    with pytest.raises(BadRow) as caught:
        list(read_terms(Document.of("icd10cm_index_2026.xml", wrong)))
    assert caught.value.line == line
    assert expected in caught.value.expected


def test_a_cell_beyond_the_table_is_refused() -> None:
    wrong = DRUGS.replace('col="6"', 'col="9"')
    with pytest.raises(BadRow, match="a column 2 to 7"):
        list(read_terms(Document.of("icd10cm_drug_2026.xml", wrong), columns=6))
