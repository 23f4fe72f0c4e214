"""Level 5, code sets: what a claim codes, on the date of service.

Which day counts: for a stay the day it ends; otherwise a code must be valid on the first or the
last day of service of the claim. A set that is not held is noted as not checked, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import ClassVar, NamedTuple

from superbill.identifiers import bill_type, revenue_code
from superbill.interop.x12.check import code_forms
from superbill.interop.x12.check.book import ICD10_SINCE, CodeBook, Held, day
from superbill.interop.x12.check.finding import At
from superbill.interop.x12.check.identifiers import Identifiers
from superbill.interop.x12.check.rules import Desk, Place, Rules, element

CLAIMS = frozenset({"837P", "837I", "837D"})

_HCPCS_FORM = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_NDC = re.compile(r"[0-9]{11}")
_ICD10_CM = frozenset({"ABK", "ABJ", "APR", "ABN", "ABF"})
_ICD10_PCS = frozenset({"BBR", "BBQ"})
_ICD9 = frozenset({"BK", "BJ", "PR", "BN", "BF", "BR", "BQ"})
_NUBC = frozenset({"BI", "BH", "BE", "BG", "TC"})
_INPATIENT = frozenset({"11", "18", "21", "41"})


class _Code(NamedTuple):
    at: At
    name: str
    kind: str
    code: str


type _Notes = tuple[tuple[str, str], ...]
_MOST_FINE = 20_000


class ClaimCodes(Rules):
    """837: diagnoses, procedures, HCPCS, places, revenue codes and types of bill.

    What was found right on a day is kept (``FINE``, with what could not be checked in it), for
    claims repeat their codes.
    """

    LEVEL = 5
    SETS: ClassVar = CLAIMS
    BOOK: ClassVar = CodeBook(None)
    FINE: ClassVar[dict[tuple[object, ...], _Notes]] = {}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wrongs = 0
        self._notes: dict[tuple[str, str], None] = {}
        self._clear()

    def _clear(self) -> None:
        self._clm: tuple[list[str], Place] | None = None
        self._his: list[tuple[list[str], Place]] = []
        self._first: date | None = None
        self._last: date | None = None
        self._statement: date | None = None
        self._line: tuple[list[str], Place] | None = None
        self._line_day: date | None = None

    def _claim(self, e: list[str]) -> None:
        self._clear()
        self._clm = (e, (self.desk.offset, self.desk.number))

    def _day(self, found: date) -> None:
        if self._first is None or found < self._first:
            self._first = found
        if self._last is None or found > self._last:
            self._last = found

    def _dtp(self, e: list[str]) -> None:
        if len(e) < 4:
            return
        kind, period = e[1], e[3]
        if kind == "434":
            for text in (period[:8], period[9:]):
                if found := day(text):
                    self._statement = found
                    self._day(found)
        elif kind == "472" and (found := day(period)):
            self._day(found)

    def _hi(self, e: list[str]) -> None:
        self._his.append((e, (self.desk.offset, self.desk.number)))

    def _lx(self, e: list[str]) -> None:
        self._line = self._line_day = None

    def _service(self, e: list[str]) -> None:
        self._line = (e, (self.desk.offset, self.desk.number))

    def _line_dtp(self, e: list[str]) -> None:
        if len(e) > 3 and e[1] == "472" and (found := day(e[3])):
            self._line_day = found
            self._day(found)

    def _lin(self, e: list[str]) -> None:
        if element(e, 2) == "N4" and _NDC.fullmatch(element(e, 3)) is None:
            self._wrong(
                _Code(self.desk.here(), "LIN03", "ndc", element(e, 3)[:13]),
                "is no NDC of eleven digits",
                "Write eleven digits (5-4-2) without hyphens.",
            )

    def _line_ends(self) -> None:
        if self._line is None:
            return
        e, place = self._line
        on = self._line_day or self._statement or self._first
        self._once(
            (
                e[0],
                e[1] if len(e) > 1 else "",
                e[2] if e[0] == "SV2" and len(e) > 2 else "",
                e[5] if e[0] == "SV1" and len(e) > 5 else "",
                on,
            ),
            lambda: self._service_codes(e, self.desk.there(place, e[0], "2400"), on),
        )
        self._line = self._line_day = None

    def _claim_ends(self) -> None:
        if self._clm is None:
            return
        e, place = self._clm
        first, last = self._first, self._last
        facility = e[5] if len(e) > 5 else ""
        kind, bill = _facility(facility, self.desk.mark)
        self._once(
            ("CLM", facility, last),
            lambda: self._facility(kind, bill, self.desk.there(place, "CLM", "2300"), last),
        )
        if kind == "A" and bill[:2] in _INPATIENT and self._statement is not None:
            first = last = self._statement
        for hi, where in self._his:
            self._once(
                (*hi, first, last),
                lambda hi=hi, where=where: self._health_codes(  # type: ignore[misc]
                    hi, self.desk.there(where, "HI", "2300"), first, last
                ),
            )
        self._clear()

    def _once(self, key: tuple[object, ...], look: Callable[[], None]) -> None:
        """Look, unless the same was looked at before and was right."""
        notes = self.FINE.get(key)
        if notes is None:
            wrongs, self._notes = self._wrongs, {}
            look()
            if wrongs != self._wrongs:
                return
            if len(self.FINE) >= _MOST_FINE:
                self.FINE.clear()
            self.FINE[key] = tuple(self._notes)
            return
        for rule, reason in notes:
            self.desk.unchecked(rule, reason)

    def _unchecked(self, rule: str, reason: str) -> None:
        self._notes[rule, reason] = None
        self.desk.unchecked(rule, reason)

    # What is looked at.

    def _facility(self, kind: str, bill: str, at: At, on: date | None) -> None:
        if kind != "A":
            self._check_place(_Code(at, "CLM05-1", "place", bill), on)
        elif bill and not bill_type.is_valid(f"0{bill}"):
            self._wrong(
                _Code(at, "CLM05-1", "type_of_bill", bill[:4]),
                "is no type of bill",
                bill_type.REMEDY,
            )

    def _service_codes(self, e: list[str], at: At, on: date | None) -> None:
        if e[0] == "SV2":
            self._revenue(element(e, 1), at)
            self._procedure(element(e, 2), "SV202", at, on)
            return
        self._procedure(element(e, 1), "SV101", at, on)
        if place := element(e, 5):
            self._check_place(_Code(at, "SV105", "place", place), on)

    def _revenue(self, sent: str, at: At) -> None:
        if sent and (not revenue_code.is_valid(sent) or len(sent) != 4):
            self._wrong(
                _Code(at, "SV201", "revenue", sent[:8]),
                "is no revenue code of a line",
                revenue_code.REMEDY,
            )
        elif sent:
            self._unchecked("code.revenue", "The list of revenue codes is not held: form only.")

    def _procedure(self, composite: str, name: str, at: At, on: date | None) -> None:
        kind, _, rest = composite.partition(self.desk.mark)
        if kind != "HC":
            return
        code, *modifiers = rest.split(self.desk.mark)[:5]
        told = _Code(at, f"{name}-2", "hcpcs", code)
        if code and _HCPCS_FORM.fullmatch(code) is None:
            self._wrong(told, "has not the form of a HCPCS code", "Write five characters.")
        elif code and on is None:
            self._unchecked("code.hcpcs", "The claim tells no date of service.")
        elif code and on is not None:
            held = self.BOOK.hcpcs(code, on)
            self._judge(told, held, f"is no HCPCS code on {on}", "code.hcpcs")
        for place, modifier in enumerate(modifiers, 3):
            if modifier and _MODIFIER.fullmatch(modifier) is None:
                self._wrong(
                    _Code(at, f"{name}-{place}", "modifier", modifier[:4]),
                    "has not the form of a modifier",
                    "Write two characters.",
                )

    def _health_codes(self, e: list[str], at: At, first: date | None, last: date | None) -> None:
        for place, item in enumerate(e[1:], 1):
            parts = item.split(self.desk.mark)
            kind, code = parts[0], parts[1] if len(parts) > 1 else ""
            if kind in _NUBC and code:
                self._unchecked(
                    "code.nubc", "The codes of the National Uniform Billing Committee are not held."
                )
            system = "cm" if kind in _ICD10_CM else "pcs" if kind in _ICD10_PCS else ""
            if not code or not (system or kind in _ICD9):
                continue
            if first is None or last is None:
                self._unchecked("code.icd", "The claim tells no date of service.")
            elif system:
                if self.BOOK.icd(system, code, last) is True:
                    continue
                self._check_icd(_Code(at, f"HI{place:02}-2", system, code), first, last)
            elif last >= ICD10_SINCE:
                self._wrong(
                    _Code(at, f"HI{place:02}-1", "icd9", kind),
                    f"says that the code is of ICD-9, which ended before {last}",
                    "Report ICD-10, with its qualifier (ABK, ABF, BBR …).",
                )
            else:
                self._unchecked("code.icd9", "ICD-9 is not held.")

    def _check_icd(self, code: _Code, first: date, last: date) -> None:
        if "." in code.code:
            self._wrong(code, "is written with a dot", "Write it without.")
            return
        held = self.BOOK.icd(code.kind, code.code, last)
        if held is False and first != last:
            held = self.BOOK.icd(code.kind, code.code, first)
        system = "ICD-10-CM" if code.kind == "cm" else "ICD-10-PCS"
        said = f"is no code of {system} that may be reported on {last}"
        self._judge(code, held, said, "code.icd")

    def _check_place(self, code: _Code, on: date | None) -> None:
        if code.code and not self.BOOK.place(code.code, on):
            self._wrong(code, "is no place of service", "11 is an office, 21 inpatient hospital.")

    def _judge(self, code: _Code, held: Held, said: str, rule: str) -> None:
        if held is False:
            self._wrong(code, said, "Look it up: superbill code CODE --on DATE.")
        elif held is not True:
            self._unchecked(rule, held)

    def _wrong(self, code: _Code, said: str, mend: str) -> None:
        self._wrongs += 1
        self.desk.report(
            5,
            f"code.{_RULES.get(code.kind, code.kind)}",
            f"{code.name} is {code.code[:10]!a}, which {said}."
            if code.kind != "icd9"
            else f"{code.name} is {code.code}, and it {said}.",
            mend,
            element=code.name,
            at=code.at,
            fault="7",
            sent=code.code[:10],
        )

    ON: ClassVar = {
        ("2300", "CLM"): _claim,
        ("2300", "DTP"): _dtp,
        ("2300", "HI"): _hi,
        ("2400", "LX"): _lx,
        ("2400", "SV1"): _service,
        ("2400", "SV2"): _service,
        ("2400", "DTP"): _line_dtp,
        ("2410", "LIN"): _lin,
    }
    AT_END: ClassVar = {"2300": _claim_ends, "2400": _line_ends}


@lru_cache(maxsize=256)
def _facility(composite: str, mark: str) -> tuple[str, str]:
    """Of CLM05 the kind (A a bill type, B a place) and the place, or the bill's three digits."""
    place, kind, frequency = (*composite.split(mark), "", "", "")[:3]
    return kind, f"{place}{frequency}" if kind == "A" else place


_RULES = {"cm": "icd10cm", "pcs": "icd10pcs"}


def rules(book: CodeBook) -> tuple[type[Rules], ...]:
    """The rules of level 5 with the codes of ``book``."""
    held = type("ClaimCodes", (ClaimCodes,), {"BOOK": book, "FINE": {}})
    return (Identifiers, held, *code_forms.RULES)
