"""Price an inpatient bill: operating and capital payment of Medicare's IPPS, to the cent.

The formula is 42 CFR part 412 in the order and with the roundings of CMS's pricer; the discharge
date selects the law (:mod:`superbill.pricing.ipps.versions`) and the figures (``rates.toml`` and
the loaded tables).
"""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal, getcontext, setcontext

from superbill.errors import NotCovered
from superbill.model.hospital import Hospital
from superbill.model.payment import Payment
from superbill.model.trace import SILENT, Recorder, Trace
from superbill.money import half_up
from superbill.pricing.ipps import (
    adjustments,
    alike,
    edits,
    explanation,
    factors,
    hospital_specific,
    new_technology,
    outlier,
    result,
    totals,
    transfers,
)
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.codes import Refused
from superbill.pricing.ipps.factors import Factors
from superbill.pricing.ipps.new_technology import AddOn
from superbill.pricing.ipps.outlier import Outlier
from superbill.pricing.ipps.result import Amounts, Worked
from superbill.pricing.ipps.tables import Tables
from superbill.pricing.ipps.wage_index import WageIndex
from superbill.sources.ipps_drg_weights import DrgWeight

NOTHING = Decimal("0.00")
NINE = Decimal("0.000000000")
ONE = Decimal(1)
EXACT = Context(prec=50)
"""Wide enough that every product is exact; powers get more digits than any rounding needs. It is
set as it is, and not copied for each bill, since only its flags change."""

TRANSFER_CODES = {"special": "10", "post-acute": "12"}
RECONCILED = frozenset({"00", "03", "10", "12", "14"})


def price(
    bill: Bill,
    hospital: Hospital,
    *,
    on: date,
    tables: Tables,
    trace: Trace = SILENT,
    wage_index: WageIndex | None = None,
    fields: bool = True,
) -> Payment:
    """What Medicare's inpatient system makes a bill worth.

    ``on`` is the discharge date, ``tables`` are those of its fiscal year, ``wage_index`` is an
    index that is not to be looked for. Without ``fields`` the pricer's further output fields
    (:attr:`~superbill.model.Payment.figures`) are left out of a paid claim, which bulk work saves;
    the amounts are the same. A claim that cannot be priced has a return code of 50 or
    more, a total of 0 and a meaning that says why.

    Raises :class:`~superbill.errors.NotCovered` for a day that the tables are not for, and where
    they lack what the claim needs.
    """
    if on not in tables.days:
        raise NotCovered(
            f"Pricing with the tables of fiscal year {tables.figures.year}",
            on=on,
            remedy="Price with the tables of the discharge date's fiscal year.",
        )
    before = len(trace.steps) if isinstance(trace, Recorder) else 0
    callers = getcontext()
    setcontext(EXACT)
    try:
        if trace is SILENT:
            found = factors.of(hospital, on, tables, wage_index)
        else:
            found = factors.find(hospital, on, tables, wage_index, trace)
        if isinstance(found, Refused):
            payment = result.refused(found, tables)
        else:
            payment = _checked(bill, hospital, on, tables, found, trace, fields=fields)
    finally:
        setcontext(callers)
    if isinstance(trace, Recorder):
        trace("return code", payment.return_code, formula=payment.meaning)
        return result.explained(payment, trace.steps[before:])
    return payment


def _checked(
    bill: Bill,
    hospital: Hospital,
    on: date,
    tables: Tables,
    found: Factors,
    trace: Trace,
    *,
    fields: bool,
) -> Payment:
    """Edits and the group's row, then the payment."""
    refusal = edits.check(bill, hospital, found.wage_index, on) or tables.law.kind(
        hospital, on, tables.figures
    )
    if refusal is not None:
        return result.refused(refusal, tables, found, result.EDITED)
    drg = tables.weights.get(bill.drg)
    if drg is None:
        return result.refused(
            Refused("54", f"DRG {bill.drg} is not in the table of the fiscal year"),
            tables,
            found,
            result.ASSEMBLED,
        )
    if fields or trace is not SILENT:
        worked = _worked(bill, hospital, on, tables, found, drg, fields=fields)
        if isinstance(worked, Payment):
            return worked
        if trace is not SILENT:
            explanation.claim(trace, worked)
        return result.paid(worked, fields=fields)
    return _priced_alike(bill, hospital, on, tables, found, drg)


def _priced_alike(
    bill: Bill, hospital: Hospital, on: date, tables: Tables, found: Factors, drg: DrgWeight
) -> Payment:
    """The payment alone, found anew only where no bill like this one was priced before."""
    key = alike.key(bill, on, tables, found, drg)
    payment = None if key is None else alike.kept(key, bill, on, tables, found)
    if payment is not None:
        return payment
    worked = _worked(bill, hospital, on, tables, found, drg, fields=False)
    if isinstance(worked, Payment):
        return worked
    payment = result.paid(worked, fields=False)
    if key is not None:
        alike.keep(key, tables, worked, payment)
    return payment


def _worked(
    bill: Bill,
    hospital: Hospital,
    on: date,
    tables: Tables,
    found: Factors,
    drg: DrgWeight,
    *,
    fields: bool,
) -> Worked | Payment:
    """The steps of the formula, in the pricer's order; a payment where they refuse the claim."""
    assert bill.charges is not None
    assert bill.length_of_stay is not None
    law, figures, charges, weight = tables.law, tables.figures, bill.charges, drg.weight

    # Federal amounts, and a transfer's part of them.
    covid, no_cost = law.weight_factors(bill, on, figures)
    adjusted = found.base_rate * found.two_midnight * covid * no_cost
    full_federal = federal = half_up(adjusted * weight, 9)
    full_capital = capital = half_up(weight * found.capital_base * no_cost, 9)
    stay = transfers.stay(bill.length_of_stay, bill.review_code, drg)
    fraction = transfers.fraction_paid(stay, bill.drg)
    code = "00"
    if fraction is not None:
        federal = half_up(federal * fraction, 9)
        capital = half_up(capital * fraction, 9)
        code = TRANSFER_CODES.get(stay.kind, bill.review_code)

    # New technology, outlier and quality adjustments: the older law adjusts before the outlier.
    add_on, islet, not_checked = _technology(bill, tables, found, federal, on)
    technology = add_on.total
    base = half_up(federal + technology, 2)
    refusal: Refused | None = None
    readmissions = purchasing = covid_add_on = NOTHING
    costly: Outlier | None = None
    threshold = NINE
    loss = outlier.fixed_loss(bill, stay, figures)
    if not law.outlier_first:
        readmissions, purchasing, refusal = _adjusted(hospital, base, tables)
    if refusal is None:
        costly = outlier.find(
            bill, charges, federal, capital, technology, found, found.shares, loss, figures
        )
        if costly.paid:
            code = "02"
            threshold = outlier.charge_threshold(costly, found.shares)
            refusal = _days_run_out(bill)
        covid_add_on = law.covid_add_on(bill, on, figures, costly)
        base += covid_add_on
    if law.outlier_first:
        readmissions, purchasing, other = _adjusted(
            hospital, base, tables, skip_purchasing=refusal is not None
        )
        refusal = other or refusal
    if refusal is not None or costly is None:
        assert refusal is not None
        kept = threshold if law.outlier_first or refusal.code == "67" else NINE
        return result.refused(refusal, tables, found, result.PRICED, drg=drg, threshold=kept)

    if fraction is not None and stay.kind in TRANSFER_CODES:
        code = TRANSFER_CODES[stay.kind]
    elif bill.review_code == "03" and costly.paid:
        code = "05"

    specific = hospital_specific.NONE
    if found.hospital_specific:
        specific = hospital_specific.addition(
            half_up(found.hospital_specific_rate * weight * covid * no_cost, 9),
            half_up(
                adjusted * stay.weight * (ONE + found.operating_addition) + costly.operating, 9
            ),
            found.uncompensated,
            hospital_specific.share(hospital.provider_type, figures),
        )

    amounts = _added_up(
        bill, hospital, tables, found, federal, capital, costly, specific.amount,
        technology + covid_add_on, islet, readmissions, purchasing,
    )  # fmt: skip
    standardized = savings = NOTHING
    if fields:
        standardized = totals.standardized_value(
            charges, amounts.technology, stay, costly, found, figures
        )
        savings = _savings(hospital, tables, found, amounts)
    if found.puerto_rico and hospital.hac_reduction_indicator == "Y":
        return result.refused(
            Refused("53", "the hospital-acquired condition reduction is marked in Puerto Rico"),
            tables, found, result.PRICED, drg=drg, standardized=standardized,
            threshold=threshold if law.outlier_first else NINE, specific=specific.rate,
        )  # fmt: skip

    if not stay.short and code in ("00", "02"):
        code = "14" if code == "00" else "16"
    watched: Outlier | None = None
    if law.reconciliation and code in RECONCILED:
        watched = outlier.find(
            bill, charges, federal, capital, technology, found, found.shares_raised, loss, figures
        )
        if watched.paid:
            code = f"{int(code) + 30}"
    return Worked(
        code, bill, hospital, tables, found, drg, stay, fraction, full_federal, full_capital,
        federal, capital, covid, no_cost, add_on, covid_add_on, base, costly, watched, threshold,
        specific, amounts, savings, standardized, not_checked,
    )  # fmt: skip


def _technology(
    bill: Bill, tables: Tables, found: Factors, federal: Decimal, on: date
) -> tuple[AddOn, Decimal, tuple[str, ...]]:
    """New technology add-on, islet add-on in dollars, and what could not be looked up."""
    none = new_technology.NONE
    if not bill.procedures and not bill.ndcs:
        return none, NOTHING, ()
    assert bill.charges is not None
    used = islet = None
    if tables.technologies is not None:
        used = new_technology.used(bill, tables.technologies)
        islet = new_technology.islet(bill, tables.islet)
        if not used:
            return none, islet, ()
    cents = half_up(federal, 2)
    payment = half_up(
        cents
        + half_up(cents * found.dsh_quarter, 2)
        + half_up(cents * found.ime, 2)
        + found.uncompensated,
        2,
    )
    costs = outlier.operating_costs(bill.charges, found.shares)
    if used is None or islet is None:
        unlisted = new_technology.not_listed(bill, costs, payment, tables.figures.year, on)
        return AddOn(NOTHING, (), costs, payment), NOTHING, unlisted
    return new_technology.add_on(used, costs, payment), islet, ()


def _adjusted(
    hospital: Hospital, base: Decimal, tables: Tables, *, skip_purchasing: bool = False
) -> tuple[Decimal, Decimal, Refused | None]:
    """Readmissions and value-based purchasing amounts, or why they refuse the claim."""
    readmissions = adjustments.readmissions(hospital, base, tables.figures)
    if isinstance(readmissions, Refused):
        return NOTHING, NOTHING, readmissions
    if skip_purchasing:
        return readmissions, NOTHING, None
    purchasing = adjustments.purchasing(hospital, base, tables.figures)
    if isinstance(purchasing, Refused):
        return readmissions, NOTHING, purchasing
    return readmissions, purchasing, None


def _days_run_out(bill: Bill) -> Refused | None:
    """Covered days that end before the stay does, or before the outlier threshold."""
    assert bill.covered_days is not None
    assert bill.length_of_stay is not None
    if bill.covered_days < bill.length_of_stay or bill.outlier_days_exceeded:
        return Refused("67", "a cost outlier whose stay is longer than its covered days")
    return None


def _added_up(
    bill: Bill,
    hospital: Hospital,
    tables: Tables,
    found: Factors,
    federal: Decimal,
    capital: Decimal,
    costly: Outlier,
    specific: Decimal,
    technology: Decimal,
    islet: Decimal,
    readmissions: Decimal,
    purchasing: Decimal,
) -> Amounts:
    """Every part in cents, and their sum."""
    operating = totals.operating(federal, specific, costly.operating, found)
    capital_paid = totals.capital(capital, costly.capital, hospital.capital_pps_payment_code, found)
    paid = (
        operating.hospital_specific
        + operating.federal
        + operating.teaching
        + operating.disproportionate_share
        + operating.outlier
        + capital_paid.total
        + found.uncompensated
        + technology
    )
    low_volume = NOTHING
    share = adjustments.low_volume_factor(hospital, tables.figures)
    if share is not None:
        low_volume = half_up(paid * share, 2)
    pass_through = NOTHING
    if bill.managed_care:
        # Teaching is paid to the hospital apart for a managed care patient, not on the claim.
        pass_through = adjustments.pass_through(hospital, bill.length_of_stay or 0)
        paid -= operating.teaching
        operating = operating._replace(teaching=NOTHING)
    subject = half_up(paid + low_volume + readmissions + purchasing, 2)
    conditions = adjustments.acquired_conditions(hospital, subject, tables.figures)
    return Amounts(
        operating,
        capital_paid,
        found.uncompensated,
        technology,
        islet,
        low_volume,
        readmissions,
        purchasing,
        conditions,
        pass_through,
        half_up(subject + pass_through + conditions + islet, 2),
    )


def _savings(hospital: Hospital, tables: Tables, found: Factors, amounts: Amounts) -> Decimal:
    """What the health record reduction saved, where the hospital has one."""
    if found.echo["PPS-EHR-PROG-REDUC-IND"] != "Y":
        return NOTHING
    return totals.health_record_savings(
        amounts.operating,
        amounts.readmissions + amounts.purchasing,
        adjustments.low_volume_factor(hospital, tables.figures),
        hospital.hospital_quality_indicator == "1",
        tables.figures,
    )
