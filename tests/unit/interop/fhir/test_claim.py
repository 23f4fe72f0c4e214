"""Claims and remittances as Bundles: what stands where, and that it comes back and adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.fhir import (
    check,
    claim_bundle,
    dumps,
    loads,
    read_claim,
    read_remittance,
    remittance_bundle,
)
from superbill.interop.fhir import systems as s
from superbill.interop.x12.remits import each as remittances
from superbill.interop.x12.typed import read as read_x12
from superbill.model import (
    Claim,
    ClaimAdjustment,
    ClaimDiagnosis,
    ClaimLine,
    Coverage,
    Individual,
    Provider,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceParty,
    Service,
)
from tests.unit.interop.fhir.bundles import resources

X12 = Path(__file__).parents[5] / "shared" / "samples" / "x12"
CREATED = date(2026, 3, 5)

OFFICE = Claim(
    kind="837P",
    id="VISIT-1",
    charge=Decimal("150.50"),
    place_of_service="11",
    frequency="1",
    patient=Individual(last_name="Sample", first_name="Ann", birth_date=date(1950, 1, 2), sex="F"),
    billing=Provider(role="billing", name="Example Clinic", npi="1234567893", tax_id="000000000"),
    coverages=(
        Coverage(payer_name="One", payer_id="P1", member_id="M1", billed=True, filing="MB"),
    ),
    providers=(Provider(role="rendering", person=True, name="Doctor", npi="2000000010"),),
    diagnoses=(ClaimDiagnosis(code="E1122", kind="principal"), ClaimDiagnosis(code="I10")),
    lines=(
        ClaimLine(
            number=1,
            charge=Decimal("100.50"),
            service=Service(code="G0463", modifiers=("25", "JW")),
            units=Decimal(1),
            service_from=date(2026, 3, 1),
            diagnosis_pointers=(1, 2),
        ),
        ClaimLine(
            number=2,
            charge=Decimal("50.00"),
            service=Service(code="D0120", qualifier="AD"),
            place_of_service="22",
            service_from=date(2026, 3, 1),
            service_to=date(2026, 3, 2),
        ),
    ),
)


def test_an_office_claim_stands_where_fhir_has_it_and_comes_back() -> None:
    text = dumps(claim_bundle(OFFICE, created=CREATED))
    get_fhir_model_class("Bundle").model_validate_json(text)
    made = loads(text)
    assert check(made) == []
    (claim,) = resources(made, "Claim")
    assert s.has_code([claim["type"]], "professional")
    first, second = claim["item"]
    assert first["productOrService"]["coding"] == [
        {"system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "G0463"}
    ]
    assert [m["coding"][0]["code"] for m in first["modifier"]] == ["25", "JW"]
    assert first["modifier"][0]["coding"][0]["system"] == s.CPT
    assert first["diagnosisSequence"] == [1, 2]
    assert first["locationCodeableConcept"]["coding"][0]["code"] == "11"
    assert second["locationCodeableConcept"]["coding"][0]["code"] == "22"
    assert second["servicedPeriod"] == {"start": "2026-03-01", "end": "2026-03-02"}
    (code,) = claim["diagnosis"][0]["diagnosisCodeableConcept"]["coding"]
    assert code["code"] == "E11.22"
    assert b'"net":{"value":100.50,"currency":"USD"}' in text
    assert read_claim(text).claim == OFFICE


@pytest.mark.parametrize(("bill", "kind"), [("0111", "inpatient"), ("0131", "outpatient")])
def test_an_institutional_claim_says_whether_the_patient_stayed(bill: str, kind: str) -> None:
    made = loads(
        dumps(claim_bundle(replace(OFFICE, kind="837I", type_of_bill=bill), created=CREATED))
    )
    (claim,) = resources(made, "Claim")
    assert s.has_code([claim["subType"]], kind)


def test_a_claim_of_somebody_else_gives_what_its_elements_say() -> None:
    made = loads(dumps(claim_bundle(OFFICE, created=CREATED)))
    (claim,) = resources(made, "Claim")
    claim.pop("extension", None)
    found = read_claim(made).claim
    assert [line.place_of_service for line in found.lines] == ["11", "22"]
    assert found.diagnoses == OFFICE.diagnoses
    assert found.patient == OFFICE.patient
    assert found.billing == OFFICE.billing
    assert found.charge == OFFICE.charge


def test_what_was_changed_in_fhir_counts() -> None:
    made = loads(dumps(claim_bundle(OFFICE, created=CREATED)))
    (claim,) = resources(made, "Claim")
    del claim["item"][1]
    claim["item"][0]["net"]["value"] = Decimal("90.00")
    claim["total"]["value"] = Decimal("90.00")
    found = read_claim(made).claim
    assert [line.charge for line in found.lines] == [Decimal("90.00")]
    assert found.charge == Decimal("90.00")


def broken(change: Any) -> str:
    made = loads(dumps(claim_bundle(OFFICE, created=CREATED)))
    change(resources(made, "Claim")[0])
    with pytest.raises(Invalid) as caught:
        read_claim(made)
    return str(caught.value)


def test_what_is_wrong_is_told_with_its_place() -> None:
    assert "resource.type: it is no professional" in broken(lambda c: c.pop("type"))
    assert "item[1].net: the charge is missing" in broken(lambda c: c["item"][1].pop("net"))
    assert "US dollars" in broken(lambda c: c["total"].update(currency="EUR"))
    assert "is not JSON" in broken(
        lambda c: c.update(extension=[{"url": s.REST, "valueString": "{"}])
    )
    with pytest.raises(Invalid, match="0 Claims are in it"):
        read_claim('{"resourceType": "Patient"}')


def settled(line: Decimal, whole: Decimal) -> Remittance:
    """A payment for one claim of 200.00 dollars, less these adjustments of its line and of it."""
    paid = Decimal("200.00") - line - whole
    return Remittance(
        payer=RemittanceParty(name="Payer", id="P1"),
        payee=RemittanceParty(name="Payee", id="1234567893", id_qualifier="XX"),
        number="CHECK1",
        amount=paid,
        paid_on=date(2026, 4, 1),
        claims=(
            RemittanceClaim(
                id="VISIT-1",
                status="1",
                charge=Decimal("200.00"),
                paid=paid,
                adjustments=(ClaimAdjustment(group="PR", reason="1", amount=whole),),
                lines=(
                    RemittanceLine(
                        charge=Decimal("200.00"),
                        paid=paid + whole,
                        service=Service(code="G0463"),
                        adjustments=(ClaimAdjustment(group="CO", reason="45", amount=line),),
                    ),
                ),
            ),
        ),
    )


def added(listed: list[dict[str, Any]], kind: str) -> Decimal:
    found = [a["amount"]["value"] for a in listed if s.has_code([a["category"]], kind)]
    return sum(found, Decimal(0))


def test_a_remittance_adds_up_in_fhir_too() -> None:
    remittance = settled(Decimal("80.00"), Decimal("20.00"))
    text = dumps(remittance_bundle(remittance, created=CREATED))
    get_fhir_model_class("Bundle").model_validate_json(text)
    made = loads(text)
    assert check(made) == []
    (benefit,) = resources(made, "ExplanationOfBenefit")
    (item,) = benefit["item"]
    everything = [*benefit["adjudication"], *item["adjudication"]]
    amount = benefit["payment"]["amount"]["value"]
    assert amount == Decimal("100.00")
    assert added(benefit["total"], "submitted") == amount + added(
        [a for a in everything if "amount" in a], "adjustmentreason"
    )
    assert added(benefit["total"], "memberliability") == Decimal("20.00")
    (payment,) = resources(made, "PaymentReconciliation")
    assert payment["paymentAmount"]["value"] == sum(d["amount"]["value"] for d in payment["detail"])


def test_a_remittance_comes_back() -> None:
    remittance = settled(Decimal("80.00"), Decimal("20.00"))
    text = dumps(remittance_bundle(remittance, created=CREATED))
    found, notes = read_remittance(text)
    assert notes == ()
    assert paid(found) == paid(remittance)
    assert found.balance == found.claims[0].balance == 0


def paid(of: Remittance) -> list[object]:
    """What was paid, adjusted and why, by claim and line."""
    claims: list[object] = [of.number, of.amount, of.payer.name, of.payee.name]
    for claim in of.claims:
        claims += [claim.id, claim.status, claim.charge, claim.paid, claim.drg, claim.filing]
        claims += [(a.group, a.reason, a.amount) for a in claim.adjustments]
        for line in claim.lines:
            claims += [line.charge, line.paid, line.revenue_code, line.units_paid, line.allowed]
            claims += [(a.group, a.reason, a.amount) for a in line.adjustments]
            claims += [r.value for r in line.remarks if r.qualifier == "HE"]
            claims.append(line.service.code if line.service is not None else "")
    return [*claims, [(p.reason, p.amount) for p in of.provider_adjustments]]


def test_a_payer_s_answer_without_reason_codes_is_read_by_its_categories() -> None:
    def told(code: str, amount: str) -> dict[str, Any]:
        category = {"coding": [{"code": code}]}
        return {"category": category, "amount": {"value": Decimal(amount), "currency": "USD"}}

    benefit: dict[str, Any] = {
        "resourceType": "ExplanationOfBenefit",
        "id": "1",
        "identifier": [{"value": "PAYER-9"}],
        "status": "active",
        "type": {"coding": [{"code": "institutional"}]},
        "use": "claim",
        "patient": {"display": "somebody"},
        "created": "2026-03-01",
        "insurer": {"display": "A payer"},
        "provider": {"display": "A hospital"},
        "outcome": "complete",
        "insurance": [{"focal": True, "coverage": {"display": "one"}}],
        "total": [
            told("submitted", "500.00"),
            told("deductible", "100.00"),
            told("coinsurance", "50.00"),
            told("noncovered", "150.00"),
            told("benefit", "200.00"),
        ],
    }
    found, notes = read_remittance(benefit)
    (claim,) = found.claims
    assert [claim.charge, claim.paid, found.amount] == [Decimal(n) for n in (500, 200, 200)]
    assert [(a.group, a.reason, a.amount) for a in claim.adjustments] == [
        ("PR", "1", Decimal("100.00")),
        ("PR", "2", Decimal("50.00")),
    ]
    assert notes == ("ExplanationOfBenefit: noncovered has no reason code, and is left.",)
    assert (found.payer.name, claim.control_number) == ("A payer", "PAYER-9")
    benefit["total"] = [told("submitted", "500.00")]
    with pytest.raises(Invalid, match="paidtoprovider or benefit is missing"):
        read_remittance(benefit)
    with pytest.raises(Invalid, match="no ExplanationOfBenefit"):
        read_remittance('{"resourceType": "Claim"}')


@pytest.mark.shared
@pytest.mark.skipif(not X12.is_dir(), reason="the samples at ../shared/samples/x12 are not there")
def test_every_sample_is_fhir_and_every_claim_comes_back() -> None:
    model = get_fhir_model_class("Bundle")
    claims = payments = 0
    for path in sorted(X12.rglob("*.*")):
        if path.suffix == ".md":
            continue
        try:
            found = list(read_x12(path, refused=lambda _: None))
            found += [r for r in remittances(path) if isinstance(r, Remittance)]
        except Invalid:
            continue
        for item in found:
            if isinstance(item, Claim):
                claims += 1
                text = dumps(claim_bundle(item, created=CREATED))
                assert read_claim(text).claim == item, path.name
            elif isinstance(item, Remittance):
                payments += 1
                text = dumps(remittance_bundle(item, created=CREATED))
                if item.claims:
                    assert paid(read_remittance(text).remittance) == paid(item), path.name
            else:
                continue
            model.model_validate_json(text)
            assert check(loads(text)) == [], path.name
    assert claims > 40
    assert payments > 100


def test_codes_of_other_systems_are_passed_over_aloud() -> None:
    made = loads(dumps(claim_bundle(OFFICE, created=CREATED)))
    (claim,) = resources(made, "Claim")
    claim.pop("extension", None)
    claim["item"][0]["productOrService"] = {"coding": [{"system": "http://x.org", "code": "A"}]}
    claim["diagnosis"][1]["diagnosisCodeableConcept"] = {
        "coding": [{"system": "http://snomed.info/sct", "code": "1"}]
    }
    found, notes = read_claim(made)
    assert [line.service is None for line in found.lines] == [True, False]
    assert set(notes) == {
        "The code of item 1 is of a system that is not read.",
        "The code of diagnosis 2 is of a system that is not read.",
    }
