"""Level 4, eligibility: what an inquiry and its answer demand (005010X279A1, in our words)."""

from __future__ import annotations

from typing import ClassVar

from superbill.interop.x12.check.rules import Desk, Place, Rules


class Inquiries(Rules):
    """270: something is asked of a subscriber below whom no dependent is named."""

    LEVEL = 4
    SETS: ClassVar = frozenset({"270"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._subscriber: Place | None = None

    def _begins(self, e: list[str]) -> None:
        self._subscriber = (self.desk.offset, self.desk.number)

    def _asked(self, e: list[str]) -> None:
        self._subscriber = None

    def _ends(self) -> None:
        if self._subscriber is not None:
            self.desk.report(
                4,
                "inquiry.nothing_asked",
                "Nothing is asked of the subscriber, and no dependent is named below.",
                "Send an EQ with the kinds of service asked about, or the dependent's level.",
                at=self.desk.there(self._subscriber, "HL", "2000C"),
                fault="I9",
            )
        self._subscriber = None

    ON: ClassVar = {
        ("2000C", "HL"): _begins,
        ("2110C", "EQ"): _asked,
        ("2000D", "HL"): _asked,
    }
    AT_END: ClassVar = {"2000C": _ends}


class Brackets(Rules):
    """271: other parties to a benefit stand between LS and LE."""

    LEVEL = 4
    SETS: ClassVar = frozenset({"271"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._opened: Place | None = None
        self._named = False

    def _opens(self, e: list[str]) -> None:
        self._opened = (self.desk.offset, self.desk.number)

    def _party(self, e: list[str]) -> None:
        if self._opened is None and not self._named:
            self._unopened("Another party to the benefit is named, and no LS stands before it.")
        self._named = True

    def _closes(self, e: list[str]) -> None:
        if self._opened is None and not self._named:
            self._unopened("LE ends what no LS has begun.")
        self._opened, self._named = None, False

    def _unopened(self, message: str) -> None:
        self.desk.report(
            4,
            "loop.unopened",
            message,
            "Send LS before the first party to the benefit and LE after the last.",
            fault="I9",
        )

    def _subscriber_ends(self) -> None:
        self._end("2110C")

    def _dependent_ends(self) -> None:
        self._end("2110D")

    def _end(self, loop: str) -> None:
        if self._opened is not None:
            self.desk.report(
                4,
                "loop.unclosed",
                "LS begins what no LE ends.",
                "Send LE after the last party to the benefit.",
                at=self.desk.there(self._opened, "LS", loop),
                fault="I9",
            )
        self._opened, self._named = None, False

    ON: ClassVar = {
        ("2110C", "LS"): _opens,
        ("2110D", "LS"): _opens,
        ("2120C", "NM1"): _party,
        ("2120D", "NM1"): _party,
        ("2110C", "LE"): _closes,
        ("2110D", "LE"): _closes,
    }
    AT_END: ClassVar = {"2110C": _subscriber_ends, "2110D": _dependent_ends}
