"""What would change the DRG: the stay grouped again without each of its codes.

This answers which codes carry the payment, and which would not be missed if an auditor struck
them. It says nothing of whether a code ought to be there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.grouping.msdrg.claim import GrouperClaim, of_encounter, plain_code
from superbill.grouping.msdrg.engine import Engine
from superbill.grouping.msdrg.group import group_claim
from superbill.grouping.msdrg.result import dotted
from superbill.grouping.msdrg.versions import version_on
from superbill.model import Encounter, Grouping, WhatIf

Worth = tuple[Decimal | None, Decimal | None]
"""A DRG's weight and what the stay would be paid in it, in dollars; ``None`` where unknown."""


def what_if(
    encounter: Encounter,
    grouping: Grouping,
    *,
    on: date,
    engine: Engine,
    worth: Callable[[Grouping], Worth] | None = None,
) -> tuple[WhatIf, ...]:
    """The DRG of the stay without each diagnosis, then without each procedure, in billed order.

    ``grouping`` is the stay as billed. ``worth`` gives weight and payment of a stay grouped
    otherwise; it is called once for each DRG that comes up. Without the principal diagnosis the
    next one takes its place. A stay with one diagnosis has no answer for it.
    """
    claim = of_encounter(encounter, version_on(on))
    known: dict[str, Worth] = {}

    def entry(where: str, code: str, other: GrouperClaim, note: str) -> WhatIf:
        found = group_claim(other, engine=engine, detail=False)
        if worth is not None and found.drg not in known:
            known[found.drg] = worth(found)
        weight, payment = known.get(found.drg, (None, None))
        return WhatIf(
            where=where,
            code=plain_code(code),
            drg=found.drg,
            title=found.final.title,
            changes=found.drg != grouping.drg,
            weight=weight,
            payment=payment,
            note=note,
        )

    entries = []
    for place, (code, _) in enumerate(claim.diagnoses):
        left = claim.diagnoses[:place] + claim.diagnoses[place + 1 :]
        if not left:
            continue
        note = ""
        if place == 0:
            note = f"{dotted(plain_code(left[0][0]))} would be the principal diagnosis."
        other = replace(claim, diagnoses=left)
        entries.append(entry(f"diagnoses[{place}]", code, other, note))
    for place, code in enumerate(claim.procedures):
        left_over = claim.procedures[:place] + claim.procedures[place + 1 :]
        other = replace(claim, procedures=left_over)
        entries.append(entry(f"procedures[{place}]", code, other, ""))
    return tuple(entries)
