"""Level 5: codes and identifiers, on the date of service.

Which day counts: for a stay the day it ends; otherwise a code must be valid on the first or the
last day of service of the claim. A set that is not held is noted as not checked, never passed over.
"""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, NamedTuple

from superbill.identifiers import bill_type, npi, postal, revenue_code, taxonomy
from superbill.interop.x12.check.book import COUNTRIES, ICD10_SINCE, CodeBook, Held, day
from superbill.interop.x12.check.finding import At
from superbill.interop.x12.check.rules import Desk, Rules, element

CLAIMS = frozenset({"837P", "837I", "837D"})
_ANY: frozenset[str] = frozenset({"*"})

_HCPCS_FORM = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_NDC = re.compile(r"[0-9]{11}")
_ICD10_CM = frozenset({"ABK", "ABJ", "APR", "ABN", "ABF"})
_ICD10_PCS = frozenset({"BBR", "BBQ"})
_ICD9 = frozenset({"BK", "BJ", "PR", "BN", "BF", "BR", "BQ"})
_NUBC = frozenset({"BI", "BH", "BE", "BG", "TC"})
_INPATIENT = frozenset({"11", "18", "21", "41"})
_MOST_NPIS = 20_000


class Identifiers(Rules):
    """NPIs by their check digit, taxonomy codes by their form, states and countries."""

    LEVEL = 5
    SETS: ClassVar = _ANY
    PURE: ClassVar = True
    _good: ClassVar[dict[str, bool]] = {}

    def _nm1(self, e: list[str]) -> None:
        if len(e) > 9 and e[8] == "XX":
            self._npi(e[9], "NM109")

    def _n1(self, e: list[str]) -> None:
        if element(e, 3) == "XX":
            self._npi(element(e, 4), "N104")

    def _ref(self, e: list[str]) -> None:
        if element(e, 1) == "HPI":
            self._npi(element(e, 2), "REF02")

    def _npi(self, sent: str, name: str) -> None:
        good = self._good.get(sent)
        if good is None:
            if len(self._good) >= _MOST_NPIS:
                self._good.clear()
            # As it stands: in a file, blanks and hyphens have no place in it.
            good = self._good[sent] = npi.compact(sent) == sent and npi.is_valid(sent)
        if not good:
            self.desk.report(
                5,
                "code.npi",
                f"{name} is not a National Provider Identifier: "
                + (
                    "the check digit does not fit."
                    if len(sent) == 10 and sent.isascii() and sent.isdigit()
                    else "ten digits are expected."
                ),
                npi.REMEDY,
                element=name,
                fault="7",
                sent=sent[:10],
            )

    def _prv(self, e: list[str]) -> None:
        if element(e, 2) != "PXC":
            return
        sent = element(e, 3)
        if not taxonomy.is_valid(sent) or taxonomy.compact(sent) != sent:
            self.desk.report(
                5,
                "code.taxonomy",
                f"PRV03 is {sent[:12]!a}, which has not the form of a taxonomy code.",
                taxonomy.REMEDY,
                element="PRV03",
                fault="7",
                sent=sent[:12],
            )
        else:
            self.desk.unchecked("code.taxonomy", "The list of taxonomy codes is not held.")

    def _n4(self, e: list[str]) -> None:
        state, code, country = element(e, 2), element(e, 3), element(e, 4)
        if country and country not in COUNTRIES:
            self.desk.report(
                5,
                "code.country",
                f"N404 is {country[:3]!a}, which is no country of ISO 3166.",
                "Write two letters, for example CA.",
                element="N404",
                fault="7",
                sent=country[:3],
            )
        if country not in {"", "US"}:
            return
        if state and state not in postal.STATES:
            self._state(state, "N402")
        if code and (not postal.is_valid(code) or postal.compact(code) != code):
            self.desk.report(
                5,
                "code.zip",
                "N403 is not a ZIP code of five or nine digits.",
                postal.REMEDY.replace("-", ""),
                element="N403",
                fault="7",
            )

    def _clm(self, e: list[str]) -> None:
        cause = element(e, 11).split(self.desk.mark)
        if len(cause) > 3 and cause[3] and cause[3] not in postal.STATES and len(cause) < 5:
            self._state(cause[3], "CLM11-4")

    def _state(self, sent: str, name: str) -> None:
        self.desk.report(
            5,
            "code.state",
            f"{name} is {sent[:2]!a}, which is no state, territory or military post.",
            "Write the two letters of the Postal Service, for example OH.",
            element=name,
            fault="7",
            sent=sent[:2],
        )

    ON: ClassVar = {
        ("*", "NM1"): _nm1,
        ("*", "N1"): _n1,
        ("2110", "REF"): _ref,
        ("2100B", "REF"): _ref,
        ("*", "PRV"): _prv,
        ("*", "N4"): _n4,
        ("2300", "CLM"): _clm,
    }


class _Code(NamedTuple):
    at: At
    name: str
    kind: str
    code: str


class ClaimCodes(Rules):
    """837: diagnoses, procedures, HCPCS, places, revenue codes and types of bill."""

    LEVEL = 5
    SETS: ClassVar = CLAIMS
    BOOK: ClassVar = CodeBook(None)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._clear()

    def _clear(self) -> None:
        self._open = False
        self._inpatient = False
        self._place: _Code | None = None
        self._codes: list[_Code] = []
        self._days: list[date] = []
        self._statement: date | None = None
        self._line: list[_Code] = []
        self._line_day: date | None = None

    def _clm(self, e: list[str]) -> None:
        self._clear()
        self._open = True
        at = self.desk.here()
        place, kind, frequency = (*element(e, 5).split(self.desk.mark), "", "", "")[:3]
        if kind == "A":
            self._inpatient = place in _INPATIENT
            if place and not bill_type.is_valid(f"0{place}{frequency}"):
                self._wrong(
                    _Code(at, "CLM05-1", "type_of_bill", f"{place}{frequency}"[:4]),
                    "is no type of bill",
                    bill_type.REMEDY,
                )
        else:
            self._place = _Code(at, "CLM05-1", "place", place)

    def _dtp(self, e: list[str]) -> None:
        if len(e) < 4:
            return
        kind, period = e[1], e[3]
        if kind == "434":
            for text in (period[:8], period[9:]):
                if found := day(text):
                    self._statement = found
                    self._days.append(found)
        elif kind == "472" and (found := day(period)):
            self._days.append(found)

    def _hi(self, e: list[str]) -> None:
        at, mark = self.desk.here(), self.desk.mark
        for place, item in enumerate(e[1:], 1):
            parts = item.split(mark)
            if len(parts) < 2 or not parts[1]:
                continue
            kind = parts[0]
            if kind in _ICD10_CM:
                self._codes.append(_Code(at, f"HI{place:02}-2", "cm", parts[1]))
            elif kind in _ICD10_PCS:
                self._codes.append(_Code(at, f"HI{place:02}-2", "pcs", parts[1]))
            elif kind in _ICD9:
                self._codes.append(_Code(at, f"HI{place:02}-1", "icd9", kind))
            elif kind in _NUBC:
                self.desk.unchecked(
                    "code.nubc", "The codes of the National Uniform Billing Committee are not held."
                )

    def _lx(self, e: list[str]) -> None:
        self._line, self._line_day = [], None

    def _sv1(self, e: list[str]) -> None:
        self._procedure(element(e, 1), "SV101")
        if place := element(e, 5):
            self._line.append(_Code(self.desk.here(), "SV105", "place", place))

    def _sv2(self, e: list[str]) -> None:
        sent = element(e, 1)
        if sent and (not revenue_code.is_valid(sent) or len(sent) != 4):
            self._wrong(
                _Code(self.desk.here(), "SV201", "revenue", sent[:8]),
                "is no revenue code of a line",
                revenue_code.REMEDY,
            )
        elif sent:
            self.desk.unchecked("code.revenue", "The list of revenue codes is not held: form only.")
        self._procedure(element(e, 2), "SV202")

    def _procedure(self, composite: str, name: str) -> None:
        kind, _, rest = composite.partition(self.desk.mark)
        if kind != "HC":
            return
        code, *modifiers = rest.split(self.desk.mark)[:5]
        at = self.desk.here()
        if code and _HCPCS_FORM.fullmatch(code) is None:
            self._wrong(
                _Code(at, f"{name}-2", "hcpcs", code[:8]),
                "has not the form of a HCPCS code",
                "Write five characters.",
            )
        elif code:
            self._line.append(_Code(at, f"{name}-2", "hcpcs", code))
        for place, modifier in enumerate(modifiers, 3):
            if modifier and _MODIFIER.fullmatch(modifier) is None:
                self._wrong(
                    _Code(at, f"{name}-{place}", "modifier", modifier[:4]),
                    "has not the form of a modifier",
                    "Write two characters.",
                )

    def _line_dtp(self, e: list[str]) -> None:
        if len(e) > 3 and e[1] == "472" and (found := day(e[3])):
            self._line_day = found
            self._days.append(found)
            if len(self._days) > 64:
                self._days = [min(self._days), max(self._days)]

    def _lin(self, e: list[str]) -> None:
        if element(e, 2) == "N4" and _NDC.fullmatch(element(e, 3)) is None:
            self._wrong(
                _Code(self.desk.here(), "LIN03", "ndc", element(e, 3)[:13]),
                "is no NDC of eleven digits",
                "Write eleven digits (5-4-2) without hyphens.",
            )

    def _line_ends(self) -> None:
        on = self._line_day or self._statement or (self._days[0] if self._days else None)
        for code in self._line:
            if code.kind == "place":
                self._check_place(code, on)
            elif on is None:
                self.desk.unchecked("code.hcpcs", "The claim tells no date of service.")
            else:
                held = self.BOOK.hcpcs(code.code, on)
                self._judge(code, held, f"is no HCPCS code on {on}", "code.hcpcs")
        self._line, self._line_day = [], None

    def _claim_ends(self) -> None:
        if not self._open:
            return
        days = self._days or ([self._statement] if self._statement else [])
        if self._place is not None:
            self._check_place(self._place, max(days, default=None))
        if self._inpatient and self._statement is not None:
            days = [self._statement]
        for code in self._codes:
            if not days:
                self.desk.unchecked("code.icd", "The claim tells no date of service.")
            elif code.kind == "icd9":
                if max(days) >= ICD10_SINCE:
                    self._wrong(
                        code,
                        f"says that the code is of ICD-9, which ended before {max(days)}",
                        "Report ICD-10, with its qualifier (ABK, ABF, BBR …).",
                    )
                else:
                    self.desk.unchecked("code.icd9", "ICD-9 is not held.")
            else:
                self._check_icd(code, min(days), max(days))
        self._clear()

    def _check_icd(self, code: _Code, first: date, last: date) -> None:
        bare = code.code.replace(".", "")
        if bare != code.code:
            self._wrong(code, "is written with a dot", "Write it without.")
            return
        held = self.BOOK.icd(code.kind, bare, last)
        if held is False and first != last:
            held = self.BOOK.icd(code.kind, bare, first)
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
            self.desk.unchecked(rule, held)

    def _wrong(self, code: _Code, said: str, mend: str) -> None:
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
        ("2300", "CLM"): _clm,
        ("2300", "DTP"): _dtp,
        ("2300", "HI"): _hi,
        ("2400", "LX"): _lx,
        ("2400", "SV1"): _sv1,
        ("2400", "SV2"): _sv2,
        ("2400", "DTP"): _line_dtp,
        ("2410", "LIN"): _lin,
    }
    AT_END: ClassVar = {"2300": _claim_ends, "2400": _line_ends}


_RULES = {"cm": "icd10cm", "pcs": "icd10pcs"}


class NotHeld(Rules):
    """Codes of adjustments, remarks and statuses, whose published lists are not held."""

    LEVEL = 5
    SETS: ClassVar = _ANY
    PURE: ClassVar = True

    def _cas(self, e: list[str]) -> None:
        self.desk.unchecked("code.carc", "The claim adjustment reason codes are not held.")

    def _rarc(self, e: list[str]) -> None:
        self.desk.unchecked("code.rarc", "The remittance advice remark codes are not held.")

    def _stc(self, e: list[str]) -> None:
        self.desk.unchecked("code.status", "The claim status codes are not held.")

    ON: ClassVar = {
        ("*", "CAS"): _cas,
        ("*", "MOA"): _rarc,
        ("*", "MIA"): _rarc,
        ("2110", "LQ"): _rarc,
        ("*", "STC"): _stc,
    }


def rules(book: CodeBook) -> tuple[type[Rules], ...]:
    """The rules of level 5 with the codes of ``book``."""
    held = type("ClaimCodes", (ClaimCodes,), {"BOOK": book})
    return (Identifiers, held, NotHeld)
