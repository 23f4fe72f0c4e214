from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from superbill.encoder.suggestions.context import read, section_of
from superbill.encoder.suggestions.patient import Patient, patient

CASES = tomllib.loads(
    (Path(__file__).parents[3] / "cases" / "suggest_context.toml").read_text("utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['word']}: {c['text']}" for c in CASES])
def test_what_holds_of_a_word(case: dict[str, Any]) -> None:
    (word,) = [w for w in read(case["text"]).words if w.token.word == case["word"]]
    assert sorted(word.states) == case["states"]


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
