"""What the states' Medicaid schedules have in common: cells that hold an amount, or say why not.

States publish spreadsheets. Saved as CSV, an amount may bear a dollar sign and commas, or be the
binary fraction that the workbook holds (``0.14000000000000001`` for 0.14); a word in its place
says that there is no amount.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.money import ZERO

CODE = re.compile(r"[0-9A-Z]{5}")
MODIFIER = re.compile(r"[0-9A-Z]{2}")

WORDS = {
    "br": "by report",
    "by report": "by report",
    "priced by ndc": "priced by NDC",
    "manual": "priced by hand",
    "manually priced": "priced by hand",
    "closed": "closed",
    "nc": "not covered",
    "not covered": "not covered",
}
"""What stands in place of an amount, and how it is stored."""

NOUGHT = "a rate of zero"
"""How a zero is stored: it does not say whether nothing is paid or no amount is set."""

_AMOUNT = re.compile(r"\$? ?(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(\.\d{1,20})?(E[-+]?\d{1,2})?")
_BINARY_DIGITS = 16
"""A decimal of at most 15 digits survives a binary fraction; one of more is its image."""
_NOUGHTH_DAY = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")


class Cell(NamedTuple):
    """An amount in dollars, or else the words of :data:`WORDS` that stand in its place."""

    rate: Decimal | None
    words: str


def amount(text: str, where: str, line: int) -> Cell:
    """What a cell of rates says.

    >>> amount("0.14000000000000001", "x", 1)
    Cell(rate=Decimal('0.14'), words='')
    >>> amount("$1,233.55", "x", 1).rate
    Decimal('1233.55')
    >>> amount("Manually Priced", "x", 1)
    Cell(rate=None, words='priced by hand')

    Raises :class:`~superbill.errors.BadRow` for anything else.
    """
    words = WORDS.get(text.lower())
    if words is not None:
        return Cell(None, words)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise BadRow(where, line, text, f"dollars, or one of: {', '.join(WORDS)}")
    plain = text.lstrip("$ ").replace(",", "")
    value = Decimal(plain)
    if len(value.as_tuple().digits) >= _BINARY_DIGITS:
        # The workbook's binary fraction, written out: the shortest decimal that it stands for.
        value = Decimal(repr(float(plain)))
    if value == ZERO:
        return Cell(None, NOUGHT)
    return Cell(Decimal(f"{value:f}"), "")


def day(text: str, where: str, line: int) -> date:
    """A day as a workbook's number, ``M/D/YYYY``, ``YYYY-MM-DD`` or ``YYYYMMDD``.

    >>> day("46023", "x", 1)
    datetime.date(2026, 1, 1)
    """
    try:
        if _SERIAL.fullmatch(text):
            return _NOUGHTH_DAY + timedelta(days=int(text))
        american = _AMERICAN.fullmatch(text)
        if american:
            return date(int(american[3]), int(american[1]), int(american[2]))
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadRow(where, line, text, "a day, as YYYY-MM-DD")


def after(last: date) -> date:
    """The day after an inclusive last day; the open end is the last day that there is."""
    return FOREVER if last >= FOREVER - timedelta(days=1) else last + timedelta(days=1)


class Once:
    """Refuses a second row for what a row has already told."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._told: dict[tuple[object, ...], int] = {}

    def __call__(self, line: int, *key: object) -> None:
        first = self._told.setdefault(key, line)
        if first != line:
            seen = " ".join(str(each) for each in key if each != "")
            raise BadRow(self._where, line, seen, f"it once; line {first} tells it already")


def code(text: str, where: str, line: int) -> str:
    """A HCPCS or CPT code. Raises :class:`~superbill.errors.BadRow` for anything else."""
    if not CODE.fullmatch(text):
        raise BadRow(where, line, text, "a code of five letters and digits")
    return text


def modifiers(text: str, where: str, line: int) -> str:
    """Modifiers divided by blanks, in order of their letters; empty for none."""
    found = sorted(text.split())
    if not all(MODIFIER.fullmatch(each) for each in found):
        raise BadRow(where, line, text, "modifiers of two letters or digits, divided by blanks")
    return " ".join(found)
