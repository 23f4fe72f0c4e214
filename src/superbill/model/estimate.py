"""An order and its estimate: services that have not happened, and what they may cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec.structs import replace

from superbill.model.base import Value
from superbill.model.finding import EditReport
from superbill.model.limits import MOST_CODES, MOST_LINES, Code, Name, Text
from superbill.model.payers import SelfPay
from superbill.model.people import Person
from superbill.model.visit import Biller, Visit, VisitLine
from superbill.money import ZERO


class OrderLine(VisitLine, frozen=True, kw_only=True):
    """A service that is expected: a line of a visit, and what it is in the patient's words."""

    description: Text


class CoProvider(Value, frozen=True, kw_only=True):
    """Another provider or facility that will bill for the same care, with its services.

    ``form`` and ``place_of_service`` are the order's where they are left out, ``zip`` that of its
    address. ``discount`` is its own, a share of charges; the order's self-pay discount where it is
    left out.
    """

    biller: Biller
    lines: Annotated[tuple[OrderLine, ...], MOST_LINES]
    form: Literal["", "professional", "outpatient", "surgery_center"] = ""
    place_of_service: Code = ""
    zip: Code = ""
    discount: Decimal | None = None


class SeparateItem(Value, frozen=True, kw_only=True):
    """Care before or after that is to be scheduled on its own, and is not in the estimate."""

    description: Text
    when: Literal["before", "after"]
    provider: Name = ""


class Order(Visit, frozen=True, kw_only=True):
    """A visit that has not happened: what will be done, where, by whom, and who is asked to pay.

    ``service_date`` is the day for which care is scheduled; with ``scheduled`` false, the day whose
    rates and charges are taken. ``estimated_on`` is the date of the estimate, ``scheduled_on`` the
    day on which the appointment was made, ``requested_on`` that on which the patient asked.
    """

    lines: Annotated[tuple[OrderLine, ...], MOST_LINES]
    estimated_on: date
    primary_service: Text
    scheduled: bool = True
    scheduled_on: date | None = None
    requested_on: date | None = None
    co_providers: Annotated[tuple[CoProvider, ...], MOST_CODES] = ()
    separately: Annotated[tuple[SeparateItem, ...], MOST_CODES] = ()

    def parts(self) -> tuple[Order, ...]:
        """The services of each provider as an order of their own, the order's biller first."""
        own = replace(self, co_providers=())
        return (
            own,
            *(
                replace(
                    own,
                    biller=each.biller,
                    lines=each.lines,
                    form=each.form or self.form,
                    place_of_service=each.place_of_service or self.place_of_service,
                    zip=each.zip,
                    rendering=None,
                    payers=tuple(
                        replace(payer, discount=each.discount)
                        if isinstance(payer, SelfPay) and each.discount is not None
                        else payer
                        for payer in self.payers
                    ),
                )
                for each in self.co_providers
            ),
        )


class EstimateDiagnosis(Value, frozen=True, kw_only=True):
    """A diagnosis that the care is for; ``text`` is empty where no release held knows it."""

    code: Code
    text: str


class PayerEstimate(Value, frozen=True, kw_only=True):
    """What one payer is expected to allow and pay, in dollars."""

    payer: str
    allowed: Decimal
    paid: Decimal


class EstimateLine(Value, frozen=True, kw_only=True):
    """One service of an estimate, in dollars.

    ``charge`` is the full charge; ``expected`` what the patient without coverage is expected to be
    charged, after the discount. For the insured, ``patient`` = ``deductible`` + ``coinsurance`` +
    ``copay`` + ``other`` is what is left after the last payer. ``None`` is an amount that is not
    known, never zero, and ``not_priced`` says why.
    """

    line: int
    code: Code
    description: str
    units: Decimal
    service_date: date
    diagnoses: tuple[str, ...]
    charge: Decimal
    modifiers: tuple[str, ...] = ()
    expected: Decimal | None = None
    allowed: Decimal | None = None
    payers: tuple[PayerEstimate, ...] = ()
    patient: Decimal | None = None
    deductible: Decimal = ZERO
    coinsurance: Decimal = ZERO
    copay: Decimal = ZERO
    other: Decimal = ZERO
    not_priced: str = ""


class ProviderEstimate(Value, frozen=True, kw_only=True):
    """The services of one provider or facility.

    ``allowed``, ``paid`` and ``patient`` are sums of the lines that are priced, ``None`` where none
    is; the first two are of the insured.
    """

    biller: Biller
    lines: tuple[EstimateLine, ...]
    charges: Decimal
    allowed: Decimal | None
    paid: Decimal | None
    patient: Decimal | None
    convening: bool = True


class Statement(Value, frozen=True, kw_only=True):
    """What an estimate tells the patient, and the rule that wants it told (empty if none does)."""

    text: str
    rule: str = ""


class Due(Value, frozen=True, kw_only=True):
    """By when the estimate must be given: so many ``business_days`` after the day ``since``."""

    on: date
    since: date
    business_days: int
    because: str
    rule: str


class Estimate(Value, frozen=True, kw_only=True):
    """What care is expected to cost, before it is given.

    ``kind`` is ``good_faith`` for a patient without coverage or who does not use it, else
    ``insured``. ``person`` is the patient. ``allowed``, ``paid`` and ``patient`` are sums of the
    lines that are priced, in dollars: the whole where ``complete``, else only part, and ``None``
    where no line is. ``at_least``: what is not priced can only add to the patient's sum. ``due``
    is empty where no time limit follows from the dates given.
    """

    order_id: str
    kind: Literal["good_faith", "insured"]
    estimated_on: date
    service_date: date
    scheduled: bool
    person: Person
    primary_service: str
    diagnoses: tuple[EstimateDiagnosis, ...]
    providers: tuple[ProviderEstimate, ...]
    charges: Decimal
    allowed: Decimal | None
    paid: Decimal | None
    patient: Decimal | None
    complete: bool
    at_least: bool
    separately: tuple[SeparateItem, ...]
    separately_says: Statement | None
    assumptions: tuple[str, ...]
    not_checked: tuple[str, ...]
    statements: tuple[Statement, ...]
    due: tuple[Due, ...]
    edits: EditReport
    payers: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()
    lock: str = ""

    @property
    def late(self) -> bool:
        """Whether the estimate is dated after the day by which it had to be given."""
        return any(each.on < self.estimated_on for each in self.due)
