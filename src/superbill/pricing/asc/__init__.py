"""Medicare's payment of ambulatory surgical centres: procedures, and items beside them, by claim.

Published by CMS under 42 CFR part 416, subpart F; how a claim is worked out is in the Medicare
Claims Processing Manual, chapter 14. The day of service selects the quarter's addenda and the
year's wage index. :func:`price` takes all lines of a claim, since procedures are ranked.
"""

from superbill.pricing.asc.price import Service, price
from superbill.pricing.asc.tables import PROCEDURES, Tables, tables

__all__ = ["PROCEDURES", "Service", "Tables", "price", "tables"]
