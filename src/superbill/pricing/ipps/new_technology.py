"""The add-on for new technologies, and for isolating islet cells.

42 CFR 412.87 and 412.88: where the costs of the stay are above its payment, a share of the
excess, up to a most per technology. CMS lists the technologies and the ICD-10-PCS codes that
show them each year. The islet add-on (Medicare Modernization Act, section 733) stands apart.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.errors import NotCovered
from superbill.model.trace import Trace
from superbill.money import half_up
from superbill.pricing.ipps.bill import Bill
from superbill.sources.ipps_new_technology import COLUMNS, IsletIsolation, Technology

NOTHING = Decimal("0.00")
CITE = "42 CFR 412.88"
CLINICAL_TRIAL = "Z006"
NEW_TECHNOLOGY_SECTION = "X"


class AddOn(NamedTuple):
    """The add-on in dollars, what of it is for each technology, and what it was found from.

    ``costs`` and ``base`` are 0 where neither was looked at.
    """

    total: Decimal
    parts: tuple[tuple[Technology, Decimal], ...] = ()
    costs: Decimal = NOTHING
    base: Decimal = NOTHING


NONE = AddOn(NOTHING)


def used(bill: Bill, technologies: tuple[Technology, ...]) -> list[Technology]:
    """The technologies that the bill's codes show, in the list's order."""
    if not bill.procedures and not bill.ndcs:
        return []
    procedures = frozenset(bill.procedures)
    first_drug = bill.ndcs[0] if bill.ndcs else ""
    return [
        technology
        for technology in technologies
        if _shown(technology, procedures) or first_drug in technology.ndcs
    ]


def not_listed(bill: Bill, costs: Decimal, base: Decimal, year: int, on: date) -> tuple[str, ...]:
    """What to say where the year's list is not held: nothing if no add-on can be due.

    An add-on needs costs above the payment. Where they are, and a code of ICD-10-PCS section X
    (New Technology) stands on the bill, one may well be due: then
    :class:`~superbill.errors.NotCovered` is raised.
    """
    if costs <= base:
        return ()
    listed = f"the list of new technologies of fiscal year {year}"
    codes = [code for code in bill.procedures if code.startswith(NEW_TECHNOLOGY_SECTION)]
    if codes:
        raise NotCovered(
            f"Whether an add-on is due for {', '.join(codes)}: {listed}",
            on=on,
            remedy="Load it as CSV: superbill data build --from DIR. (columns "
            f"{','.join(COLUMNS)})",
        )
    return (f"New technology add-on: {listed} is not held, and the costs are above the payment.",)


def _shown(technology: Technology, procedures: frozenset[str]) -> bool:
    groups = technology.code_groups
    return bool(groups) and all(not group.isdisjoint(procedures) for group in groups)


def add_on(technologies: list[Technology], costs: Decimal, base: Decimal) -> AddOn:
    """The add-on for the technologies used.

    ``costs`` are the operating costs of the stay and ``base`` its payment without the add-on,
    which together with it may not exceed the costs.
    """
    total = NOTHING
    parts = []
    for technology in technologies:
        excess = half_up((costs - base) * technology.percent, 2)
        amount = min(technology.maximum, excess) if excess > 0 else NOTHING
        total += amount
        parts.append((technology, amount))
    total = half_up(total, 2)
    room = half_up(costs - base, 2)
    if total and room > 0 and half_up(base + total, 2) > costs:
        total = room
    return AddOn(total, tuple(parts), costs, base)


def islet(bill: Bill, listed: IsletIsolation | None) -> Decimal:
    """The islet add-on in dollars: in a clinical trial, one procedure or more."""
    if listed is None or CLINICAL_TRIAL not in bill.diagnoses:
        return NOTHING
    times = sum(code in listed.codes for code in bill.procedures)
    if not times:
        return NOTHING
    return listed.one if times == 1 else listed.more


def explain(trace: Trace, found: AddOn, listed: str) -> None:
    """Trace the add-on of each technology."""
    for technology, amount in found.parts:
        trace(
            technology.name,
            amount,
            formula="the lesser of the most and percent × (costs - payment), not below 0",
            rounding="half up, cents",
            cite=CITE,
            most=(technology.maximum, listed),
            percent=(technology.percent, listed),
            costs=found.costs,
            payment=found.base,
        )
