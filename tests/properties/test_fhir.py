"""Whatever the stay and whoever pays: what goes out as FHIR comes back, and the answers add up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.errors import Invalid, Problem
from superbill.interop.fhir import (
    bundle,
    check,
    claim_bundle,
    dumps,
    loads,
    read_claim,
    read_remittance,
    read_stay,
)
from superbill.interop.x12 import InstitutionalClaim
from superbill.model import Claim, Encounter, read
from tests.properties.structs import values
from tests.properties.test_x12_writer import claims, encounters
from tests.unit.interop.fhir.bundles import decided, example, whole

CREATED = date(2026, 3, 20)
slow = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@slow
@given(encounters())
def test_every_stay_comes_back_from_its_bundle(stay: Encounter) -> None:
    hour = "" if stay.admission_hour == "99" else stay.admission_hour
    given_ = read.checked(replace(stay, admission_hour=hour))
    written = dumps(bundle(given_, created=CREATED))
    assert read_stay(written).stay == given_
    assert check(loads(written)) == []


@slow
@given(claims())
def test_what_each_payer_decided_adds_up(item: InstitutionalClaim) -> None:
    assert item.decision is not None
    whole = bundle(item.encounter, item.decision, created=CREATED)
    resources = [entry["resource"] for entry in loads(dumps(whole))["entry"]]
    answers = [p for p in item.decision.payers if p.kind != "self_pay"]
    for kind in ("ExplanationOfBenefit", "ClaimResponse"):
        found = [r for r in resources if r["resourceType"] == kind]
        assert len(found) == len(answers)
        for resource, answer in zip(found, answers, strict=True):
            by = amounts(resource["adjudication"])
            assert sum(by["submitted"]) == answer.billed
            assert sum(by["submitted"]) == sum(by["paidtoprovider"]) + sum(
                by.get("adjustmentreason", [])
            )
            totals = amounts(resource["total"])
            assert sum(totals["memberliability"]) == answer.patient
            assert resource["payment"]["amount"]["value"] == answer.paid


def amounts(listed: list[dict[str, Any]]) -> dict[str, list[Decimal]]:
    """The amounts of adjudications by category."""
    found: dict[str, list[Decimal]] = {}
    for each in listed:
        if "amount" in each:
            code = each["category"]["coding"][0]["code"]
            found.setdefault(code, []).append(each["amount"]["value"])
    return found


# FHIR allows no blanks around a code, and no text of blanks.
WORDS = st.sampled_from(["", "A", "b1", "é-9", "Z 9", "I5023"])


@slow
@given(values(Claim, text=WORDS) | values(Claim, full=True, text=WORDS))
def test_every_claim_comes_back_from_its_bundle(claim: Claim) -> None:
    written = dumps(claim_bundle(claim, created=CREATED))
    assert [f for f in check(loads(written)) if f.kind in ("type", "value")] == []
    assert read_claim(written).claim == claim


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str) | st.from_regex(
    r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)


@given(
    st.lists(numbers, min_size=1, max_size=5),
    st.text(st.characters(codec="utf-8"), max_size=20).filter(
        lambda n: n not in ("a", "total", "resourceType")
    ),
)
def test_numbers_and_unknown_elements_come_back_as_they_stood(values: list[str], name: str) -> None:
    listed = ",".join(values)
    key = json.dumps(name)
    text = f'{{"resourceType":"Claim","a":[{listed}],{key}:{{"b":[{listed}]}},"total":1.50}}'
    again = dumps(loads(text))
    assert again.startswith(f'{{"resourceType":"Claim","a":[{listed}],'.encode())
    assert again.endswith(f':{{"b":[{listed}]}},"total":1.50}}'.encode())
    assert json.loads(again) == json.loads(text)


ODD: list[Any] = [
    None,
    True,
    -1,
    Decimal("1.5"),
    "",
    "x",
    "2026-02-30",
    [],
    [None],
    {},
    [{}],
    {"reference": "#x"},
    {"reference": 1},
    {"coding": [{"code": 1}]},
    {"value": "x"},
]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a document."""
    for key, inner in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield (*way, key)
        yield from places(inner, (*way, key))


WHOLE = whole(example(), decided(example()))
PLACES = list(places(WHOLE))


@settings(slow, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(ODD)), min_size=1, max_size=3))
def test_a_mangled_bundle_is_read_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    made = deepcopy(WHOLE)
    for way, odd in changes:
        part: Any = made
        try:
            for step in way[:-1]:
                part = part[step]
            part[way[-1]] = deepcopy(odd)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
    for reader in (read_stay, read_claim, read_remittance):
        problems: tuple[Problem, ...] = ()
        try:
            reader(made)
        except Invalid as refused:
            problems = refused.problems
        assert all(problem.path and problem.message for problem in problems)
