"""Level 1, what patterns cannot tell: the tree of HL segments, and numbers that count.

An HL has a number (HL01, from 1), that of the one above it (HL02), a level (HL03) and whether
others stand below it (HL04). Which HL is above is known from the guide's loops, so that one wrong
number is told once and not again for all that follow.

Source: X12 005010, segments HL and LX; the counting of LX in claims is the 837 guides'.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from superbill.interop.x12.check.rules import Desk, Place, Rules, element
from superbill.interop.x12.tree import Walker


class _Level(NamedTuple):
    number: str
    below: str
    place: Place
    loop: str


class Hierarchy(Rules):
    """HL numbers, parents, and whether children are there that are told."""

    LEVEL = 1
    SETS: ClassVar = frozenset({"*"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._path: list[_Level] = []
        self._count = 0
        self._last = 0
        self._grown = False
        # An answer may break off where a level was refused.
        self._asks = isinstance(desk, Walker) and desk.guide.name not in {"271", "277", "277CA"}

    def _hl(self, e: list[str]) -> None:
        desk = self.desk
        assert isinstance(desk, Walker)
        number, above = element(e, 1), e[2] if len(e) > 2 else ""
        depth = desk.loops[-1].levels - 1
        self._count += 1
        if number not in {str(self._count), str(self._last + 1)}:
            desk.report(
                1,
                "hl.number",
                f"HL01 is {number[:12]!a}, and this is HL number {self._count} of the transaction.",
                "Count the HL segments from 1 in each transaction.",
                element="HL01",
                fault="7",
                sent=number[:12],
            )
        if number.isascii() and number.isdigit() and len(number) < 13:
            self._last = int(number)
        self._leave(depth)
        path = self._path
        if path:
            wanted = path[-1].number
            if above != wanted:
                desk.report(
                    1,
                    "hl.parent",
                    f"HL02 is {above[:12]!a}, and the HL above this one is number {wanted}.",
                    f"Give {wanted}, or move the HL below the one that it names.",
                    element="HL02",
                    fault="7",
                    sent=above[:12],
                )
            if path[-1].below == "0" and not self._grown:
                self._childless(path[-1], number)
        below = e[4] if len(e) > 4 else ""
        path.append(_Level(number, below, (desk.offset, desk.number), desk.loops[-1].id))
        self._grown = False

    def _leave(self, depth: int) -> None:
        """Close the levels at ``depth`` and deeper."""
        path = self._path
        while len(path) > max(depth, 0):
            level = path.pop()
            if level.below == "1" and not self._grown and self._asks:
                self.desk.report(
                    1,
                    "hl.child",
                    f"HL04 of HL {level.number} says that others stand below it, and none do.",
                    "Give 0, or send what should stand below it.",
                    element="HL04",
                    at=self.desk.there(level.place, "HL", level.loop),
                    fault="7",
                    sent="1",
                )
            self._grown = True

    def _childless(self, level: _Level, child: str) -> None:
        self.desk.report(
            1,
            "hl.child",
            f"HL04 of HL {level.number} says that nothing stands below it, and HL {child[:12]} "
            "does.",
            "Give 1.",
            element="HL04",
            at=self.desk.there(level.place, "HL", level.loop),
            fault="7",
            sent="0",
        )

    def finish(self) -> None:
        """Close what is open."""
        self._leave(0)

    ON: ClassVar = {("*", "HL"): _hl}


class LineNumbers(Rules):
    """LX01 counts the service lines of each claim from 1."""

    LEVEL = 1
    SETS: ClassVar = frozenset({"837P", "837I", "837D"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._count = 0
        self._last = 0

    def _clm(self, e: list[str]) -> None:
        self._count = self._last = 0

    def _lx(self, e: list[str]) -> None:
        self._count += 1
        sent = e[1] if len(e) > 1 else ""
        if sent == str(self._count):
            self._last = self._count
            return
        if sent != str(self._last + 1):
            self.desk.report(
                1,
                "line.number",
                f"LX01 is {sent[:12]!a}, and this is line {self._count} of the claim.",
                "Count the lines of a claim from 1.",
                element="LX01",
                fault="7",
                sent=sent[:12],
            )
        if sent.isascii() and sent.isdigit() and len(sent) < 13:
            self._last = int(sent)

    ON: ClassVar = {("2300", "CLM"): _clm, ("2400", "LX"): _lx}


class ClaimMark(Rules):
    """Tells the checker which claim it is in, so that findings can name it."""

    LEVEL = 1
    SETS: ClassVar = frozenset({"837P", "837I", "837D", "835"})

    def _claim(self, e: list[str]) -> None:
        self.desk.claim = element(e, 1)

    def _claim_ends(self) -> None:
        self.desk.claim = ""

    ON: ClassVar = {("2300", "CLM"): _claim, ("2100", "CLP"): _claim}
    AT_END: ClassVar = {"2300": _claim_ends, "2100": _claim_ends}


RULES = (Hierarchy, LineNumbers)
