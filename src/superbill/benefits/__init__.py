"""What each payer of an inpatient stay pays, and what is left to the patient.

One module per kind of payer: Medicare Part A, Medigap, Medicaid, a commercial or employer plan, a
patient alone. :func:`split` asks them in the order that the encounter gives; :func:`check` says
what about charges, days and payers cannot be. Amounts that law sets by year are in TOML files
beside the rules, each with where it was published; a day that none reaches is not covered.
"""

from superbill.benefits.check import check
from superbill.benefits.part_a import days
from superbill.benefits.split import Split, needs_medicare_price, split

__all__ = ["Split", "check", "days", "needs_medicare_price", "split"]
