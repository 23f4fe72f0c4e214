"""Risk adjustment: a member of a Medicare plan, and the score that the diagnoses make."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from superbill.model.base import Value
from superbill.model.limits import MOST_LINES, Code, Days, Identifier
from superbill.model.people import Sex

Entitlement = Literal["", "0", "1", "2", "3"]
"""Reason for entitlement: 0 age, 1 disability, 2 end-stage renal disease, 3 both; empty unknown."""


class Member(Value, frozen=True, kw_only=True):
    """A member of a Medicare plan in a payment year.

    ``age`` is in whole years on 1 February of the payment year; it is taken from ``birth_date``
    where it is left out. ``diagnoses`` are those of the year before, from encounters that count
    for risk adjustment. ``dual_status`` is CMS's dual status code (00 to 10, NA),
    ``original_reason`` and ``current_reason`` the reason for entitlement. ``institutional`` is a
    long-term stay, ``low_income`` the Part D subsidy, ``graft_months`` the months since a kidney
    transplant.
    """

    id: Identifier
    sex: Sex
    diagnoses: Annotated[tuple[Code, ...], MOST_LINES] = ()
    birth_date: date | None = None
    age: Days | None = None
    dual_status: Code = "NA"
    original_reason: Entitlement = "0"
    current_reason: Entitlement = "0"
    new_enrollee: bool = False
    special_needs_plan: bool = False
    institutional: bool = False
    low_income: bool = False
    graft_months: Days | None = None


class RiskCategory(Value, frozen=True, kw_only=True):
    """A condition category: its weight, and the diagnoses that carry it.

    ``dropped`` says that a more severe category of its hierarchy takes its place.
    """

    category: str
    label: str
    weight: Decimal
    diagnoses: tuple[str, ...]
    dropped: bool = False


class RiskFactor(Value, frozen=True, kw_only=True):
    """A part of the score that no single category carries: age and sex, or an interaction."""

    name: str
    weight: Decimal


class RiskScore(Value, frozen=True, kw_only=True):
    """The raw score of a member: ``score`` is the sum of factors and categories not dropped.

    Before normalization and the adjustment for coding intensity. ``unmapped`` are diagnoses that
    belong to no category of the model.
    """

    member_id: str
    model: str
    payment_year: int
    score: Decimal
    factors: tuple[RiskFactor, ...]
    categories: tuple[RiskCategory, ...]
    unmapped: tuple[str, ...]
    release: str
    notes: tuple[str, ...] = ()
