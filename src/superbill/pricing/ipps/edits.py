"""What a bill must have before it is priced: the first test that fails sets the return code.

The tests and their order are those of CMS's pricer.
"""

from __future__ import annotations

from datetime import date

from superbill.model.hospital import Hospital
from superbill.pricing.ipps.bill import Bill
from superbill.pricing.ipps.codes import Refused
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.wage_index import WageIndex

REVIEW_CODES = frozenset({"00", "03", "06", "07", "09", "11"})
CAPITAL_PAYMENT_CODES = frozenset({"B", "C"})
MOST_RESERVE_DAYS = 60


def check(bill: Bill, hospital: Hospital, index: WageIndex, on: date) -> Refused | None:
    """The first test that the bill fails, or ``None``."""
    if on < hospital.effective_date or on < index.effective:
        return Refused("55", "the discharge lies before the hospital's record or wage index")
    if hospital.termination_date is not None and on >= hospital.termination_date:
        return Refused("55", "the hospital had left the programme on the day of discharge")
    stay, covered, reserve = bill.length_of_stay, bill.covered_days, bill.lifetime_reserve_days
    valid_review = bill.review_code in REVIEW_CODES
    if stay is None or (stay == 0 and not valid_review):
        return Refused("56", "the length of stay is not a number, or 0 without a review code")
    if reserve is None or reserve > MOST_RESERVE_DAYS:
        return Refused("61", f"lifetime reserve days are not a number up to {MOST_RESERVE_DAYS}")
    if covered is None or (covered == 0 and stay > 0) or reserve > covered:
        return Refused("62", "covered days are missing, 0, or fewer than lifetime reserve days")
    if not valid_review:
        return Refused("57", f"review code {bill.review_code!r} is not one of the six")
    if bill.charges is None:
        return Refused("58", "the covered charges are not a number")
    if not hospital.new_hospital and hospital.capital_pps_payment_code not in CAPITAL_PAYMENT_CODES:
        return Refused("65", "the capital payment code is neither B nor C")
    return None


# --- Law that changed: each is named in versions.py ----------------------------------------------


def kind_2019(hospital: Hospital, on: date, figures: Figures) -> Refused | None:
    """A hospital still marked Medicare-dependent after the programme's end is not priced."""
    if hospital.provider_type in ("14", "15") and on >= figures.medicare_dependent_ends:
        return Refused("52", "Medicare-dependent hospitals are not known to the law on the day")
    return None


def kind_2024(hospital: Hospital, on: date, figures: Figures) -> Refused | None:
    """No kind of hospital is refused; whether its own rate is paid is asked when it is paid."""
    return None
