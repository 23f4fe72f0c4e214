"""The pricer's output fields, by their published names, as strings at full scale.

CMS's pricer returns one record of fixed fields; contractors and the standard system know
payments by these names. Sizes are those of the program's output record.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from superbill.money import half_up


class Field(NamedTuple):
    """A numeric field: integer digits, decimals, and whether it has a sign."""

    digits: int
    scale: int
    signed: bool = False


_DOLLARS = Field(7, 2)
_SIGNED = Field(7, 2, signed=True)
_PART = Field(6, 2)
_EXACT = Field(7, 9)
_FRACTION = Field(1, 4)
_PERCENT = Field(1, 2)

NUMBERS: dict[str, Field] = {
    "PPS-RTC": Field(2, 0),
    "PPS-WAGE-INDX": Field(2, 4),
    "PPS-OUTLIER-DAYS": Field(3, 0),
    "PPS-AVG-LOS": Field(2, 1),
    "PPS-DAYS-CUTOFF": Field(2, 1),
    "PPS-OPER-IME-ADJ": _PART,
    "PPS-TOTAL-PAYMENT": _DOLLARS,
    "PPS-OPER-HSP-PART": _PART,
    "PPS-OPER-FSP-PART": _PART,
    "PPS-OPER-OUTLIER-PART": _DOLLARS,
    "PPS-REG-DAYS-USED": Field(3, 0),
    "PPS-LTR-DAYS-USED": Field(2, 0),
    "PPS-OPER-DSH-ADJ": _PART,
    "PPS-HSP-PCT": _PERCENT,
    "PPS-FSP-PCT": _PERCENT,
    "PPS-NAT-PCT": _PERCENT,
    "PPS-REG-PCT": _PERCENT,
    "PPS-FAC-SPEC-RATE": Field(5, 2),
    "PPS-UPDATE-FACTOR": Field(1, 5),
    "PPS-DRG-WT": Field(2, 4),
    "PPS-NAT-LABOR": Field(5, 2),
    "PPS-NAT-NLABOR": Field(5, 2),
    "PPS-REG-LABOR": Field(5, 2),
    "PPS-REG-NLABOR": Field(5, 2),
    "PPS-OPER-COLA": Field(1, 3),
    "PPS-INTERN-RATIO": _FRACTION,
    "PPS-COST-OUTLIER": _EXACT,
    "PPS-BILL-COSTS": _EXACT,
    "PPS-DOLLAR-THRESHOLD": _EXACT,
    "PPS-DSCHG-FRCTN": _FRACTION,
    "PPS-DRG-WT-FRCTN": Field(2, 4),
    "PPS-CAPI-TOTAL-PAY": _DOLLARS,
    "PPS-CAPI-HSP": _DOLLARS,
    "PPS-CAPI-FSP": _DOLLARS,
    "PPS-CAPI-OUTLIER": _DOLLARS,
    "PPS-CAPI-OLD-HARM": _DOLLARS,
    "PPS-CAPI-DSH-ADJ": _DOLLARS,
    "PPS-CAPI-IME-ADJ": _DOLLARS,
    "PPS-CAPI-EXCEPTIONS": _DOLLARS,
    "PPS-CAPI2-B-FSP": _DOLLARS,
    "PPS-CAPI2-B-OUTLIER": _DOLLARS,
    "PPS-NON-TEMP-RELIEF-PAYMENT": _DOLLARS,
    "PPS-NEW-TECH-PAY-ADD-ON": _DOLLARS,
    "PPS-ISLET-ISOL-PAY-ADD-ON": _DOLLARS,
    "PPS-LOW-VOL-PAYMENT": _DOLLARS,
    "PPS-VAL-BASED-PURCH-ADJUST": Field(1, 11),
    "PPS-HOSP-HRR-ADJUSTMT": _FRACTION,
    "PPS-MODEL1-BUNDLE-DISPRCNT": Field(0, 3),
    "PPS-OPER-BASE-DRG-PAY": Field(8, 2),
    "PPS-OPER-HSP-AMT": Field(8, 2),
    "PPS-OPER-DSH": _FRACTION,
    "PPS-CAPI-DSH": _FRACTION,
    "PPS-CAPI-HSP-PCT": _PERCENT,
    "PPS-CAPI-FSP-PCT": _FRACTION,
    "PPS-ARITH-ALOS": Field(2, 1),
    "PPS-PR-WAGE-INDEX": Field(2, 4),
    "PPS-TRANSFER-ADJ": _FRACTION,
    "PPS-OPER-HSP-PART2": _DOLLARS,
    "PPS-BUNDLE-ADJUST-PAY": _SIGNED,
    "PPS-UNCOMP-CARE-AMOUNT": _SIGNED,
    "PPS-BUNDLE-ADJUST-AMT": _SIGNED,
    "PPS-VAL-BASED-PURCH-ADJUST-AMT": _SIGNED,
    "PPS-READMIS-ADJUST-AMT": _SIGNED,
    "PPS-EHR-ADJUST-AMT": _SIGNED,
    "PPS-STNDRD-VALUE": _SIGNED,
    "PPS-HAC-PAYMENT-AMT": _SIGNED,
    "PPS-FLX7-PAYMENT": _SIGNED,
}
"""Every numeric output field."""

TEXTS: dict[str, str] = {
    "PPS-CALC-VERS": "00000",
    "PPS-CAPI2-PAY-CODE": "0",
    "PPS-VAL-BASED-PURCH-PARTIPNT": "0",
    "PPS-HOSP-READMISSION-REDU": "0",
    "PPS-PC-HMO-FLAG": "0",
    "PPS-PC-COT-FLAG": "0",
    "PPS-HAC-PROG-REDUC-IND": "0",
    "PPS-EHR-PROG-REDUC-IND": "0",
}
"""Every text field, with what it holds before the program has put anything there."""

NOTHING: dict[str, str] = {
    **{name: f"{Decimal(0):.{field.scale}f}" for name, field in NUMBERS.items()},
    **TEXTS,
}
"""The whole record before anything is priced."""

LARGE = Decimal(1_000_000)
"""Below this no amount of a claim can be wider than its field."""


def written(name: str, value: Decimal) -> str:
    """A figure at its field's scale, half up.

    >>> written("PPS-DOLLAR-THRESHOLD", Decimal(0)), written("PPS-HSP-PCT", Decimal(1))
    ('0.000000000', '1.00')
    """
    return f"{half_up(value, NUMBERS[name].scale):f}"


def fitted(name: str, text: str) -> str:
    """What a fixed field keeps of a number: digits beyond its width are lost on the left.

    >>> fitted("PPS-OPER-FSP-PART", "1234567.89"), fitted("PPS-HAC-PAYMENT-AMT", "-12.00")
    ('234567.89', '-12.00')
    """
    field = NUMBERS[name]
    sign = "-" if text.startswith("-") and field.signed else ""
    whole, point, decimals = text.removeprefix("-").partition(".")
    if len(whole) > field.digits:
        whole = whole[len(whole) - field.digits :].lstrip("0") or "0"
    return f"{sign}{whole}{point}{decimals}"


def one_character(text: str) -> str:
    """An indicator as a one-character field holds it: a blank where it is empty."""
    return text[:1] or " "
