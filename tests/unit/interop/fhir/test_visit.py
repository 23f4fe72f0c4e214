"""A visit as a Bundle: the claim, and each payer's answer line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from msgspec.structs import replace

from superbill.interop.fhir import check, dumps, loads, visit_bundle
from superbill.interop.fhir import systems as s
from superbill.model import (
    Adjustment,
    EditReport,
    LineDecision,
    PayerDecision,
    Visit,
    VisitDecision,
    read,
)
from tests.unit.interop.fhir.bundles import EXAMPLES, resources

CREATED = date(2026, 3, 20)


def visit(name: str) -> Visit:
    return read.visit((EXAMPLES / f"{name}.json").read_bytes())


def decided(of: Visit) -> VisitDecision:
    """Medicare allows half of each line and leaves a fifth of that to the patient."""
    lines = []
    for n, line in enumerate(of.lines, 1):
        allowed, owed = line.charge / 2, line.charge / 10
        adjustments = (
            Adjustment(group="CO", reason="45", amount=line.charge - allowed, meaning=""),
            Adjustment(group="PR", reason="2", amount=owed, meaning="coinsurance"),
        )
        lines.append(
            LineDecision(
                line=n,
                code=line.code,
                billed=line.charge,
                allowed=allowed,
                paid=allowed - owed,
                adjustments=adjustments,
            )
        )
    charges = of.total_charges
    answer = PayerDecision(
        payer=of.payers[0].name,
        kind="medicare_part_b",
        position=1,
        billed=charges,
        allowed=charges / 2,
        paid=sum((line.paid for line in lines), Decimal(0)),
        adjustments=tuple(a for line in lines for a in line.adjustments),
        lines=tuple(lines),
    )
    return VisitDecision(
        visit_id=of.id,
        edits=EditReport(),
        prices=(),
        payers=(answer,),
        charges=charges,
        paid=answer.paid,
        written_off=Decimal(0),
        patient=Decimal(0),
        shares=(),
    )


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("professional", "professional"),
        ("surgery_center", "professional"),
        ("outpatient", "institutional"),
    ],
)
def test_each_line_is_answered_and_adds_up(form: Any, kind: str) -> None:
    given = replace(visit("office_visit"), form=form)
    decision = decided(given)
    text = dumps(visit_bundle(given, decision, created=CREATED))
    get_fhir_model_class("Bundle").model_validate_json(text)
    made = loads(text)
    assert check(made) == []
    (benefit,) = resources(made, "ExplanationOfBenefit")
    (response,) = resources(made, "ClaimResponse")
    assert s.has_code([benefit["type"]], kind)
    assert all("amount" not in a for a in benefit["adjudication"])
    assert len(benefit["item"]) == len(response["item"]) == len(given.lines)
    paid = Decimal(0)
    for item, line in zip(benefit["item"], given.lines, strict=True):
        by: dict[str, Decimal] = {}
        for each in item["adjudication"]:
            code = each["category"]["coding"][0]["code"]
            by[code] = by.get(code, Decimal(0)) + each["amount"]["value"]
        assert by["submitted"] == line.charge == by["paidtoprovider"] + by["adjustmentreason"]
        paid += by["paidtoprovider"]
    assert paid == benefit["payment"]["amount"]["value"] == decision.paid
    totals = {t["category"]["coding"][0]["code"]: t["amount"]["value"] for t in benefit["total"]}
    assert totals["coinsurance"] == totals["memberliability"] == given.total_charges / 10
    assert totals["submitted"] == given.total_charges


def test_the_claim_of_an_office_visit_names_who_did_it_and_where() -> None:
    made = loads(dumps(visit_bundle(visit("office_visit"), created=CREATED)))
    (claim,) = resources(made, "Claim")
    assert resources(made, "ExplanationOfBenefit") == []
    assert [s.has_code([t["role"]], "rendering") for t in claim["careTeam"]] == [True]
    places = {i["locationCodeableConcept"]["coding"][0]["code"] for i in claim["item"]}
    assert places == {"11"}
    assert claim["billablePeriod"] == {"start": "2026-03-16", "end": "2026-03-16"}
    assert [c["order"] for c in resources(made, "Coverage")] == [1, 2]
