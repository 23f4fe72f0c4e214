"""Codes put in the form they are stored in, and values checked against one another.

Works on an encounter that was just decoded and that nobody else holds: codes are undotted and in
upper case in place, which costs a tenth of building the record anew. What is wrong is returned,
all of it, with its place in the document. What can be said of a well-formed claim (a code that
does not exist, a status that contradicts the bill) is said by the edits, not here.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec.structs import force_setattr

from superbill.errors import Problem
from superbill.identifiers import bill_type, ccn, mbi, npi, postal, revenue_code
from superbill.model._figures import amount, figures, quantity, sound
from superbill.model.encounter import Encounter, Line
from superbill.model.hospital import Hospital
from superbill.model.payers import MedicarePartA
from superbill.model.people import Address, Person

_MOST_UNITS = Decimal(9_999_999)

_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.?[0-9A-Z]{1,4})?\.?")
_PROCEDURE = re.compile(r"[0-9A-Z]{7}")
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3])?")


@lru_cache(maxsize=32768)
def diagnosis_code(text: str) -> str | None:
    """An ICD-10-CM code undotted, trimmed and in upper case; ``None`` where it has no such form.

    >>> diagnosis_code(" i50.23"), diagnosis_code("I5.023"), diagnosis_code("")
    ('I5023', None, None)
    """
    tidy = text.strip().upper()
    return tidy.replace(".", "") if _DIAGNOSIS.fullmatch(tidy) else None


@lru_cache(maxsize=32768)
def procedure_code(text: str) -> str | None:
    """An ICD-10-PCS code trimmed and in upper case; ``None`` where it has not seven characters.

    >>> procedure_code("5a09357 "), procedure_code("5A0935")
    ('5A09357', None)
    """
    tidy = text.strip().upper()
    return tidy if _PROCEDURE.fullmatch(tidy) else None


def settle(stay: Encounter, *, profile_known: bool = False) -> list[Problem]:
    """Put the codes of a fresh encounter in stored form; return everything that is wrong.

    ``profile_known`` says that the hospital's profile was looked at before.
    """
    found: list[Problem] = []
    _codes(stay, found)
    _identifiers(stay, found)
    _days(stay, found)
    in_order = stay.plainly_charged
    for index, line in enumerate(stay.lines):
        units = line.units
        if not in_order:
            amount(line.charge, f"lines[{index}].charge", found)
        # Nearly every line is a plain one, and there are many to a stay.
        if (
            len(line.revenue_code) != 4
            or line.hcpcs
            or line.modifiers
            or line.rate is not None
            or line.ndc_quantity is not None
            or line.noncovered
            or not units.is_finite()
            or units.is_signed()
            or units > _MOST_UNITS
        ):
            _line(line, index, found)
    for index, payer in enumerate(stay.payers):
        if not sound(payer):
            figures(payer, f"payers[{index}]", found)
    for index, value in enumerate(stay.value_codes):
        quantity(value.amount, f"value_codes[{index}].amount", found)
    if not profile_known and stay.hospital is not None and not sound(stay.hospital):
        figures(stay.hospital, "hospital", found)
    return found


def hospital_problems(hospital: Hospital) -> list[Problem]:
    """Everything that is wrong with the figures of a hospital's profile."""
    found: list[Problem] = []
    figures(hospital, "", found)
    return found


def _codes(stay: Encounter, found: list[Problem]) -> None:
    if not stay.diagnoses:
        found.append(
            Problem("diagnoses", "there is none.", "Give at least the principal diagnosis.")
        )
    if not _STORED.issuperset([diagnosis.code for diagnosis in stay.diagnoses]):
        _diagnoses(stay, found)
    for index, procedure in enumerate(stay.procedures):
        code = procedure_code(procedure.code)
        if code is None:
            shown = _shown(procedure.code)
            found.append(
                Problem(
                    f"procedures[{index}].code",
                    f"{shown} is not an ICD-10-PCS code: seven letters and digits are expected.",
                    "Write it without a dot, for example 5A09357.",
                )
            )
        elif code != procedure.code:
            force_setattr(procedure, "code", code)
    if stay.admitting_diagnosis is not None and stay.admitting_diagnosis not in _STORED:
        code = diagnosis_code(stay.admitting_diagnosis)
        if code is None:
            found.append(_no_diagnosis("admitting_diagnosis", stay.admitting_diagnosis))
        else:
            force_setattr(stay, "admitting_diagnosis", code)
    if stay.reason_for_visit:
        reasons = []
        for index, text in enumerate(stay.reason_for_visit):
            code = diagnosis_code(text)
            if code is None:
                found.append(_no_diagnosis(f"reason_for_visit[{index}]", text))
            reasons.append(code or text)
        force_setattr(stay, "reason_for_visit", tuple(reasons))


_STORED: set[str] = set()
"""Diagnoses that were met in the form they are stored in: stays share most of theirs."""

_MOST_STORED = 200_000


def _diagnoses(stay: Encounter, found: list[Problem]) -> None:
    for index, diagnosis in enumerate(stay.diagnoses):
        code = diagnosis_code(diagnosis.code)
        if code is None:
            found.append(_no_diagnosis(f"diagnoses[{index}].code", diagnosis.code))
        elif code != diagnosis.code:
            force_setattr(diagnosis, "code", code)
        elif len(_STORED) < _MOST_STORED:
            _STORED.add(code)


def _no_diagnosis(path: str, text: str) -> Problem:
    return Problem(
        path,
        f"{_shown(text)} is not an ICD-10-CM code: three to seven letters and digits are"
        " expected, with a dot after the third or without one.",
        "For example I50.23 or I5023.",
    )


def _identifiers(stay: Encounter, found: list[Problem]) -> None:
    if not stay.id.strip():
        found.append(Problem("id", "it is empty.", "Give each stay an identifier of its own."))
    if len(stay.type_of_bill) != 4:
        force_setattr(stay, "type_of_bill", bill_type.compact(stay.type_of_bill))
    status = stay.discharge_status
    if not (len(status) == 2 and status.isascii() and status.isdigit()):
        found.append(
            Problem(
                "discharge_status",
                f"{_shown(status)} is not a discharge status: two digits are expected.",
                "Write the leading zero, for example 01 for home.",
            )
        )
    for name, hour in (
        ("admission_hour", stay.admission_hour),
        ("discharge_hour", stay.discharge_hour),
    ):
        if hour and not _HOUR.fullmatch(hour):
            found.append(
                Problem(
                    name,
                    f"{_shown(hour)} is not an hour: 00 to 23 is expected.",
                    "Write two digits, for example 09 for nine in the morning.",
                )
            )
    facility = stay.facility
    if not facility.ccn.isdigit():
        force_setattr(facility, "ccn", ccn.compact(facility.ccn))
    for holder in (facility, stay.attending, stay.operating):
        if holder is not None and not holder.npi.isdigit():
            force_setattr(holder, "npi", npi.compact(holder.npi))
    _zip(facility.address)
    _zip(stay.patient.address)
    for payer in stay.payers:
        number = payer.member_id
        if payer.__class__ is MedicarePartA and not (number.isalnum() and number.isupper()):
            force_setattr(payer, "member_id", mbi.compact(number))
        if payer.address is not None:
            _zip(payer.address)
        if payer.subscriber is not None:
            _zip(payer.subscriber.address)


def _zip(address: Address | None) -> None:
    if address is not None and not address.zip.isdigit():
        force_setattr(address, "zip", postal.compact(address.zip))


def _days(stay: Encounter, found: list[Problem]) -> None:
    admitted, discharged = stay.admission_date, stay.discharge_date
    _birth(stay.patient, "patient", admitted, found)
    if discharged < admitted:
        found.append(
            Problem(
                "discharge_date",
                f"the discharge, {discharged}, is before the admission, {admitted}.",
                "Correct one of the two dates.",
            )
        )
        return
    if stay.statement_from is not None and stay.statement_from > discharged:
        found.append(
            Problem(
                "statement_from",
                f"the bill begins on {stay.statement_from}, after the discharge, {discharged}.",
                "Correct one of the two dates.",
            )
        )
    # The day of discharge is not counted, save that somebody discharged on the day of admission
    # was there for one day, and that somebody still a patient (30) was there on the last day too.
    length = max(1, (discharged - admitted).days + (stay.discharge_status == "30"))
    if stay.covered_days is not None and stay.covered_days > length:
        found.append(_too_many("covered_days", "covered days", stay.covered_days, length, stay))
    reserve = stay.lifetime_reserve_days
    if reserve:
        most = length if stay.covered_days is None else min(length, stay.covered_days)
        if reserve > 60:
            found.append(
                Problem(
                    "lifetime_reserve_days",
                    f"{reserve} days are more than the 60 that a lifetime has.",
                    "Give the reserve days used in this stay alone.",
                )
            )
        elif reserve > most:
            found.append(_too_many("lifetime_reserve_days", "reserve days", reserve, most, stay))
    if stay.age_years is not None and stay.age_years > 150:
        found.append(
            Problem(
                "age_years",
                f"{stay.age_years} is not an age in years.",
                "Leave it out, and it is taken from the birth date.",
            )
        )
    for index, span in enumerate(stay.occurrence_spans):
        if span.end < span.start:
            found.append(
                Problem(
                    f"occurrence_spans[{index}]",
                    f"it ends on {span.end}, before it starts on {span.start}.",
                    "Exchange the two dates, or correct one.",
                )
            )


def _too_many(path: str, what: str, given: int, most: int, stay: Encounter) -> Problem:
    return Problem(
        path,
        f"{given} {what} are more than the {most} of the stay"
        f" ({stay.admission_date} to {stay.discharge_date}).",
        "Correct the days or the dates; the day of discharge is not counted.",
    )


def _birth(person: Person, path: str, admitted: date, found: list[Problem]) -> None:
    # The birth date itself is not shown.
    if person.birth_date > admitted:
        found.append(
            Problem(
                f"{path}.birth_date",
                f"the birth date is after the admission, {admitted}.",
                "Correct one of the two dates.",
            )
        )


def _line(line: Line, index: int, found: list[Problem]) -> None:
    """The rest of a line: code, units, rate, the part that is not covered."""
    if len(line.revenue_code) != 4:
        force_setattr(line, "revenue_code", revenue_code.compact(line.revenue_code))
    if line.hcpcs:
        force_setattr(line, "hcpcs", line.hcpcs.strip().upper())
    if line.modifiers:
        tidy = tuple(modifier.strip().upper() for modifier in line.modifiers)
        force_setattr(line, "modifiers", tidy)
    units = line.units
    if units.is_signed() or not units.is_finite() or units > _MOST_UNITS:
        quantity(units, f"lines[{index}].units", found)
    if line.rate is not None:
        quantity(line.rate, f"lines[{index}].rate", found)
    if line.ndc_quantity is not None:
        quantity(line.ndc_quantity, f"lines[{index}].ndc_quantity", found)
    noncovered = line.noncovered
    if noncovered:
        before = len(found)
        amount(noncovered, f"lines[{index}].noncovered", found)
        if len(found) == before and line.charge.is_finite() and noncovered > line.charge:
            found.append(
                Problem(
                    f"lines[{index}].noncovered",
                    f"{noncovered} not covered is more than the charge of {line.charge}.",
                    "Give the part of the charge that is not covered.",
                )
            )


def _shown(text: str) -> str:
    return f'"{text}"' if text.strip() else "an empty text"
