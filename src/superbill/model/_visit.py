"""A visit that was just decoded: its codes put in stored form, its values checked.

Works in place on a visit that nobody else holds, as :mod:`superbill.model._values` does on a stay.
"""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import force_setattr

from superbill.errors import Problem
from superbill.identifiers import bill_type, mbi, npi, postal
from superbill.model._figures import amount, figures, quantity, sound
from superbill.model._values import diagnosis_code
from superbill.model.payers import MedicarePartB
from superbill.model.people import Address
from superbill.model.risk import Member
from superbill.model.visit import Visit, VisitLine

_HCPCS = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_PLACE = re.compile(r"[0-9]{2}")
MOST_UNITS = Decimal(9_999_999)
"""Units of a line above this are a slip; the electronic claim has room for no more."""


def settle(visit: Visit) -> list[Problem]:
    """Put the codes of a fresh visit in stored form; return everything that is wrong."""
    found: list[Problem] = []
    if not visit.id.strip():
        found.append(Problem("id", "it is empty.", "Give each visit an identifier of its own."))
    _diagnoses(visit, found)
    if not visit.lines:
        found.append(Problem("lines", "there is none.", "Give at least one service."))
    for index, line in enumerate(visit.lines):
        settle_line(visit, line, f"lines[{index}]", found)
    settle_place("place_of_service", visit.place_of_service, found)
    force_setattr(visit, "type_of_bill", bill_type.compact(visit.type_of_bill))
    _zip(visit, found)
    if visit.patient.birth_date > visit.service_date:
        found.append(
            Problem(
                "patient.birth_date",
                f"the birth date is after the service, {visit.service_date}.",
                "Correct one of the two dates.",
            )
        )
    for holder in (visit.biller, visit.rendering, visit.referring):
        if holder is not None:
            force_setattr(holder, "npi", npi.compact(holder.npi))
    for index, payer in enumerate(visit.payers):
        if isinstance(payer, MedicarePartB):
            force_setattr(payer, "member_id", mbi.compact(payer.member_id))
        if not sound(payer):
            figures(payer, f"payers[{index}]", found)
    return found


def settle_member(member: Member) -> list[Problem]:
    """Put the codes of a fresh member of a plan in stored form; return everything that is wrong."""
    found: list[Problem] = []
    if not member.id.strip():
        found.append(Problem("id", "it is empty.", "Give each member an identifier."))
    if member.birth_date is None and member.age is None:
        found.append(Problem("age", "it is missing.", "Give age or birth_date."))
    _stored(member, member.diagnoses, found)
    return found


def _diagnoses(visit: Visit, found: list[Problem]) -> None:
    if not visit.diagnoses:
        found.append(Problem("diagnoses", "there is none.", "Give at least one diagnosis."))
    _stored(visit, visit.diagnoses, found)


def _stored(holder: Visit | Member, texts: tuple[str, ...], found: list[Problem]) -> None:
    codes = []
    for index, text in enumerate(texts):
        code = diagnosis_code(text)
        if code is None:
            found.append(
                Problem(
                    f"diagnoses[{index}]",
                    f'"{text}" is not an ICD-10-CM code: three to seven letters and digits are '
                    "expected, with a dot after the third or without one.",
                    "For example I50.23 or I5023.",
                )
            )
        codes.append(code or text)
    force_setattr(holder, "diagnoses", tuple(codes))


def settle_line(visit: Visit, line: VisitLine, path: str, found: list[Problem]) -> None:
    """Put the codes of a line in stored form; add what is wrong with it."""
    code = line.code.strip().upper()
    force_setattr(line, "code", code)
    if not _HCPCS.fullmatch(code):
        found.append(
            Problem(
                f"{path}.code",
                f'"{line.code}" is not a HCPCS code: five letters and digits are expected.',
                "For example G0439.",
            )
        )
    modifiers = tuple(each.strip().upper() for each in line.modifiers)
    force_setattr(line, "modifiers", modifiers)
    for place, modifier in enumerate(modifiers):
        if not _MODIFIER.fullmatch(modifier):
            found.append(
                Problem(
                    f"{path}.modifiers[{place}]",
                    f'"{modifier}" is not a modifier: two letters or digits are expected.',
                    "For example 25.",
                )
            )
    amount(line.charge, f"{path}.charge", found)
    if not (line.units.is_finite() and 0 < line.units <= MOST_UNITS):
        shown = f"{line.units} units" if line.units.is_finite() else "it is not a number"
        found.append(
            Problem(f"{path}.units", f"{shown}.", f"Give more than 0, at most {MOST_UNITS:,}.")
        )
    if line.ndc_quantity is not None:
        quantity(line.ndc_quantity, f"{path}.ndc_quantity", found)
    if line.place_of_service:
        settle_place(f"{path}.place_of_service", line.place_of_service, found)
    found.extend(
        Problem(
            f"{path}.diagnoses",
            f"{index} is the place of no diagnosis.",
            f"Give places from 1 to {len(visit.diagnoses)}.",
        )
        for index in line.diagnoses
        if not 1 <= index <= len(visit.diagnoses)
    )
    if line.service_end is not None and line.service_end < visit.day(line):
        found.append(
            Problem(
                f"{path}.service_end",
                f"{line.service_end} is before the first day, {visit.day(line)}.",
                "Correct one of the two days.",
            )
        )


def settle_place(path: str, place: str, found: list[Problem]) -> None:
    """Add what is wrong with a place of service."""
    if not _PLACE.fullmatch(place):
        found.append(
            Problem(
                path,
                f'"{place}" is not a place of service: two digits are expected.',
                "For example 11 for an office.",
            )
        )


def _zip(visit: Visit, found: list[Problem]) -> None:
    for address in (visit.biller.address, visit.patient.address):
        if isinstance(address, Address):
            force_setattr(address, "zip", postal.compact(address.zip))
    if visit.zip:
        compact = postal.compact(visit.zip)
        if not postal.is_valid(compact):
            found.append(
                Problem("zip", "it is not a ZIP code of five or nine digits.", "For example 10001.")
            )
        force_setattr(visit, "zip", compact)
