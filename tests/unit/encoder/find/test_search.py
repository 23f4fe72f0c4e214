"""The search on the reference data that installed packages carry: what is found and said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import superbill.encoder
from superbill.encoder.find import Answer, answer, index_of, prepare, search
from superbill.encoder.find.file import load, place
from superbill.errors import Invalid, NotCovered
from superbill.store.open import Store

ON = date(2026, 3, 1)


def ask(store: Store, query: str, **asked: object) -> Answer:
    return answer(store, query, **{"on": ON, **asked})  # type: ignore[arg-type]


def codes(store: Store, query: str, **asked: object) -> list[str]:
    return [hit.dotted for hit in ask(store, query, **asked).hits]


# What a coder takes, by the tabular list of April 2026.
FIRST = {
    "acute on chronic systolic heart failure": "I50.23",
    "heart failure, acute on chronic, systolic": "I50.23",
    "CHF": "I50.9",
    "COPD w/ acute exacerbation": "J44.1",
    "type 2 dm w/o complications": "E11.9",
    "oesophagitis": "K20.90",
    "diarrhoea": "R19.7",
    "heart attack": "I21.9",
    "kidney stone": "N20.0",
    "pain in left wrist": "M25.532",
    "wrist pain right": "M25.531",
    "Colles fracture right radius": "S52.531A",
    "Colles fracture right radius, subsequent encounter": "S52.531D",
    "Colles fracture left radius sequela": "S52.532S",
    # Told without detail: the title that leaves it open.
    "pneumonia": "J18.9",
    "urinary tract infection": "N39.0",
    "hypertension": "I10",
    "sugar diabetes": "E11.9",
    "diabetes mellitus": "E11.9",
    "asthma": "J45.909",
    "nausea and vomiting": "R11.2",
    # Told without a side: the code that names none.
    "ear infection": "H66.90",
    "lung cancer": "C34.90",
    "hip fracture": "S72.009A",
}


@pytest.mark.parametrize("query", FIRST)
def test_the_code_a_coder_takes_is_first(embedded_store: Store, query: str) -> None:
    assert codes(embedded_store, query)[0] == FIRST[query]


def test_a_misspelling_is_read_as_what_was_meant(embedded_store: Store) -> None:
    found = ask(embedded_store, "pnuemonia")
    assert found.read_as == ("pnuemonia: pneumonia",)
    assert [hit.code for hit in found.hits] == [
        hit.code for hit in ask(embedded_store, "pneumonia").hits
    ]


def test_a_procedure_comes_first_where_procedures_say_more(embedded_store: Store) -> None:
    found = ask(embedded_store, "laparoscopic cholecystectomy")
    assert found.hits[0].code == "0FT44ZZ"
    assert found.hits[0].system == "ICD-10-PCS"
    assert "cholecystectomy: resection of gallbladder" in found.read_as


def test_a_hit_says_why(embedded_store: Store) -> None:
    hit = ask(embedded_store, "renal calculus").hits[0]
    assert hit.dotted == "N20.0"
    assert {"renal", "calculus"} <= set(hit.matched)
    assert any(e.kind == "inclusion term" and "Renal calculus" in e.text for e in hit.evidence)
    assert [code for code, _ in hit.path] == ["14", "N20-N23", "N20"]
    assert 0 < hit.score <= 1


def test_the_answer_says_what_was_searched(embedded_store: Store) -> None:
    found = ask(embedded_store, "asthma")
    assert found.searched["cm"] == ("title", "inclusion term")
    assert found.lock == embedded_store.digest


def test_scores_fall(embedded_store: Store) -> None:
    scores = [hit.score for hit in ask(embedded_store, "broken wrist", limit=20).hits]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 20


def test_a_code_and_the_beginning_of_codes(embedded_store: Store) -> None:
    whole = ask(embedded_store, "s52.531a").hits
    assert [hit.dotted for hit in whole] == ["S52.531A"]
    assert whole[0].score == 1
    assert codes(embedded_store, "I50.2") == ["I50.20", "I50.21", "I50.22", "I50.23"]
    assert codes(embedded_store, "I50.2", billable=False)[0] == "I50.2"


def test_a_retired_code_says_until_when(embedded_store: Store) -> None:
    found = ask(embedded_store, "B88.0")
    assert found.hits[0].status == "retired"
    assert "it was valid until 2025-09-30" in found.message
    assert "In its place: B88.01 " in found.message
    before = answer(embedded_store, "B88.0", on=date(2025, 3, 1)).hits
    assert before[0].status == "valid"


def test_a_code_of_another_system_is_named(embedded_store: Store) -> None:
    found = ask(embedded_store, "0FT44ZZ", system="cm")
    assert found.hits == ()
    assert "is a code of ICD-10-PCS" in found.message


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "The query is empty"),
        ("   ", "The query is empty"),
        ("x", "One letter says too little"),
        ("😀", "has no word to search for"),
        ("頭痛", "has no word to search for"),
        ("qwvzxxj", "No code's text has these words"),
        ("9" * 5, "has the form of a CPT code"),
        ("Z99.99Q", "has the form of a code, but none held"),
    ],
)
def test_a_query_of_nothing_gets_a_clear_answer(
    embedded_store: Store, query: str, said: str
) -> None:
    found = ask(embedded_store, query)
    assert found.hits == ()
    assert said in found.message


def test_ten_thousand_words_are_cut_and_said_to_be(embedded_store: Store) -> None:
    found = ask(embedded_store, "asthma " * 10_000)
    assert found.hits[0].code.startswith("J45")
    assert "Only the first 2,000 of 70,000 characters" in found.message


def test_another_language_is_said_to_be_none_of_the_classification(embedded_store: Store) -> None:
    assert "is in English" in ask(embedded_store, "dolor de cabeza").message
    assert ask(embedded_store, "pnuemonia").message == ""


def test_filters(embedded_store: Store) -> None:
    assert all(code.startswith("O") for code in codes(embedded_store, "diabetes", chapter=15))
    assert "C61" in codes(embedded_store, "malignant neoplasm of prostate", sex="male")
    assert "C61" not in codes(embedded_store, "malignant neoplasm of prostate", sex="female")
    assert "P59.9" in codes(embedded_store, "neonatal jaundice, unspecified", age=0)
    assert "P59.9" not in codes(embedded_store, "neonatal jaundice, unspecified", age=40)
    assert len(codes(embedded_store, "fracture", limit=3)) == 3
    only = ask(embedded_store, "fever", system="pcs").hits
    assert all(hit.system == "ICD-10-PCS" for hit in only)


@pytest.mark.parametrize(
    "asked",
    [{"system": "icd9"}, {"limit": 0}, {"chapter": 23}, {"sex": "x"}, {"age": 200}],
)
def test_a_filter_that_there_is_none_of(embedded_store: Store, asked: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        ask(embedded_store, "asthma", **asked)


def test_a_day_that_is_not_covered(embedded_store: Store) -> None:
    with pytest.raises(NotCovered):
        answer(embedded_store, "asthma", on=date(1999, 1, 1))
    with pytest.raises(NotCovered):
        answer(embedded_store, "wheelchair", on=ON, system="hcpcs")


def test_headings_are_offered_on_demand(embedded_store: Store) -> None:
    found = ask(embedded_store, "chronic kidney disease", billable=False).hits
    assert any(hit.status == "heading" and hit.code == "N18" for hit in found)


def test_the_function_of_the_package(embedded_store: Store) -> None:
    assert superbill.encoder.search is search
    assert search(embedded_store, "asthma", on=ON)[0].code.startswith("J45")


def test_the_index_lies_beside_the_store_by_its_digest(embedded_store: Store) -> None:
    index = index_of(embedded_store)
    where = place(embedded_store.path, embedded_store.digest)
    assert prepare(embedded_store.path) == where
    assert embedded_store.digest[:12] in where.name
    again = load(where)
    assert again.digest == index.digest == embedded_store.digest
    assert answer(embedded_store, "asthma", on=ON, index=again) == ask(embedded_store, "asthma")


def test_an_index_of_another_store_is_taken_away(tmp_path: Path, embedded_store: Store) -> None:
    path = tmp_path / "reference.sqlite"
    path.symlink_to(embedded_store.path)
    (tmp_path / "reference.search0-000000000000").write_bytes(b"old")
    place(path, embedded_store.digest).write_bytes(b"stands for the right one")
    prepare(path)
    assert [each.name for each in sorted(tmp_path.glob("*.search*"))] == [
        place(path, embedded_store.digest).name
    ]
