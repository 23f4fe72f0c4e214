"""A Bundle as a stay: from a record without a claim too; what is wrong is told with its place."""

from __future__ import annotations

from typing import Any

import pytest

from superbill.errors import Invalid
from superbill.interop.fhir import read_stay
from superbill.interop.fhir import systems as s
from superbill.model import MedicarePartA, Medigap, Plan
from tests.unit.interop.fhir.bundles import clinical, example, place, resources, whole


def test_a_record_without_a_claim_is_a_stay() -> None:
    reading = read_stay(clinical())
    stay, given = reading.stay, example()
    assert [d.code for d in stay.diagnoses] == [d.code for d in given.diagnoses]
    assert stay.admitting_diagnosis == given.admitting_diagnosis
    assert stay.procedures == given.procedures
    assert (stay.admission_date, stay.discharge_date) == (
        given.admission_date,
        given.discharge_date,
    )
    assert stay.discharge_status == "06"
    assert stay.attending == given.attending
    assert stay.patient == given.patient
    assert stay.lines == ()
    assert "No claim lines are given: the stay has no charges." in reading.notes


def test_an_explanation_of_benefit_serves_where_there_is_no_claim() -> None:
    made = whole()
    (claim,) = resources(made, "Claim")
    claim["resourceType"] = "ExplanationOfBenefit"
    del claim["total"]
    claim |= {"outcome": "complete", "insurer": {"display": "Medicare"}}
    assert read_stay(made).stay.lines == example().lines


def test_references_may_be_relative_or_absolute() -> None:
    made = whole()
    for entry in made["entry"]:
        kind, number = entry["resource"]["resourceType"], entry["resource"]["id"]
        entry["fullUrl"] = f"https://example.org/fhir/{kind}/{number}"
    relative = {
        f"urn:uuid:{e['resource']['id']}": f"{e['resource']['resourceType']}/{e['resource']['id']}"
        for e in made["entry"]
    }

    def turn(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("reference") in relative:
                value["reference"] = relative[value["reference"]]
            for each in value.values():
                turn(each)
        elif isinstance(value, list):
            for each in value:
                turn(each)

    turn(made)
    assert read_stay(made).stay == example()


@pytest.mark.parametrize(
    ("coding", "kind"),
    [
        ({"system": s.PAYER_TYPE, "code": "121"}, MedicarePartA),
        ({"system": s.PAYER_TYPE, "code": "112"}, Plan),
        ({"system": s.PAYER_TYPE, "code": "512"}, Plan),
        ({"system": s.CLAIM_FILING, "code": "MA"}, MedicarePartA),
        ({"system": s.PAYER_KIND, "code": "medigap"}, Medigap),
    ],
)
def test_the_kind_of_a_payer_is_told_by_codes_that_others_use(
    coding: dict[str, str], kind: type
) -> None:
    made = whole()
    coverage = resources(made, "Coverage")[0]
    coverage["type"] = {"coding": [coding]}
    coverage["extension"] = []
    del coverage["extension"]
    coverage["class"] = [{"type": {"coding": [{"code": "plan"}]}, "value": "G"}]
    assert isinstance(read_stay(made).stay.payers[0], kind)


def test_a_procedure_in_another_code_system_is_passed_over_aloud() -> None:
    made = clinical()
    (procedure,) = resources(made, "Procedure")
    procedure["code"] = {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}
    reading = read_stay(made)
    assert reading.stay.procedures == ()
    assert any("no ICD-10-PCS code" in note for note in reading.notes)


def drop(kind: str, *names: str) -> Any:
    def change(made: dict[str, Any]) -> None:
        for resource in resources(made, kind):
            for name in names:
                resource.pop(name, None)

    return change


def without(*kinds: str) -> Any:
    def change(made: dict[str, Any]) -> None:
        made["entry"] = [e for e in made["entry"] if e["resource"]["resourceType"] not in kinds]

    return change


def claim(**fields: Any) -> Any:
    def change(made: dict[str, Any]) -> None:
        resources(made, "Claim")[0].update(fields)

    return change


def condition(code: dict[str, str]) -> Any:
    def change(made: dict[str, Any]) -> None:
        resources(made, "Condition")[0]["code"] = {"coding": [code]}

    return change


def coverage(**fields: Any) -> Any:
    def change(made: dict[str, Any]) -> None:
        resources(made, "Coverage")[0].update(fields)

    return change


def twice(kind: str) -> Any:
    def change(made: dict[str, Any]) -> None:
        found = next(e for e in made["entry"] if e["resource"]["resourceType"] == kind)
        made["entry"].append({"resource": {**found["resource"], "id": "other"}})
        if kind == "Encounter":
            for item in resources(made, "Claim")[0]["item"]:
                del item["encounter"]

    return change


SNOMED = {"system": "http://snomed.info/sct", "code": "42343007"}

CASES = [
    ("patient gone", without("Patient"), "Bundle.entry", "Patient is not in it"),
    ("no birth date", drop("Patient", "birthDate"), "{Patient}.birthDate", "day of birth"),
    ("no family name", drop("Patient", "name"), "{Patient}.name", "family name"),
    (
        "month of birth alone",
        lambda m: resources(m, "Patient")[0].update(birthDate="1944-05"),
        "{Patient}.birthDate",
        "YYYY-MM-DD",
    ),
    ("hospital gone", without("Organization"), "{Claim}.provider", "hospital's Organization"),
    (
        "no CCN",
        drop("Organization", "identifier"),
        "{Organization}.identifier",
        "urn:oid:2.16.840.1.113883.4.336",
    ),
    (
        "no status",
        lambda m: (claim(supportingInfo=[])(m), drop("Encounter", "hospitalization")(m)),
        "{Encounter}.hospitalization.dischargeDisposition",
        "discharge status",
    ),
    (
        "no dates",
        lambda m: (
            claim(supportingInfo=[])(m),
            drop("Encounter", "period")(m),
            drop("Claim", "billablePeriod")(m),
        ),
        "{Claim}.billablePeriod.start",
        "day of admission",
    ),
    ("two claims", twice("Claim"), "{Claim[1]}", "2 claims"),
    ("two encounters", twice("Encounter"), "{Encounter[1]}", "Claim.item.encounter"),
    (
        "neither claim nor encounter",
        without("Claim", "Encounter"),
        "Bundle.entry",
        "no Encounter and no Claim",
    ),
    (
        "a SNOMED diagnosis",
        lambda m: (without("Claim")(m), condition(SNOMED)(m)),
        "{Condition}.code",
        "http://snomed.info/sct",
    ),
    (
        "not a code",
        lambda m: (without("Claim")(m), condition({"system": s.ICD10CM, "code": "1234"})(m)),
        "{Condition}.code",
        "ICD-10-CM",
    ),
    (
        "another currency",
        lambda m: resources(m, "Claim")[0]["item"][0]["net"].update(currency="EUR"),
        "{Claim}.item[0].net.currency",
        "US dollars",
    ),
    (
        "no charge",
        lambda m: [resources(m, "Claim")[0]["item"][2].pop(n, None) for n in ("net", "unitPrice")],
        "{Claim}.item[2].net",
        "charge is missing",
    ),
    (
        "a negative charge",
        lambda m: resources(m, "Claim")[0]["item"][2]["net"].update(value=-1),
        "{Claim}.item[2].net.value",
        "below zero",
    ),
    (
        "no revenue code",
        lambda m: resources(m, "Claim")[0]["item"][0].pop("revenue"),
        "{Claim}.item[0].revenue",
        "revenue code is missing",
    ),
    (
        "a payer of no kind",
        coverage(type={"text": "?"}, identifier=[]),
        "{Coverage}.type",
        "kind of payer",
    ),
    (
        "our extension spoilt",
        coverage(extension=[{"url": s.REST, "valueString": "{"}]),
        "{Coverage}.extension",
        "not JSON",
    ),
    ("a list for an object", claim(patient=[{"reference": "x"}]), "{Claim}.patient", "a list"),
    ("a word for a number", claim(total={"value": "x"}), "{Claim}.total.value", "a number"),
]


@pytest.mark.parametrize(
    ("change", "path", "says"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_wrong_is_told_with_its_place(change: Any, path: str, says: str) -> None:
    made = whole()
    change(made)
    for kind in ("Patient", "Claim", "Organization", "Encounter", "Condition", "Coverage"):
        for n in (0, 1):
            mark = f"{{{kind}}}" if n == 0 else f"{{{kind}[{n}]}}"
            if mark in path:
                path = path.replace(mark, place(made, kind, n))
    with pytest.raises(Invalid) as caught:
        read_stay(made)
    found = [f"{p.message} {p.remedy}" for p in caught.value.problems if p.path == path]
    assert any(says in each for each in found), str(caught.value)


def test_no_name_or_birth_date_stands_in_a_message() -> None:
    made = whole()
    resources(made, "Patient")[0]["birthDate"] = "2044-05-17"
    with pytest.raises(Invalid) as caught:
        read_stay(made)
    assert "2044" not in str(caught.value)
    assert "Eleanor" not in str(caught.value)


@pytest.mark.parametrize("text", ["{}", '{"resourceType": "Bundle", "type": "collection"}', "[1]"])
def test_what_holds_no_stay_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_stay(text)
