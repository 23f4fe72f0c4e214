"""What a state's Medicaid pays for a service: its schedule's rate of the day × units.

Published by each state, which sets its rates within its state plan (42 U.S.C. 1396a(a)(30)(A); 42
CFR part 447); the day of service selects the release. The lesser of charge and schedule, what other
payers paid, and the copay are the plan's benefits, not the schedule's.
"""

from superbill.pricing.medicaid.price import OTHER, OWN, price, prices

__all__ = ["OTHER", "OWN", "price", "prices"]
