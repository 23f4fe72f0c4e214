"""People and where they live: patients, and those through whom a patient is insured."""

from __future__ import annotations

from datetime import date
from typing import Literal

from superbill.model.base import Value
from superbill.model.limits import Code, Name, Text

Sex = Literal["M", "F", "U"]


class Address(Value, frozen=True, kw_only=True):
    """A postal address in the United States."""

    street: Text
    city: Name
    state: Code
    zip: Code
    street2: Text = ""


class Person(Value, frozen=True, kw_only=True):
    """A patient or subscriber. ``sex`` is as Medicare holds it: M, F or U (unknown)."""

    last_name: Name
    first_name: Name
    birth_date: date
    sex: Sex
    middle_name: Name = ""
    address: Address | None = None
