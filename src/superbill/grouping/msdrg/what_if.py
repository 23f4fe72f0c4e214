"""What would change the DRG: the stay grouped again without each of its codes.

Where several diagnoses are each enough for the severity level, no one of them changes anything;
then the stay is also grouped without all of them.

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
from superbill.model import CodePlace, Encounter, Grouping, WhatIf

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

    Last comes the stay without all the diagnoses that hold its severity level, where there are
    several and none of them changes the DRG alone (:attr:`~superbill.model.WhatIf.also`).

    ``grouping`` is the stay as billed. ``worth`` gives weight and payment of a stay grouped
    otherwise; it is called once for each DRG that comes up. Without the principal diagnosis the
    next one takes its place. A stay with one diagnosis has no answer for it.
    """
    claim = of_encounter(encounter, version_on(on))
    known: dict[str, Worth] = {}

    def entry(
        where: str, code: str, other: GrouperClaim, note: str, also: tuple[CodePlace, ...] = ()
    ) -> WhatIf:
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
            also=also,
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
    changing = {case.where for case in entries if case.changes}
    holding = _holding(grouping)
    if len(holding) > 1 and not any(each.where in changing for each in holding):
        struck = {each.where for each in holding}
        kept = tuple(
            diagnosis
            for place, diagnosis in enumerate(claim.diagnoses)
            if f"diagnoses[{place}]" not in struck
        )
        first, *others = holding
        other = replace(claim, diagnoses=kept)
        entries.append(entry(first.where, first.code, other, "", tuple(others)))
    return tuple(entries)


def _holding(grouping: Grouping) -> list[CodePlace]:
    """The secondary diagnoses that are each enough for the severity level reached."""
    level = grouping.final.severity
    if level not in ("MCC", "CC"):
        return []
    return [
        CodePlace(where=code.where, code=plain_code(code.code))
        for code in grouping.codes
        if code.severity == level
        and code.where.startswith("diagnoses")
        and code.where != "diagnoses[0]"
    ]
