"""A remittance (835) as a FHIR Bundle: the payment, and an ExplanationOfBenefit of each claim.

The payment is a PaymentReconciliation. Amounts stand where the 835 has them: those of a line with
the line, those of the claim as a whole with the claim, each with group and reason code, so that

    submitted = paid to the provider + the amounts under ``adjustmentreason``, lines included

holds where the remittance adds up. What of an 835 FHIR has no element for is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from superbill.interop.fhir import parts
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.benefit import adjustment, amount, sums
from superbill.interop.fhir.claim_parts import service_system
from superbill.interop.fhir.parts import Bundle, day
from superbill.interop.fhir.text import Json
from superbill.model import (
    ClaimAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceParty,
)
from superbill.money import ZERO

REVERSAL = "22"
_ALLOWED = "B6"


def remittance_bundle(remittance: Remittance, *, created: date) -> Json:
    """The remittance as a Bundle of type ``collection``; ``created`` is the day that it bears."""
    into = Bundle("remittance", remittance.payer.id, remittance.number, str(remittance.paid_on))
    payer = into.add("Organization/payer", _party(remittance.payer, "payer"))
    payee = into.add("Organization/payee", _party(remittance.payee, "payee"))
    details = []
    for n, claim in enumerate(remittance.claims, 1):
        benefit = _claim(into, n, claim, remittance, created)
        details.append(
            {
                "type": s.concept(f"{s.HL7}/payment-type", "payment"),
                "request": {"identifier": {"value": claim.id}} if claim.id else None,
                "response": benefit,
                "date": day(remittance.paid_on),
                "amount": s.money(claim.paid),
            }
        )
    details += [
        {
            "type": {
                "coding": [
                    s.coding(f"{s.HL7}/payment-type", "adjustment"),
                    s.coding(f"{s.OURS}:provider-adjustment", each.reason),
                ]
            },
            "identifier": {"value": each.reference} if each.reference else None,
            # A provider adjustment lowers the payment; here it is what is added to it.
            "amount": s.money(-each.amount),
        }
        for each in remittance.provider_adjustments
    ]
    into.add(
        "PaymentReconciliation",
        {
            "status": "active",
            "created": day(created),
            "paymentIssuer": payer,
            "requestor": payee,
            "outcome": "complete",
            "paymentDate": day(remittance.paid_on or created),
            "paymentAmount": s.money(remittance.amount),
            "paymentIdentifier": {"value": remittance.number} if remittance.number else None,
            "detail": details,
        },
    )
    return into.json()


def _party(party: RemittanceParty, what: str) -> Json:
    npi = party.id_qualifier == "XX"
    system = s.NPI if npi else s.EIN if party.id_qualifier == "FI" else ""
    at = party.address
    return {
        "identifier": parts.identifier(party.id, system=system, kind="NPI" if npi else ""),
        "active": True,
        "type": [s.concept(f"{s.HL7}/organization-type", "pay" if what == "payer" else "prov")],
        "name": party.name,
        "address": []
        if at is None
        else parts.address(at.street, at.street2, at.city, at.state, at.zip),
    }


def _claim(
    into: Bundle, n: int, claim: RemittanceClaim, remittance: Remittance, created: date
) -> Json:
    patient = into.add(f"Patient/{n}", _patient(claim))
    coverage = into.add(f"Coverage/{n}", _coverage(into, n, claim))
    institutional = claim.inpatient is not None or any(x.revenue_code for x in claim.lines)
    first, last = claim.day("232"), claim.day("233")
    control = parts.identifier(claim.control_number, kind="uc", kinds=s.CARIN_IDENTIFIER)
    return into.add(
        f"ExplanationOfBenefit/{n}",
        {
            "identifier": control,
            "status": "cancelled" if claim.status == REVERSAL else "active",
            "type": s.concept(s.CLAIM_TYPE, "institutional" if institutional else "professional"),
            "use": "claim",
            "patient": patient,
            "billablePeriod": {"start": day(first), "end": day(last or first)},
            "created": day(remittance.paid_on or created),
            "insurer": into.reference("Organization/payer"),
            "provider": into.reference("Organization/payee"),
            "outcome": "complete",
            "claim": {"identifier": {"value": claim.id}} if claim.id else None,
            "supportingInfo": _information(claim),
            "insurance": [{"focal": True, "coverage": coverage}],
            "item": [_line(m, line) for m, line in enumerate(claim.lines, 1)],
            "adjudication": [
                {
                    "category": s.concept(s.CARIN_DISCRIMINATOR, "benefitpaymentstatus"),
                    "reason": s.concept(s.CARIN_PAYER_STATUS, "other"),
                },
                *_adjustments(claim.adjustments),
                *_remarks(claim.remarks),
            ],
            "total": _totals(claim),
            "payment": {
                "type": s.concept(f"{s.HL7}/ex-paymenttype", "complete"),
                "date": day(remittance.paid_on),
                "amount": s.money(claim.paid),
            },
        },
    )


def _patient(claim: RemittanceClaim) -> Json:
    who = claim.name("patient")
    if who is None:
        return {}
    member = parts.identifier(who.id, kind="MB" if who.id_qualifier == "MI" else "")
    named = parts.name(who.name, who.first_name, who.middle_name, who.suffix)
    return {"identifier": member, "name": named}


def _coverage(into: Bundle, n: int, claim: RemittanceClaim) -> Json:
    who = claim.name("insured") or claim.name("patient")
    member = "" if who is None else who.id
    patient = into.reference(f"Patient/{n}")
    return {
        "identifier": parts.identifier(member, kind="MB"),
        "status": "active",
        "type": s.concept(s.CLAIM_FILING, claim.filing) if claim.filing else None,
        "subscriberId": member,
        "beneficiary": patient,
        "payor": [into.reference("Organization/payer")],
    }


def _information(claim: RemittanceClaim) -> list[Json]:
    told: list[tuple[str, bool, Json]] = []
    if claim.id:
        told.append(("patientaccountnumber", False, {"valueString": claim.id}))
    if claim.drg:
        told.append(("drg", False, {"code": s.concept(s.MS_DRG, claim.drg)}))
    if claim.status:
        status = s.concept(f"{s.OURS}:claim-status", claim.status)
        told.append(("claim-status", True, {"code": status}))
    return [
        parts.information(n, kind, value, ours=ours)
        for n, (kind, ours, value) in enumerate(told, 1)
    ]


def _line(n: int, line: RemittanceLine) -> Json:
    service = line.service
    concept = s.concept(s.ABSENT, "not-applicable")
    modifiers: tuple[str, ...] = ()
    if service is not None and service.code:
        concept = s.concept(service_system(service.code, service.qualifier), service.code)
        modifiers = service.modifiers
    days = [each for each in line.dates if each.code in {"472", "150", "151"}]
    start = next((each.start for each in days if each.code != "151"), None)
    end = next((each.end or each.start for each in days if each.code == "151"), None)
    period = {"start": day(start), "end": day(end)}
    allowed = line.allowed
    return {
        "sequence": n,
        "revenue": s.concept(s.REVENUE, line.revenue_code) if line.revenue_code else None,
        "productOrService": concept,
        "modifier": [s.concept(s.modifier_system(m), m) for m in modifiers if m],
        "servicedDate": day(start) if end is None else None,
        "servicedPeriod": None if end is None else period,
        "quantity": None if line.units_paid is None else {"value": s.number(line.units_paid)},
        "net": s.money(line.charge),
        "adjudication": [
            amount("submitted", line.charge),
            *([] if allowed is None else [amount("eligible", allowed)]),
            amount("paidtoprovider", line.paid),
            *_adjustments(line.adjustments),
            *_remarks(r.value for r in line.remarks if r.qualifier == "HE"),
        ],
    }


def _adjustments(found: Iterable[ClaimAdjustment]) -> list[Json]:
    return [adjustment(each.group, each.reason, each.amount) for each in found]


def _remarks(codes: Iterable[str]) -> list[Json]:
    return [
        {
            "category": s.concept(s.CARIN_DISCRIMINATOR, "adjustmentreason"),
            "reason": s.concept(s.RARC, code),
        }
        for code in codes
        if code
    ]


def _totals(claim: RemittanceClaim) -> list[Json]:
    by = sums((a.group, a.reason, a.amount) for a in claim.all_adjustments)
    allowed = [line.allowed for line in claim.lines]
    eligible = [each for each in allowed if each is not None]
    told = [amount("eligible", sum(eligible, ZERO))] if eligible else []
    return [
        amount("submitted", claim.charge),
        *told,
        *(amount(name, value) for name, value in sorted(by.items())),
        amount("benefit", claim.paid),
        amount("paidtoprovider", claim.paid),
        amount("memberliability", claim.patient),
    ]
