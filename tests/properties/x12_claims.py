"""Claims at random, within what the guides allow: for the tests of writing and reading."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from superbill.model import (
    Claim,
    ClaimDiagnosis,
    ClaimKind,
    ClaimLine,
    ClaimProcedure,
    Drug,
    Figure,
    LineAdjudication,
    Measurement,
    Note,
    OccurrenceCode,
    OccurrenceSpan,
    Tooth,
    ToothStatus,
    ValueCode,
)
from superbill.money import ZERO
from tests.properties.x12_claim_values import (
    DAYS,
    LINE_DAYS,
    LINE_NUMBERS,
    LINE_ROLES,
    NUMBERS,
    ROLES,
    addresses,
    adjustments,
    ambulances,
    amounts,
    attachments,
    billing,
    certifications,
    codes,
    contracts,
    counts,
    coverages,
    dates,
    days,
    dental_services,
    digits,
    individuals,
    maybe_amount,
    references,
    repricings,
    services,
    some,
    some_of,
    spans,
    words,
)


@st.composite
def lines(draw: Any, kind: ClaimKind, number: int, diagnoses: int) -> ClaimLine:
    span = draw(spans)
    fields: dict[str, Any] = {
        "number": number,
        "charge": draw(amounts),
        "units": draw(counts),
        "service_from": span[0],
        "references": draw(references(LINE_NUMBERS[kind])),
        "dates": draw(dates(LINE_DAYS[kind])),
        "repricing": draw(repricings),
        "providers": some_of(draw, LINE_ROLES[kind], 2),
        "adjudications": tuple(draw(st.lists(decided(kind), max_size=2))),
    }
    pointer = st.integers(1, max(diagnoses, 1))
    pointers = draw(st.lists(pointer, min_size=1, max_size=4, unique=True).map(tuple))
    if kind == "837P":
        fields |= {
            "service": draw(services),
            "unit": draw(st.sampled_from(["UN", "MJ"])),
            "service_to": draw(st.sampled_from([None, span[1]])),
            "place_of_service": draw(st.sampled_from(["", "11", "22"])),
            "diagnosis_pointers": pointers,
            "emergency": draw(st.booleans()),
            "epsdt": draw(st.booleans()),
            "family_planning": draw(st.booleans()),
            "copay_exempt": draw(st.booleans()),
            "drug": draw(drugs),
            "attachments": draw(some(attachments[kind], 2)),
            "ambulance": draw(ambulances),
            "certifications": draw(some(certifications, 1)),
            "quantities": draw(some(figures("PT"), 1)),
            "measurements": draw(some(measurements)),
            "contract": draw(contracts),
            "amounts": draw(some(figures("T"), 1)),
            "fixed_format": draw(some(words(80), 2)),
            "notes": draw(some(notes("DCP"), 1)),
        }
    elif kind == "837I":
        fields |= {
            "revenue_code": draw(digits(3).map("0{}".format)),
            "service": draw(st.none() | services),
            "unit": draw(st.sampled_from(["UN", "DA"])),
            "service_to": draw(st.sampled_from([None, span[1]])),
            "noncovered": draw(maybe_amount),
            "drug": draw(drugs),
            "attachments": draw(some(attachments[kind], 2)),
            "amounts": draw(some(figures("GT"), 1)),
            "notes": draw(some(notes("TPO"), 1)),
        }
    else:
        tooth = st.builds(
            Tooth, number=digits(2), surfaces=some(st.sampled_from("BDFILMO"), 5, unique=True)
        )
        fields |= {
            "service": draw(dental_services),
            "units": Decimal(draw(st.integers(1, 99))),
            "place_of_service": draw(st.sampled_from(["", "11"])),
            "diagnosis_pointers": pointers if diagnoses else (),
            "oral_cavity": draw(some(st.sampled_from(["10", "20", "30"]), 3, unique=True)),
            "prosthesis": draw(st.sampled_from(["", "I", "R"])),
            "teeth": draw(some(tooth, 3)),
            "contract": draw(contracts),
            "amounts": draw(some(figures("T"), 1)),
            "fixed_format": draw(some(words(80), 2)),
        }
    return ClaimLine(**fields)


def figures(code: str) -> st.SearchStrategy[Figure]:
    return st.builds(Figure, code=st.just(code), value=st.decimals(1, 999, places=0))


def notes(code: str) -> st.SearchStrategy[Note]:
    return st.builds(Note, code=st.just(code), text=words(80))


measurements = st.builds(
    Measurement,
    reference=st.sampled_from(["OG", "TR"]),
    qualifier=st.sampled_from(["HT", "R1", "R2"]),
    value=st.decimals(0, 99, places=1),
)
drugs = st.none() | st.builds(
    Drug,
    ndc=digits(11),
    quantity=counts,
    unit=st.sampled_from(["F2", "GR", "ME", "ML", "UN"]),
    prescription=st.just("") | codes(20),
)


@st.composite
def decided(draw: Any, kind: ClaimKind) -> LineAdjudication:
    return LineAdjudication(
        payer_id=draw(codes(20, 2)),
        paid=draw(amounts),
        service=draw(dental_services if kind == "837D" else services),
        revenue_code=draw(digits(4)) if kind == "837I" else "",
        units=Decimal(draw(st.integers(1, 99))),
        paid_on=draw(days),
        remaining_liability=draw(maybe_amount),
        adjustments=draw(adjustments()),
    )


icd = st.builds(lambda a, b: a + b, st.sampled_from("ABEIJKMNRS"), codes(5, 2))


@st.composite
def claims(draw: Any, kind: ClaimKind) -> Claim:
    """A claim of a kind, whose lines add up to its charge."""
    other = {"837P": 11, "837I": 24, "837D": 3}[kind]
    diagnoses = [ClaimDiagnosis(code=draw(icd), kind="principal")]
    fields: dict[str, Any] = {
        "kind": kind,
        "id": draw(codes(38)),
        "purpose": draw(st.sampled_from(["CH", "RP"])),
        "frequency": draw(st.sampled_from("178")),
        "accepts_assignment": draw(st.sampled_from("AC")),
        "benefits_assigned": draw(st.sampled_from("YNW")),
        "release_of_information": draw(st.sampled_from("YI")),
        "patient": draw(individuals(whole=True)),
        "billing": draw(billing(kind)),
        "pay_to": draw(st.none() | addresses),
        "coverages": draw(coverages(kind)),
        "providers": some_of(draw, ROLES[kind], 3),
        "references": draw(references(NUMBERS[kind])),
        "dates": draw(dates(DAYS[kind])),
        "attachments": draw(some(attachments[kind], 2)),
        "contract": draw(contracts),
        "repricing": draw(repricings),
        "fixed_format": draw(some(words(80), 2)),
    }
    if kind == "837I":
        frequency = fields["frequency"]
        fields["type_of_bill"] = f"0{draw(st.sampled_from(['11', '13', '21']))}{frequency}"
        fields |= draw(_stays())
        poa = st.sampled_from(["", "Y", "N", "U", "W"])
        diagnoses[0] = ClaimDiagnosis(code=diagnoses[0].code, kind="principal", poa=draw(poa))
        for rank, most in (
            ("admitting", 1),
            ("reason", 3),
            ("external_cause", 12),
            ("other", other),
        ):
            for code in draw(st.lists(icd, max_size=most)):
                said = "" if rank in {"admitting", "reason"} else draw(poa)
                diagnoses.append(ClaimDiagnosis(code=code, kind=rank, poa=said))  # type: ignore[arg-type]
    else:
        fields["place_of_service"] = draw(st.sampled_from(["11", "21", "22"]))
        fields["provider_signature"] = draw(st.sampled_from("YN"))
        fields["patient_signature"] = draw(st.sampled_from(["", "P"])) if kind == "837P" else ""
        fields["notes"] = draw(some(notes("ADD"), 1))
        fields["amounts"] = draw(some(figures("F5"), 1))
        causes = draw(some(st.sampled_from(["AA", "EM", "OA"]), 2, unique=True))
        fields["related_causes"] = causes
        fields["accident_state"] = "OH" if "AA" in causes else ""
        if kind == "837D" and draw(st.booleans()):
            diagnoses = []
        else:
            diagnoses += [ClaimDiagnosis(code=c) for c in draw(st.lists(icd, max_size=other))]
    if kind == "837P":
        fields |= {
            "admission_date": draw(st.none() | days),
            "discharge_date": draw(st.none() | days),
            "ambulance": draw(ambulances),
            "certifications": draw(some(certifications, 1)),
            "condition_codes": draw(some(codes(2, 2), 24)),
            "anesthesia_procedures": draw(some(codes(5, 5), 2)),
        }
    elif kind == "837D":
        fields |= {
            "predetermination": draw(st.booleans()),
            "orthodontic_months": draw(st.none() | st.decimals(1, 99, places=0)),
            "orthodontic": draw(st.booleans()),
            "teeth": draw(
                some(st.builds(ToothStatus, number=digits(2), status=st.sampled_from("EM")), 3)
            ),
        }
    fields["diagnoses"] = tuple(diagnoses)
    count = draw(st.integers(1, 3))
    fields["lines"] = tuple(
        draw(lines(kind, number, len(diagnoses))) for number in range(1, count + 1)
    )
    fields["charge"] = sum((line.charge for line in fields["lines"]), ZERO)
    return Claim(**fields)


@st.composite
def _stays(draw: Any) -> dict[str, Any]:
    statement = draw(spans)
    admitted = draw(st.booleans())
    hour = st.builds("{:02}{:02}".format, st.integers(0, 23), st.integers(0, 59))
    procedure = st.tuples(codes(7, 7), days)
    found = draw(st.lists(procedure, max_size=25))
    span = st.builds(
        lambda code, two: OccurrenceSpan(code=code, start=two[0], end=two[1]), codes(2, 2), spans
    )
    return {
        "statement_from": statement[0],
        "statement_to": statement[1],
        "admission_date": statement[0] if admitted else None,
        "admission_hour": draw(st.just("") | hour) if admitted else "",
        "discharge_hour": draw(st.just("") | hour),
        "admission_type": draw(st.sampled_from("1239")),
        "admission_source": draw(st.sampled_from("1249")),
        "discharge_status": draw(st.sampled_from(["01", "02", "30"])),
        "drg": draw(st.just("") | digits(3)),
        "procedures": tuple(
            ClaimProcedure(code=code, date=day, kind="other" if i else "principal")
            for i, (code, day) in enumerate(found)
        ),
        "occurrence_spans": draw(some(span, 14)),
        "occurrence_codes": draw(some(st.builds(OccurrenceCode, code=codes(2, 2), date=days), 14)),
        "value_codes": draw(some(st.builds(ValueCode, code=codes(2, 2), amount=amounts), 14)),
        "condition_codes": draw(some(codes(2, 2), 14)),
        "treatment_codes": draw(some(codes(10), 14)),
        "notes": draw(some(notes("ADD"), 1)),
        "amounts": draw(some(figures("F3"), 1)),
    }
