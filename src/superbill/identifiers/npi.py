"""The National Provider Identifier: who gave or billed for the care.

Ten digits, issued by CMS's National Plan and Provider Enumeration System to every practitioner
and organisation that bills electronically. The first digit is 1 or 2; the last is a check digit:
the Luhn formula over the number with ``80840`` (health care, United States) set before it.
Nothing in the number tells who it belongs to.

Source: 45 CFR 162.406; CMS, "Requirements for National Provider Identifier (NPI) and NPI Check
Digit".

>>> validate("1234567893")
'1234567893'
>>> validate("123-456-7893")  # what people put between is taken out
'1234567893'
>>> is_valid("1234567890")  # the check digit is wrong
False
>>> is_valid("123456789")  # nine digits
False
>>> is_valid("3234567899")  # begins with 3
False
>>> format("1234567893")
'1234567893'
"""

from __future__ import annotations

from superbill.errors import Invalid

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the sum of the digits of twice each digit
_PREFIX_SUM = 24  # what 80840 adds to the sum


def compact(number: str) -> str:
    """The number without the blanks and hyphens that people add."""
    return number.replace("-", "").replace(" ", "")


def check_digit(first_nine: str) -> str:
    """The tenth digit for the first nine.

    >>> check_digit("123456789")
    '3'
    """
    total = _PREFIX_SUM
    for place, digit in enumerate(map(int, first_nine)):
        total += digit if place % 2 else _DOUBLED[digit]
    return str(-total % 10)


def is_valid(number: str) -> bool:
    """Whether the number is a National Provider Identifier, check digit included."""
    return _fault(compact(number)) is None


def validate(number: str, path: str = "npi") -> str:
    """The compact number; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong."""
    bare = compact(number)
    fault = _fault(bare)
    if fault is not None:
        raise Invalid.at(path, f"This is not a National Provider Identifier: {fault}.", REMEDY)
    return bare


def format(number: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The number as people read it: ten digits without a break."""
    return compact(number)


REMEDY = "Compare it with the NPI registry or the provider's enrolment letter."


def _fault(bare: str) -> str | None:
    if len(bare) != 10:
        return f"it has {len(bare)} characters, and 10 are expected"
    if not (bare.isascii() and bare.isdigit()):
        return "it holds something other than digits"
    if bare[0] not in "12":
        return f"it begins with {bare[0]}, and only 1 and 2 are issued"
    if check_digit(bare[:9]) != bare[9]:
        return "its check digit does not fit, so a digit was mistyped or two were swapped"
    return None
