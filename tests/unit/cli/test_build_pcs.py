"""``superbill build-pcs``, on small tables; on a pseudo-terminal as a person sees it."""

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
    folder = tmp_path_factory.mktemp("building")
    with small_store(folder) as store:
        store.path.rename(folder / "reference.sqlite")
    return folder


@pytest.fixture(autouse=True)
def _stored(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERBILL_DATA", str(data))


def test_only_legal_values_are_offered_and_single_ones_are_taken(superbill: Superbill) -> None:
    shown = superbill("build-pcs", *DAY)
    assert (shown.code, shown.err) == (0, "")
    step = json.loads(shown.out)
    # The only table is 0DT; its section, body system and operation are the only ones.
    assert step["prefix"] == "0DT"
    assert step["labels"] == ["Medical and Surgical", "Gastrointestinal System", "Resection"]
    assert (step["asks"], step["axis"]) == ("axis", 4)
    assert [(c["value"], c["codes"]) for c in step["choices"]] == [("J", 2), ("N", 1)]
    assert step["choices"][0]["includes"] == ["Vermiform appendix"]
    assert (step["tables"]["label"], step["tables"]["exact"]) == ("FY2021", False)


@pytest.mark.parametrize("answers", [("J", "4"), ("appendix", "percutaneous"), ("j", "endoscopic")])
def test_scripts_build_to_the_end(superbill: Superbill, answers: tuple[str, str]) -> None:
    args = [part for answer in answers for part in ("--choose", answer)]
    step = json.loads(superbill("build-pcs", "0DT", *DAY, *args, "--json").out)
    assert (step["prefix"], step["asks"]) == ("0DTJ4ZZ", "nothing")
    assert step["title"] == "Resection of Appendix, Percutaneous Endoscopic Approach"
    assert [axis["value"] for axis in step["reading"]["axes"]] == list("0DTJ4ZZ")


@pytest.mark.parametrize("answer", ["Vermiform appendix", "APPENDIX"])
def test_the_body_part_key_names_a_value(superbill: Superbill, answer: str) -> None:
    step = json.loads(superbill("build-pcs", *DAY, "--choose", answer).out)
    assert step["prefix"] == "0DTJ"


@pytest.mark.parametrize("term", ["appendectomy", "resection, appendix", "appendix resection"])
def test_a_term_of_the_index_leads_to_its_characters(superbill: Superbill, term: str) -> None:
    step = json.loads(superbill("build-pcs", "--index", term, *DAY).out)
    assert step["prefix"] == "0DTJ"
    assert step["index"][-1] in {"see Resection, Appendix", "Appendix"}


def test_a_word_that_counts_as_a_body_part_is_said_to(superbill: Superbill) -> None:
    step = json.loads(superbill("build-pcs", "--index", "vermiform appendix", *DAY).out)
    (mark,) = step["marks"]
    assert "counts as Appendix (character 4 of section 0)" in mark


def test_a_term_that_the_index_lacks_is_searched_for(superbill: Superbill) -> None:
    step = json.loads(superbill("build-pcs", "--index", "sigmoid colon removed", *DAY).out)
    offered = [choice["value"] for choice in step["choices"]]
    assert step["prefix"].startswith("0DTN") or "0DTN" in offered


def test_a_code_is_read_aloud(superbill: Superbill) -> None:
    shown = superbill("build-pcs", "--read", "0dtj0zz", *DAY)
    assert shown.code == 0
    assert "  0  Approach:        Open\n" in shown.out
    assert "The tables held are those of FY2021, not of the day" in shown.out
    assert json.loads(superbill("build-pcs", "--read", "0DTJ0ZZ", *DAY, "--json").out)["allowed"]


def test_a_code_newer_than_the_tables_is_read_as_far_as_is_certain(superbill: Superbill) -> None:
    shown = superbill("build-pcs", "--read", "0DTN8ZZ", *DAY)
    assert shown.code == 0
    assert "8  Approach:        Via Natural or Artificial Opening Endoscopic" in shown.out


def test_many_codes_are_read_a_line_each(superbill: Superbill) -> None:
    shown = superbill(
        "build-pcs", "--read", "-", *DAY, "--json", stdin="0DTJ0ZZ I50.23\n🦴\n".encode()
    )
    assert shown.code == 2
    assert [json.loads(line)["code"] for line in shown.out.splitlines()] == ["0DTJ0ZZ"]
    assert [json.loads(line)["line"] for line in shown.err.splitlines()] == [1, 2]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("🦴",), "starts with 🦴"),
        (("0DX",), "starts with 0DX"),
        (("0DTJ0ZZ0",), "longer than a code"),
        (("word " * 10_000,), "longer than a code"),
        (("I50.9",), "is a diagnosis code of ICD-10-CM"),
        (("0DTN8ZZ",), "the tables of FY2021 do not have it"),
        (("--index", ""), "there are no words in it"),
        (("--index", "word " * 10_000), "a term has at most 500"),
        (("--index", "cirugía"), "has no term 'cirugía'"),
        (("--read", ""), "is no ICD-10-PCS code"),
        (("--read", "x"), "is no ICD-10-PCS code"),
        (("--read", "0DTZ0ZZ"), "no release held knows 0DTZ0ZZ"),
        (("0DT", "--read", "0DTJ0ZZ"), "one of them"),
        (("--read", "0DTJ0ZZ", "--choose", "1"), "there are none"),
        (("0DT", "--choose", "giraffe"), "'giraffe' names no single choice"),
        (("0DTJ0ZZ", "--choose", "0"), "The code is whole"),
    ],
)
def test_bad_input_gets_a_clear_answer(
    superbill: Superbill, args: tuple[str, ...], says: str
) -> None:
    shown = superbill("build-pcs", *args, *DAY)
    assert (shown.code, shown.out) == (2, "")
    assert says in shown.err
    assert "Traceback" not in shown.err


def test_a_day_without_codes_is_not_covered(superbill: Superbill) -> None:
    shown = superbill("build-pcs", "0DT", "--on", "2014-03-01")
    assert shown.code == 2
    assert "not covered on 2014-03-01" in shown.err


def test_a_person_builds_a_code(data: Path) -> None:
    screen = typed(
        ["build-pcs", *DAY], ["b", "giraffe", "vermiform appendix", "?", "b", "J", "0"], data
    )
    assert screen.code == 0, screen.text
    assert "The tables held are those of FY2021, not of the day" in screen.text
    assert "includes: Vermiform appendix" in screen.text
    assert "'giraffe' names no single choice" in screen.text
    assert screen.text.count("Character 5, Approach: which?") == 3
    assert "0DTJ0ZZ  Resection of Appendix, Open Approach" in screen.text


def test_a_person_may_stop(data: Path) -> None:
    screen = typed(["build-pcs", *DAY], ["q"], data)
    assert (screen.code, "Stopped at 0DT." in screen.text) == (1, True)
