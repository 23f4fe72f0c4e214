"""Level 4, remittances: what the way of payment demands (005010X221A1, in our words)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from superbill.interop.x12.check.rules import Rules, element

_BANK_DETAILS = ("ACH", "BOP", "FWT")


class Remittances(Rules):
    """835: what the way of payment demands."""

    LEVEL = 4
    SETS: ClassVar = frozenset({"835"})

    def _bpr(self, e: list[str]) -> None:
        method = element(e, 4)
        if method not in _BANK_DETAILS:
            return
        lacking = [place for place in (6, 7, 8, 9, 10, 12, 13, 14, 15) if not element(e, place)]
        if lacking:
            self.desk.report(
                4,
                "payment.bank",
                f"BPR04 is {method}, and {_named(lacking)} {_are(lacking)} missing: both banks and "
                "accounts are told of a payment from bank to bank.",
                "Send the numbers of both banks and accounts.",
                element=f"BPR{lacking[0]:02}",
                fault="I9",
            )

    ON: ClassVar = {("ST", "BPR"): _bpr}


def _named(places: Iterable[int]) -> str:
    return ", ".join(f"BPR{place:02}" for place in places)


def _are(places: list[int]) -> str:
    return "is" if len(places) == 1 else "are"
