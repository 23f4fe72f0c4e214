"""Many stays are decided as each alone; what bulk leaves out is all that it leaves out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from benchmarks.stays import stays
from superbill.adjudication import Ask, Engine, adjudicate
from superbill.adjudication.engine import CONVENTIONS_LEFT_OUT
from superbill.bulk import Done, Refused, Undetermined, run
from superbill.errors import Invalid
from superbill.model import Decision, EditReport, Encounter, read
from tests.contracts.tree import ROOT

MANY = ROOT / "examples" / "many_stays.jsonl"


def lines() -> list[bytes]:
    """The example's stays, and made-up ones, more than a chunk of them."""
    made = [json.dumps(document).encode() for document in stays(180, seed=7)]
    return [*MANY.read_bytes().splitlines(), *made]


def decided(outcomes: Sequence[object]) -> list[Decision]:
    found = []
    for outcome in outcomes:
        assert isinstance(outcome, Done)
        found.append(msgspec.json.decode(outcome.output.output, type=Decision))
    return found


def without_detail(whole: Decision) -> Decision:
    """A decision without what bulk work leaves out."""
    replace = msgspec.structs.replace
    group, payment = whole.grouping, whole.payment
    if group is not None:
        group = replace(
            group,
            codes=(),
            initial=replace(group.initial, rule=""),
            final=replace(group.final, rule=""),
        )
    if payment is not None and payment.payable:
        payment = replace(payment, figures={})
    edits = EditReport(
        findings=tuple(e for e in whole.edits.findings if not e.rule.startswith("conventions")),
        not_checked=(
            *(e for e in whole.edits.not_checked if not e.rule.startswith("conventions")),
            CONVENTIONS_LEFT_OUT,
        ),
    )
    return replace(whole, edits=edits, grouping=group, payment=payment)


def test_bulk_leaves_out_what_it_says_and_nothing_else(reference_store: Path) -> None:
    quick = decided(list(run(lines(), store=reference_store)))
    with Engine(reference_store) as engine:
        for line, found in zip(lines(), quick, strict=True):
            whole = adjudicate(read.encounter(line), engine=engine)
            assert found == without_detail(whole)


def test_bulk_checks_the_conventions_where_it_is_asked(reference_store: Path) -> None:
    few = lines()[:40]
    quick = decided(list(run(few, store=reference_store, conventions=True)))
    with Engine(reference_store) as engine:
        for line, found in zip(few, quick, strict=True):
            whole = adjudicate(read.encounter(line), engine=engine)
            assert found.edits.findings == whole.edits.findings
            assert CONVENTIONS_LEFT_OUT not in found.edits.not_checked
    assert any(e.rule.startswith("conventions.") for found in quick for e in found.edits.findings)


@pytest.mark.parametrize("detail", [False, True])
def test_two_processes_decide_as_one_does(detail: bool, reference_store: Path) -> None:
    one, two = (
        list(run(lines(), store=reference_store, jobs=jobs, detail=detail)) for jobs in (1, 2)
    )
    assert one == two
    if detail:
        with Engine(reference_store) as engine:
            first = read.encounter(lines()[0])
            assert decided(one[:1]) == [adjudicate(first, engine=engine, **Ask()._asdict())]


def test_what_cannot_be_decided_is_refused_with_its_line(reference_store: Path) -> None:
    good = json.loads(lines()[0])
    unpriced = {**good, "hospital": None}
    unknown = {**good, "diagnoses": [{"code": "I50.99", "poa": "Y"}]}
    batch = [json.dumps(each).encode() for each in (good, unpriced, unknown)]
    first, second, third = run([*batch[:2], b"", batch[2]], store=reference_store)
    assert isinstance(first, Done)
    assert isinstance(second, Refused)
    assert isinstance(second.error, Undetermined)
    assert "payment profile" in second.error.reasons[0]
    assert isinstance(third, Refused)
    assert isinstance(third.error, Invalid)
    assert (second.line, third.line) == (2, 4)
    assert [problem.path for problem in third.error.problems] == ["diagnoses[0].code"]


def test_any_rendering_can_be_asked_for(reference_store: Path) -> None:
    outcomes = run(lines()[:3], store=reference_store, render=_name)
    assert [outcome.output.output for outcome in outcomes if isinstance(outcome, Done)] == [
        b"EX-MANY-001",
        b"EX-MANY-002",
        b"EX-MANY-003",
    ]


def _name(stay: Encounter, _: Decision) -> bytes:
    return stay.id.encode()
