"""Any resource is read and written without loss, and held against FHIR R4's structure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from superbill.errors import Invalid
from superbill.interop.fhir import check, dumps, known, loads
from tests.unit.interop.fhir.bundles import SHARED, numbers

SAMPLES = sorted(SHARED.glob("*.json"))
KINDS = """Bundle Claim ClaimResponse Condition Coverage Encounter ExplanationOfBenefit
Organization Patient Practitioner Procedure RelatedPerson"""


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES, reason="HL7's examples are not at ../shared/samples/fhir-r4")
def test_every_example_of_hl7_is_read_and_written_without_loss() -> None:
    for path in SAMPLES:
        text = path.read_bytes()
        resource = loads(text)
        written = dumps(resource, indent=2)
        assert numbers(written) == numbers(text), path.name
        assert json.loads(written) == json.loads(text), path.name
        assert check(resource) == [], path.name
        get_fhir_model_class(resource["resourceType"]).model_validate_json(written)


def test_the_kinds_that_are_held() -> None:
    assert all(known(kind) for kind in KINDS.split())
    assert not known("Device")
    assert check({"resourceType": "Device", "anything": [1]}) == []


def test_unknown_elements_extensions_and_zeros_survive() -> None:
    text = (
        '{"resourceType":"Claim","status":"active","_status":{"extension":[{"url":"http://x.org",'
        '"valueDecimal":1.500}]},"total":{"value":1.50,"currency":"USD"},"future":{"a":[0.10,1E2]},'
        '"extension":[{"url":"http://x.org/y","valueString":"é"}]}'
    )
    assert dumps(loads(text)).decode() == text
    assert [f.path for f in check(loads(text)) if f.kind == "unknown"] == ["Claim.future"]


CLAIM: dict[str, Any] = {
    "resourceType": "Claim",
    "status": "active",
    "type": {"coding": [{"code": "institutional"}]},
    "use": "claim",
    "patient": {"reference": "Patient/1"},
    "created": "2026-03-01",
    "provider": {"reference": "Organization/1"},
    "priority": {"coding": [{"code": "normal"}]},
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/1"}}],
    "item": [{"sequence": 1, "productOrService": {"text": "x"}, "net": {"value": 1}}],
}

# The change, the kind of the fault, its place. Each is refused by fhir.resources too, which does
# not hold codes against FHIR's own lists.
FAULTS = [
    ({"status": None}, "missing", "Claim.status"),
    ({"patient": None}, "missing", "Claim.patient"),
    ({"insurance": None}, "missing", "Claim.insurance"),
    ({"item": {"sequence": 1}}, "type", "Claim.item"),
    ({"use": ["claim"]}, "type", "Claim.use"),
    ({"use": "bill"}, "value", "Claim.use"),
    ({"created": "1 March"}, "value", "Claim.created"),
    ({"item": [{"sequence": 1}]}, "missing", "Claim.item[0].productOrService"),
    (
        {"item": [{"sequence": 0, "productOrService": {"text": "x"}}]},
        "value",
        "Claim.item[0].sequence",
    ),
    ({"total": {"value": "much"}}, "type", "Claim.total.value"),
    (
        {"diagnosis": [{"sequence": 1}]},
        "missing",
        "Claim.diagnosis[0].diagnosis[x]",
    ),
    (
        {
            "diagnosis": [
                {
                    "sequence": 1,
                    "diagnosisReference": {"reference": "Condition/1"},
                    "diagnosisCodeableConcept": {"text": "x"},
                }
            ]
        },
        "type",
        "Claim.diagnosis[0].diagnosis[x]",
    ),
    ({"totals": {"value": 1}}, "unknown", "Claim.totals"),
]


@pytest.mark.parametrize(("change", "kind", "path"), FAULTS)
def test_a_fault_is_found_at_its_place(change: dict[str, Any], kind: str, path: str) -> None:
    assert check(CLAIM) == []
    wrong = {k: v for k, v in {**CLAIM, **change}.items() if v is not None}
    assert path in [f.path for f in check(wrong) if f.kind == kind]
    if wrong["use"] == "bill":
        return
    with pytest.raises(ValidationError):
        get_fhir_model_class("Claim").model_validate(wrong)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "line 1, column 1"),
        (b"[]", "not a JSON object"),
        (b'{"resourceType": "Claim"', "line 1, column"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1' + b"0" * 80 + b"}", "is no number"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'\xff\xfe{"a": 1}', "not UTF-8"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "too deep"),
        (b"<Claim/>", "not JSON"),
    ],
)
def test_what_is_no_json_is_refused(text: bytes, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        loads(text)
    assert says in str(caught.value)
