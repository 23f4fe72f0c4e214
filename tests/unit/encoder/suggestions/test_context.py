from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from superbill.encoder.suggestions.context import STATES, read, section_of
from superbill.encoder.suggestions.patient import Patient, patient

CASES = tomllib.loads(
    (Path(__file__).parents[3] / "cases" / "suggest_context.toml").read_text("utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['word']}: {c['text']}" for c in CASES])
def test_what_holds_of_a_word(case: dict[str, Any]) -> None:
    (word,) = [w for w in read(case["text"]).words if w.token.word == case["word"]]
    assert sorted(word.states & set(STATES)) == case["states"]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("PAST MEDICAL HISTORY: gout", "history"),
        ("Assessment and Plan:", "diagnosis"),
        ("FAMILY HISTORY", "family"),
        ("  Physical Examination: ", "examination"),
        ("He had fever: 39 degrees", None),
        ("", None),
    ],
)
def test_headings(line: str, part: str | None) -> None:
    assert section_of(line) == part


@pytest.mark.parametrize(
    ("text", "word", "states"),
    [
        # A family's part ends with its paragraph, its line, or another heading.
        ("Family history: mother had asthma.\nThe abdomen was painful.", "painful", set()),
        ("FAMILY HISTORY\n\nAsthma\n\nGout", "asthma", {"family"}),
        ("FAMILY HISTORY\n\nAsthma\n\nGout", "gout", set()),
        ("FAMILY HISTORY\nAsthma\nREVIEW OF THINGS:\nGout", "gout", set()),
        ("Family History: asthma, diabetes,\nand gout.\nHe has psoriasis.", "gout", {"family"}),
        ("Family History: asthma, diabetes,\nand gout.\nHe has psoriasis.", "psoriasis", set()),
        # A line that was broken for its length is read with the next.
        ("The x-ray was negative for\npneumonia.", "pneumonia", {"absent"}),
        ("1. Gout\n2. No asthma\n3. Psoriasis", "psoriasis", set()),
        ("PMH: gout. FH: asthma. Exam: edema.", "asthma", {"family"}),
        ("PMH: gout. FH: asthma. Exam: edema.", "edema", set()),
    ],
)
def test_how_far_a_part_reaches(text: str, word: str, states: set[str]) -> None:
    (found,) = [w for w in read(text).words if w.token.word == word]
    assert found.states & {"family", "absent"} == states


def test_places_are_those_of_the_text() -> None:
    text = "Ménière’s disease.\r\nNo fever – 38.5 °C\n"
    for word in read(text).words:
        said = text[word.token.start : word.token.end]
        assert said
        assert not said.isspace()
    assert [text[w.token.start : w.token.end] for w in read(text).words][:2] == [
        "Ménière’s",
        "disease",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A 37-year-old man with fever.", Patient(37, "male")),
        ("72 y/o female", Patient(72, "female")),
        ("An 8-month-old boy", Patient(0, "male")),
        ("A 20-month-old girl", Patient(1, "female")),
        ("Patient aged 54 with gout", Patient(54, None)),
        ("She was well. She had pain. She left. Her pain went.", Patient(None, "female")),
        ("Fever.", Patient(None, None)),
    ],
)
def test_age_and_sex(text: str, found: Patient) -> None:
    assert patient(text) == found
