"""Medicare's payment for clinical laboratory tests, one amount for the whole country.

Published by CMS under 42 U.S.C. 1395m-1 and 42 CFR part 414, subpart G; the day of service selects
the quarter's file. The lesser of charge and schedule is paid in full: neither deductible nor
coinsurance is taken (42 U.S.C. 1395l(a)(1)(D), (b)). A test that the contractor prices has no
national amount.
"""

from superbill.pricing.clfs.price import DATASET, price

__all__ = ["DATASET", "price"]
