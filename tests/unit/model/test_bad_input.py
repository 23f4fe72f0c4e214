"""Every way of being wrong is told with its place and a way out, and nothing private with it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from superbill.errors import Invalid
from superbill.model import read
from tests.unit.model.documents import BASE, TABLE, text

ROWS = [pytest.param(row, id=row["name"]) for row in TABLE["row"]]
PRIVATE = ("Surname", "Given", "1950-06-15", "Hidden Lane", "SECRETMEMBER", "1EG4TE5MK73", "MRN1")


def refused(document: str) -> Invalid:
    with pytest.raises(Invalid) as refusal:
        read.encounter(document)
    return refusal.value


def test_the_base_is_right() -> None:
    assert read.encounter(BASE).id == "T1"


@pytest.mark.parametrize("row", ROWS)
def test_every_problem_is_told_and_no_other(row: dict[str, Any]) -> None:
    problems = refused(text(row)).problems
    assert sorted(problem.path for problem in problems) == sorted(
        expected["path"] for expected in row["expect"]
    )
    for expected in row["expect"]:
        (problem,) = (each for each in problems if each.path == expected["path"])
        assert expected["says"] in problem.message
        assert expected.get("remedy", "") in problem.remedy


@pytest.mark.parametrize("row", ROWS)
def test_nothing_private_is_repeated(row: dict[str, Any]) -> None:
    told = str(refused(text(row)))
    assert not [secret for secret in PRIVATE if secret in told]
    assert len(told) < 2000


@pytest.mark.parametrize("row", ROWS)
def test_in_a_batch_the_rest_go_on(row: dict[str, Any]) -> None:
    good = json.dumps(json.loads(BASE))
    bad = text(row).replace("\n", " ")
    answers = list(read.encounters(io.BytesIO(f"{good}\n{bad}\n{good}\n".encode())))
    if row["name"] in {"a name that stands twice", "a DRG that stands twice in a table"}:
        expected = [(1, False), (2, False), (3, False)]  # only a single document is searched for it
    elif not bad.strip():
        expected = [(1, False), (3, False)]
    else:
        expected = [(1, False), (2, True), (3, False)]
    assert [(line, isinstance(answer, Invalid)) for line, answer in answers] == expected
