"""A stay as a Bundle: what FHIR's own library accepts, and what the guides want of it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from msgspec.structs import replace

from superbill.interop.fhir import bundle, check, dumps, loads, read_stay
from superbill.interop.fhir import systems as s
from superbill.model import Encounter
from tests.unit.interop.fhir.bundles import CREATED, decided, example, resources, whole

NAMES = [
    "heart_failure",
    "hip_fracture_employer_plan",
    "self_pay",
    "sepsis_medicaid",
    "transfer_outlier",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_fhir_and_comes_back(name: str) -> None:
    stay = example(name)
    text = dumps(bundle(stay, decided(stay), created=CREATED))
    get_fhir_model_class("Bundle").model_validate_json(text)
    assert check(loads(text)) == []
    reading = read_stay(text)
    assert reading.stay == stay
    assert reading.notes == ()


def test_references_resolve_inside_and_ids_tell_nothing() -> None:
    stay = example()
    text = dumps(bundle(stay, decided(stay), created=CREATED)).decode()
    made = loads(text)
    urls = {entry["fullUrl"] for entry in made["entry"]}
    assert len(urls) == len(made["entry"])
    named = set(re.findall(r'"reference":"([^"]*)"', text))
    assert named
    assert named <= urls
    ids = [entry["resource"]["id"] for entry in made["entry"]]
    assert all(f"urn:uuid:{i}" in urls for i in ids)
    assert all(re.fullmatch(r"[0-9a-f-]{36}", i) for i in ids)
    # The same stay has the same ids; another has others.
    assert dumps(bundle(stay, decided(stay), created=CREATED)).decode() == text
    other = bundle(replace(stay, id="EX-HF-002"), created=CREATED)
    assert not urls & {entry["fullUrl"] for entry in other["entry"]}


def test_codes_are_written_as_fhir_wants_them() -> None:
    made = whole()
    (claim,) = resources(made, "Claim")
    first, second = claim["diagnosis"][:2]
    (code,) = first["diagnosisCodeableConcept"]["coding"]
    assert code == {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I13.0"}
    assert s.has_code(first["type"], "principal")
    assert s.has_code(second["type"], "other")
    assert first["onAdmission"]["coding"][0]["code"] == "Y"
    (done,) = claim["procedure"][0]["procedureCodeableConcept"]["coding"]
    assert done == {"system": "http://www.cms.gov/Medicare/Coding/ICD10", "code": "5A09357"}
    admitting = [d for d in claim["diagnosis"] if s.has_code(d["type"], "admitting")]
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in admitting] == ["R06.03"]


def test_money_keeps_its_text() -> None:
    stay = example()
    line = replace(stay.lines[0], charge=Decimal("7500.50"))
    text = dumps(bundle(replace(stay, lines=(line,)), created=CREATED)).decode()
    assert '"net":{"value":7500.50,"currency":"USD"}' in text
    assert '"total":{"value":7500.50,"currency":"USD"}' in text


def test_the_form_s_fields_stand_in_supporting_information() -> None:
    (claim,) = resources(whole(), "Claim")
    told = {
        each["category"]["coding"][0]["code"]: each.get("code", {}).get("coding", [{}])[0]
        for each in claim["supportingInfo"]
    }
    assert told["typeofbill"]["code"] == "0111"
    assert told["discharge-status"] == {
        "system": "https://www.nubc.org/CodeSystem/PatDischargeStatus",
        "code": "06",
    }
    (encounter,) = resources(whole(), "Encounter")
    where = encounter["hospitalization"]["dischargeDisposition"]["coding"][0]["code"]
    assert where == "06"
    assert claim["item"][0]["revenue"]["coding"][0]["code"] == "0120"


def totals(resource: dict[str, Any]) -> dict[str, Decimal]:
    return {t["category"]["coding"][0]["code"]: t["amount"]["value"] for t in resource["total"]}


def test_an_explanation_of_benefit_says_what_each_payer_did() -> None:
    stay = example()
    made = whole(stay, decided(stay))
    first, second = resources(made, "ExplanationOfBenefit")
    assert totals(first) == {
        "submitted": stay.total_charges,
        "eligible": Decimal("1736.00"),
        "deductible": Decimal("1000.00"),
        "benefit": Decimal("736.00"),
        "paidtoprovider": Decimal("736.00"),
        "memberliability": Decimal("1000.00"),
    }
    assert totals(second)["priorpayerpaid"] == stay.total_charges - Decimal("1000.00")
    assert totals(second)["copay"] == Decimal("250.00")
    assert [i["focal"] for i in first["insurance"]] == [True, False]
    assert [i["focal"] for i in second["insurance"]] == [False, True]
    reasons = [
        [c["code"] for c in a["reason"]["coding"]]
        for a in first["adjudication"]
        if s.has_code([a["category"]], "adjustmentreason")
    ]
    assert reasons == [["45", "CO"], ["1", "PR"]]


def test_a_patient_who_pays_alone_gets_no_explanation_of_benefit() -> None:
    stay = example("self_pay")
    made = whole(stay, decided(stay))
    assert resources(made, "ExplanationOfBenefit") == []
    (coverage,) = resources(made, "Coverage")
    assert s.has_code([coverage["type"]], "self_pay")


def test_a_stay_without_payers_has_a_claim_all_the_same() -> None:
    stay: Encounter = replace(example(), payers=())
    text = dumps(bundle(stay, created=CREATED))
    get_fhir_model_class("Bundle").model_validate_json(text)
    reading = read_stay(text)
    assert reading.stay == stay
    assert "no payers" in reading.notes[0]
