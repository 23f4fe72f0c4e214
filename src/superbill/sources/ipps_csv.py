"""What the project's documented CSV layouts of IPPS tables have in common.

CMS publishes the tables of its inpatient pricer as program tables and spreadsheets. A layout
here is a comma-separated file with one header line that names the columns; days are YYYYMMDD
and amounts plain numbers. A layout is recognised by its header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from superbill.dates import Span
from superbill.errors import BadRow
from superbill.sources.document import Document, Period, Undated
from superbill.sources.release_names import period_of

_NUMBER = re.compile(r"-?\d+(\.\d*)?|-?\.\d+")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


STAND_IN = "standin"
"""In the name of a file of figures that stand in for published ones: such a file is not loaded."""


def text_of(document: Document, encoding: str = "utf-8-sig") -> str:
    """The whole document as text; :class:`~superbill.errors.BadRow` where it is none."""
    with document.open() as stream:
        data = stream.read()
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        seen = repr(data[fault.start : fault.start + 20])[2:-1]
        raise BadRow(document.where, line, seen, f"text in {encoding}") from None


def headed(document: Document, *columns: Sequence[str]) -> bool:
    """Whether the document's first line names the columns of one of the layouts given."""
    head = document.head.decode("utf-8-sig", "replace")
    return STAND_IN not in document.name and any(has_header(head, names) for names in columns)


def year_in_name(document: Document, kind: str) -> Period:
    """The fiscal year that the document's name states.

    Raises :class:`~superbill.sources.document.Undated` where it states none.
    """
    found = period_of(document.name)
    if found is None:
        raise Undated(document.where, kind, "a name with the fiscal year, such as x_fy2026.csv")
    return found


def period_of_rows(spans: Iterable[Span], label: str) -> Period | None:
    """From the first day to the last of dated rows; ``None`` where there are no rows."""
    held = list(spans)
    if not held:
        return None
    first, last = min(span.start for span in held), max(span.end for span in held)
    return Period(f"{label} from {first.isoformat()}", first, last)


def has_header(text: str, columns: Sequence[str]) -> bool:
    """Whether the first line of ``text`` names exactly these columns."""
    # Anything may be offered here, a PDF as well: a lone carriage return is no CSV.
    first = next(iter(text.lstrip("\ufeff").splitlines()), "").strip()
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
