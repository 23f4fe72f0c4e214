"""A stay or visit from its codes to who pays what: edits, group, price, split, in this order.

This layer alone knows the order, and carries values of the model from one step to the next, which
know nothing of one another. An :class:`Engine` holds what they read, opened once.
"""

from superbill.adjudication.engine import Engine
from superbill.adjudication.estimating import estimate
from superbill.adjudication.parts import group, price
from superbill.adjudication.stay import Ask, adjudicate, adjudicate_each
from superbill.adjudication.steps import Steps
from superbill.adjudication.visit import VisitSteps, adjudicate_visit

__all__ = [
    "Ask",
    "Engine",
    "Steps",
    "VisitSteps",
    "adjudicate",
    "adjudicate_each",
    "adjudicate_visit",
    "estimate",
    "group",
    "price",
]
