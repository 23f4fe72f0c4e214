"""ExplanationOfBenefits as a remittance: what each payer paid, adjusted, and why.

From a bundle of ours with its PaymentReconciliation, or from any ExplanationOfBenefits, such as a
payer's own. Adjustments are those that bear a claim adjustment reason code; where an answer gives
none, its deductible, coinsurance and copay are taken by their categories, which are the patient's
by definition. An amount that is not covered, or written off, has no group without a code, and is
told in a note.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple, cast

import msgspec

from superbill.errors import Invalid, Problem
from superbill.interop.fhir import claim_values as values
from superbill.interop.fhir import systems as s
from superbill.interop.fhir.index import Found, Index
from superbill.interop.fhir.people import day_of, number
from superbill.interop.fhir.text import Json
from superbill.model import Remittance
from superbill.money import ZERO

# Categories that say of themselves whose they are and why: the patient's (claim adjustment group
# PR) deductible, coinsurance and copay.
_REASONS = {"deductible": "1", "coinsurance": "2", "copay": "3"}
_PAID = ("paidtoprovider", "benefit")
_GROUPS = frozenset({"CO", "PR", "OA", "PI", "CR"})


class RemittanceReading(NamedTuple):
    """A remittance that was read, and what was passed over."""

    remittance: Remittance
    notes: tuple[str, ...]


def read_remittance(document: bytes | str | Json) -> RemittanceReading:
    """The remittance of a Bundle with ExplanationOfBenefits, or of one alone.

    Raises :class:`~superbill.errors.Invalid` with every problem, each with its place in FHIR.
    """
    return _In(Index(document)).reading()


class _In:
    def __init__(self, index: Index) -> None:
        self.index = index
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def reading(self) -> RemittanceReading:
        benefits = self.index.of("ExplanationOfBenefit")
        if not benefits:
            raise Invalid.at(
                "Bundle.entry",
                "there is no ExplanationOfBenefit in it.",
                "Give those of a payment, with their PaymentReconciliation where there is one.",
            )
        payments = self.index.of("PaymentReconciliation")
        payment = payments[0].resource if len(payments) == 1 else {}
        claims = [self._claim(each) for each in benefits]
        first = benefits[0]
        paid_on = payment.get("paymentDate") or _within(first.resource, "payment").get("date")
        paid = sum((Decimal(claim["paid"]) for claim in claims), ZERO)
        amount = self._dollars(payment.get("paymentAmount"), "PaymentReconciliation.paymentAmount")
        tree = {
            "payer": self._party(first, "insurer"),
            "payee": self._party(first, "provider"),
            "number": _within(payment, "paymentIdentifier").get("value", ""),
            "amount": amount or format(paid, "f"),
            "paid_on": day_of(paid_on),
            "claims": claims,
            "provider_adjustments": [
                told for d in s.listed(payment, "detail") if (told := _adjustment(d)) is not None
            ],
        }
        if self.problems:
            raise Invalid(self.problems)
        try:
            remittance = msgspec.convert(tree, Remittance)
        except msgspec.ValidationError as wrong:
            what, _, where = str(wrong).partition(" - at `$.")
            remedy = "Compare it with superbill schema remittance."
            raise Invalid.at(where.rstrip("`") or first.path, f"{what}.", remedy) from None
        return RemittanceReading(remittance, tuple(dict.fromkeys(self.notes)))

    def _party(self, found: Found, field: str) -> Json:
        reference = _within(found.resource, field)
        named = self.index.resolve(reference, found)
        if named is None:
            return {"name": reference.get("display", "")}
        name = named.resource.get("name", "")
        if named.kind != "Organization":
            name = values.name(named.resource, "name")["name"]
        npi = number(named.resource, s.NPI, "NPI")
        ids = [i.get("value", "") for i in s.listed(named.resource, "identifier")]
        told = {"id": npi, "id_qualifier": "XX"} if npi else {"id": ids[0] if ids else ""}
        at = values.address(named.resource)
        return {"name": name, **told, **({"address": at} if at else {})}

    def _claim(self, found: Found) -> Json:
        benefit, path = found.resource, found.path
        totals = s.listed(benefit, "total")
        whole = s.listed(benefit, "adjudication")
        lines = [
            self._line(item, f"{path}.item[{n}]")
            for n, item in enumerate(s.listed(benefit, "item"))
        ]
        charge = self._sum(totals, "submitted", path) or self._sum(whole, "submitted", path)
        paid = self._dollars(_within(benefit, "payment").get("amount"), f"{path}.payment.amount")
        for kind in _PAID:
            paid = paid or self._sum(whole, kind, path) or self._sum(totals, kind, path)
        for what, value in (("submitted", charge), (" or ".join(_PAID), paid)):
            if value is None:
                self.problems.append(
                    Problem(
                        f"{path}.total",
                        f"the amount {what} is missing.",
                        "Give it as a total, or as the payment.",
                    )
                )
        adjustments = self._adjustments(whole, path)
        if not adjustments and not any(line["adjustments"] for line in lines):
            adjustments = self._by_category(whole or totals, path)
        told = s.listed(benefit, "supportingInfo")
        return {
            "id": _told(told, "patientaccountnumber", "valueString") or _claim_number(benefit),
            "control_number": next(
                (i.get("value", "") for i in s.listed(benefit, "identifier")), ""
            ),
            "status": _coded(told, "claim-status") or ("22" if _cancelled(benefit) else "1"),
            "drg": _coded(told, "drg"),
            "charge": charge or "0.00",
            "paid": paid or "0.00",
            "filing": self._filing(found),
            "adjustments": adjustments,
            "names": self._patient(found),
            "lines": [{k: v for k, v in line.items() if v not in (None, "", {})} for line in lines],
        }

    def _line(self, item: Json, path: str) -> Json:
        told = s.listed(item, "adjudication")
        period = _within(item, "servicedPeriod")
        start = day_of(item.get("servicedDate") or period.get("start"))
        end = day_of(period.get("end"))
        paid = next((p for kind in _PAID if (p := self._sum(told, kind, path)) is not None), None)
        charge = self._dollars(item.get("net"), f"{path}.net")
        allowed = self._sum(told, "eligible", path)
        days = [("472", start)] if end is None else [("150", start), ("151", end)]
        return {
            "charge": charge or self._sum(told, "submitted", path) or "0.00",
            "paid": paid or "0.00",
            "revenue_code": next(
                (str(c.get("code", "")) for c in values.codings(item, "revenue")), ""
            ),
            "service": {k: v for k, v in values.service(item).items() if v not in ("", [])},
            "units_paid": values.plain(_within(item, "quantity").get("value")),
            "dates": [{"code": code, "start": day} for code, day in days if day is not None],
            "adjustments": self._adjustments(told, path),
            "amounts": [] if allowed is None else [{"code": "B6", "value": allowed}],
            "remarks": [
                {"qualifier": "HE", "value": code}
                for each in told
                for code in s.codes(each.get("reason"), s.RARC)
            ],
        }

    def _adjustments(self, told: list[Json], path: str) -> list[Json]:
        """What bears a claim adjustment reason code, with its group."""
        found = []
        for each in told:
            reason = next(s.codes(each.get("reason"), s.CARC), "")
            amount = self._dollars(each.get("amount"), f"{path}.adjudication")
            if reason and amount is not None:
                group = next(s.codes(each.get("reason"), s.GROUP_CODE), "")
                if group in _GROUPS:
                    found.append({"group": group, "reason": reason, "amount": amount})
                else:
                    self.notes.append(f"{path}: reason {reason[:10]} has no group, and is left.")
        return found

    def _by_category(self, told: list[Json], path: str) -> list[Json]:
        found = []
        for kind, reason in _REASONS.items():
            amount = self._sum(told, kind, path)
            if amount is not None and Decimal(amount):
                found.append({"group": "PR", "reason": reason, "amount": amount})
        for kind in ("noncovered", "discount"):
            amount = self._sum(told, kind, path)
            if amount is not None and Decimal(amount):
                self.notes.append(f"{path}: {kind} has no reason code, and is left.")
        return found

    def _sum(self, told: list[Json], kind: str, path: str) -> str | None:
        """The amounts of a category added up; ``None`` where there is none."""
        amounts = [
            self._dollars(each.get("amount"), f"{path}.{kind}")
            for each in told
            if s.has_code([each.get("category")], kind)
        ]
        given = [Decimal(amount) for amount in amounts if amount is not None]
        return format(sum(given, ZERO), "f") if given else None

    def _dollars(self, money: Any, place: str) -> str | None:
        if not isinstance(money, dict) or not isinstance(money.get("value"), Decimal | int):
            return None
        if money.get("currency", "USD") != "USD":
            says = "the amount is not in US dollars."
            self.problems.append(Problem(place, says, "Give US dollars."))
        return format(cast("Decimal", money["value"]), "f")

    def _filing(self, found: Found) -> str:
        for each in s.listed(found.resource, "insurance"):
            coverage = self.index.resolve(each.get("coverage"), found)
            if coverage is not None and each.get("focal", True):
                return next(s.codes(coverage.resource.get("type"), s.CLAIM_FILING), "")
        return ""

    def _patient(self, found: Found) -> list[Json]:
        patient = self.index.resolve(found.resource.get("patient"), found)
        if patient is None or not s.listed(patient.resource, "name"):
            return []
        member = number(patient.resource, s.MBI, "MB")
        told = {"id": member, "id_qualifier": "MI"} if member else {}
        return [{"role": "patient", **values.name(patient.resource, "name"), **told}]


def _within(value: Json, name: str) -> Json:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _told(information: list[Json], kind: str, field: str) -> str:
    found = (e.get(field) for e in information if s.has_code([e.get("category")], kind))
    return next((text for text in found if isinstance(text, str)), "")


def _coded(information: list[Json], kind: str) -> str:
    for each in information:
        if s.has_code([each.get("category")], kind):
            return next((str(c.get("code", "")) for c in values.codings(each, "code")), "")
    return ""


def _claim_number(benefit: Json) -> str:
    found = _within(_within(benefit, "claim"), "identifier").get("value", "")
    return found if isinstance(found, str) else ""


def _cancelled(benefit: Json) -> bool:
    return benefit.get("status") == "cancelled"


def _adjustment(detail: Json) -> Json | None:
    """A provider adjustment of a payment; ``None`` for a claim's own payment."""
    reason = next(s.codes(detail.get("type"), f"{s.OURS}:provider-adjustment"), "")
    amount = _within(detail, "amount").get("value")
    if not reason or not isinstance(amount, Decimal | int):
        return None
    return {
        "provider": "",
        "fiscal_period_end": None,
        "reason": reason,
        "amount": format(-Decimal(amount), "f"),
        "reference": _within(detail, "identifier").get("value", ""),
    }
