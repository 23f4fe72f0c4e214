"""What the grouper takes of a stay: codes, present on admission, age, sex, discharge status.

Age has no effect in any version held, and sex only through the few diagnoses whose category
depends on it. Codes may come dotted, padded or in lower case; the program knows them undotted,
trimmed and in upper case only.
"""

from __future__ import annotations

import re

import msgspec

from superbill.model import Encounter

# CMS's grouper also takes its internal names of combinations of procedures (Z@0217) where they
# are billed as codes; its editor calls them invalid.
_CODE = re.compile(r"[A-Z0-9]{3,7}|Z@[0-9]{4}", re.ASCII)
_REPORTED = frozenset("YNUW")

UNREADABLE = "?"
"""Stands for what cannot be a code: the program cuts what is long, and ends a code at a NUL."""


class GrouperClaim(msgspec.Struct, frozen=True, gc=False):
    """A stay as the grouper reads it.

    ``diagnoses`` are ``(code, present on admission)``, the principal diagnosis first. ``sex`` is
    M, F or U. ``discharge_status`` is two digits; anything else counts as no legal status.
    ``hospital_poa_status`` says whether the hospital is exempt from reporting what was present
    on admission: NON_EXEMPT, EXEMPT or UNKNOWN.
    """

    version: int
    diagnoses: tuple[tuple[str, str], ...]
    procedures: tuple[str, ...]
    age: int
    sex: str
    discharge_status: str
    hospital_poa_status: str


def of_encounter(encounter: Encounter, version: int) -> GrouperClaim:
    """The stay ``encounter`` for one grouper ``version``."""
    return GrouperClaim(
        version,
        tuple([(diagnosis.code, diagnosis.poa) for diagnosis in encounter.diagnoses]),
        tuple([procedure.code for procedure in encounter.procedures]),
        encounter.age,
        encounter.patient.sex,
        encounter.discharge_status,
        encounter.hospital_poa_status,
    )


def plain_code(code: str) -> str:
    """``code`` undotted, trimmed and in upper case, or :data:`UNREADABLE`.

    >>> plain_code(" i50.23"), plain_code("I50.23 or I50.33"), plain_code("")
    ('I5023', '?', '?')
    """
    if _CODE.fullmatch(code):
        return code
    tidy = code.replace(".", "").strip().upper()
    return tidy if _CODE.fullmatch(tidy) else UNREADABLE


def plain_poa(poa: str) -> str:
    """``poa`` where it is one that the grouper tells apart, else blank.

    Blank, 1, E and any other letter are one to the grouper: not reported.

    >>> plain_poa("y"), plain_poa("1"), plain_poa("")
    ('Y', ' ', ' ')
    """
    if poa in _REPORTED:
        return poa
    tidy = poa.strip().upper()
    return tidy if tidy in _REPORTED else " "


def plain_status(status: str) -> int:
    """The discharge status as a number; 0, which is illegal, where it is none."""
    return int(status) if len(status) <= 2 and status.isascii() and status.isdigit() else 0
