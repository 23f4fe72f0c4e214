"""The small values that a claim is made of: codes, dates, amounts, notes, what was decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from superbill.model.base import Value
from superbill.model.limits import MOST_CODES, Code, Identifier, Name, Text


class Sparse(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A value whose JSON leaves out what is as usual: a claim says little of what it may."""


class Extra(Sparse, frozen=True, kw_only=True):
    """A segment, or a ``part`` of one, that the model has no field for, as it was sent.

    ``elements`` begin with the segment's identifier; each is a list of its components. Of a
    ``part``, elements that the model holds are empty. ``loop`` is where it stands.
    """

    loop: Code
    elements: Annotated[tuple[tuple[str, ...], ...], MOST_CODES]
    part: bool = False


class Service(Sparse, frozen=True, kw_only=True):
    """A service or procedure by its code. ``qualifier`` names the code set.

    HC is HCPCS, AD dental, HP a HIPPS rate, N4 a drug, IV, ER and WK others that guides allow.
    """

    code: Code
    qualifier: Code = "HC"
    modifiers: Annotated[tuple[Code, ...], MOST_CODES] = ()
    description: Text = ""


class ClaimDiagnosis(Sparse, frozen=True, kw_only=True):
    """A diagnosis and what it is on the claim. ``icd`` is the revision, 10 or 9.

    ``poa`` is present on admission: Y, N, U, W.
    """

    code: Code
    kind: Literal["principal", "admitting", "reason", "external_cause", "other"] = "other"
    poa: Code = ""
    icd: Literal["10", "9"] = "10"


class ClaimProcedure(Sparse, frozen=True, kw_only=True):
    """A procedure of an institutional claim. ``icd`` is the revision, 10 or 9."""

    code: Code
    date: date
    kind: Literal["principal", "other"] = "other"
    icd: Literal["10", "9"] = "10"


class ClaimDate(Sparse, frozen=True, kw_only=True):
    """A day, or days from ``start`` to ``end``, with the qualifier that says what of (element 374).

    431 onset, 454 first treatment, 439 accident, 484 last menstrual period, 296 and 297 last and
    first day worked, 304 last seen …
    """

    code: Code
    start: date
    end: date | None = None


class Figure(Sparse, frozen=True, kw_only=True):
    """An amount or a count, with the code that says what of."""

    code: Code
    value: Decimal


class Measurement(Sparse, frozen=True, kw_only=True):
    """A test result of a line: OG original or TR test result, R1 haemoglobin, R2 haematocrit …"""

    reference: Code
    qualifier: Code
    value: Decimal


class Note(Sparse, frozen=True, kw_only=True):
    """Words for whoever reads the claim, with the code that says what about (element 363)."""

    code: Code
    text: Text


class Attachment(Sparse, frozen=True, kw_only=True):
    """A paper that goes with the claim: what it is, how it comes, and by which number."""

    report_type: Code
    transmission: Code
    control_number: Text = ""


class Certification(Sparse, frozen=True, kw_only=True):
    """Conditions that are certified: the category, whether they apply (Y, N), and their codes."""

    category: Code
    applies: Code
    conditions: Annotated[tuple[Code, ...], MOST_CODES] = ()


class Ambulance(Sparse, frozen=True, kw_only=True):
    """An ambulance transport: the patient's ``weight`` in pounds, why, and how many miles."""

    reason: Code
    miles: Decimal
    weight: Decimal | None = None
    round_trip: Text = ""
    stretcher: Text = ""


class Contract(Sparse, frozen=True, kw_only=True):
    """The terms that provider and payer agreed, where the claim must tell them."""

    type: Code
    amount: Decimal | None = None
    percent: Decimal | None = None
    code: Text = ""
    discount: Decimal | None = None
    version: Text = ""


class Repricing(Sparse, frozen=True, kw_only=True):
    """What a repricer made of a claim or a line, in dollars."""

    method: Code
    allowed: Decimal
    savings: Decimal | None = None
    organization_id: Text = ""
    rate: Decimal | None = None
    group_code: Text = ""
    group_amount: Decimal | None = None
    revenue_code: Text = ""
    service_qualifier: Code = ""
    service_code: Text = ""
    unit: Code = ""
    units: Decimal | None = None
    reject_reason: Code = ""
    compliance: Code = ""
    exception: Code = ""


class Tooth(Sparse, frozen=True, kw_only=True):
    """A tooth that was treated, by its universal number, and which of its surfaces."""

    number: Code
    surfaces: Annotated[tuple[Code, ...], MOST_CODES] = ()


class ToothStatus(Sparse, frozen=True, kw_only=True):
    """A tooth that is missing (M) or to be extracted (E)."""

    number: Code
    status: Code


class Drug(Sparse, frozen=True, kw_only=True):
    """The drug of a line: National Drug Code (or another, by ``qualifier``), and how much.

    ``unit`` is F2 international units, GR grams, ME milligrams, ML millilitres, UN units.
    ``prescription`` is its number, ``compound`` the number that links a compound's parts.
    """

    ndc: Identifier
    qualifier: Code = "N4"
    quantity: Decimal | None = None
    unit: Code = ""
    prescription: Text = ""
    compound: Text = ""
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class ClaimAdjustment(Sparse, frozen=True, kw_only=True):
    """Why a payer did not pay part of a claim or line: group, reason (CARC), dollars, units."""

    group: Code
    reason: Code
    amount: Decimal
    quantity: Decimal | None = None


class LineAdjudication(Sparse, frozen=True, kw_only=True):
    """What an earlier payer decided of one line, in dollars.

    ``bundled_into`` is the number of the line that this one was put together with.
    """

    payer_id: Text
    paid: Decimal
    service: Service | None = None
    revenue_code: Code = ""
    units: Decimal | None = None
    bundled_into: Name = ""
    paid_on: date | None = None
    remaining_liability: Decimal | None = None
    adjustments: Annotated[tuple[ClaimAdjustment, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()
