"""Level 3: amounts that must add up.

A claim's charge is the sum of its lines. What an earlier payer paid, with what it took off, is the
charge again, for the claim and for each line that it settled. A remittance's line, claim and
payment balance in the same way, and provider adjustments (PLB) stand between the claims and the
payment.

Sources: 005010X222A1 and 005010X223A2, section 1.4 on balancing (claim charge; coordination of
benefits); 005010X221A1, section 1.10.2 (service line, claim and transaction balancing); CMS, MLN
Matters MM4261. Their rules are told in our words.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from superbill.interop.x12.check.finding import At
from superbill.interop.x12.check.rules import Desk, Place, Rules, adjusted, amount, element
from superbill.interop.x12.segments import plain
from superbill.money import ZERO


class _Sum:
    """A sum that is unknown once a part of it is."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: Decimal | None = ZERO

    def add(self, part: Decimal | None) -> None:
        if self.value is not None:
            self.value = None if part is None else self.value + part


class _OtherPayer:
    """What a claim tells of a payer that has answered."""

    __slots__ = ("adjusted", "answered", "id", "lines", "paid", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.id = ""
        self.paid: Decimal | None = None
        self.answered = False  # what it did with the claim or its lines is told
        self.adjusted = _Sum()
        self.lines = _Sum()


class ClaimBalance(Rules):
    """837: the claim against its lines, and against what earlier payers did."""

    LEVEL = 3
    SETS: ClassVar = frozenset({"837P", "837I", "837D"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._clear()

    def _clear(self) -> None:
        self._claim: Place | None = None
        self._total: Decimal | None = None
        self._charges: Decimal | None = ZERO
        self._payers: list[_OtherPayer] = []
        self._line: Place | None = None
        self._service_id = ""
        self._charge: Decimal | None = None
        self._settled: dict[str, _Sum] = {}
        self._payer = ""

    def _clm(self, e: list[str]) -> None:
        self._clear()
        self._claim = (self.desk.offset, self.desk.number)
        self._total = amount(e, 2)

    def _sbr(self, e: list[str]) -> None:
        self._payers.append(_OtherPayer((self.desk.offset, self.desk.number)))

    def _claim_cas(self, e: list[str]) -> None:
        if self._payers:
            self._payers[-1].adjusted.add(adjusted(e))
            self._payers[-1].answered = True

    def _claim_amt(self, e: list[str]) -> None:
        if self._payers and element(e, 1) == "D":
            self._payers[-1].paid = amount(e, 2)

    def _payer_name(self, e: list[str]) -> None:
        if self._payers:
            self._payers[-1].id = element(e, 9)

    def _lx(self, e: list[str]) -> None:
        self._line = self._charge = None
        if self._settled:
            self._settled = {}

    def _sv1(self, e: list[str]) -> None:
        self._service(e, amount(e, 2))

    def _sv2(self, e: list[str]) -> None:
        self._service(e, amount(e, 3))

    def _service(self, e: list[str], charge: Decimal | None) -> None:
        self._line = (self.desk.offset, self.desk.number)
        self._service_id = e[0]
        self._charge = charge
        if self._charges is not None:
            self._charges = None if charge is None else self._charges + charge

    def _svd(self, e: list[str]) -> None:
        self._payer = element(e, 1)
        self._settled.setdefault(self._payer, _Sum()).add(amount(e, 2))
        for payer in self._payers:
            if payer.id == self._payer:
                payer.answered = True

    def _line_cas(self, e: list[str]) -> None:
        taken = adjusted(e)
        self._settled.setdefault(self._payer, _Sum()).add(taken)
        for payer in self._payers:
            if payer.id == self._payer:
                payer.lines.add(taken)

    def _line_ends(self) -> None:
        charge = self._charge
        if not self._settled or charge is None or self._line is None:
            return
        name = self._service_id
        for payer, settled in self._settled.items():
            if settled.value is not None and settled.value != charge:
                self.desk.report(
                    3,
                    "balance.line",
                    f"The line is for {plain(charge)}, and payer {payer[:20]!a} paid and adjusted "
                    f"{plain(settled.value)} of it (SVD02 and CAS).",
                    "Send every adjustment of the line as the payer's remittance has it.",
                    element=f"{name}{'03' if name == 'SV2' else '02'}",
                    at=self.desk.there(self._line, name, "2400"),
                    fault="I12",
                    sent=plain(charge),
                )

    def _claim_ends(self) -> None:
        claim, total = self._claim, self._total
        if claim is None or total is None:
            return
        charges = self._charges
        if charges is not None and charges != total:
            self._off(
                "balance.claim",
                f"CLM02 is {plain(total)}, and the lines add up to {plain(charges)}.",
                "Mend the total or the line that is wrong.",
                self.desk.there(claim, "CLM", "2300"),
                total,
            )
        for payer in self._payers:
            taken, lines = payer.adjusted.value, payer.lines.value
            if payer.paid is None and payer.answered:
                self.desk.report(
                    3,
                    "balance.other_payer",
                    "The other payer's answer (CAS or SVD) is told, and what it paid is not.",
                    "Send AMT*D with what the payer paid, 0 where it paid nothing.",
                    element="AMT01",
                    at=self.desk.there(payer.place, "SBR", "2320"),
                    fault="I9",
                )
            if payer.paid is None or taken is None or lines is None:
                continue
            settled = payer.paid + taken + lines
            if settled != total:
                self._off(
                    "balance.other_payer",
                    f"CLM02 is {plain(total)}, and the other payer paid {plain(payer.paid)} and "
                    f"adjusted {plain(taken + lines)}: {plain(settled)}.",
                    "Send what the payer paid (AMT*D) and every adjustment (CAS) as its "
                    "remittance has them.",
                    self.desk.there(payer.place, "SBR", "2320"),
                    total,
                )
        self._clear()

    def _off(self, rule: str, message: str, mend: str, at: At, total: Decimal) -> None:
        self.desk.report(
            3, rule, message, mend, element="CLM02", at=at, fault="I12", sent=plain(total)
        )

    ON: ClassVar = {
        ("2300", "CLM"): _clm,
        ("2320", "SBR"): _sbr,
        ("2320", "CAS"): _claim_cas,
        ("2320", "AMT"): _claim_amt,
        ("2330B", "NM1"): _payer_name,
        ("2400", "LX"): _lx,
        ("2400", "SV1"): _sv1,
        ("2400", "SV2"): _sv2,
        ("2400", "SV3"): _sv1,
        ("2430", "SVD"): _svd,
        ("2430", "CAS"): _line_cas,
    }
    AT_END: ClassVar = {"2300": _claim_ends, "2400": _line_ends}


class RemittanceBalance(Rules):
    """835: lines, claims, and the payment less provider adjustments."""

    LEVEL = 3
    SETS: ClassVar = frozenset({"835"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._bpr: At | None = None
        self._payment: Decimal | None = None
        self._method = ""
        self._paid = _Sum()
        self._provider = _Sum()
        self._claim: Place | None = None
        self._line: Place | None = None

    def _bpr_(self, e: list[str]) -> None:
        self._bpr = self.desk.here()
        self._payment = amount(e, 2)
        self._method = element(e, 4)

    def _clp(self, e: list[str]) -> None:
        self._claim = (self.desk.offset, self.desk.number)
        self._claim_charge, self._claim_paid = amount(e, 3), amount(e, 4)
        self._paid.add(self._claim_paid)
        self._claim_taken, self._lines = _Sum(), _Sum()
        self._has_lines = False
        self._line = None

    def _claim_cas(self, e: list[str]) -> None:
        if self._claim is not None:
            self._claim_taken.add(adjusted(e))

    def _svc(self, e: list[str]) -> None:
        self._line = (self.desk.offset, self.desk.number)
        self._line_charge, self._line_paid = amount(e, 2), amount(e, 3)
        self._line_taken = _Sum()
        if self._claim is not None:
            self._has_lines = True
            self._lines.add(self._line_charge)

    def _line_cas(self, e: list[str]) -> None:
        taken = adjusted(e)
        if self._line is not None:
            self._line_taken.add(taken)
        if self._claim is not None:
            self._claim_taken.add(taken)

    def _line_ends(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        charge, paid, taken = self._line_charge, self._line_paid, self._line_taken.value
        if charge is None or paid is None or taken is None or charge - taken == paid:
            return
        self.desk.report(
            3,
            "balance.service",
            f"SVC03 is {plain(paid)}; the charge {plain(charge)} less adjustments "
            f"{plain(taken)} is {plain(charge - taken)}.",
            "Ask the payer for a remittance that balances; do not post the difference.",
            element="SVC03",
            at=self.desk.there(line, "SVC", "2110"),
            fault="I12",
            sent=plain(paid),
        )

    def _claim_ends(self) -> None:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        charge, paid, taken = self._claim_charge, self._claim_paid, self._claim_taken.value
        if charge is None or paid is None or taken is None:
            return
        if charge - taken != paid:
            self.desk.report(
                3,
                "balance.payment",
                f"CLP04 is {plain(paid)}; the charge {plain(charge)} less adjustments "
                f"{plain(taken)} is {plain(charge - taken)}.",
                "Ask the payer for a remittance that balances; do not post the difference.",
                element="CLP04",
                at=self.desk.there(claim, "CLP", "2100"),
                fault="I12",
                sent=plain(paid),
            )
        lines = self._lines.value
        if self._has_lines and lines is not None and lines != charge:
            self.desk.report(
                3,
                "balance.charge",
                f"CLP03 is {plain(charge)}, and the lines' charges add up to {plain(lines)}.",
                "Ask the payer which lines are missing.",
                element="CLP03",
                at=self.desk.there(claim, "CLP", "2100"),
                fault="I12",
                sent=plain(charge),
            )

    def _plb(self, e: list[str]) -> None:
        for place in range(4, 15, 2):
            self._provider.add(amount(e, place))

    def finish(self) -> None:
        """The payment against everything."""
        at, payment = self._bpr, self._payment
        paid, provider = self._paid.value, self._provider.value
        if at is None or payment is None:
            return
        if paid is not None and provider is not None and paid - provider != payment:
            self._off(
                at,
                "balance.remittance",
                f"BPR02 is {plain(payment)}; the claims' payments {plain(paid)} less provider "
                f"adjustments {plain(provider)} (PLB) is {plain(paid - provider)}.",
                "Ask the payer for a remittance that balances before any of it is posted.",
                payment,
            )
        if self._method == "NON" and payment:
            self._off(
                at,
                "balance.no_payment",
                f"BPR04 says that nothing is paid, and BPR02 is {plain(payment)}.",
                "Ask the payer which of the two is right.",
                payment,
            )
        if payment < 0:
            self._off(
                at,
                "balance.negative",
                f"BPR02 is {plain(payment)}: a payment is never negative; what is owed to the "
                "payer is carried forward by a PLB.",
                "Ask the payer for a remittance with the forwarded balance.",
                payment,
            )

    def _off(self, at: At, rule: str, message: str, mend: str, payment: Decimal) -> None:
        self.desk.report(
            3, rule, message, mend, element="BPR02", at=at, fault="I12", sent=plain(payment)
        )

    ON: ClassVar = {
        ("ST", "BPR"): _bpr_,
        ("2100", "CLP"): _clp,
        ("2100", "CAS"): _claim_cas,
        ("2110", "SVC"): _svc,
        ("2110", "CAS"): _line_cas,
        ("ST", "PLB"): _plb,
    }
    AT_END: ClassVar = {"2100": _claim_ends, "2110": _line_ends}


RULES = (ClaimBalance, RemittanceBalance)
