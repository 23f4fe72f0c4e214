"""People and where they live: patients, and those through whom a patient is insured."""

from __future__ import annotations

from datetime import date
from typing import Literal

from superbill.model.base import Value

Sex = Literal["M", "F", "U"]


class Address(Value, frozen=True, kw_only=True):
    """A postal address in the United States."""

    street: str
    city: str
    state: str
    zip: str
    street2: str = ""


class Person(Value, frozen=True, kw_only=True):
    """A patient or subscriber. ``sex`` is as Medicare holds it: M, F or U (unknown)."""

    last_name: str
    first_name: str
    birth_date: date
    sex: Sex
    middle_name: str = ""
    address: Address | None = None
