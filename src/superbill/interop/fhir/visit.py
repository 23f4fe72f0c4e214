"""A visit and what was decided of it as a FHIR Bundle: the claim, each payer's answer by line.

An office visit is a professional claim, an outpatient day at a facility an institutional one. Out
only: what a payer's rules need of a visit (a deductible met so far) has no place in FHIR.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.interop.fhir.benefit import Benefits
from superbill.interop.fhir.claim import claim_and_bundle
from superbill.interop.fhir.text import Json
from superbill.model import (
    Claim,
    ClaimDiagnosis,
    ClaimKind,
    ClaimLine,
    Coverage,
    Drug,
    Individual,
    Person,
    Practitioner,
    Provider,
    Reference,
    SelfPay,
    Service,
    Visit,
    VisitDecision,
    VisitLine,
)

# Claim filing indicator (element 1032) by kind of payer, where the payer does not give its own.
_FILING = {"medicare_part_b": "MB", "medigap": "CI", "medicaid": "MC", "plan": "CI"}


def visit_bundle(visit: Visit, decision: VisitDecision | None = None, *, created: date) -> Json:
    """The visit, and what was decided of it, as a Bundle of type ``collection``.

    ``created`` is the day that claim and answers bear, which FHIR wants of both.
    """
    claim, into = claim_and_bundle(_claim(visit), created=created)
    if decision is not None:
        Benefits(into, claim, created).add(decision.payers)
    return into.json()


def _claim(visit: Visit) -> Claim:
    """The claim that a visit goes on."""
    outpatient = visit.form == "outpatient"
    kind: ClaimKind = "837I" if outpatient else "837P"
    biller = visit.biller
    days = [d for line in visit.lines for d in (visit.day(line), line.service_end) if d]
    people = (("rendering", visit.rendering), ("referring", visit.referring))
    insured = [payer for payer in visit.payers if not isinstance(payer, SelfPay)]
    record = visit.medical_record_number
    return Claim(
        kind=kind,
        id=visit.id,
        charge=visit.total_charges,
        place_of_service="" if outpatient else visit.place_of_service,
        type_of_bill=visit.type_of_bill if outpatient else "",
        frequency=visit.type_of_bill[3:] if outpatient else "1",
        accepts_assignment="A" if visit.accepts_assignment else "C",
        statement_from=min(days, default=visit.service_date),
        statement_to=max(days, default=visit.service_date),
        patient=_individual(visit.patient),
        billing=Provider(
            role="billing",
            name=biller.name,
            npi=biller.npi,
            tax_id=biller.tax_id,
            taxonomy=biller.taxonomy,
            address=biller.address,
        ),
        providers=tuple(_provider(role, who) for role, who in people if who is not None),
        coverages=tuple(
            Coverage(
                sequence="PSTABCDEFGH"[n],
                billed=n == 0,
                payer_name=payer.name,
                payer_id=payer.payer_id,
                payer_address=payer.address,
                filing=payer.claim_filing or _FILING[str(payer.__struct_config__.tag)],
                member_id=payer.member_id,
                group_number=payer.group_number,
                relationship=payer.relationship,
                subscriber=None if payer.subscriber is None else _individual(payer.subscriber),
                prior_authorization=payer.prior_authorization,
                claim_control_number=payer.claim_control_number,
            )
            for n, payer in enumerate(insured)
        ),
        diagnoses=tuple(
            ClaimDiagnosis(code=code, kind="principal" if n == 0 else "other")
            for n, code in enumerate(visit.diagnoses)
        ),
        references=(Reference(qualifier="EA", value=record),) if record else (),
        lines=tuple(_line(visit, line, n) for n, line in enumerate(visit.lines, 1)),
    )


def _line(visit: Visit, line: VisitLine, n: int) -> ClaimLine:
    drug = Drug(ndc=line.ndc, quantity=line.ndc_quantity, unit=line.ndc_unit)
    return ClaimLine(
        number=n,
        charge=line.charge,
        service=Service(code=line.code, modifiers=line.modifiers) if line.code else None,
        revenue_code=line.revenue_code,
        # Anaesthesia is counted in minutes (MJ).
        unit="UN" if line.minutes is None else "MJ",
        units=line.units if line.minutes is None else Decimal(line.minutes),
        service_from=visit.day(line),
        service_to=line.service_end,
        place_of_service=line.place_of_service,
        diagnosis_pointers=line.diagnoses,
        drug=drug if line.ndc else None,
    )


def _individual(who: Person) -> Individual:
    return Individual(
        last_name=who.last_name,
        first_name=who.first_name,
        middle_name=who.middle_name,
        birth_date=who.birth_date,
        sex=who.sex,
        address=who.address,
    )


def _provider(role: str, who: Practitioner) -> Provider:
    return Provider(
        role="rendering" if role == "rendering" else "referring",
        person=True,
        name=who.last_name,
        first_name=who.first_name,
        npi=who.npi,
        taxonomy=who.taxonomy,
    )
