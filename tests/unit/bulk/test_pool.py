"""The pool keeps order, refuses what cannot be answered, survives a dying process, stays small."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

import pytest

from superbill.bulk import pool
from superbill.bulk.pool import Done, Refused, Work, WorkerDied, process
from superbill.errors import BadRow, Invalid, NotCovered, Problem, SuperbillError


def one(line: bytes) -> bytes | SuperbillError:
    """Upper case; ``bad`` is refused, ``die`` kills the process, ``bug`` is a defect."""
    word = line.strip()
    if word == b"bad":
        return Invalid.at("word", "It is bad.", "Write another.")
    if word == b"late":
        return NotCovered("the word", on=date(2031, 1, 1), remedy="Wait.")
    if word == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == b"bug":
        return word + None  # type: ignore[operator]  # the defect that the test is about
    return word.upper()


@contextmanager
def upper() -> Iterator[Work[bytes]]:
    yield lambda lines: [one(line) for line in lines]


def unopened() -> AbstractContextManager[Work[bytes]]:
    raise SuperbillError("nothing to open")


LINES = [b"%d\n" % n for n in range(1, 351)]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_order_and_the_numbers_of_the_lines_are_kept(jobs: int) -> None:
    lines = [b"\n", *LINES, b"  \n", b"last"]
    outcomes = list(process(lines, upper, jobs=jobs))
    expected = [Done(n + 1, b"%d" % n) for n in range(1, 351)]
    assert outcomes == [*expected, Done(353, b"LAST")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bad_line_is_refused_and_the_rest_go_on(jobs: int) -> None:
    first, second, third, fourth = process([b"a", b"bad", b"late", b"b"], upper, jobs=jobs)
    assert (first, fourth) == (Done(1, b"A"), Done(4, b"B"))
    assert isinstance(second, Refused)
    assert isinstance(second.error, Invalid)
    assert second.error.problems == (Problem("word", "It is bad.", "Write another."),)
    assert isinstance(third, Refused)
    assert isinstance(third.error, NotCovered)
    assert third.error.on == date(2031, 1, 1)


def test_a_line_that_kills_its_process_is_the_only_one_lost() -> None:
    lines = LINES.copy()
    lines[149] = b"die"
    outcomes = list(process(lines, upper, jobs=2))
    assert [outcome.line for outcome in outcomes] == list(range(1, 351))
    lost = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [outcome.line for outcome in lost] == [150]
    assert isinstance(lost[0].error, WorkerDied)


def test_where_every_line_kills_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "DEATHS", 2)
    with pytest.raises(WorkerDied):
        list(process([b"die"] * 3, upper, jobs=2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_defect_is_not_swallowed_and_names_the_lines(jobs: int) -> None:
    with pytest.raises(TypeError) as raised:
        list(process([b"a", b"bug"], upper, jobs=jobs))
    assert "lines 1 to 2" in "".join(getattr(raised.value, "__notes__", []))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_opened_is_said_once(jobs: int) -> None:
    with pytest.raises(SuperbillError, match="nothing to open"):
        list(process([b"a", b"b"], unopened, jobs=jobs))


def test_no_more_is_read_than_is_worked_on() -> None:
    read = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        for number in range(100_000):
            read += 1
            yield b"%d" % number

    outcomes = process(lines(), upper, jobs=2)
    next(outcomes)
    assert read <= 2 * pool.AHEAD * pool.CHUNK
    outcomes.close()  # type: ignore[attr-defined]  # it is a generator


@pytest.mark.parametrize(
    "error",
    [
        NotCovered("x", on=None, remedy="y"),
        Invalid([Problem("a", "b", "c"), Problem("d", "e")]),
        BadRow("file", 3, "saw", "expected"),
    ],
)
def test_errors_cross_from_one_process_to_another(error: SuperbillError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
