"""How ICD-10 codes are written: undotted upper case inside, dotted for people.

ICD-10-CM codes have three to seven characters, and a dot after the third; ICD-10-PCS codes have
seven and no dot.
"""

from __future__ import annotations

import re

_CM = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{3,7}")


def compact(code: str) -> str:
    """The code without dots and blanks, upper case.

    >>> compact(" i50.23 ")
    'I5023'
    """
    return "".join(code.split()).replace(".", "").upper()


def dotted(code: str) -> str:
    """An ICD-10-CM code as people write it; a chapter or a section's range is left as it is.

    >>> dotted("I5023"), dotted("I10"), dotted("I30-I5A")
    ('I50.23', 'I10', 'I30-I5A')
    """
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "-" not in code else code


def may_be_cm(code: str) -> bool:
    """Whether the compact code has the form of an ICD-10-CM code or category.

    >>> may_be_cm("I5023"), may_be_cm("0016070")
    (True, False)
    """
    return _CM.fullmatch(code) is not None


def may_be_pcs(code: str) -> bool:
    """Whether the compact code has the form of an ICD-10-PCS code or table (no letters I and O).

    >>> may_be_pcs("0016070"), may_be_pcs("I5023"), may_be_pcs("001")
    (True, False, True)
    """
    return _PCS.fullmatch(code) is not None and len(code) in {3, 7}
