"""A professional service to be priced, and reading it from JSON.

``{"code", "modifiers", "date", "zip" or ("carrier", "locality"), "pos", "units", "apm"}``, and
what some services need besides: anaesthesia ``minutes`` and ``base_units``, the ``practitioner``,
whether the biller is ``participating``, the ``charge``.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from superbill.errors import Invalid, Problem
from superbill.identifiers import postal
from superbill.model.base import Value
from superbill.pricing.mpfs.codes import PRACTITIONERS

MOST_UNITS = 9_999
"""No claim line carries more units (the CMS-1500 has room for three digits)."""

_CODE = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_CARRIER = re.compile(r"[0-9]{5}")
_LOCALITY = re.compile(r"[0-9]{2}")
_AT = re.compile(r"(.*?)(?: - at `\$\.?([^`]*)`)?", re.DOTALL)
_KEY = re.compile(r"missing required field `(\w+)`|unknown field `(\w+)`")


class Line(Value, frozen=True, kw_only=True):
    """One service line: what was done, when, where, by whom.

    ``date`` is the date of service. The payment locality is that of ``zip`` (five or nine digits)
    or ``carrier`` and ``locality``. ``pos`` is the place of service, two digits. ``apm`` says
    whether the physician is a qualifying participant in an advanced alternative payment model.
    ``charge`` is in dollars, for all units: the lesser of charge and fee is allowed.
    """

    code: str
    date: date
    pos: str
    modifiers: tuple[str, ...] = ()
    zip: str = ""
    carrier: str = ""
    locality: str = ""
    units: int = 1
    apm: bool = False
    participating: bool = True
    practitioner: str = "physician"
    charge: Decimal | None = None
    minutes: int | None = None
    base_units: int | None = None
    id: str = ""


class _Read(msgspec.Struct, forbid_unknown_fields=True):
    """A line as it stands in JSON: some keys may be written in two ways."""

    code: str
    date: str
    pos: str | int
    modifiers: tuple[str, ...] | None = ()
    zip: str | None = ""
    carrier: str | None = ""
    locality: str | None = ""
    units: int | float | str = 1
    apm: bool | None = False
    participating: bool = True
    practitioner: str = "physician"
    charge: Decimal | None = None
    minutes: int | None = None
    base_units: int | None = None
    id: str | int = ""


_decoder = msgspec.json.Decoder(_Read)


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read(text: bytes) -> Line:
    """A line from one JSON object.

    Raises :class:`~superbill.errors.Invalid` naming each key that cannot be used.
    """
    try:
        found = _decoder.decode(text)
    except msgspec.DecodeError as fault:
        raise _undecoded(fault) from None
    day = _day(found.date)
    if day is None:
        raise Invalid.at(
            "date", f"{found.date[:40]!r} is not a date.", "Write it as YYYY-MM-DD: 2026-03-01."
        )
    line = Line(
        code=found.code.strip().upper(),
        date=day,
        pos=f"{found.pos:02}" if isinstance(found.pos, int) else found.pos.strip(),
        modifiers=tuple(m.strip().upper() for m in found.modifiers) if found.modifiers else (),
        zip=postal.compact(found.zip) if found.zip else "",
        carrier=(found.carrier or "").strip(),
        locality=(found.locality or "").strip(),
        units=found.units if isinstance(found.units, int) else _whole(found.units),
        apm=bool(found.apm),
        participating=found.participating,
        practitioner=found.practitioner,
        charge=found.charge,
        minutes=found.minutes,
        base_units=found.base_units,
        id=str(found.id),
    )
    check(line)
    return line


def _whole(units: float | str) -> int:
    """Whole units, however they are written; others are refused by :func:`check`."""
    try:
        number = Decimal(str(units).strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or number % 1:
        raise Invalid.at("units", f"{str(units)[:40]!r} is not a whole number of units.", _UNITS)
    return int(number)


_UNITS = f"Give the number of services, 1 to {MOST_UNITS:,}."


def check(line: Line) -> None:
    """Everything about a line that cannot be, whatever the fee schedule holds.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    problems: list[Problem] = []
    if not _CODE.fullmatch(line.code):
        problems.append(
            Problem(
                "code",
                f"{line.code[:40]!r} is not a HCPCS code: five letters and digits are expected.",
                "For example G0439.",
            )
        )
    for place, modifier in enumerate(line.modifiers):
        if not _MODIFIER.fullmatch(modifier):
            problems.append(
                Problem(
                    f"modifiers[{place}]",
                    f"{modifier[:40]!r} is not a modifier: two letters or digits are expected.",
                    "For example 26 or TC.",
                )
            )
    if not 1 <= line.units <= MOST_UNITS:
        problems.append(Problem("units", f"{line.units:,} units cannot be billed.", _UNITS))
    problems += _place(line)
    if line.practitioner not in PRACTITIONERS:
        problems.append(
            Problem(
                "practitioner",
                f"{line.practitioner[:40]!r} is not a kind of practitioner.",
                f"Use one of {', '.join(PRACTITIONERS)}.",
            )
        )
    charge = line.charge
    if charge is not None and not (
        charge.is_finite() and 0 <= charge < 10**8 and not charge * 100 % 1
    ):
        problems.append(
            Problem("charge", f"{charge} is not an amount.", "Give dollars and cents: 120.00.")
        )
    for name, count, most in (
        ("minutes", line.minutes, 24 * 60 * 2),
        ("base_units", line.base_units, 100),
    ):
        if count is not None and not 0 <= count <= most:
            problems.append(Problem(name, f"{count:,} is out of range.", f"Give 0 to {most:,}."))
    if problems:
        raise Invalid(problems)


def _place(line: Line) -> list[Problem]:
    """What is wrong with ZIP code, or carrier and locality."""
    if line.zip:
        if line.carrier or line.locality:
            return [
                Problem("zip", "both a ZIP code and a locality are given.", "Give one of the two.")
            ]
        if not postal.is_valid(line.zip):
            return [
                Problem(
                    "zip",
                    "this is not a ZIP code: five or nine digits are expected.",
                    postal.REMEDY,
                )
            ]
        return []
    if not line.carrier and not line.locality:
        return [
            Problem(
                "zip",
                "nothing says where the service was given.",
                'Give "zip", or "carrier" and "locality".',
            )
        ]
    found = []
    if not _CARRIER.fullmatch(line.carrier):
        found.append(
            Problem("carrier", f"{line.carrier[:40]!r} is not a carrier number.", "Give 5 digits.")
        )
    if not _LOCALITY.fullmatch(line.locality):
        found.append(
            Problem("locality", f"{line.locality[:40]!r} is not a locality.", "Give 2 digits.")
        )
    return found


def _undecoded(fault: msgspec.DecodeError) -> Invalid:
    """What msgspec says, in the form of our errors."""
    split = _AT.fullmatch(str(fault))
    assert split is not None
    said, path = split[1], split[2] or ""
    key = _KEY.search(said)
    if key and key[1]:
        return Invalid.at(key[1], "it is missing.", f"Give the line a {key[1]!r}.")
    if key:
        known = ", ".join(field.name for field in msgspec.structs.fields(_Read))
        return Invalid.at(key[2], "there is no such key.", f"The keys are {known}.")
    if not isinstance(fault, msgspec.ValidationError):
        return Invalid.at("", f"this is not a JSON object: {said}.", "Write one object a line.")
    quoted = "expected `str" in said.lower() and "got `int" in said
    remedy = "Write it in quotation marks." if quoted else "Correct the value."
    return Invalid.at(path, f"{said[:1].lower()}{said[1:].replace('`', '')}.", remedy)
