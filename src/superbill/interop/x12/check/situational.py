"""Level 4: what one part of a claim demands of another.

Only rules that can be decided from the file itself are run. Sources: the usage of segments and
elements in 005010X222A1, 005010X223A2, 005010X224A2 and 005010X221A1, told in our words; for the
nine-digit ZIP code, 45 CFR 162.1102 adopts the guides that ask for it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from superbill.interop.x12.check.finding import At
from superbill.interop.x12.check.rules import Desk, Place, Rules, element
from superbill.interop.x12.check.situational_inquiry import Brackets, Inquiries
from superbill.interop.x12.check.situational_payment import Remittances
from superbill.interop.x12.tree import Walker

CLAIMS = frozenset({"837P", "837I", "837D"})

_MOST_CLAIMS = 50_000
"""Identifiers of claims that are held against repeats within a transaction."""

_ACCIDENTS = frozenset({"AA", "OA"})
_REFERS_BACK = frozenset("678")
_INPATIENT = frozenset({"11", "18", "21", "41"})
"""Types of bill, without frequency, of inpatient stays: hospital, swing bed, nursing, religious."""

_STILL_A_PATIENT = "30"


class Addresses(Rules):
    """An address within the United States has a state and a ZIP code."""

    LEVEL = 4
    SETS: ClassVar = frozenset({"837P", "837I", "837D", "835"})
    PURE: ClassVar = True
    _NINE: ClassVar = frozenset({"837I"})

    def _n4(self, e: list[str]) -> None:
        country = element(e, 4)
        if country and country not in {"US", "USA"}:
            return
        state, code = element(e, 2), element(e, 3)
        for sent, place, what in ((state, 2, "state"), (code, 3, "ZIP code")):
            if not sent:
                self.desk.report(
                    4,
                    "address.us",
                    f"N40{place} is missing: an address within the United States has a {what}.",
                    f"Send the {what}, or the country in N404.",
                    element=f"N40{place}",
                    fault="I9",
                )
        if code and len(code) != 9 and self._wants_nine:
            self.desk.report(
                4,
                "address.zip_plus_4",
                "N403 has not nine digits, as a billing provider's ZIP code must.",
                "Send ZIP+4 without the hyphen; the Postal Service's look-up tells it.",
                element="N403",
                fault="I12",
            )

    @property
    def _wants_nine(self) -> bool:
        """All three guides ask for nine digits; only receivers of the 837I insist on them."""
        desk = self.desk
        if not isinstance(desk, Walker) or desk.guide.name not in self._NINE:
            return False
        return desk.loops[-1].id == "2010AA"

    ON: ClassVar = {("*", "N4"): _n4}


class Periods(Rules):
    """A period does not end before it begins."""

    LEVEL = 4
    SETS: ClassVar = frozenset({"*"})
    PURE: ClassVar = True

    def _dtp(self, e: list[str]) -> None:
        period = element(e, 3)
        if element(e, 2) == "RD8" and len(period) == 17 and period[9:] < period[:8]:
            self.desk.report(
                4,
                "date.period",
                "The period ends before it begins.",
                "Swap the two days, or mend the one that is wrong.",
                element="DTP03",
                fault="8",
            )

    ON: ClassVar = {("*", "DTP"): _dtp}


class Parties(Rules):
    """Subscriber and patient: who is who, and what must be told of whom; payers, each in turn."""

    LEVEL = 4
    SETS: ClassVar = CLAIMS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._sbr: Place | None = None
        self._self = False
        self._responsibility = ""
        self._seen: set[str] = set()
        self._payers: set[str] = set()
        self._claims = 0
        self._patients = 0

    def _subscriber(self, e: list[str]) -> None:
        self._sbr = (self.desk.offset, self.desk.number)
        self._responsibility = element(e, 1)
        self._self = element(e, 2) == "18"
        self._seen = set()
        self._claims = self._patients = 0

    def _subscriber_name(self, e: list[str]) -> None:
        self._seen.add("NM1")

    def _address(self, e: list[str]) -> None:
        self._seen.add(e[0])

    def _patient(self, e: list[str]) -> None:
        self._patients += 1
        if self._self and self._patients == 1:
            self._report(
                "patient.is_subscriber",
                "SBR02 says that the patient is the subscriber, and a patient level follows.",
                "Leave the patient level out, or leave SBR02 empty.",
                "SBR02",
                self._sbr,
            )

    def _claim(self, e: list[str]) -> None:
        self._claims += 1
        self._payers = {self._responsibility} - {"U"}
        if self._patients or self._claims > 1 or self._sbr is None:
            return
        if not self._self:
            self._report(
                "patient.missing",
                "SBR02 does not say that the patient is the subscriber, and the claim stands below "
                "the subscriber.",
                "Send a patient level (HL 23), or 18 in SBR02.",
                "SBR02",
                self._sbr,
            )
            return
        lacking = [name for name in ("N3", "N4", "DMG") if name not in self._seen]
        if lacking and "NM1" in self._seen:
            self._report(
                "patient.details",
                f"{' and '.join(lacking)} of the subscriber, who is the patient, "
                f"{'is' if len(lacking) == 1 else 'are'} missing.",
                "Send the patient's address and, in DMG, birth date and sex.",
                "",
                self._sbr,
                fault="I6",
            )

    def _other(self, e: list[str]) -> None:
        turn = element(e, 1)
        if turn in self._payers and turn != "U":
            self._report(
                "payer.order",
                f"SBR01 is {turn}, and another payer of the claim has that turn too.",
                "Give each payer its own turn: P, S, T, then A to H.",
                "SBR01",
                None,
                sent=turn,
            )
        self._payers.add(turn)

    def _report(
        self,
        rule: str,
        message: str,
        mend: str,
        named: str,
        place: Place | None,
        *,
        fault: str = "I9",
        sent: str = "",
    ) -> None:
        at = None if place is None else self.desk.there(place, "SBR", "2000B")
        self.desk.report(4, rule, message, mend, element=named, at=at, fault=fault, sent=sent)

    ON: ClassVar = {
        ("2000B", "SBR"): _subscriber,
        ("2010BA", "NM1"): _subscriber_name,
        ("2010BA", "N3"): _address,
        ("2010BA", "N4"): _address,
        ("2010BA", "DMG"): _address,
        ("2000C", "PAT"): _patient,
        ("2300", "CLM"): _claim,
        ("2320", "SBR"): _other,
    }


class Claims(Rules):
    """What a claim needs because of what it says."""

    LEVEL = 4
    SETS: ClassVar = CLAIMS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._ids: set[tuple[str, str]] = set()
        self._clear()

    def _clear(self) -> None:
        self._place: Place | None = None
        self._frequency = ""
        self._bill = ""
        self._cause: set[str] = set()
        self._state = ""
        self._dates: set[str] = set()
        self._refs: set[str] = set()
        self._codes: set[str] = set()
        self._diagnoses = 0
        self._status = ""
        self._payers: set[str] = set()
        self._attending = False

    def _clm(self, e: list[str]) -> None:
        self._clear()
        desk = self.desk
        self._place = (desk.offset, desk.number)
        parts = element(e, 5).split(desk.mark)
        self._bill = parts[0]
        self._frequency = parts[2] if len(parts) > 2 else ""
        if len(e) > 11 and e[11]:
            cause = e[11].split(desk.mark)
            self._cause = {*cause[:2]} - {""}
            self._state = cause[3] if len(cause) > 3 else ""
        named = (element(e, 1), self._frequency)
        if named in self._ids:
            self._report(
                "claim.repeated",
                "CLM01 and the frequency are those of an earlier claim of this transaction.",
                "Send each claim once; a correction of it has frequency 7 or 8.",
                "CLM01",
            )
        elif len(self._ids) < _MOST_CLAIMS:
            self._ids.add(named)

    def _dtp(self, e: list[str]) -> None:
        self._dates.add(element(e, 1))

    def _ref(self, e: list[str]) -> None:
        self._refs.add(element(e, 1))

    def _cl1(self, e: list[str]) -> None:
        self._status = element(e, 3)

    def _hi(self, e: list[str]) -> None:
        mark = self.desk.mark
        for item in e[1:]:
            kind = item.partition(mark)[0]
            self._codes.add(kind)
            if kind in _DIAGNOSES:
                self._diagnoses += 1

    def _nm1_attending(self, e: list[str]) -> None:
        self._attending = True

    def _other_payer(self, e: list[str]) -> None:
        self._payers.add(element(e, 9))

    def _sv1(self, e: list[str]) -> None:
        self._pointers(element(e, 7), "SV107")

    def _sv3(self, e: list[str]) -> None:
        self._pointers(element(e, 11), "SV311")

    def _pointers(self, sent: str, name: str) -> None:
        if _furthest(sent, self.desk.mark) <= self._diagnoses:
            return
        for place, pointer in enumerate(sent.split(self.desk.mark), 1):
            if _furthest(pointer, self.desk.mark) > self._diagnoses:
                self._report(
                    "diagnosis.pointer",
                    f"{name}-{place} points to diagnosis {pointer[:3]}, and the claim has "
                    f"{self._diagnoses}.",
                    "Point to a diagnosis of the claim, or add it.",
                    f"{name}-{place}",
                    at=self.desk.here(),
                    sent=pointer[:3],
                )

    def _svd(self, e: list[str]) -> None:
        payer = element(e, 1)
        if payer not in self._payers:
            self._report(
                "payer.unknown",
                "SVD01 is the identifier of no other payer of the claim.",
                "Give the identifier that NM109 of loop 2330B has.",
                "SVD01",
                at=self.desk.here(),
            )

    def _claim_ends(self) -> None:
        if self._place is None:
            return
        if self._frequency in _REFERS_BACK and "F8" not in self._refs:
            self._report(
                "claim.original_reference",
                f"The frequency is {self._frequency}, and the payer's number of the claim that "
                "this one corrects is missing (REF*F8).",
                "Send the number from the payer's remittance.",
                "CLM05-3",
                sent=self._frequency,
            )
        if self._cause & _ACCIDENTS and "439" not in self._dates:
            self._report(
                "claim.accident_date",
                "CLM11 says that an accident was the cause, and its date is missing (DTP*439).",
                "Send the day of the accident.",
                "CLM11-1",
                fault="I9",
            )
        if "AA" in self._cause and not self._state:
            self._report(
                "claim.accident_state",
                "CLM11 says that a motor accident was the cause, and the state is missing.",
                "Send the state in which it happened.",
                "CLM11-4",
            )
        if self._bill in _INPATIENT and self._status:
            self._inpatient()
        self._place = None

    def _inpatient(self) -> None:
        if "435" not in self._dates:
            self._lacks("inpatient.admission", "the admission date (DTP*435)")
        if not self._codes & {"ABJ", "BJ"}:
            self._lacks("inpatient.admitting_diagnosis", "the admitting diagnosis (HI*ABJ)")
        ended = self._frequency in {"1", "4"} and self._status != _STILL_A_PATIENT
        if ended and "096" not in self._dates:
            self._lacks("inpatient.discharge_hour", "the discharge hour (DTP*096)")
        if not self._attending:
            self._lacks("inpatient.attending", "the attending provider (loop 2310A)")

    def _lacks(self, rule: str, what: str) -> None:
        self._report(
            rule,
            f"{what[0].upper()}{what[1:]} is missing from a claim for an inpatient stay.",
            f"Send {what}.",
            "",
            fault="I6",
        )

    def _report(
        self,
        rule: str,
        message: str,
        mend: str,
        named: str,
        *,
        at: At | None = None,
        fault: str = "I9",
        sent: str = "",
    ) -> None:
        if at is None and self._place is not None:
            at = self.desk.there(self._place, "CLM", "2300")
        self.desk.report(4, rule, message, mend, element=named, at=at, fault=fault, sent=sent)

    ON: ClassVar = {
        ("2300", "CLM"): _clm,
        ("2300", "DTP"): _dtp,
        ("2300", "REF"): _ref,
        ("2300", "CL1"): _cl1,
        ("2300", "HI"): _hi,
        ("2310A", "NM1"): _nm1_attending,
        ("2330B", "NM1"): _other_payer,
        ("2400", "SV1"): _sv1,
        ("2400", "SV3"): _sv3,
        ("2430", "SVD"): _svd,
    }
    AT_END: ClassVar = {"2300": _claim_ends}


@lru_cache(maxsize=1024)
def _furthest(pointers: str, mark: str) -> int:
    """The largest of some diagnosis pointers."""
    numbers = [int(p) for p in pointers.split(mark) if p.isascii() and p.isdigit() and len(p) < 4]
    return max(numbers, default=0)


_DIAGNOSES = frozenset({"ABK", "BK", "ABF", "BF", "TQ"})


RULES = (Addresses, Periods, Parties, Claims, Remittances, Inquiries, Brackets)
