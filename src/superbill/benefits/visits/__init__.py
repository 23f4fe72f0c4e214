"""What each payer of services by line pays, and what is left to the patient.

Medicare Part B, Medigap, Medicaid, a commercial or employer plan, a patient alone: :func:`split`
asks them in the order that the visit gives; :func:`check` says what about charges and payers cannot
be. Amounts that law sets by year are in the TOML files beside the rules of stays.
"""

from superbill.benefits.visits.check import check
from superbill.benefits.visits.split import needs_medicare_price, split

__all__ = ["check", "needs_medicare_price", "split"]
