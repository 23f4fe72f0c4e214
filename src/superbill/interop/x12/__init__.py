"""X12 transaction sets of 5010. The 837I (institutional claims) is written so far."""

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

__all__ = [
    "Batch837I",
    "ControlNumbers",
    "InstitutionalClaim",
    "Partner",
    "SequentialControlNumbers",
    "StoredControlNumbers",
    "control_number",
    "direct_partner",
    "parse_partner",
    "read_partner",
    "user_control_numbers",
    "write_837i",
    "write_837i_file",
]
