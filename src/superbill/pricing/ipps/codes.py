"""The pricer's return codes, and what each says in plain words.

Codes below 50 are paid, those from 50 on are not. From 30 to 44 a code says the same as the one
thirty below it, and that the claim would become a cost outlier if the hospital's cost-to-charge
ratio were 0.2 higher, so that CMS may reconcile it later (42 CFR 412.84(i)).
"""

from __future__ import annotations

from typing import NamedTuple

_WATCHED = " Would be a cost outlier at a cost-to-charge ratio 0.2 higher: open to reconciliation."

MEANINGS: dict[str, str] = {
    "00": "Paid the full DRG amount.",
    "02": "Paid the full DRG amount and a cost outlier.",
    "03": "Paid by the day as a transfer to another acute hospital.",
    "05": "Paid by the day as a transfer to another acute hospital, and a cost outlier.",
    "06": "Paid by the day as a transfer to another acute hospital; no cost outlier was asked for.",
    "10": "Paid half at once and half by the day as a transfer to post-acute care from a "
    "special-pay DRG.",
    "12": "Paid by the day as a transfer to post-acute care from a post-acute DRG.",
    "14": "Paid the full DRG amount; the stay reached the DRG's mean length.",
    "16": "Paid the full DRG amount and a cost outlier; the stay reached the DRG's mean length.",
    "51": "Not paid: no record of the hospital was found.",
    "52": "Not paid: no valid wage index for the hospital on the day, or a kind of hospital that "
    "the law no longer knows then.",
    "53": "Not paid here: the hospital is in a waiver state, or is a Puerto Rico hospital marked "
    "for the hospital-acquired condition reduction, which does not apply there.",
    "54": "Not paid: the DRG is not one that the system pays.",
    "55": "Not paid: the discharge lies before the hospital's record or wage index takes effect, "
    "or on or after the day on which the hospital left the programme.",
    "56": "Not paid: the length of stay is not valid.",
    "57": "Not paid: the review code is none of 00, 03, 06, 07, 09 and 11.",
    "58": "Not paid: the covered charges are not a number.",
    "61": "Not paid: lifetime reserve days are not a number, or more than 60.",
    "62": "Not paid: covered days are not a number, none for a stay with days, or fewer than the "
    "lifetime reserve days.",
    "65": "Not paid: the hospital's capital payment code, readmissions reduction or health record "
    "indicator is not valid.",
    "67": "Not paid: a cost outlier whose stay is longer than the covered days.",
    "68": "Not paid: the hospital's value-based purchasing data are not valid.",
    "98": "Not paid: the bill is older than the system.",
}
MEANINGS |= {
    f"{int(code) + 30}": MEANINGS[code] + _WATCHED for code in ("00", "03", "10", "12", "14")
}

PAID_BELOW = 50


class Refused(NamedTuple):
    """A claim that is not priced: the return code and what exactly was wrong."""

    code: str
    why: str


def paid(code: str) -> bool:
    """Whether a return code is one of a paid claim.

    >>> paid("14"), paid("52")
    (True, False)
    """
    return int(code) < PAID_BELOW
