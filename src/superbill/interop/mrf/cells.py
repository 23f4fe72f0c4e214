"""Tables of text: rows as they come, and the cells of one, each with its row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from superbill.errors import Invalid
from superbill.interop.mrf.checks import Problems, amount_problem, shown
from superbill.interop.mrf.opening import AGAIN

BAR = re.compile(r"\s*\|\s*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")


class Cells:
    """The cells of one row; a wrong one is noted with its row and column."""

    __slots__ = ("_columns", "_problems", "_row", "_values")

    def __init__(
        self, values: list[str], columns: dict[str, int], row: int, problems: Problems
    ) -> None:
        self._values = values
        self._columns = columns
        self._row = row
        self._problems = problems

    def wrong(self, column: str, message: str, remedy: str = "") -> None:
        """Note that a cell is wrong."""
        self._problems.add(f"row {self._row}, column {column}", message, remedy)

    def text(self, column: str, *, needed: bool = False) -> str:
        """A cell's text, empty where it is blank or the column, told of once, is not there."""
        at = self._columns.get(column)
        value = self._values[at].strip() if at is not None and at < len(self._values) else ""
        if needed and not value and at is not None:
            self.wrong(column, "is empty.", "The schema requires it.")
        return value

    def one_of(self, column: str, allowed: Collection[str], *, needed: bool = False) -> str:
        """One of the values that the schema lists; the case of letters is free in tables."""
        value = self.text(column, needed=needed)
        if not value or value in allowed:
            return value
        for each in allowed:
            if each.lower() == value.lower():
                return each
        fix = f"One of: {', '.join(sorted(allowed))}."
        self.wrong(column, f"{shown(value)} is not allowed.", fix)
        return ""

    def amount(self, column: str) -> Decimal | None:
        """A number above 0, exactly as written."""
        value = self.text(column)
        if not value:
            return None
        if not _NUMBER.fullmatch(value):
            fix = "Digits and a point only, no $, % or commas: 1234.50."
            self.wrong(column, f"{shown(value)} is no number.", fix)
            return None
        exact = Decimal(value)
        if (wrong := amount_problem(exact)) is not None:
            self.wrong(column, *wrong)
            return None
        return exact


def name(heading: str) -> str:
    """A heading without the blanks around its bars.

    >>> name(" code | 1 | type ")
    'code|1|type'
    """
    return BAR.sub("|", heading.strip())


class Lines:
    """Lines of text; ``ended`` says whether the last one had an end."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.number = 0
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.number += 1
            self.ended = line.endswith((b"\n", b"\r"))
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                raise Invalid.at(
                    f"line {self.number}",
                    f"Byte 0x{line[error.start]:02X} is not UTF-8.",
                    'Save it as UTF-8 (spreadsheets: "CSV UTF-8").',
                ) from None


def rows(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, numbered from 1 as a spreadsheet does."""
    reader = csv.reader(lines, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        place = f"line {lines.number}"
        if "unexpected end of data" in str(error):
            saw = "The file is cut off, or a quotation mark is never closed."
            raise Invalid.at(place, saw, AGAIN) from None
        raise Invalid.at(place, f"This is not CSV: {error}.", "Save it as CSV again.") from None
