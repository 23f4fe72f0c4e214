"""Medicare's physician fee schedule: professional services, priced line by line and claim by claim.

Published by CMS: the law is 42 CFR part 414, subpart B, the figures the relative value files of
each quarter. The date of service selects both. :class:`Pricer` is the way in.
"""

from superbill.pricing.mpfs.claim import price_together
from superbill.pricing.mpfs.global_period import Included, Service, included
from superbill.pricing.mpfs.line import Line, read
from superbill.pricing.mpfs.price import price
from superbill.pricing.mpfs.pricer import Pricer
from superbill.pricing.mpfs.result import Adjusted, Priced
from superbill.pricing.mpfs.tables import Locality, Tables, Values

__all__ = [
    "Adjusted",
    "Included",
    "Line",
    "Locality",
    "Priced",
    "Pricer",
    "Service",
    "Tables",
    "Values",
    "included",
    "price",
    "price_together",
    "read",
]
