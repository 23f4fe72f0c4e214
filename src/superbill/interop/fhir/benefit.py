"""What each payer decided of a claim: its ClaimResponse and its ExplanationOfBenefit.

The shape is that of the CARIN guide for Blue Button; no profile of it is claimed, since none is
validated here. Every amount that was not paid stands as an adjudication of its own with group and
reason code, so that

    submitted = paid to the provider + the amounts under ``adjustmentreason``

holds to the cent, for the claim or, where the payer answers by line, for each line; the totals by
category (eligible, deductible, coinsurance …) say the same again in the guide's words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.parts import Bundle, day
from superbill.interop.fhir.text import Json
from superbill.model import Grouping, LineDecision, PayerDecision
from superbill.money import ZERO

# Which of the guide's categories a claim adjustment reason code belongs to.
_PATIENT = {"1": "deductible", "2": "coinsurance", "3": "copay"}
_ANY = {"96": "noncovered", "119": "noncovered", "23": "priorpayerpaid", "131": "discount"}
_HL7 = frozenset({"submitted", "eligible", "deductible", "copay", "benefit"})

_SHARED = (
    "status",
    "type",
    "subType",
    "use",
    "patient",
    "billablePeriod",
    "provider",
    "careTeam",
    "diagnosis",
    "procedure",
)


def category(group: str, reason: str) -> str:
    """The guide's category of an adjustment, or empty where it has none.

    >>> category("PR", "1"), category("CO", "45")
    ('deductible', '')
    """
    return _ANY.get(reason) or (_PATIENT.get(reason, "") if group == "PR" else "")


def amount(of: str, value: Decimal) -> Json:
    """An adjudication, or a total, of one of the guide's categories."""
    system = s.ADJUDICATION if of in _HL7 else s.CARIN_ADJUDICATION
    return {"category": s.concept(system, of), "amount": s.money(value)}


def adjustment(group: str, reason: str, value: Decimal, meaning: str = "") -> Json:
    """An amount that was not paid, with its group and reason code."""
    codings = [s.coding(s.CARC, reason), s.coding(s.GROUP_CODE, group)]
    return {
        "category": s.concept(s.CARIN_DISCRIMINATOR, "adjustmentreason"),
        "reason": {"coding": codings, "text": meaning},
        "amount": s.money(value),
    }


def sums(adjustments: Iterable[tuple[str, str, Decimal]]) -> dict[str, Decimal]:
    """The adjustments (group, reason, dollars) added up by the guide's categories."""
    found: dict[str, Decimal] = {}
    for group, reason, value in adjustments:
        if name := category(group, reason):
            found[name] = found.get(name, ZERO) + value
    return found


class Benefits:
    """Adds answers to a bundle that holds the claim."""

    def __init__(self, into: Bundle, claim: Json, created: date) -> None:
        self._into = into
        self._claim = claim
        self._created = day(created)

    def add(self, answers: Iterable[PayerDecision], grouping: Grouping | None = None) -> None:
        """A ClaimResponse and an ExplanationOfBenefit of each payer but the patient."""
        for answer in answers:
            if answer.kind != "self_pay":
                self._answer(answer, grouping)

    def _answer(self, answer: PayerDecision, grouping: Grouping | None) -> None:
        n, into = answer.position, self._into
        total = _totals(answer)
        lines = {line.line: _adjudicated(line) for line in answer.lines}
        shared: Json = {
            "created": self._created,
            "insurer": into.reference(f"Organization/payer-{n}"),
            "outcome": "complete",
            "disposition": f"{answer.payer}, payer {n} of the claim.",
            "adjudication": [_NETWORK] if answer.lines else [_NETWORK, *_whole(answer)],
            "total": total,
        }
        paid = {
            "type": s.concept(f"{s.HL7}/ex-paymenttype", "complete"),
            "amount": s.money(answer.paid),
        }
        response = into.add(
            f"ClaimResponse/{n}",
            {
                **{name: self._claim.get(name) for name in ("status", "type", "subType", "use")},
                "patient": into.reference("Patient"),
                "request": into.reference("Claim"),
                "item": [
                    {"itemSequence": number, "adjudication": told} for number, told in lines.items()
                ],
                "payment": paid,
                **shared,
            },
        )
        into.add(
            f"ExplanationOfBenefit/{n}",
            {
                "identifier": [
                    {
                        "type": s.concept(s.CARIN_IDENTIFIER, "uc"),
                        "system": f"{s.OURS}:decision",
                        "value": into.id(f"ExplanationOfBenefit/{n}"),
                    }
                ],
                **{name: self._claim.get(name) for name in _SHARED},
                "claim": into.reference("Claim"),
                "claimResponse": response,
                "payee": {
                    "type": s.concept(f"{s.HL7}/payeetype", "provider"),
                    "party": self._claim["provider"],
                },
                "precedence": n,
                "supportingInfo": self._information(grouping),
                "insurance": self._insurance(n),
                "item": [
                    _billed(item) | {"adjudication": lines.get(item["sequence"])}
                    for item in self._claim.get("item", [])
                ],
                "payment": paid,
                **shared,
            },
        )

    def _information(self, grouping: Grouping | None) -> list[Json]:
        told: list[Json] = list(self._claim.get("supportingInfo", []))
        if grouping is not None:
            told.append(
                {
                    "sequence": len(told) + 1,
                    "category": s.concept(s.CARIN_INFORMATION, "drg"),
                    "code": {
                        "coding": [
                            s.coding(s.MS_DRG, grouping.drg, grouping.final.title)
                            | {"version": grouping.version}
                        ]
                    },
                }
            )
        return told

    def _insurance(self, n: int) -> list[Json]:
        """The coverages of the claim; the one that this payer answers for is the focal one."""
        return [
            {
                "focal": index == n,
                "coverage": each["coverage"],
                "preAuthRef": each.get("preAuthRef"),
            }
            for index, each in enumerate(self._claim["insurance"], 1)
        ]


# Whether the hospital is in the payer's network is not known here.
_NETWORK: Json = {
    "category": s.concept(s.CARIN_DISCRIMINATOR, "benefitpaymentstatus"),
    "reason": s.concept(s.CARIN_PAYER_STATUS, "other"),
}


def _whole(answer: PayerDecision) -> list[Json]:
    return [
        amount("submitted", answer.billed),
        amount("paidtoprovider", answer.paid),
        *(adjustment(a.group, a.reason, a.amount, a.meaning) for a in answer.adjustments),
    ]


def _adjudicated(line: LineDecision) -> list[Json]:
    return [
        amount("submitted", line.billed),
        amount("eligible", line.allowed),
        amount("paidtoprovider", line.paid),
        *(adjustment(a.group, a.reason, a.amount, a.meaning) for a in line.adjustments),
    ]


def _totals(answer: PayerDecision) -> list[Json]:
    by = sums((a.group, a.reason, a.amount) for a in answer.adjustments)
    return [
        amount("submitted", answer.billed),
        amount("eligible", answer.allowed),
        *(amount(name, value) for name, value in sorted(by.items())),
        amount("benefit", answer.paid),
        amount("paidtoprovider", answer.paid),
        amount("memberliability", answer.patient),
    ]


def _billed(item: Json) -> Json:
    """A line of the claim as the answer repeats it: its charge is not adjudicated by itself."""
    return {name: value for name, value in item.items() if name != "encounter"}
