"""``superbill walk``, on a small classification; on a pseudo-terminal as a person sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Superbill
from tests.unit.cli.terminal import typed
from tests.unit.encoder.small import small_store

DAY = ("--on", "2026-03-01")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the store of a small classification."""
    folder = tmp_path_factory.mktemp("walking")
    with small_store(folder) as store:
        store.path.rename(folder / "reference.sqlite")
    return folder


@pytest.fixture(autouse=True)
def _stored(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERBILL_DATA", str(data))


def test_without_a_terminal_the_next_step_is_printed_as_json(superbill: Superbill) -> None:
    shown = superbill("walk", "cataract,", "nuclear", *DAY)
    assert (shown.code, shown.err) == (0, "")
    found = json.loads(shown.out)
    assert [step["text"] for step in found["path"]] == ["Cataract", "nuclear"]
    asked = found["question"]
    assert asked["text"] == "H25.1 Age-related nuclear cataract: specify which eye"
    assert asked["missing"] == "side"
    assert [c["number"] for c in asked["choices"] if c["default"]] == [1]
    assert found["tabular"] is None
    assert len(found["lock"]) == 64


@pytest.mark.parametrize("answer", ["3", "left", "left eye", "H25.12", "h2512"])
def test_a_choice_is_named_by_number_words_or_code(superbill: Superbill, answer: str) -> None:
    shown = superbill("walk", "cataract, nuclear", *DAY, "--choose", answer, "--json")
    found = json.loads(shown.out)
    assert found["question"] is None
    assert found["outcome"]["dotted"] == "H25.12"
    assert found["tabular"]["dotted"] == "H25.12"
    assert found["tabular"]["billable"] is True


def test_scripts_walk_to_the_end(superbill: Superbill) -> None:
    args = ("--choose", "colles", "--choose", "right")
    found = json.loads(superbill("walk", "fracture, radius, lower end", *DAY, *args).out)
    assert found["outcome"]["dotted"] == "S52.531A"
    assert [step["kind"] for step in found["path"]][-3:] == ["see", "main term", "tabular"]
    found = json.loads(superbill("walk", "bronchitis", *DAY, "--defaults").out)
    assert found["outcome"]["dotted"] == "J40"


def test_many_terms_come_from_standard_input(superbill: Superbill) -> None:
    text = "bronchitis, acute\n\nmolding, head\n🦴\ngraft complication\n".encode()
    shown = superbill("walk", "-", *DAY, "--defaults", stdin=text)
    assert shown.code == 2
    found = [json.loads(line) for line in shown.out.splitlines()]
    ends = [line["outcome"]["dotted"] if line["outcome"] else "" for line in found]
    assert ends == ["J20.9", "", "T85.9XXA"]
    assert "-:4: text: there are no words in it." in shown.err


def test_words_that_the_index_lacks_are_searched_for(superbill: Superbill) -> None:
    """ "Wheezy chest infection" is no term; the search finds what its words are near to."""
    shown = superbill("walk", "fractured radius of the arm", *DAY)
    found = json.loads(shown.out)
    texts = [choice["text"] for choice in found["question"]["choices"]]
    assert any("Fracture, traumatic, radius" in text for text in texts), texts


def test_a_code_begins_at_the_entries_that_lead_to_it(superbill: Superbill) -> None:
    found = json.loads(superbill("walk", "J20.8", *DAY).out)
    texts = [choice["text"] for choice in found["question"]["choices"]]
    assert texts[0].startswith("tabular: ")
    assert "Bronchitis, acute or subacute, viral NEC" in texts


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", 2, "there are no words in it"),
        ("🦴🦴", 2, "there are no words in it"),
        ("x", 1, "no main term for “x”"),
        ("骨折", 1, "no main term for “骨折”"),
        ("word " * 10_000, 2, "a term has at most 500"),
        ("0DTJ0ZZ", 1, "procedure code of ICD-10-PCS (Resection of Appendix, Open Approach)"),
        ("G0008", 1, "form of a HCPCS code"),
    ],
)
def test_bad_input_gets_a_clear_answer(
    superbill: Superbill, text: str, code: int, says: str
) -> None:
    shown = superbill("walk", text, *DAY)
    assert shown.code == code
    assert says in shown.err + (json.loads(shown.out)["stuck"] if shown.out else "")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Missing argument"),
        (("bronchitis", "--on", "soon"), "'soon' is not a date"),
        (("bronchitis", "--on", "2019-03-01"), "is not covered on 2019-03-01"),
        (("bronchitis", *DAY, "--choose", "99"), "there is no choice 99. Choose 1 to"),
        (("bronchitis", *DAY, "--choose", "giraffe"), "'giraffe' names no single choice"),
        (("bronchitis, chronic", *DAY, "--choose", "1"), "answers nothing"),
        (("cataract", *DAY, "--choose", "default", "--choose", "x"), "answers nothing"),
    ],
)
def test_bad_options_are_refused(superbill: Superbill, args: tuple[str, ...], says: str) -> None:
    shown = superbill("walk", *args)
    assert (shown.code, shown.out) == (2, "")
    assert says in shown.err.replace("\n  fix:", "")


def test_a_person_is_asked_and_may_go_back(data: Path) -> None:
    keys = ["giraffe", "colles", "b", "?", "colles", "2"]
    screen = typed(["walk", "fracture, radius, lower end", *DAY], keys, data)
    assert screen.code == 0, screen.text
    assert screen.text.count("lower end: which?") == 3
    assert "'giraffe' names no single choice" in screen.text
    assert "Colles'  (see Colles' fracture)" in screen.text
    assert "none of these: S52.50-  (default)" in screen.text
    assert "S52.53 Colles' fracture: specify which radius" in screen.text
    assert "S52.532A  Colles' fracture of left radius, initial encounter" in screen.text


def test_enter_takes_the_default_and_the_filler_is_named(data: Path) -> None:
    screen = typed(["walk", "complication", *DAY], [""], data)
    assert screen.code == 0
    assert "T88.9XXA  Complication of care, initial encounter" in screen.text
    assert "X fills the places up to the seventh character, A" in screen.text


def test_a_person_may_stop(data: Path) -> None:
    screen = typed(["walk", "cataract, nuclear", *DAY], ["q"], data)
    assert screen.code == 1
    assert "Stopped at H25.1, which is not complete." in screen.text
