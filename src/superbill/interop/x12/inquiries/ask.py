"""Questions made from what an office knows: its own records of patient, payer and provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.identifiers import mbi, npi
from superbill.model import (
    Biller,
    ClaimDate,
    ClaimStatusInquiry,
    EligibilityInquiry,
    EligibilityQuestion,
    Facility,
    InquiryMember,
    InquiryParty,
    InquiryTrace,
    Payer,
    Person,
    Reference,
    VisitPayer,
)

_MEDICARE = {"medicare_part_a", "medicare_part_b"}
_CHILD_OR_SPOUSE = {"01", "19"}
_OTHER_DEPENDENT = "34"


def ask_eligibility(
    payer: Payer | VisitPayer,
    provider: Facility | Biller,
    patient: Person,
    *,
    on: date,
    services: Sequence[str] = ("30",),
    trace: str = "",
    originator: str = "",
) -> EligibilityInquiry:
    """Whether a patient is covered ``on`` a day for some kinds of service (30: the whole plan).

    ``trace`` is our number of the question, which the answer repeats; ``originator`` who numbers
    it: ten characters, 1 and a tax number, or 9 and a number of our own.

    Raises :class:`~superbill.errors.Invalid` for an identifier that is wrong.
    """
    subscriber, dependent = _members(payer, patient)
    if dependent is not None:
        # In an eligibility question, whoever is neither spouse nor child is 34.
        known = dependent.relationship in _CHILD_OR_SPOUSE
        relationship = dependent.relationship if known else _OTHER_DEPENDENT
        dependent = replace(dependent, relationship=relationship)
    return EligibilityInquiry(
        payer=_payer(payer),
        provider=_provider(provider),
        subscriber=subscriber,
        dependent=dependent,
        traces=(InquiryTrace(kind="1", number=trace, originator=originator),) if trace else (),
        questions=(
            EligibilityQuestion(services=tuple(services), dates=(ClaimDate(code="291", start=on),)),
        ),
    )


def ask_status(
    payer: Payer | VisitPayer,
    provider: Facility | Biller,
    patient: Person,
    *,
    claim: str,
    charge: Decimal,
    first_day: date,
    last_day: date,
    receiver: InquiryParty,
) -> ClaimStatusInquiry:
    """Where a claim is: ``claim`` is our number of it, ``receiver`` who sends the question.

    Raises :class:`~superbill.errors.Invalid` for an identifier that is wrong.
    """
    subscriber, dependent = _members(payer, patient)
    number = payer.claim_control_number.strip()
    return ClaimStatusInquiry(
        payer=_payer(payer),
        receiver=receiver,
        provider=_provider(provider),
        subscriber=replace(subscriber, relationship=""),
        dependent=None if dependent is None else replace(dependent, relationship=""),
        trace=claim,
        charge=charge,
        references=(
            *((Reference(qualifier="1K", value=number),) if number else ()),
            Reference(qualifier="EJ", value=claim),
        ),
        dates=(
            ClaimDate(code="472", start=first_day, end=last_day if last_day != first_day else None),
        ),
    )


def _payer(payer: Payer | VisitPayer) -> InquiryParty:
    return InquiryParty(entity="PR", name=payer.name, id_qualifier="PI", id=payer.payer_id)


def _provider(provider: Facility | Biller) -> InquiryParty:
    path = "facility.npi" if isinstance(provider, Facility) else "biller.npi"
    number = npi.validate(provider.npi, path)
    return InquiryParty(entity="1P", name=provider.name, id_qualifier="XX", id=number)


def _members(
    payer: Payer | VisitPayer, patient: Person
) -> tuple[InquiryMember, InquiryMember | None]:
    number = payer.member_id.strip()
    if str(payer.__struct_config__.tag) in _MEDICARE:
        number = mbi.validate(number, "payer.member_id")
    through = payer.subscriber if payer.relationship != "18" else None
    holder = _member(through or patient)
    subscriber = replace(holder, id_qualifier="MI" if number else "", id=number)
    if through is None:
        return subscriber, None
    return subscriber, replace(_member(patient), relationship=payer.relationship)


def _member(who: Person) -> InquiryMember:
    return InquiryMember(
        last_name=who.last_name,
        first_name=who.first_name,
        middle_name=who.middle_name,
        birth_date=who.birth_date,
        sex=who.sex if who.sex in {"M", "F"} else "",
    )
