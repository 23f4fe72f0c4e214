"""Who is named on a claim: patient and insured, providers, and payers with what they decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from superbill.model.claim_parts import ClaimAdjustment, Extra, Sparse
from superbill.model.limits import MOST_CODES, Code, Identifier, Name, Text
from superbill.model.people import Address

Role = Literal[
    "",
    "billing",
    "pay_to_plan",
    "attending",
    "operating",
    "other_operating",
    "rendering",
    "referring",
    "primary_care",
    "supervising",
    "ordering",
    "purchased",
    "assistant_surgeon",
    "facility",
    "pick_up",
    "drop_off",
]


class Reference(Sparse, frozen=True, kw_only=True):
    """A number that somebody issued, with the qualifier that says what it is (element 128).

    ``payer_id`` names the payer that the number is meant for, where a line says so.
    """

    qualifier: Code
    value: Text
    payer_id: Identifier = ""


class Contact(Sparse, frozen=True, kw_only=True):
    """Whom to call, and how."""

    name: Text = ""
    phone: Text = ""
    extension: Text = ""
    fax: Text = ""
    email: Text = ""


class Provider(Sparse, frozen=True, kw_only=True):
    """A person or an organisation that had a part in the care, in one ``role``.

    ``name`` is the family name of a ``person``. ``npi`` is the National Provider Identifier;
    another primary identifier stands in ``id`` with its ``id_qualifier``. ``tax_id`` is an
    employer's number, ``ssn`` a Social Security number used for tax. A pick-up or drop-off place of
    an ambulance is a provider with an address.
    """

    role: Role = ""
    person: bool = False
    name: Text = ""
    first_name: Name = ""
    middle_name: Name = ""
    suffix: Name = ""
    npi: Identifier = ""
    id: Text = ""
    id_qualifier: Code = ""
    taxonomy: Identifier = ""
    tax_id: Identifier = ""
    ssn: Identifier = ""
    address: Address | None = None
    contacts: Annotated[tuple[Contact, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class Individual(Sparse, frozen=True, kw_only=True):
    """A patient, or whoever holds an insurance; an ``organisation`` may, after an accident at work.

    ``weight`` is in pounds. ``sex`` is M, F or U.
    """

    last_name: Text = ""
    first_name: Name = ""
    middle_name: Name = ""
    suffix: Name = ""
    organisation: bool = False
    birth_date: date | None = None
    sex: Code = ""
    address: Address | None = None
    death_date: date | None = None
    weight: Decimal | None = None
    pregnant: bool = False
    contacts: Annotated[tuple[Contact, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class Coverage(Sparse, frozen=True, kw_only=True):
    """One payer of a claim: how the patient is insured there, and what it decided, if it has.

    ``sequence`` is P for the payer that pays first, S second, T third, A to H after them, U where
    it is not known. The claim goes to the coverage that is ``billed``. ``filing`` is the claim
    filing indicator (MB Medicare Part B, MC Medicaid, CI commercial …). ``relationship`` is how the
    patient is related to the ``subscriber``, who is given where it is not the patient alone (18).

    What an earlier payer decided: what it ``paid``, its ``adjustments``, ``paid_on``, and what it
    leaves to the patient, in dollars; line by line see :class:`LineAdjudication`.
    """

    sequence: Code = "P"
    billed: bool = False
    payer_name: Text = ""
    payer_id: Text = ""
    payer_id_qualifier: Code = "PI"
    payer_address: Address | None = None
    filing: Code = ""
    member_id: Text = ""
    group_number: Text = ""
    group_name: Text = ""
    insurance_type: Code = ""
    coordination: Code = ""
    relationship: Code = "18"
    subscriber: Individual | None = None
    prior_authorization: Text = ""
    referral: Text = ""
    claim_control_number: Text = ""
    benefits_assigned: Code = ""
    patient_signature: Code = ""
    release_of_information: Code = ""
    paid: Decimal | None = None
    noncovered: Decimal | None = None
    remaining_liability: Decimal | None = None
    paid_on: date | None = None
    covered_days: Decimal | None = None
    adjustments: Annotated[tuple[ClaimAdjustment, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    providers: Annotated[tuple[Provider, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()
