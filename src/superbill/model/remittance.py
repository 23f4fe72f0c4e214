"""What a payer says it paid, and why not more: one payment with its claims, as on an 835.

The fields are those of the X12 835 (005010X221A1), which HIPAA names (45 CFR 162.1602), under the
field's own words; qualifiers that the guide leaves open are kept as codes. What the model has no
field for stands in ``extra`` beside what it belongs to, so that a remittance that was read can be
written again without loss.

Amounts are dollars, and may be negative: a reversal takes an earlier payment back. Read from X12,
they are what was sent, whether or not they add up: whether they do, the ``balance`` of each tells,
and :mod:`superbill.interop.x12.check` in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from superbill.model.base import Value
from superbill.model.claim_parties import Reference
from superbill.model.claim_parts import ClaimAdjustment, ClaimDate, Extra, Figure, Service
from superbill.model.limits import MOST_CODES, MOST_LINES, Code, Identifier, Name, Text
from superbill.model.people import Address
from superbill.money import ZERO

_MANY = Meta(max_length=9999)

NameRole = Literal[
    "patient", "insured", "corrected", "rendering", "crossover", "priority_payer", "other_insured"
]


class PayerContact(Value, frozen=True, kw_only=True):
    """Whom to ask at the payer. ``function`` is CX claims, BL technical, IC the payer's site.

    ``numbers`` are TE telephone, EX extension, FX fax, EM e-mail, UR address on the web.
    """

    function: Code
    name: Text = ""
    numbers: Annotated[tuple[Reference, ...], MOST_CODES] = ()


class RemittanceParty(Value, frozen=True, kw_only=True):
    """The payer or the payee: name, identifier with its qualifier (XX NPI, FI tax number), address.

    ``delivery`` (how else the remittance comes) stands in ``extra``.
    """

    name: Text
    id: Text = ""
    id_qualifier: Code = ""
    address: Address | None = None
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    contacts: Annotated[tuple[PayerContact, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class BankAccount(Value, frozen=True, kw_only=True):
    """An account that money is sent from or to: the bank, and the account there."""

    bank_qualifier: Code = ""
    bank: Text = ""
    kind: Code = ""
    number: Text = ""


class RemittanceName(Value, frozen=True, kw_only=True):
    """Who is named with a claim, in one ``role``.

    ``name`` is the family name of a ``person``. ``id`` goes by its ``id_qualifier`` (MI member
    number, XX NPI, C corrected number …). ``corrected`` is what the payer holds in place of what
    was sent; ``crossover`` is the payer that the claim was passed on to.
    """

    role: NameRole
    person: bool = True
    name: Text = ""
    first_name: Name = ""
    middle_name: Name = ""
    suffix: Name = ""
    id: Text = ""
    id_qualifier: Code = ""
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class InpatientOutcome(Value, frozen=True, kw_only=True):
    """How an inpatient claim was settled (MIA): days, DRG amounts, remark codes. Dollars."""

    covered_days: Decimal = Decimal(0)
    operating_outlier: Decimal | None = None
    lifetime_psychiatric_days: Decimal | None = None
    drg_amount: Decimal | None = None
    disproportionate_share: Decimal | None = None
    secondary_pass_through: Decimal | None = None
    capital: Decimal | None = None
    capital_federal: Decimal | None = None
    capital_hospital: Decimal | None = None
    capital_disproportionate_share: Decimal | None = None
    old_capital: Decimal | None = None
    capital_medical_education: Decimal | None = None
    operating_hospital: Decimal | None = None
    cost_report_days: Decimal | None = None
    operating_federal: Decimal | None = None
    capital_outlier: Decimal | None = None
    medical_education: Decimal | None = None
    professional_component: Decimal | None = None
    capital_exception: Decimal | None = None
    remarks: Annotated[tuple[Code, ...], MOST_CODES] = ()


class OutpatientOutcome(Value, frozen=True, kw_only=True):
    """How an outpatient or professional claim was settled (MOA). ``rate`` is a share, not dollars.

    ``remarks`` are remittance advice remark codes.
    """

    rate: Decimal | None = None
    hcpcs_payable: Decimal | None = None
    esrd: Decimal | None = None
    professional_component: Decimal | None = None
    remarks: Annotated[tuple[Code, ...], MOST_CODES] = ()


class RemittanceLine(Value, frozen=True, kw_only=True):
    """One service as the payer settled it: ``charge`` = ``paid`` + its adjustments.

    ``submitted`` is the service as it was billed, where the payer paid for another.
    ``units_billed`` is given where it is not ``units_paid``. ``remarks`` are remark codes (HE) and
    rejections of a pharmacy claim (RX).
    """

    charge: Decimal
    paid: Decimal
    service: Service | None = None
    revenue_code: Code = ""
    units_paid: Decimal | None = None
    submitted: Service | None = None
    units_billed: Decimal | None = None
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    adjustments: Annotated[tuple[ClaimAdjustment, ...], MOST_LINES] = ()
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    amounts: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    quantities: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    remarks: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    extra: Annotated[tuple[Extra, ...], _MANY] = ()

    @property
    def adjusted(self) -> Decimal:
        """The sum of the adjustments, in dollars."""
        return sum([each.amount for each in self.adjustments], ZERO)

    @property
    def balance(self) -> Decimal:
        """Charge less adjustments less payment: zero where the line adds up."""
        return self.charge - self.adjusted - self.paid

    @property
    def control_number(self) -> str:
        """The provider's number of the line (REF 6R); empty where the payer does not tell it."""
        return next((r.value for r in self.references if r.qualifier == "6R"), "")

    @property
    def allowed(self) -> Decimal | None:
        """What the payer allowed (AMT B6), where it says so."""
        return next((a.value for a in self.amounts if a.code == "B6"), None)


class RemittanceClaim(Value, frozen=True, kw_only=True):
    """One claim as the payer settled it: ``charge`` = ``paid`` + all adjustments, lines' included.

    ``id`` is the provider's number of it (CLM01), ``control_number`` the payer's. ``status`` is 1
    processed as primary, 2 secondary, 3 tertiary, 4 denied, 19 to 21 the same passed on to another
    payer, 22 reversal of an earlier payment, 23 not this payer's claim, 25 predetermination.
    ``filing`` is the claim filing indicator. ``group`` is the place, from 0, of its group in
    :attr:`Remittance.groups`. ``patient_responsibility`` is what the payer says that the patient
    owes; what its adjustments say is :attr:`patient`.
    """

    id: Text
    status: Code
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal | None = None
    filing: Code = ""
    control_number: Text = ""
    facility_type: Code = ""
    frequency: Code = ""
    drg: Identifier = ""
    drg_weight: Decimal | None = None
    discharge_fraction: Decimal | None = None
    group: int = 0
    adjustments: Annotated[tuple[ClaimAdjustment, ...], MOST_LINES] = ()
    names: Annotated[tuple[RemittanceName, ...], MOST_CODES] = ()
    inpatient: InpatientOutcome | None = None
    outpatient: OutpatientOutcome | None = None
    references: Annotated[tuple[Reference, ...], MOST_CODES] = ()
    dates: Annotated[tuple[ClaimDate, ...], MOST_CODES] = ()
    contacts: Annotated[tuple[PayerContact, ...], MOST_CODES] = ()
    amounts: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    quantities: Annotated[tuple[Figure, ...], MOST_CODES] = ()
    lines: Annotated[tuple[RemittanceLine, ...], MOST_LINES] = ()
    extra: Annotated[tuple[Extra, ...], _MANY] = ()

    @property
    def all_adjustments(self) -> Iterator[ClaimAdjustment]:
        """The adjustments of the claim as a whole, then those of its lines."""
        yield from self.adjustments
        for line in self.lines:
            yield from line.adjustments

    @property
    def adjusted(self) -> Decimal:
        """The sum of all adjustments, in dollars."""
        return sum([each.amount for each in self.all_adjustments], ZERO)

    @property
    def balance(self) -> Decimal:
        """Charge less adjustments less payment: zero where the claim adds up."""
        return self.charge - self.adjusted - self.paid

    @property
    def patient(self) -> Decimal:
        """What the adjustments leave to the patient (group PR), in dollars."""
        return sum([each.amount for each in self.all_adjustments if each.group == "PR"], ZERO)

    @property
    def reversal(self) -> bool:
        """Whether it takes an earlier payment back."""
        return self.status == "22"

    @property
    def denied(self) -> bool:
        """Whether the payer says so, or paid nothing and left nothing to patient or other payer."""
        if self.status == "4":
            return True
        if self.reversal or self.paid or self.charge <= 0:
            return False
        return not any(each.group in {"PR", "OA"} for each in self.all_adjustments)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remark codes of the claim as a whole."""
        told = self.inpatient.remarks if self.inpatient is not None else ()
        return told + (self.outpatient.remarks if self.outpatient is not None else ())

    def name(self, role: NameRole) -> RemittanceName | None:
        """Who is named in a role; ``None`` where nobody is."""
        return next((who for who in self.names if who.role == role), None)

    def day(self, code: str) -> date | None:
        """A day by its qualifier: 232 and 233 first and last of the bill, 050 received …"""
        return next((when.start for when in self.dates if when.code == code), None)


class ClaimGroup(Value, frozen=True, kw_only=True):
    """A group of claims within a payment, and the payer's sums of it where it gives them (TS3)."""

    number: Text = "1"
    provider: Text = ""
    facility_type: Code = ""
    fiscal_period_end: date | None = None
    claims: Decimal | None = None
    charge: Decimal | None = None
    extra: Annotated[tuple[Extra, ...], MOST_CODES] = ()


class ProviderAdjustment(Value, frozen=True, kw_only=True):
    """An adjustment of the payment as a whole, beside its claims (PLB).

    A positive ``amount`` lowers the payment, a negative one raises it. ``reason`` is FB balance
    forwarded, WO recovery of an overpayment, L6 interest owed (negative: paid), 72 refund …;
    ``reference`` is what the payer ties it to.
    """

    provider: Text
    fiscal_period_end: date | None
    reason: Code
    amount: Decimal
    reference: Text = ""


class Remittance(Value, frozen=True, kw_only=True):
    """One payment, or notice that there is none, and the claims that it settles.

    ``amount`` = the claims' payments less provider adjustments. ``method`` is ACH, CHK check, FWT
    wire, BOP the bank's choice, NON nothing paid. ``number`` is that of the check or transfer, by
    which money and remittance are tied (TRN02). ``handling`` says what comes with the money: I
    information only, C payment too, H notice only. ``debit`` is set where the money is taken, not
    given. ``produced`` is the day on which the payer closed its books for it.
    """

    payer: RemittanceParty
    payee: RemittanceParty
    number: Text
    amount: Decimal
    paid_on: date | None
    method: Code = "CHK"
    handling: Code = "I"
    debit: bool = False
    format: Code = ""
    payer_account: BankAccount | None = None
    payee_account: BankAccount | None = None
    originator: Text = ""
    originator_supplement: Text = ""
    payer_number: Text = ""
    payer_supplement: Text = ""
    currency: Code = ""
    receiver: Text = ""
    version: Text = ""
    produced: date | None = None
    groups: Annotated[tuple[ClaimGroup, ...], _MANY] = ()
    claims: tuple[RemittanceClaim, ...] = ()
    provider_adjustments: Annotated[tuple[ProviderAdjustment, ...], _MANY] = ()
    extra: Annotated[tuple[Extra, ...], _MANY] = ()

    @property
    def claims_paid(self) -> Decimal:
        """The sum of the claims' payments, in dollars."""
        return sum([claim.paid for claim in self.claims], ZERO)

    @property
    def provider_adjusted(self) -> Decimal:
        """The sum of the provider adjustments, in dollars: what lowers the payment."""
        return sum([each.amount for each in self.provider_adjustments], ZERO)

    @property
    def balance(self) -> Decimal:
        """Claims less provider adjustments less payment: zero where the remittance adds up."""
        return self.claims_paid - self.provider_adjusted - self.amount
