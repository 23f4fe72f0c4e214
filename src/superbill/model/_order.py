"""An order that was just decoded: what an estimate needs beyond a visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec.structs import force_setattr

from superbill.errors import Problem
from superbill.identifiers import npi, postal
from superbill.model import _visit
from superbill.model.estimate import CoProvider, Order
from superbill.model.payers import Medicaid, MedicarePartB, Medigap, Plan, SelfPay
from superbill.model.visit import Biller, VisitPayer

FIRST, LAST = date(2022, 1, 1), date(2099, 12, 31)
"""The days on which estimates are made: 45 CFR 149.610 applies from 2022; the end stops slips."""


def settle(order: Order) -> list[Problem]:
    """Put the codes of a fresh order in stored form; return everything that is wrong."""
    found = _visit.settle(order)
    for place, each in enumerate(order.co_providers):
        _other(order, each, f"co_providers[{place}]", found)
    found += _biller(order.biller, "biller")
    found += _days(order)
    found += _words(order)
    return found + list(_payers(order))


def _other(order: Order, other: CoProvider, path: str, found: list[Problem]) -> None:
    force_setattr(other.biller, "npi", npi.compact(other.biller.npi))
    found += _biller(other.biller, f"{path}.biller")
    if not other.lines:
        found.append(Problem(f"{path}.lines", "there is none.", "Give at least one service."))
    for place, line in enumerate(other.lines):
        _visit.settle_line(order, line, f"{path}.lines[{place}]", found)
    if other.place_of_service:
        _visit.settle_place(f"{path}.place_of_service", other.place_of_service, found)
    if other.zip:
        force_setattr(other, "zip", postal.compact(other.zip))
        if not postal.is_valid(other.zip):
            found.append(Problem(f"{path}.zip", "it is not a ZIP code.", postal.REMEDY))
    if other.discount is not None and not (
        other.discount.is_finite() and 0 <= other.discount <= Decimal(1)
    ):
        found.append(
            Problem(
                f"{path}.discount",
                f"{other.discount} is not a share from 0 to 1.",
                'Write 25 percent as "0.25".',
            )
        )


def _biller(biller: Biller, path: str) -> Iterator[Problem]:
    """What an estimate must tell of a provider: its numbers and where it is."""
    if not npi.is_valid(biller.npi):
        what = "it is empty." if not biller.npi else "it is not a National Provider Identifier."
        yield Problem(
            f"{path}.npi", what, "Give the ten digits, which an estimate must tell; " + npi.REMEDY
        )
    bare = biller.tax_id.replace("-", "").replace(" ", "")
    force_setattr(biller, "tax_id", bare)
    if len(bare) != 9 or not (bare.isascii() and bare.isdigit()):
        what = "it is missing." if not bare else "it has not nine digits."
        yield Problem(f"{path}.tax_id", what, "Give the nine digits, which an estimate must tell.")
    if biller.address is None:
        yield Problem(
            f"{path}.address",
            "it is missing.",
            "Give street, city, state and ZIP code: an estimate tells where care is given.",
        )
    else:
        force_setattr(biller.address, "zip", postal.compact(biller.address.zip))
        if not postal.is_state(biller.address.state):
            yield Problem(
                f"{path}.address.state",
                f'"{biller.address.state}" is not a state.',
                "Write its two letters, for example OH.",
            )


def _days(order: Order) -> Iterator[Problem]:
    if not FIRST <= order.estimated_on <= LAST:
        yield Problem(
            "estimated_on",
            f"{order.estimated_on} is not a day of an estimate: from {FIRST}, when they began to "
            f"be required, to {LAST}.",
            "Give the day on which the estimate is made.",
        )
    told: list[tuple[str, date]] = [("service_date", order.service_date)]
    parts = [("lines", order.lines)]
    parts += [(f"co_providers[{n}].lines", each.lines) for n, each in enumerate(order.co_providers)]
    told += [
        (f"{path}[{place}].service_date", line.service_date)
        for path, lines in parts
        for place, line in enumerate(lines)
        if line.service_date is not None
    ]
    for path, day in told:
        if day < order.estimated_on:
            yield Problem(
                path,
                f"the service, {day}, is before the estimate, {order.estimated_on}.",
                "Correct one of the two days; of services given: superbill adjudicate.",
            )
    for path, before in (
        ("scheduled_on", order.scheduled_on),
        ("requested_on", order.requested_on),
    ):
        if before is not None and before > order.estimated_on:
            yield Problem(
                path,
                f"{before} is after the estimate, {order.estimated_on}.",
                "Correct one of the two days.",
            )
    if order.scheduled_on is not None and not order.scheduled:
        yield Problem(
            "scheduled_on", "nothing is scheduled by this order.", "Leave it out, or scheduled."
        )


def _words(order: Order) -> Iterator[Problem]:
    said = [("primary_service", order.primary_service)]
    said += [(f"lines[{n}].description", each.description) for n, each in enumerate(order.lines)]
    for at, other in enumerate(order.co_providers):
        said += [
            (f"co_providers[{at}].lines[{n}].description", each.description)
            for n, each in enumerate(other.lines)
        ]
    for path, words in said:
        if not words.strip():
            yield Problem(path, "it is empty.", "Say what it is in words that a patient knows.")


def _payers(order: Order) -> Iterator[Problem]:
    if not order.payers:
        yield Problem(
            "payers",
            "there is none.",
            'Name who pays; a patient without coverage is {"kind": "self_pay", "name": "Patient"}.',
        )
    elif order.co_providers and not _carried(order.payers):
        yield Problem(
            "co_providers",
            "what one provider's services use up of the limits of these payers is not carried to "
            "the next one's.",
            "Give each provider an order of its own, with what is met before it.",
        )


def _carried(payers: tuple[VisitPayer, ...]) -> bool:
    """Whether all that these payers count over several claims is carried from one to the next."""
    match payers:
        case (SelfPay(),) | (Plan(),) | (MedicarePartB(),):
            return True
        case (MedicarePartB(), Medigap() as supplement):
            return supplement.plan not in {"K", "L"}
        case (MedicarePartB(), Medicaid() as state):
            return not state.copay
    return False
