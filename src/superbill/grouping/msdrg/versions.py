"""Which version of the Medicare Severity DRGs serves a stay: the discharge date says.

CMS publishes a version for discharges from 1 October (40.0, 41.0 …) and, when codes are added
in spring, another for discharges from 1 April (40.1, 41.1 …): MS-DRG Definitions Manual, title
page of each version; 42 CFR 412.10 for the yearly rule, section 1886(d)(5)(K)(vii) of the Social
Security Act for spring codes.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache

from superbill.dates import Span
from superbill.errors import NotCovered
from superbill.sources.msdrg_tables import GROUPER_COVERS, PACKAGE, VERSION_STARTS

VERSIONS = tuple(version for version, _ in VERSION_STARTS)
"""The versions that can be asked for, as ten times their number."""

_STARTS = tuple(day for _, day in VERSION_STARTS)


@lru_cache(maxsize=1024)
def version_on(day: date) -> int:
    """The grouper version, as ten times its number, for a discharge on ``day``.

    Raises :class:`~superbill.errors.NotCovered` outside the versions held.

    >>> version_on(date(2026, 3, 31)), version_on(date(2026, 4, 1))
    (430, 431)
    """
    if day not in GROUPER_COVERS:
        raise NotCovered(
            "MS-DRG grouping",
            on=day,
            remedy=(
                f"The installed {PACKAGE} package holds versions {label(VERSIONS[0])} to "
                f"{label(VERSIONS[-1])}, for discharges from {GROUPER_COVERS.start} to "
                f"{GROUPER_COVERS.last}."
            ),
        )
    return VERSIONS[bisect_right(_STARTS, day) - 1]


def version_days(version: int) -> Span:
    """The discharge days that ``version`` serves; the last one held ends with its package.

    >>> version_days(431).last.isoformat()
    '2026-09-30'
    """
    index = VERSIONS.index(version)
    end = _STARTS[index + 1] if index + 1 < len(_STARTS) else GROUPER_COVERS.end
    return Span(_STARTS[index], end)


def label(version: int) -> str:
    """A version as CMS writes it.

    >>> label(431)
    '43.1'
    """
    return f"{version // 10}.{version % 10}"
