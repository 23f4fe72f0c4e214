from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.encoder.index import Walk, Walker, walk
from superbill.errors import Invalid, NotCovered
from superbill.store.open import Store

DAY = date(2026, 3, 1)
CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "index_walk.toml").read_text("utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_walk(small: Store, case: dict[str, Any]) -> None:
    walker = Walker(small, on=DAY)
    walked = walker.start(case["text"])
    for answer in case.get("answers", ()):
        assert walked.question is not None
        (choice,) = [c for c in walked.question.choices if c.text == answer]
        walked = walker.choose(walked, choice.number)
    if case.get("defaults"):
        walked = walker.defaults(walked)
    assert (walked.outcome.dotted if walked.outcome else "") == case.get("code", "")
    assert (walked.question.text if walked.question else "") == case.get("asks", "")
    if "choices" in case and walked.question:
        assert [choice.text for choice in walked.question.choices] == case["choices"]
    if "default" in case and walked.question:
        assert [c.text for c in walked.question.choices if c.default] == [case["default"]]
    assert (walked.question.missing if walked.question else "") == case.get("missing", "")
    assert case.get("stuck", "") in walked.stuck
    assert bool(walked.stuck) == bool(case.get("stuck"))
    if "path" in case:
        assert [f"{step.kind}: {step.text}" for step in walked.path] == case["path"]
    if "manifestation" in case and walked.outcome:
        assert walked.outcome.manifestation == case["manifestation"]
    if "mark" in case:
        assert any(case["mark"] in mark for mark in walked.marks)


def test_a_walk_is_the_same_in_json(small: Store) -> None:
    walked = walk(small, "bronchitis, acute", on=DAY)
    again = msgspec.json.decode(msgspec.json.encode(walked), type=Walk)
    assert again == walked
    assert Walker(small, on=DAY).choose(again, 1).outcome is not None


def test_every_step_says_from_which_release_it_is(small: Store) -> None:
    walked = walk(small, "bronchitis, acute, viral", on=DAY)
    assert {step.source for step in walked.path} == {"FY2026"}
    assert walked.path[-1].code == "J20.8"


@pytest.mark.parametrize("text", ["", "   ", "!?", "🙂🙂"])
def test_text_without_words_is_refused(small: Store, text: str) -> None:
    with pytest.raises(Invalid, match="no words"):
        walk(small, text, on=DAY)


def test_a_whole_note_is_refused(small: Store) -> None:
    with pytest.raises(Invalid, match="at most 500"):
        walk(small, "word " * 10_000, on=DAY)


def test_a_choice_that_is_not_there(small: Store) -> None:
    walker = Walker(small, on=DAY)
    asked = walker.start("bronchitis")
    with pytest.raises(Invalid, match="no choice 99"):
        walker.choose(asked, 99)
    done = walker.choose(asked, 1)
    with pytest.raises(Invalid, match="Nothing is asked"):
        walker.choose(done, 1)


def test_a_day_without_an_index_is_not_covered(small: Store) -> None:
    with pytest.raises(NotCovered, match="index to diseases"):
        walk(small, "bronchitis", on=date(2020, 1, 1))
