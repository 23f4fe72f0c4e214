"""Whether the payers of a visit can be what they say, before anything is split.

The reader has looked at the lines (:func:`superbill.model.read.visit`).
"""

from __future__ import annotations

from collections.abc import Iterator

from superbill.benefits.check import dollars, plan_problems, share
from superbill.errors import Problem
from superbill.model import Medicaid, MedicarePartB, Medigap, Plan, SelfPay, Visit


def check(visit: Visit) -> list[Problem]:
    """Everything about payers that cannot be. Empty where all of it can."""
    problems: list[Problem] = []
    problems += _order(visit)
    for place, payer in enumerate(visit.payers):
        path = f"payers[{place}]"
        match payer:
            case MedicarePartB():
                problems += dollars(f"{path}.deductible_met", payer.deductible_met)
            case Medigap():
                problems += dollars(f"{path}.out_of_pocket_met", payer.out_of_pocket_met)
            case Medicaid():
                problems += dollars(f"{path}.copay", payer.copay)
            case Plan():
                problems += plan_problems(payer, path)
            case SelfPay():
                problems += share(f"{path}.discount", payer.discount)
    return problems


def _order(visit: Visit) -> Iterator[Problem]:
    kinds = [type(payer) for payer in visit.payers]
    last = len(kinds) - 1
    for place, payer in enumerate(visit.payers):
        path = f"payers[{place}]"
        before = kinds[:place]
        match payer:
            case MedicarePartB() if MedicarePartB in before:
                yield Problem(path, "Medicare is named twice.", "Name it once.")
            case Medigap() if MedicarePartB not in before:
                yield Problem(
                    path,
                    "a Medigap plan supplements Medicare, which is not named before it.",
                    'Put {"kind": "medicare_part_b"} before it.',
                )
            case Medicaid() if place != last:
                yield Problem(
                    path,
                    "Medicaid pays after every other payer (42 CFR 433.139).",
                    "Put it last.",
                )
            case SelfPay() if last:
                yield Problem(
                    path,
                    "self-pay means that nobody else pays.",
                    "Leave it out: what other payers leave to the patient is split off anyway.",
                )
            case Plan() if not place and payer.terms is None:
                yield Problem(
                    f"{path}.terms",
                    "the plan pays first, and nothing says what it allows.",
                    'Give its contract, such as {"method": "percent_of_medicare", '
                    '"percent": "1.20"}.',
                )
            case _:
                pass
