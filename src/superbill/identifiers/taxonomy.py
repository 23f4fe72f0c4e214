"""The health care provider taxonomy code: what a provider does.

Ten characters that end in X, kept by the National Uniform Claim Committee and published twice a
year: four for the grouping and classification, five for the specialization, and the X. The list
itself is the committee's and is not carried here; only the form is checked.

>>> validate("282N00000X")  # a general acute care hospital
'282N00000X'
>>> validate("207rc0000x")
'207RC0000X'
>>> is_valid("282N00000")  # nine characters
False
>>> is_valid("282N00000Y")  # does not end in X
False
>>> is_valid("X82N00000X")  # the first three are digits
False
>>> format("282n00000x")
'282N00000X'
"""

from __future__ import annotations

import re

from superbill.errors import Invalid

_FORM = re.compile(r"[0-9]{3}[0-9A-Z]{6}X")


def compact(code: str) -> str:
    """The code without blanks, in upper case."""
    return code.replace(" ", "").upper()


def is_valid(code: str) -> bool:
    """Whether the code has the form of a taxonomy code."""
    return _FORM.fullmatch(compact(code)) is not None


def validate(code: str, path: str = "taxonomy") -> str:
    """The compact code; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong."""
    bare = compact(code)
    if _FORM.fullmatch(bare) is None:
        raise Invalid.at(
            path,
            f"{code[:20]!a} is not a taxonomy code: ten characters are expected, three"
            " digits first and X last.",
            REMEDY,
        )
    return bare


def format(code: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The code as people read it: ten characters without a break."""
    return compact(code)


REMEDY = "Look it up in the provider's NPI record; a general hospital is 282N00000X."
