"""The claim of a visit: a :class:`~superbill.model.Visit` as it stands on an 837P.

What implementation 005010X222A1 (45 CFR 162.1102) requires of a professional claim is required
here: a visit that lacks it is refused with every gap named by its place in the visit, and nothing
is made up. What earlier payers did comes from the decision, line by line; nothing is looked up, so
no date selects anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from superbill.errors import Invalid
from superbill.identifiers import mbi, npi, taxonomy
from superbill.interop.x12.claims import stay_parties
from superbill.interop.x12.claims.drug import drug
from superbill.interop.x12.segments import Builder, Syntax
from superbill.model import (
    Claim,
    ClaimAdjustment,
    ClaimDiagnosis,
    ClaimLine,
    Coverage,
    LineAdjudication,
    LineDecision,
    PayerDecision,
    Provider,
    Reference,
    SelfPay,
    Service,
    Visit,
    VisitDecision,
    VisitLine,
    VisitPayer,
)

MOST_LINES = 50
MOST_DIAGNOSES = 12
_PLAIN = Syntax()
_PLACE = re.compile(r"[0-9]{2}")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_FILING = {"medicare_part_b": "MB", "medigap": "CI", "medicaid": "MC", "plan": "CI"}


def claim_of_visit(
    visit: Visit,
    decision: VisitDecision | None = None,
    *,
    position: int = 1,
    check_dates: Mapping[int, date] = {},
    syntax: Syntax = _PLAIN,
) -> Claim:
    """The professional claim of a visit to the payer at ``position``, 1 for the first.

    A later payer needs the ``decision``, which tells what the earlier ones did with each line, and
    in ``check_dates`` the day on which each of them answered, by position.

    Raises :class:`~superbill.errors.Invalid` with everything that is missing or cannot be sent.
    """
    b = Builder(syntax)
    if visit.form == "outpatient":
        raise Invalid.at(
            "form",
            "an outpatient claim of a facility goes on an 837I, which is not written of a visit.",
            "Send professional services and those of surgical centres.",
        )
    payers = [payer for payer in visit.payers if not isinstance(payer, SelfPay)]
    if not 1 <= position <= len(payers):
        problem = f"{position} is not the place of a payer." if payers else "names no payer."
        raise Invalid.at("payers", problem, f"Give 1 to {len(payers)}." if payers else "Name one.")
    before = _earlier(b, decision, position, check_dates)
    name = b.text(visit.id, "id", 38, required="Give the patient control number.")
    billing = _biller(b, visit)
    patient = stay_parties.patient(b, visit)  # type: ignore[arg-type]  # it reads the person alone
    coverages = tuple(
        _coverage(b, visit, payer, place, position, before) for place, payer in enumerate(payers, 1)
    )
    lines = _lines(b, visit, payers, before)
    diagnoses = _diagnoses(b, visit)
    providers = _providers(b, visit)
    place = b.coded(_PLACE, visit.place_of_service, "place_of_service", "Give two digits.")
    record = b.text(visit.medical_record_number, "medical_record_number", 50)
    if b.problems:
        raise Invalid(b.problems)
    return Claim(
        kind="837P",
        id=name,
        charge=visit.total_charges,
        place_of_service=place,
        frequency="1",
        provider_signature="Y",
        accepts_assignment="A" if visit.accepts_assignment else "C",
        benefits_assigned="Y",
        release_of_information="Y",
        patient=patient,
        billing=billing,
        coverages=coverages,
        providers=providers,
        diagnoses=diagnoses,
        references=(Reference(qualifier="EA", value=record),) if record else (),
        lines=lines,
    )


type _Earlier = Mapping[int, tuple[PayerDecision, date]]


def _earlier(
    b: Builder, decision: VisitDecision | None, position: int, check_dates: Mapping[int, date]
) -> _Earlier:
    """The answers of the payers before, each with its day."""
    found: dict[int, tuple[PayerDecision, date]] = {}
    for place in range(1, position):
        answer = None
        if decision is not None:
            answer = next((each for each in decision.payers if each.position == place), None)
        if answer is None:
            b.problem(
                f"payers[{place - 1}]",
                "has not answered, and a later payer is told what it did.",
                "Adjudicate the visit, and pass the decision.",
            )
        elif place not in check_dates:
            b.problem(
                f"payers[{place - 1}]",
                "answered on a day that is not known.",
                "Give the day of its remittance.",
            )
        else:
            found[place] = (answer, check_dates[place])
    return found


def _biller(b: Builder, visit: Visit) -> Provider:
    at = visit.biller
    speciality = ""
    if at.taxonomy.strip():
        speciality = b.checked(taxonomy.validate, at.taxonomy, "biller.taxonomy")
    where = None
    if at.address is None:
        b.problem("biller.address", "is missing.", "Give the biller's street address.")
    else:
        where = stay_parties.address(b, at.address, "biller.address", nine_digits=True)
    tax = at.tax_id.replace("-", "").replace(" ", "")
    if not (len(tax) == 9 and tax.isascii() and tax.isdigit()):
        b.problem(
            "biller.tax_id",
            "is not an employer identification number." if tax else "is missing.",
            "Give the biller's nine digits.",
        )
    return Provider(
        role="billing",
        name=b.text(at.name, "biller.name", 60, required="Give the name."),
        npi=b.checked(npi.validate, at.npi, "biller.npi"),
        taxonomy=speciality,
        tax_id=tax,
        address=where,
    )


def _coverage(
    b: Builder,
    visit: Visit,
    payer: VisitPayer,
    place: int,
    billed: int,
    before: _Earlier,
) -> Coverage:
    path = f"payers[{place - 1}]"
    kind = str(payer.__struct_config__.tag)
    number = payer.member_id
    if kind == "medicare_part_b" and number.strip():
        member = b.checked(mbi.validate, number, f"{path}.member_id")
    else:
        give = "Give the number on the member's card."
        member = b.text(number, f"{path}.member_id", 80, shortest=2, required=give)
    who = visit.patient
    if payer.relationship != "18":
        if payer.subscriber is None:
            b.problem(
                f"{path}.subscriber",
                "is missing, and the patient is not the subscriber.",
                "Give the person who holds the insurance.",
            )
        else:
            who = payer.subscriber
    subscriber = stay_parties.named(b, who, f"{path}.subscriber")
    where = None
    if payer.address is not None:
        where = stay_parties.address(b, payer.address, f"{path}.address")
    answer = before.get(place)
    return Coverage(
        sequence=stay_parties.RESPONSIBILITY[min(place, len(stay_parties.RESPONSIBILITY)) - 1],
        billed=place == billed,
        payer_name=b.text(payer.name, f"{path}.name", 60, required="Name the payer."),
        payer_id=b.text(
            payer.payer_id,
            f"{path}.payer_id",
            80,
            shortest=2,
            required="Give the identifier that the payer or clearinghouse goes by on claims.",
        ),
        payer_address=where,
        filing=payer.claim_filing.strip().upper() or _FILING[kind],
        # Why Medicare pays second (element 1336): 12, an employer's plan of a working person.
        insurance_type="12" if kind == "medicare_part_b" and place > 1 else "",
        member_id=member,
        group_number=b.text(payer.group_number, f"{path}.group_number", 50),
        relationship=payer.relationship,
        subscriber=None if payer.relationship == "18" else subscriber,
        prior_authorization=b.text(payer.prior_authorization, f"{path}.prior_authorization", 50),
        claim_control_number=b.text(payer.claim_control_number, f"{path}.claim_control_number", 50),
        benefits_assigned="Y" if place != billed else "",
        release_of_information="Y" if place != billed else "",
        paid=None if answer is None else answer[0].paid,
        paid_on=None if answer is None else answer[1],
    )


def _lines(
    b: Builder, visit: Visit, payers: Sequence[VisitPayer], before: _Earlier
) -> tuple[ClaimLine, ...]:
    if not 1 <= len(visit.lines) <= MOST_LINES:
        b.problem(
            "lines",
            f"has {len(visit.lines)}; a professional claim holds 1 to {MOST_LINES}.",
            "Split the claim.",
        )
    return tuple(_line(b, visit, line, i, payers, before) for i, line in enumerate(visit.lines))


def _line(
    b: Builder,
    visit: Visit,
    line: VisitLine,
    i: int,
    payers: Sequence[VisitPayer],
    before: _Earlier,
) -> ClaimLine:
    path = f"lines[{i}]"
    b.amount(line.charge, f"{path}.charge")
    b.quantity(line.units, f"{path}.units")
    service = Service(
        code=b.coded(_HCPCS, line.code, f"{path}.code", "Give five characters."),
        modifiers=tuple(
            b.coded(_MODIFIER, each, f"{path}.modifiers[{k}]", "Give two characters.")
            for k, each in enumerate(line.modifiers)
        ),
    )
    if len(line.modifiers) > 4:
        b.problem(f"{path}.modifiers", f"has {len(line.modifiers)}; four fit.", "Leave four.")
    pointers = line.diagnoses or tuple(range(1, min(len(visit.diagnoses), 4) + 1))
    if len(pointers) > 4:
        b.problem(f"{path}.diagnoses", f"has {len(pointers)}; four fit.", "Leave four.")
    place = line.place_of_service
    timed = line.minutes is not None
    return ClaimLine(
        number=i + 1,
        charge=line.charge,
        service=service,
        unit="MJ" if timed else "UN",
        units=Decimal(line.minutes or 0) if timed else line.units,
        service_from=visit.day(line),
        service_to=line.service_end,
        place_of_service=place if place != visit.place_of_service else "",
        diagnosis_pointers=pointers,
        drug=drug(b, line, path),
        adjudications=tuple(
            _adjudication(payers[at - 1], answer.lines[i], service, line, day)
            for at, (answer, day) in before.items()
        ),
    )


def _adjudication(
    payer: VisitPayer, answer: LineDecision, service: Service, line: VisitLine, day: date
) -> LineAdjudication:
    """What an earlier payer did with the line."""
    return LineAdjudication(
        payer_id=payer.payer_id,
        paid=answer.paid,
        service=service,
        units=line.units,
        paid_on=day,
        adjustments=tuple(
            ClaimAdjustment(group=each.group, reason=each.reason, amount=each.amount)
            for each in answer.adjustments
        ),
    )


def _diagnoses(b: Builder, visit: Visit) -> tuple[ClaimDiagnosis, ...]:
    if not 1 <= len(visit.diagnoses) <= MOST_DIAGNOSES:
        b.problem(
            "diagnoses",
            f"has {len(visit.diagnoses)}; a professional claim holds 1 to {MOST_DIAGNOSES}.",
            "Leave out those that no line is for.",
        )
    return tuple(
        ClaimDiagnosis(code=code, kind="other" if place else "principal")
        for place, code in enumerate(visit.diagnoses)
    )


def _providers(b: Builder, visit: Visit) -> tuple[Provider, ...]:
    found = []
    if visit.referring is not None:
        found.append(stay_parties.practitioner(b, visit.referring, "referring", "referring"))
    if visit.rendering is not None:
        found.append(stay_parties.practitioner(b, visit.rendering, "rendering", "rendering"))
    return tuple(found)
