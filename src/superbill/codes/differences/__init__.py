"""What one release of a code system changes of another: new, revised, retired, moved, notes.

``between(store, "icd10cm", "FY2025", "FY2026")`` compares what holds from the first day of each.
Releases are named by their fiscal year (FY2026), their update (April 2025) or their first day.
"""

from superbill.codes.differences.answer import (
    SYSTEMS,
    ByCode,
    Change,
    Compared,
    Differences,
    System,
)
from superbill.codes.differences.compare import between
from superbill.codes.differences.releases import Held, held, release_named, system_named

__all__ = [
    "SYSTEMS",
    "ByCode",
    "Change",
    "Compared",
    "Differences",
    "Held",
    "System",
    "between",
    "held",
    "release_named",
    "system_named",
]
