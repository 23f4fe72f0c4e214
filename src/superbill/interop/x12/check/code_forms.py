"""Level 5, codes whose published lists are not held: their form alone is looked at.

Reasons and remarks of adjustments (lists 139 and 411), claim status codes (507 and 508), and the
codes of an admission that the National Uniform Billing Committee keeps. A code of the right form
is noted as not checked.
"""

from __future__ import annotations

import re
from typing import ClassVar

from superbill.interop.x12.check.rules import Rules, element

_REASON = re.compile(r"[1-9][0-9]{0,2}|[ABDPWY][0-9]{1,2}")
_REMARK = re.compile(r"(?:MA?|N)[0-9]{1,3}")
_STATUS = re.compile(r"[ADEFPR][0-9]{1,2}")
_ADMISSION_TYPE = re.compile(r"[1-59]")
_ADMISSION_SOURCE = re.compile(r"[0-9A-Z]")
_PATIENT_STATUS = re.compile(r"[0-9]{2}")


class Adjustments(Rules):
    """Reasons and remarks of adjustments, and claim status codes."""

    LEVEL = 5
    SETS: ClassVar = frozenset({"*"})
    PURE: ClassVar = True

    def _cas(self, e: list[str]) -> None:
        for place in range(2, min(len(e), 18), 3):
            self._look(
                e, place, "CAS", _REASON, "code.carc", "a claim adjustment reason code", "45"
            )
        self.desk.unchecked("code.carc", "The claim adjustment reason codes are not held.")

    def _moa(self, e: list[str]) -> None:
        self._remarks(e, (3, 4, 5, 6, 7), "MOA")

    def _mia(self, e: list[str]) -> None:
        self._remarks(e, (5, 20, 21, 22, 23), "MIA")

    def _lq(self, e: list[str]) -> None:
        if element(e, 1) == "HE":
            self._remarks(e, (2,), "LQ")

    def _remarks(self, e: list[str], places: tuple[int, ...], name: str) -> None:
        for place in places:
            self._look(e, place, name, _REMARK, "code.rarc", "a remark code", "MA01 or N130")
        self.desk.unchecked("code.rarc", "The remittance advice remark codes are not held.")

    def _stc(self, e: list[str]) -> None:
        category = element(e, 1).split(self.desk.mark)[0]
        if category and _STATUS.fullmatch(category) is None:
            self._wrong("STC01-1", category, "code.status", "a claim status category", "A2 or F1")
        self.desk.unchecked("code.status", "The claim status codes are not held.")

    def _look(
        self,
        e: list[str],
        place: int,
        name: str,
        form: re.Pattern[str],
        rule: str,
        what: str,
        such: str,
    ) -> None:
        sent = element(e, place)
        if sent and form.fullmatch(sent) is None:
            self._wrong(f"{name}{place:02}", sent, rule, what, such)

    def _wrong(self, name: str, sent: str, rule: str, what: str, such: str) -> None:
        self.desk.report(
            5,
            rule,
            f"{name} is {sent[:10]!a}, which has not the form of {what}.",
            f"Send the code as it is published, for example {such}.",
            element=name,
            fault="7",
            sent=sent[:10],
        )

    ON: ClassVar = {
        ("*", "CAS"): _cas,
        ("*", "MOA"): _moa,
        ("*", "MIA"): _mia,
        ("2110", "LQ"): _lq,
        ("*", "STC"): _stc,
    }


class Admissions(Rules):
    """837I: type and source of admission, and the patient's status."""

    LEVEL = 5
    SETS: ClassVar = frozenset({"837I"})
    PURE: ClassVar = True

    def _cl1(self, e: list[str]) -> None:
        for place, form, what, such in (
            (1, _ADMISSION_TYPE, "type of admission", "1 for an emergency"),
            (2, _ADMISSION_SOURCE, "point of origin", "1 for home"),
            (3, _PATIENT_STATUS, "patient status", "01 for home"),
        ):
            sent = element(e, place)
            if sent and form.fullmatch(sent) is None:
                self.desk.report(
                    5,
                    "code.admission",
                    f"CL10{place} is {sent[:4]!a}, which has not the form of a {what}.",
                    f"Send the code of the billing manual, for example {such}.",
                    element=f"CL10{place}",
                    fault="7",
                    sent=sent[:4],
                )

    ON: ClassVar = {("2300", "CL1"): _cl1}


RULES: tuple[type[Rules], ...] = (Adjustments, Admissions)
