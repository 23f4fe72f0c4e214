"""Medicare Part A for an inpatient stay: benefit days, deductible, coinsurance, sequestration.

The law is section 1813(a)(1) of the Social Security Act (42 U.S.C. 1395e) and 42 CFR 409.61,
409.65, 409.82 and 409.83; the year's amounts are in ``part_a.toml``, the cut by sequestration in
``sequestration.toml``. The deductible is that of the calendar year in which the benefit period
began, each coinsurance day takes the amount of its own year (42 U.S.C. 1395e(b)(3)), and
sequestration goes by the day of discharge.

Under the prospective payment system a stay that has at least one regular day (of the 60 and 30)
left at admission is paid for whole; reserve days are then needed only for a cost outlier, and are
used here only where the encounter says so (``lifetime_reserve_days``). Where no regular day is
left, reserve days carry the stay, unless the patient keeps them or is deemed to (42 CFR 409.65).

The blood deductible (section 1813(a)(2)) is not computed: a stay does not say how many pints were
replaced. Charge it as a line that is not covered where it applies.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from superbill.benefits import dated
from superbill.benefits.bill import Bill, Settled, opening
from superbill.benefits.reasons import (
    ABOVE_CHARGES,
    COINSURANCE,
    CONTRACTUAL,
    DEDUCTIBLE,
    EXHAUSTED,
    SEQUESTRATION,
    adjustment,
)
from superbill.model import (
    SILENT,
    BenefitDays,
    BenefitPeriod,
    Encounter,
    MedicarePartA,
    PayerDecision,
    Payment,
    Trace,
    Value,
)
from superbill.money import ZERO, half_up

FULL_DAYS = 60
COINSURANCE_DAYS = 30
LIFETIME_RESERVE_DAYS = 60

LAW = "42 U.S.C. 1395e(a)(1)"


class CostSharing(Value, frozen=True, kw_only=True):
    """What Part A leaves to the patient for covered days, in dollars."""

    deductible: Decimal
    coinsurance: Decimal

    @property
    def total(self) -> Decimal:
        """Deductible and coinsurance together."""
        return self.deductible + self.coinsurance


def amounts(day: date) -> dated.Row:
    """The deductible and daily amounts of the calendar year of ``day``."""
    return dated.row("part_a.toml", "year", "Medicare Part A deductible and coinsurance", day)


def days(encounter: Encounter, period: BenefitPeriod) -> BenefitDays:
    """The days of the stay, counted against what is left of the benefit period.

    ``covered_days`` of the encounter, where given, limits them; its ``lifetime_reserve_days`` are
    part of those. Raises nothing: :func:`superbill.benefits.check` says what cannot be.
    """
    stay = encounter.length_of_stay or 1
    full_left = FULL_DAYS - period.full_days_used
    regular_left = full_left + COINSURANCE_DAYS - period.coinsurance_days_used
    reserve = encounter.lifetime_reserve_days
    if encounter.covered_days is not None:
        limit = min(encounter.covered_days, stay)
        regular = min(limit - reserve, regular_left)
    elif regular_left or reserve:
        regular = min(stay - reserve, regular_left)
    else:
        regular = 0
        if period.use_lifetime_reserve:
            reserve = min(stay, period.lifetime_reserve_days_left)
            if reserve and deemed_to_keep_reserve(encounter):
                reserve = 0
    full = min(regular, full_left)
    return BenefitDays(
        full=full,
        coinsurance=regular - full,
        lifetime_reserve=reserve,
        noncovered=stay - regular - reserve,
    )


def deemed_to_keep_reserve(encounter: Encounter) -> bool:
    """Whether reserve days would bring the patient nothing, so that none are used.

    42 CFR 409.65(b): the average daily charge is no more than the reserve day's coinsurance.
    """
    daily = encounter.covered_charges / (encounter.length_of_stay or 1)
    return daily <= amounts(encounter.admission_date).figures["lifetime_reserve"]


def cost_sharing(
    bill: Bill, period: BenefitPeriod, counted: BenefitDays, trace: Trace
) -> CostSharing:
    """Deductible and coinsurance for the covered days, never more than the covered charges."""
    if not counted.covered:
        return CostSharing(deductible=ZERO, coinsurance=ZERO)
    deductible = _deductible(bill, period, trace)
    if not (counted.coinsurance or counted.lifetime_reserve):
        return CostSharing(deductible=deductible, coinsurance=ZERO)
    coinsurance = _daily(bill, counted.full, counted.coinsurance, "coinsurance", trace)
    coinsurance += _daily(
        bill,
        counted.full + counted.coinsurance,
        counted.lifetime_reserve,
        "lifetime_reserve",
        trace,
    )
    most = bill.covered - deductible
    return CostSharing(deductible=deductible, coinsurance=min(coinsurance, most))


def _deductible(bill: Bill, period: BenefitPeriod, trace: Trace) -> Decimal:
    year = amounts(period.began or bill.admitted)
    whole = year.figures["deductible"]
    met = period.deductible_paid
    if met is None:
        # The first stay of a benefit period takes the deductible (42 CFR 409.82(a)).
        used = period.full_days_used or period.coinsurance_days_used
        met = whole if used else ZERO
    owed = half_up(min(max(whole - met, ZERO), bill.covered))
    if trace is not SILENT:
        trace(
            "Deductible",
            owed,
            formula="deductible of the benefit period less what was met, at most the covered "
            "charges",
            cite=LAW,
            deductible=(whole, year.source),
            already_met=met,
            covered_charges=bill.covered,
        )
    return owed


def _daily(bill: Bill, first: int, count: int, which: str, trace: Trace) -> Decimal:
    """``count`` coinsurance days, the first of them ``first`` days after admission."""
    if not count:
        return ZERO
    total = ZERO
    # The statute caps a day's coinsurance by that day's charges; the bill holds charges for the
    # stay, so the average day stands for each.
    average = half_up(bill.covered / bill.days)
    day = bill.admitted + timedelta(days=first)
    while count:
        year = amounts(day)
        here = min(count, (year.span.end - day).days)
        rate = min(year.figures[which], average)
        total += trace(
            "Lifetime reserve days" if which == "lifetime_reserve" else "Coinsurance days",
            half_up(rate * here),
            formula="days × daily amount, a day at most the average daily charge",
            cite=LAW,
            days=here,
            daily_amount=(year.figures[which], year.source),
            average_daily_charge=average,
        )
        count -= here
        day = year.span.end
    return total


def sequestered(paid: Decimal, discharged: date, trace: Trace) -> Decimal:
    """The cut in ``paid``, Medicare's own share after everybody else's. Nothing of a recovery."""
    if paid <= 0:
        return ZERO
    rate = dated.row("sequestration.toml", "rate", "Medicare sequestration", discharged)
    share = rate.figures["value"]
    if not share:
        return ZERO
    cut = half_up(paid * share)
    if trace is not SILENT:
        trace(
            "Sequestration",
            cut,
            formula="Medicare's share × rate",
            rounding="half up to the cent",
            cite="2 U.S.C. 901a(6)",
            medicare_share=paid,
            rate=(share, rate.source),
        )
    return cut


def decide(
    bill: Bill,
    settled: Settled,
    medicare: MedicarePartA,
    payment: Payment | None,
    counted: BenefitDays,
    trace: Trace,
) -> PayerDecision:
    """Medicare as the first payer.

    Medicare pays what the stay is worth less deductible and coinsurance. Where these are more
    than the stay is worth, the payment is negative: the hospital collects the patient's share and
    Medicare takes the excess back from it (as the contractors explain under "negative
    reimbursement", for example Palmetto GBA, April 23, 2020; 42 CFR 409.80(a), 412.42(b)).
    """
    adjustments = opening(bill, settled)
    allowed = cut = patient = ZERO
    with trace.part("Medicare Part A", cite="42 CFR 409.80–409.83"):
        if payment is None:
            if bill.covered:
                adjustments.append(adjustment(EXHAUSTED, bill.covered))
            paid = trace("Medicare pays", ZERO, formula="no covered day", days_covered=0)
        else:
            allowed = trace(
                "Inpatient payment",
                payment.total,
                cite=f"{payment.system.upper()} {payment.version}",
            )
            shared = cost_sharing(bill, medicare.benefit_period, counted, trace)
            patient = shared.total
            cut = sequestered(allowed - patient, bill.discharged, trace)
            paid = allowed - patient - cut
            if trace is not SILENT:
                trace(
                    "Medicare pays",
                    paid,
                    formula="inpatient payment − deductible − coinsurance − sequestration",
                    deductible=shared.deductible,
                    coinsurance=shared.coinsurance,
                    sequestration=cut,
                )
            if shared.deductible:
                adjustments.append(adjustment(DEDUCTIBLE, shared.deductible))
            if shared.coinsurance:
                adjustments.append(adjustment(COINSURANCE, shared.coinsurance))
            above = bill.covered - allowed
            if above:
                adjustments.append(adjustment(CONTRACTUAL if above > 0 else ABOVE_CHARGES, above))
            if cut:
                adjustments.append(adjustment(SEQUESTRATION, cut))
    return PayerDecision(
        payer=medicare.name,
        kind="medicare_part_a",
        position=settled.position,
        billed=bill.charges,
        allowed=allowed,
        paid=paid,
        adjustments=tuple(adjustments),
        covered_days=counted.covered,
        days=counted,
    )
