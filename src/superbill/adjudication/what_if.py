"""What each code is worth: the weight and the payment of the stay without it.

The grouper says the group without each code; here that stay is priced. A code can matter to the
payment beyond its group (a new technology, a treatment that a law of the year raises), so each stay
is priced without the code, and not merely in the other group.
"""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from superbill.adjudication.steps import Steps
from superbill.errors import NotCovered
from superbill.model import SILENT, Encounter, Grouping, WhatIf

_PLACE = re.compile(r"(diagnoses|procedures)\[(\d+)\]")


def worth(
    encounter: Encounter, grouping: Grouping, priced: Encounter | None, engine: Steps
) -> tuple[WhatIf, ...]:
    """The what-ifs of ``grouping`` with weight and payment, ``None`` where these are not covered.

    ``priced`` is the stay as it was priced, ``None`` where it was not.
    """
    weights: dict[str, Decimal | None] = {}
    cases = []
    for case in grouping.what_if:
        if case.drg not in weights:
            weights[case.drg] = _weight(engine, case.drg, encounter)
        payment = None if priced is None else _payment(engine, case, priced, grouping)
        cases.append(replace(case, weight=weights[case.drg], payment=payment))
    return tuple(cases)


def without(encounter: Encounter, *places: str) -> Encounter:
    """The stay without the codes at ``places`` (``diagnoses[2]``, ``procedures[0]``).

    What could be at any other place is refused with ``ValueError``.
    """
    for where in places:
        if _PLACE.fullmatch(where) is None:
            raise ValueError(f"{where!r} is not the place of a code")

    def left[T](name: str, codes: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(code for i, code in enumerate(codes) if f"{name}[{i}]" not in places)

    return replace(
        encounter,
        diagnoses=left("diagnoses", encounter.diagnoses),
        procedures=left("procedures", encounter.procedures),
    )


def _weight(engine: Steps, drg: str, encounter: Encounter) -> Decimal | None:
    try:
        return engine.weight(drg, on=encounter.discharge_date)
    except NotCovered:
        return None


def _payment(
    engine: Steps, case: WhatIf, encounter: Encounter, grouping: Grouping
) -> Decimal | None:
    other = replace(grouping, final=replace(grouping.final, drg=case.drg))
    stay = without(encounter, case.where, *(each.where for each in case.also))
    try:
        payment = engine.price(stay, other, SILENT, detail=False)
    except NotCovered:
        return None
    return payment.total if payment.payable else None
