"""What the project's documented CSV layouts of IPPS tables have in common.

CMS publishes the tables of its inpatient pricer as program tables and spreadsheets. A layout
here is a comma-separated file with one header line that names the columns; days are YYYYMMDD
and amounts plain numbers. A layout is recognised by its header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from superbill.errors import BadRow

_NUMBER = re.compile(r"-?\d+(\.\d*)?|-?\.\d+")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def has_header(text: str, columns: Sequence[str]) -> bool:
    """Whether the first line of ``text`` names exactly these columns."""
    first = text.lstrip("\ufeff").partition("\n")[0].strip()
    return next(csv.reader([first]), []) == list(columns)


def lines(text: str, dataset: str, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row with its line number, as many cells as there are columns.

    Raises :class:`~superbill.errors.BadRow` where the header or a row does not fit.
    """
    if not has_header(text, columns):
        first = text.lstrip("\ufeff").partition("\n")[0].strip()
        raise BadRow(dataset, 1, first, f"the header {','.join(columns)}")
    reader = csv.reader(StringIO(text.lstrip("\ufeff"), newline=""))
    next(reader)
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(columns):
            raise BadRow(dataset, reader.line_num, ",".join(cells), f"{len(columns)} cells")
        yield reader.line_num, [cell.strip() for cell in cells]


def number(text: str, dataset: str, line: int, what: str) -> Decimal:
    """A plain decimal number."""
    if not _NUMBER.fullmatch(text):
        raise BadRow(dataset, line, text, f"a number for {what}")
    return Decimal(text)


def day(text: str, dataset: str, line: int, what: str) -> date:
    """A day written YYYYMMDD."""
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else _refuse()
    except ValueError:
        raise BadRow(dataset, line, text, f"a day YYYYMMDD for {what}") from None


def flag(text: str, dataset: str, line: int, what: str, *, yes: str = "Y", no: str = "") -> bool:
    """A two-valued mark, ``yes`` or ``no``."""
    if text not in (yes, no):
        raise BadRow(dataset, line, text, f"{yes!r} or {no!r} for {what}")
    return text == yes


def _refuse() -> date:
    raise ValueError
