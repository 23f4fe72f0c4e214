"""Questions to payers and their answers: is a patient covered and for what, where is a claim.

The fields are those of the X12 270/271 (005010X279A1: eligibility) and 276/277 (005010X212: claim
status), which HIPAA names (45 CFR 162.1202 and 162.1402), and of the 277CA (005010X214: the
acknowledgement of claims), under the field's own words; qualifiers that a guide leaves open are
kept as codes. What the model has no field for stands in ``extra``. Amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from superbill.model.base import Value
from superbill.model.claim_parties import Reference
from superbill.model.claim_parts import ClaimDate, Extra, Figure, Service
from superbill.model.limits import MOST_CODES, MOST_LINES, Code, Name, Text
from superbill.model.people import Address
from superbill.model.remittance import PayerContact

ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")
_REMAINING = frozenset({"29", "33"})


class InquiryParty(Value, frozen=True, kw_only=True):
    """Who asks, who is asked, or who else has to do with a benefit; ``entity`` says in which part.

    PR payer, 1P provider, FA facility, 41 who sends for a provider, X3 utilization review, P5 plan
    sponsor … ``provider_code`` and ``taxonomy`` are the provider's part and specialty.
    """

    entity: Code
    person: bool = False
    name: Text = ""
    first_name: Name = ""
    middle_name: Name = ""
    suffix: Name = ""
    id_qualifier: Code = ""
    id: Text = ""
    address: Address | None = None
    provider_code: Code = ""
    taxonomy: Text = ""
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    contacts: Annotated[tuple[PayerContact, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class InquiryMember(Value, frozen=True, kw_only=True):
    """The subscriber, or the dependent who is the patient; ``relationship`` is to the subscriber.

    ``dates`` are 291 plan, 346 plan begins, 347 plan ends, 356 eligibility begins, 357 ends, 102
    issue of the card …
    """

    last_name: Text = ""
    first_name: Name = ""
    middle_name: Name = ""
    suffix: Name = ""
    organisation: bool = False
    id_qualifier: Code = ""
    id: Text = ""
    birth_date: date | None = None
    sex: Code = ""
    relationship: Code = ""
    address: Address | None = None
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class InquiryTrace(Value, frozen=True, kw_only=True):
    """The number of a question: ``kind`` 1 of who speaks, 2 of who is answered."""

    kind: Code = "1"
    number: Text = ""
    originator: Text = ""
    supplement: Text = ""


class EligibilityQuestion(Value, frozen=True, kw_only=True):
    """What is asked: kinds of service (30 the plan as a whole), or one procedure."""

    services: Annotated[tuple[Code, ...], MOST_CODES] = ()
    procedure: Service | None = None
    coverage_level: Code = ""
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class EligibilityInquiry(Value, frozen=True, kw_only=True):
    """A 270 of one person: whether and for what ``dependent``, else ``subscriber``, is covered."""

    payer: InquiryParty
    provider: InquiryParty
    subscriber: InquiryMember
    dependent: InquiryMember | None = None
    traces: Annotated[tuple[InquiryTrace, ...], MOST_CODES] = ()
    questions: Annotated[tuple[EligibilityQuestion, ...], MOST_CODES] = ()


class Rejection(Value, frozen=True, kw_only=True):
    """Why a question was not answered, and what to do (AAA).

    ``at`` is whom it is about: payer, provider, subscriber, dependent, or benefit. ``valid`` tells
    whether the question was in order, though it could not be answered.
    """

    reason: Code
    follow_up: Code = ""
    valid: bool = False
    at: Literal["payer", "provider", "subscriber", "dependent", "benefit"] = "subscriber"


class DeliveryPattern(Value, frozen=True, kw_only=True):
    """How often a service is covered (HSD): so many of a unit (VS visits, DY days) in a period."""

    quantity_qualifier: Code = ""
    quantity: Decimal | None = None
    sample_unit: Code = ""
    sample: Decimal | None = None
    period: Code = ""
    periods: Decimal | None = None
    calendar: Code = ""
    pattern: Code = ""


class Benefit(Value, frozen=True, kw_only=True):
    """One thing that a payer tells of coverage (EB).

    ``kind`` is 1 active, 6 inactive, A coinsurance, B copay, C deductible, F limitation, G out of
    pocket, I not covered, R another payer … ``percent`` is a share of one. ``period`` is 23 a
    calendar year, 29 what remains, 27 a visit … ``authorization`` and ``in_network`` are Y, N, U
    or (network) W for both.
    """

    kind: Code
    coverage_level: Code = ""
    services: Annotated[tuple[Code, ...], MOST_CODES] = ()
    insurance_type: Code = ""
    plan: Text = ""
    period: Code = ""
    amount: Decimal | None = None
    percent: Decimal | None = None
    quantity_qualifier: Code = ""
    quantity: Decimal | None = None
    authorization: Code = ""
    in_network: Code = ""
    procedure: Service | None = None
    patterns: Annotated[tuple[DeliveryPattern, ...], MOST_CODES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    rejections: Annotated[tuple[Rejection, ...], MOST_CODES] = ()
    messages: Annotated[tuple[Text, ...], MOST_CODES] = ()
    conditions: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    parties: Annotated[tuple[InquiryParty, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()

    @property
    def remaining(self) -> bool:
        """Whether the figure is what is left, not the whole."""
        return self.period in _REMAINING


class EligibilityAnswer(Value, frozen=True, kw_only=True):
    """A 271 of one person, or (without ``subscriber``) why nobody was looked up."""

    payer: InquiryParty
    provider: InquiryParty | None = None
    subscriber: InquiryMember | None = None
    dependent: InquiryMember | None = None
    traces: Annotated[tuple[InquiryTrace, ...], MOST_CODES] = ()
    rejections: Annotated[tuple[Rejection, ...], MOST_CODES] = ()
    benefits: Annotated[tuple[Benefit, ...], MOST_LINES] = ()

    @property
    def patient(self) -> InquiryMember | None:
        """The dependent where there is one, else the subscriber."""
        return self.dependent or self.subscriber

    @property
    def active(self) -> bool | None:
        """Whether there is coverage; ``None`` where the payer tells neither."""
        kinds = {benefit.kind for benefit in self.benefits}
        if kinds & ACTIVE:
            return True
        return False if kinds & INACTIVE else None

    def of(self, kind: str, *, service: str = "", in_network: bool | None = None) -> list[Benefit]:
        """Benefits of a kind, such as ``C`` (deductible), for a kind of service.

        A benefit that names no service is of all. ``in_network`` leaves out what is told of the
        other; what is not told of either stays.
        """
        other = {True: "N", False: "Y", None: ""}[in_network]
        return [
            benefit
            for benefit in self.benefits
            if benefit.kind == kind
            and (not service or not benefit.services or service in benefit.services)
            and (not other or benefit.in_network != other)
        ]

    @property
    def other_payers(self) -> tuple[InquiryParty, ...]:
        """Other payers that the answer names."""
        return tuple(party for benefit in self.of("R") for party in benefit.parties)

    @property
    def plan_dates(self) -> tuple[ClaimDate, ...]:
        """When plan and eligibility begin and end."""
        who = self.patient
        return tuple(when for when in (who.dates if who is not None else ()) if when.code in _PLAN)

    @property
    def all_rejections(self) -> Iterator[Rejection]:
        """Why the question, or a part of it, was not answered."""
        yield from self.rejections
        for benefit in self.benefits:
            yield from benefit.rejections


_PLAN = frozenset({"291", "307", "346", "347", "348", "349", "356", "357"})


class LineInquiry(Value, frozen=True, kw_only=True):
    """A service line that is asked about, or answered: ``charge``, and ``paid`` where answered."""

    service: Service | None = None
    charge: Decimal | None = None
    paid: Decimal | None = None
    revenue_code: Code = ""
    units: Decimal | None = None
    statuses: tuple[StatusInformation, ...] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class ClaimStatusInquiry(Value, frozen=True, kw_only=True):
    """A 276: where a claim is. ``charge`` is its total; ``trace`` the number of the question.

    ``references`` are 1K the payer's number of the claim, BLT type of bill, EJ patient account,
    D9 clearinghouse …; ``dates`` 472 of the service or bill.
    """

    payer: InquiryParty
    receiver: InquiryParty
    provider: InquiryParty
    subscriber: InquiryMember
    dependent: InquiryMember | None = None
    trace: Text
    charge: Decimal | None = None
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    lines: Annotated[tuple[LineInquiry, ...], MOST_LINES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class StatusCode(Value, frozen=True, kw_only=True):
    """Category (A2 accepted, F1 paid …), status, and whom it is about by entity code."""

    category: Code
    status: Code
    entity: Code = ""
    pharmacy: bool = False


class StatusInformation(Value, frozen=True, kw_only=True):
    """One status of a claim or line (STC). ``action`` is WQ accepted, U rejected (277CA)."""

    codes: tuple[StatusCode, ...]
    on: date | None = None
    action: Code = ""
    charge: Decimal | None = None
    paid: Decimal | None = None
    finalized_on: date | None = None
    payment_method: Code = ""
    paid_on: date | None = None
    payment_number: Text = ""
    message: Text = ""


class ClaimStatusAnswer(Value, frozen=True, kw_only=True):
    """A status that a 277 or 277CA tells: of a claim, or (``level``) of all that one party sent.

    ``trace`` is the number of what was asked, or sent: in a 277CA the claim's own (CLM01), or the
    transmission's (BHT03).
    """

    kind: Literal["277", "277CA"] = "277"
    level: Literal["payer", "receiver", "provider", "claim"] = "claim"
    payer: InquiryParty
    receiver: InquiryParty | None = None
    provider: InquiryParty | None = None
    subscriber: InquiryMember | None = None
    dependent: InquiryMember | None = None
    trace: Text = ""
    statuses: tuple[StatusInformation, ...] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    amounts: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    quantities: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    lines: Annotated[tuple[LineInquiry, ...], MOST_LINES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()

    @property
    def accepted(self) -> bool:
        """Of a 277CA: whether it was taken (every action is WQ)."""
        return bool(self.statuses) and all(each.action == "WQ" for each in self.statuses)

    @property
    def control_number(self) -> str:
        """The payer's number of the claim (REF 1K); empty where it is not told."""
        return first(self.references, "1K")


def first(references: Iterable[Reference], qualifier: str) -> str:
    """A number by its qualifier; empty where there is none."""
    return next((each.value for each in references if each.qualifier == qualifier), "")
