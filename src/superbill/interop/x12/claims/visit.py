"""The claim of a visit: a :class:`~superbill.model.Visit` as it stands on an 837P.

Of a visit that a physician, a supplier or a surgical centre bills (005010X222A1). What a claim must
say and a visit does not is looked for when the claim is written. An outpatient day at a hospital is
not made a claim here: a visit does not tell the type of admission and the status at discharge,
which an 837I must.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.errors import Invalid
from superbill.identifiers import mbi
from superbill.interop.x12.claims.stay_parties import CLAIM_FILING, RESPONSIBILITY, kind_of
from superbill.model import (
    Claim,
    ClaimDiagnosis,
    ClaimLine,
    Contact,
    Coverage,
    Drug,
    Individual,
    Person,
    Practitioner,
    Provider,
    Reference,
    Role,
    SelfPay,
    Service,
    Visit,
    VisitLine,
    VisitPayer,
)

# Part B is told apart from Part A by its own filing indicator.
_FILING = CLAIM_FILING | {"medicare_part_b": "MB"}

_ANESTHESIA_MINUTES = "MJ"


def claim_of_visit(visit: Visit) -> Claim:
    """The claim of a visit to its first payer. The others are named, without what they decided.

    That benefits are assigned, that a release is held and that the provider's signature is on file
    are taken for granted, as the fields of a stay are by default.

    Raises :class:`~superbill.errors.Invalid` where no 837P can be made of it.
    """
    if visit.form == "outpatient":
        raise Invalid.at(
            "form",
            "an outpatient day at a hospital does not say all that an 837I must.",
            "Give its claim: 'superbill schema claim' tells the fields.",
        )
    payers = [(i, payer) for i, payer in enumerate(visit.payers) if not isinstance(payer, SelfPay)]
    if not payers:
        raise Invalid.at(
            "payers",
            "has nobody to send a claim to.",
            "Give a payer other than the patient; who pays alone has a bill, not a claim.",
        )
    who = visit.biller
    return Claim(
        kind="837P",
        id=visit.id,
        charge=visit.total_charges,
        place_of_service=visit.place_of_service,
        frequency="1",
        provider_signature="Y",
        accepts_assignment="A" if visit.accepts_assignment else "C",
        benefits_assigned="Y",
        release_of_information="Y",
        patient=_individual(visit.patient),
        billing=Provider(
            role="billing",
            name=who.name,
            npi=who.npi,
            tax_id=who.tax_id.replace("-", ""),
            taxonomy=who.taxonomy,
            address=who.address,
            contacts=(Contact(name=who.name, phone=who.phone),) if who.phone else (),
        ),
        coverages=tuple(
            _coverage(payer, f"payers[{i}]", place) for place, (i, payer) in enumerate(payers)
        ),
        providers=tuple(
            _practitioner(each, role)
            for each, role in ((visit.referring, _REFERRING), (visit.rendering, _RENDERING))
            if each is not None
        ),
        diagnoses=tuple(
            ClaimDiagnosis(code=code.replace(".", ""), kind="other" if i else "principal")
            for i, code in enumerate(visit.diagnoses)
        ),
        references=(
            (Reference(qualifier="EA", value=visit.medical_record_number),)
            if visit.medical_record_number
            else ()
        ),
        lines=tuple(_line(visit, line, i) for i, line in enumerate(visit.lines, 1)),
    )


_REFERRING: Role = "referring"
_RENDERING: Role = "rendering"


def _individual(who: Person) -> Individual:
    return Individual(
        last_name=who.last_name,
        first_name=who.first_name,
        middle_name=who.middle_name,
        birth_date=who.birth_date,
        sex=who.sex,
        address=who.address,
    )


def _practitioner(who: Practitioner, role: Role) -> Provider:
    # A referring physician's speciality has no place on an 837P.
    taxonomy = who.taxonomy if role == "rendering" else ""
    return Provider(
        role=role,
        person=True,
        name=who.last_name,
        first_name=who.first_name,
        npi=who.npi,
        taxonomy=taxonomy,
    )


def _coverage(payer: VisitPayer, path: str, place: int) -> Coverage:
    kind = kind_of(payer)
    member = payer.member_id
    if kind == "medicare_part_b":
        member = mbi.validate(member, f"{path}.member_id")
    subscriber = None
    if payer.relationship != "18":
        if payer.subscriber is None:
            raise Invalid.at(
                f"{path}.subscriber",
                "is missing, and the patient is not the subscriber.",
                "Give the person who holds the insurance.",
            )
        holder = payer.subscriber
        subscriber = Individual(
            last_name=holder.last_name,
            first_name=holder.first_name,
            middle_name=holder.middle_name,
            address=holder.address if place else None,
        )
    return Coverage(
        sequence=RESPONSIBILITY[place],
        billed=not place,
        payer_name=payer.name,
        payer_id=payer.payer_id,
        payer_address=payer.address,
        filing=payer.claim_filing or _FILING[kind],
        member_id=member,
        group_number=payer.group_number,
        relationship=payer.relationship,
        subscriber=subscriber,
        prior_authorization=payer.prior_authorization,
        benefits_assigned="Y" if place else "",
        release_of_information="Y" if place else "",
    )


def _line(visit: Visit, line: VisitLine, number: int) -> ClaimLine:
    drug = None
    if line.ndc:
        ndc = line.ndc.replace("-", "")
        drug = Drug(ndc=ndc, quantity=line.ndc_quantity, unit=line.ndc_unit)
    place = line.place_of_service
    return ClaimLine(
        number=number,
        charge=line.charge,
        service=Service(code=line.code, modifiers=line.modifiers),
        unit="UN" if line.minutes is None else _ANESTHESIA_MINUTES,
        units=line.units if line.minutes is None else Decimal(line.minutes),
        service_from=visit.day(line),
        service_to=line.service_end,
        place_of_service="" if place == visit.place_of_service else place,
        # A line that names none is for the first diagnosis of the visit.
        diagnosis_pointers=tuple(line.diagnoses[:4]) or ((1,) if visit.diagnoses else ()),
        drug=drug,
    )
