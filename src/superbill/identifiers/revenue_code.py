"""The revenue code: which department or kind of service a charge comes from.

Four digits on each line of an institutional claim; the National Uniform Billing Committee keeps
the list. The first three name the category, the last the detail (0 is general). 0001 marks the
total of a paper claim and is never a line. Accommodation, whose units are days, runs from 0100 to
0219.

Source: Medicare Claims Processing Manual, chapter 25, section 75.4; CMS's published code system
of revenue centers.

>>> validate("0120")
'0120'
>>> validate("120")  # the leading zero is often dropped
'0120'
>>> is_accommodation("0206"), is_accommodation("0250")
(True, False)
>>> is_valid("12")  # two digits
False
>>> is_valid("0A20")  # a letter
False
>>> is_valid("0001")  # the total is no line
False
>>> format("120")
'0120'
"""

from __future__ import annotations

from superbill.errors import Invalid


def compact(code: str) -> str:
    """The code without blanks, with its leading zero."""
    bare = code.replace(" ", "")
    return f"0{bare}" if len(bare) == 3 else bare


def is_accommodation(code: str) -> bool:
    """Whether units of this code are days in a bed (room and board, intensive care)."""
    return "0100" <= compact(code) <= "0219"


def is_valid(code: str) -> bool:
    """Whether the code has the form of a revenue code of a line."""
    return _fault(compact(code)) is None


def validate(code: str, path: str = "revenue_code") -> str:
    """The compact code; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong."""
    bare = compact(code)
    fault = _fault(bare)
    if fault is not None:
        raise Invalid.at(path, f"{code[:10]!a} is not a revenue code: {fault}.", REMEDY)
    return bare


def format(code: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The code as people read it: four digits."""
    return compact(code)


REMEDY = "Write four digits, for example 0120 for a semi-private room."


def _fault(bare: str) -> str | None:
    if len(bare) != 4 or not (bare.isascii() and bare.isdigit()):
        return "four digits are expected"
    if bare in {"0000", "0001"}:
        return "it stands for the total of a claim, not for a line"
    return None
