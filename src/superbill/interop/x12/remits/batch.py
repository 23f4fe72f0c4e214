"""Decisions gathered for remittances: one for each payer and provider, with all claims between.

Each item is checked as it is added, so that one that cannot be sent stops no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from superbill.errors import Invalid, Problem
from superbill.interop.x12.remits.amounts import balanced
from superbill.interop.x12.remits.decided import Key, Settled, answered
from superbill.interop.x12.remits.write import segments
from superbill.interop.x12.segments import Builder, Syntax
from superbill.model import Remittance, RemittanceClaim

MOST_CLAIMS = 10_000
"""That one remittance should hold, as its guide (005010X221A1) recommends."""


class Batch835:
    """Decisions gathered for remittances, each checked as it is added.

    ``paid_on`` is the day of payment, ``syntax`` the characters that the receiver takes.
    """

    def __init__(self, *, paid_on: date, syntax: Syntax = Syntax()) -> None:  # noqa: B008 (frozen)
        self._paid_on = paid_on
        self._syntax = syntax
        self._heads: dict[Key, Remittance] = {}
        self._claims: dict[Key, list[RemittanceClaim]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._claims.values()))

    def add(self, item: Settled) -> None:
        """Add what every payer of one decision answers.

        Raises :class:`~superbill.errors.Invalid` with what is wrong, and then the batch is as it
        was.
        """
        answers = list(answered(item, self._paid_on))
        for _, head, claim in answers:
            b = Builder(self._syntax)
            segments(b, replace(head, claims=(claim,)), "0")
            if b.problems:
                raise Invalid(b.problems)
        for key, head, claim in answers:
            self._heads.setdefault(key, head)
            self._claims.setdefault(key, []).append(claim)

    def remittances(self) -> list[Remittance]:
        """One for each payer and provider, in the order in which they first came; all add up.

        Where there are more claims than one remittance should hold, several.
        """
        return [
            balanced(replace(head, claims=tuple(self._claims[key][start : start + MOST_CLAIMS])))
            for key, head in self._heads.items()
            for start in range(0, len(self._claims[key]), MOST_CLAIMS)
        ]


def remittances_of(items: Iterable[Settled], *, paid_on: date) -> list[Remittance]:
    """One remittance for each payer and provider, in the order in which they first come.

    ``paid_on`` is the day of payment. Each adds up, line by line where there are lines. Raises
    :class:`~superbill.errors.Invalid` with every problem of every item; with several items the
    paths begin with ``items[i]``.
    """
    batch = Batch835(paid_on=paid_on)
    problems: list[tuple[int, Problem]] = []
    count = 0
    for at, item in enumerate(items):
        count += 1
        try:
            batch.add(item)
        except Invalid as error:
            problems += [(at, problem) for problem in error.problems]
    if problems:
        raise Invalid(
            [
                p if count == 1 else Problem(f"items[{at}].{p.path}", p.message, p.remedy)
                for at, p in problems
            ]
        )
    return batch.remittances()
