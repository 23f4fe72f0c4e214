"""State abbreviations and ZIP codes, as the Postal Service writes them.

Two letters for a state, the District of Columbia, a territory or a military post; five digits
for a ZIP code, or nine with the four that name a delivery point. Institutional claims carry all
nine for the billing provider.

Source: USPS Publication 28, appendix B (abbreviations) and section 225 (ZIP+4).

>>> validate("45501-0001")
'455010001'
>>> is_valid("4550")  # four digits
False
>>> is_valid("4550A")  # a letter
False
>>> format("455010001"), format("45501")
('45501-0001', '45501')
>>> is_state("OH"), is_state("ZZ")
(True, False)
"""

from __future__ import annotations

from superbill.errors import Invalid

_ABBREVIATIONS = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ"
    " NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    " AS FM GU MH MP PR PW VI AA AE AP"
)
STATES = frozenset(_ABBREVIATIONS.split())


def compact(zip_code: str) -> str:
    """The ZIP code without hyphen and blanks."""
    return zip_code.replace("-", "").replace(" ", "")


def is_state(abbreviation: str) -> bool:
    """Whether the two letters name a state, a territory or a military post."""
    return abbreviation.strip().upper() in STATES


def is_valid(zip_code: str) -> bool:
    """Whether the ZIP code has five or nine digits."""
    bare = compact(zip_code)
    return len(bare) in {5, 9} and bare.isascii() and bare.isdigit()


def validate(zip_code: str, path: str = "zip") -> str:
    """The compact ZIP code; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong.

    The message does not show the code, which may be a patient's.
    """
    if not is_valid(zip_code):
        raise Invalid.at(path, "This is not a ZIP code: five or nine digits are expected.", REMEDY)
    return compact(zip_code)


def format(zip_code: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The ZIP code as people read it."""
    bare = compact(zip_code)
    return f"{bare[:5]}-{bare[5:]}" if len(bare) == 9 else bare


REMEDY = "Write it as 45501 or 45501-0001."
