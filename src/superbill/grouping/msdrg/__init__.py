"""Medicare Severity Diagnosis Related Groups: one payment group for an inpatient stay.

CMS publishes the grouper (https://www.cms.gov/medicare/payment/prospective-payment-systems/
acute-inpatient-pps/ms-drg-classifications-and-software); the discharge date selects its version.
"""

from superbill.grouping.msdrg.claim import GrouperClaim
from superbill.grouping.msdrg.engine import Engine
from superbill.grouping.msdrg.group import group, group_claim
from superbill.grouping.msdrg.versions import VERSIONS, label, version_days, version_on
from superbill.grouping.msdrg.what_if import Worth, what_if

__all__ = [
    "VERSIONS",
    "Engine",
    "GrouperClaim",
    "Worth",
    "group",
    "group_claim",
    "label",
    "version_days",
    "version_on",
    "what_if",
]
