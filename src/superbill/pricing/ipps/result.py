"""A payment as the pricer gives it back: components, output fields, and what the code means.

Each claim fills the output record that CMS's pricer would, field by field, so that it can be
held against a contractor's remittance.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import msgspec

from superbill.model.hospital import Hospital
from superbill.model.payment import Component, Payment
from superbill.model.trace import Step
from superbill.money import half_up
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.codes import MEANINGS, Refused
from superbill.pricing.ipps.factors import Factors
from superbill.pricing.ipps.fields import LARGE, NOTHING, NUMBERS, fitted, written
from superbill.pricing.ipps.hospital_specific import Addition
from superbill.pricing.ipps.new_technology import AddOn
from superbill.pricing.ipps.outlier import Outlier
from superbill.pricing.ipps.tables import Tables
from superbill.pricing.ipps.totals import Capital, Operating
from superbill.pricing.ipps.transfers import Stay
from superbill.sources.ipps_drg_weights import DrgWeight

SYSTEM = "ipps"
ZERO = Decimal("0.00")

EDITED = frozenset(
    {
        "PPS-CALC-VERS",
        "PPS-HAC-PROG-REDUC-IND",
        "PPS-EHR-PROG-REDUC-IND",
        "PPS-MODEL1-BUNDLE-DISPRCNT",
    }
)
"""What of the hospital a claim still shows that failed an edit."""

ASSEMBLED = EDITED | {
    "PPS-HSP-PCT",
    "PPS-FSP-PCT",
    "PPS-NAT-PCT",
    "PPS-FAC-SPEC-RATE",
    "PPS-NAT-LABOR",
    "PPS-NAT-NLABOR",
    "PPS-REG-LABOR",
    "PPS-REG-NLABOR",
    "PPS-OPER-COLA",
    "PPS-INTERN-RATIO",
    "PPS-UNCOMP-CARE-AMOUNT",
}
"""... that was not in the table of groups."""

PRICED = EDITED | {"PPS-WAGE-INDX", "PPS-UNCOMP-CARE-AMOUNT"}
"""... that was refused while it was priced."""

WAIVED = (
    "PPS-OPER-HSP-PART",
    "PPS-OPER-FSP-PART",
    "PPS-OPER-OUTLIER-PART",
    "PPS-REG-DAYS-USED",
    "PPS-LTR-DAYS-USED",
    "PPS-TOTAL-PAYMENT",
    "PPS-OPER-DSH-ADJ",
    "PPS-OPER-IME-ADJ",
)
"""What is emptied for a hospital in a waiver state."""


class Amounts(NamedTuple):
    """Every part of a payment in dollars and cents, and their sum."""

    operating: Operating
    capital: Capital
    uncompensated: Decimal
    technology: Decimal
    islet: Decimal
    low_volume: Decimal
    readmissions: Decimal
    purchasing: Decimal
    conditions: Decimal
    pass_through: Decimal
    total: Decimal

    def named(self) -> tuple[tuple[str, Decimal], ...]:
        """The parts by name, in the order in which they are paid."""
        operating, capital = self.operating, self.capital
        return (
            ("operating federal amount", operating.federal),
            ("hospital-specific addition", operating.hospital_specific),
            ("operating disproportionate share", operating.disproportionate_share),
            ("operating indirect medical education", operating.teaching),
            ("operating outlier", operating.outlier),
            ("uncompensated care", self.uncompensated),
            ("new technology", self.technology),
            ("islet isolation", self.islet),
            ("capital federal amount", capital.federal),
            ("capital disproportionate share", capital.disproportionate_share),
            ("capital indirect medical education", capital.teaching),
            ("capital outlier", capital.outlier),
            ("low volume", self.low_volume),
            ("readmissions reduction", self.readmissions),
            ("value-based purchasing", self.purchasing),
            ("hospital-acquired condition reduction", self.conditions),
            ("pass-through amounts", self.pass_through),
        )


class Worked(NamedTuple):
    """A claim with all that was found on the way to its payment; ``code`` is its return code.

    ``full_federal`` and ``full_capital`` are the group's amounts, ``federal`` and ``capital``
    what of them is paid (``fraction`` of them for a transfer); all to nine decimals. ``watched``
    is the outlier at a higher cost-to-charge ratio, where it was looked for.
    """

    code: str
    bill: Bill
    hospital: Hospital
    tables: Tables
    factors: Factors
    drg: DrgWeight
    stay: Stay
    fraction: Decimal | None
    full_federal: Decimal
    full_capital: Decimal
    federal: Decimal
    capital: Decimal
    covid: Decimal
    no_cost: Decimal
    add_on: AddOn
    covid_add_on: Decimal
    base: Decimal
    outlier: Outlier
    watched: Outlier | None
    threshold: Decimal
    specific: Addition
    amounts: Amounts
    savings: Decimal
    standardized: Decimal
    not_checked: tuple[str, ...]


def refused(
    refusal: Refused,
    tables: Tables,
    found: Factors | None = None,
    shown: frozenset[str] = frozenset(),
    *,
    drg: DrgWeight | None = None,
    threshold: Decimal = ZERO,
    standardized: Decimal = ZERO,
    specific: Decimal = ZERO,
) -> Payment:
    """A claim that is not priced. ``shown`` are the hospital's fields that still appear."""
    record = NOTHING.copy()
    if found is not None:
        record |= {name: found.echo[name] for name in shown}
    record["PPS-RTC"] = refusal.code
    if drg is not None:
        record["PPS-AVG-LOS"] = written("PPS-AVG-LOS", drg.geometric_mean_stay)
    record["PPS-DOLLAR-THRESHOLD"] = written("PPS-DOLLAR-THRESHOLD", threshold)
    record["PPS-STNDRD-VALUE"] = written("PPS-STNDRD-VALUE", standardized)
    record["PPS-OPER-HSP-PART2"] = written("PPS-OPER-HSP-PART2", specific)
    meaning = MEANINGS[refusal.code]
    return Payment(
        system=SYSTEM,
        version=tables.figures.version,
        return_code=refusal.code,
        meaning=f"{meaning} Here: {refusal.why}.",
        total=ZERO,
        figures=record,
        release=tables.release,
    )


def paid(worked: Worked, *, fields: bool = True) -> Payment:
    """A claim that is priced, with the pricer's further output ``fields`` or without."""
    code, amounts = worked.code, worked.amounts
    total, components = amounts.total, _components(amounts)
    if worked.hospital.waiver:
        code, total, components = "53", ZERO, ()
    return Payment(
        system=SYSTEM,
        version=worked.tables.figures.version,
        return_code=code,
        meaning=MEANINGS[code],
        total=total,
        components=components,
        figures=_record(code, worked) if fields else {},
        release=worked.tables.release,
        not_checked=worked.not_checked,
    )


def _record(code: str, worked: Worked) -> dict[str, str]:
    """The pricer's output record of a claim that is priced."""
    amounts, costly, drg, stay = worked.amounts, worked.outlier, worked.drg, worked.stay
    operating, capital = amounts.operating, amounts.capital
    factor = worked.covid * worked.no_cost
    record = worked.factors.echo.copy()
    record["PPS-AVG-LOS"] = str(drg.geometric_mean_stay)
    record["PPS-ARITH-ALOS"] = str(drg.arithmetic_mean_stay)
    record["PPS-TOTAL-PAYMENT"] = str(amounts.total)
    record["PPS-OPER-FSP-PART"] = str(operating.federal)
    record["PPS-DRG-WT"] = str(half_up(drg.weight * factor, 4))
    record["PPS-DRG-WT-FRCTN"] = str(half_up(stay.weight * factor, 4))
    record["PPS-DSCHG-FRCTN"] = str(stay.discharge)
    record["PPS-TRANSFER-ADJ"] = str(stay.transfer)
    record["PPS-COST-OUTLIER"] = f"{costly.operating_threshold:f}"
    record["PPS-BILL-COSTS"] = f"{costly.operating_costs:f}"
    record["PPS-DOLLAR-THRESHOLD"] = f"{worked.threshold:f}"
    record["PPS-CAPI-TOTAL-PAY"] = str(capital.total)
    record["PPS-CAPI-FSP"] = str(capital.federal)
    record["PPS-CAPI2-B-FSP"] = str(capital.full)
    record["PPS-OPER-BASE-DRG-PAY"] = str(worked.base)
    record["PPS-STNDRD-VALUE"] = str(worked.standardized)
    _days_used(worked.bill, record)
    for name, amount in (
        ("PPS-OPER-IME-ADJ", operating.teaching),
        ("PPS-OPER-HSP-PART", operating.hospital_specific),
        ("PPS-OPER-OUTLIER-PART", operating.outlier),
        ("PPS-OPER-DSH-ADJ", operating.disproportionate_share),
        ("PPS-CAPI-OUTLIER", capital.outlier),
        ("PPS-CAPI-DSH-ADJ", capital.disproportionate_share),
        ("PPS-CAPI-IME-ADJ", capital.teaching),
        ("PPS-CAPI2-B-OUTLIER", capital.full_outlier),
        ("PPS-NEW-TECH-PAY-ADD-ON", amounts.technology),
        ("PPS-ISLET-ISOL-PAY-ADD-ON", amounts.islet),
        ("PPS-LOW-VOL-PAYMENT", amounts.low_volume),
        ("PPS-VAL-BASED-PURCH-ADJUST-AMT", amounts.purchasing),
        ("PPS-READMIS-ADJUST-AMT", amounts.readmissions),
        ("PPS-HAC-PAYMENT-AMT", amounts.conditions),
        ("PPS-EHR-ADJUST-AMT", worked.savings),
    ):
        if amount:
            record[name] = str(amount)
    if worked.specific.rate:
        record["PPS-OPER-HSP-PART2"] = str(half_up(worked.specific.rate, 2))
    if worked.tables.law.fixed_width and _wide(worked):
        record |= {name: fitted(name, record[name]) for name in NUMBERS}
    if worked.hospital.waiver:
        record |= {name: NOTHING[name] for name in WAIVED}
    record["PPS-RTC"] = code
    return record


def explained(payment: Payment, steps: tuple[Step, ...]) -> Payment:
    """The payment with its trace."""
    return msgspec.structs.replace(payment, trace=steps)


def _components(amounts: Amounts) -> tuple[Component, ...]:
    return tuple(
        [Component(name=name, amount=amount) for name, amount in amounts.named() if amount]
    )


def _days_used(bill: Bill, record: dict[str, str]) -> None:
    """Regular days first; lifetime reserve days only where there is no regular day."""
    covered, reserve = bill.covered_days or 0, bill.lifetime_reserve_days or 0
    stay = bill.length_of_stay or 0
    if covered > reserve:
        record["PPS-REG-DAYS-USED"] = str(min(covered - reserve, stay))
    else:
        record["PPS-LTR-DAYS-USED"] = str(min(reserve, stay))


def _wide(worked: Worked) -> bool:
    """Whether any amount could be wider than its output field."""
    costly = worked.outlier
    widest = max(
        worked.amounts.total, costly.operating_threshold, costly.operating_costs, worked.threshold
    )
    return widest >= LARGE
