"""Medicare's inpatient prospective payment system (IPPS): operating and capital payment.

Published by CMS: the law is 42 CFR part 412, the figures each year's final rule. The discharge
date selects both. ``price`` is the way in; ``bill_from`` reads a bill from a grouped stay.
"""

from superbill.pricing.ipps.bill import Bill, bill_from
from superbill.pricing.ipps.price import price
from superbill.pricing.ipps.tables import Tables
from superbill.pricing.ipps.wage_index import WageIndex

__all__ = ["Bill", "Tables", "WageIndex", "bill_from", "price"]
