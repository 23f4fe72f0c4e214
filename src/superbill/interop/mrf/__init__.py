"""Price-transparency files: a payer's in-network rates, a hospital's standard charges.

:func:`check` holds a file against its schema, :func:`import_file` makes a book of it, and
:func:`prices` finds prices in either.
"""

from superbill.interop.mrf.prices import Case, Prices, Quote, charge_quote, rate_quote
from superbill.interop.mrf.reading import check, import_file, prices
from superbill.interop.mrf.values import (
    ChargeCode,
    ContainedCode,
    Header,
    ProviderGroup,
    Provision,
    Rate,
    Report,
    StandardCharge,
)

__all__ = [
    "Case",
    "ChargeCode",
    "ContainedCode",
    "Header",
    "Prices",
    "ProviderGroup",
    "Provision",
    "Quote",
    "Rate",
    "Report",
    "StandardCharge",
    "charge_quote",
    "check",
    "import_file",
    "prices",
    "rate_quote",
]
