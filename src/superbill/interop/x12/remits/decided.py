"""Remittances made from decisions: what each payer would send for what it was found to owe.

A payer sends one remittance to each provider, so there is one for each pair of the two, with every
claim between them. Of a stay the adjustments are those of the claim as a whole; of a visit those of
its lines. Who pays alone gets none: a patient is no payer.

Source of the conventions: 005010X221A1, sections 1.10.2.1 (balancing), 1.10.2.8 (reversal and
correction) and 1.10.2.12 (balance forward), told in our words; CMS, Medicare Claims Processing
Manual, chapter 22, section 60 (remittance advice).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.identifiers import mbi, npi
from superbill.model import (
    Address,
    Biller,
    ClaimAdjustment,
    ClaimDate,
    ClaimGroup,
    Decision,
    Encounter,
    Facility,
    Figure,
    InpatientOutcome,
    LineDecision,
    Payer,
    PayerContact,
    PayerDecision,
    Payment,
    Reference,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceName,
    RemittanceParty,
    SelfPay,
    Service,
    Visit,
    VisitDecision,
    VisitLine,
    VisitPayer,
)
from superbill.money import ZERO

# Claim filing indicators (element 1032) that a remittance may bear, and those that a kind of payer
# settles; ZZ stands for a kind that is not known.
_FILING_CODES = "12 13 14 15 16 17 AM CH DS HM LM MA MB MC OF TV VA WC ZZ"
_FILING = frozenset(_FILING_CODES.split())
_OF_KIND = {"medicare_part_a": "MA", "medicare_part_b": "MB", "medicaid": "MC"}
_NOT_KNOWN = "ZZ"

NO_ADDRESS = "ADDRESS NOT GIVEN"
"""What is told of a payer's address, which an 835 must hold, where nobody gave it."""

# What the pricer's figures are on a remittance. Only those whose names leave no doubt.
_MIA = {
    "operating_outlier": "PPS-OPER-OUTLIER-PART",
    "disproportionate_share": "PPS-OPER-DSH-ADJ",
    "capital": "PPS-CAPI-TOTAL-PAY",
    "capital_federal": "PPS-CAPI-FSP",
    "capital_disproportionate_share": "PPS-CAPI-DSH-ADJ",
    "capital_medical_education": "PPS-CAPI-IME-ADJ",
    "capital_outlier": "PPS-CAPI-OUTLIER",
    "operating_hospital": "PPS-OPER-HSP-PART",
    "operating_federal": "PPS-OPER-FSP-PART",
    "medical_education": "PPS-OPER-IME-ADJ",
}


type Key = tuple[str, str, str]
"""Who pays whom: kind and name of the payer, and the identifiers of both."""


class Settled(NamedTuple):
    """What was billed, and what was decided of it."""

    record: Encounter | Visit
    decision: Decision | VisitDecision


def answered(item: Settled, paid_on: date) -> Iterator[tuple[Key, Remittance, RemittanceClaim]]:
    """What each payer answers to one item: who pays whom, the remittance without claims, the claim.

    Raises :class:`~superbill.errors.Invalid` where record and decision do not belong together.
    """
    record, decision = item
    stated = decision.encounter_id if isinstance(decision, Decision) else decision.visit_id
    if stated != record.id:
        raise Invalid.at(
            "decision",
            f"is of {stated[:40]!r}, and the record is {record.id[:40]!r}.",
            "Give the decision of this record.",
        )
    given: list[Payer | VisitPayer] = [p for p in record.payers if not isinstance(p, SelfPay)]
    provider = record.facility if isinstance(record, Encounter) else record.biller
    payee = _payee(provider, "facility" if isinstance(record, Encounter) else "biller")
    for answer in decision.payers:
        if answer.kind == "self_pay":
            continue
        payer = next((p for p in given if p.name == answer.payer and _kind(p) == answer.kind), None)
        if payer is None:
            raise Invalid.at(
                "decision.payers",
                f"{answer.payer[:40]!r} ({answer.kind}) is not a payer of the record.",
                "Give the decision of this record.",
            )
        given.remove(payer)
        head = Remittance(
            payer=_payer(payer, payee),
            payee=payee,
            number="",
            amount=ZERO,
            paid_on=paid_on,
            payer_number=_number(payer),
            produced=paid_on,
            groups=(ClaimGroup(),),
        )
        claim = _claim(record, decision, answer, payer)
        yield (answer.kind, payer.name, f"{payer.payer_id} {payee.id}"), head, claim


def _kind(payer: Payer | VisitPayer) -> str:
    return str(payer.__struct_config__.tag)


def _number(payer: Payer | VisitPayer) -> str:
    """The payer's number in TRN03: 9 says that it is of our own making, for want of a tax number.

    The nine characters after it are the payer's identifier where it fits, else made of its name.
    """
    given = payer.payer_id.strip()
    if 0 < len(given) <= 9 and given.isascii() and given.isalnum():
        return f"9{given.upper():0>9}"
    return f"9{zlib.crc32(payer.name.encode()) % 10**9:09}"


def _payer(payer: Payer | VisitPayer, payee: RemittanceParty) -> RemittanceParty:
    number = payer.payer_id.strip()
    address, at = payer.address, payee.address
    if address is None and at is None:
        address = Address(street=NO_ADDRESS, city="NOT GIVEN", state="", zip="")
    elif address is None and at is not None:
        # What is sent to a payer of whom nothing is known goes by way of who is paid.
        address = replace(at, street=f"{NO_ADDRESS} - IN CARE OF THE PAYEE", street2=at.street)
    return RemittanceParty(
        name=payer.name,
        address=address,
        references=(Reference(qualifier="2U", value=number),) if number else (),
        contacts=(PayerContact(function="BL", name=payer.name),),
    )


def _payee(provider: Facility | Biller, path: str) -> RemittanceParty:
    tax = provider.tax_id.replace("-", "").replace(" ", "")
    qualifier, number = "XX", provider.npi
    if number.strip():
        number = npi.validate(number, f"{path}.npi")
    elif tax:
        qualifier, number = "FI", tax
    else:
        raise Invalid.at(
            f"{path}.npi",
            "is missing, and so is the tax number; a remittance names whom it pays by one of them.",
            "Give the NPI.",
        )
    return RemittanceParty(
        name=provider.name,
        id_qualifier=qualifier,
        id=number,
        address=provider.address,
        references=(Reference(qualifier="TJ", value=tax),) if tax and qualifier == "XX" else (),
    )


def _claim(
    record: Encounter | Visit,
    decision: Decision | VisitDecision,
    answer: PayerDecision,
    payer: Payer | VisitPayer,
) -> RemittanceClaim:
    if len(record.id) > 38:
        raise Invalid.at(
            "id", f"has {len(record.id)} characters; 38 fit a remittance.", "Shorten it."
        )
    filing = payer.claim_filing.strip().upper()
    lines = _lines(record, answer) if isinstance(record, Visit) else ()
    claim = RemittanceClaim(
        id=record.id,
        status=str(min(answer.position, 3)),
        charge=answer.billed,
        paid=answer.paid,
        patient_responsibility=answer.patient or None,
        filing=filing if filing in _FILING else _OF_KIND.get(answer.kind, _NOT_KNOWN),
        adjustments=_of_the_claim(answer, lines),
        names=tuple(_names(record, payer)),
        references=tuple(_references(record, payer)),
        amounts=(Figure(code="AU", value=answer.allowed),) if answer.allowed else (),
        quantities=tuple(_days(answer)),
        lines=lines,
    )
    if isinstance(record, Visit):
        professional = record.form != "outpatient"
        bill = record.type_of_bill.zfill(4)
        return replace(
            claim,
            facility_type=record.place_of_service if professional else bill[1:3],
            frequency="1" if professional else bill[3:4],
        )
    assert isinstance(decision, Decision)
    return _stay(claim, record, decision, answer)


def _stay(
    claim: RemittanceClaim, record: Encounter, decision: Decision, answer: PayerDecision
) -> RemittanceClaim:
    bill = record.type_of_bill.zfill(4)
    first = record.statement_from or record.admission_date
    group = decision.grouping
    payment = answer.payment or decision.payment
    weight = _figure(payment, "PPS-DRG-WT") if group is not None else None
    medicare = answer.kind == "medicare_part_a"
    return replace(
        claim,
        facility_type=bill[1:3],
        frequency=bill[3:4],
        drg=group.drg if group is not None else "",
        drg_weight=weight,
        inpatient=_inpatient(answer, payment) if medicare else None,
        dates=(
            ClaimDate(code="232", start=first),
            ClaimDate(code="233", start=record.discharge_date),
        ),
    )


def _inpatient(answer: PayerDecision, payment: Payment | None) -> InpatientOutcome:
    figures = {name: _figure(payment, key) for name, key in _MIA.items()}
    told: dict[str, Any] = {name: value for name, value in figures.items() if value}
    return InpatientOutcome(covered_days=Decimal(answer.covered_days or 0), **told)


def _figure(payment: Payment | None, key: str) -> Decimal | None:
    if payment is None or not payment.payable or key not in payment.figures:
        return None
    return Decimal(payment.figures[key])


def _names(record: Encounter | Visit, payer: Payer | VisitPayer) -> Iterator[RemittanceName]:
    number = payer.member_id.strip()
    if _kind(payer) in {"medicare_part_a", "medicare_part_b"}:
        number = mbi.compact(number)
    patient = record.patient
    who = RemittanceName(
        role="patient",
        name=patient.last_name,
        first_name=patient.first_name,
        middle_name=patient.middle_name,
    )
    insured = payer.subscriber if payer.relationship != "18" else None
    if insured is None:
        yield replace(who, id_qualifier="MI", id=number) if number else who
        return
    yield who
    if number:
        yield RemittanceName(
            role="insured",
            name=insured.last_name,
            first_name=insured.first_name,
            middle_name=insured.middle_name,
            id_qualifier="MI",
            id=number,
        )


def _references(record: Encounter | Visit, payer: Payer | VisitPayer) -> Iterator[Reference]:
    for qualifier, value in (
        ("1L", payer.group_number),
        ("EA", record.medical_record_number),
        ("F8", payer.claim_control_number),
        ("G1", payer.prior_authorization),
    ):
        if value.strip():
            yield Reference(qualifier=qualifier, value=value)


def _days(answer: PayerDecision) -> Iterator[Figure]:
    covered, days = answer.covered_days, answer.days
    if covered:
        yield Figure(code="CA", value=Decimal(covered))
    if days is not None:
        for code, count in (("CD", days.coinsurance), ("LA", days.lifetime_reserve)):
            if count:
                yield Figure(code=code, value=Decimal(count))


def _lines(record: Visit, answer: PayerDecision) -> tuple[RemittanceLine, ...]:
    made = []
    for each in answer.lines:
        if not 1 <= each.line <= len(record.lines):
            raise Invalid.at(
                "decision.payers",
                f"answer line {each.line}, and the visit has {len(record.lines)}.",
                "Give the decision of this visit.",
            )
        made.append(_line(record, record.lines[each.line - 1], each))
    return tuple(made)


def _line(record: Visit, line: VisitLine, answer: LineDecision) -> RemittanceLine:
    first, last = record.day(line), line.service_end
    if last is None or last == first:
        dates: tuple[ClaimDate, ...] = (ClaimDate(code="472", start=first),)
    else:
        dates = (ClaimDate(code="150", start=first), ClaimDate(code="151", start=last))
    revenue = line.revenue_code.strip()
    code = line.code.strip()
    service = (
        Service(qualifier="HC", code=code, modifiers=line.modifiers)
        if code
        else Service(qualifier="NU", code=revenue)
    )
    return RemittanceLine(
        charge=answer.billed,
        paid=answer.paid,
        service=service,
        revenue_code=revenue if code else "",
        units_paid=line.units,
        dates=dates,
        adjustments=tuple(
            ClaimAdjustment(group=each.group, reason=each.reason, amount=each.amount)
            for each in answer.adjustments
        ),
        references=(Reference(qualifier="6R", value=str(answer.line)),),
        amounts=(Figure(code="B6", value=answer.allowed),) if answer.allowed else (),
    )


def _of_the_claim(
    answer: PayerDecision, lines: tuple[RemittanceLine, ...]
) -> tuple[ClaimAdjustment, ...]:
    """The payer's adjustments less those of its lines."""
    left: dict[tuple[str, str], Decimal] = {}
    for each in answer.adjustments:
        of_all = (str(each.group), each.reason)
        left[of_all] = left.get(of_all, ZERO) + each.amount
    for line in lines:
        for taken in line.adjustments:
            of_line = (taken.group, taken.reason)
            left[of_line] = left.get(of_line, ZERO) - taken.amount
    return tuple(
        ClaimAdjustment(group=group, reason=reason, amount=amount)
        for (group, reason), amount in left.items()
        if amount
    )
