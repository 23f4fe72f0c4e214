"""A stay from its codes to who pays what: edits, group, payment, and the split, in this order.

This layer alone knows the order, and carries values of the model from one step to the next, which
know nothing of one another. An :class:`Engine` holds what they read, opened once.
"""

from superbill.adjudication.engine import Engine
from superbill.adjudication.parts import group, price
from superbill.adjudication.stay import Ask, adjudicate, adjudicate_each
from superbill.adjudication.steps import Steps

__all__ = ["Ask", "Engine", "Steps", "adjudicate", "adjudicate_each", "group", "price"]
