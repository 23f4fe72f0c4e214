"""Group a stay: the discharge date chooses the version, the program the DRG."""

from __future__ import annotations

from datetime import date

from superbill.grouping.msdrg.bearing import bearing
from superbill.grouping.msdrg.claim import GrouperClaim, of_encounter
from superbill.grouping.msdrg.engine import Engine
from superbill.grouping.msdrg.result import grouping
from superbill.grouping.msdrg.versions import version_on
from superbill.model import Encounter, Grouping


def group(encounter: Encounter, *, on: date, engine: Engine, detail: bool = True) -> Grouping:
    """The MS-DRG of a stay discharged on ``on``.

    ``detail=False`` leaves out what each code did and the rule that was met, for bulk work; the
    DRGs, return codes and hospital-acquired conditions are the same.

    Raises :class:`~superbill.errors.NotCovered` where no version held serves that day.
    """
    return group_claim(of_encounter(encounter, version_on(on)), engine=engine, detail=detail)


def group_claim(claim: GrouperClaim, *, engine: Engine, detail: bool = True) -> Grouping:
    """The MS-DRG of ``claim`` under its own version, whatever the day.

    A claim that cannot be grouped is no error: its DRG is 999 and its return code says why.
    """
    if detail:
        return grouping(engine.run(claim), claim.version, detail=True)
    # Without detail the answer is that of what bears on it, and many stays are the same in that.
    claim = bearing(claim)
    found = engine.answered.get(claim)
    if found is None:
        found = grouping(engine.run(claim), claim.version, detail=False)
        engine.remember(claim, found)
    return found
