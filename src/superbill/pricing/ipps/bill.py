"""What the pricer needs to know of a bill, and how it is read from an encounter and its group.

The *review code* tells CMS's pricer how to pay. It follows from the discharge status
(42 CFR 412.4; Medicare Claims Processing Manual, chapter 3, section 40.2.4): a discharge to
another acute hospital is paid by the day, and so is one to post-acute care, for the groups that
CMS marks so in Table 5. The discharge date says which statuses count.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from superbill.model.base import Value
from superbill.model.encounter import Encounter
from superbill.model.grouping import Grouping

MAX_CODES = 25

ACUTE_TRANSFER = frozenset({"02", "82", "66", "94"})
"""Another acute hospital or a critical access hospital, without or with planned readmission."""

POST_ACUTE_TRANSFER = frozenset(
    {"03", "83", "05", "85", "06", "86", "62", "90", "63", "91", "65", "93"}
)
"""Skilled nursing; cancer or children's hospital; home health; rehabilitation; long-term care
hospital; psychiatric hospital. Each without or with planned readmission."""

HOSPICE = frozenset({"50", "51"})
HOSPICE_FROM = date(2018, 10, 1)
"""Hospice counts as post-acute care from here: Bipartisan Budget Act of 2018, section 53109."""

HOME_HEALTH = frozenset({"06", "86"})
UNRELATED_HOME_HEALTH = frozenset({"42", "43"})
"""Condition codes: the home health care is unrelated, or starts after the three days."""

NO_COST_OUTLIER = "66"
"""Condition code: the hospital does not want a cost outlier payment."""


class Bill(Value, frozen=True, kw_only=True):
    """One inpatient bill.

    ``drg`` has three digits; days are whole days; ``charges`` are covered charges in dollars.
    ``diagnoses`` and ``procedures`` stand in billed order (position matters: the principal
    diagnosis is first), an empty string where a position is empty. A number is ``None`` where
    the claim holds none. ``managed_care``: the patient is in a Medicare Advantage plan, for
    which pass-through amounts are added. ``outlier_days_exceeded``: benefit days ran out before
    costs reached the outlier threshold.
    """

    drg: str
    length_of_stay: int | None
    covered_days: int | None
    charges: Decimal | None
    review_code: str = "00"
    lifetime_reserve_days: int | None = 0
    diagnoses: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    ndcs: tuple[str, ...] = ()
    condition_codes: tuple[str, ...] = ()
    managed_care: bool = False
    outlier_days_exceeded: bool = False


def bill_from(encounter: Encounter, grouping: Grouping) -> Bill:
    """The bill of a grouped stay: its paid group, days, covered charges and codes.

    Where the encounter does not say how many days are covered, the whole stay is.
    """
    stay = encounter.length_of_stay
    return Bill(
        drg=grouping.final.drg,
        length_of_stay=stay,
        covered_days=stay if encounter.covered_days is None else encounter.covered_days,
        charges=encounter.covered_charges,
        review_code=review_code(
            encounter.discharge_status, encounter.condition_codes, on=encounter.discharge_date
        ),
        lifetime_reserve_days=encounter.lifetime_reserve_days,
        diagnoses=encounter.diagnosis_codes[:MAX_CODES],
        procedures=tuple([procedure.code for procedure in encounter.procedures[:MAX_CODES]]),
        ndcs=tuple([line.ndc for line in encounter.lines if line.ndc]),
        condition_codes=encounter.condition_codes,
    )


def review_code(discharge_status: str, condition_codes: tuple[str, ...], *, on: date) -> str:
    """How a discharge is to be paid.

    00 the full amount, 03 by the day (acute transfer), 09 by the day where the group is a
    post-acute one; 07, 06 and 11 are the same three without a cost outlier.

    >>> day = date(2026, 3, 1)
    >>> review_code("01", (), on=day), review_code("02", (), on=day)
    ('00', '03')
    >>> review_code("06", ("66",), on=day), review_code("06", ("42",), on=day)
    ('11', '00')
    """
    outlier = NO_COST_OUTLIER not in condition_codes
    if discharge_status in ACUTE_TRANSFER:
        return "03" if outlier else "06"
    if discharge_status in POST_ACUTE_TRANSFER or (
        discharge_status in HOSPICE and on >= HOSPICE_FROM
    ):
        unrelated = discharge_status in HOME_HEALTH and not UNRELATED_HOME_HEALTH.isdisjoint(
            condition_codes
        )
        if not unrelated:
            return "09" if outlier else "11"
    return "00" if outlier else "07"
