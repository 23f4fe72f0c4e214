"""The type of bill: what kind of facility bills, for what kind of care, and which bill it is.

Four digits on the institutional claim: a leading zero, the facility, the classification, and
the frequency. The National Uniform Billing Committee keeps the list; the words here are our own.
Medicare pays an inpatient hospital stay on 011x; 012x bills Part B for an inpatient whose Part A
does not pay.

Source of the values: CMS's published code systems for claim facility, classification and
frequency codes; Medicare Claims Processing Manual, chapter 1 and chapter 3.

>>> validate("0111")
'0111'
>>> validate("111")  # the leading zero is often dropped
'0111'
>>> words("0117")
'hospital, inpatient (Part A), replacement of an earlier bill'
>>> is_valid("1111")  # the first digit is always zero
False
>>> is_valid("0911")  # no facility has the digit 9
False
>>> is_valid("0116")  # no bill has the frequency 6
False
>>> is_valid("01101")  # five digits
False
>>> format("111")
'0111'
"""

from __future__ import annotations

from superbill.errors import Invalid

INPATIENT_PART_A = "011"
INPATIENT_PART_B = "012"

FACILITY = {
    "1": "hospital",
    "2": "skilled nursing facility",
    "3": "home health agency",
    "4": "religious nonmedical institution",
    "6": "intermediate care",
    "7": "clinic",
    "8": "special facility",
}

# Classification under facilities 1 to 6; clinics (7) and special facilities (8) have their own.
CLASSIFICATION = {
    "1": "inpatient (Part A)",
    "2": "inpatient (Part B only)",
    "3": "outpatient",
    "4": "other (Part B)",
    "5": "intermediate care, level I",
    "6": "intermediate care, level II",
    "8": "swing beds",
}
CLINIC = {
    "1": "rural health clinic",
    "2": "dialysis center",
    "3": "freestanding clinic",
    "4": "outpatient rehabilitation facility",
    "5": "comprehensive outpatient rehabilitation facility",
    "6": "community mental health center",
    "7": "federally qualified health center",
    "8": "freestanding emergency facility",
    "9": "other clinic",
}
SPECIAL = {
    "1": "hospice outside a hospital",
    "2": "hospice of a hospital",
    "3": "ambulatory surgery center",
    "4": "freestanding birthing center",
    "5": "critical access hospital, outpatient",
    "6": "residential facility",
    "7": "opioid treatment program",
    "9": "other special facility",
}

FREQUENCY = {
    "0": "no payment asked",
    "1": "admission through discharge",
    "2": "interim, first bill",
    "3": "interim, continuing",
    "4": "interim, last bill",
    "5": "late charges only",
    "7": "replacement of an earlier bill",
    "8": "void of an earlier bill",
    "9": "final bill of a home health episode",
    "A": "notice of admission or election",
    "B": "notice of termination or revocation",
    "C": "notice of change of provider",
    "D": "void of a notice",
    "E": "notice of change of ownership",
    "F": "adjustment begun by the patient",
    "G": "adjustment begun by the common working file",
    "H": "adjustment begun by CMS",
    "I": "adjustment begun by the contractor",
    "J": "other adjustment",
    "K": "adjustment begun by the inspector general",
    "M": "adjustment for another payer that comes first",
    "P": "adjustment begun by the quality improvement organization",
    "Q": "request to reopen after the time limit",
    "Y": "replacement of an abbreviated encounter",
    "Z": "new abbreviated encounter",
}


def compact(number: str) -> str:
    """The number without blanks, in upper case, with its leading zero."""
    bare = number.replace(" ", "").upper()
    return f"0{bare}" if len(bare) == 3 else bare


def words(number: str) -> str:
    """What the type of bill says, in words."""
    bare = validate(number)
    return f"{FACILITY[bare[1]]}, {_classes(bare)[bare[2]]}, {FREQUENCY[bare[3]]}"


def is_valid(number: str) -> bool:
    """Whether each digit is one that is in use."""
    return _fault(compact(number)) is None


def validate(number: str, path: str = "type_of_bill") -> str:
    """The compact number; raises :class:`~superbill.errors.Invalid`, naming ``path``, if wrong."""
    bare = compact(number)
    fault = _fault(bare)
    if fault is not None:
        raise Invalid.at(path, f"{number[:10]!a} is not a type of bill: {fault}.", REMEDY)
    return bare


def format(number: str) -> str:  # noqa: A001 - the four names are the same in every identifier
    """The number as people read it: four characters."""
    return compact(number)


REMEDY = "An inpatient stay billed whole is 0111."


def _classes(bare: str) -> dict[str, str]:
    return {"7": CLINIC, "8": SPECIAL}.get(bare[1], CLASSIFICATION)


def _fault(bare: str) -> str | None:
    if len(bare) != 4:
        return f"it has {len(bare)} characters, and 4 are expected"
    if bare[0] != "0":
        return "it begins with something other than zero"
    if bare[1] not in FACILITY:
        return f"no kind of facility has the digit {bare[1]!a}"
    if bare[2] not in _classes(bare):
        return f"no kind of care has the digit {bare[2]!a}"
    if bare[3] not in FREQUENCY:
        return f"no bill has the frequency {bare[3]!a}"
    return None
