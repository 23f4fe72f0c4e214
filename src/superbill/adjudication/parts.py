"""A stay's group alone, and its Medicare payment alone, whoever pays.

For a coder who asks for the DRG, and a biller who asks for the price: no split, and the payers of
the stay are left aside. What makes a claim unfit for any answer is refused here too.
"""

from __future__ import annotations

from msgspec.structs import replace

from superbill.adjudication import what_if as without_each
from superbill.adjudication.steps import Steps
from superbill.edits import integrity
from superbill.errors import NotCovered
from superbill.model import SILENT, Encounter, Grouping, Payment, Recorder


def group(encounter: Encounter, *, engine: Steps, what_if: bool = True) -> Grouping:
    """The stay's group, with what each code did.

    With ``what_if`` also the group without each code, its weight, and the payment where Medicare's
    price of the stay is covered. Raises :class:`~superbill.errors.Invalid` and, where no version of
    the grouper serves the day, :class:`~superbill.errors.NotCovered`.
    """
    integrity.refuse(engine.edits(encounter))
    grouping = engine.group(encounter, detail=True, what_if=what_if)
    if not what_if:
        return grouping
    cases = without_each.worth(
        encounter, grouping, encounter if _payable(encounter, grouping, engine) else None, engine
    )
    return replace(grouping, what_if=cases)


def price(
    encounter: Encounter, *, engine: Steps, explain: bool = False
) -> tuple[Grouping, Payment]:
    """What Medicare's inpatient system pays for the stay, with its steps if ``explain``.

    Raises :class:`~superbill.errors.Invalid`, and :class:`~superbill.errors.NotCovered` where the
    grouper's version, the law, the figures or the hospital's record of the day are not held.
    """
    integrity.refuse(engine.edits(encounter))
    grouping = engine.group(encounter, detail=False, what_if=False)
    trace = Recorder() if explain else SILENT
    return grouping, engine.price(encounter, grouping, trace)


def _payable(encounter: Encounter, grouping: Grouping, engine: Steps) -> bool:
    try:
        return engine.price(encounter, grouping, SILENT).payable
    except NotCovered:
        return False
