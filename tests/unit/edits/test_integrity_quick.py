"""The quick look never lets a stay pass on which a rule would find something."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.stays import stays
from superbill.edits.integrity import RULES, Question
from superbill.edits.integrity.quick import SETTLED, unremarkable
from superbill.edits.integrity.rule import NoCodes
from superbill.errors import Invalid
from superbill.model import Encounter, read
from tests.contracts.tree import ROOT
from tests.unit.edits.test_integrity import ROWS, made

EXAMPLES = ROOT / "examples"
ODD = ("", "0", "00", "0001", "4", "ZZ", "99", "55", "0112", "0131", "20", "30", "A", "1.5", "77")


def found(stay: Encounter) -> list[str]:
    """What the settled rules find."""
    case = Question(stay, stay.discharge_date, NoCodes())
    return [each.rule for _, run in RULES if run in SETTLED for each in run(case)]


def altered(chance: random.Random) -> Iterator[Encounter]:
    """Stays in which some fields are made odd, as far as they can then be read."""
    for whole in stays(400, seed=chance.randrange(1000)):
        document = json.loads(json.dumps(whole))  # the stays share their parts
        for _ in range(chance.randint(0, 3)):
            _alter(chance, document)
        try:
            yield read.encounter(json.dumps(document))
        except Invalid:
            continue


def _alter(chance: random.Random, part: Any) -> None:
    """Replace, drop or repeat something somewhere in a document."""
    while isinstance(part, dict | list) and part:
        key = chance.choice(list(part)) if isinstance(part, dict) else chance.randrange(len(part))
        if isinstance(part[key], dict | list) and part[key] and chance.random() < 0.8:
            if isinstance(part[key], list) and chance.random() < 0.2:
                part[key] = [*part[key], chance.choice(part[key])]
                return
            part = part[key]
            continue
        if isinstance(part, list) or chance.random() < 0.7:
            part[key] = chance.choice(ODD)
        else:
            del part[key]
        return


@pytest.mark.parametrize("row", ROWS)
def test_a_case_of_the_table_is_seen(row: dict[str, Any]) -> None:
    stay = made(row)
    assert not (found(stay) and unremarkable(stay))


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_odd_is_seen(seed: int) -> None:
    passed = seen = 0
    for stay in altered(random.Random(seed)):
        if unremarkable(stay):
            passed += 1
            assert found(stay) == []
        else:
            seen += bool(found(stay))
    assert passed > 50
    assert seen > 20


def test_most_stays_pass() -> None:
    documents = [json.dumps(document) for document in stays(300)]
    passed = [unremarkable(read.encounter(document)) for document in documents]
    assert sum(passed) > 250
    lines = (EXAMPLES / "many_stays.jsonl").read_bytes().splitlines()
    assert any(unremarkable(read.encounter(line)) for line in lines)


def test_every_rule_is_either_settled_or_looks_codes_up() -> None:
    left = [rule.finds[0] for rule in RULES if rule.run not in SETTLED]
    assert left == [
        "integrity.unknown_code",
        "integrity.poa_missing",
        "integrity.poa_on_exempt_code",
    ]
