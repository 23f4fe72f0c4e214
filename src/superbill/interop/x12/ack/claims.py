"""The 277CA (005010X214): each claim of a transaction that was accepted, taken or sent back.

Statuses are category and status codes that X12 publishes: A1/19 received, A2/20 accepted into the
payer's system, A7 rejected for invalid and A6 for missing information, A8 where fields contradict
one another. Where no status fits a rule better, it is 21: missing or invalid information.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from superbill.interop.x12.ack.received import Claim, Party, Received
from superbill.interop.x12.check.finding import Finding
from superbill.interop.x12.segments import plain
from superbill.money import ZERO

VERSION = "005010X214"
_MOST_STATUSES = 20


class Status(NamedTuple):
    """A category, a status, and whom it is about (an entity code, or empty)."""

    category: str
    status: str
    entity: str = ""


ACCEPTED = Status("A2", "20", "PR")

_STATUSES = {
    "balance.claim": Status("A8", "400"),
    "balance.line": Status("A8", "400"),
    "balance.other_payer": Status("A8", "400"),
    "code.icd10cm": Status("A7", "255"),
    "code.icd9": Status("A7", "255"),
    "code.hcpcs": Status("A7", "507"),
    "code.modifier": Status("A7", "453"),
    "code.revenue": Status("A7", "455"),
    "code.type_of_bill": Status("A7", "228"),
    "code.place": Status("A7", "249"),
    "diagnosis.pointer": Status("A7", "477"),
    "claim.original_reference": Status("A6", "464"),
    "claim.repeated": Status("A3", "478"),
}
_OF_AN_ENTITY = {
    "code.npi": Status("A7", "562"),
    "code.zip": Status("A7", "500"),
    "address.zip_plus_4": Status("A7", "500"),
}
_ENTITIES = {
    "2010AA": "85",
    "2010AB": "87",
    "2010BA": "IL",
    "2010BB": "PR",
    "2010CA": "QC",
    "2310B": "82",
    "2310C": "77",
}
_DEFAULT = Status("A7", "21")


def statuses(claim: Claim) -> list[Status]:
    """What is told of a claim; :data:`ACCEPTED` alone where nothing was found in it."""
    found = dict.fromkeys(_status(f) for f in claim.findings)
    return list(found)[:_MOST_STATUSES] or [ACCEPTED]


def _status(finding: Finding) -> Status:
    if finding.rule in _OF_AN_ENTITY:
        return _OF_AN_ENTITY[finding.rule]._replace(entity=_ENTITIES.get(finding.at.loop, ""))
    return _STATUSES.get(finding.rule, _DEFAULT)


def segments(
    received: Received, mark: str, component: str, *, today: str, time: str, trace: str
) -> list[str]:
    """The segments of a 277CA between ST and SE, for one 837.

    ``today`` is CCYYMMDD, ``time`` HHMM, ``trace`` the receiver's number for the transmission.
    """
    taken = [c for c in received.claims if statuses(c) == [ACCEPTED]]
    back = [c for c in received.claims if statuses(c) != [ACCEPTED]]
    out = _Out(mark, component, today)
    out.add("BHT", "0085", "08", trace, today, time, "TH")
    out.add("HL", "1", "", "20", "1")
    out.name("PR", received.receiver._replace(kind="2", first=""))
    out.add("TRN", "1", trace)
    out.add("DTP", "050", "D8", today)
    out.add("DTP", "009", "D8", today)
    out.add("HL", "2", "1", "21", "1" if received.claims else "0")
    out.name("41", received.submitter)
    out.add("TRN", "2", received.reference or trace)
    out.status([Status("A1", "19", "PR")], "WQ", _sum(received.claims))
    if taken:
        out.add("QTY", "90", str(len(taken)))
    if back:
        out.add("QTY", "AA", str(len(back)))
    if taken:
        out.add("AMT", "YU", plain(_sum(taken)))
    if back:
        out.add("AMT", "YY", plain(_sum(back)))
    level = 2
    for provider, claims in groupby(received.claims, lambda c: c.provider):
        level += 1
        above = level
        out.add("HL", str(level), "2", "19", "1")
        out.name("85", provider)
        for patient, of_patient in groupby(claims, lambda c: c.patient):
            level += 1
            out.add("HL", str(level), str(above), "PT")
            out.name("QC", patient._replace(kind="1"))
            for claim in of_patient:
                out.claim(claim)
    return out.segments


class _Out:
    def __init__(self, mark: str, component: str, today: str) -> None:
        self.mark = mark
        self.component = component
        self.today = today
        self.segments: list[str] = []

    def add(self, *elements: str) -> None:
        self.segments.append(self.mark.join(elements).rstrip(self.mark))

    def name(self, role: str, party: Party) -> None:
        self.add(
            "NM1", role, party.kind, party.last, party.first, "", "", "", party.qualifier, party.id
        )

    def status(self, told: list[Status], action: str, amount: Decimal) -> None:
        first, *more = told
        for start in range(0, max(len(more), 1), 2):
            rest = more[start : start + 2]
            self.add(
                "STC",
                self._code(first),
                self.today,
                action,
                plain(amount),
                "",
                "",
                "",
                "",
                "",
                *map(self._code, rest),
            )

    def _code(self, status: Status) -> str:
        return self.component.join(part for part in status if part)

    def claim(self, claim: Claim) -> None:
        told = statuses(claim)
        self.add("TRN", "2", claim.id)
        self.status(told, "WQ" if told == [ACCEPTED] else "U", claim.charge or ZERO)
        if claim.trace:
            self.add("REF", "D9", claim.trace)
        if claim.bill:
            self.add("REF", "BLT", claim.bill)
        first, last = _span(claim.days)
        if first:
            self.add(
                "DTP", "472", *(("D8", first) if first == last else ("RD8", f"{first}-{last}"))
            )


def _span(days: tuple[str, ...]) -> tuple[str, str]:
    single = sorted(day for period in days for day in period.split("-") if len(day) == 8)
    return (single[0], single[-1]) if single else ("", "")


def _sum(claims: Iterator[Claim] | tuple[Claim, ...] | list[Claim]) -> Decimal:
    return sum((c.charge for c in claims if c.charge is not None), ZERO)
