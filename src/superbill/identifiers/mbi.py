"""The Medicare Beneficiary Identifier: the number on a Medicare card.

Eleven characters, issued by CMS at random and without a check digit; each place is bound to
digits or to letters. The letters S, L, O, I, B and Z are left out, since they look like digits.
Cards show dashes, which are no part of the number.

Source: CMS, "Understanding the Medicare Beneficiary Identifier (MBI) Format", from which the
example is taken; it belongs to nobody.

>>> validate("1EG4-TE5-MK73")
'1EG4TE5MK73'
>>> is_valid("1EG4TE5MK7")  # ten characters
False
>>> is_valid("0EG4TE5MK73")  # the first place is 1 to 9
False
>>> is_valid("1SG4TE5MK73")  # S is not used
False
>>> is_valid("1EGATE5MK73")  # the fourth place is a digit
False
>>> format("1EG4TE5MK73")
'1EG4-TE5-MK73'
"""

from __future__ import annotations

import re

from superbill.errors import Invalid

_LETTERS = frozenset("ACDEFGHJKMNPQRTUVWXY")
_DIGITS = frozenset("0123456789")
_EITHER = _LETTERS | _DIGITS
_KINDS = (
    (frozenset("123456789"), "a digit from 1 to 9"),
    (_LETTERS, "a letter"),
    (_EITHER, "a letter or a digit"),
    (_DIGITS, "a digit"),
    (_LETTERS, "a letter"),
    (_EITHER, "a letter or a digit"),
    (_DIGITS, "a digit"),
    (_LETTERS, "a letter"),
    (_LETTERS, "a letter"),
    (_DIGITS, "a digit"),
    (_DIGITS, "a digit"),
)
_FORM = re.compile("".join(f"[{''.join(sorted(allowed))}]" for allowed, _ in _KINDS))


def compact(number: str) -> str:
    """The number without dashes and blanks, in upper case."""
    return number.replace("-", "").replace(" ", "").upper()


def is_valid(number: str) -> bool:
    """Whether the number has the form of a Medicare Beneficiary Identifier."""
    return _FORM.fullmatch(compact(number)) is not None


def validate(number: str, path: str = "member_id") -> str:
    """The compact number; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong.

    The message never shows the number itself.
    """
    bare = compact(number)
    fault = _fault(bare)
    if fault is not None:
        raise Invalid.at(path, f"This is not a Medicare Beneficiary Identifier: {fault}.", REMEDY)
    return bare


def format(number: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The number as the card shows it."""
    bare = compact(number)
    return f"{bare[:4]}-{bare[4:7]}-{bare[7:]}"


REMEDY = "Copy the eleven characters from the patient's Medicare card."


def _fault(bare: str) -> str | None:
    if len(bare) != 11:
        return f"it has {len(bare)} characters, and 11 are expected"
    for place, (char, (allowed, words)) in enumerate(zip(bare, _KINDS, strict=True), 1):
        if char not in allowed:
            return f"character {place} should be {words} (S, L, O, I, B and Z are never used)"
    return None
