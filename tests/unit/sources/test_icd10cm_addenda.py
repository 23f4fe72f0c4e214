from __future__ import annotations

from datetime import date

import pytest

from superbill.errors import BadRow
from superbill.sources import icd10cm_addenda, icd10cm_tabular_addenda
from superbill.sources.document import Document
from superbill.sources.icd10cm_addenda import read_edits
from tests.unit.sources.pdf import pdf

INDEX = pdf(
    [
        "ICD-10-CM INDEX to DISEASES and INJURIES",
        "2024 Addenda April Update",
        "No Change A",
        "No Change Abscess (connective tissue) (embolic)",
        "(septic) L02.91",
        "Revise from - - postprocedural T81.43",
        "Revise to - - postprocedural T81.4",
        "Delete - liver R94.5",
    ],
    ["Add ICANS - see Syndrome, immune effector cell-", "associated neurotoxicity"],
)

HEAD = ["Substance Poisoning", "Accidental", "(unintentional)", "Adverse effect Underdosing"]
DRUGS = pdf(
    [
        "ICD-10-CM TABLE of DRUGS and CHEMICALS",
        "2023 Addenda",
        *HEAD,
        "Add: Gadolinium Add: T56.821 Add: T56.822 Add: T56.823 Add: T56.824 Add: -- Add: --",
        "Alfentanil Revise from:",
        "T40.4X1",
        "Revise to:",
        "T40.411",
        "T40.4X2 T40.4X3 T40.4X4 T40.4X5 T40.4X6",
        "Central nervous system",
        "- depressants T42.71 T42.72 T42.73 T42.74 T42.75 T42.76",
    ],
    [
        *HEAD,
        "Revise from: Epilim - see Sodium",
        "valproate",
        "Revise to: Epilim - see Sodium,",
        "valproate",
        "Delete: - butane - see butane",
        "Delete: - air contaminants, source or",
        "type not specified",
        "Delete: T59.91 Delete: T59.92 Delete: T59.93 Delete: T59.94 Delete: -- Delete: --",
        "Revise from: Benzylhydrochlorthia-",
        "zide",
        "Revise to: Benzylhydrochlorthiazide",
        "Bithionol T37.8X1 T37.8X2 T37.8X3 T37.8X4 T37.8X5 T37.8X6",
    ],
)


def test_each_line_of_the_index_with_what_becomes_of_it() -> None:
    edits = list(read_edits(Document.of("a.pdf", INDEX), table=False))
    assert [(e.page, e.action, e.level, e.before, e.after) for e in edits] == [
        (
            1,
            "no change",
            0,
            *["Abscess (connective tissue) (embolic) (septic) L02.91"] * 2,
        ),
        (1, "revise", 2, "postprocedural T81.43", "postprocedural T81.4"),
        (1, "delete", 1, "liver R94.5", ""),
        (
            2,
            "add",
            0,
            "",
            "ICANS - see Syndrome, immune effector cell-associated neurotoxicity",
        ),
    ]


def test_each_row_of_a_table_with_what_becomes_of_its_cells() -> None:
    edits = list(read_edits(Document.of("a.pdf", DRUGS), table=True))
    depressants = "depressants | T42.71 | T42.72 | T42.73 | T42.74 | T42.75 | T42.76"
    rest = " | T40.4X2 | T40.4X3 | T40.4X4 | T40.4X5 | T40.4X6"
    assert [(e.action, e.level, e.before, e.after) for e in edits] == [
        ("add", 0, "", "Gadolinium | T56.821 | T56.822 | T56.823 | T56.824 | - | -"),
        ("revise", 0, f"Alfentanil | T40.4X1{rest}", f"Alfentanil | T40.411{rest}"),
        ("no change", 0, "Central nervous system", "Central nervous system"),
        ("no change", 1, depressants, depressants),
        ("revise", 0, "Epilim - see Sodium valproate", "Epilim - see Sodium, valproate"),
        ("delete", 1, "butane - see butane", ""),
        (
            "delete",
            1,
            "air contaminants, source or type not specified"
            " | T59.91 | T59.92 | T59.93 | T59.94 | - | -",
            "",
        ),
        ("revise", 0, "Benzylhydrochlorthia-zide", "Benzylhydrochlorthiazide"),
        (
            "no change",
            0,
            *["Bithionol | T37.8X1 | T37.8X2 | T37.8X3 | T37.8X4 | T37.8X5 | T37.8X6"] * 2,
        ),
    ]


@pytest.mark.parametrize(
    ("heading", "label", "start"),
    [
        ("2018 Addenda", "FY2018", date(2017, 10, 1)),
        ("2024 Addenda October Update", "FY2024", date(2023, 10, 1)),
        ("2024 Addenda April Update", "April 2024", date(2024, 4, 1)),
        ("January 2021 Addenda", "January 2021", date(2021, 1, 1)),
    ],
)
def test_the_heading_dates_the_addenda(heading: str, label: str, start: date) -> None:
    made = pdf(["ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX", heading, "No changes"])
    document = Document.of("x.pdf", made)
    period = icd10cm_addenda.EXTERNAL_CAUSES.recognise(document)
    assert period is not None
    assert (period.label, period.valid_from) == (label, start)
    assert icd10cm_addenda.DISEASES.recognise(document) is None
    assert list(read_edits(document, table=False)) == []


def test_other_pdfs_are_of_another_kind() -> None:
    assert icd10cm_addenda.DRUGS.recognise(Document.of("g.pdf", pdf(["Guidelines"]))) is None
    assert icd10cm_addenda.DRUGS.recognise(Document.of("g.pdf", b"%PDF-1.4 cut short")) is None
    assert icd10cm_addenda.DRUGS.recognise(Document.of("g.txt", "no PDF")) is None


def test_a_pair_that_is_broken_stays_visible() -> None:
    made = pdf(
        [
            "ICD-10-CM INDEX to DISEASES and INJURIES",
            "2018 Addenda",
            "Revise from Abscess L02.91",
            "Add Boil L02.92",
            "Revise to - wound T81.4",
        ]
    )
    edits = list(read_edits(Document.of("a.pdf", made), table=False))
    assert [(e.action, e.before, e.after) for e in edits] == [
        ("revise", "Abscess L02.91", ""),
        ("add", "", "Boil L02.92"),
        ("revise", "", "wound T81.4"),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Ecstasy Revise from: T43.621", "six cells"),
        ("Revise from: - speed T43.1 Revise to: - - speed T43.1", "revised in its place"),
    ],
)
def test_a_row_that_is_none_is_refused_with_its_page(row: str, expected: str) -> None:
    made = pdf(["ICD-10-CM TABLE of DRUGS", "2018 Addenda", *HEAD, row])
    with pytest.raises(BadRow) as caught:
        list(read_edits(Document.of("a.pdf", made), table=True))
    assert caught.value.line == 1
    assert expected in caught.value.expected


@pytest.mark.parametrize("size", [0, 9, 100, 700, 1100])
def test_a_pdf_that_was_cut_short_is_refused(size: int) -> None:
    """Even where its first pages can still be read: it is known for what it is, and not loaded."""
    cut = Document.of("a.pdf", INDEX[:size])
    with pytest.raises(BadRow, match="a PDF whose text can be read"):
        list(read_edits(cut, table=False))


TABULAR = pdf(
    [
        "ICD-10-CM TABULAR LIST of DISEASES and INJURIES",
        "2026 Addenda",
        "No Change Chapter 19",
        "Revise from Injury (S00-T88)",
        "Revise to Injury and poisoning (S00-T88)",
        "Delete Excludes1: birth trauma (P10-P15)",
        "Add Excludes2: birth trauma (P10-P15)",
        "Add obstetric trauma (O70-O71)",
        "No Change Injuries to the head (S00-S09)",
        "Add Note: a note of the section",
        "No Change S06 Intracranial injury",
        "Add The appropriate 7th character is to be added to each code",
        "Add A - initial encounter",
    ],
    [
        "Add QA0.01 A disorder of",
        "genes",
        "Add An inclusion term (G35)",
        "Add Use additional code, if applicable",
        "Revise from Code first disease (B20)",
        "Revise to Code first any disease (B20)",
        "No Change Code also",
        "Delete epilepsy (G40.-)",
        "Revise from QA0.02 Old title",
        "Revise to QA0.02 New title",
    ],
)


def test_each_line_of_the_tabular_list_with_its_place_and_kind() -> None:
    edits = list(icd10cm_tabular_addenda.tabular_edits(Document.of("t.pdf", TABULAR)))
    assert [(e.page, e.action, e.node, e.kind, e.before, e.after) for e in edits] == [
        (1, "revise", "19", "title", "Injury (S00-T88)", "Injury and poisoning (S00-T88)"),
        (1, "delete", "19", "excludes1", "birth trauma (P10-P15)", ""),
        (1, "add", "19", "excludes2", "", "birth trauma (P10-P15)"),
        (1, "add", "19", "excludes2", "", "obstetric trauma (O70-O71)"),
        (1, "add", "S00-S09", "notes", "", "a note of the section"),
        (
            *(1, "add", "S06", "sevenChrNote", ""),
            "The appropriate 7th character is to be added to each code",
        ),
        (1, "add", "S06", "sevenChrDef", "", "A - initial encounter"),
        (2, "add", "QA001", "title", "", "A disorder of genes"),
        (2, "add", "QA001", "inclusionTerm", "", "An inclusion term (G35)"),
        (2, "add", "QA001", "useAdditionalCode", "", "code, if applicable"),
        (2, "revise", "QA001", "codeFirst", "disease (B20)", "any disease (B20)"),
        (2, "delete", "QA001", "codeAlso", "epilepsy (G40.-)", ""),
        (2, "revise", "QA002", "title", "Old title", "New title"),
    ]


def test_sections_that_a_chapter_lists_are_known_by_their_headings() -> None:
    """As in the addenda of 2022 to 2026, where a heading may follow notes, or run into another."""
    made = pdf(
        [
            "ICD-10-CM TABULAR LIST of DISEASES and INJURIES",
            "2024 Addenda",
            "No Change Chapter 9",
            "No Change Diseases of the circulatory system (I00-I99)",
            "No Change This chapter contains the following blocks:",
            "Revise from I10-I16 Hypertensive diseases",
            "Revise to I10-I1A Hypertensive diseases",
            "Add QA0 Genetic disorders",
            "No Change Chronic rheumatic heart diseases (I05-I09)",
            "No Change I09 Other rheumatic heart diseases",
            "Add Excludes1: hypertension (I10)",
            "Revise to Hypertensive diseases (I10-I16) Hypertensive diseases (I10-I1A)",
            "Add Code also tobacco use (Z72.0)",
            "Add Excludes2: Hypertensive diseases (I10-I1A)",
            "Add Genetic disorders (QA0)",
        ]
    )
    edits = list(icd10cm_tabular_addenda.tabular_edits(Document.of("t.pdf", made)))
    hypertensive = "Hypertensive diseases (I10-I1A)"
    assert [(e.node, e.kind, e.before, e.after) for e in edits] == [
        ("I10-I1A", "block", "Hypertensive diseases (I10-I16)", hypertensive),
        ("QA0-QA0", "block", "", "Genetic disorders (QA0)"),
        ("I09", "excludes1", "", "hypertension (I10)"),
        ("I10-I1A", "title", hypertensive, hypertensive),
        ("I10-I1A", "codeAlso", "", "tobacco use (Z72.0)"),
        ("I10-I1A", "excludes2", "", hypertensive),
        ("QA0-QA0", "title", "", "Genetic disorders (QA0)"),
    ]


def test_the_tabular_addenda_are_told_from_those_of_the_index() -> None:
    document = Document.of("t.pdf", TABULAR)
    period = icd10cm_tabular_addenda.PDF.recognise(document)
    assert period is not None
    assert (period.label, period.valid_from) == ("FY2026", date(2025, 10, 1))
    assert icd10cm_addenda.DISEASES.recognise(document) is None
    assert icd10cm_tabular_addenda.PDF.recognise(Document.of("i.pdf", INDEX)) is None
