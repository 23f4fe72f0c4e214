"""Bills that are paid alike, priced once: most bills of a hospital in a group are paid the same.

Of an ordinary bill, nothing but its group, its way of discharge and, for a transfer, its days bears
on the payment: charges only do where they are so high that the stay is a cost outlier (or would be
one at a higher cost-to-charge ratio), which is asked of each bill, as is whether a new technology
may be due. What is out of the ordinary is never kept.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from superbill.model.payment import Payment
from superbill.pricing.ipps import new_technology, outlier, special_factors, transfers
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.factors import Factors
from superbill.pricing.ipps.outlier import Outlier
from superbill.pricing.ipps.result import Worked
from superbill.pricing.ipps.tables import Tables
from superbill.sources.ipps_drg_weights import DrgWeight

KEPT = 20_000
"""At most so many payments are kept, so that memory stays flat."""

WATCHED_FROM = 30
"""From this return code on, the stay would be an outlier at a higher cost-to-charge ratio."""

type Key = tuple[object, ...]


class _Paid(NamedTuple):
    """A bill that was priced, what it was paid, and the charges up to which that is known to hold.

    ``base`` is the payment that costs are held against where no list of new technologies is held.
    """

    factors: Factors
    outlier: Outlier
    watched: Outlier | None
    base: Decimal | None
    charges: Decimal
    payment: Payment


def key(bill: Bill, on: date, tables: Tables, found: Factors, drg: DrgWeight) -> Key | None:
    """What the payment of an ordinary bill turns on; ``None`` for one out of the ordinary."""
    assert bill.length_of_stay is not None
    if bill.managed_care or bill.outlier_days_exceeded:
        return None
    if tables.law.weight_factors(bill, on, tables.figures) is not special_factors.PLAIN:
        return None
    coded = bool(bill.procedures or bill.ndcs)
    if coded and not (
        tables.listed.isdisjoint(bill.procedures) and tables.listed.isdisjoint(bill.ndcs)
    ):
        return None
    days = transfers.days_that_count(bill.length_of_stay, bill.review_code, drg)
    return id(found), bill.drg, bill.review_code in outlier.NO_OUTLIER, days, coded


def kept(key: Key, bill: Bill, on: date, tables: Tables, found: Factors) -> Payment | None:
    """What a bill like this one was paid, where that holds for its charges.

    Raises :class:`~superbill.errors.NotCovered` as the formula does, where a new technology may be
    due and no list of them is held.
    """
    charges = bill.charges
    assert charges is not None
    paid: _Paid | None = tables.paid.get(key)
    if paid is None or paid.factors is not found:
        return None
    if charges > paid.charges:
        if _too_high(charges, paid):
            return None
        tables.paid[key] = paid._replace(charges=charges)
    payment = paid.payment
    if paid.base is not None:
        costs = outlier.operating_costs(charges, found.shares)
        said = new_technology.not_listed(bill, costs, paid.base, tables.figures.year, on)
        if said != payment.not_checked:
            return replace(payment, not_checked=said)
    return payment


def _too_high(charges: Decimal, paid: _Paid) -> bool:
    """Whether charges are so high that they bear on the payment."""
    shares, raised = paid.factors.shares, paid.factors.shares_raised
    return outlier.reached(paid.outlier, charges, shares) or (
        paid.watched is not None and outlier.reached(paid.watched, charges, raised)
    )


def keep(key: Key, tables: Tables, worked: Worked, payment: Payment) -> None:
    """Keep what a bill was paid, unless its charges bore on it."""
    if worked.outlier.paid or int(payment.return_code) >= WATCHED_FROM:
        return
    if len(tables.paid) >= KEPT:
        tables.paid.clear()
    assert worked.bill.charges is not None
    tables.paid[key] = _Paid(
        worked.factors,
        worked.outlier,
        worked.watched,
        worked.add_on.base or None,
        worked.bill.charges,
        payment,
    )
