"""The coded record of services by line: an office visit, or an outpatient day at a facility."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from superbill.model.base import Value
from superbill.model.encounter import Practitioner
from superbill.model.limits import MOST_CODES, MOST_LINES, Code, Days, Identifier, Name
from superbill.model.payers import Medicaid, MedicarePartB, Medigap, Plan, SelfPay
from superbill.model.people import Address, Person
from superbill.money import ZERO

VisitPayer = MedicarePartB | Medigap | Medicaid | Plan | SelfPay


class Biller(Value, frozen=True, kw_only=True):
    """Who bills for a visit: a practice, a physician, a laboratory, a supplier or a facility.

    ``participating`` says whether it takes Medicare's allowed amount as full payment for all its
    services (42 U.S.C. 1395u(h)); ``ccn`` is a facility's CMS certification number, ``cbsa`` the
    core-based statistical area of its wage index (two digits of the state for a rural area).
    """

    name: Name
    npi: Identifier
    tax_id: Identifier = ""
    taxonomy: Identifier = ""
    ccn: Code = ""
    address: Address | None = None
    phone: Identifier = ""
    cbsa: Code = ""
    participating: bool = True


class VisitLine(Value, frozen=True, kw_only=True):
    """A service: its HCPCS or CPT code, what was charged in dollars, and the day.

    ``diagnoses`` are the places, from 1, of the visit's diagnoses that the service was for, in
    order of weight. ``minutes`` is anaesthesia time. ``place_of_service`` and ``service_date`` are
    the visit's where they are left out. A drug's ``ndc`` (11 digits) goes with ``ndc_quantity`` in
    ``ndc_unit`` as on :class:`~superbill.model.Line`.
    """

    code: Code
    charge: Decimal
    units: Decimal = Decimal(1)
    modifiers: tuple[Code, ...] = ()
    service_date: date | None = None
    service_end: date | None = None
    diagnoses: tuple[Days, ...] = ()
    place_of_service: Code = ""
    revenue_code: Code = ""
    minutes: Days | None = None
    ndc: Identifier = ""
    ndc_quantity: Decimal | None = None
    ndc_unit: Literal["", "F2", "GR", "ME", "ML", "UN"] = ""


class Visit(Value, frozen=True, kw_only=True):
    """Services to one patient that go on one professional or outpatient claim.

    ``form`` is the claim: ``professional`` (837P, CMS-1500), ``outpatient`` (837I, UB-04),
    ``surgery_center`` (837P of an ambulatory surgical centre). ``zip`` is where the service was
    given, which sets Medicare's locality; the biller's address counts where it is left out.
    ``apm`` says whether the physician is a qualifying participant in an advanced alternative
    payment model, which has its own conversion factor. ``service_date`` is the first day of
    service, which lines without a day take.
    """

    id: Identifier
    patient: Person
    biller: Biller
    service_date: date
    diagnoses: Annotated[tuple[Code, ...], MOST_CODES]
    lines: Annotated[tuple[VisitLine, ...], MOST_LINES]
    form: Literal["professional", "outpatient", "surgery_center"] = "professional"
    place_of_service: Code = "11"
    type_of_bill: Code = "0131"
    zip: Code = ""
    apm: bool = False
    accepts_assignment: bool = True
    rendering: Practitioner | None = None
    referring: Practitioner | None = None
    medical_record_number: Identifier = ""
    payers: Annotated[tuple[VisitPayer, ...], MOST_CODES] = ()

    @property
    def total_charges(self) -> Decimal:
        """The sum of the lines, in dollars."""
        return sum([line.charge for line in self.lines], ZERO)

    @property
    def service_zip(self) -> str:
        """The ZIP code of the place of service, empty where nothing tells it."""
        if self.zip or self.biller.address is None:
            return self.zip
        return self.biller.address.zip

    def day(self, line: VisitLine) -> date:
        """The first day of a line's service."""
        return line.service_date or self.service_date
