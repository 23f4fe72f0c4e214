"""Why a payer did not pay an amount: claim adjustment group and reason codes, in our words.

The codes are the ones that payers put on a remittance (X12 external code list 139, kept by the
claim adjustment status code committee). Only the numbers are theirs; each meaning here says what
the code stands for in this project. All of them have been in force since before the first year
that the project covers, so no date selects them.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.model import Adjustment

CONTRACTUAL = ("CO", "45", "above what this payer allows: the hospital may collect it from nobody")
ABOVE_CHARGES = ("CO", "94", "the payer allows more than was charged: a negative write-off")
SEQUESTRATION = ("CO", "253", "federal sequestration: Medicare's own share, cut by law")
NOT_COVERED_HOSPITAL = ("CO", "96", "charges that the payer does not cover, at the hospital's cost")
DISCOUNT = ("CO", "131", "the hospital's discount to a patient without coverage")

DEDUCTIBLE = ("PR", "1", "deductible")
COINSURANCE = ("PR", "2", "coinsurance")
COPAY = ("PR", "3", "copay")
NOT_COVERED_PATIENT = ("PR", "96", "charges that the payer does not cover, owed by the patient")
EXHAUSTED = ("PR", "119", "benefit days are used up: nothing is covered")

PRIOR_PAYER = ("OA", "23", "settled before: what earlier payers paid or had written off")

Reason = tuple[str, str, str]


def adjustment(reason: Reason, amount: Decimal) -> Adjustment:
    """``amount`` dollars under ``reason``."""
    group, code, meaning = reason
    return Adjustment(group=group, reason=code, amount=amount, meaning=meaning)  # type: ignore[arg-type]
