"""X12 transaction sets of 5010: claims and remittances in and out, checked and acknowledged.

:func:`read` yields the claims (837P, 837I, 837D) and remittances (835) of a file as values of
:mod:`superbill.model`; :class:`ClaimWriter` writes claims; :func:`claim_of` makes the claim of a
stay, :func:`claim_of_visit` of a visit. Checking is :mod:`superbill.interop.x12.check`,
acknowledging :mod:`superbill.interop.x12.ack`.
"""

from superbill.interop.x12.claims.stay import claim_of
from superbill.interop.x12.claims.visit import claim_of_visit
from superbill.interop.x12.claims.writer import ClaimWriter
from superbill.interop.x12.control_numbers import (
    ControlNumbers,
    SequentialControlNumbers,
    StoredControlNumbers,
    control_number,
    user_control_numbers,
)
from superbill.interop.x12.institutional import (
    Batch837I,
    InstitutionalClaim,
    direct_partner,
    write_837i,
    write_837i_file,
)
from superbill.interop.x12.partner import Partner, parse_partner, read_partner
from superbill.interop.x12.typed import read

__all__ = [
    "Batch837I",
    "ClaimWriter",
    "ControlNumbers",
    "InstitutionalClaim",
    "Partner",
    "SequentialControlNumbers",
    "StoredControlNumbers",
    "claim_of",
    "claim_of_visit",
    "control_number",
    "direct_partner",
    "parse_partner",
    "read",
    "read_partner",
    "user_control_numbers",
    "write_837i",
    "write_837i_file",
]
