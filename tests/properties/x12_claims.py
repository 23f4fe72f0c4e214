"""Claims at random, within what the guides allow: for the tests of writing and reading."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from superbill.model import (
    Address,
    Ambulance,
    Attachment,
    Certification,
    Claim,
    ClaimAdjustment,
    ClaimDate,
    ClaimDiagnosis,
    ClaimKind,
    ClaimLine,
    ClaimProcedure,
    Contact,
    Contract,
    Coverage,
    Drug,
    Figure,
    Individual,
    LineAdjudication,
    Measurement,
    Note,
    OccurrenceCode,
    OccurrenceSpan,
    Provider,
    Reference,
    Repricing,
    Service,
    Tooth,
    ToothStatus,
    ValueCode,
)
from superbill.money import ZERO

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
MARKS = " .,-/()'&+=!?;\""

FILING = [
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "AM",
    "BL",
    "CH",
    "CI",
    "DS",
    "FI",
    "HM",
    "LM",
    "MA",
    "MB",
    "MC",
    "OF",
    "TV",
    "VA",
    "WC",
    "ZZ",
]
DEPENDENT = ["01", "19", "20", "21", "39", "40", "53", "G8"]
REPORTS = {"837P": ["03", "04", "CT", "OZ"], "837I": ["03", "04", "CT", "OZ"], "837D": ["RB", "DA"]}

ROLES: dict[str, dict[str, str]] = {
    # The role, and how it may be named: person, organisation, with taxonomy, with address.
    "837P": {
        "referring": "p",
        "rendering": "pot",
        "facility": "oa",
        "supervising": "p",
    },
    "837I": {
        "attending": "pt",
        "operating": "p",
        "other_operating": "p",
        "rendering": "p",
        "facility": "oa",
        "referring": "p",
    },
    "837D": {
        "referring": "pt",
        "rendering": "pot",
        "facility": "oa",
        "assistant_surgeon": "pot",
        "supervising": "p",
    },
}
LINE_ROLES = {
    "837P": {"rendering": "pot", "facility": "oa", "supervising": "p", "referring": "p"},
    "837I": {"operating": "p", "other_operating": "p", "rendering": "p", "referring": "p"},
    "837D": {"rendering": "pot", "assistant_surgeon": "pot", "supervising": "p", "facility": "oa"},
}
OTHER_ROLES = {
    "837P": {"rendering": "po", "facility": "o", "supervising": "p", "billing": "po"},
    "837I": {"attending": "p", "operating": "p", "rendering": "p", "billing": "o"},
    "837D": {"rendering": "po", "supervising": "p", "billing": "po", "facility": "o"},
}
NUMBERS = {
    "837P": ["F5", "EW", "X4", "9A", "9C", "LX", "D9", "EA", "P4", "1J"],
    "837I": ["9A", "9C", "D9", "LU", "EA", "P4", "G4"],
    "837D": ["G3", "9A", "9C", "D9"],
}
LINE_NUMBERS = {
    "837P": ["9B", "9D", "6R", "X4", "BT"],
    "837I": ["6R", "9B", "9D"],
    "837D": ["6R", "9A", "9C"],
}
DAYS = {
    "837P": ["431", "454", "304", "453", "439", "484", "455", "471", "297", "296", "444", "050"],
    "837I": ["050"],
    "837D": ["439", "452", "472", "050"],
}
LINE_DAYS = {
    "837P": ["471", "607", "463", "461", "304", "011", "455", "454"],
    "837I": [],
    "837D": ["441", "452", "446", "196", "198"],
}
UNCHECKED_NPI = ("1234567893", "1245319599", "1003000126")

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
amounts = st.decimals(0, Decimal("99999.99"), places=2)
counts = st.decimals(Decimal("0.5"), 9999, places=1)
maybe_amount = st.none() | amounts


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Text that begins and ends with a letter or digit."""
    inner = st.text(LETTERS + DIGITS + MARKS, max_size=max(most - 2, 0))
    ends = st.text(LETTERS, min_size=1, max_size=1)
    whole = st.builds(lambda a, m, z: a + m + z, ends, inner, ends)
    return whole.filter(lambda text: least <= len(text) <= most)


def codes(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(LETTERS + DIGITS, min_size=least, max_size=most)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=length, max_size=length)


def some(each: st.SearchStrategy[Any], most: int = 2, **unique: Any) -> st.SearchStrategy[Any]:
    return st.lists(each, max_size=most, **unique).map(tuple)


def references(allowed: list[str], most: int = 3) -> st.SearchStrategy[Any]:
    one = st.builds(Reference, qualifier=st.sampled_from(allowed), value=codes(30))
    return some(one, most, unique_by=lambda r: r.qualifier)


addresses = st.builds(
    Address,
    street=words(55),
    street2=st.just("") | words(55),
    city=words(30, 2),
    state=st.sampled_from(["OH", "CA", "NY"]),
    zip=digits(9),
)
contacts = st.builds(
    Contact,
    name=words(60),
    phone=digits(10),
    extension=st.just("") | digits(4),
    email=st.just("") | st.just("BILLING@EXAMPLE.ORG"),
)


@st.composite
def providers(draw: Any, role: str, how: str, *, other: bool = False) -> Provider:
    person = "p" in how and ("o" not in how or draw(st.booleans()))
    if other:
        number = Reference(qualifier="G2" if role == "billing" else "LU", value=draw(codes(20)))
        return Provider(role=role, person=person, references=(number,))  # type: ignore[arg-type]
    return Provider(
        role=role,  # type: ignore[arg-type]
        person=person,
        name=draw(words(60)),
        first_name=draw(st.just("") | words(35)) if person else "",
        middle_name=draw(st.just("") | words(25)) if person else "",
        suffix=draw(st.just("") | st.just("JR")) if person else "",
        npi=draw(st.sampled_from(UNCHECKED_NPI)),
        taxonomy=draw(st.just("") | st.just("207R00000X")) if "t" in how else "",
        address=draw(addresses) if "a" in how else None,
        references=draw(references(["G2"], 1)),
    )


def some_of(
    draw: Any, roles: dict[str, str], most: int, *, other: bool = False
) -> tuple[Provider, ...]:
    chosen = draw(st.lists(st.sampled_from(sorted(roles)), unique=True, max_size=most))
    chosen.sort(key=list(roles).index)
    return tuple(draw(providers(role, roles[role], other=other)) for role in chosen)


def billing(kind: ClaimKind) -> st.SearchStrategy[Provider]:
    person = st.just(False) if kind == "837I" else st.booleans()

    @st.composite
    def build(draw: Any) -> Provider:
        is_person = draw(person)
        return Provider(
            role="billing",
            person=is_person,
            name=draw(words(60)),
            first_name=draw(words(35)) if is_person else "",
            npi="1234567893",
            taxonomy=draw(st.just("") | st.just("207R00000X")),
            tax_id=draw(digits(9)),
            address=draw(addresses),
            contacts=draw(some(contacts)),
        )

    return build()


def individuals(*, whole: bool) -> st.SearchStrategy[Individual]:
    fields: dict[str, Any] = {
        "last_name": words(60),
        "first_name": words(35),
        "middle_name": st.just("") | words(25),
        "suffix": st.just("") | st.just("III"),
    }
    if whole:
        fields |= {
            "address": addresses,
            "birth_date": days,
            "sex": st.sampled_from("MFU"),
        }
    return st.builds(Individual, **fields)


services = st.builds(
    Service,
    qualifier=st.just("HC"),
    code=st.builds(lambda a, b: a + b, st.sampled_from("AEGJ"), digits(4)),
    modifiers=some(codes(2, 2), 4),
)
dental_services = st.builds(
    Service,
    qualifier=st.just("AD"),
    code=digits(4).map("D{}".format),
    modifiers=some(codes(2, 2), 4),
)


@st.composite
def adjustments(draw: Any) -> tuple[ClaimAdjustment, ...]:
    groups = draw(st.lists(st.sampled_from(["CO", "PR", "OA", "PI"]), unique=True, max_size=3))
    one = st.tuples(codes(3), st.decimals(-999, 9999, places=2), st.none() | counts)
    return tuple(
        ClaimAdjustment(group=group, reason=reason, amount=amount, quantity=quantity)
        for group in groups
        for reason, amount, quantity in draw(st.lists(one, min_size=1, max_size=6))
    )


@st.composite
def coverages(draw: Any, kind: ClaimKind) -> tuple[Coverage, ...]:
    sequences = draw(st.lists(st.sampled_from("PSTAB"), unique=True, min_size=1, max_size=3))
    sequences.sort(key="PSTAB".index)
    billed = draw(st.sampled_from(sequences))
    return tuple(draw(_coverage(kind, sequence, sequence == billed)) for sequence in sequences)


@st.composite
def _coverage(draw: Any, kind: ClaimKind, sequence: str, billed: bool) -> Coverage:
    own = draw(st.booleans())
    fields: dict[str, Any] = {
        "sequence": sequence,
        "billed": billed,
        "payer_name": draw(words(60)),
        "payer_id": draw(codes(20, 2)),
        "payer_address": draw(st.none() | addresses),
        "filing": draw(st.sampled_from(FILING)),
        "member_id": draw(codes(20, 2)),
        "group_number": draw(st.just("") | codes(20)),
        "relationship": "18" if own else draw(st.sampled_from(DEPENDENT)),
        "subscriber": None if own else draw(individuals(whole=False)),
        "prior_authorization": draw(st.just("") | codes(20)),
        "referral": draw(st.just("") | codes(20)),
        "claim_control_number": draw(st.just("") | codes(20)),
        "references": draw(references(["2U", "FY"], 1)),
    }
    if not fields["group_number"]:
        fields["group_name"] = draw(st.just("") | words(60))
    if not billed:
        fields |= {
            "benefits_assigned": draw(st.sampled_from("YNW")),
            "release_of_information": draw(st.sampled_from("YI")),
            "paid": draw(maybe_amount),
            "noncovered": draw(maybe_amount),
            "remaining_liability": draw(maybe_amount),
            "paid_on": draw(st.none() | days),
            "adjustments": draw(adjustments()),
            "providers": some_of(draw, OTHER_ROLES[kind], 2, other=True),
        }
    return Coverage(**fields)


attachments = {
    kind: st.builds(
        Attachment,
        report_type=st.sampled_from(allowed),
        transmission=st.sampled_from(["BM", "EL", "FX"]),
        control_number=codes(40, 2),
    )
    for kind, allowed in REPORTS.items()
}
contracts = st.none() | st.builds(
    Contract,
    type=st.sampled_from(["02", "04", "09"]),
    amount=maybe_amount,
    percent=st.none() | st.decimals(0, 100, places=2),
    code=st.just("") | codes(20),
    version=st.just("") | codes(10),
)
ambulances = st.none() | st.builds(
    Ambulance,
    reason=st.sampled_from("ABCDE"),
    miles=st.decimals(0, 999, places=1),
    weight=st.none() | st.decimals(1, 500, places=0),
    round_trip=st.just("") | words(80),
    stretcher=st.just("") | words(80),
)
certifications = st.builds(
    Certification,
    category=st.just("07"),
    applies=st.sampled_from("YN"),
    conditions=st.lists(
        st.sampled_from(["01", "04", "05"]), min_size=1, max_size=3, unique=True
    ).map(tuple),
)
repricings = st.none() | st.builds(
    Repricing,
    method=st.sampled_from(["00", "01", "02"]),
    allowed=amounts,
    savings=maybe_amount,
    organization_id=st.just("") | codes(20),
)
spans = st.tuples(days, days).map(sorted)


def dates(allowed: list[str]) -> st.SearchStrategy[Any]:
    if not allowed:
        return st.just(())
    one = st.builds(ClaimDate, code=st.sampled_from(allowed), start=days)
    return some(one, 3, unique_by=lambda d: d.code)


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
