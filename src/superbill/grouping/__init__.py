"""Groupers: which payment group a stay or a visit falls into, and what drove it there.

- :mod:`~superbill.grouping.msdrg`: Medicare Severity DRGs, for inpatient stays.
"""
